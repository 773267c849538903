from __future__ import annotations

import pytest
from devkit_githooks.options import read
from devkit_githooks.problems import Refusal

OPTIONS = {"--fix": False, "--check": True, "--max-kb": True}


def test_words_are_told_apart() -> None:
    words = read(["--fix", "a", "--check=b,c", "--check", "d", "--", "--fix"], OPTIONS)
    assert (words.has("--fix"), words.all("--check"), words.names) == (True, ["b", "c", "d"], ["a", "--fix"])


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["--fx"], "there is no option '--fx'"),
        (["--check"], "--check wants a value"),
        (["--fix=1"], "--fix takes no value"),
    ],
)
def test_a_mistake_is_refused_with_its_reason(argv: list[str], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        read(argv, OPTIONS)


@pytest.mark.parametrize("value", ["x", "-1", "", "\u0661"])
def test_a_number_is_a_whole_number(value: str) -> None:
    with pytest.raises(Refusal, match="wants a number"):
        read([f"--max-kb={value}"], OPTIONS).number("--max-kb", 1)
