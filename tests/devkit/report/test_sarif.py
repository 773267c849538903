from __future__ import annotations

import json

from devkit.errors import TASK_FAILED, DevkitError, Place
from devkit.report.account import Account
from devkit.report.sarif import sarif_report
from tests.devkit.report.accounts import account


def test_findings_and_failures_are_results_with_their_places() -> None:
    document = json.loads(sarif_report(account()))
    (run,) = document["runs"]

    assert (document["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "devkit")
    found, failed = run["results"]
    assert (found["ruleId"], found["level"], found["message"]["text"]) == ("ACME1", "note", "100 % odd:\nsee")
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "src/%C3%BC%2C%20b.py"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert (failed["ruleId"], failed["level"], "locations" in failed) == ("DK0801", "error", False)


def test_the_rules_of_devkit_are_described() -> None:
    (run,) = json.loads(sarif_report(account()))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}

    assert rules["ACME1"] == {"id": "ACME1"}
    assert rules["DK0801"]["shortDescription"]["text"] == "a task failed"


def test_a_name_that_is_no_utf_8_is_a_uri_of_its_bytes() -> None:
    found = Account()
    found.errors.append(DevkitError(TASK_FAILED, "no", place=Place(path="a\udcff.py")))
    (run,) = json.loads(sarif_report(found))["runs"]

    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%FF.py"
