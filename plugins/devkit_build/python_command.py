"""How a Python application is started, read from its own files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devkit.api import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree

_CANDIDATES = (
    "src/*/main.py", "src/*/app.py", "src/*/__init__.py", "app/main.py", "main.py", "app.py", "wsgi.py",
    "*/main.py", "*/app.py", "*/__init__.py",
)  # fmt: skip
_OBJECT = r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)?(?:{})\("
_ASGI = re.compile(_OBJECT.format("FastAPI|Starlette|Litestar"), re.MULTILINE)
_WSGI = re.compile(_OBJECT.format("Flask"), re.MULTILINE)
_FACTORY = re.compile(r"^def (create_app|make_app)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A Python application: its tree, manifest, dependencies, framework and port."""

    tree: Tree
    manifest: Mapping[str, Any]
    dependencies: frozenset[str]
    framework: str
    port: int


def start_command(application: Application) -> tuple[str, ...]:
    """Return the command that starts it: a script of its own if it has one, else what its framework is served by."""
    project = table(application.manifest.get("project"))
    scripts = table(project.get("scripts")) or table(_poetry(application).get("scripts"))
    name = project.get("name")
    if name in scripts or len(scripts) == 1:
        return (str(name if name in scripts else next(iter(scripts))),)
    return _framework_command(application) or _module_command(application)


def django_project(tree: Tree) -> str:
    """Return the package that holds a Django project's settings, or `""`."""
    match = re.search(r"DJANGO_SETTINGS_MODULE[\"'],\s*[\"']([\w.]+)[\"']", tree.read_text("manage.py") or "")
    return match[1].partition(".")[0] if match else ""


def _framework_command(application: Application) -> tuple[str, ...]:
    port = str(application.port)
    if application.framework == "django" and (package := django_project(application.tree)):
        return _django(application, package)
    if application.framework == "flask" and (target := _target(application.tree, _WSGI, "()")):
        if "gunicorn" in application.dependencies:
            return ("gunicorn", "--bind", f"0.0.0.0:{port}", "--worker-tmp-dir", "/dev/shm", target)  # noqa: S108
        return ("flask", "--app", target.removesuffix("()"), "run", "--host", "0.0.0.0", "--port", port)  # noqa: S104
    if application.framework == "fastapi" and (target := _target(application.tree, _ASGI, "")):
        is_factory = target.endswith(("create_app", "make_app"))
        options = ("--factory",) if is_factory else ()
        return ("uvicorn", *options, target, "--host", "0.0.0.0", "--port", port)  # noqa: S104
    return ()


def _django(application: Application, package: str) -> tuple[str, ...]:
    bind = f"0.0.0.0:{application.port}"
    if "gunicorn" not in application.dependencies and "uvicorn" in application.dependencies:
        return ("uvicorn", f"{package}.asgi:application", "--host", "0.0.0.0", "--port", str(application.port))  # noqa: S104
    if "gunicorn" not in application.dependencies:
        return ("python", "manage.py", "runserver", "--noreload", bind)
    if "uvicorn-worker" in application.dependencies:
        worker = ("--worker-class", "uvicorn_worker.UvicornWorker")
        return ("gunicorn", "--bind", bind, "--worker-tmp-dir", "/dev/shm", *worker, f"{package}.asgi:application")  # noqa: S108
    return ("gunicorn", "--bind", bind, "--worker-tmp-dir", "/dev/shm", f"{package}.wsgi:application")  # noqa: S108


def _module_command(application: Application) -> tuple[str, ...]:
    for path in (*application.tree.glob("src/*/__main__.py"), *application.tree.glob("*/__main__.py")):
        return ("python", "-m", path.split("/")[-2])
    found = (name for name in ("main.py", "app.py") if application.tree.exists(name))
    return ("python", next(found, "main.py"))


def _target(tree: Tree, pattern: re.Pattern[str], call: str) -> str:
    """Return `module:object` of what a server serves: an application, or a function that makes one."""
    for path in (path for candidate in _CANDIDATES for path in tree.glob(candidate)):
        text = tree.read_text(path) or ""
        if match := pattern.search(text):
            return f"{_module(path)}:{match[1]}"
        if match := _FACTORY.search(text):
            return f"{_module(path)}:{match[1]}{call}"
    return ""


def _module(path: str) -> str:
    parts = path.removeprefix("src/").removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _poetry(application: Application) -> dict[str, Any]:
    return table(table(application.manifest.get("tool")).get("poetry"))
