"""What git says of a repository that belongs to somebody else."""

from __future__ import annotations


def way_to_trust(said: str) -> str:
    """Return the command with which git, by its own words, takes it; `""` when they are of other things."""
    return next((line.strip() for line in said.splitlines() if "safe.directory" in line), "")
