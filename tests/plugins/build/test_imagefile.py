from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_build.imagefile import IMAGE_FILE, Image, find_image, read_image, write_image

from devkit.api import IMAGE_MISSING, DevkitError

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = Image(
    reference="localhost:5000/shop:abc",
    references=("localhost:5000/shop:abc", "localhost:5000/shop:main"),
    digest="sha256:" + "1" * 64,
    platforms=("linux/amd64",),
    commit="abc",
    is_dirty=False,
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_image(tmp_path, IMAGE)

    assert read_image(tmp_path) == IMAGE
    assert json.loads((tmp_path / IMAGE_FILE).read_text())["schema"] == "devkit.image/1"


def test_deploy_finds_the_image_by_its_digest() -> None:
    assert IMAGE.pinned == "localhost:5000/shop@sha256:" + "1" * 64
    assert Image(reference="shop:1", references=("shop:1",)).pinned == ""


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", '{"schema": "devkit.image/2"}', '{"schema": "devkit.image/1"}']
)
def test_without_a_file_that_can_be_read_there_is_no_image(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / IMAGE_FILE).parent.mkdir(parents=True)
        (tmp_path / IMAGE_FILE).write_text(text)

    assert find_image(tmp_path) is None
    with pytest.raises(DevkitError) as caught:
        read_image(tmp_path)
    assert caught.value.kind == IMAGE_MISSING


def test_what_a_later_version_adds_is_passed_over(tmp_path: Path) -> None:
    write_image(tmp_path, IMAGE)
    document = json.loads((tmp_path / IMAGE_FILE).read_text()) | {"attestations": []}
    (tmp_path / IMAGE_FILE).write_text(json.dumps(document))

    assert read_image(tmp_path) == IMAGE
