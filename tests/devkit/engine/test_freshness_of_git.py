from __future__ import annotations

import os
import random
import stat
import subprocess
from pathlib import Path

import pytest

from tests.devkit.engine.freshly import Asked, git, made, write

PATTERNS = ("src/**", "*.txt", "out/named.txt", "src/build/named.py")
NAMES = ("src/a.py", "src/deep/b.py", "src/ö.py", "top.txt", "src/x.so", "src/build/c.py", "src/build/named.py",
         "out/named.txt", "out/other.txt", "src/link")  # fmt: skip
TEXTS = ("aaaa", "bbbb", "cccc", "aaaa\r\n", "longer text")
STATES = int(os.environ.get("DEVKIT_STATES", "6"))


@pytest.fixture
def root(tmp_path: Path, devkit_home: Path) -> Path:  # noqa: ARG001 - git's identity
    root = tmp_path / "project"
    for name in NAMES[:4]:
        write(root, name, "aaaa")
    write(root, ".gitignore", "build/\n*.so\nout/\n.devkit/\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


def naive(root: Path) -> dict[str, tuple[object, ...]]:
    """Return every input with all its bytes, found without any cleverness."""
    tracked = set(subprocess.check_output(["git", "ls-files", "-z"], cwd=root).decode().split("\0"))
    is_build_tracked = any(name.startswith("src/build/") for name in tracked)  # git then ignores it no longer as one
    found: dict[str, tuple[object, ...]] = {}
    for here, _, names in os.walk(root):
        for name in names:
            path = Path(here, name)
            relative = path.relative_to(root).as_posix()
            is_source = relative.startswith("src/") and ("/build/" not in relative or is_build_tracked)
            is_named = relative in PATTERNS or (relative.endswith(".txt") and "/" not in relative)
            if is_source or is_named:
                found[relative] = _whole(path)
    return found


def _whole(path: Path) -> tuple[object, ...]:
    if path.is_symlink():
        return "link", path.readlink(), _whole(path.resolve()) if path.is_file() else ()
    return path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR)


def change(root: Path, dice: random.Random) -> None:
    """Do one thing that people and programs do to files and repositories."""
    path = root / dice.choice(NAMES)
    do = dice.choice(
        (_rewrite, _rewrite, _rewrite, _remove, _change_mode, _link, _swap_keeping_times, _use_git, _use_git)
    )
    do(root, path, dice)


def _rewrite(_: Path, path: Path, dice: random.Random) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    path.write_bytes(dice.choice(TEXTS).encode())


def _remove(_: Path, path: Path, __: random.Random) -> None:
    path.unlink(missing_ok=True)


def _change_mode(_: Path, path: Path, __: random.Random) -> None:
    if path.is_file() and not path.is_symlink():
        path.chmod(path.stat().st_mode ^ stat.S_IXUSR)


def _link(_: Path, path: Path, dice: random.Random) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(dice.choice(("a.py", "gone", "../top.txt")))


def _use_git(root: Path, path: Path, dice: random.Random) -> None:
    words = dice.choice(
        (
            ("add", "-A"),
            ("commit", "-qm", "more", "--allow-empty"),
            ("reset", "-q"),
            ("reset", "-q", "--hard"),
            ("add", "-f", "-N", str(path)),
            ("update-index", "--assume-unchanged", str(path)),
            ("update-index", "--no-assume-unchanged", str(path)),
            ("update-index", "--force-remove", str(path)),
        )
    )
    subprocess.run(["git", *words], cwd=root, check=False, capture_output=True)


def _swap_keeping_times(_: Path, path: Path, __: random.Random) -> None:
    """Change a byte in place and put the time back, as careless programs do."""
    if path.is_symlink() or not path.is_file():
        return
    before, content = path.stat(), path.read_bytes()
    path.write_bytes(content.swapcase())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("seed", range(STATES))
def test_in_any_state_of_git_a_task_is_up_to_date_exactly_when_no_byte_of_its_inputs_changed(
    root: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - dice, not keys
    asked = Asked(root, made(inputs=PATTERNS))
    asked.run()
    before = naive(root)
    for _ in range(8):
        for _ in range(dice.randrange(1, 4)):
            change(root, dice)
        now = naive(root)
        ran = asked.run()
        assert bool(ran) == (now != before), ran
        before = now


def test_a_project_may_be_a_folder_of_a_repository(root: Path) -> None:
    write(root, "part/src/a.py", "one")
    asked = Asked(root / "part", made(inputs=("src/**",)))
    asked.run()
    assert asked.run() == ""
    git(root, "add", "-A")
    assert asked.run() == ""
    write(root, "part/src/a.py", "two")

    assert asked.run() == "`src/a.py` changed"


def test_files_of_a_submodule_or_another_repository_are_read(root: Path) -> None:
    write(root, "src/other/a.py", "one")
    git(root / "src/other", "init", "-q")
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    assert asked.run() == ""
    write(root, "src/other/a.py", "two")

    assert asked.run() == "`src/other/a.py` changed"


def test_a_program_that_the_repository_names_is_not_started(root: Path, tmp_path: Path) -> None:
    git(root, "config", "core.fsmonitor", f"touch {tmp_path}/started")
    Asked(root, made(inputs=("src/**",))).run()

    assert not (tmp_path / "started").exists()


def test_a_repository_with_longer_names_of_objects_is_understood(tmp_path: Path, devkit_home: Path) -> None:  # noqa: ARG001
    write(tmp_path, "src/a.py", "one")
    git(tmp_path, "init", "-q", "--object-format=sha256")
    asked = Asked(tmp_path, made(inputs=("src/**",)))
    asked.run()
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    asked.run()
    write(tmp_path, "src/a.py", "two")
    write(tmp_path, "src/a.py", "one")

    assert asked.run() == ""


def test_only_what_git_does_not_vouch_for_is_read(root: Path) -> None:
    from devkit.engine.digests import Digests
    from devkit.engine.inventory import Inventory

    write(root, "src/new.py", "new")
    digests = Digests(root)
    found = Inventory(root, digests).inputs(("src/**",))

    assert len(found) == 4
    assert digests.reads == 1
