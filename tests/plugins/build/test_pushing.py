from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from devkit_build import buildx, pushing
from devkit_build.imagefile import Image, find_image, write_image
from devkit_build.pushing import push_error, push_image, push_reference, read_push
from devkit_build.recipe import Recipe
from devkit_build.request import Request
from devkit_build.steps import Built, Steps
from docker.errors import NotFound
from msgspec.structs import replace

from devkit.api import (
    NETWORK_NEEDED,
    PUSH_DIFFERS,
    REGISTRY_REFUSED,
    REGISTRY_UNAVAILABLE,
    DevkitError,
    Kind,
)
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIGEST = "sha256:" + "a" * 64
NAMES = ("localhost:5000/shop:a", "localhost:5000/shop:b", "localhost:5000/shop:c")
IMAGE = Image(reference=NAMES[0], references=NAMES, image_id="sha256:" + "1" * 64)


class Client:
    """An engine that pushes; it tells a digest or none, and cannot ask a registry when nothing is shown."""

    def __init__(self, told: str, shown: str | None) -> None:
        self.told, self.shown = told, shown

    def push(self, *_: object, **__: object) -> list[dict[str, object]]:
        return [{"aux": {"Digest": self.told}}] if self.told else []

    def inspect_distribution(self, _reference: str) -> dict[str, dict[str, str]]:
        if self.shown is None:
            raise NotFound("", explanation="page not found")
        return {"Descriptor": {"digest": self.shown}}


def context(root: Path, *, is_offline: bool = False) -> ProjectTaskContext:
    surroundings = Surroundings(root=root, tell=lambda _: None, is_offline=is_offline)
    return ProjectTaskContext(task="build:push", surroundings=surroundings)


def test_the_digest_is_what_the_engine_tells_last() -> None:
    told: list[str] = []
    events: list[dict[str, object]] = [
        {"status": "The push refers to repository [localhost:5000/shop]"},
        {"status": "Preparing", "id": "l1"},
        {"status": "Pushing", "id": "l1", "progressDetail": {"current": 1}},
        {"status": "Pushing", "id": "l1", "progressDetail": {"current": 2}},
        {"status": "Pushed", "id": "l1"},
        {"progressDetail": {}, "aux": {"Tag": "a", "Digest": DIGEST, "Size": 5}},
    ]

    assert read_push(events, NAMES[0], told.append) == DIGEST
    assert told == ["l1 preparing", "l1 pushing", "l1 pushed"]


def test_the_digest_is_in_the_last_words_of_podman() -> None:
    events = [{"status": "The push refers to repository [x]"}, {"status": f"a: digest: {DIGEST} size: 894"}]

    assert read_push(events, NAMES[0], lambda _: None) == DIGEST


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("denied: requested access to the resource is denied", REGISTRY_REFUSED),
        ("unauthorized: authentication required", REGISTRY_REFUSED),
        ("no basic auth credentials", REGISTRY_REFUSED),
        ("Get http://localhost:5000/v2/: dial tcp 127.0.0.1:5000: connect: connection refused", REGISTRY_UNAVAILABLE),
        ("failed to copy: sha256:a4031401f is not whole: EOF", REGISTRY_UNAVAILABLE),
        ("unexpected status from PUT request: 403 Forbidden", REGISTRY_REFUSED),
        ("received unexpected HTTP status: 503 Service Unavailable", REGISTRY_UNAVAILABLE),
        ("EOF", REGISTRY_UNAVAILABLE),
    ],
)
def test_the_words_of_a_failed_push_give_its_kind(words: str, kind: Kind) -> None:
    with pytest.raises(DevkitError) as caught:
        read_push([{"error": words}], NAMES[0], lambda _: None)

    assert caught.value.kind == kind
    assert "localhost:5000" in caught.value.message


@pytest.mark.parametrize(("failures", "pauses"), [(0, []), (2, [1.0, 2.0])])
def test_what_passes_is_tried_again_with_longer_pauses(
    monkeypatch: pytest.MonkeyPatch, failures: int, pauses: list[float]
) -> None:
    left = [push_error("EOF", NAMES[0])] * failures
    waited: list[float] = []

    def once(_reference: str, _tell: Callable[[str], None]) -> str:
        if left:
            raise left.pop()
        return DIGEST

    monkeypatch.setattr(pushing, "_push_once", once)

    assert push_reference(NAMES[0], IMAGE, lambda _: None, waited.append) == DIGEST
    assert waited == pauses


@pytest.mark.parametrize(("words", "tries"), [("EOF", 4), ("denied: no", 1)])
def test_a_refusal_is_final_and_patience_ends(monkeypatch: pytest.MonkeyPatch, words: str, tries: int) -> None:
    tried: list[str] = []

    def once(reference: str, _tell: Callable[[str], None]) -> str:
        tried.append(reference)
        raise push_error(words, reference)

    monkeypatch.setattr(pushing, "_push_once", once)

    with pytest.raises(DevkitError):
        push_reference(NAMES[0], IMAGE, lambda _: None, lambda _: None)
    assert len(tried) == tries


