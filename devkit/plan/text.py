"""The three-way merge of whole texts, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BOM = "\ufeff"


class TextMerge(Struct, frozen=True, kw_only=True):
    """The merged text; where both sides changed the same lines it holds theirs.

    `wanted` is the same text with devkit's side in their place, `inline` with both between conflict markers.
    """

    text: str
    has_conflicts: bool
    wanted: str
    inline: str


def merge_text(base: str, ours: str, theirs: str) -> TextMerge:
    """Return the user's text (`theirs`) with the changes from `base` to `ours` made in it.

    Line endings of the user's text are kept, as are its byte-order mark and its missing final newline. A text
    with NUL characters is no text: it is taken whole from the side that changed, or is a conflict.
    """
    if theirs in {base, ours} or base == ours:
        text = ours if theirs == base else theirs
        return TextMerge(text=text, has_conflicts=False, wanted=text, inline=text)
    if "\0" in base + ours + theirs:
        return TextMerge(text=theirs, has_conflicts=True, wanted=ours, inline=theirs)
    ending = "\r" if "\r\n" in theirs else ""
    stretches = list(_stretches(_lines(base), _lines(ours), _lines(theirs, ending), ending))
    is_ended = _is_ended(ours) if _is_ended(theirs) == _is_ended(base) else _is_ended(theirs)
    mark = _BOM if theirs.startswith(_BOM) else ""
    return TextMerge(
        text=mark + _joined([one.merged for one in stretches], ending, is_ended=is_ended),
        has_conflicts=any(one.is_conflict for one in stretches),
        wanted=mark + _joined([one.wanted for one in stretches], ending, is_ended=is_ended),
        inline=mark + _joined([one.inline(ending) for one in stretches], ending, is_ended=is_ended),
    )


class _Stretch(Struct, frozen=True):
    """The lines of one stretch of the merge; in a conflict, `ours` is the other side's."""

    merged: Sequence[str]
    ours: Sequence[str] = ()
    is_conflict: bool = False

    @property
    def wanted(self) -> Sequence[str]:
        """The lines with devkit's side of a conflict."""
        return self.ours if self.is_conflict else self.merged

    def inline(self, ending: str) -> Sequence[str]:
        """Return the lines with both sides of a conflict between markers."""
        if not self.is_conflict:
            return self.merged
        markers = [f"{marker}{ending}" for marker in ("<<<<<<< yours", "=======", ">>>>>>> devkit")]
        return [markers[0], *self.merged, markers[1], *self.ours, markers[2]]


def _stretches(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], ending: str) -> Iterator[_Stretch]:
    """Yield what lies between the lines that all three share, and those lines as the user has them."""
    from merge3 import Merge3

    bare = [[line.removesuffix("\r") for line in lines] for lines in (base, ours, theirs)]
    at = (0, 0, 0)
    for sync in Merge3(bare[0], bare[1], bare[2]).find_sync_regions():
        z, a, b = (lines[start:stop] for lines, start, stop in zip(bare, at, sync[::2], strict=True))
        yield _between(z, a, b, theirs[at[2] : sync[4]], ending)
        yield _Stretch(theirs[sync[4] : sync[5]])
        at = (sync[1], sync[3], sync[5])


def _between(
    base: Sequence[str], ours: Sequence[str], bare: Sequence[str], theirs: Sequence[str], ending: str
) -> _Stretch:
    new = [line + ending for line in ours]
    if bare == base != ours:
        return _Stretch(new)
    return _Stretch(theirs, new, is_conflict=bare != ours != base)


def _lines(text: str, ending: str = "") -> list[str]:
    """Return the lines without line feeds; a last one that is not ended gets `ending` as if it were."""
    lines = text.removeprefix(_BOM).split("\n")
    lines[-1] += ending if lines[-1] else ""
    return lines if lines[-1] else lines[:-1]


def _is_ended(text: str) -> bool:
    return text.endswith("\n") or not text.removeprefix(_BOM)


def _joined(stretches: Sequence[Sequence[str]], ending: str, *, is_ended: bool) -> str:
    lines = [line for stretch in stretches for line in stretch]
    text = "\n".join(lines)
    return f"{text}\n" if is_ended and lines else text.removesuffix(ending)
