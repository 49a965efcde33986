"""Excel in and out of the list: what goes out comes back unchanged, what is wrong is named by its cell."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from dutylist.excel.books import lines_book, list_book, template_book
from dutylist.excel.cells import Codes, Lines, Number, Words, YesNo, as_key, as_text
from dutylist.excel.columns import COLUMNS, ITEM_COLUMNS, ITEMS, ROWS, headings
from dutylist.excel.files import open_book
from dutylist.models import Batch, BatchLine, BatchPreview, Responsibility
from dutylist.selectors.workbooks import get_last_import, list_to_change
from dutylist.services import NewLine, set_lines
from dutylist.services.workbooks import WorkbookFaults, import_workbook
from grid.models import Unit, UnitName
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight

from .duty_people import make_people, open_draft, publish
from .world import NOON, make_list

TODAY = NOON.date()


def sheet_file(sheets: dict[str, list[list]]) -> bytes:
    """Return an .xlsx file with these rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
    book.close()
    return file.getvalue()


def read(data: bytes) -> dict[str, list[list]]:
    """Return title → rows of a file."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in book.sheet_names}


def records(data: bytes, kind: str) -> list[dict[str, str]]:
    """Return the rows of one of our sheets."""
    return [record for _number, record in open_book("x.xlsx", data).sheets[kind].records()]


class Excel(TestCase):
    """The city's list of two items, its editors, and an empty draft of the city."""

    @classmethod
    def setUpTestData(cls):
        cls.city = make_list()
        cls.people = make_people(cls.city)
        cls.batch = open_draft(cls.city, cls.people)

    def take(self, data: bytes, mode: str = "overwrite", *, name: str = "list.xlsx", batch=None, by=None):
        return import_workbook((batch or self.batch).pk, name, data, mode=mode, by=by or self.people.editor, now=NOON)

    def refused(self, data: bytes, mode: str = "overwrite", **given) -> list[tuple[str, int, str]]:
        """Return the places of the faults; nothing was taken over."""
        with pytest.raises(WorkbookFaults) as caught:
            self.take(data, mode, **given)
        assert not BatchLine.objects.filter(batch=given.get("batch") or self.batch).exists()
        return [(fault.sheet, fault.row, fault.column) for fault in caught.value.faults]

    def bad_file(self, data: bytes, name: str = "list.xlsx") -> str:
        with pytest.raises(BadInput) as caught:
            self.take(data, name=name)
        assert caught.value.field == "file"
        assert not isinstance(caught.value, WorkbookFaults)
        return str(caught.value)

    def list_file(self, *, rows: bool = True, batch=None) -> bytes:
        shown = Responsibility.objects.all() if rows else None
        return list_book(list_to_change(batch or self.batch), on=TODAY, rows=shown)

    def edited(self, change, *, rows: bool = True, batch=None) -> bytes:
        """Return the list as it stands, with `change(tables)` made in Excel; tables[0] are the items, [1] the rows."""
        tables = read(self.list_file(rows=rows, batch=batch))
        change(list(tables.values()))
        return sheet_file(tables)


def at(table: list[list], code: str, name: str) -> tuple[list, int]:
    """Return the row of an item and the place of a column."""
    row = next(row for row in table if row[table[1].index("code")] == code)
    return row, table[1].index(name)


def put(table: list[list], code: str, **values) -> None:
    """Write cells of an item."""
    for name, value in values.items():
        row, place = at(table, code, name)
        row[place] = value


