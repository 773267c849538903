"""The child process in which a trusted template with code is rendered by cookiecutter itself.

It reads a request as JSON from its standard input and writes its answer to a file: the folder that was made, or
the code and message of a failure. What hooks print is its own output.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from devkit.errors import BAD_PATH, KINDS, TEMPLATE_INVALID, DevkitError
from devkit.plan.paths import problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def main() -> int:
    """Render what the request asks for; return 0 when it was made."""
    request = json.load(sys.stdin)
    try:
        answer = {"made": _made(request)}
    except DevkitError as error:
        answer = {"code": error.kind.code, "message": error.message}
    except Exception as problem:  # noqa: BLE001 - a template's code can raise anything at all
        first = str(problem).strip().partition("\n")[0]
        answer = {"code": TEMPLATE_INVALID.code, "message": first or type(problem).__name__}
    with open(request["answer"], "w", encoding="utf-8") as opened:
        json.dump(answer, opened)
    return 0 if "made" in answer else 1


def read_answer(path: str) -> tuple[str, DevkitError | None]:
    """Return the folder that a child made, or the failure that it met; a child without an answer failed."""
    try:
        with open(path, encoding="utf-8") as opened:
            answer = json.load(opened)
    except (OSError, ValueError):
        return "", DevkitError(TEMPLATE_INVALID, "it ended without an answer")
    if "made" in answer:
        return str(answer["made"]), None
    return "", DevkitError(KINDS.get(answer["code"], TEMPLATE_INVALID), answer["message"])


def _made(request: Mapping[str, Any]) -> str:
    from cookiecutter.generate import generate_context, generate_files  # type: ignore[import-untyped]
    from cookiecutter.hooks import run_pre_prompt_hook  # type: ignore[import-untyped]

    folder = str(run_pre_prompt_hook(request["folder"]))
    sys.path.append(folder)  # for extensions beside cookiecutter.json, as cookiecutter itself does
    context = generate_context(context_file=os.path.join(folder, "cookiecutter.json"))
    variables = context["cookiecutter"]
    context["_cookiecutter"] = {name: raw for name, raw in variables.items() if not name.startswith("_")}
    variables.update(_filled(context, request["answers"]))
    variables.update(request["about"])
    _check_names(folder, context)
    return str(generate_files(repo_dir=folder, context=context, output_dir=request["output"]))


def _filled(context: dict[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables: cookiecutter asks, and gets the answers, so that none of them is rendered itself."""
    from cookiecutter import prompt  # type: ignore[import-untyped]

    def answer(name: str, default: Any, *_: Any, **__: Any) -> Any:
        return answers.get(name, default)

    def choose(name: str, options: list[Any], *_: Any, **__: Any) -> Any:
        return answers.get(name, options[0])

    prompt.read_user_variable = prompt.read_user_yes_no = prompt.read_user_dict = answer
    prompt.read_user_choice = choose
    filled: dict[str, Any] = prompt.prompt_for_config(context)
    return filled


def _check_names(folder: str, context: dict[str, Any]) -> None:
    """Refuse a name that leads out before anything is written."""
    from cookiecutter.find import find_template  # type: ignore[import-untyped]
    from cookiecutter.utils import create_env_with_context  # type: ignore[import-untyped]

    environment = create_env_with_context(context)
    template = str(find_template(folder, environment))
    for name in (os.path.basename(template), *_names(template)):
        rendered = _rendered(environment, name, context)
        is_left_out = not rendered or rendered.endswith("/")  # a file without a name is not written
        problem = None if is_left_out else problem_of(rendered)
        if problem is not None and problem[0] is BAD_PATH:
            raise DevkitError(BAD_PATH, f"{rendered!r}, rendered from `{name}`, {problem[1]}")


def _rendered(environment: Any, name: str, context: dict[str, Any]) -> str:
    """Return a rendered name; one that does not render is as it is, since cookiecutter may never render it."""
    from jinja2 import TemplateError

    try:
        return str(environment.from_string(name).render(**context))
    except TemplateError:
        return name


def _names(template: str) -> Iterator[str]:
    for above, folders, files in os.walk(template):
        for name in (*folders, *files):
            yield os.path.relpath(os.path.join(above, name), template)


if __name__ == "__main__":
    sys.exit(main())
