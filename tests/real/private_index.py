"""A package index of a company, on loopback: TLS under an authority of its own, and nothing without a password."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import ssl
import subprocess
import tarfile
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "acme", "canary-password-8d2e91"
WHEEL = "acme_greeting-1.0-py3-none-any.whl"
_EXTENSIONS = """\
subjectAltName = DNS:localhost
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where the index answers, and the files that somebody needs to use it."""

    address: str
    authority: Path
    files: dict[str, Path]


@contextmanager
def serving(folder: Path) -> Iterator[Index]:
    """Serve the package `acme-greeting` for Python and for Node until the block ends."""
    make_certificates(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "server.pem", folder / "server.key")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield _index(folder, f"localhost:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_certificates(folder: Path) -> None:
    """Make an authority and a certificate of it for loopback, with the program that everybody has for that."""
    (folder / "extensions").write_text(_EXTENSIONS, "utf-8")
    usage = "keyUsage=critical,keyCertSign,cRLSign"
    for line in (
        f"req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=Acme -addext {usage}",
        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out server.pem",
    ):
        subprocess.run(["openssl", *line.split()], cwd=folder, check=True, capture_output=True)


def _index(folder: Path, address: str) -> Index:
    texts = {
        "netrc": f"machine localhost login {USER} password {PASSWORD}\n",
        "pip.conf": f"[global]\nindex-url = https://{address}/simple/\n",
        "uv.toml": f'[[index]]\nurl = "https://{address}/simple/"\ndefault = true\n',
        "npmrc": f"registry=https://{address}/npm/\n//{address}/npm/:_authToken={PASSWORD}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return Index(address=address, authority=folder / "ca.pem", files={name: folder / name for name in texts})


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") not in {f"Basic {basic}", f"Bearer {PASSWORD}"}:
            self._answer(401, b"", "text/plain")
        elif self.path.rstrip("/") == "/simple/acme-greeting":
            link = f'<a href="/files/{WHEEL}">{WHEEL}</a>'
            self._answer(200, f"<!DOCTYPE html><html><body>{link}</body></html>".encode(), "text/html")
        elif self.path == f"/files/{WHEEL}":
            self._answer(200, _wheel(), "application/octet-stream")
        elif self.path == "/npm/acme-greeting":
            self._answer(200, self._packument(), "application/json")
        elif self.path == "/npm/acme-greeting/-/acme-greeting-1.0.0.tgz":
            self._answer(200, _tarball(), "application/octet-stream")
        else:
            self._answer(404, b"", "text/plain")

    def _packument(self) -> bytes:
        tarball = f"https://{self.headers['Host']}/npm/acme-greeting/-/acme-greeting-1.0.0.tgz"
        digest = base64.b64encode(hashlib.sha512(_tarball()).digest()).decode()
        version = {"name": "acme-greeting", "version": "1.0.0"}
        version |= {"dist": {"tarball": tarball, "integrity": f"sha512-{digest}"}}  # type: ignore[dict-item]
        document = {"name": "acme-greeting", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
        return json.dumps(document).encode()

    def _answer(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        if code == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="acme"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


def _wheel() -> bytes:
    info = "acme_greeting-1.0.dist-info"
    files = {
        "acme_greeting.py": 'GREETING = "hello"\n',
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: acme-greeting\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _tarball() -> bytes:
    buffer = io.BytesIO()
    files = {"package.json": '{"name":"acme-greeting","version":"1.0.0"}', "index.js": 'module.exports = "hello";'}
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    import gzip

    return gzip.compress(buffer.getvalue(), mtime=0)
