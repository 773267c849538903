"""What is known of Kubernetes' own kinds: their versions, the removed ones, and where their pods are described."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .yaml_nodes import Node

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
SERVING = WORKLOADS
PODS = WORKLOADS | {"Job", "CronJob", "Pod"}
_KINDS = {
    "v1": (
        "ConfigMap Endpoints Event LimitRange List Namespace Node PersistentVolume PersistentVolumeClaim Pod "
        "PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount Binding ComponentStatus "
        "Config ConfigMapList SecretList PodList ServiceList"
    ),
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch/v1": "CronJob Job",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "policy/v1": "Eviction PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "networking.k8s.io/v1": "IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
    "admissionregistration.k8s.io/v1": (
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
        "ValidatingWebhookConfiguration"
    ),
}
KINDS = {version: frozenset(names.split()) for version, names in _KINDS.items()}
_NETWORKING = {"Ingress": "networking.k8s.io/v1", "NetworkPolicy": "networking.k8s.io/v1"}
_APPS = dict.fromkeys(("Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"), "apps/v1")
_AUTOSCALING = {"HorizontalPodAutoscaler": "autoscaling/v2"}
REMOVED = {
    "extensions/v1beta1": {**_APPS, **_NETWORKING},
    "apps/v1beta1": _APPS,
    "apps/v1beta2": _APPS,
    "networking.k8s.io/v1beta1": {"Ingress": "networking.k8s.io/v1", "IngressClass": "networking.k8s.io/v1"},
    "batch/v1beta1": {"CronJob": "batch/v1"},
    "batch/v2alpha1": {"CronJob": "batch/v1"},
    "policy/v1beta1": {"PodDisruptionBudget": "policy/v1"},
    "autoscaling/v2beta1": _AUTOSCALING,
    "autoscaling/v2beta2": _AUTOSCALING,
    "rbac.authorization.k8s.io/v1beta1": dict.fromkeys(
        ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"), "rbac.authorization.k8s.io/v1"
    ),
}
"""For a version that Kubernetes no longer serves, by kind the one to write instead."""


def is_own(version: str) -> bool:
    """Return whether a version belongs to Kubernetes itself."""
    group, has_group, _ = version.partition("/")
    return not has_group or "." not in group or (group.endswith(".k8s.io") and version in KINDS)


def pod_of(document: "Node") -> "Node | None":
    """Return the description of the pods that a document asks for."""
    match document.text_of("kind"):
        case "Pod":
            return document.get("spec")
        case "CronJob":
            return document.get("spec", "jobTemplate", "spec", "template", "spec")
        case kind if kind in PODS:
            return document.get("spec", "template", "spec")
    return None
