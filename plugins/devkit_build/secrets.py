"""Secrets of a build: handed over as a variable or a file that the builder reads, never as text on a command line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import BUILD_SECRET_INVALID, BUILD_SECRET_MISSING, SECRET_EXPOSED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_ID = re.compile(r"[A-Za-z0-9_.-]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS?|PAT)(?:$|_)"
)
_SECRET_VALUE = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{40,}|AKIA[0-9A-Z]{16}"
    r"|xox[abprs]-[\w-]{10,}|sk_live_\w{16,}|-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]+:[^/\s@]+@"
)
MACHINE_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
_SHORTEST = 6
"""Characters of a secret that is looked for in other values; shorter ones are found by chance."""


class Secret(Struct, frozen=True, kw_only=True):
    """A secret by its id in the Dockerfile: either the name of a variable, or a file."""

    id: str
    variable: str = ""
    file: str = ""

    @property
    def specification(self) -> str:
        """What the builder is told: where the secret is, not what it is."""
        place = f"env={self.variable}" if self.variable else f"src={os.path.expanduser(self.file)}"
        return f"id={self.id},{place}"


def parse_secret(text: str) -> Secret:
    """Return the secret of `id=ID[,env=VARIABLE|,src=FILE]`; BUILD_SECRET_INVALID, in which no value is shown."""
    pairs = [part.partition("=") for part in text.split(",")]
    values = {name.strip(): value for name, _, value in pairs}
    allowed = {"id", "env", "src", "source", "type"}
    if values.keys() - allowed or not _ID.fullmatch(values.get("id", "")):
        raise _invalid()
    file = values.get("src") or values.get("source") or ""
    if values.get("type") == "env" or not (file or values.get("env")):
        return _from_variable(values["id"], values.get("env") or file or values["id"])
    if values.get("env"):
        return _from_variable(values["id"], values["env"])
    return Secret(id=values["id"], file=file)


def authorities(environ: Mapping[str, str]) -> Secret:
    """Return the certificate authorities that this machine trusts, as the secret `ca`."""
    return Secret(id="ca", file=environ.get("SSL_CERT_FILE") or MACHINE_AUTHORITIES)


def check_secrets(secrets: Iterable[Secret], root: Path, environ: Mapping[str, str]) -> None:
    """Raise BUILD_SECRET_MISSING when a variable is not set or a file is not there."""
    for secret in secrets:
        if secret.variable and secret.variable not in environ:
            message = f"the secret `{secret.id}` comes from the variable `{secret.variable}`, which is not set"
            raise DevkitError(
                BUILD_SECRET_MISSING, message, help=f"export {secret.variable}, or name a file: src=FILE"
            )
        if secret.file and not (root / os.path.expanduser(secret.file)).is_file():
            message = f"the secret `{secret.id}` comes from the file `{secret.file}`, which is not there"
            raise DevkitError(BUILD_SECRET_MISSING, message, help="paths are relative to the project")


def check_arguments(arguments: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    """Raise SECRET_EXPOSED when a build argument is a secret: the history of an image shows it to everybody.

    `secrets` are the values that are known to be secret, by name.
    """
    for name, value in arguments.items():
        reason = _exposure(name, value, secrets)
        if reason:
            message = f"the build argument `{name}` {reason}, and everybody who has the image can read it"
            secret = name.lower()
            help_text = f"--secret id={secret},env={name}, and in the Dockerfile: RUN --mount=type=secret,id={secret}"
            raise DevkitError(SECRET_EXPOSED, message, help=help_text)


def parse_arguments(texts: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return build arguments of `NAME=VALUE`, or of `NAME` for the value of that variable."""
    arguments: dict[str, str] = {}
    for text in texts:
        name, has_value, value = text.partition("=")
        if not _NAME.fullmatch(name):
            message = "a build argument is NAME=VALUE, or NAME for the value of that variable"
            raise DevkitError(BUILD_SECRET_INVALID, message, help="a name is letters, digits and `_`")
        if has_value or name in environ:
            arguments[name] = value if has_value else environ[name]
    return arguments


def _exposure(name: str, value: str, secrets: Mapping[str, str]) -> str:
    if name in secrets:
        return "is declared as a secret"
    if _SECRET_NAME.search(name.upper()):
        return "is named like a secret"
    if any(len(secret) >= _SHORTEST and secret in value for secret in secrets.values()):
        return "holds a secret"
    return "looks like a credential" if _SECRET_VALUE.search(value) else ""


def _from_variable(secret: str, variable: str) -> Secret:
    if not _NAME.fullmatch(variable):
        raise _invalid()
    return Secret(id=secret, variable=variable)


def _invalid() -> DevkitError:
    message = "a secret is `id=ID,env=VARIABLE` or `id=ID,src=FILE`"
    return DevkitError(BUILD_SECRET_INVALID, message, help="its value is never written on the command line")
