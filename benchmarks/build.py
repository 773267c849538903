"""Building an image in which nothing has changed, with devkit and with plain `docker buildx build`.

Needs a Docker engine with buildx, and an image to build from, such as the stand-in that `.ci/docker` makes:
`python benchmarks/build.py devkit-stand-in/python:latest`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import Contender, measure, own_script, run, settled, table

FILES = 200
PAIRS = 5
TAG = "devkit-benchmark-plain:latest"
DOCKERFILE = """\
FROM {base}
WORKDIR /app
COPY pyproject.toml ./
RUN echo dependencies >dependencies
COPY src src
USER 10001:10001
CMD ["python3", "-m", "shop"]
"""


def main() -> None:
    """Print the table of builds with nothing to do."""
    base = sys.argv[1] if len(sys.argv) > 1 else "python:3.13-slim"
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder), base)
        plain = ["docker", "buildx", "build", "--quiet", "--load", "--tag", TAG, "."]
        own = own_script()
        known = Contender(name="devkit build, the image is there", argv=[own, "build"], prepare=lambda: project)
        contenders = [
            Contender(name="docker buildx build", argv=plain, prepare=lambda: project),
            Contender(name="devkit build, all steps cached", argv=[own, "build"], prepare=lambda: forgotten(project)),
        ]
        found = measure(contenders, PAIRS)
        settled(known)
        found |= measure([contenders[0], known], PAIRS) | {"docker buildx build": found["docker buildx build"]}
        table(f"a context of {FILES} files, nothing changed", found, "docker buildx build")
        run(["docker", "image", "rm", "--force", TAG], project)


def make_project(above: Path, base: str) -> Path:
    """Return a committed service with some source files."""
    run([own_script(), "init", "shop", "--yes", "--no-env"], above)
    project = above / "shop"
    (project / "Dockerfile").write_text(DOCKERFILE.format(base=base), "utf-8")
    for number in range(FILES):
        (project / f"src/shop/module_{number}.py").write_text(f"NUMBER = {number}\n", "utf-8")
    run(["git", "add", "--all"], project)
    run(["git", "commit", "--quiet", "--no-verify", "--message=files"], project)
    return project


def forgotten(project: Path) -> Path:
    """Return the project without what devkit knows of the last build; the builder keeps its cache."""
    for pattern in ("build/*.json", "idle/*"):
        for path in (project / ".devkit/state").glob(pattern):
            path.unlink()
    return project


if __name__ == "__main__":
    main()
