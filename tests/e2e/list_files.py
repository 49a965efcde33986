"""The workbook of the story: 935 changes of the sample list, as an editor would make them in Excel."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice

import xlsxwriter
from python_calamine import CalamineWorkbook

MOVED = "S0101002"  # 楼道疏散通道杂物堵塞: from the communities to urban management
RETIMED = "S0101001"  # 消防车通道被堵占: one day more
COUNTS = {"变更": 702, "合并": 41, "新增": 120, "拆分": 38, "移交": 22, "废置": 12}
LIGHT = "环保水务", "光污染"
Row = dict[str, object]


def changed_list(downloaded: bytes, *, faulty: bool) -> bytes:
    """Return the downloaded list with 935 changes, three of them wrong if `faulty`."""
    labels, names, *cells = CalamineWorkbook.from_filelike(io.BytesIO(downloaded)).get_sheet_by_index(0).to_python()
    items = [dict(zip(names, row, strict=True)) for row in cells]
    rows = [*_changes(items)]
    if faulty:
        rows[10]["limit_normal"] = "五"
        rows[710]["successors"] = "S9999999"
        rows[-20]["lead_function"] = "no_such_function"
    return _workbook([labels, names, *([row.get(name, "") for name in names] for row in rows)])


def _changes(items: list[Row]) -> Iterator[Row]:
    moved = next(item for item in items if item["code"] == MOVED)
    others = iter([item for item in items if str(item["code"]).startswith("S") and item is not moved])
    for item in islice(others, COUNTS["变更"]):
        yield item | {"kind": "变更", "limit_normal": int(item["limit_normal"] or 3) + 1}
    targets = list(islice(others, COUNTS["合并"]))
    for item, target in zip(islice(others, COUNTS["合并"]), targets, strict=True):
        yield {"kind": "合并", "code": item["code"], "successors": target["code"]}
    for number in range(COUNTS["新增"]):
        yield targets[0] | _new_item(number)
    for number, item in enumerate(islice(others, COUNTS["拆分"])):
        yield {"kind": "拆分", "code": item["code"], "successors": f"{_code(2 * number)};{_code(2 * number + 1)}"}
    for item in [moved, *islice(others, COUNTS["移交"] - 1)]:
        yield item | {"kind": "移交", "lead_function": "urban_management", "policy": "", "remark": "移交城管"}
    for item in islice(others, COUNTS["废置"]):
        yield {"kind": "废置", "code": item["code"]}


def _new_item(number: int) -> Row:
    name = ("玻璃幕墙反光", "户外屏幕眩光", "工地照明扰民", "招牌灯箱扰民")[number % 4]
    return {
        "kind": "新增",
        "code": _code(number),
        "level1": LIGHT[0],
        "level2": LIGHT[1],
        "name": f"{name}（第 {number + 1} 类）",
        "lead_function": "urban_management",
        "co_functions": "",
        "successors": "",
    }


def _code(number: int) -> str:
    return f"N26{number:04d}"


def _workbook(rows: list[list]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("事项")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, [value if value != "" else None for value in row])
    return written.getvalue()
