from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_build.secrets import (
    Secret,
    check_arguments,
    check_secrets,
    parse_arguments,
    parse_secret,
)

from devkit.api import BUILD_SECRET_INVALID, BUILD_SECRET_MISSING, SECRET_EXPOSED, DevkitError

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-4711-secret"


@pytest.mark.parametrize(
    ("text", "specification"),
    [
        ("id=npm,env=NPM_TOKEN", "id=npm,env=NPM_TOKEN"),
        ("id=NPM_TOKEN", "id=NPM_TOKEN,env=NPM_TOKEN"),
        ("id=npm,type=env,src=NPM_TOKEN", "id=npm,env=NPM_TOKEN"),
        ("id=pip,src=pip.conf", "id=pip,src=pip.conf"),
        ("type=file,id=pip,source=pip.conf", "id=pip,src=pip.conf"),
    ],
)
def test_a_secret_names_a_variable_or_a_file(text: str, specification: str) -> None:
    assert parse_secret(text).specification == specification


@pytest.mark.parametrize(
    "text", [CANARY, f"npm={CANARY}", f"id=npm,value={CANARY}", f"id=npm,env={CANARY}", "id=", ""]
)
def test_a_value_in_the_place_of_a_name_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(DevkitError) as caught:
        parse_secret(text)

    assert caught.value.kind == BUILD_SECRET_INVALID
    assert CANARY not in caught.value.message + caught.value.help


def test_a_secret_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text(CANARY)
    check_secrets([Secret(id="a", variable="A"), Secret(id="b", file="pip.conf")], tmp_path, {"A": CANARY})

    for secret in (Secret(id="a", variable="A"), Secret(id="b", file="npmrc")):
        with pytest.raises(DevkitError) as caught:
            check_secrets([secret], tmp_path, {})
        assert caught.value.kind == BUILD_SECRET_MISSING


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NPM_TOKEN", "x"),
        ("db_password", ""),
        ("DATABASE_URL", "x"),
        ("GREETING", f"https://host/?key={CANARY}"),
        ("INDEX", "https://ada:lovelace@index.example.org/simple"),
        ("ANY", "ghp_" + "a" * 36),
        ("KEY", "-----BEGIN OPENSSH PRIVATE KEY-----"),
    ],
)
def test_a_secret_is_no_build_argument(name: str, value: str) -> None:
    with pytest.raises(DevkitError) as caught:
        check_arguments({name: value}, {"DATABASE_URL": "", "API": CANARY})

    assert caught.value.kind == SECRET_EXPOSED
    assert caught.value.exit == 77
    assert CANARY not in caught.value.message + caught.value.help


def test_other_build_arguments_are_fine() -> None:
    check_arguments({"PYTHON_VERSION": "3.12", "TOKENIZER": "fast", "PATTERN": "on"}, {"FLAG": "on"})


def test_a_build_argument_has_a_value_or_takes_that_of_a_variable() -> None:
    assert parse_arguments(["A=1=2", "B", "C"], {"B": "two"}) == {"A": "1=2", "B": "two"}
    with pytest.raises(DevkitError) as caught:
        parse_arguments([f"--{CANARY}"], {})
    assert CANARY not in caught.value.message


def test_the_home_of_somebody_who_is_not_there_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="which is not there"):
        check_secrets([parse_secret("id=a,src=~nobody-of-this-name/a")], tmp_path, {})
