"""Templates with hooks or extensions: trusted ones, rendered by cookiecutter itself in a child process."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.engine.process import run_process
from devkit.engine.template_child import read_answer
from devkit.errors import TEMPLATE_INVALID, DevkitError, Place
from devkit.host.trust import Code, require
from devkit.plan.paths import checked
from devkit.render.scan import read_folder
from devkit.render.tree import RenderedFile, finished, is_seeded, render_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource

_CHILD = ("-I", "-B", "-m", "devkit.engine.template_child")
_SHOWN_LINES = 30


def trusted_code(source: TemplateSource) -> Code:
    """Return what has to be trusted before the template's code may run: the whole template."""
    return Code(folder=source.folder, url=source.location if source.kind == "url" else "", files=source.code)


def render_with_code(source: TemplateSource, answers: Mapping[str, Value]) -> tuple[RenderedFile, ...]:
    """Return the files that the template and its hooks make; without trust this is `NEEDS_TRUST`.

    A template that a plugin offers came with code that the user installed, and is trusted as that is. A hook
    that fails is `TEMPLATE_INVALID` with its output; nothing is left behind.
    """
    template = source.chosen(answers)
    if not template.code:
        return render_tree(source, answers)
    if source.kind != "builtin":
        require(trusted_code(source))
    staging = tempfile.mkdtemp(prefix="devkit-template-")
    try:
        made = _run(template, answers, staging)
        shutil.rmtree(
            os.path.join(made, ".git"), ignore_errors=True
        )  # a repository that a hook made is not the project's
        return finished(_rendered(template, made))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _run(template: TemplateSource, answers: Mapping[str, Value], staging: str) -> str:
    """Run the child in the staging folder, which also takes its temporary files; return the folder it made."""
    folders = {name: os.path.join(staging, name) for name in ("output", "temporary")}
    for folder in folders.values():
        os.mkdir(folder)
    answer = os.path.join(staging, "answer.json")
    request = {
        "folder": os.fspath(template.folder),
        "output": folders["output"],
        "answer": answer,
        "answers": answers,
        "about": template.about,
    }
    done = run_process(
        [sys.executable, *_CHILD],
        cwd=Path(staging),
        env={**os.environ, "TMPDIR": folders["temporary"], "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=json.dumps(request, default=str).encode(),
    )
    made, failure = read_answer(answer)
    if failure is not None:
        output = "\n".join((done.stdout + done.stderr).strip().splitlines()[-_SHOWN_LINES:])
        is_code = failure.kind is TEMPLATE_INVALID
        message = f"the template's own code failed: {failure.message}" if is_code else failure.message
        raise DevkitError(failure.kind, message, place=Place(path=template.shown), help=output)
    return made


def _rendered(template: TemplateSource, made: str) -> list[RenderedFile]:
    return [
        RenderedFile(
            path=checked(found.path, Place(path=f"{template.shown}/{found.path}")),
            content=found.content,
            executable=found.is_executable,
            is_seed=is_seeded(found.path, template.seeded),
        )
        for found in read_folder(made, template.shown)
    ]
