"""Reading `.pre-commit-config.yaml`: which hooks there are, and which of git's hooks they run in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HOOK_TYPES = (
    "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase",
    "post-checkout", "post-merge", "post-rewrite", "pre-push",
)  # fmt: skip
"""The hooks of git that pre-commit and prek know."""
_FORMER = {"commit": "pre-commit", "push": "pre-push", "merge-commit": "pre-merge-commit"}


class ListedHook(Struct, frozen=True, kw_only=True):
    """A hook of the configuration; without `stages` it runs wherever its repository says."""

    id: str
    repo: str
    name: str
    entry: str
    stages: tuple[str, ...]


def listed_hooks(config: Mapping[str, Any]) -> list[ListedHook]:
    """Return the hooks in their order; what is not as it should be is left out, since the runner says it best."""
    default = _stages(config.get("default_stages"))
    return [
        _listed(hook, str(repo.get("repo")), default)
        for repo in _entries(config, "repos")
        for hook in _entries(repo, "hooks")
    ]


def hook_types(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the hooks of git that a configuration asks for, `pre-commit` when it does not say."""
    wanted = set(_stages(config.get("default_install_hook_types")))
    for hook in listed_hooks(config):
        wanted.update(hook.stages)
    return tuple(each for each in HOOK_TYPES if each in (wanted or {"pre-commit"}))


def _listed(hook: Mapping[str, Any], repo: str, default: tuple[str, ...]) -> ListedHook:
    return ListedHook(
        id=str(hook.get("id", "")),
        repo=repo,
        name=str(hook.get("name", hook.get("id", ""))),
        entry=str(hook.get("entry", "")),
        stages=_stages(hook.get("stages")) or default,
    )


def _entries(table: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    found = table.get(key)
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else iter(())


def _stages(value: object) -> tuple[str, ...]:
    names: Sequence[object] = value if isinstance(value, list) else ()
    return tuple(_FORMER.get(str(name), str(name)) for name in names)
