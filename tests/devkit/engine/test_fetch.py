from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from devkit.engine.fetch import fetch_template
from devkit.errors import NO_GIT, TEMPLATE_UNREACHABLE, USAGE, DevkitError
from devkit.render.source import open_template

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("devkit_home")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def remote(tmp_path: Path, devkit_home: Path) -> Path:  # noqa: ARG001 - git's configuration is there
    folder = tmp_path / "remote" / "acme.git"
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    commit(folder, "one")
    git(folder, "tag", "-a", "v1", "-m", "one")
    commit(folder, "two")
    return folder


def commit(folder: Path, text: str) -> str:
    (folder / "cookiecutter.json").write_text(json.dumps({"slug": text}))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", text)
    return git(folder, "rev-parse", "HEAD")


def slug(folder: Path) -> str:
    return str(json.loads((folder / "cookiecutter.json").read_text())["slug"])


def failure(location: str, ref: str = "", *, is_offline: bool = False) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        fetch_template(location, ref, is_offline=is_offline)
    return caught.value


def test_the_default_branch_is_fetched_without_its_history(remote: Path) -> None:
    fetched = fetch_template(f"file://{remote}")
    assert slug(fetched.folder) == "two"
    assert fetched.revision == git(remote, "rev-parse", "HEAD")
    assert os.listdir(fetched.folder) == ["cookiecutter.json"]


@pytest.mark.parametrize("form", ["tag", "branch", "commit", "short"])
def test_a_revision_is_fetched(remote: Path, form: str) -> None:
    first = git(remote, "rev-parse", "v1^{commit}")
    git(remote, "branch", "old/stable", "v1")
    ref = {"tag": "v1", "branch": "old/stable", "commit": first, "short": first[:10]}[form]
    for fetched in (fetch_template(f"file://{remote}@{ref}"), fetch_template(f"file://{remote}", ref)):
        assert (slug(fetched.folder), fetched.revision) == ("one", first)


def test_a_newer_commit_is_fetched_anew_and_a_known_one_needs_no_network(remote: Path) -> None:
    url = f"file://{remote}"
    old = fetch_template(url)
    newer = commit(remote, "three")
    assert fetch_template(url).revision == newer
    remote.rename(remote.with_name("away"))
    assert fetch_template(url, old.revision) == old


@pytest.mark.parametrize("form", ["default", "tag", "branch", "short"])
def test_a_commit_that_is_here_is_not_fetched_again(remote: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    git(remote, "branch", "old/stable", "v1")
    ref = {"default": "", "tag": "v1", "branch": "old/stable", "short": git(remote, "rev-parse", "v1^{commit}")[:10]}
    first = fetch_template(f"file://{remote}", ref[form])
    monkeypatch.setattr("devkit.engine.fetch._fetched", None)  # it would be called in vain
    assert fetch_template(f"file://{remote}", ref[form]) == first


@pytest.mark.parametrize("name", ["v1", "old/stable"])
def test_a_name_that_moved_is_fetched_anew(remote: Path, name: str) -> None:
    git(remote, "branch", "old/stable", "v1")
    old = fetch_template(f"file://{remote}", name)
    newer = commit(remote, "three")
    git(remote, *(("tag", "-f", name) if name == "v1" else ("branch", "-f", name)))
    assert fetch_template(f"file://{remote}", name).revision == newer != old.revision


def test_a_tag_is_meant_before_a_branch_of_the_same_name(remote: Path) -> None:
    git(remote, "branch", "v1", "HEAD")
    found = [fetch_template(f"file://{remote}", "v1") for _ in range(2)]
    assert [slug(each.folder) for each in found] == ["one", "one"]


def test_offline_the_last_copy_is_taken(remote: Path) -> None:
    url = f"file://{remote}"
    online = [fetch_template(url), fetch_template(f"{url}@v1")]
    remote.rename(remote.with_name("away"))
    assert [fetch_template(url, is_offline=True), fetch_template(f"{url}@v1", is_offline=True)] == online


def test_offline_without_a_copy_is_named(remote: Path) -> None:
    error = failure(f"file://{remote}", is_offline=True)
    assert (error.kind, error.exit) == (TEMPLATE_UNREACHABLE, 69)
    assert f"file://{remote}" in error.message


@pytest.mark.parametrize("ref", ["nope", "0" * 40, "abcdef1"])
def test_a_revision_that_is_not_there_is_named(remote: Path, ref: str) -> None:
    error = failure(f"file://{remote}", ref)
    assert error.kind is TEMPLATE_UNREACHABLE
    assert "file://" in error.message


def test_what_does_not_answer_is_named_without_credentials(tmp_path: Path) -> None:
    error = failure("https://me:s3cret@127.0.0.1:1/a/b.git")
    assert (error.kind, error.exit) == (TEMPLATE_UNREACHABLE, 69)
    assert "https://127.0.0.1:1/a/b.git" in error.message
    assert "s3cret" not in f"{error.message}{error.help}{error.place}"
    assert not [path for path in tmp_path.rglob("*") if ".new-" in path.name]


def test_a_failed_fetch_leaves_nothing_behind(remote: Path, devkit_home: Path) -> None:
    failure(f"file://{remote}", "nope")
    assert not list((devkit_home / ".cache/devkit/templates").glob("*/.new-*"))


@pytest.mark.parametrize("location", ["ext::sh -c touch% owned", "--upload-pack=touch owned", "fd::3"])
def test_nothing_is_started_for_an_address_that_is_none(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    assert failure(location).kind is USAGE
    assert not (tmp_path / "started").exists()


def test_hooks_filters_and_submodules_of_the_template_are_not_run(
    remote: Path, tmp_path: Path, devkit_home: Path
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "reference-transaction", "post-merge"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    with open(devkit_home / ".gitconfig", "a", encoding="utf-8") as config:
        config.write(f"[core]\n\thooksPath = {hooks}\n[submodule]\n\trecurse = true\n")
    (remote / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% owned\n')
    (remote / ".gitattributes").write_text("* filter=evil\n")
    subprocess.run(["git", "-c", "core.hooksPath=/dev/null", "add", "-A"], cwd=remote, check=True)
    subprocess.run(["git", "-c", "core.hooksPath=/dev/null", "commit", "-qm", "x"], cwd=remote, check=True)
    fetched = fetch_template(f"file://{remote}")
    assert (fetched.folder / ".gitmodules").is_file()
    assert not (tmp_path / "ran").exists()


def test_the_variables_of_a_git_hook_do_not_lead_astray(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    before = sorted(path.name for path in (other / ".git").iterdir())
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert slug(fetch_template(f"file://{remote}").folder) == "two"
    assert sorted(path.name for path in (other / ".git").iterdir()) == before


def test_without_git_it_says_so(remote: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert failure(f"file://{remote}").kind is NO_GIT


def test_a_fetched_template_keeps_its_address_and_commit(remote: Path) -> None:
    fetched = fetch_template(f"file://{remote}@v1")
    source = open_template("whatever was typed", {}, fetched=fetched)
    assert (source.kind, source.name, source.location) == ("url", "acme", f"file://{remote}@v1")
    assert source.revision == fetched.revision
