"""What `.gitattributes` says about files in which something was found."""

from .content import WHITE_SPACE
from .git import Child

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES = ("text", "diff", "whitespace", "filter")
_BINARY = (b".pdf", b".eps", b".ps", b".bin", b".dat", b".der", b".p12", b".pickle")


def excused(paths: "Sequence[bytes]") -> dict[bytes, int]:
    """Return for each file the bits that do not count: white space of what git is told to be no text, or free."""
    return {path: WHITE_SPACE for path, said in read(paths).items() if _is_free(path, said)}


def _is_free(path: bytes, said: dict[str, str]) -> bool:
    is_free = any(said.get(name) == "unset" for name in ("text", "diff", "whitespace"))
    return is_free or path.lower().endswith(_BINARY)


def has_filter(said: dict[str, str]) -> bool:
    """Return whether git stores something else than the bytes of the work tree."""
    return said.get("filter", "unspecified") not in {"unspecified", "unset"}


def read(paths: "Sequence[bytes]") -> dict[bytes, dict[str, str]]:
    """Return the attributes of files."""
    found: dict[bytes, dict[str, str]] = {}
    for start in range(0, len(paths), 200):
        child = Child(["check-attr", "-z", *_NAMES, "--", *paths[start : start + 200]])
        words = child.answer().split(b"\0")
        for path, name, value in zip(words[::3], words[1::3], words[2::3], strict=False):
            found.setdefault(path, {})[name.decode()] = value.decode("utf-8", "replace")
    return found
