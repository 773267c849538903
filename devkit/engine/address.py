"""Where a template is fetched from: the forms of addresses that are understood, and what they may not hold."""

from __future__ import annotations

import re

from msgspec import Struct

from devkit.errors import USAGE, DevkitError

SCHEMES = ("https", "http", "ssh", "git", "file")
"""The transports of git that a template may come by; others, such as `ext::`, would run programs."""
_ABBREVIATIONS = {
    "gh": "https://github.com/{}.git",
    "gl": "https://gitlab.com/{}.git",
    "bb": "https://bitbucket.org/{}",
}
"""Those of cookiecutter."""
_SCHEME = re.compile(r"(?:git\+)?([A-Za-z][A-Za-z0-9+.-]*)://")
_TRANSPORT = re.compile(r"[A-Za-z0-9_+.-]+::")
_SCP = re.compile(r"([\w.+-]+)@([^/:@\s]+):(?!//)(.+)")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/+@#-]*")
_URL = re.compile(r"(?P<scheme>[a-z]+)://(?:(?P<user>[^/@]*)@)?(?P<host>[^/@]*)(?P<path>/.*)?")


class Address(Struct, frozen=True, kw_only=True):
    """A URL as git takes it, the branch, tag or commit that is wanted, and both as they may be shown and kept."""

    url: str
    ref: str
    shown: str


def is_url(location: str) -> bool:
    """Whether a location names something to fetch: a URL, `user@host:path`, or an abbreviation such as `gh:a/b`.

    What begins like an option counts too: it is no name and no folder, and fetching refuses it.
    """
    if location.startswith("-"):
        return True
    forms = (_SCHEME, _TRANSPORT, _SCP)
    return location.partition(":")[0] in _ABBREVIATIONS or any(form.match(location) for form in forms)


def parse_address(location: str) -> Address:
    """Return the parts of `URL` or `URL@REF`; whatever git could take for something else is `USAGE`."""
    shown = without_credentials(location)
    if location.startswith("-") or not location.isprintable() or " " in location:
        raise _refused(shown, "is no address")
    if _TRANSPORT.match(location) and not _SCHEME.match(location):
        raise _refused(shown, f"uses the transport `{location.partition('::')[0]}`, which could run programs")
    prefix, _, rest = location.partition(":")
    full = _ABBREVIATIONS[prefix].format("{}") if prefix in _ABBREVIATIONS else ""
    where, ref = _split(rest if full else location)
    url = full.format(where) if full else _checked_url(where, shown)
    if full and not re.fullmatch(r"[\w.][\w.-]*(?:/[\w.][\w.-]*)+", where):
        raise _refused(shown, f"is not `{prefix}:owner/name`")
    ref = checked_ref(ref) if ref is not None else ""
    return Address(url=url, ref=ref, shown=without_credentials(url) + (f"@{ref}" if ref else ""))


def checked_ref(ref: str) -> str:
    """Return a branch, tag or commit, or raise `USAGE` when git could take it for something else."""
    if ref and (_REF.fullmatch(ref) is None or ".." in ref or "@{" in ref):
        help_text = "a revision is a branch, a tag or a commit"
        raise DevkitError(USAGE, f"{ref!r} is no revision of a template", help=help_text)
    return ref


def without_credentials(text: str) -> str:
    """Return a text with no user and password in its URLs; the user of ssh, who is no secret, stays."""
    text = re.sub(r"((?:https?|git|file)://)[^/@\s'\"]*@", r"\1", text, flags=re.IGNORECASE)
    return re.sub(r"(ssh://[^/@:\s]*):[^/@\s]*@", r"\1@", text, flags=re.IGNORECASE)


def _split(location: str) -> tuple[str, str | None]:
    """Return what comes before and after the `@` of `URL@REF`; an `@` that begins a part of a path is no such one."""
    scheme = _SCHEME.match(location)
    start = location.find("/", scheme.end()) if scheme else location.find(":") + 1
    marks = [found.start() for found in re.finditer("@", location) if found.start() > start >= 0]
    marks = [mark for mark in marks if location[mark - 1] != "/" and not location.endswith(".git")]
    after_git = [mark for mark in marks if location[:mark].endswith(".git")]
    chosen = after_git[0] if after_git else marks[-1] if marks else None
    return (location, None) if chosen is None else (location[:chosen], location[chosen + 1 :] or "-")


def _checked_url(url: str, shown: str) -> str:
    if not _SCHEME.match(url):
        return _checked_scp(url, shown)
    scheme, _, rest = url.removeprefix("git+").partition("://")
    found = _URL.fullmatch(f"{scheme.lower()}://{rest}")
    if found is None or found["scheme"] not in SCHEMES:
        raise _refused(shown, f"uses `{scheme}`, which templates do not come by")
    host, path, user = found["host"], found["path"] or "", found["user"] or ""
    if not path.strip("/") or (not host and found["scheme"] != "file") or _is_option(user, host, path.lstrip("/")):
        raise _refused(shown, "is no address")
    return found[0]


def _checked_scp(url: str, shown: str) -> str:
    found = _SCP.fullmatch(url)
    if found is None or _is_option(*found.groups()):
        raise _refused(shown, "is no address")
    return url


def _is_option(*parts: str) -> bool:
    return any(part.startswith("-") for part in parts)


def _refused(shown: str, reason: str) -> DevkitError:
    help_text = f"a template comes by {', '.join(SCHEMES)}, as `user@host:path`, or as `gh:owner/name`"
    return DevkitError(USAGE, f"`{shown}` {reason}", help=help_text)