class WhatGoesOutComesBack(Excel):
    def test_the_list_as_it_stands_changes_nothing(self):
        done = self.take(self.list_file())
        assert (done.added, done.changed, done.equal, done.emptied) == (0, 0, 2, 0)
        assert not self.batch.lines.exists()

    def test_a_file_made_in_english_is_read_where_chinese_is_spoken(self):
        with translation.override("en"):
            data = self.list_file()
        assert "Code" in next(iter(read(data).values()))[0]
        with translation.override("zh-hans"):
            assert self.take(data).equal == 2

    def test_what_no_cell_can_hold_is_still_no_change(self):
        odd = {"keywords": ["一;二", " 三"], "examples": ["第一行\n第二行"], "criteria": "  =1+1\r\n@x  "}
        publish(self.city, self.people, NewLine(kind="change", code="T01", changes=odd))
        assert self.take(self.list_file()).equal == 2

    def test_rows_of_a_unit_that_was_closed_since_are_no_change(self):
        Unit.objects.filter(pk=self.city.bureaus[0]["urban_management"].pk).update(
            closed_on=TODAY, successor=self.city.bureaus[0]["water"]
        )
        assert self.take(self.list_file()).equal == 2

    def test_a_changed_cell_becomes_one_change(self):
        data = self.edited(lambda tables: put(tables[0], "T01", limit_normal=7, criteria="能说明地点"))
        done = self.take(data)
        line = self.batch.lines.get()
        assert (done.added, done.equal) == (1, 1)
        assert (line.kind, line.code, line.source) == ("change", "T01", "excel")
        assert (line.after["limit_normal"], line.after["criteria"], line.after["rows"]) == (7, "能说明地点", None)
        assert line.after["limit_urgent"] == 1

    def test_an_emptied_cell_empties_the_field_and_is_counted(self):
        done = self.take(self.edited(lambda tables: put(tables[0], "T01", keywords="")))
        assert done.emptied == 1
        assert self.batch.lines.get().after["keywords"] == []

    def test_a_column_that_is_not_there_leaves_its_field_alone(self):
        self.take(sheet_file({"x": [["code", "limit_normal"], ["T01", 9]]}))
        line = self.batch.lines.get()
        assert line.after["limit_normal"] == 9
        assert line.after["keywords"] == ["楼道堆物"]

    def test_another_lead_unit_is_a_transfer(self):
        water = self.city.bureaus[0]["water"]

        def change(tables):
            table = tables[1]
            row = next(row for row in table if row[0] == "T02" and row[1] == "龙华区")
            row[table[1].index("lead")] = water.name

        self.take(self.edited(change))
        line = self.batch.lines.get()
        assert (line.kind, line.code) == ("transfer", "T02")
        assert {(row["area"], row["lead"]) for row in line.after["rows"]} == {
            (self.city.districts[0].pk, water.pk),
            (self.city.districts[1].pk, self.city.bureaus[1]["urban_management"].pk),
        }

    def test_a_unit_is_found_by_a_name_it_had_and_a_closed_one_by_its_successor(self):
        old, new = self.city.bureaus[1]["water"], self.city.bureaus[0]["water"]
        UnitName.objects.create(unit=new, name="原 水务（局）", valid_from=NOON.date())
        Unit.objects.filter(pk=old.pk).update(closed_on=TODAY, successor=new)
        rows = [["code", "area", "lead", "co"], ["T02", "440309", "原水务(局)", ""], ["T02", "坪山区", old.name, ""]]
        self.take(sheet_file({"rows": rows}))
        assert {row["lead"] for row in self.batch.lines.get().after["rows"]} == {new.pk}

    def test_a_function_becomes_a_row_for_every_unit_that_has_it(self):
        rows = [
            ["code", "level1", "level2", "name", "lead_function", "co_functions"],
            ["N1", "水务", "排水", "井盖异响", "water", "urban_management"],
        ]
        self.take(sheet_file({"x": rows}), "add")
        assert [(row["area"], row["lead"], row["co"]) for row in self.batch.lines.get().after["rows"]] == [
            (area.pk, self.city.bureaus[d]["water"].pk, [self.city.bureaus[d]["urban_management"].pk])
            for d, area in enumerate(self.city.districts)
        ]

    def test_every_kind_of_line_comes_from_one_file(self):
        heads = {one.name: str(one.label) for one in ITEM_COLUMNS}
        names = ["kind", "code", "level1", "level2", "name", "successors", "policy", "note"]
        rows = [
            [heads[name] for name in names],
            ["新增", "N1", "市容环卫", "环境", "楼道堆物（甲）", "", "", ""],
            ["", "N2", "市容环卫", "环境", "楼道堆物（乙）", "", "", "新业态"],
            ["拆分", "T01", "", "", "", "N1；N2", "redispatch", ""],
            ["retire", "T02", "", "", "", "", "", ""],
        ]
        self.take(sheet_file({"x": rows}))
        lines = {line.code: line for line in self.batch.lines.all()}
        assert {code: line.kind for code, line in lines.items()} == {
            "N1": "add", "N2": "add", "T01": "split", "T02": "retire",
        }  # fmt: skip
        assert lines["T01"].after == {"successors": ["N1", "N2"]}
        assert (lines["T01"].policy, lines["N2"].note) == ("redispatch", "新业态")

    def test_the_same_file_again_changes_nothing_more(self):
        data = self.edited(lambda tables: put(tables[0], "T01", limit_normal=7))
        self.take(data)
        before = Batch.objects.get(pk=self.batch.pk).content_number
        assert self.take(data).unchanged == 1
        assert Batch.objects.get(pk=self.batch.pk).content_number == before

    def test_numbers_are_understood_however_they_were_typed(self):
        rows = [["code", "limit_normal", "limit_urgent", "contact_hours"], [" Ｔ０１\u3000", "１２", "5.0", 24.0]]
        self.take(sheet_file({"x": rows}))
        after = self.batch.lines.get().after
        assert (after["limit_normal"], after["limit_urgent"], after["contact_hours"]) == (12, 5, 24)

    def test_csv_in_either_encoding_carries_the_items(self):
        text = "code,criteria\nT01,能说明地点和时段，附照片\n"
        for encoding in ("utf-8-sig", "gb18030"):
            BatchLine.objects.all().delete()
            self.take(text.encode(encoding), name="list.csv")
            assert self.batch.lines.get().after["criteria"] == "能说明地点和时段，附照片"


