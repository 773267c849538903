"""Trust: which code of projects and templates the user has allowed to run."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.config.directories import state_folder
from devkit.errors import IO_FAILED, NEEDS_TRUST, DevkitError, Place
from devkit.host.fingerprint import code_files, fingerprint
from devkit.host.policy import matches, policy_prefixes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LISTED = 20


class Code(Struct, frozen=True, kw_only=True):
    """Code that wants to run: the folder it lies in, and the URL that the folder was fetched from, if any.

    `files` are those that would run, relative to the folder; empty means all. They are what a refusal lists,
    while every file of the folder counts.
    """

    folder: Path
    url: str = ""
    files: tuple[str, ...] = ()

    @property
    def location(self) -> str:
        """What the user calls it: the URL, or the path."""
        return self.url or os.path.abspath(self.folder)

    @property
    def fingerprint(self) -> str:
        """The digest of where it is and all that is in it."""
        return fingerprint(self.folder, self.url)


class Grant(Struct, frozen=True, kw_only=True):
    """A grant of trust: the location as it was given, and the fingerprint that it covers."""

    location: str
    fingerprint: str


class TrustStore:
    """The grants in the user's state folder, one file each; `environ` may carry fingerprints in DEVKIT_TRUST."""

    def __init__(self, folder: str | None = None, environ: Mapping[str, str] | None = None) -> None:
        self._folder = folder or os.path.join(state_folder(), "trust")
        self._environ = os.environ if environ is None else environ

    def is_trusted(self, code: Code) -> bool:
        """Return whether code may run as it is now: by a grant, by DEVKIT_TRUST, or by a policy for its URL."""
        if code.url and any(matches(code.url, prefix) for prefix in policy_prefixes()):
            return True
        current = code.fingerprint
        carried = self._environ.get("DEVKIT_TRUST", "").split(",")
        return current in (each.strip() for each in carried) or self._read(current) is not None

    def require(self, code: Code) -> None:
        """Raise NEEDS_TRUST, with the files and the fingerprint, unless the code is trusted."""
        if self.is_trusted(code):
            return
        message = f"`{code.location}` holds code that you have not trusted"
        place = Place(path=code.location)
        raise DevkitError(NEEDS_TRUST, message, place=place, help=_refusal(code))

    def grant(self, code: Code) -> Grant:
        """Trust code as it is now, instead of anything that was at its location before; return the grant."""
        self.revoke(code.location)
        granted = Grant(location=code.location, fingerprint=code.fingerprint)
        document = {"schema": "devkit.trust/1", "location": granted.location}
        try:
            self._write(granted.fingerprint, json.dumps(document))
        except OSError as problem:
            message = f"the grant cannot be kept: {problem.strerror}"
            raise DevkitError(IO_FAILED, message, place=Place(path=self._folder)) from problem
        return granted

    def revoke(self, location: str) -> tuple[Grant, ...]:
        """Take back every grant for a location (a path is made absolute by the caller); return those taken back."""
        taken = tuple(granted for granted in self.entries() if granted.location == location)
        for granted in taken:
            os.unlink(self._path(granted.fingerprint))
        return taken

    def entries(self) -> tuple[Grant, ...]:
        """Return all grants, sorted by location."""
        try:
            names = os.listdir(self._folder)
        except OSError:
            return ()
        found = (self._read(name) for name in names)
        return tuple(sorted((granted for granted in found if granted), key=lambda granted: granted.location))

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _read(self, name: str) -> Grant | None:
        """Return the grant in a file; one that another user could have written is none."""
        try:
            with open(self._path(name), encoding="utf-8") as opened:
                found = os.fstat(opened.fileno())
                if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
                    return None
                return Grant(location=str(json.load(opened)["location"]), fingerprint=name)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _write(self, name: str, text: str) -> None:
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        temporary = self._path(f".{name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(temporary, self._path(name))


def require(code: Code) -> None:
    """Raise NEEDS_TRUST unless the user trusts the code as it is now."""
    TrustStore().require(code)


def _refusal(code: Code) -> str:
    files = code.files or code_files(code.folder)
    more = [f"and {len(files) - _LISTED} more"] if len(files) > _LISTED else []
    lines = ["read these files, and if they may run: devkit trust " + shlex.quote(code.location)]
    lines += [f"  {file}" for file in (*files[:_LISTED], *more)]
    lines.append(f"in CI: DEVKIT_TRUST={code.fingerprint}")
    return "\n".join(lines)
