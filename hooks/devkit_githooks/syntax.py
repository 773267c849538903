"""Whether YAML, TOML and JSON can be read: the line and the reason when they can't."""

from .content import BOM, IS_JSONC, IS_TOML, IS_YAML

Problem = tuple[int, str]


def problem(data: bytes, kind: int) -> Problem | None:
    """Return line and reason of the first thing that stops a reader of the file, or nothing."""
    try:
        if kind == IS_YAML:
            return _yaml(data)
        if kind == IS_TOML:
            return _toml(data)
        return _json(data.decode("utf-8"), is_commented=kind == IS_JSONC)
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1, "is not UTF-8"
    except RecursionError:
        return 1, "is nested too deep"


def _toml(data: bytes) -> Problem | None:
    from .plain_toml import is_plain

    if is_plain(data):
        return None
    import tomllib

    text = data.decode("utf-8")
    try:
        tomllib.loads(text)
    except ValueError as error:  # also of numbers that are too long
        what, _, place = str(error).partition(" (at line ")
        line = place.partition(",")[0]
        return int(line) if line.isdigit() else len(text.splitlines()), f"is no TOML: {what}"
    return None


def _json(text: str, *, is_commented: bool) -> Problem | None:
    import json

    if is_commented:
        from .jsonc import without_comments

        text = without_comments(text.removeprefix(BOM.decode()))
    try:
        json.loads(text, object_pairs_hook=_unique, parse_int=str)
    except json.JSONDecodeError as error:
        return error.lineno, f"is no JSON: {error.msg}"
    except _TwiceError as error:
        return _second(text, str(error)), f"has the key {str(error)!r} twice in one object"
    return None


class _TwiceError(Exception):
    """A key of an object that is there twice."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found


def _second(text: str, key: str) -> int:
    import json

    word = json.dumps(key, ensure_ascii=False)
    at = text.find(word, text.find(word) + 1)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _yaml(data: bytes) -> Problem | None:
    """Judge what is not plain by libyaml where it is there; what it doubts, by the slow reader of YAML 1.2."""
    from .plain_yaml import is_plain

    if is_plain(data) or _is_read_by_libyaml(data):
        return None
    found = _slow_yaml(data)
    is_template = b"{{" in data or b"{%" in data
    return None if found and is_template and _is_template(data) else found


def _is_template(data: bytes) -> bool:
    """Return whether the text is a template of YAML, such as a part of a Helm chart."""
    return b"{{-" in data or b"{%" in data or b"{{ ." in data or b"{{ cookiecutter" in data


def _is_read_by_libyaml(data: bytes) -> bool:
    try:
        from yaml import YAMLError
        from yaml._yaml import CParser
    except ImportError:
        return False
    try:
        return _has_unique_keys(CParser(data))
    except (YAMLError, ValueError):
        return False


def _has_unique_keys(parser: object) -> bool:
    """Return whether no mapping has a key twice, and every alias its anchor."""
    scopes: list[tuple[set[str], list[bool]] | None] = []
    anchors: set[str] = set()
    while (event := parser.get_event()) is not None:  # type: ignore[attr-defined]
        kind = type(event).__name__
        if kind in {"MappingEndEvent", "SequenceEndEvent"}:
            scopes.pop()
        elif kind == "DocumentStartEvent":
            anchors.clear()
        elif kind == "AliasEvent" and event.anchor not in anchors:
            return False
        if kind in {"ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"}:
            if not _take(event, kind, scopes[-1] if scopes else None):
                return False
            if kind != "AliasEvent" and event.anchor:
                anchors.add(event.anchor)
        if kind.endswith("StartEvent") and kind[0] in "MS" and kind != "StreamStartEvent":
            scopes.append((set(), [True]) if kind[0] == "M" else None)
    return True


def _take(event: object, kind: str, scope: "tuple[set[str], list[bool]] | None") -> bool:
    """Note a key or a value of the mapping around; return whether a key is new."""
    if scope is None:
        return True
    keys, turn = scope
    is_key, turn[0] = turn[0], not turn[0]
    if not is_key or kind != "ScalarEvent":
        return True
    value = event.value  # type: ignore[attr-defined]
    if value in keys:
        return False
    keys.add(value)
    return True


def _slow_yaml(data: bytes) -> Problem | None:
    import warnings

    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    warnings.simplefilter("ignore")  # an anchor may be given again
    try:
        for _ in YAML(typ="rt", pure=True).load_all(data):
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "it can't be read").partition("\n")[0]
        return (mark.line + 1 if mark else 1), f"is no YAML: {what}"
    except (YAMLError, ValueError) as error:
        return 1, f"is no YAML: {str(error).partition(chr(10))[0]}"
    except TypeError:  # it was read, and has a key that Python cannot look up
        return None
    return None
