from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.errors import DevkitError
from devkit.plan.lock import Lock, LockedTemplate, read_lock, write_lock

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
VALUES = st.one_of(TEXTS, st.booleans(), st.integers(-(2**53), 2**53), st.dictionaries(TEXTS, TEXTS, max_size=3))


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.frozensets(TEXTS, max_size=4))
def test_a_lock_that_is_written_reads_back_the_same(answers: dict[str, object], ejected: frozenset[str]) -> None:
    lock = Lock(
        template=LockedTemplate(source="python-service", revision="abc"),
        answers=answers,  # type: ignore[arg-type]
        plugins={"devkit-cycle": "0.1.0"},
        stages={"env": "devkit-cycle"},
        ejected=ejected,
    )

    assert read_lock(write_lock(lock)) == lock


def test_equal_locks_have_equal_texts_whatever_their_order() -> None:
    one = Lock(stages={"env": "a", "test": "b"})
    other = Lock(stages={"test": "b", "env": "a"})

    assert write_lock(one) == write_lock(other)


def test_a_merge_conflict_is_settled_by_taking_both_sides() -> None:
    text = 'schema = 1\n[stages]\n<<<<<<< HEAD\nbuild = "x"\n=======\ndeploy = "x"\n>>>>>>> theirs\nenv = "x"\n'

    assert read_lock(text).stages == {"build": "x", "deploy": "x", "env": "x"}


def test_a_newer_schema_is_refused() -> None:
    with pytest.raises(DevkitError) as caught:
        read_lock("schema = 2\n")

    assert caught.value.exit == 78


def test_an_unreadable_lock_names_the_file_and_the_way_back() -> None:
    with pytest.raises(DevkitError) as caught:
        read_lock("not toml")

    assert caught.value.exit == 78
    assert "git checkout" in caught.value.help


@pytest.mark.parametrize(
    "text",
    [
        "",
        'schema = "1"\n',
        "schema = 1\ntemplate = 3\n",
        'schema = 1\n[template]\nrevision = ""\n',
        'schema = 1\n[template]\nsource = ["a"]\n',
        "schema = 1\nstages = []\n",
        "schema = 1\n[stages]\nenv = 3\n",
        "schema = 1\nejected = 3\n",
        'schema = 1\nanswers = "x"\n',
        "schema = 1\n[plugins]\nacme = 7\n",
    ],
)
def test_a_lock_that_devkit_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(DevkitError) as caught:
        read_lock(text)

    assert caught.value.exit == 78
    assert caught.value.place is not None