class WhatIsWrongIsNamedByItsCell(Excel):
    def test_every_fault_is_found_at_once_and_nothing_taken_over(self):
        rows = [
            ["code", "level1", "level2", "name", "limit_normal", "limit_urgent", "limit_unit", "is_key"],
            ["T01", "市容环卫", "环境", "楼道堆物", "五", 1, "workday", "是"],
            ["N1", "市容环卫", "环境", "", 5, 1, "workday", ""],
            ["T02", "市容环卫", "环境", "路灯", 5, 9, "weeks", "maybe"],
            ["", "市容环卫", "环境", "无编码", 5, 1, "workday", ""],
            ["T01", "市容环卫", "环境", "楼道堆物", 3, 1, "workday", ""],
            ["N2", "市容环卫", "环境", "好的", 5, 1, "workday", ""],
        ]
        found = self.refused(sheet_file({"x": rows}))
        assert found == [
            (ITEMS, 2, "limit_normal"),
            (ITEMS, 3, "name"),
            (ITEMS, 4, "limit_unit"),
            (ITEMS, 4, "is_key"),
            (ITEMS, 4, "limit_urgent"),
            (ITEMS, 5, "code"),
            (ITEMS, 6, "code"),
        ]

    def test_rows_are_named_by_area_and_unit(self):
        rows = [
            ["code", "area", "lead", "co", "fallback"],
            ["T01", "不存在区", "深圳水务集团", "", ""],
            ["T01", "龙华区", "没有这个局", "也没有", "city-centre"],
            ["T01", "龙华区", "", "", ""],
            ["T02", "龙华区/民治街道", "龙华区水务局", "", ""],
            ["T02", "440309001", "龙华区水务局", "", ""],
            ["X99", "龙华区", "龙华区水务局", "", ""],
        ]
        assert self.refused(sheet_file({"x": rows})) == [
            (ROWS, 2, "area"),
            (ROWS, 3, "lead"),
            (ROWS, 3, "co"),
            (ROWS, 4, "area"),
            (ROWS, 4, "lead"),
            (ROWS, 6, "area"),
            (ROWS, 7, "code"),
        ]

    def test_a_name_that_two_units_bear_needs_the_code(self):
        one, other = self.city.bureaus[0]["water"], self.city.bureaus[1]["water"]
        Unit.objects.filter(pk__in=[one.pk, other.pk]).update(name="水务局")
        for unit in (one, other):
            UnitName.objects.create(unit=unit, name="水务局", valid_from=TODAY)
        rows = [["code", "area", "lead"], ["T02", "龙华区", "水务局"]]
        assert self.refused(sheet_file({"x": rows})) == [(ROWS, 2, "lead")]
        rows[1][2] = f"水务局 [{one.code}]"
        self.take(sheet_file({"x": rows}))
        assert [row["lead"] for row in self.batch.lines.get().after["rows"]] == [one.pk]

    def test_an_error_of_a_formula_is_no_empty_cell(self):
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file)
        sheet = book.add_worksheet("事项")
        for place, name in enumerate(["code", "criteria", "limit_normal"]):
            sheet.write(0, place, name)
        sheet.write(1, 0, "T01")
        sheet.write_formula(1, 1, "=A9", None, "#REF!")
        sheet.write_formula(1, 2, "=3+4", None, 7)
        book.close()
        assert self.refused(file.getvalue()) == [(ITEMS, 2, "criteria")]

    def test_an_import_that_only_adds_refuses_what_is_there(self):
        rows = [["code", "level1", "level2", "name", "limit_normal"], ["T01", "市容环卫", "环境", "楼道堆物", 9]]
        assert self.refused(sheet_file({"x": rows}), "add") == [(ITEMS, 2, "code")]

    def test_successors_without_a_kind_ask_for_one(self):
        rows = [["code", "successors"], ["T01", "T02"]]
        assert (ITEMS, 2, "kind") in self.refused(sheet_file({"x": rows}))

    def test_a_day_where_a_number_belongs_is_a_fault(self):
        rows = [["code", "limit_normal"], ["T01", datetime(2026, 3, 5)]]  # noqa: DTZ001 - cells know no zone
        assert self.refused(sheet_file({"x": rows})) == [(ITEMS, 2, "limit_normal")]

    def test_lines_of_a_draft_stay_when_a_later_file_is_wrong(self):
        set_lines(self.batch.pk, [NewLine(kind="retire", code="T02")], by=self.people.editor, now=NOON)
        with pytest.raises(WorkbookFaults):
            self.take(sheet_file({"x": [["code", "limit_normal"], ["T02", 3], ["T01", "x"]]}))
        assert [line.kind for line in self.batch.lines.all()] == ["retire"]


