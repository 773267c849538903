"""The index of installed plugins: read from the user's cache when nothing changed, else made anew."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from devkit.host.entries import Index, Installed
    from devkit.host.selection import Selection


def read_index(selection: Selection | None = None) -> Index:
    """Return the index of all plugins; where it is made anew, plugins left out by `selection` are not imported."""
    raise NotImplementedError


def chosen_plugins(selection: Selection, *, local: Collection[str] = ()) -> Sequence[Installed]:
    """Return the plugins that take part; UNKNOWN_NAME when one was asked for that is neither here nor in `local`."""
    raise NotImplementedError
