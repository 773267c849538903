"""JSON with comments, as editors write it."""


def without_comments(text: str) -> str:
    """Return the text with blanks for comments and for commas before a closing bracket; every line stays in place."""
    kept: list[str] = []
    position, comma = 0, -1
    while position < len(text):
        end = _end_of_piece(text, position)
        piece = text[position:end]
        position = end
        if piece.startswith(("//", "/*")):
            piece = "".join(sign if sign == "\n" else " " for sign in piece)
        elif piece in "]}" and comma >= 0:
            kept[comma] = " "
        if not piece.isspace():
            comma = len(kept) if piece == "," else -1
        kept.append(piece)
    return "".join(kept)


def _end_of_piece(text: str, start: int) -> int:
    if text.startswith("//", start):
        end = text.find("\n", start)
        return end if end >= 0 else len(text)
    if text.startswith("/*", start):
        end = text.find("*/", start + 2)
        return end + 2 if end >= 0 else len(text)
    if text[start] == '"':
        return _end_of_string(text, start + 1)
    return start + 1


def _end_of_string(text: str, position: int) -> int:
    while position < len(text) and text[position] != '"':
        position += 2 if text[position] == "\\" else 1
    return min(position + 1, len(text))
