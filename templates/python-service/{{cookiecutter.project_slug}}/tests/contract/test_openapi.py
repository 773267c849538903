"""The service answers as its own OpenAPI document says, to whatever that document allows."""

from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import allow_header_conformance

from {{ cookiecutter.package_name }}.app import create_app

schema = schemathesis.openapi.from_asgi("/openapi.json", create_app())


@schema.parametrize()
@settings(max_examples=10, deadline=None)
def test_answers_fit_the_document(case: schemathesis.Case[Any]) -> None:
    # Of a path with several routes, Starlette's 405 names the methods of the first one only.
    case.call_and_validate(excluded_checks=[allow_header_conformance])
