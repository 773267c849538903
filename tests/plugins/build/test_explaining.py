from __future__ import annotations

from typing import Any

import pytest
from devkit_build.explaining import layer_lines, rebuild_reason, step_lines
from devkit_build.sizes import Layer

STEPS = [
    {"name": "[1/3] FROM base", "cached": False, "seconds": 0.1},
    {"name": "[2/3] COPY src src", "cached": False, "seconds": 0.2},
    {"name": "[3/3] RUN make", "cached": False, "seconds": 4.0},
]


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ({}, "it was the first build here"),
        ({"is_first": False, "is_fresh": True}, "--no-cache was given"),
        ({"is_first": False, "changed": ["src/app.py"]}, "these changed: src/app.py"),
        ({"is_first": False, "changed_options": ["argument A=1"]}, "these changed: argument A=1"),
        (
            {"is_first": False, "changed": list("abcdefg")},
            "these changed: a, b, c, d, e and 2 more",
        ),
        (
            {"is_first": False},
            "the cache of the builder no longer held it, or the base image is another one",
        ),
    ],
)
def test_the_reason_is_what_changed(last: dict[str, Any], reason: str) -> None:
    assert rebuild_reason(last) == reason


def test_the_first_step_that_was_run_again_is_named_with_the_reason() -> None:
    lines = step_lines({"steps": STEPS, "is_first": False, "changed": ["src/app.py"]})

    assert lines[-2:] == ["rebuilt from [2/3] COPY src src", "because these changed: src/app.py"]


def test_a_build_from_the_cache_has_no_reason() -> None:
    assert step_lines({"steps": [{**step, "cached": True} for step in STEPS]})[-1] == "every step came from the cache"


def test_layers_that_cost_nothing_are_not_shown() -> None:
    lines = layer_lines([Layer(instruction="RUN make", size=2_000_000), Layer(instruction="WORKDIR /app", size=0)])

    assert [line.strip() for line in lines] == ["2.0 MB  RUN make", "2.0 MB  in all"]
