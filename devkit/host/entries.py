"""The plain data of the index, which costs no import to make.

The fast path of `devkit --help` uses these classes, so they are written without `dataclasses` and `typing`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.host.selection import Selection


OWN_DISTRIBUTION = "devkit-cycle"
"""The distribution of devkit itself; the plugins in it are the built-in ones."""


class Installed:
    """An installed plugin as its distribution declares it: nothing of it was imported."""

    __slots__ = ("distribution", "module", "name", "version")

    def __init__(self, *, name: str, distribution: str, version: str, module: str) -> None:
        self.name = name
        self.distribution = distribution
        self.version = version
        self.module = module

    def __str__(self) -> str:
        return f"plugin {self.name} {self.version}".rstrip()


class Entry:
    """A stage, command or template of a plugin: its name, its summary, and for a command its target."""

    __slots__ = ("name", "summary", "target")

    def __init__(self, name: str, summary: str, target: str = "") -> None:
        self.name = name
        self.summary = summary
        self.target = target


class IndexedPlugin(Installed):
    """An installed plugin with what it registers, so that help and completion need not import it.

    `error` says why the plugin is not used. Stages are in the order of all stages.
    """

    __slots__ = ("commands", "error", "stages", "tables", "templates")

    def __init__(self, *, name: str, distribution: str, version: str, module: str, error: str = "") -> None:
        self.name = name
        self.distribution = distribution
        self.version = version
        self.module = module
        self.error = error
        self.stages: tuple[Entry, ...] = ()
        self.commands: tuple[Entry, ...] = ()
        self.templates: tuple[Entry, ...] = ()
        self.tables: tuple[str, ...] = ()


class Index:
    """The installed plugins, in the order in which they are asked.

    `mark` tells this index from any other that was kept; one that was not kept has none.
    """

    __slots__ = ("mark", "plugins")

    def __init__(self, plugins: "Sequence[IndexedPlugin]", mark: str = "") -> None:
        self.plugins = plugins
        self.mark = mark

    def chosen(self, selection: "Selection") -> "Iterator[IndexedPlugin]":
        """Return the plugins that take part in an invocation."""
        return (plugin for plugin in self.plugins if selection.takes(plugin))
