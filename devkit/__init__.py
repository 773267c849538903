"""devkit carries one repository through the whole DevOps cycle."""

__version__ = "0.1.0"
