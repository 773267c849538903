"""Planning: answers, rendering, facts, settings, exports, files and tasks, and from them the plan."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.findings import Finding, Severity
from devkit.errors import PLUGIN_INVALID, STAGE_UNUSED, DevkitError
from devkit.plan.plan import Plan, PlannedTask
from devkit.project.tree import DiskTree, OverlayTree
from devkit.session.context import Knowledge, PluginContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from devkit.api.context import Tree
    from devkit.config.load import Configuration
    from devkit.host.host import Exports, Host, Owned, Plugin
    from devkit.plan.baseline import Baseline
    from devkit.plan.lock import Lock
    from devkit.render.tree import RenderedFile

TEMPLATE_STAGE = "scaffold"
"""The stage that files of the project's template belong to, whoever offers the template."""


class Ground(Struct, frozen=True, kw_only=True):
    """What a plan is made from; of the `absent` stages nothing is known, so their files are left alone."""

    root: Path
    host: Host
    configuration: Configuration
    lock: Lock
    baseline: Baseline
    rendered: Sequence[RenderedFile] = ()
    absent: frozenset[str] = frozenset()


class Lifecycle(Struct, frozen=True, kw_only=True):
    """The enabled stages, the plugins that have them, and what each of these sees once all was published.

    `disk` recorded what all of it was made from.
    """

    ground: Ground
    disk: DiskTree
    stages: tuple[str, ...]
    host: Host
    context_of: Callable[[Plugin], PluginContext]


def make_plan(ground: Ground) -> tuple[Plan, DiskTree]:
    """Return the plan, and the tree that recorded what it was made from."""
    from devkit.session.deciding import decide_all, planned_records, stage_files, template_files

    lifecycle = lifecycle_of(ground)
    host, context_of = lifecycle.host, lifecycle.context_of
    contributions = [*template_files(ground), *stage_files(host.files(context_of), lifecycle.stages)]
    files = decide_all(ground, contributions)
    bare = plan_tasks(lifecycle)
    review = host.review({file.path: str(file.verdict) for file in files}, context_of)
    plan = replace(
        bare,
        files=files,
        records=planned_records(ground, files),
        findings=(*bare.findings, *(owned.value for owned in review)),
        stage_checks=_by_stage(host.checks(context_of), bare.stages),
    )
    return plan, lifecycle.disk


def lifecycle_of(ground: Ground) -> Lifecycle:
    """Return the lifecycle that the enabled stages of a ground join."""
    disk = DiskTree(ground.root)
    knowledge = _knowledge(ground, disk)
    host = ground.host.narrowed(knowledge.stages)
    exports = host.publish(partial(_context, knowledge))
    context_of = partial(_context, knowledge, exports=exports)
    return Lifecycle(ground=ground, disk=disk, stages=knowledge.stages, host=host, context_of=context_of)


def plan_tasks(lifecycle: Lifecycle) -> Plan:
    """Return a plan without files: all that a run needs."""
    ground, host, context_of = lifecycle.ground, lifecycle.host, lifecycle.context_of
    findings = (*_config_findings(ground), *ground.host.warnings)
    tasks, stages = _all_tasks(ground, _tasks(host.tasks(context_of), lifecycle.stages), lifecycle.stages)
    tools = tuple(owned.value for owned in host.tools(context_of))
    return Plan(files=(), records=(), tasks=tasks, stages=stages, findings=findings, tools=tools)


def plugin_context(lifecycle: Lifecycle, name: str) -> PluginContext:
    """Return what the hooks of one plugin see; STAGE_UNUSED when the project uses none of its stages."""
    for plugin in lifecycle.host.plugins:
        if plugin.name == name:
            return lifecycle.context_of(plugin)
    own = next((plugin.stages for plugin in lifecycle.ground.host.plugins if plugin.name == name), ())
    stage = own[0].name if own else name
    message = f"this project does not use the stage `{stage}`"
    raise DevkitError(STAGE_UNUSED, message, help=f"devkit add {stage}")


def _context(knowledge: Knowledge, plugin: Plugin, exports: Exports) -> PluginContext:
    return PluginContext(plugin, knowledge, exports)


def _knowledge(ground: Ground, disk: DiskTree) -> Knowledge:
    host, configuration = ground.host, ground.configuration
    tree: Tree = OverlayTree(disk, {file.path: file.text for file in ground.rendered if file.text is not None})
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


def stage_of(plugin: Plugin, named: str) -> str:
    """Return the stage that an action of a plugin belongs to: the one it names, else the plugin's only one."""
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
