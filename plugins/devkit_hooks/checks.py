"""The hooks that a project gets by itself: hygiene without a download, and the linters that it has anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import GitHook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit_hooks.programs import Programs

RECORDS = r"^\.devkit/"
"""What devkit writes for itself is not mended by others."""
_COMMENTED_JSON = r"(^|/)(\.vscode/|\.devcontainer/|tsconfig[^/]*\.json$)"
# devkit: allow-secret
_KEY = "-----BEGIN ((RSA|DSA|EC|OPENSSH|ENCRYPTED|SSH2 ENCRYPTED|PGP) )?PRIVATE KEY( BLOCK)?-----"


def built_in_checks() -> Iterator[GitHook]:
    """Yield checks that pre-commit and prek can make by themselves: nothing is installed for them."""
    yield GitHook(
        id="merge-markers",
        name="no merge markers are left",
        entry="^(<<<<<<< |>>>>>>> )",
        language="pygrep",
        types=("text",),
        exclude=RECORDS,
    )
    yield GitHook(id="private-key", name="no private keys", entry=_KEY, language="pygrep", types=("text",))
    yield GitHook(
        id="env-file",
        name="no .env files",
        entry="Variables stay out of git. Take the file away with: git rm --cached",
        language="fail",
        files=r"(^|/)\.env(\.[^/]+)?$",
        exclude=r"(^|/)\.env\.(example|sample|template|dist)$",
    )


def python_hygiene(programs: Programs) -> Iterator[GitHook]:
    """Yield the checks of `pre-commit-hooks`, which the project's environment holds."""
    if "devkit-cycle" in programs:
        entry = programs.entry("devkit-hygiene --fix")
        yield GitHook(id="devkit-hygiene", name="files are clean", entry=entry, exclude=RECORDS, is_serial=True)
        return
    for id_, name, words, types, exclude in (
        ("trailing-whitespace", "no white space at the end of lines", _WHITE_SPACE, ("text",), RECORDS),
        ("end-of-file", "files end with one newline", "end-of-file-fixer", ("text",), RECORDS),
        ("line-endings", "one kind of line ending", "mixed-line-ending", ("text",), RECORDS),
        ("yaml", "YAML can be read", "check-yaml --allow-multiple-documents", ("yaml",), ""),
        ("toml", "TOML can be read", "check-toml", ("toml",), ""),
        ("json", "JSON can be read", "check-json", ("json",), _COMMENTED_JSON),
        ("large-files", "no large files", "check-added-large-files", (), ""),
        ("case-conflict", "names differ in more than case", "check-case-conflict", (), ""),
        ("symlinks", "symbolic links lead somewhere", "check-symlinks", ("symlink",), ""),
    ):
        yield GitHook(id=id_, name=name, entry=programs.entry(words), types=types, exclude=exclude)


_WHITE_SPACE = "trailing-whitespace-fixer --markdown-linebreak-ext=md"


def python_linters(programs: Programs) -> Iterator[GitHook]:
    """Yield the linters that a Python project depends on; types wait for a push, since that takes longer."""
    python = ("python", "pyi")
    if "ruff" in programs:
        check, format_ = (programs.entry(f"ruff {words} --force-exclude") for words in ("check --fix", "format"))
        yield GitHook(id="ruff-check", name="ruff check", entry=check, types_or=python, is_serial=True)
        yield GitHook(id="ruff-format", name="ruff format", entry=format_, types_or=python, is_serial=True)
    if "mypy" in programs:
        yield GitHook(
            id="mypy",
            name="types fit",
            entry=programs.entry("mypy"),
            types_or=python,
            stages=("pre-push",),
            takes_files=False,
        )


def node_linters(programs: Programs) -> Iterator[GitHook]:
    """Yield the linters that a Node project depends on."""
    if "eslint" in programs:
        entry = programs.entry("eslint --fix")
        types = ("javascript", "jsx", "ts", "tsx")
        yield GitHook(id="eslint", name="eslint", entry=entry, types_or=types, is_serial=True)
    if "prettier" in programs:
        entry = programs.entry("prettier --write --ignore-unknown")
        yield GitHook(id="prettier", name="prettier", entry=entry, types=("text",), exclude=RECORDS, is_serial=True)
    if "typescript" in programs:
        yield GitHook(
            id="tsc",
            name="types fit",
            entry=programs.entry("tsc --noEmit"),
            types_or=("ts", "tsx"),
            stages=("pre-push",),
            takes_files=False,
        )
