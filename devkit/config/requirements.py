"""What a project requires of devkit and its plugins, compared with what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.errors import CONFIG_TYPE, PLUGIN_MISSING, REQUIRED_VERSION, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.requirements import Requirement

    from devkit.config.core import CoreSettings
    from devkit.errors import Place

DISTRIBUTION = "devkit-cycle"


def check_version(required: str, version: str, place: Place | None = None) -> None:
    """Raise REQUIRED_VERSION unless `version` is among those that the project takes."""
    if not required:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        fits = SpecifierSet(required).contains(version, prereleases=True)
    except InvalidSpecifier as error:
        raise DevkitError(
            CONFIG_TYPE, "`required-version` must be versions such as `>=1.2,<2`", place=place,
            help="compare with `==`, `>=`, `<` or `~=`, separated by commas",
        ) from error  # fmt: skip
    if not fits:
        raise DevkitError(
            REQUIRED_VERSION,
            f"the project requires devkit {required}, and this is {version}",
            place=place,
            help=f"pip install {_quoted(DISTRIBUTION + required)}",
        )


def check_plugins(core: CoreSettings, installed: Mapping[str, str], place: Place | None = None) -> None:
    """Raise PLUGIN_MISSING, with the command that helps, unless all plugins the project needs are installed.

    `installed` maps the names of distributions to their versions; `place` is where `plugins` is set.
    """
    if not core.plugins:
        return
    from packaging.utils import canonicalize_name

    versions = {canonicalize_name(name): version for name, version in installed.items()}
    needs = [_requirement(text, place) for text in core.plugins]
    needs = [need for need in needs if need.marker is None or need.marker.evaluate()]
    missing = [need for need in needs if not _is_met(need, versions.get(canonicalize_name(need.name)))]
    if missing:
        here = {need.name: versions.get(canonicalize_name(need.name)) for need in missing}
        raise DevkitError(
            PLUGIN_MISSING,
            "; ".join(_complaint(need, here[need.name]) for need in missing),
            place=place,
            help="pip install " + " ".join(_quoted(str(need)) for need in missing),
        )


def _requirement(text: str, place: Place | None) -> Requirement:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise DevkitError(
            CONFIG_TYPE, f"`plugins` holds `{text}`, which is not a requirement such as `acme-stage>=1,<2`",
            place=place, help="write the name of a distribution and the versions that fit",
        ) from error  # fmt: skip


def _is_met(need: Requirement, version: str | None) -> bool:
    from packaging.version import InvalidVersion

    if version is None:
        return False
    try:
        return need.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return not need.specifier


def _complaint(need: Requirement, version: str | None) -> str:
    if version is None:
        return f"the plugin `{need}` is not installed"
    return f"the plugin `{need}` is needed, and {version} is installed"


def _quoted(argument: str) -> str:
    from shlex import quote

    return quote(argument)
