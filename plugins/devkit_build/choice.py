"""What the command line of `devkit build` may say; as options, and as the arguments of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import USAGE, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Choice(Struct, frozen=True, kw_only=True):
    """What the command line of `devkit build` may say."""

    tags: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    builder: str = ""
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    is_fresh: bool = False

    def words(self) -> tuple[str, ...]:
        """Return the choice as the arguments of a task."""
        lists = {
            "--tag": self.tags,
            "--platform": self.platforms,
            "--build-arg": self.arguments,
            "--secret": self.secrets,
            "--cache-from": self.cache_from,
            "--cache-to": self.cache_to,
            "--builder": (self.builder,) if self.builder else (),
        }
        listed = [f"{option}={value}" for option, values in lists.items() for value in values]
        return (*listed, *(("--no-cache",) if self.is_fresh else ()))


def read_choice(words: Sequence[str]) -> Choice:
    """Return the choice that the arguments of a task make; USAGE for what is none."""
    if not words:
        return Choice()
    import click

    command = click.Command("build", params=choice_options(), add_help_option=False)
    try:
        with command.make_context("build", list(words)) as context:
            return choice_from(context.params)
    except click.UsageError as problem:
        raise DevkitError(USAGE, problem.format_message(), help="devkit build --help") from problem


def choice_options() -> list[Any]:
    """Return the options that make a choice, for the command and for the task."""
    import click

    def several(name: str, variable: str, metavar: str, help_text: str) -> click.Option:
        return click.Option([name, variable], multiple=True, metavar=metavar, help=help_text)

    return [
        several("--tag", "tags", "TAG", "A further tag; repeatable."),
        several("--platform", "platforms", "PLATFORM", "A platform such as linux/arm64; repeatable."),
        several("--build-arg", "arguments", "NAME[=VALUE]", "A build argument, never a secret; repeatable."),
        several("--secret", "secrets", "id=ID[,env=VARIABLE|,src=FILE]", "A secret, by where it is; repeatable."),
        several("--cache-from", "cache_from", "SOURCE", "Where buildx takes its cache from; repeatable."),
        several("--cache-to", "cache_to", "TARGET", "Where buildx leaves its cache; repeatable."),
        click.Option(["--builder"], default="", metavar="NAME", help="The builder of buildx, local or remote."),
        click.Option(["--no-cache", "is_fresh"], is_flag=True, help="Build every step anew."),
    ]


def choice_from(values: Mapping[str, Any]) -> Choice:
    """Return the choice that parsed options make."""
    given: dict[str, Any] = {name: values[name] for name in Choice.__struct_fields__ if values[name]}
    return Choice(**given)
