"""A list of the packages in an image, as a document of SPDX or CycloneDX."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any, cast

from devkit_build.containers import throwaway
from devkit_build.documents import write_json
from devkit_build.engine import connected
from devkit_build.imagefile import SBOM_FILES, read_image
from devkit_build.labels import rfc3339, source_date_epoch
from devkit_build.packages import Inventory, Package, read_inventory
from devkit_build.revision import Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devkit.api import TaskContext
    from devkit_build.imagefile import Image

_NO_ASSERTION = "NOASSERTION"
_CREATOR = "Tool: devkit"


def write_sbom(context: TaskContext, *, form: str) -> None:
    """List what is in the image that was built last; IMAGE_MISSING when the engine does not hold it."""
    image = read_image(context.root)
    inventory = inventory_of(image)
    document = spdx(image, inventory) if form == "spdx" else cyclonedx(image, inventory)
    write_json(context.root / SBOM_FILES[form], document)
    context.record("packages", len(inventory.packages))
    context.say(f"{len(inventory.packages)} packages in {image.reference}: {SBOM_FILES[form]}")


def inventory_of(image: Image) -> Inventory:
    """Return what is in an image: its file system is read from a container that is never started."""
    name = image.image_id or image.reference
    with connected(os.environ) as client, throwaway(client, name, command=["true"]) as container:
        return read_inventory(cast("Any", Chunks(client.export(container))))


class Chunks:
    """Bytes that come in pieces, as a file that is read from its beginning to its end."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)
        self._rest = bytearray()

    def read(self, size: int) -> bytes:
        """Return that many bytes; fewer at the end."""
        while len(self._rest) < size and (piece := next(self._pieces, None)) is not None:
            self._rest += piece
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken


def spdx(image: Image, inventory: Inventory) -> dict[str, Any]:
    """Return a document of SPDX 2.3; its namespace follows from the image."""
    subject = _subject(image)
    packages = [_spdx_package(package, inventory) for package in inventory.packages]
    described = {
        "spdxElementId": "SPDXRef-DOCUMENT",
        "relationshipType": "DESCRIBES",
        "relatedSpdxElement": "SPDXRef-image",
    }
    contained = [
        {"spdxElementId": "SPDXRef-image", "relationshipType": "CONTAINS", "relatedSpdxElement": package["SPDXID"]}
        for package in packages
    ]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": image.reference,
        "documentNamespace": f"urn:devkit:sbom:{subject.replace(':', '-')}",
        "creationInfo": {"created": _now(), "creators": [_CREATOR]},
        "packages": [_spdx_image(image), *packages],
        "relationships": [described, *contained],
    }


def cyclonedx(image: Image, inventory: Inventory) -> dict[str, Any]:
    """Return a document of CycloneDX 1.5."""
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": _now(),
            "tools": {"components": [{"type": "application", "name": "devkit"}]},
            "component": {
                "type": "container",
                "name": image.reference,
                "version": _subject(image),
                "bom-ref": "image",
            },
        },
        "components": [_component(package, inventory) for package in inventory.packages],
    }


def _spdx_image(image: Image) -> dict[str, Any]:
    return {
        "SPDXID": "SPDXRef-image",
        "name": image.reference,
        "versionInfo": _subject(image),
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": _NO_ASSERTION,
        "filesAnalyzed": False,
    }


def _spdx_package(package: Package, inventory: Inventory) -> dict[str, Any]:
    words = f"{package.kind}-{package.name}-{package.version}"
    identifier = re.sub(r"[^A-Za-z0-9.-]", lambda sign: f"-{ord(sign[0]):X}-", words)
    locator = package.url(inventory.distribution)
    return {
        "SPDXID": f"SPDXRef-{identifier}-{package.architecture or 'any'}",
        "name": package.name,
        "versionInfo": package.version,
        "downloadLocation": _NO_ASSERTION,
        "filesAnalyzed": False,
        "licenseDeclared": package.license if _is_expression(package.license) else _NO_ASSERTION,
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}
        ],
    }


def _component(package: Package, inventory: Inventory) -> dict[str, Any]:
    locator = package.url(inventory.distribution)
    licenses = [{"expression": package.license}] if _is_expression(package.license) else []
    return {
        "type": "library",
        "bom-ref": locator,
        "name": package.name,
        "version": package.version,
        "purl": locator,
        **({"licenses": licenses} if licenses else {}),
    }


def _is_expression(text: str) -> bool:
    """Whether a licence may stand in a document: one identifier of SPDX; several would have to be read."""
    return bool(re.fullmatch(r"[A-Za-z0-9.+-]+-[A-Za-z0-9.+-]+|MIT|ISC|0BSD|Unlicense|Zlib|PSF", text))


def _subject(image: Image) -> str:
    return image.digest or image.image_id or image.content


def _now() -> str:
    return rfc3339(source_date_epoch(os.environ, Revision()) or int(time.time()))
