from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from devkit.engine.template_code import render_with_code, trusted_code
from devkit.errors import BAD_PATH, NEEDS_TRUST, TEMPLATE_INVALID, DevkitError
from devkit.host.trust import TrustStore
from devkit.render.answers import resolve
from devkit.render.source import TemplateSource, open_template

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.usefixtures("devkit_home")

ROOT = "{{cookiecutter.slug}}"
EXTENSION = """
from jinja2.ext import Extension

class Shout(Extension):
    def __init__(self, environment):
        super().__init__(environment)
        environment.filters["shout"] = lambda text: text.upper() + "!"
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def template(folder: Path, files: Mapping[str, str], variables: Mapping[str, Any] | None = None) -> TemplateSource:
    chosen = {"slug": "shop"} if variables is None else variables
    for path, text in {"cookiecutter.json": json.dumps(chosen), **files}.items():
        target = folder / "template" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(0o755 if path.endswith(".sh") else 0o644)
    return open_template(str(folder / "template"), {})


def trust(source: TemplateSource) -> TemplateSource:
    TrustStore().grant(trusted_code(source))
    return source


def render(source: TemplateSource, given: Mapping[str, str] | None = None) -> dict[str, str]:
    return {file.path: file.content.decode() for file in render_with_code(source, resolve(source, given or {}, None))}


def failure(source: TemplateSource, given: Mapping[str, str] | None = None) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        render(source, given)
    return caught.value


def test_without_trust_nothing_runs_and_each_file_is_listed(tmp_path: Path) -> None:
    hook = f"open({str(tmp_path / 'ran')!r}, 'w')"
    files = {
        "hooks/pre_prompt.py": hook,
        "hooks/pre_gen_project.py": hook,
        "hooks/post_gen_project.sh": "#!/bin/sh\n",
        "local_extensions/__init__.py": hook,
        f"{ROOT}/a": "",
    }
    source = template(tmp_path, files, {"slug": "{{ 'x'|shout }}", "_extensions": ["local_extensions.Shout"]})
    error = failure(source)
    assert (error.kind, error.exit) == (NEEDS_TRUST, 4)
    assert source.code == tuple(sorted(path for path in files if not path.startswith(ROOT)))
    assert all(path in error.help for path in source.code)
    assert not (tmp_path / "ran").exists()


def test_an_edit_voids_the_trust(tmp_path: Path) -> None:
    source = trust(template(tmp_path, {"hooks/pre_gen_project.py": "", f"{ROOT}/a": "x"}))
    assert render(source) == {"a": "x"}
    (source.folder / "hooks/pre_gen_project.py").write_text("print('more')")
    assert failure(source).kind is NEEDS_TRUST


def test_hooks_run_in_a_staging_folder_and_what_they_make_is_taken(tmp_path: Path, temporary: Path) -> None:
    files = {
        "hooks/pre_gen_project.py": "assert '{{ cookiecutter.slug }}' == 'shop'\nopen('early', 'w').write('e')\n",
        "hooks/post_gen_project.sh": "#!/bin/sh\nrm gone\necho made > made\nchmod +x made\ngit init -q .\n",
        f"{ROOT}/gone": "x",
        f"{ROOT}/sub/{{% if false %}}left-out{{% endif %}}": "x",
        f"{ROOT}/src/kept": "{{ cookiecutter.slug }}",
    }
    source = trust(template(tmp_path, files))
    made = {file.path: file for file in render_with_code(source, resolve(source, {}, None))}
    assert {path: file.content for path, file in made.items()} == {
        "early": b"e", "made": b"made\n", "src/kept": b"shop",
    }  # fmt: skip
    assert (made["made"].executable, made["early"].executable) == (True, False)
    assert (made["src/kept"].is_seed, made["made"].is_seed) == (True, False)
    assert os.listdir(temporary) == []


def test_extensions_render_defaults_names_and_files(tmp_path: Path) -> None:
    files = {
        "local_extensions.py": EXTENSION,
        f"{ROOT}/{{{{ 'a'|shout }}}}": "{{ cookiecutter.loud }} {{ cookiecutter.plain }} {{ cookiecutter.__hidden }}",
    }
    variables = {
        "slug": "shop",
        "loud": "{{ cookiecutter.slug|shout }}",
        "plain": "x",
        "__hidden": "{{ 'h'|shout }}",
        "_extensions": ["local_extensions.Shout"],
    }
    source = trust(template(tmp_path, files, variables))
    assert resolve(source, {}, None) == {"slug": "shop", "plain": "x"}
    assert render(source) == {"A!": "SHOP! x H!"}
    assert render(source, {"loud": "{{ quiet }}"}) == {"A!": "{{ quiet }} x H!"}
    assert not (source.folder / "__pycache__").exists()


def test_a_hook_before_the_questions_may_change_them(tmp_path: Path, temporary: Path) -> None:
    hook = 'open(\'cookiecutter.json\', \'w\').write(\'{"slug": "shop", "late": "added"}\')\n'
    source = trust(template(tmp_path, {"hooks/pre_prompt.py": hook, f"{ROOT}/a": "{{ cookiecutter.late }}"}))
    assert render(source) == {"a": "added"}
    assert "late" not in (source.folder / "cookiecutter.json").read_text()
    assert os.listdir(temporary) == []


@pytest.mark.parametrize("hook", ["pre_prompt", "pre_gen_project", "post_gen_project"])
def test_a_hook_that_fails_is_shown_with_its_output(tmp_path: Path, temporary: Path, hook: str) -> None:
    text = "import sys\nprint('said')\nsys.exit('and complained')\n"
    error = failure(trust(template(tmp_path, {f"hooks/{hook}.py": text, f"{ROOT}/a": ""})))
    assert (error.kind, error.exit) == (TEMPLATE_INVALID, 65)
    assert "said" in error.help
    assert "and complained" in error.help
    assert os.listdir(temporary) == []


def test_an_undefined_variable_is_named(tmp_path: Path) -> None:
    error = failure(
        trust(template(tmp_path, {"hooks/pre_gen_project.py": "", f"{ROOT}/a": "{{ cookiecutter.nope }}"}))
    )
    assert error.kind is TEMPLATE_INVALID
    assert "a" in error.message


@pytest.mark.parametrize("name", ["{{ cookiecutter.v }}/f", "{{ cookiecutter.v }}"])
@pytest.mark.parametrize("value", ["../../out", "/tmp/out-of-devkit", "a/../../../out"])
def test_a_name_that_leads_out_is_refused_before_anything_is_written(tmp_path: Path, name: str, value: str) -> None:
    files = {"hooks/pre_gen_project.py": f"open({str(tmp_path / 'ran')!r}, 'w')", f"{ROOT}/{name}": "x"}
    error = failure(trust(template(tmp_path, files, {"slug": "shop", "v": "v"})), {"v": value})
    assert (error.kind, error.exit) == (BAD_PATH, 77)
    assert not list(tmp_path.rglob("out*"))
    assert not Path("/tmp/out-of-devkit").exists()
    assert not (tmp_path / "ran").exists()


def test_a_link_that_a_hook_makes_is_refused(tmp_path: Path) -> None:
    files = {"hooks/post_gen_project.sh": "#!/bin/sh\nln -s /etc link\n", f"{ROOT}/a": ""}
    assert "symbolic link" in failure(trust(template(tmp_path, files))).message


INTERRUPTED = """
import sys, tempfile
from devkit.engine.signals import Interrupted, handling
from devkit.engine.template_code import render_with_code
from devkit.render.source import open_template
tempfile.tempdir = sys.argv[2]
try:
    with handling():
        render_with_code(open_template(sys.argv[1], {}), {})
