"""What is wrong in a file is named by its cell, and the file comes back marked."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from dutylist.excel.columns import ITEMS, ROWS
from dutylist.models import BatchPreview
from dutylist.selectors.workbooks import get_last_import
from dutylist.services import NewLine, set_lines
from dutylist.services.workbooks import WorkbookFaults
from dutylist.tests.world import NOON
from grid.models import Unit, UnitName

from .sheets import TODAY, Excel, read, sheet_file


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
