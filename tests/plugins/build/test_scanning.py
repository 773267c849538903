from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from devkit_build.imagefile import Image, write_image
from devkit_build.scanning import Policy, Weakness, read_grype, read_trivy, scan_image

from devkit.api import IMAGE_VULNERABLE, SCAN_UNREADABLE, SCANNER_MISSING, DevkitError
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TODAY = date(2026, 6, 1)
WORST = Weakness(id="CVE-1", package="openssl", version="3.0", severity="critical", fixed="3.1")
UNFIXED = Weakness(id="CVE-2", package="zlib", version="1.2", severity="high")
MILD = Weakness(id="CVE-3", package="bash", version="5", severity="low", fixed="5.1")
TRIVY = {
    "Results": [
        {"Target": "a"},
        {
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-1",
                    "PkgName": "openssl",
                    "InstalledVersion": "3.0",
                    "Severity": "CRITICAL",
                    "FixedVersion": "3.1",
                }
            ]
        },
    ]
}
GRYPE = {
    "matches": [
        {
            "vulnerability": {"id": "CVE-1", "severity": "Critical", "fix": {"versions": ["3.1"], "state": "fixed"}},
            "artifact": {"name": "openssl", "version": "3.0"},
        }
    ]
}


def policy(
    severity: str = "high", *, fixable_only: bool = True, exceptions: Mapping[str, Mapping[str, str]] | None = None
) -> Policy:
    return Policy(severity=severity, fixable_only=fixable_only, exceptions=exceptions or {})


@pytest.mark.parametrize(
    ("chosen", "broken"),
    [
        (policy(), [WORST]),
        (policy(fixable_only=False), [WORST, UNFIXED]),
        (policy("low"), [WORST, MILD]),
        (policy("critical", fixable_only=False), [WORST]),
        (policy(exceptions={"CVE-1": {"reason": "not reachable", "until": "2026-06-01"}}), []),
        (policy(exceptions={"CVE-1": {"reason": "not reachable", "until": "2026-05-31"}}), [WORST]),
    ],
)
def test_the_policy_says_what_is_not_accepted(chosen: Policy, broken: list[Weakness]) -> None:
    assert chosen.broken_by([MILD, UNFIXED, WORST, WORST], TODAY) == broken


def test_exceptions_that_are_over_are_named() -> None:
    past = policy(exceptions={"CVE-1": {"reason": "x", "until": "2026-05-31"}})

    assert past.expired(TODAY) == ["CVE-1"]


@pytest.mark.parametrize("exception", [{"until": "2026-06-01"}, {"reason": "x"}, {"reason": "x", "until": "soon"}])
def test_an_exception_needs_a_reason_and_a_last_day(exception: dict[str, str]) -> None:
    with pytest.raises(DevkitError) as caught:
        policy(exceptions={"CVE-1": exception}).broken_by([WORST], TODAY)

    assert caught.value.kind == SCAN_UNREADABLE


def test_the_reports_of_both_scanners_are_read() -> None:
    assert read_trivy(TRIVY) == [WORST]
    assert read_grype(GRYPE) == [WORST]


# The programs below stand for scanners, which a machine without their databases cannot run.


def scanned(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    output: str,
    *,
    end: str = "",
    is_offline: bool = False,
    version: str = "{}",
    **values: Any,
) -> ProjectTaskContext:
    bin_folder = root.parent / "bin"
    bin_folder.mkdir()
    (bin_folder / "report.json").write_text(output)
    (bin_folder / "version.json").write_text(version)
    script = bin_folder / program
    script.write_text(
        f"""#!/bin/sh
cd "{bin_folder}"
[ "$1" = version ] && exec cat version.json
printf "%s\\n" "$@" >argv
env >environment
cat report.json
{end}
"""
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}:/usr/bin:/bin")
    write_image(root, Image(reference="shop:abc", references=("shop:abc",)))
    surroundings = Surroundings(root=root, tell=lambda _: None, is_offline=is_offline)
    context = ProjectTaskContext(task="build:scan", surroundings=surroundings)
    settings = {"severity": "high", "fixable_only": True, "exceptions": {}, **values}
    scan_image(context, **settings)
    return context


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


