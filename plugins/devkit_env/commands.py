"""What the commands below `devkit env` do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from devkit.api import (
    DOTENV_KEY,
    DOTENV_MISSING,
    DOTENV_VALUE,
    DOTENV_WRONG,
    PYTHON,
    TASK_FAILED,
    UNKNOWN_VARIABLE,
    DevkitError,
    Finding,
    Place,
    Result,
    Severity,
    Variable,
    did_you_mean,
)
from devkit_env.checking import check
from devkit_env.dotenv_file import NAME, file_name, option, read, write
from devkit_env.dotenv_text import Entry, parse, with_value, without
from devkit_env.quoting import UnwritableError, is_key, is_portable
from devkit_env.settings import EnvSettings
from devkit_env.surroundings import surroundings
from devkit_env.up.services import chosen
from devkit_env.up.state import FILE as SERVICES_FILE
from devkit_env.variables import EXAMPLE, declared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api import CommandContext
    from devkit_env.up.catalogue import Service

_HIDDEN = "********"
_SECRET = re.compile(
    "SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|(?:PRIVATE|ACCESS|API)_?KEY",
    re.IGNORECASE,
)


def check_file(context: CommandContext, environment: str) -> Result:
    """Answer `env check`; DOTENV_WRONG when an error was found."""
    name = file_name(environment)
    text = read(context.root, name)
    variables = _declared(context)
    if text is None:
        found = [_missing_file(name)] if any(each.is_required for each in variables.values()) else []
    else:
        found = list(check(context, name, parse(text, name), variables))
    for finding in found:
        context.find(finding)
    count = sum(finding.severity is Severity.ERROR for finding in found)
    message = f"{count} thing{'s' if count > 1 else ''} in `{name}` must be mended"
    error = DevkitError(DOTENV_WRONG, message, help="each is named above") if count else None
    lines = (
        [] if found else [f"{name} is in order" if text is not None else f"there is no {name}, and none is needed"]
    )
    return Result(schema="devkit.env.check/1", data={"file": name, "errors": count}, lines=lines, error=error)


def list_variables(context: CommandContext, environment: str, *, reveals: bool) -> Result:
    """Answer `env list`: what is declared and what the file has, values of secrets hidden."""
    variables = _declared(context)
    name, entries = _entries(context, environment)
    rows = [
        _row(key, entries.get(key), variables.get(key), reveals=reveals) for key in sorted({*variables, *entries})
    ]
    width = max((len(row["name"]) for row in rows), default=0)
    lines = [f"{row['name']:<{width}}  {_shown(row)}" for row in rows]
    return Result(schema="devkit.env.list/1", data={"file": name, "variables": rows}, lines=lines)


def get_variable(context: CommandContext, environment: str, key: str, *, reveals: bool) -> Result:
    """Answer `env get`; UNKNOWN_VARIABLE when the file does not have it."""
    name, entries = _entries(context, environment)
    if key not in entries:
        otherwise = f"devkit env set {key} VALUE{option(name)}"
        help_text = otherwise if key in _declared(context) else did_you_mean(key, _known(context, entries), otherwise)
        raise DevkitError(UNKNOWN_VARIABLE, f"`{name}` does not set `{key}`", help=help_text)
    variable = _declared(context).get(key)
    is_hidden = _is_secret(key, variable) and not reveals
    value = _HIDDEN if is_hidden else entries[key].value or ""
    if is_hidden:
        context.say(f"`{key}` is a secret: --reveal shows it")
    return Result(schema="devkit.env.get/1", data={"name": key, "value": None if is_hidden else value}, lines=[value])


def set_variable(context: CommandContext, environment: str, key: str, value: str) -> Result:
    """Answer `env set`; DOTENV_KEY and DOTENV_VALUE for what cannot be written."""
    if not is_key(key):
        message = f"`{key}` is not the name of a variable"
        raise DevkitError(DOTENV_KEY, message, help="letters, digits and `_`, and no digit first")
    name = file_name(environment)
    text = read(context.root, name)
    try:
        changed = with_value(text or "", name, key, value)
    except UnwritableError as problem:
        raise DevkitError(
            DOTENV_VALUE, f"`{key}` cannot have this value: {problem}", place=Place(path=name)
        ) from problem
    if changed != text:
        write(context.root, name, changed)
    if not is_portable(value):
        context.say(
            f"`{key}` is written as python-dotenv reads it; a shell or `docker compose` may read it otherwise"
        )
    return Result(schema="devkit.env.set/1", data={"file": name, "name": key, "changed": changed != text})


def unset_variable(context: CommandContext, environment: str, key: str) -> Result:
    """Answer `env unset`; taking away what is not there changes nothing."""
    name = file_name(environment)
    text = read(context.root, name) or ""
    changed = without(text, name, key)
    if changed != text:
        write(context.root, name, changed)
    return Result(schema="devkit.env.unset/1", data={"file": name, "name": key, "changed": changed != text})


def run_command(context: CommandContext, environment: str, argv: Sequence[str]) -> Result:
    """Answer `env run`; TASK_FAILED when the command does not end well."""
    name = file_name(environment)
    if environment and read(context.root, name) is None:
        found = ", ".join(path.name for path in sorted(context.root.glob(f"{NAME}.*")) if path.name != EXAMPLE)
        help_text = f"there is {found}" if found else f"devkit env set KEY VALUE{option(name)} makes it"
        raise DevkitError(DOTENV_MISSING, f"there is no `{name}`", place=Place(path=name), help=help_text)
    code = context.attach(argv, env=surroundings(context, name, _services(context, environment)))
    error = None
    if code != 0:
        error = DevkitError(TASK_FAILED, f"`{argv[0]}` ended with exit code {code}", state="what it did is done")
    return Result(schema="devkit.env.run/1", data={"command": argv[0], "code": code}, error=error)


def show_environment(context: CommandContext) -> Result:
    """Answer `env show`."""
    facts = context.context.facts
    python = context.context.find(PYTHON)
    data: dict[str, Any] = {name: str(facts[name].value) for name in ("language", "framework") if name in facts}
    if python is not None:
        data["interpreter"] = python
        code, version, _ = (
            context.capture([str(context.root / python), "--version"]) if _exists(context, python) else (1, "", "")
        )
        data["version"] = version.strip() if code == 0 else "not installed yet: devkit env setup"
    tools = {
        tool: found for tool in ("uv", "pip", "node", "npm", "mise", "pyenv", "nvm") if (found := context.which(tool))
    }
    files = [path.name for path in sorted(context.root.glob(".env*")) if path.is_file()]
    lines = [f"{name:<12} {value}" for name, value in data.items()]
    lines += [f"{tool:<12} {path}" for tool, path in tools.items()]
    lines += [f"{'variables':<12} {', '.join(files)}"] if files else []
    return Result(schema="devkit.env.show/1", data={**data, "tools": tools, "files": files}, lines=lines)


def _services(context: CommandContext, environment: str) -> tuple[Service, ...]:
    """Return the services whose places belong to a file: those of this machine, once they were started."""
    if environment or not (context.root / SERVICES_FILE).is_file():
        return ()
    return chosen(context.context.settings(EnvSettings).services)


def _declared(context: CommandContext) -> dict[str, Variable]:
    settings = context.context.settings(EnvSettings)
    return declared(context.context, settings.variables)


def _known(context: CommandContext, entries: Mapping[str, Entry]) -> list[str]:
    return sorted({*_declared(context), *entries})


def _entries(context: CommandContext, environment: str) -> tuple[str, dict[str, Entry]]:
    name = file_name(environment)
    return name, {entry.key: entry for entry in parse(read(context.root, name) or "", name)}


def _row(key: str, entry: Entry | None, variable: Variable | None, *, reveals: bool) -> dict[str, Any]:
    is_hidden = _is_secret(key, variable) and not reveals
    value = entry.value if entry is not None else None
    return {
        "name": key,
        "value": None if is_hidden else value,
        "is_set": value is not None,
        "is_secret": _is_secret(key, variable),
        "is_declared": variable is not None,
        "default": "" if variable is None or variable.is_secret else variable.default,
        "description": "" if variable is None else variable.description,
    }


def _shown(row: Mapping[str, Any]) -> str:
    if not row["is_set"]:
        return f"(not set; default {row['default']})" if row["default"] else "(not set)"
    return _HIDDEN if row["value"] is None else str(row["value"])


def _is_secret(key: str, variable: Variable | None) -> bool:
    """Whether a value is not shown: a declared secret, or something undeclared that is named like one."""
    if variable is not None and variable.is_secret:
        return True
    return _SECRET.search(key) is not None


def _missing_file(name: str) -> Finding:
    message = "there is no such file, and some variables are required"
    return Finding(
        code=DOTENV_WRONG.code,
        message=message,
        severity=Severity.ERROR,
        place=Place(path=name),
        help="devkit run env:dotenv",
    )


def _exists(context: CommandContext, path: str) -> bool:
    return (context.root / path).exists()
