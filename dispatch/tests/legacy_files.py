"""Small made-up files in the form of the Pingshan one, and the territory they speak of."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

from dispatch.legacy.importer import Summary, import_file
from dispatch.legacy.mapping import load_mapping
from grid.tests.factories import make_area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.worktime import SHANGHAI

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)
BY = Actor.system("test")
ORDINARY = {
    "REC_ID": "1",
    "CREATE_TIME": "2018-07-04 17:24:41",
    "EVENT_PROPERTY_NAME": "投诉",
    "EVENT_SRC_NAME": "12345",
    "EVENT_TYPE_NAME": "市容环卫",
    "MAIN_TYPE_NAME": "占道经营",
    "SUB_TYPE_NAME": "店外经营",
    "SUB_TYPE_ID": "603",
    "STREET_NAME": "坪山街道",
    "COMMUNITY_NAME": "六联社区",
    "DISPOSE_UNIT_ID": "8484",
    "DISPOSE_UNIT_NAME": "坪山街道综合执法队",
    "INTIME_ARCHIVE_NUM": "1",
    "OVERTIME_ARCHIVE_NUM": "0",
    "OCCUR_PLACE": "-",
}
HEADER = list(ORDINARY)


def row(number: int | str, **given: str) -> dict[str, str]:
    """Return an ordinary row with this outside number and what is given by column."""
    return ORDINARY | {"REC_ID": str(number)} | given


def as_text(rows: list[dict[str, str]], header: list[str] | None = None) -> str:
    """Return rows as a CSV text."""
    text = StringIO()
    writer = csv.DictWriter(text, header or HEADER, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_file(folder: Path, rows: list[dict[str, str]], encoding: str = "utf-8", name: str = "cases.csv") -> Path:
    """Write rows to a file and return its path."""
    path = folder / name
    path.write_bytes(as_text(rows).encode(encoding))
    return path


def import_rows(folder: Path, rows: list[dict[str, str]], **given) -> Summary:
    """Import rows through a file."""
    return import_file(write_file(folder, rows), load_mapping(), by=BY, now=NOW, **given)


def make_pingshan() -> SimpleNamespace:
    """Make the city with Pingshan district, two subdistricts and two communities each."""
    city = make_area(1, "深圳市", code="440300")
    district = make_area(2, "坪山区", city, code="440310")
    pingshan = make_area(3, "坪山街道", district, code="440310001")
    maluan = make_area(3, "马峦街道", district, code="440310002")
    return SimpleNamespace(
        city=city,
        district=district,
        pingshan=pingshan,
        maluan=maluan,
        liulian=make_area(4, "六联社区", pingshan, code="440310001001"),
        liuhe=make_area(4, "六和社区", pingshan, code="440310001002"),
        pinghuan=make_area(4, "坪环社区", maluan, code="440310002001"),
        jiangling=make_area(4, "江岭社区", maluan, code="440310002002"),
    )
