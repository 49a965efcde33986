"""Names of files as people read them: harmless, and with the ending that belongs to the content."""

from __future__ import annotations

import re

from .kinds import ENDINGS

NAME_LENGTH = 120
ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def tidy_name(name: str | None) -> str:
    """Return the sender's file name without folders, control and direction characters, its ending kept when cut."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(character for character in last if character.isprintable()).strip().lstrip(".") or "file"
    if len(text) <= NAME_LENGTH:
        return text
    ending = found.group() if (found := ENDING.search(text)) else ""
    return f"{text[: NAME_LENGTH - len(ending) - 1]}…{ending}"


def right_name(name: str, content_type: str) -> str:
    """Return `name` with an ending that belongs to the content: what is no picture is not called one."""
    endings = ENDINGS[content_type]
    if name.lower().endswith(endings):
        return name
    return tidy_name(ENDING.sub("", name) + endings[0])
