from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest

from devkit.api.stages import Default, Settings
from devkit.config.load import Configuration, load
from devkit.config.origin import Origin
from devkit.errors import CONFIG_TWICE, CONFIG_TYPE, NO_WORKSPACES, PLUGIN_INVALID, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from devkit.api.values import Value


class Strategy(StrEnum):
    ROLLING = "rolling"
    BLUE_GREEN = "blue-green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    memory: str = "256Mi"
    cpu: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploySettings:
    strategy: Strategy = Strategy.ROLLING
    replicas: int = 2
    wait: bool = True
    regions: tuple[str, ...] = ("eu",)
    labels: dict[str, str] = field(default_factory=lambda: {"team": "core"})
    limits: Limits = Limits()
    timeout: int | None = None
    services: dict[str, Limits] = field(default_factory=dict)


DEPLOY = Settings(table="deploy", type=DeploySettings)


def configure(root: Path, environ: Mapping[str, str] | None = None, **flags: Value) -> Configuration:
    return load(root, environ=environ or {}, flags={name.replace("_", "."): value for name, value in flags.items()})


def deploy(root: Path, environ: Mapping[str, str] | None = None, **flags: Value) -> DeploySettings:
    settings = configure(root, environ, **flags).settings(DEPLOY)
    assert isinstance(settings, DeploySettings)
    return settings


def origins(configuration: Configuration) -> dict[str, Origin]:
    return {entry.key: entry.origin for entry in configuration.entries([DEPLOY])}


def test_without_any_file_every_value_is_the_default(project: Callable[..., Path]) -> None:
    assert deploy(project()) == DeploySettings()


def test_without_a_project_the_users_file_still_counts(user_file: Path) -> None:
    user_file.write_text("[deploy]\nreplicas = 7\n", encoding="utf-8")
    settings = load(None, environ={}).settings(DEPLOY)
    assert isinstance(settings, DeploySettings)
    assert settings.replicas == 7


def test_an_empty_file_is_simply_empty(project: Callable[..., Path]) -> None:
    assert deploy(project(pyproject="", devkit="")) == DeploySettings()


def test_values_of_every_type_are_read(project: Callable[..., Path]) -> None:
    text = """
        [tool.devkit.deploy]
        strategy = "blue-green"
        replicas = 3
        wait = false
        regions = ["eu", "us"]
        timeout = 30
        limits.cpu = 2
        services.api.memory = "1Gi"
        [tool.devkit.deploy.labels]
        "acme.com/owner" = "shop"
    """
    assert deploy(project(pyproject=text)) == DeploySettings(
        strategy=Strategy.BLUE_GREEN,
        replicas=3,
        wait=False,
        regions=("eu", "us"),
        timeout=30,
        limits=Limits(cpu=2.0),
        services={"api": Limits(memory="1Gi")},
        labels={"team": "core", "acme.com/owner": "shop"},
    )


def test_each_layer_wins_over_the_one_below(project: Callable[..., Path], user_file: Path) -> None:
    def replicas(root: Path, environ: Mapping[str, str] | None = None, **flags: Value) -> tuple[int, str]:
        configuration = configure(root, environ, **flags)
        settings = configuration.settings(DEPLOY, facts)
        assert isinstance(settings, DeploySettings)
        entries = {entry.key: entry for entry in configuration.entries([DEPLOY], facts)}
        assert entries["deploy.replicas"].value == settings.replicas
        return settings.replicas, entries["deploy.replicas"].origin.kind

    facts: list[Default] = []
    assert replicas(project()) == (2, "default")
    facts = [Default(table="deploy", key="replicas", value=3)]
    assert replicas(project()) == (3, "fact")
    user_file.write_text("[deploy]\nreplicas = 4\n", encoding="utf-8")
    assert replicas(project()) == (4, "user")
    assert replicas(project(pyproject="[tool.devkit.deploy]\nreplicas = 5\n")) == (5, "project")
    assert replicas(project(devkit_local="[deploy]\nreplicas = 6\n")) == (6, "local")
    variable = {"DEVKIT_DEPLOY__REPLICAS": "7"}
    assert replicas(project(), variable) == (7, "variable")
    assert replicas(project(), variable, deploy_replicas=8) == (8, "flag")


def test_devkit_toml_has_the_same_keys_at_its_top(project: Callable[..., Path]) -> None:
    root = project(pyproject="[tool.devkit.deploy]\nwait = false\n", devkit="[deploy]\nreplicas = 5\n")
    assert deploy(root) == DeploySettings(wait=False, replicas=5)