@pytest.mark.parametrize(("program", "report"), [("trivy", TRIVY), ("grype", GRYPE)])
def test_a_scanner_that_finds_too_much_fails_the_image(
    root: Path, monkeypatch: pytest.MonkeyPatch, program: str, report: dict[str, Any]
) -> None:
    with pytest.raises(DevkitError) as caught:
        scanned(root, monkeypatch, program, json.dumps(report))

    assert caught.value.kind == IMAGE_VULNERABLE
    assert "CVE-1 in openssl" in caught.value.help
    assert (root.parent / "bin/argv").read_text().splitlines()[-2:] == ["--", "shop:abc"]


def test_an_accepted_image_leaves_figures(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exceptions = {"CVE-1": {"reason": "not reachable", "until": "9999-12-31"}}

    context = scanned(root, monkeypatch, "trivy", json.dumps(TRIVY), exceptions=exceptions)

    assert context.figures["critical"] == 1
    assert context.figures["high"] == 0


@pytest.mark.parametrize(
    ("output", "end"), [("{", ""), ("[]", ""), ('{"Results": [{"Vulnerabilities": [{}]}]}', ""), ("", "exit 1")]
)
def test_a_report_that_cannot_be_read_is_no_clean_bill(
    root: Path, monkeypatch: pytest.MonkeyPatch, output: str, end: str
) -> None:
    with pytest.raises(DevkitError) as caught:
        scanned(root, monkeypatch, "trivy", output, end=end)

    assert caught.value.kind == SCAN_UNREADABLE


def database(updated: str) -> str:
    return json.dumps({"Version": "0.58.0", "VulnerabilityDB": {"Version": 2, "UpdatedAt": updated}})


@pytest.mark.parametrize(
    ("program", "report", "variables"),
    [
        (
            "trivy",
            {"Results": []},
            {
                "TRIVY_OFFLINE_SCAN=true",
                "TRIVY_SKIP_DB_UPDATE=true",
                "TRIVY_SKIP_JAVA_DB_UPDATE=true",
                "TRIVY_SKIP_VERSION_CHECK=true",
                "TRIVY_IMAGE_SRC=docker,containerd,podman",
            },
        ),
        (
            "grype",
            {"matches": []},
            {
                "GRYPE_DB_AUTO_UPDATE=false",
                "GRYPE_CHECK_FOR_APP_UPDATE=false",
                "GRYPE_DEFAULT_IMAGE_PULL_SOURCE=docker",
            },
        ),
    ],
)
@pytest.mark.parametrize("is_offline", [True, False])
def test_offline_a_scanner_is_told_to_ask_nobody(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    report: dict[str, Any],
    variables: set[str],
    *,
    is_offline: bool,
) -> None:
    version = database("9999-01-01T00:00:00.123456789Z")

    scanned(root, monkeypatch, program, json.dumps(report), is_offline=is_offline, version=version)

    environment = set((root.parent / "bin/environment").read_text().splitlines())
    assert environment & variables == (variables if is_offline else set())


@pytest.mark.parametrize("version", [database("2020-01-01T00:00:00.123456789Z"), "{}", "", '{"VulnerabilityDB": []}'])
def test_offline_an_old_database_of_trivy_is_no_clean_bill(
    root: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    with pytest.raises(DevkitError) as caught:
        scanned(root, monkeypatch, "trivy", '{"Results": []}', is_offline=True, version=version)

    assert caught.value.kind == SCAN_UNREADABLE
    assert "--download-db-only" in caught.value.help


def test_offline_a_missing_database_is_told_with_what_fetches_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end = "echo 'ERROR failed to load vulnerability db: database does not exist' >&2; exit 1"

    with pytest.raises(DevkitError, match="database does not exist") as caught:
        scanned(root, monkeypatch, "grype", "", end=end, is_offline=True)

    assert caught.value.kind == SCAN_UNREADABLE
    assert "grype db update" in caught.value.help


def test_without_a_scanner_it_says_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DevkitError) as caught:
        scanned(root, monkeypatch, "other", "")

    assert caught.value.kind == SCANNER_MISSING
