from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from devkit.api import PORT, VARIABLES, DevkitError, Outcome, RunReport, TaskOutcome
from devkit.errors import KEY_CONTESTED, KEY_MISSING, PLUGIN_FAILED, PLUGIN_INVALID, TASK_FAILED, UNKNOWN_NAME
from devkit.host.host import Host
from devkit.host.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.host.entries import Installed

START = "from devkit.api import *\nfrom devkit.host.host import Exports\n"
STAGE = "@hookimpl\ndef devkit_stages(): return [Stage(name='{}', summary='A stage.', after={!r})]\n"


def _stage(name: str, *after: str) -> str:
    return START + STAGE.format(name, after)


def test_plugins_are_asked_in_the_order_of_their_stages(plugin_of: Callable[..., Installed]) -> None:
    hook = "@hookimpl\ndef devkit_facts(tree): return [Fact(name='{}', value=1, place=Place(path='a'))]\n"
    installed = [
        plugin_of("zebra", _stage("first") + hook.format("zebra")),
        plugin_of("ant", _stage("second", "first") + hook.format("ant")),
        plugin_of("bee", START + hook.format("bee")),
    ]
    host = Host.of(installed)
    tree: Any = object()
    assert [owned.value.name for owned in host.facts(tree)] == ["zebra", "ant", "bee"]
    assert [owned.plugin.name for owned in host.stages] == ["zebra", "ant"]


def test_a_hook_may_leave_out_arguments_and_return_nothing(plugin_of: Callable[..., Installed]) -> None:
    host = Host.of([plugin_of("a", START + "@hookimpl\ndef devkit_review(files): pass\n")])
    assert host.review({}, _no_context) == ()


@pytest.mark.parametrize(
    "body",
    [
        "    raise ValueError('broken')",
        "    raise SystemExit(3)",
        "    raise KeyboardInterrupt",
        "    yield Block(path='a', name='b', text='c')\n    raise ValueError('late')",
    ],
)
def test_a_failing_hook_names_plugin_version_and_hook(plugin_of: Callable[..., Installed], body: str) -> None:
    source = START + f"@hookimpl\ndef devkit_files(context):\n{body}\n"
    host = Host.of([plugin_of("audit", source, version="1.2")])
    with pytest.raises(DevkitError, match=r"^plugin audit 1\.2 failed in devkit_files: ") as caught:
        host.files(_no_context)
    assert caught.value.kind is PLUGIN_FAILED


def test_a_wrong_answer_names_plugin_version_and_hook(plugin_of: Callable[..., Installed]) -> None:
    source = START + "@hookimpl\ndef devkit_tasks(context): return ['task']\n"
    host = Host.of([plugin_of("audit", source)])
    with pytest.raises(DevkitError, match=r"plugin audit 1\.0 returned `str` from devkit_tasks.*`Task`") as caught:
        host.tasks(_no_context)
    assert caught.value.kind is PLUGIN_INVALID


def _quarantine(installed: Installed, *others: Installed) -> str:
    host = Host.of([installed, *others])
    assert [each.name for each in host.quarantined] == [installed.name]
    assert installed.name not in [plugin.name for plugin in host.plugins]
    (warning,) = host.warnings
    assert installed.name in warning.message
    return host.quarantined[0].reason


def test_a_misspelt_hook_sets_the_plugin_aside_and_names_the_right_hook(plugin_of: Callable[..., Installed]) -> None:
    source = _stage("audit") + "@hookimpl\ndef devkit_file(context): return []\n"
    reason = _quarantine(plugin_of("audit", source), plugin_of("fine", _stage("fine")))
    assert reason == "plugin audit 1.0 implements the unknown hook `devkit_file`; did you mean `devkit_files`?"


def test_an_argument_that_a_hook_does_not_have_sets_the_plugin_aside(plugin_of: Callable[..., Installed]) -> None:
    assert "'contxt'" in _quarantine(plugin_of("audit", START + "@hookimpl\ndef devkit_files(contxt): return []\n"))


def test_a_plugin_whose_functions_are_not_marked_is_set_aside(plugin_of: Callable[..., Installed]) -> None:
    reason = _quarantine(plugin_of("audit", START + "def devkit_files(context): return []\n"))
    assert "devkit.api.hookimpl" in reason


def test_a_plugin_that_wraps_the_answers_of_others_is_set_aside(plugin_of: Callable[..., Installed]) -> None:
    source = START + "@hookimpl(wrapper=True)\ndef devkit_files(context):\n    return (yield)\n"
    assert "wraps devkit_files" in _quarantine(plugin_of("audit", source))


