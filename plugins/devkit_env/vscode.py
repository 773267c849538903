"""What VS Code is told of a project: settings, extensions, debugging and tasks; none of it needs devkit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Value
    from devkit_env.stack import Stack

    Table = dict[str, Value]

PYTHON = "${workspaceFolder}/.venv/bin/python"
_PRETTIER = "esbenp.prettier-vscode"
_TERMINAL: Table = {"console": "integratedTerminal"}
_OWN_CODE: Table = {"skipFiles": ["<node_internals>/**", "**/node_modules/**"]}
_TEST_RUNNERS = {
    "vitest": ("vitest/vitest.mjs", ("run", "--no-file-parallelism")),
    "jest": ("jest/bin/jest.js", ("--runInBand",)),
}
_RUFF_MATCHER: Table = {
    "owner": "ruff",
    "fileLocation": ["relative", "${workspaceFolder}"],
    "pattern": {
        "regexp": "^(.+?):(\\d+):(\\d+): (\\w+) (.+)$",
        "file": 1,
        "line": 2,
        "column": 3,
        "code": 4,
        "message": 5,
    },
}
_MYPY_MATCHER: Table = {
    "owner": "mypy",
    "fileLocation": ["relative", "${workspaceFolder}"],
    "pattern": {
        "regexp": "^(.+?):(\\d+)(?::(\\d+))?: (error|warning|note): (.+)$",
        "file": 1,
        "line": 2,
        "column": 3,
        "severity": 4,
        "message": 5,
    },
}


def settings(stack: Stack) -> Table:
    """Return `settings.json`: the project's own tools test, lint and format."""
    return _python_settings(stack) if stack.language == "python" else _node_settings(stack)


def _python_settings(stack: Stack) -> Table:
    found: Table = {"python.defaultInterpreterPath": PYTHON}
    if "pytest" in stack.tools:
        found |= {"python.testing.pytestEnabled": True, "python.testing.unittestEnabled": False}
    if "mypy" in stack.tools:
        found["mypy-type-checker.importStrategy"] = "fromEnvironment"
    if "ruff" in stack.tools:
        actions: Table = {"source.fixAll.ruff": "explicit", "source.organizeImports.ruff": "explicit"}
        found["[python]"] = {
            "editor.defaultFormatter": "charliermarsh.ruff",
            "editor.formatOnSave": True,
            "editor.codeActionsOnSave": actions,
        }
    elif "black" in stack.tools:
        found["[python]"] = {"editor.defaultFormatter": "ms-python.black-formatter", "editor.formatOnSave": True}
    return found


def _node_settings(stack: Stack) -> Table:
    found: Table = {}
    if "prettier" in stack.tools:
        found |= {"editor.defaultFormatter": _PRETTIER, "editor.formatOnSave": True}
    if "eslint" in stack.tools:
        found["editor.codeActionsOnSave"] = {"source.fixAll.eslint": "explicit"}
    if "typescript" in stack.tools:
        found["typescript.tsdk"] = "node_modules/typescript/lib"
        found["typescript.enablePromptUseWorkspaceTsdk"] = True
    return found


def extensions(stack: Stack) -> list[Value]:
    """Return the extensions that these settings want."""
    python = {
        "": "ms-python.python",
        "ruff": "charliermarsh.ruff",
        "black": "ms-python.black-formatter",
        "mypy": "ms-python.mypy-type-checker",
    }
    node = {
        "eslint": "dbaeumer.vscode-eslint",
        "prettier": _PRETTIER,
        "vitest": "vitest.explorer",
        "jest": "orta.vscode-jest",
    }
    known = python if stack.language == "python" else node
    wanted = {name for name in known if not name or name in stack.tools} - (
        {"black"} if "ruff" in stack.tools else set()
    )
    return ["editorconfig.editorconfig", *(known[name] for name in known if name in wanted)]


def launches(stack: Stack) -> list[Value]:
    """Return what can be debugged: the application, the open file or its tests, and a running process."""
    return list(_python_launches(stack) if stack.language == "python" else _node_launches(stack))


def _python_launches(stack: Stack) -> Iterator[Value]:
    base: Table = {"type": "debugpy", "request": "launch", **_TERMINAL}
    if application := _python_application(stack):
        yield {"name": "Run the application", **base, **application}
    yield {"name": "Run the open file", **base, "program": "${file}"}
    if "pytest" in stack.tools:
        yield {"name": "Debug tests", **base, "program": "${file}", "purpose": ["debug-test"], "justMyCode": False}
    attach: Table = {"type": "debugpy", "request": "attach", "processId": "${command:pickProcess}"}
    yield {"name": "Attach to a process", **attach}


def _python_application(stack: Stack) -> Table:
    if stack.main:
        return {"module": stack.main}
    if stack.application.endswith("manage.py"):
        return {"program": "${workspaceFolder}/manage.py", "args": ["runserver"], "django": True}
    name = stack.application.removesuffix("()")
    if not name:
        return {}
    if stack.framework == "flask":
        return {"module": "flask", "args": ["--app", stack.application, "run", "--no-debugger"], "jinja": True}
    factory = ["--factory"] if name != stack.application else []
    return {"module": "uvicorn", "args": [*factory, name, "--reload"]}


def _node_launches(stack: Stack) -> Iterator[Value]:
    base: Table = {"type": "node", "request": "launch", **_OWN_CODE, **_TERMINAL}
    if stack.application:
        program = stack.manager.removesuffix("-classic") or "npm"
        running: Table = {"runtimeExecutable": program, "runtimeArgs": ["run", stack.application]}
        yield {"name": "Run the application", **base, **running}
    runner = next((name for name in _TEST_RUNNERS if name in stack.tools), "")
    if runner:
        program, words = _TEST_RUNNERS[runner]
        own: Table = {"program": f"${{workspaceFolder}}/node_modules/{program}", "args": [*words, "${relativeFile}"]}
        yield {"name": "Debug the open test", **base, **own}
    attach: Table = {"type": "node", "request": "attach", "processId": "${command:PickProcess}", **_OWN_CODE}
    yield {"name": "Attach to a process", **attach}


def tasks(stack: Stack) -> list[Value]:
    """Return tasks of the editor: the project's own programs, as anybody would call them."""
    return list(_python_tasks(stack) if stack.language == "python" else _node_tasks(stack))


def _python_tasks(stack: Stack) -> Iterator[Value]:
    def task(label: str, words: list[str], matcher: Value) -> Table:
        own: Table = {"label": label, "type": "process", "command": PYTHON, "args": ["-m", *words]}
        return {**own, "problemMatcher": matcher}

    if "pytest" in stack.tools:
        yield {**task("Run the tests", ["pytest"], []), "group": {"kind": "test", "isDefault": True}}
    if "ruff" in stack.tools:
        yield task("Lint", ["ruff", "check", "--output-format", "concise"], _RUFF_MATCHER)
        yield task("Format", ["ruff", "format"], [])
    if "mypy" in stack.tools:
        yield task("Check the types", ["mypy"], _MYPY_MATCHER)


def _node_tasks(stack: Stack) -> Iterator[Value]:
    known: dict[str, Table] = {
        "build": {"group": {"kind": "build", "isDefault": True}, "problemMatcher": ["$tsc"]},
        "test": {"group": {"kind": "test", "isDefault": True}, "problemMatcher": []},
        "lint": {"problemMatcher": ["$tsc", "$eslint-stylish"]},
        "format": {"problemMatcher": []},
    }
    for script, more in known.items():
        if script in stack.scripts:
            yield {"label": script.capitalize(), "type": "npm", "script": script, **more}
