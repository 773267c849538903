"""What the commands below `devkit hooks` do."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from devkit.api import (
    HOOKS_FAILED,
    HOOKS_FILE_MISSING,
    UNKNOWN_BASE,
    USAGE,
    DevkitError,
    Place,
    Result,
    did_you_mean,
)
from devkit_hooks import installing
from devkit_hooks.places import repository
from devkit_hooks.reading import HOOK_TYPES, listed_hooks
from devkit_hooks.runners import find_runner, require_runner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api import CommandContext
    from devkit_hooks.places import Repository


def install(context: CommandContext) -> Result:
    """Answer `hooks install`."""
    changed = installing.install(context)
    hooks = [hook for hook in installing.installed(context) if hook.state in {"installed", "chained"}]
    lines = [f"{hook.type}: {_WORDS[hook.state]}" for hook in hooks if hook.type in changed]
    data = {"changed": changed, "hooks": {hook.type: hook.state for hook in hooks}}
    return Result(schema="devkit.hooks.install/1", data=data, lines=lines or ["the hooks are installed already"])


def uninstall(context: CommandContext) -> Result:
    """Answer `hooks uninstall`."""
    removed = installing.uninstall(context)
    lines = [f"{type_}: as it was before devkit" for type_ in removed]
    return Result(
        schema="devkit.hooks.uninstall/1", data={"removed": removed}, lines=lines or ["no hook is devkit's"]
    )


def list_hooks(context: CommandContext) -> Result:
    """Answer `hooks list`."""
    place = repository(context)
    config = installing.require_config(place.top, context.root)
    states = [hook for hook in installing.installed(context) if hook.state != "absent"]
    runner = find_runner(context, place.top)
    hooks = [
        {"id": hook.id, "repo": hook.repo, "name": hook.name, "entry": hook.entry, "stages": list(hook.stages)}
        for hook in listed_hooks(config)
    ]
    data = {
        "runner": runner.name if runner else None,
        "path": runner.path if runner else None,
        "folder": str(place.hooks),
        "is_inside": place.is_inside,
        "installed": {hook.type: hook.state for hook in states},
        "hooks": hooks,
    }
    return Result(schema="devkit.hooks.list/1", data=data, lines=_listed(data))


def run(context: CommandContext, *, files: Sequence[str], options: Mapping[str, Any]) -> Result:
    """Answer `hooks run`; HOOKS_FAILED when a hook is not content."""
    place = repository(context)
    installing.require_config(place.top, context.root)
    words = ["run", *_stage(options["hook_stage"]), *_selection(context, files, options)]
    runner = require_runner(context, place.top)
    code = _run(context, [runner.path, *words], _index(context.environ, place))
    message = "the hooks did not pass"
    help_text = "what is above says why; see what hooks have changed: git diff; leave one out: SKIP=ID"
    state = "what hooks have mended is in the work tree"
    error = DevkitError(HOOKS_FAILED, message, help=help_text, state=state) if code else None
    data = {"runner": runner.name, "code": code, "stage": options["hook_stage"]}
    return Result(schema="devkit.hooks.run/1", data=data, error=error)


def _index(environ: Mapping[str, str], place: Repository) -> dict[str, str]:
    """Return the index that a hook of this very repository is run for: `git commit -a` has one beside the usual."""
    path = place.top / environ.get("GIT_INDEX_FILE", "")
    return {"GIT_INDEX_FILE": str(path)} if path.parent == place.own else {}


def _run(context: CommandContext, argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run with a rescue, on the terminal itself unless one document is wanted."""
    guarded = [sys.executable, "-P", "-m", "devkit_hooks.rescue.guarding", *argv]
    if not context.is_json:
        return context.attach(guarded, env=env)
    return context.run(guarded, env=env, cwd=os.path.relpath(context.folder, context.root))


def _stage(name: str) -> list[str]:
    """Return the words that choose a stage; USAGE for one that pre-commit does not know."""
    known = (*HOOK_TYPES, "manual")
    if name not in known:
        help_text = did_you_mean(name, known, f"stages: {', '.join(known)}")
        raise DevkitError(USAGE, f"there is no stage `{name}`", help=help_text)
    return [] if name == HOOK_TYPES[0] else ["--hook-stage", name]


def _selection(context: CommandContext, files: Sequence[str], options: Mapping[str, Any]) -> list[str]:
    """Return the words that choose what is checked; USAGE when they contradict, and what is not there is refused."""
    is_range = bool(options["from_ref"] or options["to_ref"])
    if sum((bool(files), bool(options["all_files"]), is_range)) > 1:
        raise DevkitError(
            USAGE, "give FILES, or --all-files, or --from-ref and --to-ref", help="devkit hooks run --help"
        )
    if is_range:
        if not options["from_ref"]:
            raise DevkitError(USAGE, "--to-ref needs --from-ref beside it", help="--from-ref origin/main")
        ends = [options["from_ref"], options["to_ref"] or "HEAD"]
        for end in ends:
            _require_commit(context, end)
        return ["--from-ref", ends[0], "--to-ref", ends[1]]
    if options["all_files"]:
        return ["--all-files"]
    for file in files:
        if not os.path.lexists(context.folder / file):
            help_text = "FILES are below the current folder"
            raise DevkitError(HOOKS_FILE_MISSING, f"there is no `{file}`", place=Place(path=file), help=help_text)
    return ["--files", *(f"./{file}" if file.startswith("-") else file for file in files)] if files else []


def _require_commit(context: CommandContext, name: str) -> None:
    code, _, _ = context.capture(
        ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    )
    if code != 0:
        raise DevkitError(UNKNOWN_BASE, f"git knows no commit `{name}`", help="git fetch, or name another: main")


def _listed(data: Mapping[str, Any]) -> list[str]:
    by_stage: dict[str, list[Mapping[str, Any]]] = {}
    for hook in data["hooks"]:
        for stage in hook["stages"] or ["every stage"]:
            by_stage.setdefault(stage, []).append(hook)
    order = sorted(by_stage, key=lambda stage: HOOK_TYPES.index(stage) if stage in HOOK_TYPES else len(HOOK_TYPES))
    width = max((len(hook["id"]) for hook in data["hooks"]), default=0)
    lines = [f"run by {data['runner']} ({data['path']})" if data["runner"] else "no prek and no pre-commit is here"]
    if not data["is_inside"]:
        lines.append(f"git takes its hooks from {data['folder']}, outside of this repository")
    for stage in dict.fromkeys([*order, *data["installed"]]):
        state = f" {_WORDS[data['installed'].get(stage, 'absent')]}" if stage in HOOK_TYPES else ""
        lines += ["", f"{stage}:{state}"]
        lines += [f"  {hook['id']:<{width}}  {hook['name']}".rstrip() for hook in by_stage.get(stage, [])]
    return lines


_WORDS = {
    "installed": "installed",
    "chained": "installed, after the hook that was there before",
    "foreign": "not devkit's",
    "absent": "not installed",
}
