from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devkit.config.directories import cache_folder
from devkit.host.index import find_command, read_index
from devkit.host.indexfile import read_file, write_file
from devkit.host.searchpath import search_path
from devkit.host.selection import Selection


def _names() -> list[str]:
    return [plugin.name for plugin in read_index().plugins]


def _is_kept() -> bool:
    return read_file(search_path()) is not None


def _file() -> Path:
    (found,) = Path(cache_folder(), "plugins").iterdir()
    return found


def test_the_index_holds_what_plugins_register(site: Any) -> None:
    site.install(
        "audit",
        "from devkit.api import Command, Settings, Stage, Template, hookimpl\n"
        "from dataclasses import dataclass\n"
        "from pathlib import Path\n"
        "@dataclass(frozen=True)\nclass S: pass\n"
        "@hookimpl\ndef devkit_stages(): return [Stage(name='audit', summary='A\\x1b[31m stage\\nof\\tours.')]\n"
        "@hookimpl\ndef devkit_settings(): return [Settings(table='audit', type=S)]\n"
        "@hookimpl\ndef devkit_commands(): return [Command(name='audit', summary='Do.', target='acme.cli:audit')]\n"
        "@hookimpl\ndef devkit_templates(): return [Template(name='acme', summary='Own.', folder=Path('/a'))]\n",
    )
    read_index()
    index = read_file(search_path())
    assert index is not None
    (plugin,) = index.plugins
    assert (plugin.name, plugin.distribution, plugin.version, plugin.error) == ("audit", "audit", "1.0", "")
    assert [(stage.name, stage.summary) for stage in plugin.stages] == [("audit", "A\\x1b[31m stage of ours.")]
    assert [(command.name, command.target) for command in plugin.commands] == [("audit", "acme.cli:audit")]
    assert [template.name for template in plugin.templates] == ["acme"]
    assert plugin.tables == ("audit",)


def test_a_kept_index_imports_nothing(site: Any) -> None:
    site.install("audit")
    assert _names() == ["audit"]
    del sys.modules["audit_module"]
    assert _names() == ["audit"]
    assert "audit_module" not in sys.modules


def test_a_plugin_that_cannot_be_used_is_in_the_index_with_the_reason(site: Any) -> None:
    site.install("broken", "raise SystemExit(1)")
    read_index()
    (plugin,) = read_index().plugins
    assert "SystemExit" in plugin.error


def test_the_index_is_the_users_own(site: Any) -> None:
    site.install("audit")
    read_index()
    assert _file().stat().st_mode & 0o777 == 0o600
    assert _file().parent.stat().st_mode & 0o777 == 0o700
    _file().chmod(0o666)
    assert not _is_kept()


def test_another_distribution_is_found(site: Any) -> None:
    site.install("audit")
    assert _names() == ["audit"]
    site.install("second")
    os.utime(site.folder, ns=(1, 1))
    assert sorted(_names()) == ["audit", "second"]


def test_a_distribution_that_went_is_gone(site: Any) -> None:
    info = site.install("audit")
    assert _names() == ["audit"]
    for file in info.iterdir():
        file.unlink()
    info.rmdir()
    assert _names() == []


def test_a_downgrade_is_seen(site: Any) -> None:
    info = site.install("audit", version="2.0")
    assert [plugin.version for plugin in read_index().plugins] == ["2.0"]
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: audit\nVersion: 1.0\n", "utf-8")
    info.rename(info.with_name("audit-1.0.dist-info"))
    assert [plugin.version for plugin in read_index().plugins] == ["1.0"]


def test_an_edit_of_the_entry_points_in_place_is_seen(site: Any) -> None:
    info = site.install("audit")
    assert _names() == ["audit"]
    assert _is_kept()
    (info / "entry_points.txt").write_text("[devkit.plugins]\nother = audit_module\n", "utf-8")
    assert _names() == ["other"]


def test_entry_points_that_appear_later_are_seen(site: Any) -> None:
    info = site.install("audit")
    text = (info / "entry_points.txt").read_text("utf-8")
    (info / "entry_points.txt").unlink()
    site.age()
    assert _names() == []
    assert _is_kept()
    (info / "entry_points.txt").write_text(text, "utf-8")
    assert _names() == ["audit"]


def test_an_edit_of_an_editable_plugin_is_seen(site: Any) -> None:
    site.install("audit")
    assert [stage.name for stage in read_index().plugins[0].stages] == ["audit"]
    module = site.folder / "audit_module.py"
    module.write_text(module.read_text("utf-8").replace('"audit"', '"changed"'), "utf-8")
    del sys.modules["audit_module"]
    assert [stage.name for stage in read_index().plugins[0].stages] == ["changed"]


def test_an_edit_of_another_file_of_an_editable_plugin_is_seen(site: Any, tmp_path: Path) -> None:
    package = tmp_path / "project" / "acme_module"
    (package / "parts").mkdir(parents=True)
    (package / "__init__.py").write_text("from acme_module.parts import *\n", "utf-8")
    parts = package / "parts" / "__init__.py"
    parts.write_text(Path(site.install("acme").parent, "acme_module.py").read_text("utf-8"), "utf-8")
    site.folder.joinpath("acme_module.py").unlink()
    site.age()
    type(site)(package.parent).age()
    sys.path.append(str(package.parent))
    assert _names() == ["acme"]
    assert _is_kept()
    parts.write_text("", "utf-8")
    assert not _is_kept()


def test_a_change_too_young_to_tell_apart_is_not_kept(site: Any) -> None:
    site.install("audit")
    os.utime(site.folder)
    assert _names() == ["audit"]
    assert not _is_kept()


