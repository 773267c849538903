"""The size of the image of a generated Python service, beside that of a Dockerfile as Docker's guide has it.

Needs a Docker engine with buildx, uv, a package index, and both base images that the Dockerfile names, pulled or
stand-ins; the argument is a file with the certificate authorities of the index:
`python benchmarks/image.py /etc/ssl/certs/ca-certificates.crt`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import own_script, run

BASE = "python:3.13-slim-trixie"
OWN, REFERENCE = "devkit-benchmark-image:own", "devkit-benchmark-image:reference"
SETTINGS = "\n[tool.devkit.build]\ncustom-ca = true\n"
EXPORT = ("uv", "export", "--quiet", "--no-dev", "--no-emit-project", "--output-file", "requirements.txt")


def main() -> None:
    """Build both images and print what each adds to their common base."""
    authorities = sys.argv[1] if len(sys.argv) > 1 else "/etc/ssl/certs/ca-certificates.crt"
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder))
        build(project, OWN, "Dockerfile", authorities)
        shutil.copy(Path(__file__).with_name("reference.Dockerfile"), project)
        run(EXPORT, project)
        build(project, REFERENCE, "reference.Dockerfile", authorities)
    base, own, reference = (size(name) for name in (BASE, OWN, REFERENCE))
    share = (own - base) / (reference - base)
    print(f"base image                     {base:6.1f} MB")
    print(f"added by devkit's Dockerfile   {own - base:6.1f} MB, {share:.2f} of the reference")
    print(f"added by the reference         {reference - base:6.1f} MB")
    run(["docker", "image", "rm", "--force", OWN, REFERENCE], Path.cwd())


def make_project(above: Path) -> Path:
    """Return a locked Python service."""
    run([own_script(), "init", "shop", "--yes", "--template", "python-service"], above)
    project = above / "shop"
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    run([own_script(), "apply"], project)
    return project


def build(project: Path, name: str, dockerfile: str, authorities: str) -> None:
    """Build an image into the engine."""
    secret = f"id=ca,src={authorities}"
    run(
        ["docker", "buildx", "build", "--load", "--secret", secret, "--file", dockerfile, "--tag", name, "."], project
    )


def size(name: str) -> float:
    """Return the size of an image in megabytes (10^6 bytes)."""
    done = subprocess.run(
        ["docker", "image", "inspect", "--format", "{{.Size}}", name], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1_000_000


if __name__ == "__main__":
    main()
