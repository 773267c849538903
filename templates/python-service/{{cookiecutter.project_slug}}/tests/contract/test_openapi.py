"""The service answers as its own OpenAPI document says, to whatever that document allows."""

from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis import settings
from pydantic import SecretStr
from schemathesis.specs.openapi.checks import allow_header_conformance

from {{ cookiecutter.package_name }}.app import create_app
from {{ cookiecutter.package_name }}.settings import Settings

folder = TemporaryDirectory()  # removed when the process ends
database_url = SecretStr(f"sqlite:///{folder.name}/contract.sqlite3")
app = create_app(Settings(_env_file=None, database_url=database_url))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@settings(max_examples=10, deadline=None, derandomize=True)
def test_answers_fit_the_document(case: schemathesis.Case[Any]) -> None:
    # Of a path with several routes, Starlette's 405 names the methods of the first one only.
    case.call_and_validate(excluded_checks=[allow_header_conformance])
