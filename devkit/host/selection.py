"""Which third-party plugins take part in an invocation; the built-in ones always do.

Written without `dataclasses` and `typing`: the fast path of `devkit --help` reads it.
"""

from devkit.host.entries import OWN_DISTRIBUTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from devkit.host.entries import Installed


class Selection:
    """The choice of third-party plugins: `names` are the only ones wanted, `None` means no such list.

    Without names, `disabled` leaves all of them out.
    """

    __slots__ = ("disabled", "names")

    def __init__(self, names: tuple[str, ...] | None = None, *, disabled: bool = False) -> None:
        self.names = names
        self.disabled = disabled

    @property
    def is_everything(self) -> bool:
        """Whether no plugin is left out."""
        return self.names is None and not self.disabled

    def takes(self, plugin: "Installed") -> bool:
        """Return whether an installed plugin takes part."""
        return plugin.distribution == OWN_DISTRIBUTION or self.takes_name(plugin.name)

    def takes_name(self, name: str) -> bool:
        """Return whether a plugin that is not built in takes part."""
        return not self.disabled if self.names is None else name in self.names

    def unknown(self, known: "Iterable[str]") -> tuple[str, ...]:
        """Return the names that were asked for and that no installed plugin has."""
        present = set(known)
        return tuple(name for name in self.names or () if name not in present)


def selection(*, no_plugins: bool, names: "Sequence[str]", environ: "Mapping[str, str]") -> Selection:
    """Return the choice that flags and variables make together: a flag wins over a variable.

    `-p` names the only third-party plugins wanted, as DEVKIT_PLUGINS does with commas; `--no-plugins` and
    DEVKIT_DISABLE_PLUGIN_AUTOLOAD leave out all that are not named so.
    """
    if names:
        return Selection(tuple(names))
    if no_plugins:
        return Selection(disabled=True)
    listed = tuple(filter(None, (part.strip() for part in environ.get("DEVKIT_PLUGINS", "").split(","))))
    if listed:
        return Selection(listed)
    return Selection(disabled=environ.get("DEVKIT_DISABLE_PLUGIN_AUTOLOAD", "") not in {"", "0"})
