"""Names of container images."""


def is_loose(name: str) -> str:
    """Return why the name of an image does not say which one is meant, or nothing; variables may say anything."""
    if "@" in name or "$" in name or "{" in name or not name:
        return ""
    _, has_tag, tag = name.rpartition("/")[2].partition(":")
    if not has_tag:
        return f"the image {name!r} has no tag"
    return f"the image {name!r} is another one every time" if tag == "latest" else ""


def with_tag(name: str) -> str:
    """Return the loose name of an image as it should be written."""
    return f"{name.removesuffix(':latest')}:TAG"
