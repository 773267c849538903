"""What stops a hook: it can't be told whether the commit is clean."""


class Refusal(Exception):  # noqa: N818 - the word that is used everywhere
    """A sentence for the user; the exit code is 2."""
