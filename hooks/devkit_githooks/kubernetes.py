"""The hook `devkit-kubernetes`: structure of manifests, resources, probes, images; kubernetes-validate joins in."""

import os

from . import file_checks
from .report import Finding, edited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .options import Words
    from .yaml_nodes import Node

CHECKS = ("structure", "removed-version", "duplicate", "image", "resources", "probes", "schema")
_KUSTOMIZE = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def is_yaml(path: bytes) -> bool:
    """Return whether a file may be a manifest; what it holds decides."""
    return path.endswith((b".yaml", b".yml")) and b"{{" not in path


def find(path: bytes, data: bytes, words: "Words") -> list[Finding]:
    """Return what is wrong with the manifests of a file; a file of anything else is not even parsed."""
    if b"apiVersion:" not in data or b"kind:" not in data or b"{{" in data or b"{%" in data:
        return []
    from .yaml_nodes import documents

    found: list[Finding] = []
    names: dict[tuple[str, ...], int] = {}
    parsed = documents(data)
    for document in _flat(parsed, set()):
        found += [*_document(path, document), *_twice(path, document, names)]
    if not words.has("--no-schema"):
        from .kubernetes_schema import invalid

        found += invalid(path, data, [each.line for each in parsed], words, found)
    return found


def _flat(found: "Sequence[Node]", seen: "set[Node]") -> "Iterator[Node]":
    """Yield the documents that are Kubernetes' own, those of lists too; an alias may lead back into its list."""
    from .kubernetes_kinds import REMOVED, is_own

    for each in (node for node in found if node not in seen):
        seen.add(each)
        version = each.text_of("apiVersion")
        if version and each.text_of("kind") and (is_own(version) or version in REMOVED):
            if each.text_of("kind") == "List":
                yield from _flat(each.list_of("items"), seen)
            else:
                yield each


def _document(path: bytes, document: "Node") -> "Iterator[Finding]":
    from .kubernetes_kinds import KINDS, REMOVED

    version, kind = document.text_of("apiVersion"), document.text_of("kind")
    if kind in REMOVED.get(version, {}):
        what = f"Kubernetes no longer serves {kind} of {version}"
        advice = edited(path, f"write apiVersion: {REMOVED[version][kind]}")
        yield Finding("removed-version", path, document.lines["apiVersion"], what, advice)
    elif version in KINDS and kind not in KINDS[version]:
        yield from _kind(path, document, version, kind)
    else:
        yield from _name(path, document)
        if not _is_patch(path, document):
            yield from _workload(path, document)
            yield from _containers(path, document)


def _kind(path: bytes, document: "Node", version: str, kind: str) -> "Iterator[Finding]":
    from difflib import get_close_matches

    from .kubernetes_kinds import KINDS

    line = document.lines["kind"]
    places = [other for other, kinds in KINDS.items() if kind in kinds]
    near = get_close_matches(kind, KINDS[version], 1)
    if places:
        advice = edited(path, f"write apiVersion: {places[0]}")
        yield Finding("structure", path, line, f"{kind} is not of {version}", advice)
    elif near:
        what = f"{version} has no kind {kind!r}"
        yield Finding("structure", path, line, what, edited(path, f"write kind: {near[0]}"))


def _name(path: bytes, document: "Node") -> "Iterator[Finding]":
    if document.text_of("kind") == "Config" or document.text_of("metadata", "name"):
        return
    if not document.text_of("metadata", "generateName"):
        what = f"the {document.text_of('kind')} has no metadata.name"
        yield Finding("structure", path, document.lines["kind"], what, edited(path, "give it a name"))


def _is_patch(path: bytes, document: "Node") -> bool:
    """Return whether a document is only a part, that Kustomize puts over another."""
    from .kubernetes_kinds import WORKLOADS

    is_part = document.text_of("kind") in WORKLOADS and not document.get("spec", "selector")
    return is_part and (b"patch" in path or b"overlays/" in path or _has_kustomization(path))


def _has_kustomization(path: bytes) -> bool:
    folder = os.path.dirname(os.fsdecode(path))
    return any(os.path.exists(os.path.join(folder, name)) for name in _KUSTOMIZE)


