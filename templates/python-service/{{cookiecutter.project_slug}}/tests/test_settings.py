from pathlib import Path

import pytest
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.settings import Settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("LOG_LEVEL", "debug")

    settings = Settings(_env_file=None)

    assert (settings.port, settings.log_level) == (9000, "DEBUG")


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")

    assert Settings(_env_file=None).port == 8000


@pytest.mark.parametrize(("name", "value"), [("PORT", "80000"), ("LOG_LEVEL", "LOUD")])
def test_a_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()) as caught:
        Settings(_env_file=None)
    assert value not in str(caught.value)


def test_the_example_file_names_every_setting_with_its_default() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    names = {line.partition("=")[0].lower() for line in lines if line and line[0] != "#"}

    assert names >= Settings.model_fields.keys()
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)
