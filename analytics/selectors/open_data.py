"""Open data as it was released: the list, and each release as CSV or JSON with its description."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from analytics.models import OpenDataRelease

MOST_SHOWN = 120
COLUMNS = ("month", "table", "area_code", "area", "category_code", "category", "cases", "suppressed")
TITLES = {
    "class": "受理诉求：行政区 × 事项大类 / Cases accepted by district and class of matter",
    "channel": "受理诉求：行政区 × 渠道 / Cases accepted by district and channel",
}
METHOD = (
    "小于阈值的计数及可推算出它们的单元格不公布 / "
    "counts below the threshold, and cells they would follow from, are suppressed"
)
WORDS = {
    "month": "月份 / month",
    "table": "表 / table: class, channel",
    "area_code": "行政区划代码，- 未定位，* 合计 / official code; - not located, * total",
    "area": "行政区 / district",
    "category_code": "大类或渠道代码，- 未分类，* 合计 / class or channel; - none, * total",
    "category": "大类或渠道 / class or channel",
    "cases": "受理件数，空为不公布 / cases accepted; empty where suppressed",
    "suppressed": "1 为不公布 / 1 where suppressed",
}


def releases() -> list[OpenDataRelease]:
    """Return the newest releases, without what is in them."""
    return list(OpenDataRelease.objects.defer("tables")[:MOST_SHOWN])


def find_release(month: date, number: int | None = None) -> OpenDataRelease | None:
    """Return a release of a month: the newest, or the one with the number."""
    found = OpenDataRelease.objects.filter(month=month)
    return (found if number is None else found.filter(number=number)).first()


def described(release: OpenDataRelease) -> dict[str, Any]:
    """Return what a reader must know about a release."""
    return {
        "title": "深圳民意速办：受理诉求月度数据 / Civic requests of Shenzhen, monthly counts",
        "month": f"{release.month:%Y-%m}",
        "release": release.number,
        "made_at": timezone.localtime(release.made_at).isoformat(),
        "licence": release.licence,
        "tables": TITLES,
        "columns": WORDS,
        "threshold": release.threshold,
        "suppressed_cells": release.suppressed,
        "method": METHOD,
    }


def records(release: OpenDataRelease) -> Iterator[tuple]:
    """Yield a row of COLUMNS for each cell."""
    month = f"{release.month:%Y-%m}"
    for name, table in release.tables.items():
        for area, cells in zip(table["areas"], table["cells"], strict=True):
            for category, count in zip(table["categories"], cells, strict=True):
                yield month, name, *area, *category, count, int(count is None)


def as_csv(release: OpenDataRelease) -> bytes:
    """Return a release as UTF-8 CSV that spreadsheets open."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(records(release))
    return text.getvalue().encode("utf-8-sig")


def as_data(release: OpenDataRelease) -> dict[str, Any]:
    """Return a release as JSON: its description and its rows."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in records(release)]
    return {"metadata": described(release), "rows": rows}
