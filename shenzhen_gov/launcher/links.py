"""``check-links``: every relative link in the Markdown files leads to a file, and to a heading in it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from .paths import ROOT
from .say import line

LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:|^//")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def pages() -> list[Path]:
    """The project's Markdown files."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])


def anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", ""))
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """All fragments of a page."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in HEADING.findall(text)}


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    text = CODE.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
    wrong = []
    for link in LINK.findall(text):
        if ELSEWHERE.match(link):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = (page.parent / path) if path else page
        missing = not target.exists() or not target.resolve().is_relative_to(ROOT)
        if missing or (fragment and target.suffix == ".md" and fragment not in anchors(target)):
            wrong.append(f"{page.relative_to(ROOT)}: {link}")
    return wrong


def check_links() -> int:
    """Print the broken links; exit code 1 when there are any."""
    found = [text for page in pages() for text in broken(page)]
    if found:
        line("\n".join(["links that lead nowhere:", *found]))
        return 1
    line(f"links: {len(pages())} pages, all of their links lead somewhere")
    return 0
