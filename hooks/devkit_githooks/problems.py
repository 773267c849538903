"""What stops a hook, or a quick look: it can't be told whether the commit, or a file, is clean."""


class Refusal(Exception):  # noqa: N818 - the word that is used everywhere
    """A sentence for the user; the exit code is 2."""


class DoubtError(Exception):
    """Something that is left to a reader which knows the whole language."""


def require(is_sure: bool) -> None:
    """Raise DoubtError unless it is sure."""
    if not is_sure:
        raise DoubtError
