"""Plugins of other authors: installed by pip, they join the lifecycle by the same door as devkit's own."""

from __future__ import annotations

import json
import tomllib
from functools import partial
from typing import TYPE_CHECKING

import pytest

from devkit.testing import snapshot
from tests.real.environments import REPOSITORY, make_environment, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.real.environments import Ended, Environment

pytestmark = [pytest.mark.real]

AUTHORS = ("devkit_audit", "devkit_notice")


@pytest.fixture(scope="module")
def environment(wheel: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with devkit, and two distributions that are not devkit's."""
    made = make_environment(tmp_path_factory.mktemp("third") / "venv", home)
    made.pip("install", "--quiet", wheel)
    made.pip("install", "--quiet", *(REPOSITORY / "tests/distributions" / name for name in AUTHORS))
    return made


@pytest.fixture(scope="module")
def shop(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that `devkit init` made while the plugins were installed."""
    above = tmp_path_factory.mktemp("above")
    environment.devkit("init", "shop", "--defaults", "--template", "python-library", cwd=above).passed()
    return above / "shop"


@pytest.fixture(scope="module")
def devkit(environment: Environment, shop: Path) -> Callable[..., Ended]:
    """Return what runs devkit in the project."""
    return partial(environment.devkit, cwd=shop)


def test_the_stages_stand_between_those_of_devkit_in_help_and_status(devkit: Callable[..., Ended]) -> None:
    help_text = devkit("--help").passed().stdout
    stages = [line.split()[0] for line in help_text.partition("Stages:\n")[2].partition("\n\n")[0].splitlines()]
    document = json.loads(devkit("--json", "status").passed().stdout)

    assert stages.index("env") < stages.index("audit") < stages.index("test")
    assert stages.index("audit") < stages.index("notice")
    assert [stage["name"] for stage in document["stages"]] == stages
    assert "audit:licences" in devkit("status", "-v").passed().stdout


def test_the_command_runs_and_stands_in_the_help(devkit: Callable[..., Ended]) -> None:
    assert "Check licences now." in devkit("--help").passed().stdout
    assert devkit("audit").passed().stdout == "all licences are allowed\n"
    assert "Check licences now." in devkit("audit", "--help").passed().stdout


def test_files_that_devkit_writes_hold_the_contributions_too(devkit: Callable[..., Ended], shop: Path) -> None:
    ignored = (shop / ".gitignore").read_text("utf-8")
    manifest = tomllib.loads((shop / "pyproject.toml").read_text("utf-8"))

    assert "# >>> devkit: audit >>>\nlicences.json\n# <<< devkit: audit <<<\n" in ignored
    assert "# >>> devkit: env >>>\n" in ignored
    assert manifest["project"]["name"] == "shop"
    assert manifest["tool"]["licence-audit"] == {"allow": ["MIT", "BSD-3-Clause", "Apache-2.0"]}
    owners = devkit("explain", "pyproject.toml").passed().stdout
    assert "scaffold" in owners
    assert "audit" in owners


def test_a_value_reaches_the_stage_of_another_author(shop: Path) -> None:
    assert "listed in `licences.json`." in (shop / "NOTICE.md").read_text("utf-8")


def test_the_task_runs_in_its_place_with_the_values_of_other_stages(
    devkit: Callable[..., Ended], environment: Environment, shop: Path
) -> None:
    ended = devkit("run", "test", "audit", "env").passed()

    ways = ("done ", "skipped ")  # what the making of the project has installed is there already
    done = [line.split()[1] for line in ended.stderr.splitlines() if line.startswith(ways)]
    assert done.index("env:install") < done.index("audit:licences")
    assert "test:unit" in done
    report = json.loads((shop / "licences.json").read_text("utf-8"))
    assert report["python"] == ".venv/bin/python"
    assert {"env", "audit", "notice", "test"} <= set(report["stages"])
    assert git(environment, shop, "status", "--porcelain") == ""


def test_the_project_is_whole(devkit: Callable[..., Ended], environment: Environment, shop: Path) -> None:
    assert git(environment, shop, "rev-list", "--count", "--all") == "1\n"
    devkit("apply", "--check").passed()
    devkit("run", "test").passed()


def test_the_plugins_are_listed_with_what_they_bring(devkit: Callable[..., Ended]) -> None:
    plugins = json.loads(devkit("--json", "plugin", "list").passed().stdout)["plugins"]
    info = json.loads(devkit("--json", "plugin", "info", "audit").passed().stdout)

    assert ("audit", "devkit-audit", "1.2.0", "loaded") in {
        tuple(each[key] for key in ("name", "distribution", "version", "state")) for each in plugins
    }
    assert (info["stages"], info["commands"], info["settings"]) == (["audit"], ["audit"], ["audit"])


def test_its_settings_are_checked_as_devkits_own(
    devkit: Callable[..., Ended], environment: Environment, shop: Path
) -> None:
    assert "audit.report" in devkit("config", "show").passed().stdout
    assert "Licences that dependencies may have." in devkit("schema").passed().stdout

    ended = environment.having(DEVKIT_AUDIT__REPORTS="x.json").devkit("plan", cwd=shop)

    assert ended.code == 78
    assert "did you mean `DEVKIT_AUDIT__REPORT`" in ended.stderr


def without_a_change(shop: Path, act: Callable[[], Ended]) -> Ended:
    """Return how something ended that must not change the project."""
    before = snapshot(shop)
    ended = act()
    assert snapshot(shop) == before
    return ended


def test_leaving_plugins_out_stops_writers_but_not_readers(devkit: Callable[..., Ended], shop: Path) -> None:
    status = without_a_change(shop, lambda: devkit("--no-plugins", "status")).passed()
    ended = without_a_change(shop, lambda: devkit("--no-plugins", "apply"))

    assert "devkit-audit" in status.stderr
    assert ended.code == 78
    assert "pip install devkit-audit" in ended.stderr
    assert "state: nothing was changed" in ended.stderr


def test_a_plugin_that_was_uninstalled_leaves_its_files_in_place(
    devkit: Callable[..., Ended], environment: Environment, shop: Path
) -> None:
    environment.pip("uninstall", "--quiet", "--yes", "devkit-audit", "devkit-notice")
    try:
        status = without_a_change(shop, lambda: devkit("status")).passed()
        ended = without_a_change(shop, lambda: devkit("apply"))
        others = [line for line in devkit("--help").passed().stdout.splitlines() if "licences" in line]
    finally:
        environment.pip("install", "--quiet", *(REPOSITORY / "tests/distributions" / name for name in AUTHORS))

    assert "devkit-audit" in status.stderr
    assert ended.code == 78
    assert "pip install devkit-audit" in ended.stderr
    assert others == []
    devkit("apply", "--check").passed()


def test_removing_a_stage_takes_away_what_it_contributed(
    devkit: Callable[..., Ended], environment: Environment, shop: Path
) -> None:
    devkit("remove", "notice").passed()
    devkit("remove", "audit").passed()

    changed = git(environment, shop, "diff", "--name-only").split()
    assert {".gitignore", "NOTICE.md", "pyproject.toml"} <= set(changed)
    assert "licence-audit" not in (shop / "pyproject.toml").read_text("utf-8")

    devkit("add", "audit").passed()
    devkit("add", "notice").passed()
    assert git(environment, shop, "status", "--porcelain") == ""


def git(environment: Environment, folder: Path, *words: str) -> str:
    """Return what git prints."""
    return run(["git", *words], cwd=folder, variables=environment.variables).passed().stdout
