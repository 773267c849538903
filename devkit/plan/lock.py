"""The lock file: which generators made the project, from which answers, and what the user took over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from devkit.errors import CONFIG_SYNTAX, NEWER_SCHEMA, DevkitError, Place
from devkit.project.root import LOCK_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from devkit.api.values import Value

SCHEMA = 1
_HEADER = """\
# Made by devkit and committed, so that everyone's copy is generated alike. Edit devkit's configuration instead;
# after a merge conflict in this file, `devkit apply` settles it.
"""


class LockedTemplate(Struct, frozen=True, kw_only=True):
    """The template that the project was made from: what was asked for, and exactly which it was."""

    source: str
    revision: str = ""


class Lock(Struct, frozen=True, kw_only=True):
    """What `.devkit/lock.toml` holds.

    `plugins` maps distributions to versions, `stages` the enabled stages to the distribution that declares
    them; `ejected` holds paths, or `path#dotted.key`.
    """

    template: LockedTemplate | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    plugins: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    ejected: frozenset[str] = frozenset()

    def with_ejected(self, paths: Iterable[str]) -> Lock:
        """Return the same lock with exactly these ejected."""
        return replace(self, ejected=frozenset(paths))


def read_lock(text: str) -> Lock:
    """Return the lock that a text holds; conflict markers of a git merge are settled by taking both sides.

    CONFIG_SYNTAX when it holds none (an empty file neither: nothing enabled would take every file away), and
    NEWER_SCHEMA when a newer devkit wrote it.
    """
    data: dict[str, Any] = {}
    for side in _sides(text):
        _lay_over(data, _parse(side))
    schema = data.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise DevkitError(
            NEWER_SCHEMA,
            "the project was written by a newer devkit",
            place=Place(path=LOCK_FILE),
            help="install the newer one: pip install --upgrade devkit-cycle",
        )
    if not isinstance(schema, int) or not _is_sound(data):
        raise _unreadable("it is not as devkit writes it")
    template = data.get("template")
    return Lock(
        template=LockedTemplate(source=template["source"], revision=template.get("revision", ""))
        if template
        else None,
        answers=data.get("answers", {}),
        plugins=data.get("plugins", {}),
        stages=data.get("stages", {}),
        ejected=frozenset(data.get("ejected", {})),
    )


def write_lock(lock: Lock) -> str:
    """Return the text of a lock: sorted, one line a fact, so that branches merge line by line."""
    tables: dict[str, Mapping[str, Value]] = {"answers": lock.answers}
    if lock.template is not None:
        tables["template"] = {"source": lock.template.source, "revision": lock.template.revision}
    tables |= {"plugins": lock.plugins, "stages": lock.stages, "ejected": dict.fromkeys(lock.ejected, True)}
    parts = [f"{_HEADER}schema = {SCHEMA}\n"]
    parts += [_table(name, tables[name]) for name in sorted(tables) if tables[name]]
    return "\n".join(parts)


def _table(name: str, values: Mapping[str, Value]) -> str:
    from devkit.plan.splice.toml_writer import inline_text, key_text

    lines = [f"{key_text([key])} = {inline_text(values[key])}\n" for key in sorted(values)]
    return f"[{name}]\n{''.join(lines)}"


def _parse(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise _unreadable(str(problem)) from problem


def _is_sound(data: Mapping[str, Any]) -> bool:
    """Whether every table is one, and what must be text is text: a clone's lock is not trusted to be."""
    tables = {name: data.get(name, {}) for name in ("answers", "ejected", "plugins", "stages", "template")}
    if not all(isinstance(table, dict) for table in tables.values()):
        return False
    texts = [text for name in ("plugins", "stages", "template") for text in tables[name].values()]
    has_source = "template" not in data or "source" in tables["template"]
    return has_source and all(isinstance(text, str) for text in texts)


def _unreadable(reason: str) -> DevkitError:
    return DevkitError(
        CONFIG_SYNTAX,
        f"the lock file cannot be read: {reason}",
        place=Place(path=LOCK_FILE),
        help=f"bring it back from git: git checkout HEAD -- {LOCK_FILE}",
    )


def _sides(text: str) -> tuple[str, ...]:
    """Return the text, or the two texts between which a git merge left a conflict."""
    if "\n<<<<<<< " not in f"\n{text}":
        return (text,)
    return (_side(text, "<"), _side(text, ">"))


def _side(text: str, keep: str) -> str:
    kept, region = [], ""
    for line in text.split("\n"):
        mark = line[:7]
        if mark in {"<<<<<<<", "|||||||", "=======", ">>>>>>>"}:
            region = {"<<<<<<<": "<", "|||||||": "|", "=======": ">", ">>>>>>>": ""}[mark]
        elif region in {"", keep}:
            kept.append(line)
    return "\n".join(kept)


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            below[key] |= value
        else:
            below[key] = value
