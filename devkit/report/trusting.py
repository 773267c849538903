"""Grants of trust as answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.result import Result
from devkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.host.trust import Grant


def grants_result(grants: Sequence[Grant], *, word: str = "", empty: str = "nothing is trusted") -> Result:
    """Return grants, each in a line that begins with `word` (`trusted`, say)."""
    lines = [f"{word} {clean(grant.location)}  {grant.fingerprint}".strip() for grant in grants] or [empty]
    data = {"grants": [{"location": grant.location, "fingerprint": grant.fingerprint} for grant in grants]}
    return Result(schema="devkit.trust/1", data=data, lines=lines)
