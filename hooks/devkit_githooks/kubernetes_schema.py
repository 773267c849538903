"""Kubernetes' own schemas, through the package kubernetes-validate where it is installed beside us."""

from .problems import Refusal
from .report import Finding, edited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from .options import Words


def invalid(
    path: bytes, data: bytes, lines: "Sequence[int]", words: "Words", own: "Sequence[Finding]"
) -> list[Finding]:
    """Return what the schemas refuse of documents that begin at `lines`; kinds without a schema are left out."""
    from importlib import import_module
    from importlib.util import find_spec

    if not find_spec("kubernetes_validate") or any(each.check in {"structure", "removed-version"} for each in own):
        return []
    import yaml

    package = import_module("kubernetes_validate.utils")
    version = words.last("--kube-version") or f"{package.latest_version()}.0"
    try:
        loaded = list(yaml.load_all(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, ValueError):
        return []
    return [
        Finding("schema", path, line, what, edited(path, "edit the file"))
        for each, line in zip(loaded, lines, strict=False)
        for what in _problem(package, each, version)
    ]


def _problem(package: "Any", document: "Any", version: str) -> "Iterator[str]":
    from .kubernetes_kinds import is_own

    is_one = isinstance(document, dict) and isinstance(document.get("apiVersion"), str) and document.get("kind")
    if not is_one or not is_own(document["apiVersion"]) or document["kind"] == "List":
        return
    try:
        package.validate(document, version, strict=True)
    except package.VersionNotSupportedError as error:
        raise Refusal(f"kubernetes-validate has no schemas of {version!r}") from error
    except package.SchemaNotFoundError:
        return
    except package.ValidationError as error:
        place = ".".join(str(part) for part in error.path) or "the document"
        yield f"{place}: {str(error.message).partition(chr(10))[0][:200]}"
