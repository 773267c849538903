"""TOML that is plainly sound: what most files consist of is told without a reader, whose import costs more than git.

A yes is sure; a no means that the reader has to be asked. A test holds every yes against the reader.
"""

from .problems import DoubtError, require

_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_DIGITS = frozenset("0123456789")
_NUMBER = _DIGITS | frozenset("+-.")
_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A})
_LARGEST = 1 << 16


def is_plain(data: bytes) -> bool:
    """Return whether the data are TOML beyond doubt."""
    if len(data) > _LARGEST or data.translate(None, _CONTROLS) != data:
        return False
    try:
        _Document(data.decode()).read()
    except (DoubtError, UnicodeDecodeError, RecursionError):
        return False
    return True


class _Document:
    __slots__ = ("arrays", "here", "implied", "keys", "tables", "text")

    def __init__(self, text: str) -> None:
        self.text, self.here = text, ""
        self.tables: set[str] = set()
        self.implied: set[str] = set()
        self.arrays: dict[str, int] = {}
        self.keys: set[str] = set()

    def read(self) -> None:
        """Read everything, or raise."""
        at, end = 0, len(self.text)
        while (at := _beyond_lines(self.text, at)) < end:
            at = self._header(at) if self.text[at] == "[" else self._pair(at)
            at = _line_end(self.text, at)

    def _header(self, at: int) -> int:
        brackets = 2 if self.text.startswith("[[", at) else 1
        end = self.text.find("]", at)
        name = self.text[at + brackets : end]
        parts = name.split(".")
        above = [".".join(parts[:count]) for count in range(1, len(parts))]
        require(end > 0 and all(part and _BARE.issuperset(part) for part in parts))
        require(not any(each in self.keys or each in self.arrays for each in above))
        require(name not in self.tables and name not in self.keys)
        if brackets == 2:  # noqa: PLR2004 - two of them make an array
            require(self.text.startswith("]]", end) and name not in self.implied)
            self.arrays[name] = self.arrays.get(name, 0) + 1
            self.here = f"{name}[{self.arrays[name]}]."
        else:
            require(name not in self.arrays)
            self.tables.add(name)
            self.here = f"{name}."
        self.implied.update(above)
        return end + brackets

    def _pair(self, at: int) -> int:
        key, at = _key(self.text, at)
        path = self.here + key
        require(path not in self.keys and path not in self.tables)
        require(path not in self.implied and path not in self.arrays)
        self.keys.add(path)
        return _value(self.text, at)


def _beyond_lines(text: str, at: int) -> int:
    """Return where something begins that is neither white space nor a comment."""
    while at < len(text) and text[at] in " \t\n#":
        at = _comment_end(text, at) if text[at] == "#" else at + 1
    return at


def _comment_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    at = _blanks(text, at)
    at = _comment_end(text, at) if text.startswith("#", at) else at
    require(at == len(text) or text[at] == "\n")
    return at


def _key(text: str, at: int) -> tuple[str, int]:
    """Return a bare key, and where its value begins."""
    end = at
    while end < len(text) and text[end] in _BARE:
        end += 1
    equals = _blanks(text, end)
    require(end > at and text.startswith("=", equals))
    return text[at:end], _blanks(text, equals + 1)


def _value(text: str, at: int) -> int:
    """Return where a value ends."""
    sign = text[at : at + 1]
    if sign in {'"', "'"}:
        return _string(text, at, sign)
    if sign == "[":
        return _list(text, at + 1)
    if sign == "{":
        return _inline_table(text, at + 1)
    return _word(text, at)


def _string(text: str, at: int, quote: str) -> int:
    end = text.find(quote, at + 1)
    inside = text[at + 1 : end]
    require(end > at and "\n" not in inside and "\\" not in inside and not text.startswith(quote * 3, at))
    return end + 1


def _list(text: str, at: int) -> int:
    while not text.startswith("]", at := _beyond_lines(text, at)):
        at = _beyond_lines(text, _value(text, at))
        require(text[at : at + 1] in {",", "]"})
        at += text[at] == ","
    return at + 1


def _inline_table(text: str, at: int) -> int:
    keys: set[str] = set()
    at = _blanks(text, at)
    if text.startswith("}", at):
        return at + 1
    while True:
        key, at = _key(text, at)
        require(key not in keys)
        keys.add(key)
        at = _blanks(text, _value(text, at))
        require(text[at : at + 1] in {",", "}"})
        if text[at] == "}":
            return at + 1
        at = _blanks(text, at + 1)


def _word(text: str, at: int) -> int:
    """Return where true, false, or a decimal number ends."""
    for word in ("true", "false"):
        if text.startswith(word, at):
            return at + len(word)
    end = at
    while end < len(text) and text[end] in _NUMBER:
        end += 1
    whole, point, rest = text[at:end].removeprefix("-").partition(".")
    is_whole = whole == "0" or (whole[:1] != "0" and bool(whole))
    require(is_whole and _DIGITS.issuperset(whole + rest) and bool(rest) == bool(point))
    return end
