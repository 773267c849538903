"""Planning: answers, rendering, facts, settings, exports, files and tasks, and from them the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from devkit.api.actions import Block, Render, Seed, Verdict, Write
from devkit.api.findings import Finding, Severity
from devkit.errors import PLUGIN_INVALID, STAGE_UNUSED, DevkitError
from devkit.plan.baseline import Baseline, Entry, write_baseline
from devkit.plan.decide import decide, decide_orphan
from devkit.plan.desired import Contribution, desired_files
from devkit.plan.fileplan import FilePlan, OnDisk
from devkit.plan.lock import Lock, write_lock
from devkit.plan.plan import Plan, PlannedTask
from devkit.project.root import BASELINE_FILE, LOCK_FILE
from devkit.project.state import read_state
from devkit.project.tree import DiskTree, OverlayTree
from devkit.session.context import Knowledge, PluginContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from devkit.api.actions import FileAction
    from devkit.api.context import Tree
    from devkit.api.values import KeyPath
    from devkit.config.load import Configuration
    from devkit.host.host import Exports, Host, Owned, Plugin
    from devkit.render.tree import RenderedFile

    Lifecycle = tuple[tuple[str, ...], Host, Callable[[Plugin], PluginContext]]

CORE = "devkit"
RECORDS_BLOCK = "records"
TEMPLATE_STAGE = "scaffold"
"""The stage that files of the project's template belong to, whoever offers the template."""
_RECORDS_NOTE = f"{BASELINE_FILE} -diff linguist-generated\n{LOCK_FILE} linguist-generated\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a plan is made from; of the `absent` stages nothing is known, so their files are left alone."""

    root: Path
    host: Host
    configuration: Configuration
    lock: Lock
    baseline: Baseline
    rendered: Sequence[RenderedFile] = ()
    absent: frozenset[str] = frozenset()


def make_plan(ground: Ground) -> tuple[Plan, DiskTree]:
    """Return the plan, and the tree that recorded what it was made from."""
    disk = DiskTree(ground.root)
    stages, host, context_of = lifecycle = _lifecycle(ground, disk)
    contributions = [*_template_files(ground), *_stage_files(host.files(context_of), stages)]
    files = _decide_all(ground, contributions)
    bare = _task_plan(ground, lifecycle)
    review = host.review({file.path: str(file.verdict) for file in files}, context_of)
    plan = replace(
        bare,
        files=files,
        records=_records(ground, files),
        findings=(*bare.findings, *(owned.value for owned in review)),
        stage_checks=_by_stage(host.checks(context_of), bare.stages),
    )
    return plan, disk


def plan_tasks(ground: Ground) -> tuple[Plan, DiskTree]:
    """Return a plan without files, all that a run needs, and the tree that recorded what it was made from."""
    disk = DiskTree(ground.root)
    return _task_plan(ground, _lifecycle(ground, disk)), disk


def _task_plan(ground: Ground, lifecycle: Lifecycle) -> Plan:
    stages, host, context_of = lifecycle
    findings = (*_config_findings(ground), *ground.host.warnings)
    tasks, stages = _all_tasks(ground, _tasks(host.tasks(context_of), stages), stages)
    tools = tuple(owned.value for owned in host.tools(context_of))
    return Plan(files=(), records=(), tasks=tasks, stages=stages, findings=findings, tools=tools)


def plugin_context(ground: Ground, name: str) -> PluginContext:
    """Return what the hooks of one plugin see; STAGE_UNUSED when the project uses none of its stages."""
    _, host, context_of = _lifecycle(ground, DiskTree(ground.root))
    for plugin in host.plugins:
        if plugin.name == name:
            return context_of(plugin)
    own = next((plugin.stages for plugin in ground.host.plugins if plugin.name == name), ())
    stage = own[0].name if own else name
    message = f"this project does not use the stage `{stage}`"
    raise DevkitError(STAGE_UNUSED, message, help=f"devkit add {stage}")


def _lifecycle(ground: Ground, disk: DiskTree) -> Lifecycle:
    """Return the enabled stages, the plugins that have them, and what each of these sees once all was published."""
    knowledge = _knowledge(ground, disk)
    host = ground.host.narrowed(knowledge.stages)
    exports = host.publish(partial(_context, knowledge))
    return knowledge.stages, host, partial(_context, knowledge, exports=exports)


def _context(knowledge: Knowledge, plugin: Plugin, exports: Exports) -> PluginContext:
    return PluginContext(plugin, knowledge, exports)


