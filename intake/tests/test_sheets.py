"""Registering from a table: errors by row, all or nothing or the good rows, nothing twice."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from intake.models import Case
from intake.services.sheets import ALL, GOOD, register_sheet
from intake.sheets.columns import COLUMNS
from intake.sheets.reading import read_rows
from intake.sheets.writing import marked, template
from intake.tests.factories import city_with_channels
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

NOW = timezone.now()
NAMES = ["content", "request_type", "phone", "area", "urgency", "external_id"]


@pytest.fixture
def city(db):
    city = city_with_channels()
    city.by = Actor.staff(city.staff["agent"])
    city.place = city.communities[0][0][0]
    return city


def book(rows, heads=NAMES):
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet("x")
    for number, row in enumerate([heads, *rows]):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    workbook.close()
    return file.getvalue()


def read(content, most=500):
    return read_rows("x.xlsx", content, channel="hall", default_type="help", most=most)


def three(city):
    """Two good rows around a bad one."""
    return [
        ["楼道堆放纸箱", "投诉", "13800138000", city.place.name, "", ""],
        ["路灯不亮", "求助", "12", "没有的社区", "马上", ""],
        ["咨询居住证办理", "咨询", "", "", "", "A-7"],
    ]


class TestReading:
    def test_understands_both_languages_and_codes(self, city):
        rows = read(book([["一件事", "Complaint", "", "", "urgent", ""], ["两件事", "投诉", "", "", "紧急", ""]]))
        assert [(row.data.request_type, row.data.urgency) for row in rows] == [("complaint", "urgent")] * 2

    def test_a_phone_number_that_excel_took_for_a_number_stays_one(self, city):
        assert read(book([["一件事", "", 13800138000, "", "", ""]]))[0].data.phone == "13800138000"

    def test_its_own_template_is_a_table_of_ours_without_rows(self, city):
        with pytest.raises(BadInput, match="no row"):
            read(template())

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04broken", "内容,电话\n路灯,1".encode(), b"\x00\xff" * 50, b"<html></html>"]
    )
    def test_refuses_what_is_no_table_of_ours(self, city, content):
        with pytest.raises(BadInput) as refused:
            read(content)
        assert refused.value.field == "file"

    def test_refuses_more_rows_than_are_taken_at_once(self, city):
        with pytest.raises(BadInput, match="at most 2"):
            read(book([["一件事"]] * 3), most=2)

    def test_names_columns_it_does_not_know_and_those_that_stand_there_twice(self, city):
        with pytest.raises(BadInput, match="心情"):
            read(book([["一件事", "好"]], heads=["content", "心情"]))
        with pytest.raises(BadInput, match="twice"):
            read(book([["一件事", "两件事"]], heads=["content", "content"]))


class TestRegistering:
    def test_all_or_nothing_writes_nothing_and_tells_every_fault(self, city):
        done = register_sheet(read(book(three(city))), mode=ALL, by=city.by, now=NOW)
        assert (done.written, Case.objects.count()) == (False, 0)
        assert {(one.row.number, fault.column) for one in done.faulty for fault in one.row.faults} == {
            (3, "area"),
            (3, "urgency"),
            (3, "phone"),
        }

    def test_a_row_is_told_all_that_is_wrong_with_it_at_once(self, city):
        heads = ["content", "phone", "title", "house_code", "item"]
        done = register_sheet(
            read(book([["x", "12", "长" * 300, "4403", "none"]], heads)), mode=ALL, by=city.by, now=NOW
        )
        assert {fault.column for one in done.faulty for fault in one.row.faults} == set(heads)

    def test_the_good_rows_become_cases(self, city):
        done = register_sheet(read(book(three(city))), mode=GOOD, by=city.by, now=NOW)
        assert (done.written, len(done.made), len(done.faulty)) == (True, 2, 1)
        assert Case.objects.get(external_id="A-7").channel.code == "hall"
        assert Case.objects.exclude(external_id="A-7").get().area == city.place

    def test_the_mended_file_brings_only_what_was_missing(self, city):
        first = register_sheet(read(book(three(city))), mode=GOOD, by=city.by, now=NOW)
        back = marked(first.rows)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(back)).get_sheet_by_index(0).to_python()
        assert "Area" in sheet[2][0]
        assert sheet[1][1] == first.rows[0].number
        mended = three(city)
        mended[1][2:5] = ["13900139000", city.place.name, "紧急"]
        second = register_sheet(read(book(mended)), mode=ALL, by=city.by, now=NOW)
        assert (len(second.made), len(second.known), Case.objects.count()) == (1, 2, 3)

    def test_a_marked_file_is_read_as_it_is(self, city):
        rows = read(marked(register_sheet(read(book(three(city))), mode=GOOD, by=city.by, now=NOW).rows))
        assert [row.cells["content"] for row in rows] == ["楼道堆放纸箱", "路灯不亮", "咨询居住证办理"]

    def test_sent_twice_makes_nothing_twice_but_two_equal_rows_are_two_cases(self, city):
        content = book([["路灯不亮", "", "", "", "", ""]] * 2)
        counts = [len(register_sheet(read(content), mode=ALL, by=city.by, now=NOW).made) for _ in range(2)]
        assert (counts, Case.objects.count()) == ([2, 0], 2)

    def test_a_trial_writes_nothing_and_finds_what_only_writing_finds(self, city):
        rows = [["路灯不亮", "", "", "", "", "A-1"], ["井盖松动", "", "", "", "", "A-1"]]
        done = register_sheet(read(book(rows)), mode=GOOD, dry=True, by=city.by, now=NOW)
        assert ([one.row.number for one in done.faulty], Case.objects.count()) == ([3], 0)
        assert [one.number for one in done.rows] == ["", ""]

    def test_formulas_and_scripts_stay_texts(self, city):
        done = register_sheet(
            read(book([["=1+1", "", "", "", "", ""], ["<script>x</script>"]])), mode=ALL, by=city.by, now=NOW
        )
        assert len(done.made) == 2
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(marked(done.rows))).get_sheet_by_index(0).to_python()
        assert [row[2] for row in sheet[1:]] == ["=1+1", "<script>x</script>"]


class TestThePage:
    @pytest.fixture
    def send(self, city, client):
        client.force_login(city.staff["agent"])
        client.cookies["django_language"] = "en"

        def post(rows, **given):
            file = SimpleUploadedFile("requests.xlsx", book(rows))
            return client.post(reverse("intake:sheet"), {"channel": "hall", "mode": "all", "file": file} | given)

        return post

    def test_tells_faults_by_row_and_column_and_registers_nothing(self, city, send):
        answer = send(three(city), do="register")
        page = answer.content.decode()
        assert (answer.status_code, Case.objects.count()) == (422, 0)
        assert all(word in page for word in ("没有的社区", "马上"))

    def test_shows_the_numbers(self, city, send):
        answer = send(three(city), do="register", mode="good")
        assert answer.status_code == 200
        assert all(case.number in answer.content.decode() for case in Case.objects.all())
        assert Case.objects.count() == 2

    def test_sends_the_file_back_marked_up(self, city, send):
        answer = send(three(city), do="marked")
        assert "attachment" in answer["Content-Disposition"]
        assert Case.objects.count() == 0

    @pytest.mark.parametrize("given", [{"file": ""}, {"channel": "nowhere"}, {"mode": "some"}, {"do": "fly"}])
    def test_says_what_is_missing(self, city, send, given):
        assert send(three(city), **given).status_code == 422
        assert Case.objects.count() == 0

    def test_hands_out_the_template_with_every_column(self, city, client):
        client.force_login(city.staff["agent"])
        data = client.get(reverse("intake:sheet_template")).content
        heads = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]
        assert len(heads) == len(COLUMNS)
