"""The table `[tool.devkit.test]`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSettings:
    """How the project's tests are run, and what they have to reach."""

    arguments: tuple[str, ...] = field(default=(), metadata={"help": "Arguments that pytest is always given."})
    coverage: bool = field(default=True, metadata={"help": "Measure coverage where the project has what it takes."})
    minimum_coverage: float = field(
        default=80.0, metadata={"help": "The share of lines, in per cent, that the tests have to run; 0 for no gate."}
    )
    minimum_changed_coverage: float = field(
        default=0.0,
        metadata={
            "help": "The same for the lines that changed since the base, for `devkit test --base`; 0 for no gate."
        },
    )
    load_url: str = field(
        default="",
        metadata={
            "help": "Where the application answers that is put under load; without it, on the port of its framework."
        },
    )
    load_users: int = field(default=10, metadata={"help": "Users that Locust plays at once."})
    load_seconds: int = field(default=15, metadata={"help": "How long Locust plays them."})
    load_failures: float = field(
        default=1.0, metadata={"help": "The share of requests, in per cent, that may fail under load."}
    )
    load_p95: int = field(
        default=500, metadata={"help": "Milliseconds within which 95 of 100 requests are answered under load."}
    )