class TheMarkedFile(Excel):
    def marked(self, rows: list[list]) -> bytes:
        with pytest.raises(WorkbookFaults):
            self.take(sheet_file({"我的表": rows}))
        place = get_last_import(self.batch).figures["file"]
        from django.core.files.storage import default_storage

        with default_storage.open(place) as file:
            return file.read()

    def test_it_is_the_file_with_faults_in_front_and_a_sheet_of_them(self):
        data = self.marked([["code", "limit_normal", "criteria"], ["T01", "五", "=1+1"], ["T02", 6, "照旧"]])
        tables = read(data)
        mine, problems = tables["我的表"], list(tables.values())[1]
        assert [row[1:] for row in mine[1:]] == [["T01", "五", "=1+1"], ["T02", 6.0, "照旧"]]
        assert "五" in mine[1][0]
        assert not mine[2][0]
        assert problems[1][1] == 2.0
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert "五" in archive.read("xl/comments1.xml").decode()
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")

    def test_mended_and_brought_back_it_is_taken_over(self):
        tables = read(self.marked([["code", "limit_normal"], ["T01", "五"]]))
        tables["我的表"][1][2] = 9
        self.take(sheet_file(tables))
        assert self.batch.lines.get().after["limit_normal"] == 9

    def test_marked_twice_it_has_one_column_of_faults(self):
        tables = read(self.marked([["code", "limit_normal"], ["T01", "五"]]))
        again = read(self.marked(tables["我的表"]))
        assert [len(row) for row in next(iter(again.values()))] == [3, 3]

    def test_an_import_that_went_well_forgets_the_faults(self):
        self.marked([["code", "limit_normal"], ["T01", "五"]])
        self.take(sheet_file({"x": [["code", "limit_normal"], ["T01", 5], ["T02", 6]]}))
        figures = get_last_import(self.batch).figures
        assert "faults" not in figures
        assert (figures["added"], figures["equal"]) == (1, 1)
        assert BatchPreview.objects.filter(batch=self.batch, kind="import").count() == 1


