from __future__ import annotations

import pytest
from devkit_build.sizes import Layer, check_budget, layers_of, readable

from devkit.api import IMAGE_TOO_LARGE, DevkitError

HISTORY = [
    {"CreatedBy": 'CMD ["shop"]', "Size": 0},
    {"CreatedBy": "RUN |1 A=b /bin/sh -c make   all # buildkit", "Size": 30_000_000},
    {"CreatedBy": "COPY src /app # buildkit", "Size": 1_500_000},
    {"CreatedBy": "/bin/sh -c #(nop) WORKDIR /app", "Size": 0},
    {"CreatedBy": "/bin/sh -c apt-get update", "Size": 2},
    {"CreatedBy": "", "Size": 177_000_000},
]


def test_layers_are_named_as_in_the_dockerfile_the_first_one_first() -> None:
    assert layers_of(HISTORY)[:3] == [
        Layer(instruction="the base image", size=177_000_000),
        Layer(instruction="RUN apt-get update", size=2),
        Layer(instruction="WORKDIR /app", size=0),
    ]
    assert [layer.instruction for layer in layers_of(HISTORY)[3:]] == [
        "COPY src /app",
        "RUN |1 A=b /bin/sh -c make all",
        'CMD ["shop"]',
    ]


def test_an_image_over_its_budget_names_the_layers_that_cost_most() -> None:
    with pytest.raises(DevkitError) as caught:
        check_budget("shop:abc", 208_500_002, layers_of(HISTORY), 200)

    assert caught.value.kind == IMAGE_TOO_LARGE
    assert "177.0 MB the base image" in caught.value.help
    assert "30.0 MB" in caught.value.help
    assert "0.0 MB WORKDIR" not in caught.value.help


@pytest.mark.parametrize("budget", [0, 209])
def test_an_image_within_its_budget_passes(budget: int) -> None:
    check_budget("shop:abc", 208_500_002, layers_of(HISTORY), budget)


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0.0 kB"), (1_500, "1.5 kB"), (160_000, "0.2 MB"), (2_000_000, "2.0 MB")]
)
def test_a_size_is_readable(size: int, text: str) -> None:
    assert readable(size) == text
