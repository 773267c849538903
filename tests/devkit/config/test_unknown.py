from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from devkit.api.findings import Severity
from devkit.api.stages import Settings
from devkit.config.load import load
from devkit.errors import CONFIG_TYPE, PLUGIN_MISSING, UNKNOWN_KEY, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from devkit.api.findings import Finding


@dataclass(frozen=True)
class Target:
    name: str = ""
    port: int = 80


@dataclass(frozen=True)
class BuildSettings:
    registry: str = ""
    targets: tuple[Target, ...] = ()
    main: Target = Target()
    others: dict[str, Target] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    pair: tuple[str, Target] = ("", Target())


@dataclass(frozen=True)
class CheckSettings:
    minimum_coverage: int = 80


DECLARED = [Settings(table="build", type=BuildSettings), Settings(table="test", type=CheckSettings)]


def check(root: Path, environ: Mapping[str, str] | None = None, absent: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    return load(root, environ=environ or {}).check(DECLARED, absent)


def refusal(root: Path, environ: Mapping[str, str] | None = None) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        check(root, environ)
    assert caught.value.kind is UNKNOWN_KEY
    return caught.value


def test_an_unknown_key_is_refused_with_place_and_suggestion(project: Callable[..., Path]) -> None:
    text = '[project]\nname = "shop"\n\n[tool.devkit.build]\nregsitry = "ghcr.io/acme"\n'
    error = refusal(project(pyproject=text))
    assert error.message == "unknown key `regsitry` in `build`"
    assert error.help == "did you mean `registry`?"
    assert error.place == Place(
        path="pyproject.toml", line=5, column=1, text='regsitry = "ghcr.io/acme"', width=8, label="not a known key"
    )


@pytest.mark.parametrize(
    ("text", "message", "place", "help_text"),
    [
        ("[biuld]", "unknown table `biuld`", "devkit.toml:1:2", "did you mean `build`?"),
        ("pluginz = []", "unknown key `pluginz`", "devkit.toml:1:1", "did you mean `plugins`?"),
        ("zzz = 1", "unknown key `zzz`", "devkit.toml:1:1", "`devkit schema` lists every key"),
        ("registry = 1", "unknown key `registry`", "devkit.toml:1:1", "did you mean `build.registry`?"),
        ("test.Minimum_Coverage = 1", "unknown key `Minimum_Coverage` in `test`", "devkit.toml:1:6",
         "did you mean `minimum-coverage`?"),
        ("[build.main]\nprot = 1", "unknown key `prot` in `build.main`", "devkit.toml:2:1", "did you mean `port`?"),
        ("[build.others.api]\nprot = 1", "unknown key `prot` in `build.others.api`", "devkit.toml:2:1",
         "did you mean `port`?"),
        ("[[build.targets]]\n[[build.targets]]\nprot = 1", "unknown key `prot` in `build.targets[1]`",
         "devkit.toml:3:1", "did you mean `port`?"),
        ("build.pair = ['x', { prot = 1 }]", "unknown key `prot` in `build.pair[1]`", "devkit.toml:1:22",
         "did you mean `port`?"),
        ("[tool.devkit.test]", "unknown table `tool`", "devkit.toml:1:2",
         "write the keys at the top level of devkit.toml, without `[tool.devkit]`"),
        ("[trust]", "unknown table `trust`", "devkit.toml:1:2",
         "`trust` belongs in the user's own file, `config.toml`; a project cannot set it"),
        ("[zzz]", "unknown table `zzz`", "devkit.toml:1:2", "`devkit schema` lists every key"),
    ],
)  # fmt: skip
def test_wherever_an_unknown_key_stands_it_is_named(
    project: Callable[..., Path], text: str, message: str, place: str, help_text: str
) -> None:
    error = refusal(project(devkit=text))
    assert (error.message, str(error.place), error.help) == (message, place, help_text)


@pytest.mark.parametrize(
    ("name", "message", "help_text"),
    [
        ("DEVKIT_BUILD__REGSITRY", "unknown key `regsitry` in `build`", "did you mean `DEVKIT_BUILD__REGISTRY`?"),
        ("DEVKIT_BIULD__REGISTRY", "unknown key `biuld`", "did you mean `DEVKIT_BUILD__REGISTRY`?"),
        ("DEVKIT__MIRORS", "unknown key `mirors`", "did you mean `DEVKIT__MIRRORS`?"),
        ("DEVKIT_BUILD__", "unknown key `` in `build`", "`devkit schema` lists every key"),
    ],
)
def test_an_unknown_variable_is_refused_by_name(
    project: Callable[..., Path], name: str, message: str, help_text: str
) -> None:
    error = refusal(project(), {name: "x"})
    assert (error.message, error.help, error.place) == (f"{message}, set by the variable {name}", help_text, None)


def test_a_value_where_a_table_belongs_is_refused_as_well(project: Callable[..., Path]) -> None:
    with pytest.raises(DevkitError, match=r"`build\.main` must be a table") as caught:
        check(project(devkit="build.main = 1"))
    assert (caught.value.kind, str(caught.value.place)) == (CONFIG_TYPE, "devkit.toml:1:7")


def test_the_key_of_an_inline_table_in_a_variable_is_checked_too(project: Callable[..., Path]) -> None:
    error = refusal(project(), {"DEVKIT_BUILD__MAIN": "{ prot = 1 }"})
    assert error.message == "unknown key `prot` in `build.main`, set by the variable DEVKIT_BUILD__MAIN"
    assert error.help == "did you mean `port`?"


def test_variables_of_devkit_that_are_no_settings_are_left_alone(project: Callable[..., Path]) -> None:
    assert check(project(), {"DEVKIT_PLUGINS": "a", "DEVKIT_TRUST": "b", "OTHER__KEY": "c", "DEVKIT": ""}) == ()


def test_known_keys_pass_and_dictionaries_take_any(project: Callable[..., Path]) -> None:
    text = '[build]\nregistry = "x"\nlabels = { "any.thing" = "goes" }\n'
    text += 'targets = [{ name = "a" }]\n[facts]\nx = { y = [1] }\n'
    assert check(project(devkit=text)) == ()


def test_the_table_of_an_absent_plugin_is_a_warning(project: Callable[..., Path]) -> None:
    root = project(pyproject="[tool.devkit.deploy]\nreplicas = 3\n", devkit_local="[deploy]\nwait = true\n")
    (finding,) = check(root, {"DEVKIT_DEPLOY__X": "1"}, absent=("deploy",))
    assert (finding.code, finding.severity) == (PLUGIN_MISSING.code, Severity.WARNING)
    assert "`deploy` is not read" in finding.message


def test_the_users_file_may_hold_tables_that_are_not_settings(project: Callable[..., Path], user_file: Path) -> None:
    user_file.write_text('[template.aliases]\nacme = "https://acme.dev/t"\n[trust]\nprefixes = ["x"]\n', "utf-8")
    configuration = load(project(), environ={})
    assert configuration.check(DECLARED) == ()
    assert configuration.aliases == {"acme": "https://acme.dev/t"}
    assert configuration.user_tables["trust"] == {"prefixes": ["x"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("template = 1", "`template` must be a table"),
        ("[template]\naliases.acme = 1", "`template.aliases.acme` must be text"),
        ("[template]\nalias = {}", "unknown key `alias` in `template`"),
    ],
)
def test_the_users_own_tables_are_checked_too(
    project: Callable[..., Path], user_file: Path, text: str, message: str
) -> None:
    user_file.write_text(text, encoding="utf-8")
    with pytest.raises(DevkitError) as caught:
        load(project(), environ={})
    assert caught.value.message == message
    assert caught.value.place is not None
    assert caught.value.place.path == str(user_file)