class FilesThatAreRefused(Excel):
    def test_what_is_no_workbook(self):
        rubbish = {"a.xlsx": b"hello", "a.docx": b"PK\x03\x04rubbish", "a.pdf": b"%PDF-1.7", "a.csv": b""}
        for name, data in rubbish.items():
            assert self.bad_file(data, name)

    def test_a_protected_one_says_so(self):
        data = b"\xd0\xcf\x11\xe0" + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le")
        assert self.bad_file(data) != self.bad_file(b"\xd0\xcf\x11\xe0" + b"\0" * 64)

    def test_more_than_ten_megabytes(self):
        assert "10" in self.bad_file(b"PK" + b"\0" * (10 * 2**20))

    def test_a_bomb_is_not_unpacked(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<x/>")
            for number in range(3):
                archive.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * (70 * 2**20))
        assert len(file.getvalue()) < 2**20
        assert self.bad_file(file.getvalue())

    def test_a_size_that_is_not_true_is_a_damaged_file(self):
        data = bytearray(sheet_file({"x": [["code", "name"], *[[f"T{n}", "名"] for n in range(500)]]}))
        entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
        data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
        assert self.bad_file(bytes(data))

    def test_a_cell_far_outside_costs_no_memory(self):
        for place in ("XFD1", "A1048576", "CA1", "A300000"):
            far = f'<c r="{place}"><v>1</v></c></row></sheetData>'.encode()
            moved = io.BytesIO()
            data = sheet_file({"x": [["code", "name"], ["T01", "名"]]})
            with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(moved, "w") as target:
                for part in source.infolist():
                    target.writestr(part.filename, source.read(part).replace(b"</row></sheetData>", far))
            assert self.bad_file(moved.getvalue()), place

    def test_too_many_rows(self):
        rows = "code,name\n" + "".join(f"N{number},名\n" for number in range(20_001))
        assert "20,000" in self.bad_file(rows.encode(), "list.csv")

    def test_columns_that_are_missing_unknown_or_doubled_are_named(self):
        assert "area" in self.bad_file(sheet_file({"x": [["code", "lead"], ["T01", "x"]]}))
        assert "颜色" in self.bad_file(sheet_file({"x": [["code", "name", "颜色"], ["T01", "x", "红"]]}))
        assert "name" in self.bad_file(sheet_file({"x": [["code", "name", "name"], ["T01", "x", "y"]]}))
        assert self.bad_file(sheet_file({"x": [["一", "二"], ["T01", "x"]]}))

    def test_a_template_without_rows(self):
        assert self.bad_file(template_book(self.city.city, TODAY))

    def test_a_mode_that_does_not_exist(self):
        with pytest.raises(BadInput) as caught:
            self.take(self.list_file(), "replace")
        assert caught.value.field == "mode"


class WhoMayImport(Excel):
    def test_only_into_a_draft_and_with_the_act_for_its_list(self):
        data = self.edited(lambda tables: put(tables[0], "T01", limit_normal=7))
        for by, refusal in (
            (self.people.near_editor, OutOfSight),
            (self.people.reviewer, NotAllowed),
        ):
            with pytest.raises(refusal):
                self.take(data, by=by)
        Batch.objects.filter(pk=self.batch.pk).update(state="review")
        with pytest.raises(IllegalMove):
            self.take(data)
        assert not self.batch.lines.exists()

    def test_a_district_sees_and_changes_its_own_list_only(self):
        own = NewLine(kind="add", code="LH1", changes={"level1": "本区", "level2": "环境", "name": "区内事项"})
        publish(self.city, self.people, own, prefix="near_")
        batch = open_draft(self.city, self.people, prefix="near_")
        codes = [record["code"] for record in records(self.list_file(rows=False, batch=batch), ITEMS)]
        assert codes == ["LH1"]
        rows = [["code", "criteria"], ["T01", "改了"], ["LH1", "改了"]]
        found = self.refused(sheet_file({"x": rows}), batch=batch, by=self.people.near_editor)
        assert {(sheet, row) for sheet, row, _column in found} == {(ITEMS, 2)}
        far = open_draft(self.city, self.people, prefix="far_")
        assert self.refused(sheet_file({"x": rows[:1] + rows[2:]}), batch=far, by=self.people.far_editor)

    def test_rows_outside_the_district_are_refused_by_their_cell(self):
        batch = open_draft(self.city, self.people, prefix="near_")
        sheets = {
            "x": [["code", "narrows", "limit_normal", "limit_urgent"], ["T02-LH", "T02", 3, 1]],
            "y": [["code", "area", "lead"], ["T02-LH", "坪山区", "龙华区水务局"]],
        }
        assert self.refused(sheet_file(sheets), batch=batch, by=self.people.near_editor) == [(ROWS, 2, "area")]
        sheets["y"][1][1] = "龙华区/民治街道"
        self.take(sheet_file(sheets), batch=batch, by=self.people.near_editor)
        line = batch.lines.get()
        assert (line.kind, line.narrows.code, line.after["limit_normal"]) == ("add", "T02", 3)


