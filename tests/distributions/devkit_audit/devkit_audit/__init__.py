"""A stage from outside of devkit: checks the licences of a project's dependencies."""