def test_a_key_in_both_project_files_names_both_places(project: Callable[..., Path]) -> None:
    root = project(
        pyproject="[tool.devkit]\ndeploy.replicas = 1\n", devkit="# ours\n[deploy]\nwait = true\nreplicas = 2\n"
    )
    with pytest.raises(DevkitError) as caught:
        configure(root)
    assert caught.value.kind is CONFIG_TWICE
    assert caught.value.message == "`deploy.replicas` is set twice: pyproject.toml:2:8 and devkit.toml:4:1"
    assert caught.value.place == Place(
        path="devkit.toml", line=4, column=1, text="replicas = 2", width=8, label="set a second time"
    )


def test_every_value_names_where_it_was_set(project: Callable[..., Path]) -> None:
    text = '[tool]\n\n[tool.devkit.deploy]\nregions = [\n  "eu",\n]\n  "replicas" = 3\n'
    text += 'limits = { cpu = 1, memory = "1Gi" }\n'
    found = origins(configure(project(pyproject=text), {"DEVKIT_DEPLOY__LABELS__TEAM": "web"}))
    assert str(found["deploy.regions"]) == "pyproject.toml:4:1"
    assert found["deploy.replicas"].place == Place(
        path="pyproject.toml", line=7, column=3, text='  "replicas" = 3', width=10
    )
    assert str(found["deploy.limits.memory"]) == "pyproject.toml:8:21"
    assert found["deploy.labels.team"] == Origin(kind="variable", name="DEVKIT_DEPLOY__LABELS__TEAM")
    assert str(found["deploy.wait"]) == "default"


def test_entries_begin_with_the_keys_of_devkit_itself(project: Callable[..., Path]) -> None:
    root = project(devkit='plugins = ["acme"]\n[facts]\nport = 80\n"a.b" = 1\n')
    entries = configure(root).entries([DEPLOY])
    assert [(entry.key, entry.value) for entry in entries][:7] == [
        ("required-version", ""),
        ("plugins", ("acme",)),
        ("members", ()),
        ("plugin-folders", ()),
        ("facts.port", 80),
        ('facts."a.b"', 1),
        ("mirrors", {}),
    ]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("STRATEGY", "blue-green", DeploySettings(strategy=Strategy.BLUE_GREEN)),
        ("WAIT", "off", DeploySettings(wait=False)),
        ("REGIONS", "eu, us,", DeploySettings(regions=("eu", "us"))),
        ("REGIONS", '["a,b"]', DeploySettings(regions=("a,b",))),
        ("REGIONS", "", DeploySettings(regions=())),
        ("LIMITS", "{ cpu = 4 }", DeploySettings(limits=Limits(cpu=4.0))),
        ("LIMITS__CPU", "4.5", DeploySettings(limits=Limits(cpu=4.5))),
        ("TIMEOUT", "9", DeploySettings(timeout=9)),
    ],
)
def test_variables_are_read_as_the_declared_type(
    project: Callable[..., Path], variable: str, value: str, expected: DeploySettings
) -> None:
    assert deploy(project(), {f"DEVKIT_DEPLOY__{variable}": value}) == expected


def test_the_deeper_variable_wins_over_the_one_for_its_table(project: Callable[..., Path]) -> None:
    variables = {"DEVKIT_DEPLOY__LIMITS": '{ cpu = 4, memory = "1Gi" }', "DEVKIT_DEPLOY__LIMITS__CPU": "2"}
    assert deploy(project(), variables).limits == Limits(cpu=2.0, memory="1Gi")


def test_a_variable_without_a_section_sets_a_key_of_devkit_itself(project: Callable[..., Path]) -> None:
    variables = {"DEVKIT__PLUGIN_FOLDERS": "tools/plugins", "DEVKIT_PLUGINS": "a,b", "DEVKIT_FACTS__PORT": "9000"}
    core = configure(project(), variables).core
    assert (core.plugin_folders, core.plugins, core.facts) == (("tools/plugins",), (), {"port": 9000})


def test_a_flag_given_as_text_is_read_as_the_declared_type(project: Callable[..., Path]) -> None:
    assert deploy(project(), deploy_replicas="4").replicas == 4


