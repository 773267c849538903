from __future__ import annotations

import importlib
import py_compile
import sys
from typing import TYPE_CHECKING

import pytest

from devkit.api import DevkitError
from devkit.host.host import Host
from devkit.host.local import import_folder, plugin_code, sorted_by_trust, trusted_folders
from devkit.host.selection import Selection
from devkit.host.trust import TrustStore

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
from devkit.api import Stage, hookimpl
from . import names

@hookimpl
def devkit_stages():
    return [Stage(name=names.STAGE, summary="Ours.")]
"""


@pytest.fixture
def root(tmp_path: Path, devkit_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: ARG001 - own state
    made = tmp_path / "project"
    folder = made / "tools" / "our-stage"
    folder.mkdir(parents=True)
    (folder / "plugin.py").write_text(PLUGIN, "utf-8")
    (folder / "names.py").write_text('STAGE = "ours"\n', "utf-8")
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    return made


def test_nothing_of_an_untrusted_folder_runs(root: Path) -> None:
    with pytest.raises(DevkitError, match="not trusted") as caught:
        trusted_folders(root, ["tools/our-stage"])
    assert caught.value.exit == 4
    assert "devkit_local_our_stage" not in sys.modules


def test_a_trusted_folder_is_a_plugin(root: Path) -> None:
    (code,) = plugin_code(root, ["tools/our-stage"])
    TrustStore().grant(code)
    before = list(sys.path)
    host = Host.of([], local=trusted_folders(root, ["tools/our-stage"]))
    assert not host.quarantined
    (stage,) = host.stages
    assert stage.value.name == "ours"
    assert (stage.plugin.name, stage.plugin.package) == ("our-stage", "devkit_local_our_stage")
    assert sys.path == before
    assert importlib.import_module("devkit_local_our_stage.names").STAGE == "ours"


def test_an_edit_voids_the_trust(root: Path) -> None:
    (code,) = plugin_code(root, ["tools/our-stage"])
    TrustStore().grant(code)
    (code.folder / "names.py").write_text('STAGE = "theirs"\n', "utf-8")
    with pytest.raises(DevkitError, match="not trusted"):
        trusted_folders(root, ["tools/our-stage"])


def test_a_package_is_a_plugin_too(root: Path) -> None:
    folder = root / "tools" / "whole"
    folder.mkdir()
    (folder / "__init__.py").write_text(PLUGIN, "utf-8")
    (folder / "names.py").write_text('STAGE = "whole"\n', "utf-8")
    host = Host.of([], local=[folder])
    assert [owned.value.name for owned in host.stages] == ["whole"]


def test_compiled_files_of_the_project_are_never_run_and_none_are_made(root: Path) -> None:
    folder = root / "tools" / "our-stage"
    evil = root / "evil.py"
    evil.write_text('STAGE = "evil"\n', "utf-8")
    cache = folder / "__pycache__" / f"names.{sys.implementation.cache_tag}.pyc"
    py_compile.compile(str(evil), cfile=str(cache), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    assert [owned.value.name for owned in Host.of([], local=[folder]).stages] == ["ours"]
    assert [file.name for file in cache.parent.iterdir()] == [cache.name]


def test_a_folder_that_fails_is_set_aside(root: Path) -> None:
    (root / "tools" / "our-stage" / "names.py").write_text("raise SystemExit(0)\n", "utf-8")
    (left_out,) = Host.of([], local=[root / "tools" / "our-stage"]).quarantined
    assert left_out.name == "our-stage"
    assert "SystemExit" in left_out.reason


def test_a_selection_leaves_folders_out_as_well(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path[:1])
    folder = root / "tools" / "our-stage"
    assert Host.load(Selection(disabled=True), local=[folder]).plugins == ()
    assert [plugin.name for plugin in Host.load(Selection(("our-stage",)), local=[folder]).plugins] == ["our-stage"]


def test_each_load_reads_the_sources_anew(root: Path) -> None:
    folder = root / "tools" / "our-stage"
    import_folder(folder)
    (folder / "names.py").write_text('STAGE = "later"\n', "utf-8")
    assert [owned.value.name for owned in Host.of([], local=[folder]).stages] == ["later"]


@pytest.mark.parametrize("folder", ["../elsewhere", ".", "tools/.."])
def test_a_folder_that_is_not_inside_the_project_is_refused(root: Path, folder: str) -> None:
    (root.parent / "elsewhere").mkdir()
    with pytest.raises(DevkitError, match="not inside the project") as caught:
        plugin_code(root, [folder])
    assert caught.value.exit == 77


def test_a_folder_with_links_is_refused(root: Path) -> None:
    (root / "tools" / "our-stage" / "more.py").symlink_to("/etc/hostname")
    with pytest.raises(DevkitError, match="holds links"):
        plugin_code(root, ["tools/our-stage"])


def test_a_folder_that_a_link_leads_out_to_is_refused(root: Path) -> None:
    (root.parent / "elsewhere").mkdir()
    (root / "linked").symlink_to(root.parent / "elsewhere")
    with pytest.raises(DevkitError, match="not inside the project"):
        plugin_code(root, ["linked"])


def test_a_folder_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(DevkitError, match="`tools/gone` does not exist") as caught:
        plugin_code(root, ["tools/gone"])
    assert caught.value.exit == 78


def test_a_reader_goes_on_without_an_untrusted_folder_and_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", sys.path[:1])
    folder = root / "tools" / "second"
    folder.mkdir()
    (folder / "plugin.py").write_text("raise SystemExit('it ran')\n", "utf-8")
    TrustStore().grant(plugin_code(root, ["tools/our-stage"])[0])
    trusted, untrusted = sorted_by_trust(root, ["tools/our-stage", "tools/second"])
    host = Host.load(Selection(), local=trusted, untrusted=untrusted)
    assert [plugin.name for plugin in host.plugins] == ["our-stage"]
    (left_out,) = host.quarantined
    assert left_out.name == "second"
    assert f"devkit trust {folder}" in left_out.help
    assert Host.load(Selection(disabled=True), local=trusted, untrusted=untrusted).quarantined == ()
