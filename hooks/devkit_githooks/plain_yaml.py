"""YAML that is plainly sound: block mappings and lists of simple values, told without a reader and its import.

A yes is sure; a no means that the reader has to be asked. A test holds every yes against the reader.
"""

from .problems import DoubtError, require

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_KEY = frozenset(_LETTERS + "_./- ")
_FIRST = frozenset(_LETTERS + "_./$(^+=~<")
_IN_FLOW = frozenset(_LETTERS + "_./$^+=~- ")
_LARGEST = 1 << 16
_LONGEST_KEY = 200
_BLOCKS = frozenset(("|", "|-", "|+", ">", ">-", ">+"))


def is_plain(data: bytes) -> bool:
    """Return whether the data are YAML beyond doubt, without a key that is there twice."""
    if len(data) > _LARGEST or not data.isascii() or data.translate(None, _PRINTED) != b"":
        return False
    try:
        _Document(data.decode("ascii").split("\n")).read()
    except DoubtError:
        return False
    return True


_PRINTED = bytes({0x0A, *range(0x20, 0x7F)})


class _Level:
    """A mapping or a list, and the column of its entries."""

    __slots__ = ("column", "keys")

    def __init__(self, column: int, *, is_mapping: bool) -> None:
        self.column = column
        self.keys: set[str] | None = set() if is_mapping else None


class _Document:
    __slots__ = ("at", "is_open", "levels", "lines")

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0
        self.levels: list[_Level] = []
        self.is_open = True
        """Whether what came last has no value yet, so that a deeper level may begin."""

    def read(self) -> None:
        """Read every line, or raise."""
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip(" ")
            self.at += 1
            text = line.lstrip(" ")
            require(not line.startswith("..."))
            if text and text[0] != "#" and not (line == "---" and not self.levels):
                self._line(text, len(line) - len(text))

    def _line(self, text: str, column: int) -> None:
        is_item = False
        while text == "-" or text.startswith("- "):
            self._enter(column, is_mapping=False, is_inner=is_item)
            is_item, rest = True, text[1:].lstrip(" ")
            column += len(text) - len(rest)
            text = rest
        key, value = _split(text)
        if key is not None:
            self._enter(column, is_mapping=True, is_inner=is_item)
            keys = self.levels[-1].keys
            require(keys is not None and key not in keys)
            keys.add(key) if keys is not None else None
        else:
            require(is_item)
        self.is_open = not value
        if value in _BLOCKS and key is not None:
            self._block(self.levels[-1].column)
        elif value:
            _value(value)

    def _enter(self, column: int, *, is_mapping: bool, is_inner: bool) -> None:
        """Go to the level that an entry at a column belongs to, or begin a new one."""
        levels = self.levels
        before = len(levels)
        while levels and levels[-1].column > column:
            levels.pop()
        if is_mapping and len(levels) > 1 and levels[-1].keys is None and levels[-2].column == column:
            levels.pop()  # a list may stand right below the key that it belongs to
        top = levels[-1] if levels else None
        if top is not None and top.column == column and not is_inner:
            if (top.keys is not None) == is_mapping:
                return
            require(not is_mapping and self.is_open and len(levels) == before)
        else:
            require((is_inner or self.is_open) and len(levels) == before and (top is not None or column == 0))
        levels.append(_Level(column, is_mapping=is_mapping))

    def _block(self, above: int) -> None:
        """Pass by the lines of a block of text."""
        inside, longest = 0, 0
        while self.at < len(self.lines):
            line = self.lines[self.at]
            text = line.lstrip(" ")
            column = len(line) - len(text)
            if text and column <= above:
                break
            if text and not inside:
                inside = column
                require(longest <= inside)
            require(not text or column >= inside)
            longest = max(longest, column)
            self.at += 1


def _split(text: str) -> tuple[str | None, str]:
    """Return the key of an entry, or nothing, and the text of its value."""
    if text[:1] in {'"', "'"}:
        end = text.find(text[0], 1)
        require(end > 0)
        key, rest = text[1:end], text[end + 1 :]
        require("\\" not in key)
        if not rest.startswith(":"):
            return None, text
    else:
        end = text.find(": ")
        end = len(text) - 1 if end < 0 and text.endswith(":") else end
        if end < 0:
            return None, text
        key, rest = text[:end], text[end:]
        require(_KEY.issuperset(key) and key[:1] in _FIRST and not key.endswith(" "))
    require(len(key) < _LONGEST_KEY and (rest == ":" or rest[1] == " "))
    value = rest[1:].lstrip(" ")
    return key, "" if value.startswith("#") else value


def _value(text: str) -> None:
    """Require a value that ends in its line."""
    if text[0] in {'"', "'"}:
        rest = text[_quoted(text, 0) :]
    elif text[0] == "[":
        rest = text[_list(text) :]
    elif text.startswith("{}"):
        rest = text[2:]
    else:
        return _require_word(text.partition(" #")[0])
    return require(not rest or (rest.lstrip(" ").startswith("#") and rest[0] == " "))


def _require_word(text: str) -> None:
    is_begun = text[:1] in _FIRST or (text[:1] == "-" and text[1:2] not in {"", " "})
    require(is_begun and ": " not in text and not text.rstrip(" ").endswith(":"))


def _quoted(text: str, at: int) -> int:
    """Return where a quoted text without escapes ends."""
    quote = text[at]
    end = text.find(quote, at + 1)
    require(end > 0 and "\\" not in text[at:end] and not text.startswith(quote, end + 1))
    return end + 1


def _list(text: str) -> int:
    """Return where a list of simple values between brackets ends."""
    at = 1
    while True:
        at += len(text) - at - len(text[at:].lstrip(" "))
        if text.startswith("]", at):
            return at + 1
        end = _quoted(text, at) if text[at : at + 1] in {'"', "'"} else _flow_word(text, at)
        at = end + len(text) - end - len(text[end:].lstrip(" "))
        require(text[at : at + 1] in {",", "]"})
        at += text[at] == ","


def _flow_word(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] in _IN_FLOW:
        end += 1
    word = text[at:end]
    require(word[:1] in _FIRST)
    return end
