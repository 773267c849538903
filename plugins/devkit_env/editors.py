"""Settings of editors, merged into what is there: VS Code, development containers, `.editorconfig`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import Block, KeyedList, Merge, Seed, SetList
from devkit_env.devcontainer import devcontainer
from devkit_env.preferences import preferred
from devkit_env.settings import Editor, EnvSettings
from devkit_env.stack import stack_of
from devkit_env.vscode import extensions, launches, settings, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Context, FileAction
    from devkit_env.stack import Stack

_EDITORCONFIG = """\
root = true

[*]
charset = utf-8
end_of_line = lf
indent_style = space
indent_size = 2
insert_final_newline = true
trim_trailing_whitespace = true
{more}
[*.md]
# Two spaces at the end of a line are a line break.
trim_trailing_whitespace = false
"""
_OF_PYTHON = "\n[*.py]\nindent_size = 4\n"


def editor_files(context: Context) -> Iterator[FileAction]:
    """Return the files of the editors that the project has chosen; of a language we do not know, none."""
    chosen, stack = context.settings(EnvSettings).editors, stack_of(context)
    if stack.language not in {"python", "node"}:
        return
    if Editor.EDITORCONFIG in chosen:
        yield from _editorconfig(context, stack)
    if Editor.VSCODE in chosen:
        yield from _vscode(context, stack)
    if Editor.DEVCONTAINER in chosen:
        yield Merge(
            path=".devcontainer/devcontainer.json",
            data=devcontainer(stack, context.mirrors),
            lists={"forwardPorts": SetList(), "customizations.vscode.extensions": SetList()},
        )
    if "prettier" in stack.tools and {Editor.VSCODE, Editor.DEVCONTAINER} & set(chosen):
        yield Block(path=".prettierignore", name="env", text=".devcontainer/\n.vscode/\n")


def _editorconfig(context: Context, stack: Stack) -> Iterator[FileAction]:
    """Yield a file that is the project's own from then on, unless the template brings one."""
    text = _EDITORCONFIG.format(more=_OF_PYTHON if stack.language == "python" else "")
    is_of_template = context.answers and context.tree.read_text(".editorconfig") not in {None, text}
    if not is_of_template:
        yield Seed(path=".editorconfig", text=text)


def _vscode(context: Context, stack: Stack) -> Iterator[FileAction]:
    path = ".vscode/settings.json"
    if own := preferred(settings(stack), context.tree.read_text(path) or ""):
        yield Merge(path=path, data=own)
    yield Merge(
        path=".vscode/extensions.json",
        data={"recommendations": extensions(stack)},
        lists={"recommendations": SetList()},
    )
    yield Merge(
        path=".vscode/launch.json",
        data={"version": "0.2.0", "configurations": launches(stack)},
        lists={"configurations": KeyedList("name")},
    )
    if found := tasks(stack):
        yield Merge(
            path=".vscode/tasks.json",
            data={"version": "2.0.0", "tasks": found},
            lists={"tasks": KeyedList("label")},
        )
