"""Building the image: nothing when it is there already, else with BuildKit or the engine's own builder."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from devkit.api import BUILDER_MISSING, DOCKERFILE_MISSING, NO_ENGINE, DevkitError, Place
from devkit_build import buildx
from devkit_build.choice import read_choice
from devkit_build.content import Content, read_content
from devkit_build.documents import read_json, write_json
from devkit_build.engine import find_engine, find_held, held_names
from devkit_build.ignoring import Ignoring, read_ignoring
from devkit_build.imagefile import FOLDER, Image, find_image, write_image
from devkit_build.labels import CONTENT, labels_for, source_date_epoch
from devkit_build.recipe import Recipe
from devkit_build.references import parse_reference
from devkit_build.request import chosen, request_from
from devkit_build.resting import rest_on_image
from devkit_build.revision import Revision, read_revision, read_source
from devkit_build.secrets import check_arguments, check_secrets
from devkit_build.tags import tags_for

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import TaskContext
    from devkit_build.engine import Engine
    from devkit_build.request import Request
    from devkit_build.steps import Built

FILES_MEMORY = f"{FOLDER}/files.json"
LAST_BUILD = f"{FOLDER}/last.json"


class Prepared(Struct, frozen=True, kw_only=True):
    """A build that could begin: what it is made of, its recipe, and the digest of all that decides its result."""

    content: Content
    ignoring: Ignoring
    revision: Revision
    recipe: Recipe
    inputs: str


def build_image(context: TaskContext, **values: Any) -> None:
    """Build the image and write the output file; the image that is there already is not built again."""
    request = chosen(request_from(values), read_choice(context.arguments), os.environ)
    prepared = prepare(context, request)
    image = _held_or_built(context, prepared)
    _record(context, image)

    def holds(now: TaskContext) -> bool:
        again = prepare(now, request)
        return again.inputs == prepared.inputs and again.content.looks.keys() == prepared.content.looks.keys()

    if not image.inputs:
        return
    paths = [*_recipe_files(request), *(f"{request.folder}/{path}" for path in prepared.content.looks)]
    rest_on_image(context, image, prepared.revision, paths, holds)


def _held_or_built(context: TaskContext, prepared: Prepared) -> Image:
    request = prepared.recipe.request
    known = None if request.is_fresh else held_already(context.root, prepared)
    if known is not None:
        context.up_to_date(f"nothing changed since {known.reference} was built")
        return known
    engine = _engine(request)
    has_own = engine is not None and engine.is_podman and not request.builder  # podman is no builder of buildx
    driver = None if has_own else buildx.find_driver(context, request.builder)
    built = _build(context, prepared, engine, driver)
    image = _image(prepared, built, engine)
    if _was_touched(context.root, prepared):
        context.say("files were saved while the image was built: the next build does not rely on it")
        image = replace(image, inputs="")
    write_image(context.root, image)
    _remember(context.root, prepared, built)
    return image


def prepare(context: TaskContext, request: Request) -> Prepared:
    """Return a build as it would be done now; errors for what it lacks."""
    check_arguments(request.arguments, {name: os.environ.get(name, "") for name in request.secret_names})
    check_secrets(request.secrets, context.root, os.environ)
    text = _dockerfile(context.root, request)
    ignoring = read_ignoring(_ignore_file(context.root, request))
    content = read_content(context.root / request.folder, ignoring, context.root / FILES_MEMORY)
    revision = read_revision(context, request.folder)
    digest = content.digest(text, *request.options())
    labels = _labels(context, request, revision, digest)
    tags = tags_for(revision, digest, request.policy, request.tags)
    name = parse_reference(request.name)
    references = tuple(str(name.tagged(tag)) for tag in tags)
    epoch = source_date_epoch(os.environ, revision)
    recipe = Recipe(request=request, references=references, labels=labels, epoch=epoch)
    inputs = hashlib.sha256(json.dumps([digest, labels, references, epoch]).encode()).hexdigest()
    return Prepared(content=content, ignoring=ignoring, revision=revision, recipe=recipe, inputs=inputs)


def held_already(root: Path, prepared: Prepared) -> Image | None:
    """Return the image when it was built from the very same and the engine still holds it under all its names."""
    image = find_image(root)
    if image is None or image.inputs != prepared.inputs or not image.image_id:
        return None
    names = held_names(find_held(image.image_id, os.environ))
    return image if names.issuperset(image.references) else None


def _was_touched(root: Path, prepared: Prepared) -> bool:
    """Whether a file was saved since it was looked at: the builder may have seen it as it was before, or not."""
    content = read_content(root / prepared.recipe.request.folder, prepared.ignoring, root / FILES_MEMORY)
    return not content.is_as_in(prepared.content)


def recipe_of(context: TaskContext, values: dict[str, Any]) -> Recipe:
    """Return the recipe of the image that the arguments of a task mean."""
    request = chosen(request_from(values), read_choice(context.arguments), os.environ)
    return prepare(context, replace(request, is_fresh=False)).recipe


def _engine(request: Request) -> Engine | None:
    """Return the engine; a builder elsewhere does without."""
    try:
        return find_engine(os.environ)
    except DevkitError as problem:
        if request.builder and problem.kind is NO_ENGINE:
            return None
        raise


def _build(context: TaskContext, prepared: Prepared, engine: Engine | None, driver: str | None) -> Built:
    if driver is not None:
        output = "load" if engine is not None and prepared.recipe.request.is_loadable else "cache"
        return buildx.build(context, prepared.recipe, driver, output=output)
    if engine is None:
        message = f"the builder `{prepared.recipe.request.builder}` needs `docker buildx`, which is not installed"
        raise DevkitError(BUILDER_MISSING, message, help="install docker-buildx, or docker-buildx-plugin")
    from devkit_build import classic

    return classic.build(context, prepared.recipe, prepared.ignoring, is_podman=engine.is_podman)


def _image(prepared: Prepared, built: Built, engine: Engine | None) -> Image:
    """Return what was built, as the engine knows it where it holds it."""
    recipe, revision = prepared.recipe, prepared.revision
    is_held = engine is not None and recipe.request.is_loadable
    held = (find_held(recipe.references[0], os.environ) if is_held else None) or {}
    platform = "/".join(str(held[key]) for key in ("Os", "Architecture", "Variant") if held.get(key))
    return Image(
        reference=recipe.references[0],
        references=recipe.references,
        digest=built.digest,
        image_id=str(held.get("Id", "")),
        platforms=recipe.request.platforms or ((platform,) if platform else ()),
        commit=revision.commit,
        is_dirty=revision.is_dirty,
        version=recipe.request.version,
        content=recipe.labels[CONTENT],
        inputs=prepared.inputs,
        size=int(held.get("Size") or 0),
    )


def _remember(root: Path, prepared: Prepared, built: Built) -> None:
    """Keep what `--explain` compares: the steps, the files as they were, and those before."""
    earlier = last_build(root)
    changed = prepared.content.changes_since(earlier.get("files", {})) if earlier else []
    document = {
        "steps": built.steps.documents(),
        "files": dict(prepared.content.digests),
        "options": list(prepared.recipe.request.options()),
        "changed": changed,
        "changed_options": sorted(set(prepared.recipe.request.options()) ^ set(earlier.get("options", []))),
        "is_first": not earlier,
        "is_fresh": prepared.recipe.request.is_fresh,
    }
    write_json(root / LAST_BUILD, document)


def last_build(root: Path) -> dict[str, Any]:
    """Return what is known of the last build, nothing when there was none."""
    return read_json(root / LAST_BUILD)


def _record(context: TaskContext, image: Image) -> None:
    """Put the image into the ledger."""
    context.record("image", image.reference)
    if image.image_id:
        context.record("image id", image.image_id)
    if image.digest:
        context.record("digest", image.digest)
    if image.size:
        context.record("size", image.size)


def _labels(context: TaskContext, request: Request, revision: Revision, digest: str) -> dict[str, str]:
    labels = labels_for(
        revision,
        epoch=source_date_epoch(os.environ, revision),
        version=request.version,
        source=read_source(context) if revision.commit else "",
        title=request.title,
        content=digest,
    )
    return {**labels, **request.labels}


def _dockerfile(root: Path, request: Request) -> str:
    path = root / request.dockerfile
    try:
        return path.read_text("utf-8", "replace")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        message = f"there is no `{request.dockerfile}` to build an image from"
        place = Place(path=request.dockerfile)
        raise DevkitError(DOCKERFILE_MISSING, message, place=place, help="devkit apply") from None


def _recipe_files(request: Request) -> tuple[str, str, str]:
    """Return the paths of the Dockerfile, and of what is read of files that name what is left out."""
    return request.dockerfile, f"{request.dockerfile}.dockerignore", f"{request.folder}/.dockerignore"


def _ignore_file(root: Path, request: Request) -> str | None:
    for name in _recipe_files(request)[1:]:
        path = root / name
        if path.is_file():
            return path.read_text("utf-8", "replace")
    return None
