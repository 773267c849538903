"""The labels of an image, as the OCI image specification names them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit_build.revision import Revision

_DIGITS = 11
"""Of a time in seconds; more are no date."""
_PREFIX = "org.opencontainers.image."
CONTENT = "dev.devkit.content"
"""The digest of what an image was built from, by which devkit knows it again."""


def labels_for(
    revision: Revision, *, epoch: int | None, version: str, source: str, title: str, content: str
) -> dict[str, str]:
    """Return the labels that have a value; `epoch` is the time (seconds) that the image says it was made at."""
    values = {
        "created": "" if epoch is None else rfc3339(epoch),
        "revision": f"{revision.commit}-dirty" if revision.commit and revision.is_dirty else revision.commit,
        "source": source,
        "title": title,
        "version": version,
    }
    return {f"{_PREFIX}{name}": value for name, value in values.items() if value} | {CONTENT: content}


def source_date_epoch(environ: Mapping[str, str], revision: Revision) -> int | None:
    """Return the time that builds are dated with: SOURCE_DATE_EPOCH, else that of the commit; `None` without."""
    given = environ.get("SOURCE_DATE_EPOCH", "")
    if given.isascii() and given.isdigit() and len(given) <= _DIGITS:
        return int(given)
    return revision.time or None


def rfc3339(epoch: int) -> str:
    """Return a time in seconds as the moment that it is, in UTC."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
