from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from devkit import __version__

if TYPE_CHECKING:
    from pathlib import Path

FAST = {
    "devkit",
    "devkit.cli",
    "devkit.cli.completing",
    "devkit.cli.help",
    "devkit.cli.installed",
    "devkit.cli.launch",
    "devkit.cli.scripts",
    "devkit.cli.table",
    "devkit.cli.words",
    "devkit.config",
    "devkit.config.directories",
    "devkit.host",
    "devkit.host.entries",
    "devkit.host.index",
    "devkit.host.indexfile",
    "devkit.host.searchpath",
    "devkit.host.selection",
    "devkit.host.stamps",
    "gc",
}
"""All that the fast path may import; each more is paid for by every `--help` and every key press of completion."""
IMPORTS = """
import sys
before = set(sys.modules)
from devkit.cli.launch import main
sys.argv = ["devkit", *{words!r}]
code = main()
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""
LAUNCH = "import sys; from devkit.cli.launch import main; sys.exit(main())"


@pytest.fixture
def devkit(devkit_home: Path, tmp_path: Path) -> Any:  # noqa: ARG001 - the cache is the test's own
    """Give a function that runs devkit's launcher in a process of its own."""

    def run(*words: str, code: str = LAUNCH, **more: Any) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "COLUMNS": "80", **more.pop("environ", {})}
        command = [sys.executable, "-I", "-c", code, *words]
        more = {"stdout": subprocess.PIPE, **more}
        return subprocess.run(
            command, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False, **more
        )

    return run


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["--help"],
        ["-h"],
        [],
        ["--no-plugins", "-h"],
        ["completion", "bash"],
        ["completion", "answers", "--", "pl"],
    ],
)
def test_the_fast_path_imports_nothing_heavy(devkit: Any, words: list[str]) -> None:
    devkit("--help")  # the first run makes the index
    done = devkit(code=IMPORTS.format(words=words))
    assert done.returncode == 0
    if "devkit.host.discovery" in done.stderr:
        pytest.skip("a folder of the search path is being written to, so that no index can be kept")
    assert set(done.stderr.split()) <= FAST


def test_the_version_is_told(devkit: Any) -> None:
    assert devkit("--version").stdout == f"devkit {__version__}\n"
    assert json.loads(devkit("--json", "--version").stdout)["version"] == __version__


def test_help_is_told_in_three_ways_and_as_json(devkit: Any) -> None:
    texts = [devkit(*words).stdout for words in (["--help"], ["-h"], [], ["help"])]
    assert len(set(texts)) == 1
    assert "Usage: devkit" in texts[0]
    assert json.loads(devkit("--help", "--json").stdout)["text"] == texts[0]


def test_help_with_a_command_is_that_commands(devkit: Any) -> None:
    assert devkit("help", "schema").stdout == devkit("schema", "--help").stdout != ""


def test_python_can_run_it_as_a_module(devkit_home: Path, tmp_path: Path) -> None:  # noqa: ARG001 - own cache
    words = [sys.executable, "-m", "devkit", "--version"]
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.startswith(
        "devkit "
    )


@pytest.mark.parametrize("columns", ["1", "20", "1000"])
def test_any_width_will_do(devkit: Any, columns: str) -> None:
    done = devkit("--help", environ={"COLUMNS": columns})
    assert (done.returncode, done.stderr) == (0, "")


def test_an_encoding_without_the_characters_will_do(devkit: Any) -> None:
    code = "import io, sys; sys.stdout = io.TextIOWrapper(sys.stdout.buffer, 'ascii'); " + LAUNCH
    assert devkit("--help", code=code).returncode == 0


def test_a_pipe_that_closes_early_is_no_traceback(devkit: Any) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = devkit("--help", stdout=closed)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["help", "schema"]])
def test_closed_streams_are_no_traceback(devkit: Any, words: list[str]) -> None:
    done = devkit(*words, preexec_fn=lambda: os.closerange(0, 2))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_disk_is_told(devkit: Any) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = devkit("--help", stdout=full)
    assert done.returncode == 74
    assert "the output cannot be written" in done.stderr
    assert "state: nothing was changed" in done.stderr


@pytest.mark.parametrize("words", [["-p", "evn", "--help"], ["--json", "-p", "evn", "--help"]])
def test_an_unknown_plugin_is_refused_on_the_fast_path_too(devkit: Any, words: list[str]) -> None:
    done = devkit(*words)
    assert done.returncode == 2
    assert "there is no plugin `evn`" in done.stderr
    assert "did you mean `env`?" in done.stderr
    if "--json" in words:
        assert json.loads(done.stdout)["error"]["exit"] == 2


def _install(folder: Path, name: str, source: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{name}_module.py").write_text(source, "utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[devkit.plugins]\n{name} = {name}_module\n", "utf-8")


COMMAND = (
    "from devkit.api import *\n@hookimpl\ndef devkit_commands(): "
    "return [Command(name={!r}, summary='Ours.', target='a:b')]\n"
)


@pytest.mark.parametrize(
    "source",
    [
        "raise SystemExit(0)",
        "raise KeyboardInterrupt",
        "print('noise')\n1 / 0",
        "from devkit.api import *\n@hookimpl\ndef devkit_stage(): return []\n",
        "from devkit.api import *\ndevkit_api = 99\n@hookimpl\ndef devkit_stages(): return []\n",
        COMMAND.format("init"),
    ],
)
def test_help_works_and_names_a_plugin_that_does_not(devkit: Any, tmp_path: Path, source: str) -> None:
    site = tmp_path / "site"
    _install(site, "broken", source)
    code = f"import sys; sys.path.append({str(site)!r}); {LAUNCH}"
    done = devkit("--help", code=code)
    assert done.returncode == 0
    assert "Plugins left out:" in done.stdout
    assert "broken" in done.stdout
    assert "noise" not in done.stdout
    assert "broken" not in devkit("--no-plugins", "--help", code=code).stdout


def test_commands_of_plugins_are_in_the_help_as_chosen(devkit: Any, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _install(site, "audit", COMMAND.format("check-all"))
    _install(site, "other", COMMAND.format("other-one"))
    code = f"import sys; sys.path.append({str(site)!r}); {LAUNCH}"
    for words, environ, expected in (
        (["--help"], {}, {"check-all", "other-one"}),
        (["-p", "audit", "--help"], {}, {"check-all"}),
        (["--help"], {"DEVKIT_PLUGINS": "other"}, {"other-one"}),
        (["--no-plugins", "--help"], {}, set()),
        (["--help"], {"DEVKIT_DISABLE_PLUGIN_AUTOLOAD": "1"}, set()),
    ):
        text = devkit(*words, code=code, environ=environ).stdout
        assert {name for name in ("check-all", "other-one") if name in text} == expected


def test_an_interruption_is_not_blamed_on_the_plugin_being_imported(devkit: Any, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _install(site, "slow", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nraise ValueError\n")
    done = devkit("--help", code=f"import sys; sys.path.append({str(site)!r}); {LAUNCH}")
    assert done.returncode == 130
    assert "state: nothing was changed" in done.stderr
    assert "slow" not in done.stdout
