"""The file of the index: plain lines, so that reading it takes no parser.

Its head is the format, a checksum of the plugins, a mark that no other state of the plugins has, the key, and the
number of stamps. Then come the stamps, where damage shows by itself, and one line for each plugin and, below it,
for each thing that it registers.
"""

import os
import sys

from devkit import __version__
from devkit.config.directories import cache_folder
from devkit.host.entries import Entry, Index, IndexedPlugin
from devkit.host.stamps import are_current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT = "devkit index 1"
_PRIME = 1_073_741_789
"""The largest that fits one digit of Python's numbers, which makes the division several times faster."""
_KEPT = 16
_HEAD = 5


def read_file(path: "Sequence[str]", *, may_be_old: bool = False) -> Index | None:
    """Return the index kept for a search path; `None` when there is none, or when anything about it is doubtful.

    One that `may_be_old` is whole, but plugins may have come, changed or gone since.
    """
    key = _key(path)
    try:
        lines = _own_text(_file(key)).split("\n")
        checksum, mark, known_key, count = lines[1:_HEAD]
        end = _HEAD + int(count)
        if lines[0] != FORMAT or known_key != key or checksum != _checksum("\n".join(lines[end:])):
            return None
        return Index(_plugins(lines[end:]), mark) if may_be_old or are_current(lines[_HEAD:end]) else None
    except (OSError, ValueError, TypeError, UnboundLocalError):
        return None


def write_file(path: "Sequence[str]", stamps: "Sequence[str]", index: Index) -> None:
    """Keep an index for next time; where that is impossible, it is made again next time."""
    key = _key(path)
    plugins = list(_lines(index))
    mark = _checksum("\n".join([key, *stamps, *plugins]))
    lines = [FORMAT, _checksum("\n".join(plugins)), mark, key, str(len(stamps)), *stamps, *plugins]
    if any("\n" in line for line in lines):
        return
    try:
        _replace(_file(key), "\n".join(lines))
    except OSError:
        return


def _key(path: "Sequence[str]") -> str:
    return "\t".join((__version__, sys.executable, " ".join(sys.version.split()), sys.prefix, *path))


def _file(key: str) -> str:
    return os.path.join(cache_folder(), "plugins", f"{_checksum(key)}.index")


def _checksum(text: str) -> str:
    """Return figures that damage changes; hashlib and zlib would cost more than reading the file."""
    content = text.encode("utf-8", "surrogateescape")
    return f"{int.from_bytes(content, 'little') % _PRIME:08x}{len(content):08x}"


def _own_text(file: str) -> str:
    """Return the text of a file that nobody else can have written."""
    with open(file, "rb") as opened:
        found = os.fstat(opened.fileno())
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            raise PermissionError(file)
        return opened.read().decode("utf-8", "surrogateescape")


def _replace(file: str, text: str) -> None:
    folder = os.path.dirname(file)
    for each in (os.path.dirname(folder), folder):
        os.makedirs(each, mode=0o700, exist_ok=True)
    temporary = f"{file}.{os.getpid()}"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with open(descriptor, "wb") as opened:
            opened.write(text.encode("utf-8", "surrogateescape"))
        os.replace(temporary, file)
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)
    _prune(folder)


def _prune(folder: str) -> None:
    """Keep the latest few: every interpreter and every PYTHONPATH has an index of its own."""
    with os.scandir(folder) as found:
        oldest_first = sorted((entry.stat().st_mtime_ns, entry.path) for entry in found)
    for _, path in oldest_first[:-_KEPT]:
        os.unlink(path)


def _lines(index: Index) -> "Iterator[str]":
    for plugin in index.plugins:
        yield _line("plugin", plugin.name, plugin.distribution, plugin.version, plugin.module, plugin.error)
        for kind in ("stages", "commands", "templates"):
            for entry in getattr(plugin, kind):
                yield _line(kind, entry.name, entry.summary, entry.target)
        for table in plugin.tables:
            yield _line("table", table)


def _line(*fields: str) -> str:
    return "\t".join(field.replace("\t", " ") for field in fields)


def _plugins(lines: "Sequence[str]") -> list[IndexedPlugin]:
    plugins: list[IndexedPlugin] = []
    for line in lines:
        kind, name, *fields = line.split("\t")
        if kind == "plugin":
            distribution, version, module, error = fields
            plugin = IndexedPlugin(name=name, distribution=distribution, version=version, module=module, error=error)
            plugins.append(plugin)
        elif kind == "stages":
            plugin.stages += (Entry(name, *fields),)
        elif kind == "commands":
            plugin.commands += (Entry(name, *fields),)
        elif kind == "templates":
            plugin.templates += (Entry(name, *fields),)
        else:
            plugin.tables += (name,)
    return plugins
