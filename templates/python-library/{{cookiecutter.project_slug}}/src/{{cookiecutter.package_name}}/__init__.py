"""Durations as people write them, such as `1h30m`."""

from {{ cookiecutter.package_name }}.durations import format_duration, parse_duration

__all__ = ["__version__", "format_duration", "parse_duration"]

__version__ = "0.1.0"
