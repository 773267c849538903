"""Installing hooks of git, and taking them away: what was there before is kept, and comes back."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import HOOK_IN_THE_WAY, HOOKS_CONFIG_INVALID, HOOKS_UNCONFIGURED, DevkitError, Place, yaml_mapping
from devkit_hooks.config import CONFIG
from devkit_hooks.places import repository
from devkit_hooks.reading import HOOK_TYPES, hook_types, listed_hooks
from devkit_hooks.runners import beside_devkit, own_ways
from devkit_hooks.shim import KEPT, is_ours, is_runners, script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from devkit.api import TaskContext

_RUNNER = "devkit.runner"
_OURS = {"devkit.rescue": "devkit-rescue", _RUNNER: "pre-commit"}
"""Programs that were installed with devkit, by the key in a clone's settings that says where."""
_LARGEST = 1024 * 1024
_EVERYWHERE = "pipx install pre-commit"
_NODE = "npm install --global @j178/prek"


class Hook(Struct, frozen=True, kw_only=True):
    """One of git's hooks as it is: whether it is devkit's, and what was there before and is still run."""

    type: str
    state: str
    """`installed`, `chained` (with a hook of the user's), `foreign` (only the user's), or `absent`."""


def install_quietly(context: TaskContext) -> None:
    """Install as far as that is possible: a folder that is not ours, or no repository, is no failure of a set-up."""
    try:
        if not install(context):
            context.up_to_date("the hooks are installed already")
    except DevkitError as problem:
        context.up_to_date(f"no hooks were installed: {problem.message}; {problem.help}")


def install(context: TaskContext) -> list[str]:
    """Install the hooks that the configuration asks for; return the types of those that were changed.

    HOOKS_OUTSIDE when git takes its hooks from elsewhere, HOOKS_UNCONFIGURED when there is nothing to run.
    """
    place = repository(context)
    place.require_inside()
    config = require_config(place.top, context.root)
    os.makedirs(place.hooks, exist_ok=True)
    ways, environment = _ways(place.top), _environment(place.top, config)
    _remember_programs(context, place.top)
    return [type_ for type_ in hook_types(config) if _install_one(place.hooks / type_, ways, environment)]


def uninstall(context: TaskContext) -> list[str]:
    """Take devkit's hooks away, and bring back what was there before; return the types of those that were ours."""
    place = repository(context)
    place.require_inside()
    for key in _OURS:
        context.capture(["git", "config", "--local", "--unset-all", key])
    return [type_ for type_ in HOOK_TYPES if _uninstall_one(place.hooks / type_)]


def installed(context: TaskContext) -> Iterator[Hook]:
    """Yield the state of every hook of git that pre-commit knows."""
    folder = repository(context).hooks
    for type_ in HOOK_TYPES:
        content = _read(folder / type_)
        if content is None:
            state = "absent"
        elif not is_ours(content):
            state = "foreign"
        else:
            state = "chained" if _is_chained(_kept(folder / type_)) else "installed"
        yield Hook(type=type_, state=state)


def _remember_programs(context: TaskContext, top: Path) -> None:
    """Write where devkit's own programs are into this clone's settings: an editor may commit with another PATH.

    A project that locks a runner of its own is to use no other.
    """
    for key, name in _OURS.items():
        if key == _RUNNER and own_ways(top):
            context.capture(["git", "config", "--local", "--unset-all", key])
            continue
        program = beside_devkit(name)
        _, known, _ = context.capture(["git", "config", "--local", "--get", key])
        if program and known.removesuffix("\n") != program:
            context.capture(["git", "config", "--local", key, program])


def require_config(top: Path, root: Path) -> dict[str, Any]:
    """Return the configuration of the hooks; HOOKS_UNCONFIGURED where there is none, HOOKS_CONFIG_INVALID."""
    file = top / CONFIG
    try:
        is_file = not os.path.lexists(file) or file.is_file()  # nobody may ever write into a pipe
        found = yaml_mapping(file.read_text("utf-8")) if is_file else None
        problem = "is no mapping in YAML" if is_file else "is no file"
    except UnicodeDecodeError:
        found, problem = None, "is not UTF-8"
    except FileNotFoundError:
        is_below = root != top and (root / CONFIG).is_file()
        message = f"there is no `{CONFIG}` at the top of the repository"
        help_text = f"git runs hooks there, and so: devkit -C '{top}' add hooks" if is_below else "devkit add hooks"
        raise DevkitError(HOOKS_UNCONFIGURED, message, place=Place(path=str(file)), help=help_text) from None
    if found is None:
        help_text = f"mend it, or: git checkout -- {CONFIG}"
        raise DevkitError(HOOKS_CONFIG_INVALID, f"`{CONFIG}` {problem}", place=Place(path=CONFIG), help=help_text)
    return found


def _ways(top: Path) -> list[str]:
    """Return the commands that give somebody without devkit a runner, the nearest first."""
    node = [_NODE] if (top / "package.json").is_file() else []
    return [*own_ways(top), *node, _EVERYWHERE]


def _environment(top: Path, config: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the folder in which the hooks have their programs, and the command that makes it."""
    entries = [hook.entry for hook in listed_hooks(config)]
    if any(entry.startswith(".venv/") for entry in entries):
        return ".venv", next(iter(own_ways(top)), "devkit env setup")
    return ("node_modules", "npm ci") if any(entry.startswith("npx --no-install ") for entry in entries) else None


def _install_one(hook: Path, ways: list[str], environment: tuple[str, str] | None) -> bool:
    content, kept = _read(hook), _kept(hook)
    if content is not None and not is_ours(content):
        _keep(hook, kept)
    text = script(hook.name, ways=ways, environment=environment, is_chained=_is_chained(kept)).encode()
    if content == text and os.access(hook, os.X_OK):
        return False
    _replace(hook, text)
    return True


def _keep(hook: Path, kept: Path) -> None:
    """Give the user's hook a second name; it stays in its place until ours is written over it."""
    if os.path.lexists(kept):
        if os.path.samestat(os.lstat(kept), os.lstat(hook)) or _read(kept) == _read(hook):
            return  # an installation was interrupted just here, or a tool such as husky made its hook anew
        message = f"`{hook.name}` is not devkit's, and `{kept.name}` was kept before"
        help_text = "put the two together, or take one of them away"
        raise DevkitError(HOOK_IN_THE_WAY, message, place=Place(path=str(hook)), help=help_text)
    try:
        os.link(hook, kept, follow_symlinks=False)
    except OSError:  # a file system without hard links
        os.rename(hook, kept)


def _replace(hook: Path, content: bytes) -> None:
    """Write a script in one step: git finds the former one or this one."""
    passing = hook.with_name(f"{hook.name}.devkit-{os.getpid()}")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o777)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.replace(passing, hook)
    except BaseException:
        with suppress(OSError):
            os.unlink(passing)
        raise


def _uninstall_one(hook: Path) -> bool:
    content, kept = _read(hook), _kept(hook)
    if content is None or not is_ours(content):
        return False
    if os.path.lexists(kept):
        os.replace(kept, hook)
    else:
        os.unlink(hook)
    return True


def _kept(hook: Path) -> Path:
    return hook.with_name(hook.name + KEPT)


def _is_chained(kept: Path) -> bool:
    content = _read(kept)
    return content is not None and not is_runners(content)


def _read(file: Path) -> bytes | None:
    """Return the beginning of a script, `None` where nothing is; a link that leads nowhere is an empty one."""
    if not os.path.lexists(file):
        return None
    if not file.is_file():
        return b""
    with open(file, "rb") as opened:
        return opened.read(_LARGEST)
