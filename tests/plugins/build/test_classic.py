from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest
from devkit_build.classic import ClassicEvents, build, packed
from devkit_build.ignoring import read_ignoring
from devkit_build.recipe import Recipe
from devkit_build.request import Request

from devkit.api import BUILDER_MISSING, DevkitError
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path


def read(*events: dict[str, object]) -> tuple[ClassicEvents, list[str]]:
    told: list[str] = []
    clock = iter(range(100))
    reader = ClassicEvents(told.append, clock=lambda: float(next(clock)))
    for event in events:
        reader.take(event)
    return reader, told


def test_the_steps_of_the_classic_builder_are_read() -> None:
    reader, told = read(
        {"stream": "Step 1/3 : FROM base\n"},
        {"stream": " ---> 0123\n"},
        {"stream": "Step 2/3 : COPY src src\n"},
        {"stream": " ---> Using cache\n"},
        {"stream": "Step 3/3 : RUN make\n"},
        {"stream": " ---> Running in 4567\n"},
        {"stream": "compiling\n"},
        {"aux": {"ID": "sha256:1"}},
        {"stream": "Successfully built 1\n"},
    )

    assert [(step.instruction, step.is_cached) for step in reader.steps.of_dockerfile()] == [
        ("FROM base", False),
        ("COPY src src", True),
        ("RUN make", False),
    ]
    assert "compiling" in told


def test_the_steps_of_podman_are_read_stage_by_stage() -> None:
    reader, told = read(
        {"stream": "[1/2] STEP 1/2: FROM base AS first\n"},
        {"stream": "[1/2] STEP 2/2: RUN make\n"},
        {"stream": "--> Using cache 0123456789\n"},
        {"stream": "--> 0123\n"},
        {"stream": "[2/2] STEP 1/2: FROM 0123456789\n"},
        {"stream": "[2/2] STEP 2/2: RUN test\n"},
        {"stream": "tested\n"},
        {"stream": "[2/2] COMMIT docker.io/library/shop:1\n"},
        {"stream": "--> 4567\n"},
        {"aux": {"ID": "sha256:4567"}},
    )

    assert [(step.stage, step.instruction, step.is_cached) for step in reader.steps.of_dockerfile()] == [
        ("1/2", "FROM base AS first", False),
        ("1/2", "RUN make", True),
        ("2/2", "FROM 0123456789", False),
        ("2/2", "RUN test", False),
    ]
    assert [line for line in told if "RUN" not in line and "FROM" not in line] == ["tested"]


def test_a_line_that_comes_in_pieces_is_one_line() -> None:
    reader, told = read(
        {"stream": "Step 1/2 : RUN ma"},
        {"stream": "ke\n"},
        {"stream": "compi"},
        {"stream": "ling\nlinking"},
        {"aux": {"ID": "sha256:1"}},
    )

    (step,) = reader.steps.of_dockerfile()
    assert (step.instruction, list(step.output)) == ("RUN make", ["compiling", "linking"])
    assert told[:2] == ["compiling", "linking"]


def test_the_step_that_fails_keeps_what_it_printed() -> None:
    reader, _ = read(
        {"stream": "Step 1/1 : RUN make\n"},
        {"stream": "no rule\n"},
        {"error": "The command '/bin/sh -c make' returned a non-zero code: 2", "errorDetail": {"code": 2}},
    )

    failed = reader.steps.failed()
    assert failed is not None
    assert list(failed.output) == ["no rule"]
    assert reader.failure.endswith("code: 2")


@pytest.mark.parametrize("epoch", [0, 86400])
def test_the_same_files_make_the_same_archive_without_what_is_left_out(tmp_path: Path, epoch: int) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("one")
    (tmp_path / ".env").write_text("SECRET=1")
    (tmp_path / "link").symlink_to("src/app.py")

    with packed(tmp_path, "FROM base\n", read_ignoring(None), epoch) as first:
        one = first.read()
        first.seek(0)
        with tarfile.open(fileobj=first) as tar:
            names = tar.getnames()
    (tmp_path / "src/app.py").touch()
    with packed(tmp_path, "FROM base\n", read_ignoring(None), epoch) as second:
        two = second.read()

    assert names == ["link", "src", "src/app.py", ".dockerignore", ".devkit-Dockerfile"]
    assert one == two


def test_a_file_that_goes_while_the_archive_is_made_is_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(self: tarfile.TarFile, name: str, arcname: str) -> tarfile.TarInfo:
        found = looked(self, name, arcname)
        if arcname == "passing":
            (tmp_path / arcname).unlink()
        return found

    looked = tarfile.TarFile.gettarinfo
    monkeypatch.setattr(tarfile.TarFile, "gettarinfo", look)
    for name in ("passing", "staying"):
        (tmp_path / name).write_text("text")

    with packed(tmp_path, "FROM base\n", read_ignoring(None), 0) as archive, tarfile.open(fileobj=archive) as tar:
        assert {"passing", "staying"} & set(tar.getnames()) == {"staying"}


def test_two_names_of_one_file_and_an_empty_folder_are_sent(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("text")
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    (tmp_path / "empty").mkdir()
    (tmp_path / "unpacked").mkdir()

    ignoring = read_ignoring("unpacked")
    with packed(tmp_path, "FROM base\n", ignoring, 0) as archive, tarfile.open(fileobj=archive) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")

    assert (tmp_path / "unpacked/two").read_text() == "text"
    assert (tmp_path / "unpacked/empty").is_dir()
    assert not (tmp_path / "unpacked/unpacked").exists()


@pytest.mark.parametrize(("given", "sent"), [("a", "a\n.devkit-Dockerfile\n"), (".dockerignore", None)])
def test_the_builder_is_told_to_take_the_dockerfile_away(tmp_path: Path, given: str, sent: str | None) -> None:
    (tmp_path / ".dockerignore").write_text(given)

    with packed(tmp_path, "FROM base\n", read_ignoring(given), 0) as archive, tarfile.open(fileobj=archive) as tar:
        found = tar.extractfile(".dockerignore")
        assert found is not None
        assert found.read().decode() == (sent or ".dockerignore\n.devkit-Dockerfile\n")


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("RUN <<EOF", True),
        ("COPY <<'end' /a", True),
        ("run --mount=type=cache,target=/a b", True),
        ("RUN a && \\\n    cat 3<<-X", True),
        ("RUN echo $((1<<4)) $(( 1 << n ))", False),
        ("RUN grep a <<<word", False),
        ("# not a <<heredoc", False),
    ],
)
def test_what_only_buildkit_can_do_is_refused_and_nothing_else(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_refused: bool
) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM base\n{line}\n")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-engine")
    recipe = Recipe(request=Request(name="shop", title="shop"), references=("shop:1",), labels={}, epoch=None)
    task = ProjectTaskContext(task="t", surroundings=Surroundings(root=tmp_path, tell=lambda _: None))

    with pytest.raises(DevkitError) as raised:
        build(task, recipe, read_ignoring(None), is_podman=False)

    assert (raised.value.kind is BUILDER_MISSING) is is_refused
