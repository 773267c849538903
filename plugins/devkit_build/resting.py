"""By what it can be told, without this plugin, that the image is there and is still that of the project."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from devkit.api import Evidence
from devkit_build.address import variables
from devkit_build.engine import held_names
from devkit_build.revision import DESCRIBE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from devkit.api import TaskContext
    from devkit_build.imagefile import Image
    from devkit_build.revision import Revision

_HELD = ("docker", "image", "inspect", "--format", "{{json .RepoTags}}")
_SETTINGS = ("git", "rev-parse", "--git-path", "config")
_VARIABLES = ("SOURCE_DATE_EPOCH", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "BUILDX_BUILDER")


def rest_on_image(
    context: TaskContext,
    image: Image,
    revision: Revision,
    paths: Iterable[str],
    holds: Callable[[TaskContext], bool],
) -> None:
    """Say by what an image is known to be there; nothing where more than files, git and the engine decides on it.

    `paths` are all that it was made of, and `holds` says whether it would be made of the same now. Changes within
    submodules are not seen, and of a repository without a commit nothing is known.
    """
    names = (*_HELD, image.image_id)
    held = _said(context, *names) if image.image_id and not variables(os.environ) else ""
    settings = _said(context, *_SETTINGS) if revision.commit else ""
    is_known = bool(held and settings) and held_names({"RepoTags": json.loads(held)}).issuperset(image.references)
    if is_known and not (context.root / ".gitmodules").exists():
        seen = [*map(os.path.normpath, paths), settings.rstrip("\n")]
        answers = {names: held, DESCRIBE: revision.described}
        context.rest_on(Evidence(holds=holds, paths=seen, answers=answers, variables=_VARIABLES))


def _said(context: TaskContext, *argv: str) -> str:
    """Return what a program prints, nothing when it fails or is not there."""
    if context.which(argv[0]) is None:
        return ""
    code, said, _ = context.capture(argv)
    return said if code == 0 else ""
