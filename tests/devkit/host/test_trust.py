from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.api import DevkitError
from devkit.host.trust import Code, TrustStore, require

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def code(tmp_path: Path, devkit_home: Path) -> Code:  # noqa: ARG001 - the state folder is the test's own
    folder = tmp_path / "w" / "acme"
    folder.mkdir(parents=True)
    (folder / "plugin.py").write_text("x = 1\n", "utf-8")
    return Code(folder=folder)


@pytest.fixture
def store(devkit_home: Path) -> TrustStore:  # noqa: ARG001 - the state folder is the test's own
    return TrustStore()


def test_nothing_is_trusted_at_first(code: Code, store: TrustStore) -> None:
    assert not store.is_trusted(code)
    assert store.entries() == ()


def test_a_refusal_says_what_to_read_and_what_to_type(code: Code) -> None:
    with pytest.raises(DevkitError) as caught:
        require(code)
    assert caught.value.exit == 4
    assert caught.value.state == "nothing was changed"
    for part in ("plugin.py", f"devkit trust {code.folder}", f"DEVKIT_TRUST={code.fingerprint}"):
        assert part in caught.value.help


def test_a_refusal_lists_the_files_that_would_run(code: Code, store: TrustStore) -> None:
    (code.folder / "README.md").touch()
    with pytest.raises(DevkitError) as caught:
        store.require(Code(folder=code.folder, files=("plugin.py",)))
    assert "plugin.py" in caught.value.help
    assert "README.md" not in caught.value.help


def test_a_long_list_is_cut_and_says_so(code: Code, store: TrustStore) -> None:
    for number in range(30):
        (code.folder / f"file{number}.py").touch()
    with pytest.raises(DevkitError, match="not trusted") as caught:
        store.require(code)
    assert "and 11 more" in caught.value.help


def test_a_grant_is_kept_for_the_user_alone(code: Code, store: TrustStore) -> None:
    granted = store.grant(code)
    assert TrustStore().is_trusted(code)
    require(code)
    assert store.entries() == (granted,)
    folder = os.path.join(os.environ["HOME"], ".local/state/devkit/trust")
    assert os.stat(folder).st_mode & 0o777 == 0o700
    (file,) = os.listdir(folder)
    assert os.stat(os.path.join(folder, file)).st_mode & 0o777 == 0o600


def test_a_grant_that_others_could_have_written_is_none(code: Code, store: TrustStore) -> None:
    store.grant(code)
    folder = os.path.join(os.environ["HOME"], ".local/state/devkit/trust")
    os.chmod(os.path.join(folder, os.listdir(folder)[0]), 0o666)  # noqa: S103 - the point of the test
    assert not store.is_trusted(code)


def test_an_edit_voids_it_and_a_new_grant_replaces_it(code: Code, store: TrustStore) -> None:
    store.grant(code)
    (code.folder / "plugin.py").write_text("x = 2\n", "utf-8")
    assert not store.is_trusted(code)
    store.grant(code)
    assert store.is_trusted(code)
    assert len(store.entries()) == 1


def test_a_neighbour_a_link_and_a_moved_folder_are_not_covered(code: Code, store: TrustStore) -> None:
    store.grant(code)
    evil = code.folder.with_name("acme-evil")
    evil.mkdir()
    (evil / "plugin.py").write_text("x = 1\n", "utf-8")
    link = code.folder.with_name("link")
    link.symlink_to(code.folder)
    for other in (evil, link, code.folder / ".." / "acme-evil"):
        assert not store.is_trusted(Code(folder=other))
    assert store.is_trusted(Code(folder=code.folder / ".." / "acme"))
    moved = code.folder.rename(code.folder.with_name("moved"))
    assert not store.is_trusted(Code(folder=moved))


def test_a_link_in_place_of_the_folder_is_not_covered(code: Code, store: TrustStore) -> None:
    store.grant(code)
    moved = code.folder.rename(code.folder.with_name("moved"))
    code.folder.symlink_to(moved)
    assert not store.is_trusted(code)


def test_trust_can_be_taken_back(code: Code, store: TrustStore) -> None:
    granted = store.grant(code)
    assert store.revoke(code.location) == (granted,)
    assert not store.is_trusted(code)
    assert store.revoke(code.location) == ()


def test_a_variable_carries_fingerprints(code: Code) -> None:
    assert TrustStore(environ={"DEVKIT_TRUST": f"0000, {code.fingerprint}"}).is_trusted(code)
    assert not TrustStore(environ={"DEVKIT_TRUST": code.fingerprint[:-1]}).is_trusted(code)
    assert not TrustStore(environ={"DEVKIT_TRUST": ""}).is_trusted(code)


def test_a_policy_trusts_urls_and_never_paths(code: Code, store: TrustStore, devkit_home: Path) -> None:
    configuration = devkit_home / ".config" / "devkit"
    configuration.mkdir(parents=True)
    (configuration / "config.toml").write_text(
        '[trust]\nprefixes = ["https://git.example.com/acme/", "/"]\n', "utf-8"
    )
    assert store.is_trusted(Code(folder=code.folder, url="https://git.example.com/acme/one"))
    assert not store.is_trusted(Code(folder=code.folder, url="https://git.example.com/other"))
    assert not store.is_trusted(code)


def test_a_grant_for_a_url_holds_wherever_it_was_fetched_to(code: Code, store: TrustStore) -> None:
    store.grant(Code(folder=code.folder, url="https://example.com/a"))
    moved = code.folder.rename(code.folder.with_name("cache"))
    assert store.is_trusted(Code(folder=moved, url="https://example.com/a"))
    assert not store.is_trusted(Code(folder=moved, url="https://example.com/b"))
    assert not store.is_trusted(Code(folder=moved))


def test_damaged_grants_are_none(code: Code, store: TrustStore) -> None:
    store.grant(code)
    folder = os.path.join(os.environ["HOME"], ".local/state/devkit/trust")
    with open(os.path.join(folder, code.fingerprint), "w", encoding="utf-8") as opened:
        opened.write("[]")
    assert not store.is_trusted(code)
    assert store.entries() == ()