except Interrupted as interrupted:
    sys.exit(interrupted.kind.exit)
"""


def test_an_interrupt_ends_the_hook_and_leaves_nothing(tmp_path: Path, temporary: Path) -> None:
    os.mkfifo(tmp_path / "started")
    hook = f"#!/bin/sh\nexec 3> {tmp_path}/started\necho started >&3\nexec sleep 600\n"
    source = trust(template(tmp_path, {"hooks/post_gen_project.sh": hook, f"{ROOT}/a": ""}))
    argv = [sys.executable, "-c", INTERRUPTED, str(source.folder), str(temporary)]
    with subprocess.Popen(argv) as process, open(tmp_path / "started", encoding="utf-8") as started:
        assert started.readline() == "started\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 143
        os.set_blocking(started.fileno(), False)
        assert started.read() == ""  # the end, which comes once nobody can write: the hook is gone
    assert os.listdir(temporary) == []


def test_a_nested_template_runs_only_its_own_code(tmp_path: Path) -> None:
    inner = {"cookiecutter.json": '{"slug": "in"}', f"{ROOT}/a": "{{ cookiecutter.slug }}"}
    files = {f"{kind}/{path}": text for kind in ("plain", "hooked") for path, text in inner.items()}
    files["hooked/hooks/post_gen_project.sh"] = "#!/bin/sh\necho hooked > made\n"
    variables = {"templates": {"plain": {"path": "./plain"}, "hooked": {"path": "hooked"}}}
    source = template(tmp_path, files, variables)
    assert source.code == ("hooked/hooks/post_gen_project.sh",)
    assert render(source) == {"a": "in"}
    assert failure(source, {"template": "hooked"}).kind is NEEDS_TRUST
    assert render(trust(source), {"template": "hooked"}) == {"a": "in", "made": "hooked\n"}