def _knowledge(ground: Ground, disk: DiskTree) -> Knowledge:
    host, configuration = ground.host, ground.configuration
    tree: Tree = OverlayTree(disk, {file.path: _text(file) for file in ground.rendered if _is_text(file)})
    facts = {owned.value.name: owned.value for owned in host.facts(tree)}
    facts |= configuration.facts()
    defaults = [owned.value for owned in host.defaults(facts)]
    declared = [owned.value for owned in host.settings()]
    return Knowledge(
        tree=tree,
        facts=facts,
        answers=ground.lock.answers,
        stages=tuple(owned.value.name for owned in host.stages if owned.value.name in ground.lock.stages),
        mirrors=configuration.core.mirrors,
        settings={table.type: configuration.settings(table, defaults) for table in declared},
    )


def _config_findings(ground: Ground) -> tuple[Finding, ...]:
    """Refuse keys that nobody declares; warn of the tables of stages whose plugins are not here."""
    known = {owned.value.name for owned in ground.host.stages}
    absent = [stage for stage in ground.lock.stages if stage not in known]
    return tuple(ground.configuration.check([owned.value for owned in ground.host.settings()], absent))


def _template_files(ground: Ground) -> Iterable[Contribution]:
    """Return devkit's own contributions: what the template renders, and the note on devkit's records."""
    for file in ground.rendered:
        yield Contribution(stage=TEMPLATE_STAGE, plugin="the template", action=_action(file))
    yield Contribution(
        stage=CORE,
        plugin=CORE,
        action=Block(path=".gitattributes", name=RECORDS_BLOCK, text=_RECORDS_NOTE, stage=CORE),
    )


def _action(file: RenderedFile) -> FileAction:
    if file.is_seed or not _is_text(file):
        return Seed(path=file.path, text=file.content, executable=file.executable)
    return Write(path=file.path, text=_text(file), executable=file.executable)


def _stage_files(actions: Iterable[Owned[FileAction]], stages: Sequence[str]) -> Iterable[Contribution]:
    from devkit.render.resource import render_resource

    for owned in actions:
        stage = _stage_of(owned.plugin, owned.value.stage)
        if stage not in stages:
            continue
        action = owned.value
        if isinstance(action, Render):
            text = render_resource(action)
            action = Write(path=action.path, text=text, executable=action.executable, stage=stage)
        yield Contribution(stage=stage, plugin=f"plugin {owned.plugin.name}", action=action)


def _stage_of(plugin: Plugin, named: str) -> str:
    if named:
        return named
    if len(plugin.stages) == 1:
        return plugin.stages[0].name
    message = f"plugin {plugin.name} {plugin.version} declares {len(plugin.stages)} stages; each action must name one"
    raise DevkitError(PLUGIN_INVALID, message, help="report it to the plugin's authors")


def _tasks(tasks: Iterable[Owned[Any]], stages: Sequence[str]) -> Mapping[str, PlannedTask]:
    found: dict[str, PlannedTask] = {}
    for owned in tasks:
        task = owned.value
        if task.name in found:
            message = f"{found[task.name].plugin} and plugin {owned.plugin.name} both offer the task `{task.name}`"
            raise DevkitError(PLUGIN_INVALID, message, help="leave one of the plugins out with `-p`")
        if task.stage in stages:
            found[task.name] = PlannedTask(task=task, plugin=owned.plugin.name, package=owned.plugin.package)
    return {name: found[name] for stage in stages for name in found if found[name].task.stage == stage}


def _by_stage(found: Iterable[Owned[Finding]], stages: Sequence[str]) -> Mapping[str, tuple[Finding, ...]]:
    """Return findings by the stage of the plugin that found them; `""` for a plugin that has none."""
    by_stage: dict[str, list[Finding]] = {}
    for owned in found:
        stage = next((stage.name for stage in owned.plugin.stages if stage.name in stages), "")
        by_stage.setdefault(stage, []).append(owned.value)
    return {stage: tuple(findings) for stage, findings in by_stage.items()}


