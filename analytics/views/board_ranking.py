"""The ranking on the situation board: columns that sort, rows, and which level is ranked."""

from __future__ import annotations

from urllib.parse import urlencode

from analytics import wording
from analytics.models import IndicatorVersion
from analytics.selectors import board as boards
from analytics.selectors.board import Board, Line, Scope

FIRST, LAST = 12, 5  # shown of a long ranking


def ranking(found: Board, given: str, asked: dict[str, str]) -> dict:
    """Return the ranking in the order asked for: columns with the address that sorts by each, and rows."""
    name = given.removeprefix("-")
    columns = [code for code in boards.COLUMNS if code in found.versions]
    lines = found.ranking
    if name in columns:
        sign = -1 if given.startswith("-") else 1
        lines = sorted(lines, key=lambda line: _sort_key(line, name, sign))
    heads = [_head(found.versions[code], code, given, asked) for code in columns]
    ranked = sum(line.rank is not None for line in lines)
    shown, gap = (lines, 0) if asked.get("all") else _ends(lines, by_rank=not given)
    return {
        "columns": heads,
        "lines": [(line, [_cell(line, code) for code in columns]) for line in shown],
        "ranked": ranked,
        "count": len(lines),
        "gap": gap,
        "is_cut": len(shown) < len(lines),
        "all": "?" + urlencode({**asked, "sort": given, "all": 1}) + "#ranking",
    }


def _ends(lines: list[Line], *, by_rank: bool) -> tuple[list[Line], int]:
    """Return the first and the last lines, of those that are ranked if any is, and after which some are left out."""
    if by_rank:
        lines = [line for line in lines if line.rank] or lines
    if len(lines) <= FIRST + LAST + 1:
        return lines, 0
    return lines[:FIRST] + lines[-LAST:], FIRST


def _sort_key(line: Line, name: str, sign: int):
    value = line.values[name].value
    return value is None, sign * (value or 0)


def _head(version: IndicatorVersion, code: str, given: str, asked: dict[str, str]) -> dict[str, str]:
    falling = given == f"-{code}"
    address = "?" + urlencode({**asked, "sort": code if falling else f"-{code}"}) + "#ranking"
    direction = {f"-{code}": "descending", code: "ascending"}.get(given, "")
    return {
        "label": str(version.indicator),
        "href": address,
        "direction": direction,
        "unit": wording.unit_of(version.measure),
    }


def _cell(line: Line, code: str) -> dict:
    value = line.values[code]
    words = wording.number(value.value, value.version.measure)
    return {"words": words, "label": str(value.version.indicator), "is_good": value.is_good}


def level_asked(given: str, scope: Scope) -> int | None:
    """Return the level asked for, where it may be ranked."""
    return next((level for level in boards.rank_levels(scope) if level.name.lower() == given), None)


def level_links(asked: dict[str, str], scope: Scope, current: int | None) -> list[dict]:
    """Return the levels as links, none where there is nothing to choose."""
    levels = boards.rank_levels(scope)
    if len(levels) < 2:
        return []
    return [
        {
            "label": level.label,
            "href": "?" + urlencode({**asked, "rank": level.name.lower()}) + "#ranking",
            "is_current": level == (current or levels[0]),
        }
        for level in levels
    ]