def test_a_path_file_is_part_of_the_key(site: Any) -> None:
    site.install("audit")
    path_file = site.folder / "more.pth"
    path_file.write_text("", "utf-8")
    site.age()
    read_index()
    assert _is_kept()
    path_file.write_text("/somewhere\n", "utf-8")
    assert not _is_kept()


def test_another_search_path_has_another_index(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install("audit")
    assert _names() == ["audit"]
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "later")])
    assert not _is_kept()
    assert _names() == ["audit"]
    monkeypatch.setattr(sys, "path", sys.path[:-1])
    assert _is_kept()


def test_a_folder_that_appears_on_the_search_path_is_seen(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = type(site)(tmp_path / "later")
    monkeypatch.setattr(sys, "path", [*sys.path, str(later.folder)])
    assert _names() == []
    later.install("audit")
    assert _names() == ["audit"]


def test_a_plugin_in_a_zip_file_is_found_and_its_change_seen(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("audit")
    archive = tmp_path / "plugins.zip"
    _zip(site.folder, archive)
    monkeypatch.setattr(sys, "path", [*sys.path[:-1], str(archive)])
    assert _names() == ["audit"]
    assert _is_kept()
    site.install("second")
    _zip(site.folder, archive)
    assert sorted(_names()) == ["audit", "second"]


def _zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as opened:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                opened.write(file, file.relative_to(folder))
    os.utime(archive, ns=(len(archive.read_bytes()), len(archive.read_bytes())))


def test_the_first_of_two_versions_counts(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install("audit", version="2.0")
    first = type(site)(tmp_path / "first")
    first.install("audit", version="1.0")
    monkeypatch.setattr(sys, "path", [*sys.path[:2], str(first.folder), *sys.path[2:]])
    assert [plugin.version for plugin in read_index().plugins] == ["1.0"]


def test_what_is_left_of_a_broken_uninstallation_is_passed_over(site: Any) -> None:
    info = site.install("audit")
    (site.folder / "~udit-1.0.dist-info").mkdir()
    (site.folder / "half-1.0.dist-info").mkdir()
    (site.folder / "half-1.0.dist-info" / "entry_points.txt").write_text("no section\n", "utf-8")
    assert info.exists()
    assert _names() == ["audit"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_index_is_made_anew(site: Any, data: st.DataObject) -> None:
    if not list(site.folder.glob("*.dist-info")):
        site.install("audit")
    assert _names() == ["audit"]
    whole = _file().read_bytes()
    how = data.draw(st.sampled_from(["cut", "flip", "replace"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = {
        "cut": whole[:at],
        "flip": whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :],
        "replace": data.draw(st.binary(max_size=200)),
    }[how]
    _file().write_bytes(damaged)
    assert _names() == ["audit"]


def test_a_cache_that_cannot_be_written_costs_only_time(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder would be", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    site.install("audit")
    assert _names() == ["audit"]
    assert not _is_kept()


def test_old_indexes_do_not_pile_up(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install("audit")
    index = read_index()
    for number in range(40):
        write_file([f"/path/{number}"], [], index)
    assert len(list(Path(cache_folder(), "plugins").iterdir())) <= 16
    monkeypatch.undo()


def test_a_command_is_found_without_importing_its_plugin(site: Any) -> None:
    site.install(
        "audit",
        "from devkit.api import Command, Settings, Stage, Template, hookimpl\n"
        "@hookimpl\ndef devkit_commands(): return [Command(name='check', summary='Do.', target='acme.cli:audit')]\n",
    )
    read_index()
    del sys.modules["audit_module"]
    found = find_command("check", Selection())
    assert found is not None
    assert (found[0].name, found[1].target) == ("audit", "acme.cli:audit")
    assert find_command("check", Selection(disabled=True)) is None
    assert "audit_module" not in sys.modules


def test_an_index_in_pieces_leaves_no_temporary_file(site: Any) -> None:
    site.install("audit")
    read_index()
    assert [file.suffix for file in _file().parent.iterdir()] == [".index"]


def _python(*words: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **variables}
    return subprocess.run([sys.executable, *words], cwd=cwd, env=environ, capture_output=True, text=True, check=False)


def test_a_folder_on_pythonpath_is_a_place_for_plugins(site: Any, tmp_path: Path) -> None:
    site.install("audit")
    done = _python("-m", "devkit", "--help", cwd=tmp_path, PYTHONPATH=str(site.folder))
    assert done.returncode == 0
    assert "audit" in done.stdout


@pytest.mark.parametrize("python_path", ["", ".", ":", "{here}"])
def test_the_current_folder_is_no_place_for_plugins_or_modules(site: Any, python_path: str) -> None:
    site.install("evil", "raise SystemExit('imported')")
    for name in ("devkit_evil", "click", "msgspec", "pluggy", "tomllib"):
        (site.folder / f"{name}.py").write_text("raise SystemExit('imported')\n", "utf-8")
    variables = {"PYTHONPATH": python_path.format(here=site.folder)} if python_path else {}
    for words in (["--help"], ["plugin", "list"], ["--version"]):
        done = _python("-m", "devkit", *words, cwd=site.folder, **variables)
        assert "imported" not in done.stderr
        assert "evil" not in done.stdout


def test_the_project_around_the_current_folder_is_no_place_for_plugins(site: Any) -> None:
    site.install("evil", "raise SystemExit('imported')")
    (site.folder / "pyproject.toml").touch()
    (site.folder / "src").mkdir()
    done = _python("-m", "devkit", "--help", cwd=site.folder / "src", PYTHONPATH=str(site.folder))
    assert done.returncode == 0
    assert "evil" not in done.stdout
