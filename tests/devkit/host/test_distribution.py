from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import devkit
from devkit.host.entries import Installed
from devkit.host.host import Host

AUDIT = Path(__file__).parents[2] / "distributions" / "devkit_audit"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a fresh virtual environment with the distribution of another author, built and installed by pip."""
    pytest.importorskip("hatchling", reason="pip has no index here, so the build backend has to be installed")
    pytest.importorskip("pip")
    base = tmp_path_factory.mktemp("audit")
    source = shutil.copytree(AUDIT, base / "source")
    venv.create(base / "venv", with_pip=False)
    python = base / "venv" / "bin" / "python"
    ours = [sysconfig.get_path("purelib"), str(Path(devkit.__file__).parents[1])]
    ours += [entry for entry in sys.path if entry.endswith("/plugins")]
    scheme = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(scheme, check=True, capture_output=True, text=True).stdout.strip())
    (site / "ours.pth").write_text("\n".join(ours) + "\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--no-build-isolation", "--quiet", str(source)], check=True, capture_output=True)
    return base / "venv"


def _devkit(environment: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    python = str(environment / "bin" / "python")
    command = [python, "-m", "devkit", *words]
    return subprocess.run(command, cwd=cwd, env=dict(os.environ), capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("devkit_home")
def test_an_installed_distribution_shows_in_the_help(environment: Path, tmp_path: Path) -> None:
    text = _devkit(environment, "--help", cwd=tmp_path).stdout
    assert "Check licences now. [audit]" in text
    stages = text[text.index("Stages:") :]
    assert stages.index("  env") < stages.index("  audit") < stages.index("  test")


@pytest.mark.usefixtures("devkit_home")
def test_its_command_runs_and_can_be_left_out(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "devkit.toml").touch()
    done = _devkit(environment, "audit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "all licences are allowed\n"), done.stderr
    assert _devkit(environment, "--no-plugins", "audit", cwd=tmp_path).returncode == 2


def test_its_plugin_fits_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(AUDIT))
    installed = Installed(name="audit", distribution="devkit-audit", version="1.2.0", module="devkit_audit.plugin")
    host = Host.of([installed])
    assert not host.quarantined
    assert [owned.value.name for owned in host.stages] == ["audit"]
    assert {word for finding in host.warnings for word in ("env", "test") if f"`{word}`" in finding.message} == {
        "env",
        "test",
    }
