"""The hook `devkit-compose`: keys that Compose does not know, ports open to the network, secrets, loose images."""

from . import file_checks
from .images import is_loose, with_tag
from .plain_secrets import is_secret_name, is_secret_value, password_of
from .report import Finding, edited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .options import Words
    from .yaml_nodes import Node

CHECKS = ("key", "reference", "open-port", "secret-in-environment", "image")
_TOP_WORDS = "name version services networks volumes configs secrets include models"
_SERVICE_WORDS = (
    "annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name "
    "cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset "
    "credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname "
    "entrypoint env_file environment expose extends external_links extra_hosts gpus group_add healthcheck "
    "hostname image init ipc isolation label_file labels links logging mac_address mem_limit mem_reservation "
    "mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit "
    "platform ports post_start pre_stop privileged profiles provider pull_policy read_only restart runtime "
    "scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs "
    "tty ulimits use_api_socket user userns_mode uts volumes volumes_from working_dir"
)
_TOP, _SERVICE = frozenset(_TOP_WORDS.split()), frozenset(_SERVICE_WORDS.split())
_STORES = {
    "1433": "SQL Server",
    "2375": "Docker",
    "2379": "etcd",
    "3306": "MySQL",
    "5432": "PostgreSQL",
    "5672": "RabbitMQ",
    "6379": "Redis",
    "9042": "Cassandra",
    "9200": "Elasticsearch",
    "11211": "Memcached",
    "15672": "RabbitMQ's console",
    "27017": "MongoDB",
}
_MAIN = (b"compose.yaml", b"compose.yml", b"docker-compose.yaml", b"docker-compose.yml")
_NEAR = 0.8


def is_compose(path: bytes) -> bool:
    """Return whether a file of that name is for Compose."""
    name = path.rpartition(b"/")[2]
    is_named = name.removeprefix(b"docker-").startswith((b"compose.", b"compose-"))
    return is_named and name.endswith((b".yaml", b".yml")) and b"{{" not in path


def find(path: bytes, data: bytes, _words: "Words") -> list[Finding]:
    """Return what is wrong with a compose file."""
    if b"services:" not in data or b"{%" in data or b"{{" in data:
        return []
    from .yaml_nodes import documents

    found = documents(data)
    if len(found) != 1 or found[0].items is None:
        return []
    return [*_keys(path, found[0]), *_references(path, found[0]), *_services(path, found[0])]


def _services_of(top: "Node") -> "list[tuple[str, int, Node]]":
    services = top.get("services")
    return [each for each in services.pairs() if each[2].items is not None] if services else []


def _keys(path: bytes, top: "Node") -> "Iterator[Finding]":
    for key, line, _ in top.pairs():
        if key not in _TOP and not key.startswith("x-"):
            yield _unknown(path, line, key, _TOP, "at the top")
    for name, _, service in _services_of(top):
        for key, line, _ in service.pairs():
            if key not in _SERVICE and _near(key, _SERVICE):
                yield _unknown(path, line, key, _SERVICE, f"in the service {name!r}")


def _near(key: str, known: "frozenset[str]") -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(key, known, 1, _NEAR)), "")


def _unknown(path: bytes, line: int, key: str, known: "frozenset[str]", where: str) -> Finding:
    near = _near(key, known)
    advice = f"write {near}" if near else f"take it out, or call it x-{key}"
    return Finding("key", path, line, f"there is no key {key!r} {where}", edited(path, advice))


def _references(path: bytes, top: "Node") -> "Iterator[Finding]":
    """Say which services are needed and not there; a file that others are merged with says nothing."""
    if path.rpartition(b"/")[2] not in _MAIN or top.get("include"):
        return
    names = {name for name, _, _ in _services_of(top)}
    for name, line, service in _services_of(top):
        needs = service.get("depends_on")
        wanted = [(each.text or "", each.line) for each in needs.members or []] if needs else []
        wanted += [(key, at) for key, at, _ in needs.pairs()] if needs else []
        for need, at in wanted:
            if need not in names:
                what = f"the service {name!r} depends on {need!r}, which is not there"
                yield Finding("reference", path, at, what, edited(path, "write a service of this file"))
        if not any(service.get(key) for key in ("image", "build", "extends", "provider")):
            what = f"the service {name!r} has neither image nor build"
            yield Finding("reference", path, line, what, edited(path, "give it one"))


def _services(path: bytes, top: "Node") -> "Iterator[Finding]":
    built = {service.text_of("image") for _, _, service in _services_of(top) if service.get("build")}
    for _, _, service in _services_of(top):
        yield from _ports(path, service)
        yield from _environment(path, service)
        image = service.text_of("image")
        reason = "" if image in built else is_loose(image)
        if reason:
            advice = edited(path, f"write image: {with_tag(image)}")
            yield Finding("image", path, service.lines["image"], reason, advice)


def _ports(path: bytes, service: "Node") -> "Iterator[Finding]":
    for each in service.list_of("ports"):
        inner = _open_port(each)
        if inner:
            store = _STORES.get(inner, "")
            what = f"{store or 'the port ' + inner} can be reached from every network of this machine"
            advice = edited(path, f'write "127.0.0.1:{each.text}"' if each.text else "give it host_ip: 127.0.0.1")
            yield Finding("open-port", path, each.line, what, advice, is_warning=not store)


def _open_port(each: "Node") -> str:
    """Return the port in the container when it is published without an address; one that is said is meant."""
    if each.items is not None:
        is_open = each.get("published") and not each.get("host_ip")
        return each.text_of("target") if is_open else ""
    text = (each.text or "").partition("/")[0]
    if "$" in text:
        return ""
    parts = text.split(":")
    return parts[-1] if len(parts) == 2 and not text.startswith("[") else ""  # noqa: PLR2004 - HOST:CONTAINER


def _environment(path: bytes, service: "Node") -> "Iterator[Finding]":
    found = service.get("environment")
    pairs = [(key, line, value.text or "") for key, line, value in found.pairs()] if found else []
    for each in service.list_of("environment"):
        key, _, value = (each.text or "").partition("=")
        pairs.append((key, each.line, value))
    for name, line, value in pairs:
        is_secret = is_secret_name(name) and is_secret_value(value)
        if is_secret or is_secret_value(password_of(value)):
            what = f"the secret {name} stands in the file"
            yield Finding(
                "secret-in-environment", path, line, what, edited(path, f"write ${{{name}}}, and put it in .env")
            )


def main(argv: "Sequence[str]") -> int:
    """Check compose files; return the exit code."""
    about = "Check compose files: unknown keys, open ports, secrets, images that may be any."
    check = file_checks.FileCheck("devkit-compose", about=about, checks=CHECKS, is_wanted=is_compose, find=find)
    return file_checks.run(check, argv)
