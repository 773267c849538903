from __future__ import annotations

import inspect

import pytest
from msgspec import Struct

import devkit.api

MADE_BY_PLUGINS = [
    each
    for each in (getattr(devkit.api, name) for name in devkit.api.__all__)
    if isinstance(each, type) and issubclass(each, Struct)
]


@pytest.mark.parametrize("made", MADE_BY_PLUGINS)
def test_help_and_editors_can_tell_what_a_class_is_made_from(made: type[Struct]) -> None:
    assert list(inspect.signature(made).parameters) == list(made.__struct_fields__)
