from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from devkit_githooks import kubernetes

if TYPE_CHECKING:
    from tests.hooks.repository import Repository

SOUND = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop, tier: web}
    spec:
      containers:
        - name: shop
          image: shop:1.2
          ports: [{containerPort: 8000}]
          readinessProbe: {httpGet: {path: /ready, port: 8000}}
          resources: {requests: {cpu: 100m}, limits: {memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
"""


@pytest.fixture(autouse=True)
def _without_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)


def found(repository: Repository, text: str, name: str = "a.yaml") -> list[str]:
    repository.stage(name, text)
    _, lines = repository.hook(kubernetes.main)
    return [line.removeprefix(f"{name}:").partition(";")[0] for line in lines]


def manifest(version: str, kind: str, more: str = "metadata: {name: a}") -> str:
    return f"apiVersion: {version}\nkind: {kind}\n{more}\n"


def test_sound_manifests_have_no_finding(repository: Repository) -> None:
    assert found(repository, SOUND) == []


def test_a_selector_has_to_meet_its_pods(repository: Repository) -> None:
    assert found(repository, SOUND.replace("{app: shop}", "{app: shpo}", 1)) == [
        "7: the selector wants app: shpo, which the template's labels do not say"
    ]


def test_a_workload_needs_its_parts(repository: Repository) -> None:
    assert found(repository, manifest("apps/v1", "Deployment")) == [
        "2: the Deployment has no spec.selector",
        "2: the Deployment has no containers",
    ]
    assert found(repository, manifest("v1", "Pod")) == ["2: the Pod has no containers"]
    assert found(repository, manifest("v1", "Service", "metadata: {}")) == ["2: the Service has no metadata.name"]


def test_kinds_and_versions_that_do_not_go_together_are_found(repository: Repository) -> None:
    assert found(repository, manifest("v1", "Sevice")) == ["2: v1 has no kind 'Sevice'"]
    assert found(repository, manifest("v1", "Deployment")) == ["2: Deployment is not of v1"]
    assert found(repository, manifest("extensions/v1beta1", "Ingress")) == [
        "1: Kubernetes no longer serves Ingress of extensions/v1beta1"
    ]


@pytest.mark.parametrize("kind", ["Ingress", "NetworkPolicy"])
def test_what_has_a_group_of_its_own_is_looked_at_too(repository: Repository, kind: str) -> None:
    assert found(repository, manifest("networking.k8s.io/v1", kind)) == []
    assert found(repository, manifest("networking.k8s.io/v1", kind, "spec: {}")) == [
        f"2: the {kind} has no metadata.name"
    ]


def test_images_resources_and_probes_are_told(repository: Repository) -> None:
    text = SOUND.replace("shop:1.2", "shop").replace("readinessProbe", "x").replace("resources", "y")
    assert found(repository, text) == [
        "13: the container 'shop' has a port and no probe",
        "13: the container 'shop' says neither what it needs nor what it may take",
        "14: the image 'shop' has no tag",
    ]
    assert found(repository, SOUND.replace("shop:1.2", "shop:latest")) == [
        "14: the image 'shop:latest' is another one every time"
    ]


def test_a_name_that_is_there_twice_is_found_but_not_in_another_namespace(repository: Repository) -> None:
    service = manifest("v1", "Service")
    assert found(repository, f"{service}---\n{service}") == [
        "6: there is a Service 'a' in line 2 too, and the later one wins"
    ]
    other = manifest("v1", "Service", "metadata: {name: a, namespace: b}")
    assert found(repository, f"{service}---\n{other}") == []


def test_lists_are_looked_into(repository: Repository) -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Sevice, metadata: {name: a}}\n"
    assert found(repository, text) == ["4: v1 has no kind 'Sevice'"]


def test_patches_and_bases_of_kustomize_are_parts(repository: Repository) -> None:
    patch = manifest("apps/v1", "Deployment", "metadata: {name: a}\nspec: {replicas: 2}")
    assert found(repository, patch, "overlays/prod/a.yaml") == []
    repository.write("base/kustomization.yaml", "resources: [a.yaml]\n")
    assert found(repository, SOUND.replace("shop:1.2", "shop"), "base/a.yaml") == []


@pytest.mark.parametrize(
    "text",
    [
        manifest("cert-manager.io/v1", "Certificate", "metadata: {}"),
        manifest("kind.x-k8s.io/v1alpha4", "Cluster", ""),
        manifest("skaffold/v4beta1", "Config", ""),
        manifest("v1", "Config", "clusters: []"),
        manifest("v1", "Service", "metadata: {name: {{ .Values.name }}}"),
        "apiVersion: v1\nkind: [\n",
        "apiVersion: v2\nname: chart\n",
        "text: |\n  apiVersion: v1\n  kind: Sevice\n",
    ],
)
def test_what_is_not_for_kubernetes_itself_is_left_alone(repository: Repository, text: str) -> None:
    assert found(repository, text) == []


def test_yaml_of_anything_else_is_not_parsed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devkit_githooks.yaml_nodes.documents", lambda _data: pytest.fail("parsed"))
    assert found(repository, "a: 1\n") == []


def test_schemas_join_in_where_they_are_installed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    class InvalidError(Exception):
        path, message = ("spec", 0), "is no number\nand more"

    def validate(document: dict[str, Any], version: str, *, strict: bool) -> None:
        assert (version, strict) == ("1.30.0", True)
        if document["kind"] == "Service":
            raise InvalidError

    package = SimpleNamespace(
        latest_version=lambda: "1.30",
        validate=validate,
        ValidationError=InvalidError,
        SchemaNotFoundError=KeyError,
        VersionNotSupportedError=IndexError,
    )
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: True)
    monkeypatch.setattr("importlib.import_module", lambda _name: package)
    assert found(repository, SOUND) == ["19: spec.0: is no number"]


def test_a_list_that_holds_itself_is_looked_at_once(repository: Repository) -> None:
    repository.stage("k.yaml", "&a\napiVersion: v1\nkind: List\nitems: [*a]\n")

    assert repository.hook(kubernetes.main) == (0, [])
