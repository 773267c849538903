"""The packages in the file system of an image, as the databases of Debian, Alpine, Python and npm have them."""

from __future__ import annotations

import json
import re
from email.parser import HeaderParser
from typing import IO, TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read; a database of packages is smaller."""
_SYSTEM = frozenset({"etc/os-release", "usr/lib/os-release"})


class Package(Struct, frozen=True, order=True, kw_only=True):
    """A package: `kind` is `deb`, `apk`, `pypi` or `npm`, as in a package URL."""

    kind: str
    name: str
    version: str
    architecture: str = ""
    license: str = ""

    def url(self, distribution: str = "debian") -> str:
        """Return its package URL (github.com/package-url/purl-spec)."""
        from urllib.parse import quote

        name, version = quote(self.name, safe="/"), quote(self.version, safe="")
        spaces = {"deb": f"{distribution}/", "apk": f"{distribution}/"}
        suffix = f"?arch={quote(self.architecture, safe='')}" if self.architecture else ""
        return f"pkg:{self.kind}/{spaces.get(self.kind, '')}{name}@{version}{suffix}"


class Inventory(Struct, frozen=True, kw_only=True):
    """What is in an image; `distribution` is the name of the operating system, `release` its version."""

    packages: tuple[Package, ...]
    distribution: str = ""
    release: str = ""


def read_inventory(archive: IO[bytes]) -> Inventory:
    """Return what is in the file system that an archive holds, read as a stream; nothing is unpacked."""
    import tarfile

    found: set[Package] = set()
    system: dict[str, str] = {}
    with tarfile.open(fileobj=archive, mode="r|") as tar:
        for member in tar:
            path = member.name.removeprefix("./").lstrip("/")
            reader = _reader(path)
            if not member.isreg() or member.size > _LARGEST or not (reader or path in _SYSTEM):
                continue
            content = tar.extractfile(member)
            text = content.read().decode("utf-8", "replace") if content else ""
            if reader is None:
                system |= dict(_pairs(text))
            else:
                found.update(reader(text))
    known = {each.url(): each for each in sorted(found)}  # the one with a licence comes last
    return Inventory(
        packages=tuple(known.values()), distribution=system.get("ID", ""), release=system.get("VERSION_ID", "")
    )


def _reader(path: str) -> Callable[[str], Iterator[Package]] | None:
    if path == "var/lib/dpkg/status" or re.fullmatch(r"var/lib/dpkg/status\.d/[^/]+(?<!\.md5sums)", path):
        return _debian
    if path in {"lib/apk/db/installed", "usr/lib/apk/db/installed"}:
        return _alpine
    if re.search(r"\.(?:dist-info/METADATA|egg-info/PKG-INFO)$", path):
        return _python
    return _node if re.search(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/]+/package\.json$", path) else None


def _debian(text: str) -> Iterator[Package]:
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): *(.*)$", paragraph, re.MULTILINE))
        is_there = "Status" not in fields or fields["Status"].endswith(" installed")
        if is_there and {"Package", "Version"} <= fields.keys():
            yield Package(
                kind="deb",
                name=fields["Package"],
                version=fields["Version"],
                architecture=fields.get("Architecture", ""),
            )


def _alpine(text: str) -> Iterator[Package]:
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Z]):(.*)$", paragraph, re.MULTILINE))
        if {"P", "V"} <= fields.keys():
            yield Package(
                kind="apk",
                name=fields["P"],
                version=fields["V"],
                architecture=fields.get("A", ""),
                license=fields.get("L", ""),
            )


def _python(text: str) -> Iterator[Package]:
    headers = HeaderParser().parsestr(text)
    name, version = headers.get("Name"), headers.get("Version")
    if name and version:
        license_text = headers.get("License-Expression") or ""
        normalized = re.sub(r"[-_.]+", "-", name).lower()
        yield Package(kind="pypi", name=normalized, version=version, license=license_text)


def _node(text: str) -> Iterator[Package]:
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        return
    if (
        isinstance(manifest, dict)
        and isinstance(manifest.get("name"), str)
        and isinstance(manifest.get("version"), str)
    ):
        spoken = manifest.get("license")
        yield Package(
            kind="npm",
            name=manifest["name"],
            version=manifest["version"],
            license=spoken if isinstance(spoken, str) else "",
        )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, has_value, value = line.partition("=")
        if has_value:
            yield name, value.strip("\"'")
