from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from devkit.engine import moving, nursery, syncing
from devkit.engine.birth import born, check_destination
from devkit.engine.git import Git
from devkit.engine.nursery import make_nursery, remove_tree
from devkit.engine.signals import Interrupted, handling
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable

    Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]


def build(staging: Path) -> None:
    """A small project with a repository-like folder, a nested one, and a file that runs."""
    for path in ("README.md", ".github/workflows/ci.yml", "journal"):
        (staging / path).parent.mkdir(parents=True, exist_ok=True)
        (staging / path).write_text(path)
    (staging / "run").write_text("#!/bin/sh\n")
    (staging / "run").chmod(0o755)


def make(destination: Path) -> None:
    with born(destination) as staging:
        build(staging)


def refusal(destination: Path) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        make(destination)
    return caught.value


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    (tmp_path / "parent").mkdir()
    return tmp_path / "parent"


@pytest.fixture
def empty_repository(parent: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    (parent / "shop").mkdir()
    Git(parent / "shop").init()
    return parent / "shop"


NEW = [".github", "README.md", "journal", "run"]


@pytest.mark.parametrize("name", ["shop", "a/b/c", "n" * 200])
def test_a_new_folder_appears_with_the_folders_above_it(parent: Path, name: str) -> None:
    make(parent / name)
    assert sorted(os.listdir(parent / name)) == NEW
    assert os.listdir(parent) == [name.partition("/")[0]]
    assert os.access(parent / name / "run", os.X_OK)


def test_an_empty_folder_is_filled_and_stays_the_same_folder(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(parent)
    inode = parent.stat().st_ino
    with born(parent) as staging:
        build(staging)
    assert parent.stat().st_ino == inode
    assert sorted(os.listdir(".")) == NEW


def test_a_new_repository_is_there_to_commit_to_and_appears_with_the_tree(empty_repository: Path) -> None:
    subprocess.run(["git", "config", "remote.origin.url", "x"], cwd=empty_repository, check=True)
    with born(empty_repository) as staging:
        build(staging)
        Git(staging).add_all()
        made = Git(staging).commit("Start")
        assert Git(empty_repository).head() == ""
    git = Git(empty_repository)
    assert (git.head(), git.changed()) == (made, ())
    assert sorted(os.listdir(empty_repository)) == [".git", *NEW]
    origin = subprocess.run(["git", "remote"], cwd=empty_repository, check=True, capture_output=True, text=True)
    assert origin.stdout == "origin\n"


@pytest.mark.parametrize("case", ["file", "link", "full folder", "commits", "foreign repository"])
def test_whatever_is_in_use_is_73(parent: Path, snapshot: Snapshot, empty_repository: Path, case: str) -> None:
    destination = parent / "there"
    if case == "file":
        destination.touch()
    elif case == "link":
        destination.symlink_to("nowhere")
    elif case == "full folder":
        (destination / "mine").mkdir(parents=True)
    elif case == "commits":
        (empty_repository / "a").touch()
        Git(empty_repository).add_all()
        Git(empty_repository).commit("Start")
        (empty_repository / "a").unlink()
        destination = empty_repository
    else:
        destination.mkdir()
        (destination / ".git").write_text(f"gitdir: {empty_repository}/.git\n")
    before = snapshot(parent)
    error = refusal(destination)
    assert (error.exit, snapshot(parent)) == (73, before)
    assert "devkit adopt" in error.help


def test_a_repository_with_a_locked_index_is_75(empty_repository: Path, snapshot: Snapshot) -> None:
    (empty_repository / ".git/index.lock").touch()
    before = snapshot(empty_repository)
    assert (refusal(empty_repository).exit, snapshot(empty_repository)) == (75, before)


def prepare(parent: Path, kind: str) -> Path:
    destination = parent / "shop"
    if kind == "nested":
        return destination / "deep/er"
    if kind != "new":
        destination.mkdir(exist_ok=True)
    return destination


@pytest.mark.parametrize("kind", ["new", "nested", "empty", "repository"])
@pytest.mark.parametrize(
    "problem",
    [OSError(errno.ENOSPC, "full"), Interrupted(signal.SIGINT), ValueError(), KeyboardInterrupt()],
    ids=repr,
)
def test_a_failure_while_building_leaves_nothing(
    request: pytest.FixtureRequest, parent: Path, snapshot: Snapshot, kind: str, problem: BaseException
) -> None:
    if kind == "repository":
        request.getfixturevalue("empty_repository")
    destination = prepare(parent, kind)
    before = snapshot(parent)

    def work() -> None:
        with born(destination) as staging:
            build(staging)
            raise problem

    expected = DevkitError if isinstance(problem, OSError) else type(problem)
    with pytest.raises(expected) as caught:
        work()
    assert snapshot(parent) == before
    if isinstance(caught.value, DevkitError):
        assert (caught.value.exit, caught.value.state) == (74, "nothing was changed")


def test_a_file_that_cannot_be_written_is_named_in_terms_of_the_project(parent: Path) -> None:
    def work() -> None:
        with born(parent / "shop") as staging:
            (staging / "src").touch()
            (staging / "src/a.py").write_text("")

    with pytest.raises(DevkitError) as caught:
        work()
    assert caught.value.place is not None
    assert (caught.value.exit, caught.value.place.path) == (73, "src/a.py")


def test_a_signal_while_a_failed_birth_is_removed_leaves_nothing_either(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from devkit.engine import birth

    def remove(folder: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        remove_tree(folder)

    def work() -> None:
        with handling(), born(parent / "shop"):
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(birth, "remove_tree", remove)
    with pytest.raises(Interrupted):
        work()
    assert os.listdir(parent) == []


class Faulty:
    """The os module, in which the n-th rename or removal fails."""

    def __init__(self, fails_at: int) -> None:
        self.calls = 0
        self._fails_at = fails_at

    def __getattr__(self, name: str) -> Any:
        function = getattr(os, name)
        return self._counted(function) if name in {"rename", "fsync", "listdir", "open"} else function

    def _counted(self, function: Any) -> Any:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self.calls += 1
            if self.calls == self._fails_at:
                raise OSError(errno.EIO, "Input/output error")
            return function(*arguments, **keywords)

        return call


@pytest.mark.parametrize("kind", ["empty", "repository"])
def test_a_failure_while_moving_in_takes_everything_back(
    request: pytest.FixtureRequest, tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    request.getfixturevalue("empty_repository")
    for count in range(1, 100):
        parent = tmp_path / str(count)
        destination = parent / "shop"
        destination.mkdir(parents=True)
        if kind == "repository":
            Git(destination).init()
        before = snapshot(parent)
        double = Faulty(count)
        with monkeypatch.context() as patch:
            patch.setattr(moving, "os", double)
            patch.setattr(syncing, "os", double)
            try:
                make(destination)
            except DevkitError as error:
                assert (error.exit, error.state) == (74, "nothing was changed")  # noqa: PT017 - either way is right
                assert snapshot(parent) == before
        if double.calls < count:
            break
    assert count > 10
    assert set(os.listdir(destination)) >= set(NEW)


def test_an_error_after_publication_undoes_nothing_and_says_where_the_project_is(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from devkit.engine import birth

    def fail(_: Path) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(birth, "sync_folder", fail)
    with pytest.raises(Interrupted) as caught, handling():
        make(parent / "shop")
    assert caught.value.state == f"the project is in `{parent}/shop`"
    assert os.listdir(parent) == ["shop"]


def test_a_destination_that_appears_meanwhile_is_73(parent: Path) -> None:
    def work() -> None:
        with born(parent / "shop"):
            (parent / "shop/mine").mkdir(parents=True)

    with pytest.raises(DevkitError) as caught:
        work()
    assert (caught.value.exit, os.listdir(parent), os.listdir(parent / "shop")) == (73, ["shop"], ["mine"])


def test_a_name_that_appears_meanwhile_in_an_empty_folder_is_73(parent: Path) -> None:
    def work() -> None:
        with born(parent) as staging:
            build(staging)
            (parent / "run").write_text("mine")

    with pytest.raises(DevkitError) as caught:
        work()
    assert (caught.value.exit, os.listdir(parent), (parent / "run").read_text()) == (73, ["run"], "mine")


HOLD = """
import sys
import tempfile
from pathlib import Path
from devkit.engine.birth import born
with born(Path(sys.argv[1])) as staging:
    (staging / "a").touch()
    print("growing", flush=True)
    sys.stdin.read()
"""


def start(destination: Path) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", HOLD, str(destination)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert _stream(process.stdout).readline() == "growing\n"
    return process


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


@pytest.mark.parametrize("name", ["shop", "deep/shop", "."])
def test_what_a_killed_run_left_is_removed_by_the_next_one(parent: Path, name: str) -> None:
    with start(parent / name) as process:
        process.kill()
    assert any(name.startswith(".") for name in os.listdir(parent))
    make(parent / "other" if name != "." else parent)
    assert sorted(os.listdir(parent)) == (["other"] if name != "." else NEW)


@pytest.mark.parametrize("act", [Path.touch, Path.unlink])
def test_what_a_killed_run_left_is_removed_though_a_program_of_it_still_writes_there(
    parent: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None]
) -> None:
    def list_and_change(folder: str) -> list[os.DirEntry[str]]:
        found = entries(folder)
        if folder.endswith("shop") and not acted:
            acted.append(folder)
            act(Path(folder, "b" if act is Path.touch else "a"))
        return found

    entries, acted = nursery._entries, list[str]()
    monkeypatch.setattr(nursery, "_entries", list_and_change)
    with start(parent / "deep/shop") as process:
        process.kill()

    make(parent / "other")

    assert acted
    assert os.listdir(parent) == ["other"]


def test_a_run_that_is_still_alive_is_left_alone(parent: Path) -> None:
    with start(parent / "shop") as process:
        make(parent / "other")
        _stream(process.stdin).close()
        assert process.wait() == 0
    assert sorted(os.listdir(parent)) == ["other", "shop"]


def test_two_runs_in_one_empty_folder_are_told_apart(parent: Path) -> None:
    with start(parent) as process:
        assert refusal(parent).exit == 75
        _stream(process.stdin).close()
        assert process.wait() == 0
    assert os.listdir(parent) == ["a"]


def half_moved(destination: Path) -> None:
    """What a run leaves that was killed after moving some names in."""
    nursery = make_nursery(destination, "shop", moves=True)
    build(nursery.path / "tree")
    moving._write_journal(nursery.path, NEW)
    for name in NEW[:2]:
        os.rename(nursery.path / "tree" / name, destination / name)
    nursery.close()


def test_a_half_moved_tree_is_taken_back(parent: Path) -> None:
    half_moved(parent)
    check_destination(parent)
    assert os.listdir(parent) == []


def test_in_a_half_moved_tree_an_edited_file_is_kept(parent: Path) -> None:
    half_moved(parent)
    (parent / "README.md").write_text("edited")
    assert refusal(parent).exit == 73
    assert os.listdir(parent) == ["README.md"]
    assert (parent / "README.md").read_text() == "edited"


def test_a_half_moved_tree_is_taken_back_by_a_birth_below_it_too(parent: Path) -> None:
    half_moved(parent)
    make(parent / "below")
    assert os.listdir(parent) == ["below"]


def test_folders_of_similar_names_and_links_are_nobodys_leftovers(parent: Path) -> None:
    for name in (".shop.devkit-xyz", "shop.devkit-0123456789ab", ".devkit-0123456789ab"):
        (parent / name).mkdir()
    (parent / ".shop.devkit-0123456789ab").symlink_to(".shop.devkit-xyz")
    before = sorted(os.listdir(parent))
    make(parent / "shop")
    assert sorted(os.listdir(parent)) == sorted([*before, "shop"])


def test_a_tree_is_removed_however_deep_and_locked_up_it_is(tmp_path: Path) -> None:
    deep = tmp_path / "tree"
    deep.mkdir()
    (deep / "outside").symlink_to(tmp_path)
    here = deep
    for _ in range(1000):
        here /= "d"
        here.mkdir()
    (here / "file").touch()
    (deep / "d").chmod(0o500)
    remove_tree(deep)
    assert os.listdir(tmp_path) == []


def test_without_a_call_for_a_whole_file_system_each_file_is_synced(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(syncing, "_sync_file_system", lambda: None)
    monkeypatch.setattr(syncing, "_sync", synced.append)
    build(parent)
    syncing.sync_tree(parent)
    names = sorted(os.path.relpath(path, parent) for path in synced)
    assert names == [".", ".github", ".github/workflows", ".github/workflows/ci.yml", "README.md", "journal", "run"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_is_named() -> None:
    script = """
import os, sys
from pathlib import Path
from devkit.engine.birth import born
from devkit.errors import DevkitError
os.setgid(65534)
os.setuid(65534)
try:
    with born(Path(sys.argv[1], "shop")):
        pass
except DevkitError as error:
    print(error.exit, error.place.path)
"""
    with tempfile.TemporaryDirectory() as parent:  # pytest's own folders are closed to others
        Path(parent).chmod(0o755)
        done = subprocess.run([sys.executable, "-c", script, parent], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"77 {parent}\n", "")
