"""The installed plugins, as help and completion know them."""

from devkit.host.index import kept_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from devkit.host.entries import Index
    from devkit.host.selection import Selection


def installed(selection: "Selection") -> "Index":
    """Return the index of plugins; one that is made anew imports them, which a signal may end."""
    index = kept_index()
    if index is not None:
        return index
    from devkit.engine.signals import handling
    from devkit.host.index import read_index

    with handling():
        return read_index(selection)