def test_a_push_that_stops_half_way_says_what_is_done_and_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_image(tmp_path, IMAGE)
    monkeypatch.setattr(pushing, "find_held", lambda *_: {"Id": IMAGE.image_id})
    broken = {NAMES[1]}

    def push(reference: str, image: Image, _tell: Callable[[str], None]) -> str:
        if reference in broken:
            raise push_error("EOF", reference)
        assert not broken or not image.pushed
        return DIGEST

    monkeypatch.setattr(pushing, "push_reference", push)

    with pytest.raises(DevkitError) as caught:
        push_image(context(tmp_path))
    assert caught.value.kind == REGISTRY_UNAVAILABLE
    assert caught.value.state.startswith(f"2 of 3 tags are pushed: {NAMES[0]}, {NAMES[2]}")
    half = find_image(tmp_path)
    assert half is not None
    assert half.pushed == (NAMES[0], NAMES[2])

    broken.clear()
    here = context(tmp_path)
    push_image(here)
    whole = find_image(tmp_path)
    assert whole is not None
    assert (whole.pushed, whole.digest) == (NAMES, DIGEST)
    assert here.figures["digest"] == DIGEST


@pytest.mark.parametrize(
    ("seen", "state", "pushed"),
    [
        ((DIGEST, DIGEST, "sha256:other"), "2 of 3 tags are in the registry: localhost:5000/shop:a, localh", 2),
        (("sha256:other",), "no tag was seen in the registry", 0),
    ],
)
def test_what_a_builder_pushed_is_told_as_far_as_it_was_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: tuple[str, ...], state: str, pushed: int
) -> None:
    write_image(tmp_path, replace(IMAGE, image_id=""))
    recipe = Recipe(request=Request(name="shop", title="shop"), references=NAMES, labels={}, epoch=None)
    answers = iter(seen)
    monkeypatch.setattr(pushing, "recipe_of", lambda *_: recipe)
    monkeypatch.setattr(buildx, "find_driver", lambda *_: "remote")
    monkeypatch.setattr(buildx, "build", lambda *_, **__: Built(steps=Steps(), digest=DIGEST))
    monkeypatch.setattr(pushing, "_manifest_digest", lambda *_: next(answers))

    with pytest.raises(DevkitError, match="the registry shows sha256:other") as caught:
        push_image(context(tmp_path))

    assert caught.value.state.startswith(state)
    image = find_image(tmp_path)
    assert image is not None
    assert image.pushed == NAMES[:pushed]


def test_a_builder_that_fails_to_push_has_not_changed_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_image(tmp_path, replace(IMAGE, image_id=""))
    recipe = Recipe(request=Request(name="shop", title="shop"), references=NAMES, labels={}, epoch=None)

    def build(*_: object, **__: object) -> Built:
        raise push_error("EOF", NAMES[1])

    monkeypatch.setattr(pushing, "recipe_of", lambda *_: recipe)
    monkeypatch.setattr(buildx, "find_driver", lambda *_: "remote")
    monkeypatch.setattr(buildx, "build", build)

    with pytest.raises(DevkitError) as caught:
        push_image(context(tmp_path))

    assert caught.value.state == "no tag was seen in the registry, which may hold some; devkit build --push goes on"


@pytest.mark.parametrize(("seen", "digest"), [(DIGEST, DIGEST), ("", "")])
def test_what_the_builder_does_not_tell_is_asked_of_the_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: str, digest: str
) -> None:
    write_image(tmp_path, replace(IMAGE, image_id=""))
    recipe = Recipe(request=Request(name="shop", title="shop"), references=NAMES, labels={}, epoch=None)
    monkeypatch.setattr(pushing, "recipe_of", lambda *_: recipe)
    monkeypatch.setattr(buildx, "find_driver", lambda *_: "remote")
    monkeypatch.setattr(buildx, "build", lambda *_, **__: Built(steps=Steps(), digest=""))
    monkeypatch.setattr(pushing, "_manifest_digest", lambda *_: seen)
    here = context(tmp_path)

    with nullcontext() if seen else pytest.raises(DevkitError, match="nothing tells the digest"):
        push_image(here)

    image = find_image(tmp_path)
    assert image is not None
    assert (image.digest, image.pushed) == (digest, NAMES if digest else ())
    assert here.figures.get("digest", "") == digest


@pytest.mark.parametrize(("told", "shown"), [(DIGEST, None), ("", DIGEST)])
def test_a_push_has_the_digest_of_whoever_tells_one(
    monkeypatch: pytest.MonkeyPatch, told: str, shown: str | None
) -> None:
    monkeypatch.setattr(pushing, "connected", lambda *_, **__: nullcontext(Client(told, shown)))

    assert push_reference(NAMES[0], IMAGE, lambda _: None) == DIGEST


@pytest.mark.parametrize(
    ("told", "shown", "words"), [("", None, "nothing tells"), (DIGEST, "sha256:b", "shows sha256:b")]
)
def test_a_push_that_the_registry_does_not_show_is_an_error(
    monkeypatch: pytest.MonkeyPatch, told: str, shown: str | None, words: str
) -> None:
    monkeypatch.setattr(pushing, "connected", lambda *_, **__: nullcontext(Client(told, shown)))

    with pytest.raises(DevkitError, match=words) as caught:
        push_reference(NAMES[0], IMAGE, lambda _: None)

    assert caught.value.kind == PUSH_DIFFERS


def test_offline_nothing_is_pushed(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        push_image(context(tmp_path, is_offline=True))

    assert caught.value.kind == NETWORK_NEEDED