@pytest.mark.parametrize(
    ("line", "message", "column", "width"),
    [
        ('replicas = "3"', "`deploy.replicas` must be a whole number", 1, 8),
        ("replicas = true", "`deploy.replicas` must be a whole number", 1, 8),
        ("wait = 1", "`deploy.wait` must be `true` or `false`", 1, 4),
        ("limits.memory = 1979-05-27", "`deploy.limits.memory` must be text", 8, 6),
        ('limits = { cpu = "much" }', "`deploy.limits.cpu` must be a number", 12, 3),
        ('strategy = "slow"', "`deploy.strategy` must be one of `rolling`, `blue-green`", 1, 8),
        ('regions = ["eu", 3]', "`deploy.regions[1]` must be text", 1, 7),
        ('regions = "eu"', "`deploy.regions` must be a list", 1, 7),
        ("labels = 3", "`deploy.labels` must be a table", 1, 6),
        ("services.api = 3", "`deploy.services.api` must be a table", 10, 3),
    ],
)
def test_a_value_of_the_wrong_type_says_where_and_what_was_expected(
    project: Callable[..., Path], line: str, message: str, column: int, width: int
) -> None:
    root = project(pyproject=f"\ufeff[tool.devkit.deploy]\r\n{line}\r\n")
    with pytest.raises(DevkitError) as caught:
        configure(root).settings(DEPLOY)
    expected = message.partition(" must be ")[2]
    assert caught.value.kind is CONFIG_TYPE
    assert caught.value.message == message
    assert caught.value.place == Place(
        path="pyproject.toml", line=2, column=column, text=line, width=width, label=f"expected {expected}"
    )


def test_a_variable_of_the_wrong_type_is_named_without_its_value(project: Callable[..., Path]) -> None:
    with pytest.raises(DevkitError) as caught:
        deploy(project(), {"DEVKIT_DEPLOY__REPLICAS": "hunter2"})
    assert caught.value.kind is CONFIG_TYPE
    assert caught.value.message == "the variable DEVKIT_DEPLOY__REPLICAS must be a whole number"


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\ndevkit = 3", "[[tool.devkit]]", "[tool.devkit]\ndeploy = 3"])
def test_a_value_where_a_table_belongs_is_refused(project: Callable[..., Path], text: str) -> None:
    with pytest.raises(DevkitError, match="must be a table") as caught:
        deploy(project(pyproject=text))
    assert caught.value.kind is CONFIG_TYPE


def test_a_plugins_own_default_of_the_wrong_type_is_the_plugins_fault(project: Callable[..., Path]) -> None:
    with pytest.raises(DevkitError, match=r"a plugin's default for `deploy\.replicas`") as caught:
        configure(project()).settings(DEPLOY, [Default(table="deploy", key="replicas", value="many")])
    assert caught.value.kind is PLUGIN_INVALID


@dataclass(frozen=True)
class Picky:
    share: int = 80

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 100:
            raise ValueError("`share` lies between 0 and 100")


def test_the_settings_own_objection_is_an_error_of_the_configuration(project: Callable[..., Path]) -> None:
    with pytest.raises(DevkitError) as caught:
        configure(project(devkit="[picky]\nshare = 101\n")).settings(Settings(table="picky", type=Picky))
    assert caught.value.kind is CONFIG_TYPE
    assert caught.value.message == "`picky` is not valid: `share` lies between 0 and 100"
    assert str(caught.value.place) == "devkit.toml:1:2"


def test_corrected_facts_carry_their_place(project: Callable[..., Path]) -> None:
    configuration = configure(
        project(pyproject="[tool.devkit.facts]\nport = 8080\n"), {"DEVKIT_FACTS__LANGUAGE": "go"}
    )
    facts = configuration.facts()
    assert (facts["port"].value, str(facts["port"].place)) == (8080, "pyproject.toml:2:1")
    assert (facts["language"].value, str(facts["language"].place)) == ("go", "DEVKIT_FACTS__LANGUAGE")


def test_members_say_that_workspaces_are_not_available_yet(project: Callable[..., Path]) -> None:
    with pytest.raises(DevkitError, match="workspaces are not available yet") as caught:
        configure(project(devkit='members = ["services/*"]'))
    assert (caught.value.kind, str(caught.value.place)) == (NO_WORKSPACES, "devkit.toml:1:1")


def test_the_files_looked_at_are_listed_whether_or_not_they_exist(
    project: Callable[..., Path], user_file: Path
) -> None:
    root = project(devkit="")
    names = ("pyproject.toml", "devkit.toml", "devkit.local.toml")
    assert configure(root).files == (*(str(root / name) for name in names), str(user_file))