@pytest.mark.parametrize(
    "line", ["raise ImportError('no')", "raise SystemExit(0)", "1 / 0", "import not_there_at_all"]
)
def test_a_plugin_that_cannot_be_imported_is_set_aside(site: Any, line: str) -> None:
    site.install("broken", line)
    host = Host.load(Selection())
    assert [each.name for each in host.quarantined] == ["broken"]
    assert host.quarantined[0].reason.startswith("plugin broken 1.0 failed in import: ")


@pytest.mark.parametrize("declared", ["2", "0", "'>=2,<3'", "'<1'", "'!=1'", "'~=1'", "'newest'", "''", "1.0", "[1]"])
def test_a_plugin_for_another_api_is_set_aside(plugin_of: Callable[..., Installed], declared: str) -> None:
    reason = _quarantine(plugin_of("audit", _stage("audit") + f"devkit_api = {declared}\n"))
    assert reason.startswith("plugin audit 1.0 ")


@pytest.mark.parametrize("declared", ["1", "'>=1,<2'", "'==1'", "' >= 1 '", "'<=1'", "'>0'", "None"])
def test_a_plugin_for_this_api_is_taken(plugin_of: Callable[..., Installed], declared: str) -> None:
    assert not Host.of([plugin_of("audit", _stage("audit") + f"devkit_api = {declared}\n")]).quarantined


@pytest.mark.parametrize("name", ["init", "help"])
def test_no_plugin_shadows_a_command_of_devkit(plugin_of: Callable[..., Installed], name: str) -> None:
    reason = _quarantine(plugin_of("audit", _command(name)))
    assert reason == f"plugin audit 1.0 registers the command `{name}`, which devkit itself has already"


def test_of_two_plugins_with_one_command_the_second_is_set_aside(plugin_of: Callable[..., Installed]) -> None:
    reason = _quarantine(plugin_of("second", _command("audit")), plugin_of("first", _command("audit")))
    assert reason == "plugin second 1.0 registers the command `audit`, which plugin first 1.0 has already"


def test_a_built_in_plugin_has_its_names_first(plugin_of: Callable[..., Installed]) -> None:
    built_in = plugin_of("zebra", _command("audit"), distribution="devkit-cycle")
    assert "plugin zebra" in _quarantine(plugin_of("ant", _command("audit")), built_in)


def test_of_two_plugins_with_one_name_the_second_is_set_aside(plugin_of: Callable[..., Installed]) -> None:
    host = Host.of([plugin_of("audit", _stage("a")), plugin_of("audit", _stage("b"), distribution="other")])
    assert len(host.plugins) == len(host.quarantined) == 1


def test_a_failure_while_registering_sets_the_plugin_aside(plugin_of: Callable[..., Installed]) -> None:
    source = START + "@hookimpl\ndef devkit_settings(): raise SystemExit(1)\n"
    assert "failed in devkit_settings: SystemExit: 1" in _quarantine(plugin_of("audit", source))


def test_plugins_are_still_there_when_their_stages_have_no_order(plugin_of: Callable[..., Installed]) -> None:
    host = Host.of([plugin_of("b", _stage("same")), plugin_of("a", _stage("same"))])
    assert [plugin.name for plugin in host.plugins] == ["a", "b"]
    with pytest.raises(DevkitError, match=r"declared by plugin a 1\.0 and by plugin b 1\.0"):
        _ = host.stages


def test_published_values_are_seen_by_later_plugins_and_by_all_in_the_end(
    plugin_of: Callable[..., Installed],
) -> None:
    publish = "@hookimpl\ndef devkit_publish(context): return [Published(PORT, 80)]\n"
    doubled = "@hookimpl\ndef devkit_publish(context): return [Published(Key('twice', int), context.get(PORT) * 2)]\n"
    host = Host.of([plugin_of("b", _stage("one") + publish), plugin_of("a", _stage("two", "one") + doubled)])
    exports = host.publish(_context)
    asking = host.plugins[0]
    assert exports.get(PORT, asking=asking) == 80
    assert [plugin.name for plugin in exports.owners(PORT)] == ["b"]


def test_a_missing_value_names_the_plugin_that_asks(plugin_of: Callable[..., Installed]) -> None:
    source = _stage("one") + "@hookimpl\ndef devkit_publish(context): return [Published(PORT, context.get(PORT))]\n"
    with pytest.raises(DevkitError, match=r"plugin audit 1\.0 needs the value `service.port`") as caught:
        Host.of([plugin_of("audit", source)]).publish(_context)
    assert caught.value.kind is KEY_MISSING


def test_a_value_with_two_owners_names_both(plugin_of: Callable[..., Installed]) -> None:
    publish = "@hookimpl\ndef devkit_publish(context): return [Published(PORT, 80)]\n"
    with pytest.raises(DevkitError, match=r"plugin a 1\.0 and by plugin b 1\.0") as caught:
        Host.of([plugin_of("a", _stage("a") + publish), plugin_of("b", _stage("b") + publish)]).publish(_context)
    assert caught.value.kind is KEY_CONTESTED