class TheWorkbooks(Excel):
    def test_the_template_has_both_sheets_lists_to_choose_from_and_comments(self):
        data = template_book(self.city.city, TODAY)
        tables = list(read(data).values())
        assert tables[0][1] == [column.name for column in COLUMNS[ITEMS]]
        assert tables[1][1] == [column.name for column in COLUMNS[ROWS]]
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            items = archive.read("xl/worksheets/sheet1.xml").decode()
            assert 'ySplit="2"' in items
            assert items.count("<dataValidation ") >= 6
            assert 'state="hidden"' in archive.read("xl/workbook.xml").decode()
            assert archive.read("xl/comments1.xml").count(b"<comment ") == len(ITEM_COLUMNS)
        assert any("龙华区水务局" in row for row in tables[2])

    def test_what_begins_like_a_formula_is_text(self):
        texts = ["=1+1", "+1", "-1", "@a", "<b>&", "\x07铃", "_x0041_"]
        publish(self.city, self.people, NewLine(kind="change", code="T01", changes={"keywords": texts}))
        data = self.list_file()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        (record,) = [record for record in records(data, ITEMS) if record["code"] == "T01"]
        assert record["keywords"] == ";".join(texts).replace("\x07", "")

    def test_the_lines_of_a_batch_stand_field_by_field(self):
        set_lines(
            self.batch.pk,
            [
                NewLine(kind="change", code="T01", changes={"limit_normal": 7, "keywords": ["纸箱", "堆物"]}),
                NewLine(kind="retire", code="T02", successors=["T01"]),
            ],
            by=self.people.editor,
            now=NOON,
        )
        (table,) = read(lines_book(self.batch, TODAY)).values()
        assert [(row[0], row[4], row[5]) for row in table[1:]] == [
            ("T01", "楼道堆物", "纸箱;堆物"),
            ("T01", 5.0, 7.0),
            ("T02", "", "T01"),
        ]

    def test_other_units_stand_area_by_area(self):
        rows = [{"area": self.city.districts[0].pk, "lead": self.city.bureaus[0]["water"].pk, "co": [],
                 "fallback": self.city.centre.pk, "note": ""}]  # fmt: skip
        line = NewLine(kind="transfer", code="T02", changes={"rows": rows})
        set_lines(self.batch.pk, [line], by=self.people.editor, now=NOON)
        (table,) = read(lines_book(self.batch, TODAY)).values()
        said = {row[3].partition("· ")[2]: (row[4], row[5]) for row in table[1:]}
        assert set(said) == {"龙华区", "坪山区"}
        assert said["龙华区"][1].startswith("龙华区水务局")
        assert said["坪山区"][1] == ""

    def test_the_number_of_statements_does_not_grow_with_the_items(self):
        lines = [
            NewLine(kind="add", code=f"M{n:03d}", changes={"level1": "一", "level2": "二", "name": f"事项{n}"})
            for n in range(30)
        ]

        def statements() -> tuple[int, int]:
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as out:
                data = self.list_file()
            with CaptureQueriesContext(connection) as back:
                self.take(data)
            return len(out), len(back)

        few = statements()
        publish(self.city, self.people, *lines)
        assert statements() == few


