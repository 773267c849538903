"""Findings and failures in SARIF 2.1.0 (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0), as code scanning reads it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from devkit import __version__
from devkit.errors import KINDS
from devkit.report.text import clean

if TYPE_CHECKING:
    from devkit.errors import Place
    from devkit.report.account import Account

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"info": "note"}
"""Where SARIF has another word for a severity."""


def sarif_report(account: Account) -> str:
    """Return the report as JSON."""
    results = [
        _result(each.code, str(each.severity), each.message, each.help, _locations(account, each.place))
        for each in account.findings
    ]
    results += [
        _result(each.kind.code, "error", each.message, each.help, _locations(account, each.place))
        for each in account.errors
    ]
    rules = [_rule(code) for code in dict.fromkeys(result["ruleId"] for result in results)]
    driver = {"name": "devkit", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(
    code: str, severity: str, message: str, help_text: str, locations: list[dict[str, Any]]
) -> dict[str, Any]:
    text = clean(f"{message}\n{help_text}".strip())
    result = {"ruleId": code, "level": _LEVELS.get(severity, severity), "message": {"text": text}}
    return {**result, "locations": locations} if locations else result


def _locations(account: Account, place: Place | None) -> list[dict[str, Any]]:
    if place is None:
        return []
    spot: dict[str, Any] = {"artifactLocation": {"uri": quote(os.fsencode(account.path(place)))}}
    if place.line is not None:
        column = {"startColumn": place.column} if place.column else {}
        spot["region"] = {"startLine": place.line, **column}
    return [{"physicalLocation": spot}]


def _rule(code: str) -> dict[str, Any]:
    kind = KINDS.get(code)
    if kind is None:
        return {"id": code}
    return {"id": code, "shortDescription": {"text": kind.title}, "fullDescription": {"text": kind.explanation}}
