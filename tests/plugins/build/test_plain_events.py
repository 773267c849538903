from __future__ import annotations

from devkit_build.plain_events import PlainEvents

PRINTED = """\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#5 [2/3] COPY src src
#5 CACHED

#6 [3/3] RUN make
#6 0.215 compiling
#6 0.216 no rule
#6 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
------
Dockerfile:3
ERROR: failed to solve: exit code: 2
"""


def test_what_an_older_builder_prints_is_read_as_steps() -> None:
    told: list[str] = []
    events = PlainEvents(told.append)
    for line in PRINTED.splitlines():
        events.take(line)

    copy, run = events.steps.of_dockerfile()
    assert (copy.instruction, copy.is_cached) == ("COPY src src", True)
    assert list(run.output) == ["compiling", "no rule"]
    assert events.steps.failed() is run
    assert events.words[-2:] == ["Dockerfile:3", "ERROR: failed to solve: exit code: 2"]
    assert told == ["cached   [2/3] COPY src src", "compiling", "no rule", "failed   [3/3] RUN make"]
