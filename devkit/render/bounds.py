"""How much rendering may take, whoever renders."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 64 * 1024 * 1024
"""Characters that one text may have, on its way and in the end."""
_SPARE_MEMORY = 1 << 30


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Turn a flood of memory in the block into `MemoryError`, where the system can: the second line of defence."""
    try:
        import resource

        with open("/proc/self/statm", "rb") as opened:
            used = int(opened.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceilings = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([used + _SPARE_MEMORY, *ceilings]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
