"""The declared output of the build stage: which image was built, for `devkit deploy` and everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, ValidationError, convert, to_builtins

from devkit.api import IMAGE_MISSING, DevkitError, Place
from devkit_build.documents import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ".devkit/state/build"
IMAGE_FILE = f"{FOLDER}/image.json"
SBOM_FILES = {"spdx": f"{FOLDER}/sbom.spdx.json", "cyclonedx": f"{FOLDER}/sbom.cdx.json"}


class Image(Struct, frozen=True, kw_only=True, tag_field="schema", tag="devkit.image/1"):
    """An image as it was built.

    `reference` names exactly this image, `references` are all its tags. `digest` is that of its manifest, empty until
    it has one in a registry or an image store that keeps manifests; `image_id` is the engine's own name for it, empty
    when the image went from the builder straight to a registry. `content` is the digest of the files and options that
    it was built from, `inputs` that of all that decides how it comes out, empty when a file was saved meanwhile.
    `pushed` are the references that a registry was seen to hold.
    """

    reference: str
    references: tuple[str, ...]
    digest: str = ""
    image_id: str = ""
    platforms: tuple[str, ...] = ()
    commit: str = ""
    is_dirty: bool = True
    version: str = ""
    content: str = ""
    inputs: str = ""
    size: int = 0
    pushed: tuple[str, ...] = ()

    @property
    def pinned(self) -> str:
        """The reference with the digest, as deploy wants it; empty without a digest."""
        name = self.reference.rpartition(":")[0]
        return f"{name}@{self.digest}" if self.digest else ""


def write_image(root: Path, image: Image) -> None:
    """Write the output file."""
    write_json(root / IMAGE_FILE, to_builtins(image))


def read_image(root: Path) -> Image:
    """Return what was built last; IMAGE_MISSING when nothing was, or the file cannot be read."""
    image = find_image(root)
    if image is None:
        message = "no image of this project was built yet"
        raise DevkitError(IMAGE_MISSING, message, place=Place(path=IMAGE_FILE), help="devkit build")
    return image


def find_image(root: Path) -> Image | None:
    """Return what was built last, `None` when nothing was or the file was written by another version."""
    try:
        return convert(read_json(root / IMAGE_FILE), Image)
    except ValidationError:
        return None
