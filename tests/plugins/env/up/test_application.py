from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from devkit_env.settings import EnvSettings
from devkit_env.up.address import Address
from devkit_env.up.application import default_port, start_command

from devkit.api import NO_APPLICATION, NPM, PORT, PYTHON, DevkitError, Fact, Place
from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = Address(host="127.0.0.1", port=8001, wanted=8000)


class Known:
    """What a plugin knows of a project, as far as starting its application asks for it."""

    def __init__(self, folder: Path, published: dict[Any, object], start: tuple[str, ...] = (), **facts: str) -> None:
        self.tree = DiskTree(folder)
        self.facts = {name: Fact(name=name, value=value, place=Place(path="x")) for name, value in facts.items()}
        self._published = published
        self._start = start

    def find(self, key: object) -> Any:
        return self._published.get(key)

    def settings(self, _: type) -> Any:
        return EnvSettings(start=self._start)


def command(known: Known, *, reloads: bool = True) -> str:
    return " ".join(start_command(known, ADDRESS, reloads=reloads))  # type: ignore[arg-type]


def test_a_factory_is_served_with_reload(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").touch()
    known = Known(tmp_path, {PYTHON: "py"}, framework="fastapi", application="shop.app:create_app()")

    address = "--host 127.0.0.1 --port 8001"
    assert command(known) == f"py -m uvicorn --factory shop.app:create_app {address} --reload --reload-dir src"
    assert command(known, reloads=False) == f"py -m uvicorn --factory shop.app:create_app {address}"


def test_an_object_in_a_package_is_served_and_its_package_watched(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").touch()
    known = Known(tmp_path, {PYTHON: "py"}, framework="fastapi", application="app.main:api")

    assert command(known) == "py -m uvicorn app.main:api --host 127.0.0.1 --port 8001 --reload --reload-dir app"


def test_flask_runs_in_debug_mode(tmp_path: Path) -> None:
    known = Known(tmp_path, {PYTHON: "py"}, framework="flask", application="app:app")

    assert command(known) == "py -m flask --app app:app run --host 127.0.0.1 --port 8001 --debug"


def test_django_runs_its_own_server(tmp_path: Path) -> None:
    known = Known(tmp_path, {PYTHON: "py"}, framework="django", application="manage.py")

    assert command(known) == "py manage.py runserver 127.0.0.1:8001"
    assert command(known, reloads=False) == "py manage.py runserver --noreload 127.0.0.1:8001"


def test_node_runs_its_script(tmp_path: Path) -> None:
    known = Known(tmp_path, {NPM: "pnpm"}, application="dev")

    assert command(known) == "pnpm run dev"
    assert default_port(known) == 3000  # type: ignore[arg-type]


def test_the_configured_command_wins(tmp_path: Path) -> None:
    known = Known(tmp_path, {PYTHON: "py", PORT: 9}, ("serve", "{host}:{port}"), application="app:app")

    assert command(known) == "serve 127.0.0.1:8001"
    assert default_port(known) == 9  # type: ignore[arg-type]


def test_a_library_has_no_application(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        command(Known(tmp_path, {PYTHON: "py"}))
    assert caught.value.kind == NO_APPLICATION