class ThePages(Excel):
    def setUp(self):
        self.client.force_login(self.people.editor.user)

    def send(self, data: bytes, **more):
        file = SimpleUploadedFile("我的清单.xlsx", data)
        address = reverse("dutylist:batch_import", args=[self.batch.number])
        return self.client.post(address, {"file": file, "mode": "overwrite"} | more)

    def test_a_file_is_taken_over_and_said(self):
        response = self.send(self.edited(lambda tables: put(tables[0], "T01", limit_normal=7)))
        assert response.status_code == 302
        assert response.url == reverse("dutylist:batch", args=[self.batch.number])
        assert self.batch.lines.count() == 1

    def test_faults_and_the_marked_file_are_there_after_a_reload(self):
        response = self.send(sheet_file({"x": [["code", "limit_normal"], ["T01", "五天"]]}))
        address = reverse("dutylist:batch_import", args=[self.batch.number])
        assert (response.status_code, response.url) == (302, address)
        for _time in range(2):
            assert "五天" in self.client.get(address).content.decode()
        marked = self.client.get(reverse("dutylist:batch_marked", args=[self.batch.number]))
        assert "五天" in str(read(b"".join(marked.streaming_content)))

    def test_a_file_that_cannot_be_read_is_said_on_the_page(self):
        response = self.send(b"hello")
        assert response.status_code == 400
        assert "xlsx" in response.content.decode()
        address = reverse("dutylist:batch_import", args=[self.batch.number])
        assert self.client.post(address, {"mode": "add"}).status_code == 400

    def test_without_a_marked_file_there_is_none(self):
        address = reverse("dutylist:batch_marked", args=[self.batch.number])
        assert self.client.get(address).status_code == 404

    def test_files_go_out_narrowed_like_the_list(self):
        for name, args in (("batch_template", True), ("batch_list", True), ("batch_export", True), ("workbook", False)):
            address = reverse(f"dutylist:{name}", args=[self.batch.number] if args else [])
            response = self.client.get(address, {"q": "路灯", "rows": "1"})
            assert response.status_code == 200
            assert read(response.content)
            if name in {"batch_list", "workbook"}:
                assert [record["code"] for record in records(response.content, ITEMS)] == ["T02"]
                assert len(records(response.content, ROWS)) == 2

    def test_the_list_goes_out_as_of_a_day(self):
        address = reverse("dutylist:workbook")
        for day, codes in (("2019-01-01", ["T01", "T02"]), ("2017-01-01", [])):
            data = self.client.get(address, {"on": day}).content
            assert [record["code"] for record in records(data, ITEMS)] == codes
        assert self.client.get(address, {"kind": "nothing"}).status_code == 400

    def test_a_district_gets_the_rows_in_its_sight(self):
        self.client.force_login(self.people.near_editor.user)
        data = self.client.get(reverse("dutylist:workbook"), {"rows": "1"}).content
        assert {record["area"].partition("/")[0] for record in records(data, ROWS)} == {"龙华区"}

    def test_batches_of_others_are_not_found(self):
        far = open_draft(self.city, self.people, prefix="far_")
        self.client.force_login(self.people.near_editor.user)
        for name in ("batch_import", "batch_template", "batch_list", "batch_export", "batch_marked"):
            for number in (far.number, self.batch.number, "1999-99"):
                assert self.client.get(reverse(f"dutylist:{name}", args=[number])).status_code == 404


def test_headings_tell_every_column_in_every_language():
    for sheet, columns in COLUMNS.items():
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                for column in columns:
                    assert headings(sheet)[as_key(str(column.label))] == column.name


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (5.0, "5"),
        (2.5, "2.5"),
        (True, "yes"),
        (None, ""),
        ("\ufeff 甲\r\n乙\u3000", "甲\n乙"),
        (datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001 - cells know no zone
    ],
)
def test_raw_cells_become_text(raw, text):
    assert as_text(raw) == text


def test_cells_understand_what_people_type():
    assert Number().read("１,200") == 1200
    assert Words().read("甲；乙;甲\n丙") == ["甲", "乙", "丙"]
    assert Codes().read("T01、T02, T03") == ["T01", "T02", "T03"]
    assert Lines().read("一；二\n\n三") == ["一；二", "三"]
    assert [YesNo().read(word) for word in ("是", "No", "ＹＥＳ", "1")] == [True, False, True, True]
    for wrong in ("五", "-3", "1.5", "1e9", "9999999"):
        with pytest.raises(ValueError, match=re.escape(wrong)):
            Number().read(wrong)
