"""The file of the index: plain lines, so that reading it takes no parser.

Lines 1 to 4 are the format, a checksum of all that follows, the key, and the number of stamps; then come the
stamps, then one line for each plugin and, below it, one for each thing that it registers.
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
_PRIME = 2**61 - 1
_KEPT = 16


def read_file(path: "Sequence[str]") -> Index | None:
    """Return the index kept for a search path; `None` when there is none, or when anything about it is doubtful."""
    key = _key(path)
    try:
        lines = _own_text(_file(key)).split("\n")
        checksum, known_key, count = lines[1:4]
        if lines[0] != FORMAT or known_key != key or checksum != _checksum("\n".join(lines[2:])):
            return None
        end = 4 + int(count)
        return Index(_plugins(lines[end:]), checksum) if are_current(lines[4:end]) else None
    except (OSError, ValueError, IndexError):
        return None


def write_file(path: "Sequence[str]", stamps: "Sequence[str]", index: Index) -> None:
    """Keep an index for next time; where that is impossible, it is made again next time."""
    key = _key(path)
    lines = [key, str(len(stamps)), *stamps, *_lines(index)]
    if any("\n" in line for line in lines):
        return
    body = "\n".join(lines)
    try:
        _replace(_file(key), f"{FORMAT}\n{_checksum(body)}\n{body}")
    except OSError:
        return


def _key(path: "Sequence[str]") -> str:
    return "\t".join((__version__, sys.executable, " ".join(sys.version.split()), sys.prefix, *path))


def _file(key: str) -> str:
    return os.path.join(cache_folder(), "plugins", f"{_checksum(key)}.index")


def _checksum(text: str) -> str:
    """Return a figure that damage changes; hashlib and zlib would cost more than reading the file."""
    return str(int.from_bytes(text.encode("utf-8", "surrogateescape"), "little") % _PRIME)


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
        for kind in ("stage", "command", "template"):
            for entry in getattr(plugin, f"{kind}s"):
                yield _line(kind, entry.name, entry.summary, entry.target)
        for table in plugin.tables:
            yield _line("table", table)


def _line(*fields: str) -> str:
    return "\t".join(field.replace("\t", " ") for field in fields)


def _plugins(lines: "Sequence[str]") -> list[IndexedPlugin]:
    plugins: list[IndexedPlugin] = []
    lists: dict[str, list[Entry]] = {}
    tables: list[str] = []
    for line in lines:
        kind, *fields = line.split("\t")
        if kind == "plugin":
            name, distribution, version, module, error = fields
            lists = {"stage": [], "command": [], "template": []}
            tables = []
            plugins.append(
                IndexedPlugin(
                    name=name,
                    distribution=distribution,
                    version=version,
                    module=module,
                    error=error,
                    stages=lists["stage"],
                    commands=lists["command"],
                    templates=lists["template"],
                    tables=tables,
                )
            )
        elif kind == "table":
            tables.append(*fields)
        else:
            name, summary, target = fields
            lists[kind].append(Entry(name, summary, target))
    return plugins
