from __future__ import annotations

import pytest
from devkit_hooks.reading import hook_types, listed_hooks


def test_hooks_of_git_are_those_that_hooks_and_settings_name() -> None:
    config = {
        "default_install_hook_types": ["post-merge"],
        "repos": [{"repo": "local", "hooks": [{"id": "a", "stages": ["push", "pre-commit"]}, {"id": "b"}]}],
    }

    assert hook_types(config) == ("pre-commit", "post-merge", "pre-push")


def test_a_configuration_that_names_none_is_for_commits() -> None:
    assert hook_types({"repos": [{"repo": "x", "hooks": [{"id": "a"}]}]}) == ("pre-commit",)


def test_a_hook_without_stages_has_those_of_all() -> None:
    (hook,) = listed_hooks({"default_stages": ["commit"], "repos": [{"repo": "local", "hooks": [{"id": "a"}]}]})

    assert hook.stages == ("pre-commit",)
    assert hook.name == "a"


@pytest.mark.parametrize("config", [{"repos": 1}, {"repos": [1, {"hooks": "x"}]}, {"default_stages": "commit"}])
def test_what_is_not_as_it_should_be_is_left_to_the_runner(config: dict[str, object]) -> None:
    assert listed_hooks(config) == []
