"""The verdict on a text as a set of bits, by few passes in C over the whole of it; why is another module's business.

Most files have nothing wrong, so this room says only which checks find something; `explain` looks again for lines.
"""

TRAILING, FINAL, ENDINGS, MARKERS, YAML, TOML, JSON, SECRET, LARGE = (1 << position for position in range(9))
WHITE_SPACE = TRAILING | FINAL | ENDINGS
CHECKS = {
    "trailing-whitespace": TRAILING,
    "final-newline": FINAL,
    "line-endings": ENDINGS,
    "merge-markers": MARKERS,
    "yaml": YAML,
    "toml": TOML,
    "json": JSON,
    "secret": SECRET,
    "large-file": LARGE,
}
"""The checks of what a file holds, by id."""

PLAIN, MARKDOWN, IS_YAML, IS_TOML, IS_JSON, IS_JSONC = range(6)
_KINDS = {
    b"md": MARKDOWN,
    b"markdown": MARKDOWN,
    b"yaml": IS_YAML,
    b"yml": IS_YAML,
    b"toml": IS_TOML,
    b"json": IS_JSON,
    b"webmanifest": IS_JSON,
    b"geojson": IS_JSON,
    b"jsonc": IS_JSONC,
    b"code-workspace": IS_JSONC,
}
_NAMES = {
    b"Pipfile": IS_TOML,
    b"Cargo.lock": IS_TOML,
    b"poetry.lock": IS_TOML,
    b"uv.lock": IS_TOML,
    b"pdm.lock": IS_TOML,
    b".clang-format": IS_YAML,
    b".clang-tidy": IS_YAML,
    b".prettierrc": PLAIN,
    b"devcontainer.json": IS_JSONC,
    b".devcontainer.json": IS_JSONC,
    b"jsconfig.json": IS_JSONC,
    b".eslintrc.json": IS_JSONC,
    b"api-extractor.json": IS_JSONC,
    b"deno.json": IS_JSONC,
}
BOM = b"\xef\xbb\xbf"
_HEAD, _LONGER_HEAD = 1024, 8000
_TEXT = bytes({7, 8, 9, 10, 11, 12, 13, 27} | set(range(0x20, 0x100)) - {0x7F})
_FOLD = bytes.maketrans(b"\t\v\fousrS", b"   ppppK")
"""White space becomes a blank, and the letters by which kinds of tokens differ become one: a pass for many."""

_CANDIDATES = tuple(
    word.translate(_FOLD)
    for word in (
        b"PRIVATE KEY",
        b"AKIA",
        b"ghp_",
        b"github_pat_",
        b"glpat-",
        b"xoxb",
        b"xoxa",
        b"xoxp",
        b"hooks.slack.com/services/",
        b"k_live_",
        b"AIza",
        b"npm_",
        b"pypi-AgE",
    )
)


def kind_of(path: bytes) -> int:
    """Return what a file of that name holds."""
    name = path.rpartition(b"/")[2]
    found = _NAMES.get(name)
    if found is not None:
        return found
    _, dot, suffix = name.rpartition(b".")
    kind = _KINDS.get(suffix.lower(), PLAIN) if dot else PLAIN
    if kind == IS_JSON and (name.startswith(b"tsconfig") or b".vscode/" in path):
        return IS_JSONC
    return kind


def is_binary(data: bytes) -> bool:
    """Return whether the data are no text: by the rule of `identify`, and by git's."""
    return bool(data[:_HEAD].translate(None, _TEXT)) or b"\0" in data[:_LONGER_HEAD]


def judge(data: bytes, kind: int, checks: int) -> int:
    """Return the bits of the checks that find something in the data of a file."""
    if data in {b"", BOM}:
        return JSON & checks if kind == IS_JSON else 0
    if is_binary(data):
        return 0
    folded = data.translate(_FOLD)
    found = _white_space(data, folded, kind)
    if b"<<<<<<< " in data or b">>>>>>> " in data:
        found |= _markers(data)
    if checks & SECRET and any(word in folded for word in _CANDIDATES):
        found |= _secrets(data)
    if kind > MARKDOWN:
        found |= _syntax(data, kind, checks)
    return found & checks


def _white_space(data: bytes, folded: bytes, kind: int) -> int:
    found = 0
    has_return = b"\r" in data
    if folded.endswith((b" ", b" \r", b" \r\n")) or b" \n" in folded or has_return:
        found |= _trailing(data, kind)
    if not is_ended(data):
        found |= FINAL
    if has_return and sum(map(bool, line_endings(data))) > 1:
        found |= ENDINGS
    return found


def is_ended(data: bytes) -> bool:
    """Return whether the data are more than ends of lines, and end in one."""
    tail = data[-3:]
    end = tail[len(tail.rstrip(b"\r\n")) :]
    return end in {b"\n", b"\r\n", b"\r"} and end != data


def line_endings(data: bytes) -> tuple[int, int, int]:
    """Return how many lines end in CR, in CR LF, and in LF."""
    both = data.count(b"\r\n")
    return data.count(b"\r") - both, both, data.count(b"\n") - both


def _trailing(data: bytes, kind: int) -> int:
    is_markdown = kind == MARKDOWN
    return TRAILING if any(stripped(line, is_markdown) != line for line in data.split(b"\n")) else 0


def stripped(line: bytes, is_markdown: bool) -> bytes:
    """Return a line, given without its LF, without white space at its end; a hard break of Markdown stays."""
    end = b"\r" if line.endswith(b"\r") else b""
    text = line[: len(line) - len(end)]
    short = text.rstrip()
    if is_markdown and short and text.endswith(b"  "):
        short += b"  "
    return short + end


def _markers(data: bytes) -> int:
    starts = (b"\n<<<<<<< ", b"\n>>>>>>> ")
    return MARKERS if data.startswith((b"<<<<<<< ", b">>>>>>> ")) or any(each in data for each in starts) else 0


def _secrets(data: bytes) -> int:
    from .secrets import find_secrets

    return SECRET if find_secrets(data) else 0


def _syntax(data: bytes, kind: int, checks: int) -> int:
    bit = {IS_YAML: YAML, IS_TOML: TOML}.get(kind, JSON)
    if not checks & bit:
        return 0
    from .syntax import problem

    return bit if problem(data, kind) else 0
