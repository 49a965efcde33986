"""The workbooks that go out, and the pages that hand them out and take them in."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dutylist.excel.books import lines_book, template_book
from dutylist.excel.columns import COLUMNS, ITEM_COLUMNS, ITEMS, ROWS
from dutylist.services import NewLine, set_lines
from dutylist.tests.duty_people import open_draft, publish
from dutylist.tests.world import NOON

from .sheets import TODAY, Excel, put, read, records, sheet_file


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
