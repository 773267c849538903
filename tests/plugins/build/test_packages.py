from __future__ import annotations

import io
import json
import tarfile

from devkit_build.packages import Package, read_inventory
from devkit_build.sbom import Chunks

PYTHON = "usr/lib/python3/dist-packages/a_B.c-1.0.dist-info/METADATA"
EXPRESS = "app/node_modules/express/package.json"
FASTIFY = "app/node_modules/@fastify/cors/package.json"
FILES = {
    "etc/os-release": 'ID=debian\nVERSION_ID="13"\nno pair\n',
    "var/lib/dpkg/status": (
        "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.41-12\nNote: C\n and\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
    ),
    "var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12\n",
    "./lib/apk/db/installed": "P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\n\nP:half\n\n",
    PYTHON: "Name: a_B.c\nVersion: 1.0\nLicense-Expression: MIT\n\nx",
    "app/x.dist-info/METADATA": "nothing",
    EXPRESS: json.dumps({"name": "express", "version": "5.1.0", "license": "MIT"}),
    FASTIFY: json.dumps({"name": "@fastify/cors", "version": "1.0.0"}),
    "app/node_modules/a/node_modules/express/package.json": json.dumps({"name": "express", "version": "5.1.0"}),
    "app/node_modules/odd/package.json": "[",
    "app/node_modules/odd/test/package.json": json.dumps({"name": "fixture", "version": "0"}),
    "app/package.json": json.dumps({"name": "shop", "version": "1.0.0"}),
}


def archive() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
        tar.addfile(tarfile.TarInfo("app/folder.dist-info/METADATA/"))
    return out.getvalue()


def test_the_databases_of_an_image_give_its_packages() -> None:
    inventory = read_inventory(io.BytesIO(archive()))

    assert (inventory.distribution, inventory.release) == ("debian", "13")
    assert [(package.kind, package.name, package.version) for package in inventory.packages] == [
        ("apk", "musl", "1.2.5-r0"),
        ("deb", "base-files", "12"),
        ("deb", "libc6", "2.41-12"),
        ("npm", "@fastify/cors", "1.0.0"),
        ("npm", "express", "5.1.0"),
        ("pypi", "a-b-c", "1.0"),
    ]


def test_an_archive_is_read_as_it_comes() -> None:
    whole = archive()
    pieces = (whole[start : start + 700] for start in range(0, len(whole), 700))

    assert len(read_inventory(Chunks(pieces)).packages) == 6  # type: ignore[arg-type]


def test_a_package_has_an_address() -> None:
    assert Package(kind="deb", name="libc6", version="2.41+1", architecture="amd64").url() == (
        "pkg:deb/debian/libc6@2.41%2B1?arch=amd64"
    )
    assert Package(kind="npm", name="@fastify/cors", version="1").url() == "pkg:npm/%40fastify/cors@1"
    assert Package(kind="apk", name="musl", version="1").url("alpine") == "pkg:apk/alpine/musl@1"
