"""Templates from elsewhere, fetched by git into the user's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.render.source import Fetched


def is_url(location: str) -> bool:
    """Whether a location names something to fetch: a URL, `user@host:path`, or an abbreviation such as `gh:a/b`."""
    raise NotImplementedError


def fetch_template(location: str, ref: str = "", *, is_offline: bool = False) -> Fetched:
    """Return the template at `URL` or `URL@REF`; `ref` wins over `REF`, and a full commit id needs no network twice.

    A location or ref that git could take for an option or for a foreign transport is `USAGE`, before anything is
    started; what does not answer, or is not in the cache when offline, is `TEMPLATE_UNREACHABLE`.
    """
    raise NotImplementedError
