"""How the application is started for development, from what is known of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import NO_APPLICATION, NPM, PORT, PYTHON, DevkitError, fact_text
from devkit_env.settings import EnvSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Context
    from devkit_env.up.address import Address

_DEFAULT_PORT = 8000
_NODE_PORT = 3000


def default_port(context: Context) -> int:
    """Return the port that the application has unless a variable says otherwise."""
    wanted = context.find(PORT)
    return wanted or (_NODE_PORT if context.find(NPM) else _DEFAULT_PORT)


def start_command(context: Context, address: Address, *, reloads: bool) -> tuple[str, ...]:
    """Return the command that starts the application; NO_APPLICATION where nobody knows it."""
    configured = context.settings(EnvSettings).start
    if configured:
        return tuple(word.replace("{host}", address.host).replace("{port}", str(address.port)) for word in configured)
    application, python, npm = fact_text(context, "application"), context.find(PYTHON), context.find(NPM)
    if application and npm:
        return (npm, "run", application if reloads else "start")
    if application and python:
        return (python, *_python_words(context, application, address, reloads=reloads))
    raise DevkitError(
        NO_APPLICATION,
        "devkit does not know how the application is started",
        help='set `start` in [tool.devkit.env], such as start = ["python", "-m", "shop"]',
    )


def _python_words(context: Context, application: str, address: Address, *, reloads: bool) -> Iterator[str]:
    port = str(address.port)
    if application.endswith("manage.py"):
        host = f"[{address.host}]" if ":" in address.host else address.host
        yield from (application, "runserver", *([] if reloads else ["--noreload"]), f"{host}:{port}")
    elif fact_text(context, "framework") == "flask":
        yield from ("-m", "flask", "--app", application, "run", "--host", address.host, "--port", port)
        yield from ["--debug"] if reloads else []
    else:
        name = application.removesuffix("()")
        yield from ("-m", "uvicorn", *(["--factory"] if name != application else []), name)
        yield from ("--host", address.host, "--port", port)
        yield from ("--reload", *_watched(context, name)) if reloads else ()


def _watched(context: Context, application: str) -> Iterator[str]:
    """Yield the folder whose files are watched, so that those of `.venv` are not."""
    package = application.partition(":")[0].partition(".")[0]
    for folder in ("src", package):
        if context.tree.glob(f"{folder}/**/*.py"):
            yield from ("--reload-dir", folder)
            return
