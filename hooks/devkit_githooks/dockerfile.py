"""The hook `devkit-dockerfile`: what does not build, and what an image should not be; hadolint helps."""

from . import dockerfile_text, file_checks
from .dockerfile_stages import Stage, stages
from .images import is_loose, with_tag
from .plain_secrets import is_secret_name, is_secret_value
from .report import Finding, edited, own_command, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .dockerfile_text import Instruction
    from .options import Words

CHECKS = (
    "instruction",
    "base-image",
    "root-user",
    "add-url",
    "secret-in-image",
    "shell-form",
    "repeated-command",
    "hadolint",
)
_PARTS = (b"dockerfile", b"containerfile")
_NOT_ONES = (b".dockerignore", b".j2", b".jinja", b".tmpl", b".tpl", b".template", b".in", b".erb", b".md", b".txt")
_UNPRIVILEGED = ("nonroot", "unprivileged", "rootless", "cgr.dev/")
_BUILTIN_WORDS = ". : alias bg cd command eval exec exit export read set source trap ulimit umask wait"
_BUILTINS = frozenset(_BUILTIN_WORDS.split())
_CHANGES_USER = ("gosu", "su-exec", "setpriv", "setuidgid", "runuser", "su ")


def is_dockerfile(path: bytes) -> bool:
    """Return whether a file of that name is a Dockerfile, and no template of one."""
    name = path.rpartition(b"/")[2].lower()
    is_one = (
        name in _PARTS
        or name.startswith(tuple(part + b"." for part in _PARTS))
        or name.endswith(tuple(b"." + part for part in _PARTS))
    )
    return is_one and not name.endswith(_NOT_ONES) and b"{{" not in path


def find(path: bytes, data: bytes, words: "Words") -> list[Finding]:
    """Return what is wrong with a Dockerfile."""
    text = data.decode("utf-8", "replace")
    if "{%" in text or "{{cookiecutter" in text.replace(" ", ""):
        return []
    instructions = dockerfile_text.read(text)
    found = list(_structure(path, text, instructions))
    if not found:
        found = [*_bases(path, instructions), *_each(path, instructions), *_commands(path, instructions)]
    if not words.has("--no-hadolint"):
        from .hadolint import hadolint

        found += hadolint(path, data, found)
    return found


def _structure(path: bytes, text: str, instructions: "Sequence[Instruction]") -> "Iterator[Finding]":
    frontend = dockerfile_text.directives(text.split("\n")).get("syntax", "docker/dockerfile:1")
    if "docker/dockerfile" not in frontend:
        return
    for each in instructions:
        if each.name not in dockerfile_text.KNOWN:
            yield Finding("instruction", path, each.line, *_unknown(path, each.name))
    first = next((each for each in instructions if each.name != "ARG"), None)
    if first is None or (first.name != "FROM" and first.name in dockerfile_text.KNOWN):
        line = first.line if first else 1
        yield Finding("instruction", path, line, "no FROM before it", edited(path, "begin with FROM IMAGE:TAG"))


def _unknown(path: bytes, name: str) -> tuple[str, str]:
    from difflib import get_close_matches

    near = get_close_matches(name, dockerfile_text.KNOWN, 1)
    advice = f"write {near[0]}" if near else "end the line before it with a backslash if it belongs there"
    return f"there is no instruction {name!r}", edited(path, advice)


def _bases(path: bytes, instructions: "Sequence[Instruction]") -> "Iterator[Finding]":
    names: set[str] = set()
    for stage in stages(instructions):
        reason = "" if stage.base.lower() in names or stage.base == "scratch" else is_loose(stage.base)
        if reason:
            yield Finding("base-image", path, stage.line, reason, edited(path, f"write FROM {with_tag(stage.base)}"))
        names.add(stage.name.lower())


def _each(path: bytes, instructions: "Sequence[Instruction]") -> "Iterator[Finding]":
    for each in instructions:
        if each.name in {"ENV", "ARG"}:
            yield from _secrets(path, each)
        elif each.name == "ADD" and not each.has_flag("--checksum"):
            for word in each.words()[:-1]:
                if word.startswith(("http://", "https://")) and ".git" not in word:
                    advice = f"write ADD --checksum=sha256:DIGEST {word} ..."
                    yield Finding(
                        "add-url", path, each.line, "a download that nothing verifies", edited(path, advice)
                    )


def _secrets(path: bytes, each: "Instruction") -> "Iterator[Finding]":
    for name, value in pairs_of(each):
        is_bare = each.name == "ARG" and value is None
        if is_secret_name(name) and (is_bare or is_secret_value(value or "")):
            what = f"{name} stays in the image's history"
            advice = f"use RUN --mount=type=secret,id={name.lower()} instead"
            yield Finding("secret-in-image", path, each.line, what, edited(path, advice))


def pairs_of(each: "Instruction") -> "list[tuple[str, str | None]]":
    """Return names and values of ENV and ARG, the old form `ENV NAME value` too."""
    words = each.rest.split()
    if each.name == "ENV" and words and "=" not in words[0]:
        return [(words[0], " ".join(words[1:]))]
    parts = [word.partition("=") for word in words]
    return [(name, value.strip("\"'") if has_value else None) for name, has_value, value in parts]