def _all_tasks(
    ground: Ground, tasks: Mapping[str, PlannedTask], stages: tuple[str, ...]
) -> tuple[Mapping[str, PlannedTask], tuple[str, ...]]:
    """Return the tasks with those of the configuration, by stage, and the stages with theirs."""
    configuration = ground.configuration
    if not configuration.core.tasks:
        return tasks, stages
    from devkit.plan.owntasks import OWN_STAGE, OwnTasks, with_own_tasks

    own = OwnTasks(
        settings=configuration.core.tasks,
        stages=stages,
        place=lambda path: configuration.place(("tasks", *path)),
        absent=set(ground.lock.stages) - set(stages),
    )
    found = with_own_tasks(tasks, own)
    is_extended = OWN_STAGE not in stages and any(each.task.stage == OWN_STAGE for each in found.values())
    stages = (*stages, OWN_STAGE) if is_extended else stages
    return {name: found[name] for stage in stages for name in found if found[name].task.stage == stage}, stages


def _decide_all(ground: Ground, contributions: Sequence[Contribution]) -> tuple[FilePlan, ...]:
    desired = desired_files(contributions)
    ejected = ground.lock.ejected
    disk = read_disk(ground.root, {*desired, *ground.baseline}, ground.baseline)
    absent = ground.absent | (set(ground.lock.stages) - {owned.value.name for owned in ground.host.stages})
    files = []
    for path in sorted({*desired, *ground.baseline}):
        base = ground.baseline.get(path)
        if path in ejected:
            files.append(_left_alone(path, Verdict.EJECTED, base, disk[path], "yours"))
        elif base is not None and absent.intersection(base.owners):
            reason = f"what makes stage `{min(absent.intersection(base.owners))}` is not here"
            files.append(_left_alone(path, Verdict.IDENTICAL, base, disk[path], reason))
        elif path in desired:
            files.append(decide(desired[path], base, disk[path], _ejected_keys(ejected, path)))
        elif base is not None:
            files.append(decide_orphan(base, disk[path], _ejected_keys(ejected, path)))
    return tuple(files)


def _left_alone(path: str, verdict: Verdict, base: Entry | None, disk: OnDisk, reason: str) -> FilePlan:
    owners = base.owners if base else ()
    return FilePlan(path=path, verdict=verdict, owners=owners, before=disk, reason=reason, entry=base)


def _ejected_keys(ejected: Iterable[str], path: str) -> tuple[KeyPath, ...]:
    keys = [entry.removeprefix(f"{path}#") for entry in ejected if entry.startswith(f"{path}#")]
    return tuple(tuple(key.split(".")) for key in keys)


def read_disk(root: Path, paths: Iterable[str], baseline: Baseline) -> dict[str, OnDisk]:
    """Return what is at each path now; a path that was generated and is missing is looked up in git."""
    found = {path: _on_disk(root, path) for path in paths}
    missing = [path for path, disk in found.items() if disk.state.kind == "absent" and path in baseline]
    if missing:
        from devkit.engine.git import Git

        git = Git(root)
        ignored, sparse = git.ignored(missing), git.sparse_skipped(missing)
        for path in missing:
            absence = "ignored" if path in ignored else "sparse" if path in sparse else "deleted"
            found[path] = replace(found[path], absence=absence)
    return found


def _on_disk(root: Path, path: str) -> OnDisk:
    state = read_state(root, path)
    return OnDisk(state=state, content=(root / path).read_bytes() if state.kind == "file" else None)


def _records(ground: Ground, files: Sequence[FilePlan]) -> tuple[FilePlan, ...]:
    entries = {file.path: file.entry for file in files if file.entry is not None}
    texts = {LOCK_FILE: write_lock(ground.lock), BASELINE_FILE: write_baseline(entries)}
    return tuple(_record(ground.root, path, text) for path, text in texts.items())


def _record(root: Path, path: str, text: str) -> FilePlan:
    disk = _on_disk(root, path)
    plan = FilePlan(path=path, verdict=Verdict.IDENTICAL, owners=(CORE,), before=disk)
    if disk.content == text.encode():
        return plan
    verdict = Verdict.CREATE if disk.content is None else Verdict.UPDATE
    return replace(plan, verdict=verdict, content=text.encode(), executable=False)


def absent_plugin_findings(lock: Lock, host: Host) -> tuple[Finding, ...]:
    """Return a warning for every enabled stage whose plugin is not here."""
    known = {owned.value.name for owned in host.stages}
    return tuple(
        Finding(
            code="DK0303",
            severity=Severity.WARNING,
            message=f"stage `{stage}` is enabled, but `{distribution}` is not installed or was left out",
            help=f"pip install {distribution}",
        )
        for stage, distribution in lock.stages.items()
        if stage not in known
    )


def _is_text(file: RenderedFile) -> bool:
    try:
        file.content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(file: RenderedFile) -> str:
    return file.content.decode()
