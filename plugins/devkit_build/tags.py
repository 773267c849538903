"""Which tags an image gets: what it is made of says so, and the project's policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit_build.references import LONGEST_TAG, as_tag

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from devkit_build.revision import Revision

_VERSION = re.compile(r"v?(\d+\.\d+(?:\.\d+)*)((?:[-+._]?[0-9A-Za-z]+)*)")
_RELEASE = re.compile(r"[\d.]+")
_COMMIT_LENGTH = 12
_CONTENT_LENGTH = 12
UNVERSIONED = "unversioned"


def tags_for(
    revision: Revision, content: str, policy: Container[str], further: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the tags of an image, the one that names it exactly first.

    `content` is the digest of what the image is built from; `policy` may hold `version`, `branch` and `latest`.
    What was not committed gets no tag but its own: a version or a branch is not moved to it. `latest` is not moved to
    a pre-release.
    """
    identity = identity_tag(revision, content)
    if revision.is_dirty:
        return _unique(identity, *further)
    versions = versions_of(revision)
    is_latest = "latest" in policy and all(_RELEASE.fullmatch(version) for version in versions)
    names = [*(versions if "version" in policy else ()), as_tag(revision.branch) if "branch" in policy else ""]
    return _unique(identity, *names, *further, "latest" if is_latest else "")


def identity_tag(revision: Revision, content: str) -> str:
    """Return the tag that names exactly this: the commit, and a digest of the content where that differs."""
    short = content[:_CONTENT_LENGTH]
    if not revision.commit:
        return f"{UNVERSIONED}-{short}"
    commit = revision.commit[:_COMMIT_LENGTH]
    return f"{commit}-dirty-{short}" if revision.is_dirty else commit


def versions_of(revision: Revision) -> tuple[str, ...]:
    """Return the versions that git tags give the commit, without a leading `v`, as tags of an image."""
    found = (_VERSION.fullmatch(tag) for tag in revision.tags)
    return tuple(as_tag(f"{match[1]}{match[2]}") for match in found if match)


def _unique(*tags: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag[:LONGEST_TAG] for tag in tags if tag))
