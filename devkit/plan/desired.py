"""What all stages together want of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from msgspec import Struct, field

from devkit.api.actions import Block, Merge, Render, Seed, Write
from devkit.errors import CONTESTED_FILE, CONTESTED_VALUE, PLUGIN_INVALID, DevkitError
from devkit.plan.blocks import put_block
from devkit.plan.compose import compose
from devkit.plan.keys import merge_keys
from devkit.plan.paths import check_collisions, checked
from devkit.plan.splice import SpliceProblem, SyntaxProblem, format_of, parse, splice
from devkit.plan.splice.data import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from devkit.api.actions import FileAction
    from devkit.plan.compose import Composed


class Contribution(Struct, frozen=True, kw_only=True):
    """One file action, with the stage it belongs to and the plugin to name when it is wrong."""

    stage: str
    plugin: str
    action: FileAction

    @property
    def label(self) -> str:
        """How messages name the contributor."""
        return f"stage `{self.stage}` of {self.plugin}"


class Desired(Struct, frozen=True, kw_only=True):
    """What is wanted of one path: a whole file, a seed, or keys and blocks in a file of the user's."""

    path: str
    owners: tuple[str, ...]
    text: str | None = None
    seed: bytes | None = None
    executable: bool = False
    keys: Composed | None = None
    blocks: tuple[Block, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether anything is wanted at all; a stage may merge no keys."""
        has_content = self.text is not None or self.seed is not None
        return has_content or bool(self.blocks) or (self.keys is not None and bool(self.keys.data))


class _Gathered(Struct):
    whole: list[Contribution] = field(default_factory=list)
    merges: list[Contribution] = field(default_factory=list)
    blocks: list[Contribution] = field(default_factory=list)

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.stage for part in (*self.whole, *self.merges, *self.blocks)))


def desired_files(contributions: Iterable[Contribution]) -> dict[str, Desired]:
    """Return what is wanted of each path, or raise with the names of those who contradict each other."""
    gathered: dict[str, _Gathered] = {}
    for contribution in contributions:
        path = checked(contribution.action.path)
        _sort_in(gathered.setdefault(path, _Gathered()), contribution)
    check_collisions(gathered)
    desired = {path: _desired(path, parts) for path, parts in sorted(gathered.items())}
    return {path: wanted for path, wanted in desired.items() if wanted.says_something}


def _sort_in(parts: _Gathered, contribution: Contribution) -> None:
    match contribution.action:
        case Write() | Seed():
            parts.whole.append(contribution)
        case Merge():
            parts.merges.append(contribution)
        case Block():
            parts.blocks.append(contribution)
        case Render():
            raise DevkitError(PLUGIN_INVALID, f"`{contribution.action.path}` was not rendered before planning")
        case _:
            assert_never(contribution.action)


def _desired(path: str, parts: _Gathered) -> Desired:
    _refuse_contested_file(path, parts)
    _refuse_contested_blocks(path, parts)
    _refuse_keys_without_format(path, parts)
    merges = [(part.label, part.action) for part in parts.merges if isinstance(part.action, Merge)]
    keys = compose(path, merges) if merges else None
    blocks = tuple(part.action for part in parts.blocks if isinstance(part.action, Block))
    whole = parts.whole[0].action if parts.whole else None
    match whole:
        case Write():
            text = _completed(path, whole.text, keys, blocks, parts)
            return Desired(path=path, owners=parts.stages, text=text, executable=whole.executable)
        case Seed():
            seed = whole.text.encode() if isinstance(whole.text, str) else whole.text
            return Desired(path=path, owners=parts.stages, seed=seed, executable=whole.executable)
        case _:
            return Desired(path=path, owners=parts.stages, keys=keys, blocks=blocks)


def _refuse_contested_file(path: str, parts: _Gathered) -> None:
    claims = parts.whole
    if len(claims) == 1 and isinstance(claims[0].action, Seed):
        claims = [*claims, *parts.merges, *parts.blocks]
    if len(claims) > 1:
        raise _contested(claims[0], claims[1], f"`{path}`")


def _refuse_contested_blocks(path: str, parts: _Gathered) -> None:
    owners: dict[str, Contribution] = {}
    for part in parts.blocks:
        if isinstance(part.action, Block) and owners.setdefault(part.action.name, part) is not part:
            name = part.action.name
            raise _contested(owners[name], part, f"the block `{name}` of `{path}`")


def _contested(first: Contribution, second: Contribution, what: str) -> DevkitError:
    message = f"{first.label} and {second.label} both claim {what}"
    help_text = "leave one of the plugins out with `-p`, or tell their authors"
    return DevkitError(CONTESTED_FILE, message, help=help_text)


def _refuse_keys_without_format(path: str, parts: _Gathered) -> None:
    if parts.merges and format_of(path) is None:
        message = f"{parts.merges[0].label} merges keys into `{path}`, which is not TOML, YAML or JSON"
        raise DevkitError(PLUGIN_INVALID, message, help="report it to the plugin's authors")


def _completed(path: str, text: str, keys: Composed | None, blocks: Sequence[Block], parts: _Gathered) -> str:
    """Return the skeleton with every merge and block applied to it."""
    try:
        if keys is not None:
            text = _with_keys(path, text, keys, parts)
        for block in blocks:
            text = put_block(text, block)
    except (SyntaxProblem, SpliceProblem) as problem:
        other = [*parts.merges, *parts.blocks][0]
        message = f"what {other.label} adds does not fit `{path}` of {parts.whole[0].label}: {problem}"
        raise DevkitError(CONTESTED_FILE, message, help="report it to the plugin's authors") from problem
    return text


def _with_keys(path: str, text: str, keys: Composed, parts: _Gathered) -> str:
    file_format = format_of(path)
    if file_format is None:
        return text
    merged = merge_keys(None, keys.data, parse(text, file_format), keys.lists)
    if merged.conflicts:
        key = dotted(merged.conflicts[0].path)
        message = f"{parts.whole[0].label} and {parts.merges[0].label} set `{key}` in `{path}` differently"
        raise DevkitError(CONTESTED_VALUE, message, help="leave one of the plugins out with `-p`")
    return splice(text, merged.edits, file_format)