def _workload(path: bytes, document: "Node") -> "Iterator[Finding]":
    from .kubernetes_kinds import WORKLOADS

    kind = document.text_of("kind")
    if kind not in WORKLOADS:
        return
    line, selector = document.lines["kind"], document.get("spec", "selector")
    if selector is None or document.get("spec", "template") is None:
        lacks = "spec.selector" if selector is None else "spec.template"
        yield Finding("structure", path, line, f"the {kind} has no {lacks}", edited(path, "write it"))
        return
    labels = document.get("spec", "template", "metadata", "labels")
    for key, at, value in (selector.get("matchLabels") or selector).pairs():
        if value.text is not None and (labels is None or labels.text_of(key) != value.text):
            what = f"the selector wants {key}: {value.text}, which the template's labels do not say"
            yield Finding("structure", path, at, what, edited(path, "write the same in both"))


def _containers(path: bytes, document: "Node") -> "Iterator[Finding]":
    from .kubernetes_kinds import PODS, SERVING, pod_of

    pod, kind = pod_of(document), document.text_of("kind")
    if kind not in PODS:
        return
    if pod is None or not pod.list_of("containers"):
        advice = edited(path, "write containers")
        yield Finding("structure", path, document.lines["kind"], f"the {kind} has no containers", advice)
        return
    for each in [*pod.list_of("initContainers"), *pod.list_of("containers")]:
        yield from _container(path, each)
    if kind in SERVING:
        yield from _probes(path, pod)


def _container(path: bytes, each: "Node") -> "Iterator[Finding]":
    from .images import is_loose, with_tag

    image, name = each.text_of("image"), each.text_of("name")
    if not name:
        yield Finding("structure", path, each.line, "a container without a name", edited(path, "give it one"))
    elif not image and not _has_kustomization(path):
        what = f"the container {name!r} has no image"
        yield Finding("structure", path, each.line, what, edited(path, "give it one"))
    reason = is_loose(image)
    if reason and (image.endswith(":latest") or not _has_kustomization(path)):
        advice = edited(path, f"write image: {with_tag(image)}")
        yield Finding("image", path, each.lines["image"], reason, advice)
    if name and not each.get("resources", "requests") and not each.get("resources", "limits"):
        what = f"the container {name!r} says neither what it needs nor what it may take"
        yield Finding("resources", path, each.line, what, edited(path, "write resources with requests and limits"))


def _probes(path: bytes, pod: "Node") -> "Iterator[Finding]":
    for each in pod.list_of("containers"):
        has_probe = any(each.get(name) for name in ("readinessProbe", "livenessProbe", "startupProbe"))
        if each.get("ports") and not has_probe:
            what = f"the container {each.text_of('name')!r} has a port and no probe"
            yield Finding("probes", path, each.line, what, edited(path, "write a readinessProbe"))


def _twice(path: bytes, document: "Node", names: dict[tuple[str, ...], int]) -> "Iterator[Finding]":
    group = document.text_of("apiVersion").rpartition("/")[0]
    kind, name = document.text_of("kind"), document.text_of("metadata", "name")
    key = (group, kind, document.text_of("metadata", "namespace"), name)
    if name and key in names:
        what = f"there is a {kind} {name!r} in line {names[key]} too, and the later one wins"
        yield Finding("duplicate", path, document.lines["kind"], what, edited(path, "give it another name"))
    names.setdefault(key, document.lines["kind"])


def main(argv: "Sequence[str]") -> int:
    """Check Kubernetes manifests; return the exit code."""
    about = "Check Kubernetes manifests: structure, removed versions, images, resources, probes.\n"
    options = {
        "--no-schema": (False, "do not ask kubernetes-validate, which is asked where it is installed"),
        "--kube-version": (True, "the version of Kubernetes that it is asked for (the latest)"),
    }
    check = file_checks.FileCheck(
        "devkit-kubernetes", about=about.rstrip(), checks=CHECKS, is_wanted=is_yaml, find=find, options=options
    )
    return file_checks.run(check, argv)
