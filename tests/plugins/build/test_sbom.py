from __future__ import annotations

import pytest
from devkit_build.imagefile import Image
from devkit_build.packages import Inventory, Package
from devkit_build.sbom import cyclonedx, spdx

IMAGE = Image(reference="shop:abc", references=("shop:abc",), image_id="sha256:" + "1" * 64)
INVENTORY = Inventory(
    packages=(
        Package(kind="deb", name="libc6", version="2.41", architecture="amd64"),
        Package(kind="pypi", name="fastapi", version="0.160", license="MIT"),
        Package(kind="pypi", name="odd", version="1", license="see the file LICENSE"),
    ),
    distribution="debian",
    release="13",
)


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")


def test_spdx_lists_the_packages_that_the_image_contains() -> None:
    document = spdx(IMAGE, INVENTORY)

    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["creationInfo"]["created"] == "1970-01-02T00:00:00Z"
    names = [package["name"] for package in document["packages"]]
    assert names == ["shop:abc", "libc6", "fastapi", "odd"]
    assert [package.get("licenseDeclared") for package in document["packages"]] == [
        None,
        "NOASSERTION",
        "MIT",
        "NOASSERTION",
    ]
    identifiers = {package["SPDXID"] for package in document["packages"]}
    assert len(identifiers) == len(names)
    related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
    assert related == identifiers


def test_cyclonedx_lists_the_packages_as_components() -> None:
    document = cyclonedx(IMAGE, INVENTORY)

    assert document["specVersion"] == "1.5"
    assert [component["purl"] for component in document["components"]] == [
        "pkg:deb/debian/libc6@2.41?arch=amd64",
        "pkg:pypi/fastapi@0.160",
        "pkg:pypi/odd@1",
    ]
    assert document["components"][1]["licenses"] == [{"expression": "MIT"}]
    assert "licenses" not in document["components"][2]


def test_the_same_image_gives_the_same_list() -> None:
    assert spdx(IMAGE, INVENTORY) == spdx(IMAGE, INVENTORY)


def test_names_that_look_alike_are_told_apart() -> None:
    names = ("a_b", "a-b", "@a/b", "a/b")
    packages = tuple(Package(kind="npm", name=name, version="1") for name in names)

    listed = spdx(IMAGE, Inventory(packages=packages))["packages"]

    assert len({package["SPDXID"] for package in listed}) == len(names) + 1