def _commands(path: bytes, instructions: "Sequence[Instruction]") -> "Iterator[Finding]":
    found = stages(instructions)
    for stage in found:
        yield from _repeated(path, stage)
        if not any(each.name == "SHELL" for each in stage.instructions):
            yield from _shell_form(path, stage)
    if found:
        yield from _root(path, found)


def _repeated(path: bytes, stage: "Stage") -> "Iterator[Finding]":
    for name in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
        same = [each for each in stage.instructions if each.name == name]
        for each in same[:-1]:
            what = f"{name} is given again in line {same[-1].line}, which alone counts"
            yield Finding("repeated-command", path, each.line, what, edited(path, "take this one out"))


def _shell_form(path: bytes, stage: "Stage") -> "Iterator[Finding]":
    for each in stage.instructions:
        is_command = each.name in {"CMD", "ENTRYPOINT"} and each.rest
        if is_command and not _is_exec_form(each.rest) and not each.rest.startswith("exec "):
            better = exec_form(each, stage)
            mend = f"{own_command('devkit-dockerfile')} --fix {quoted(path)}" if better else ""
            advice = mend or edited(path, f'write {each.name} ["PROGRAM", "ARGUMENT"], or begin with exec')
            what = f"{each.name} runs in a shell, so signals do not reach the program"
            yield Finding("shell-form", path, each.line, what, advice, can_mend=bool(better))


def _is_exec_form(rest: str) -> bool:
    import json

    try:
        words = json.loads(rest)
    except ValueError:
        return False
    return isinstance(words, list) and all(isinstance(word, str) for word in words)


def exec_form(each: "Instruction", stage: "Stage") -> str:
    """Return the same command in exec form where that is sure to do the same, or nothing."""
    from json import dumps

    rest = each.rest
    is_alone = each.line == each.last and not any(other.name == "ENTRYPOINT" for other in stage.instructions)
    if each.name != "CMD" or not is_alone:
        return ""
    if rest.startswith("['") and '"' not in rest and _is_exec_form(rest.replace("'", '"')):
        return rest.replace("'", '"')
    words = rest.split()
    is_plain = all(sign.isalnum() or sign in "/._-+:@,% " for sign in rest) and rest.isascii()
    return dumps(words) if is_plain and words[0] not in _BUILTINS else ""


def _root(path: bytes, found: "Sequence[Stage]") -> "Iterator[Finding]":
    """Say that the program of the last stage runs as root; a base or a script that takes a user is fine."""
    last = found[-1]
    lineage = _lineage(found)
    commands = [each for each in last.instructions if each.name in {"CMD", "ENTRYPOINT"}]
    texts = " ".join(each.rest for stage in lineage for each in stage.instructions)
    base = lineage[-1].base
    is_free = any(word in base for word in _UNPRIVILEGED) or "$" in base
    if not commands or is_free or any(word in texts for word in _CHANGES_USER):
        return
    users = [each for stage in reversed(lineage) for each in stage.instructions if each.name == "USER"]
    advice = edited(path, "write USER 10001 before it")
    if not users:
        yield Finding("root-user", path, commands[-1].line, "no USER is set, so the program runs as root", advice)
    elif users[-1].rest.partition(":")[0] in {"root", "0"}:
        what = "the last USER is root, so the program runs as root"
        yield Finding("root-user", path, users[-1].line, what, edited(path, "end with USER 10001"))


def _lineage(found: "Sequence[Stage]") -> "list[Stage]":
    """Return the last stage, the stage that it is made from, and so on."""
    lineage, rest = [found[-1]], list(found[:-1])
    while rest:
        stage = rest.pop()
        if stage.name and stage.name.lower() == lineage[-1].base.lower():
            lineage.append(stage)
    return lineage


def mended(_path: bytes, data: bytes, findings: "list[Finding]") -> bytes:
    """Return the file with its plain commands in exec form; everything else stays, byte by byte."""
    lines = data.split(b"\n")
    wanted = {each.line for each in findings}
    for stage in stages(dockerfile_text.read(data.decode("utf-8", "surrogateescape"))):
        for each in stage.instructions:
            if each.line in wanted and (better := exec_form(each, stage)):
                line = lines[each.line - 1]
                end = b"\r" if line.endswith(b"\r") else b""
                head = line[: len(line) - len(line.lstrip())] + line.split()[0]
                lines[each.line - 1] = head + b" " + better.encode() + end
    return b"\n".join(lines)


def main(argv: "Sequence[str]") -> int:
    """Check Dockerfiles; return the exit code."""
    about = "Check Dockerfiles: what does not build, and what an image should not be."
    options = {"--no-hadolint": (False, "do not ask hadolint, which is asked where it is installed")}
    check = file_checks.FileCheck(
        "devkit-dockerfile",
        about=about,
        checks=CHECKS,
        is_wanted=is_dockerfile,
        find=find,
        mend=mended,
        options=options,
    )
    return file_checks.run(check, argv)