def test_values_of_a_key_with_many_are_collected_in_stage_order(plugin_of: Callable[..., Installed]) -> None:
    publish = (
        "@hookimpl\ndef devkit_publish(context):\n"
        "    return [Published(VARIABLES, Variable(name='{}', description=''))]\n"
    )
    host = Host.of(
        [plugin_of("a", _stage("a", "b") + publish.format("A")), plugin_of("b", _stage("b") + publish.format("B"))]
    )
    exports = host.publish(_context)
    assert [variable.name for variable in exports.collect(VARIABLES)] == ["B", "A"]
    with pytest.raises(DevkitError, match=r"context\.collect|holds many"):
        exports.find(VARIABLES)


def test_a_failing_observer_is_a_warning(plugin_of: Callable[..., Installed]) -> None:
    source = START + (
        "@hookimpl\ndef devkit_task_finished(outcome): raise ValueError(outcome.task)\n"
        "@hookimpl\ndef devkit_run_finished(report): raise SystemExit\n"
    )
    host = Host.of([plugin_of("watch", source)])
    (first,) = host.task_finished(TaskOutcome(task="test:unit", outcome=Outcome.DONE))
    (second,) = host.run_finished(RunReport(outcomes=(), seconds=1.0))
    assert first.message == "plugin watch 1.0 failed in devkit_task_finished: ValueError: test:unit"
    assert "devkit_run_finished" in second.message


def test_a_failing_hint_is_left_out_and_the_others_are_given(plugin_of: Callable[..., Installed]) -> None:
    fails = START + "@hookimpl\ndef devkit_error_hints(error): raise ValueError\n"
    helps = START + "@hookimpl\ndef devkit_error_hints(error): yield f'about {error.kind.code}'\n"
    host = Host.of([plugin_of("a", fails), plugin_of("b", helps)])
    assert host.error_hints(DevkitError(TASK_FAILED, "no")) == ("about DK0801",)


def test_a_narrowed_host_asks_only_plugins_of_the_stages_and_those_without(
    plugin_of: Callable[..., Installed],
) -> None:
    hook = "@hookimpl\ndef devkit_error_hints(error): return [{!r}]\n"
    host = Host.of(
        [
            plugin_of("a", _stage("a") + hook.format("a")),
            plugin_of("b", _stage("b") + hook.format("b")),
            plugin_of("c", START + hook.format("c")),
        ]
    )
    assert host.narrowed({"b"}).error_hints(DevkitError(TASK_FAILED, "no")) == ("b", "c")


def test_what_plugins_print_never_reaches_stdout(site: Any, capfd: pytest.CaptureFixture[str]) -> None:
    site.install(
        "loud", _stage("loud") + "print('imported')\n@hookimpl\ndef devkit_error_hints(error): print('asked')\n"
    )
    Host.load(Selection()).error_hints(DevkitError(TASK_FAILED, "no"))
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "imported" in captured.err
    assert "asked" in captured.err


def test_a_selection_leaves_plugins_out_without_importing_them(site: Any, capfd: pytest.CaptureFixture[str]) -> None:
    site.install("loud", "print('imported')")
    site.install("quiet")
    assert [plugin.name for plugin in Host.load(Selection(("quiet",))).plugins] == ["quiet"]
    assert Host.load(Selection(disabled=True)).plugins == ()
    assert "imported" not in capfd.readouterr().err


def test_a_plugin_that_is_not_installed_is_an_error_with_a_suggestion(site: Any) -> None:
    site.install("audit")
    with pytest.raises(DevkitError, match="there is no plugin `adit`") as caught:
        Host.load(Selection(("adit",)))
    assert caught.value.kind is UNKNOWN_NAME
    assert "`audit`" in caught.value.help


def test_an_entry_point_may_name_an_object(plugin_of: Callable[..., Installed]) -> None:
    source = START + (
        "class Audit:\n    @hookimpl\n    def devkit_stages(self): return [Stage(name='audit', summary='')]\n"
        "class holder: plugin = Audit()\n"
    )
    installed = plugin_of("audit", source)
    installed.module += ":holder.plugin"
    assert [owned.value.name for owned in Host.of([installed]).stages] == ["audit"]


def _command(name: str) -> str:
    return START + f"@hookimpl\ndef devkit_commands(): return [Command(name='{name}', summary='', target='a:b')]\n"


def _no_context(_plugin: Any) -> Any:
    return object()


def _context(plugin: Any, exports: Any) -> Any:
    class Context:
        def get(self, key: Any) -> Any:
            return exports.get(key, asking=plugin)

    return Context()
