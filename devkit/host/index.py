"""The index of installed plugins: read from the user's cache when nothing changed, else made anew."""

from devkit.host.indexfile import read_file, write_file
from devkit.host.searchpath import search_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from devkit.host.entries import Entry, Index, IndexedPlugin, Installed
    from devkit.host.selection import Selection


def kept_index() -> "Index | None":
    """Return the index that is kept, or `None` when it has to be made anew."""
    return read_file(search_path())


def last_index() -> "Index":
    """Return the index that was kept last, however old, or else an empty one: no plugin is ever imported for it."""
    from devkit.host.entries import Index

    return read_file(search_path(), may_be_old=True) or Index(())


def read_index(selection: "Selection | None" = None) -> "Index":
    """Return the index of all plugins; where it is made anew, those left out by `selection` are not imported."""
    path = search_path()
    index = read_file(path)
    if index is not None:
        return index
    return _rebuilt(path) if selection is None or selection.is_everything else _partial(path, selection)


def index_mark() -> str:
    """Return what tells the kept index from any other, or `""` when none is kept that is current."""
    index = kept_index()
    return index.mark if index is not None else ""


def chosen_plugins(selection: "Selection", *, local: "Collection[str]" = ()) -> "Sequence[Installed]":
    """Return the plugins that take part; UNKNOWN_NAME when one was asked for that is neither here nor in `local`."""
    path = search_path()
    index = read_file(path)
    if index is None and selection.is_everything:
        index = _rebuilt(path)
    if index is None:
        from devkit.host.discovery import discover

        return _chosen(discover(path), selection, local)
    return _chosen(index.plugins, selection, local)


def find_command(name: str, selection: "Selection") -> "tuple[IndexedPlugin, Entry] | None":
    """Return a plugin's command without importing any plugin but those of a stale index."""
    for plugin in read_index(selection).chosen(selection):
        for entry in plugin.commands:
            if entry.name == name:
                return plugin, entry
    return None


def refuse_unknown(selection: "Selection", known: "Collection[str]") -> None:
    """Raise UNKNOWN_NAME when the selection names a plugin that is not among the known ones."""
    unknown = selection.unknown(known)
    if not unknown:
        return
    from devkit.errors import UNKNOWN_NAME, DevkitError, did_you_mean

    help_text = did_you_mean(unknown[0], known, f"installed: {', '.join(sorted(known)) or 'none'}")
    raise DevkitError(UNKNOWN_NAME, f"there is no plugin `{unknown[0]}`", help=help_text)


def _chosen(
    plugins: "Sequence[Installed]", selection: "Selection", local: "Collection[str]"
) -> "Sequence[Installed]":
    refuse_unknown(selection, {*(plugin.name for plugin in plugins), *local})
    return [plugin for plugin in plugins if selection.takes(plugin)]


def _rebuilt(path: "Sequence[str]") -> "Index":
    """Make the index of all plugins, and keep it unless something changed so lately that it may be doubtful."""
    from time import time_ns

    from devkit.host.discovery import discover, edited_files, marks
    from devkit.host.stamps import have_settled, stamped
    from devkit.host.survey import survey

    since = time_ns()
    stamps = stamped(marks(path))
    installed = discover(path)
    index = survey(installed)
    stamps += stamped(edited_files(installed, path))
    if have_settled(stamps, since=since, until=time_ns()):
        write_file(path, stamps, index)
    return index


def _partial(path: "Sequence[str]", selection: "Selection") -> "Index":
    """Return an index of the chosen plugins with what they register, and of the others with their names alone."""
    from devkit.host.discovery import discover
    from devkit.host.entries import Index, IndexedPlugin
    from devkit.host.survey import survey

    installed = discover(path)
    left_out = [
        IndexedPlugin(name=each.name, distribution=each.distribution, version=each.version, module=each.module)
        for each in installed
        if not selection.takes(each)
    ]
    return Index([*survey([each for each in installed if selection.takes(each)]).plugins, *left_out])
