"""Files that are refused before a row is read, and cells as people type them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest
from django.conf import settings
from django.utils import translation

from dutylist.excel.books import template_book
from dutylist.excel.cells import Codes, Lines, Number, Words, YesNo
from dutylist.excel.columns import COLUMNS, headings
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.workbooks import as_key, as_text

from .sheets import TODAY, Excel, sheet_file


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
