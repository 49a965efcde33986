"""The generic list page, on the lists of job runs and of the audit log."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from shenzhen_gov.core.lists import export
from shenzhen_gov.core.models import JobRun

JOBS = "/system/jobs/"


@pytest.fixture
def administrator(client, city):
    client.force_login(city.administrator)
    return client


@pytest.fixture
def runs(db):
    at = timezone.now()
    return JobRun.objects.bulk_create(
        JobRun(
            job=f"job {number % 3}",
            state="failed" if number % 5 == 0 else "done",
            started_at=at - timedelta(minutes=number),
            beat_at=at,
            message=f"=1+{number}",
        )
        for number in range(45)
    )


def shown(response) -> list[int]:
    return [row.pk for row in response.context["page"].rows]


def sheet(response) -> list[list]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


class TestTheList:
    def test_shows_a_page_and_leads_to_the_next_and_back(self, administrator, runs):
        first = administrator.get(JOBS, {"size": 20})
        assert shown(first) == [run.pk for run in runs[:20]]
        assert first.context["addresses"]["previous"] == ""
        second = administrator.get(first.context["addresses"]["next"])
        assert shown(second) == [run.pk for run in runs[20:40]]
        third = administrator.get(second.context["addresses"]["next"])
        assert shown(third) == [run.pk for run in runs[40:]]
        assert third.context["addresses"]["next"] == ""
        assert shown(administrator.get(third.context["addresses"]["previous"])) == shown(second)

    def test_narrows_by_the_filter_and_keeps_it_on_the_next_page(self, administrator, runs):
        response = administrator.get(JOBS, {"state": "failed", "job": "JOB"})
        assert shown(response) == [run.pk for run in runs if run.state == "failed"]
        assert str(response.context["count"]) == "9"
        small = administrator.get(JOBS, {"job": "job", "size": 20})
        assert "job=job" in small.context["addresses"]["next"]
        assert "size=20" in small.context["addresses"]["next"]

    def test_sorts_by_name_and_ignores_an_unknown_one(self, administrator, runs):
        assert shown(administrator.get(JOBS, {"sort": "oldest"}))[0] == runs[-1].pk
        assert shown(administrator.get(JOBS, {"sort": "nonsense"}))[0] == runs[0].pk

    def test_offers_sorting_at_the_heading_and_says_how_it_is_sorted(self, administrator, runs):
        response = administrator.get(JOBS, {"state": "done"})
        heading = response.context["headings"]["started_at"]
        assert heading["state"] == "descending"
        assert "sort=oldest" in heading["address"]
        assert "state=done" in heading["address"]
        assert b'aria-sort="descending"' in response.content

    def test_takes_only_the_sizes_on_offer(self, administrator, runs):
        assert administrator.get(JOBS, {"size": "9999"}).context["size"] == 50
        assert administrator.get(JOBS, {"size": "x"}).context["size"] == 50

    def test_shows_nothing_and_says_why_when_a_filter_is_not_understood(self, administrator, city, runs):
        response = administrator.get("/system/audit/", {"since": "yesterday"})
        assert response.status_code == 200
        assert response.context["page"].rows == []
        assert "since" in response.context["filterset"].errors
        assert b'role="alert"' in response.content

    def test_says_what_to_do_when_it_is_empty_or_nothing_matches(self, administrator):
        assert not administrator.get(JOBS).context["is_filtered"]
        run = JobRun.objects.create(job="a", started_at=timezone.now(), beat_at=timezone.now())
        assert shown(administrator.get(JOBS)) == [run.pk]
        nothing = administrator.get(JOBS, {"job": "zzz"})
        assert nothing.context["is_filtered"]
        assert f'href="{JOBS}"' in nothing.content.decode()

    def test_refuses_a_damaged_cursor_with_a_sentence(self, administrator, runs):
        response = administrator.get(JOBS, {"cursor": "rubbish"})
        assert response.status_code == 400
        assert "refused.html" in [template.name for template in response.templates]

    def test_answers_htmx_with_the_table_alone_and_the_browser_with_the_page(self, administrator, runs):
        part = administrator.get(JOBS, headers={"hx-request": "true"})
        assert "<html" not in part.content.decode()
        assert 'id="list"' in part.content.decode()
        back = administrator.get(JOBS, headers={"hx-request": "true", "hx-history-restore-request": "true"})
        assert "<html" in back.content.decode()
        assert "HX-Request" in part["Vary"]
        assert "no-store" in part["Cache-Control"]

    def test_costs_the_same_with_three_rows_and_with_thirty(self, administrator, django_assert_num_queries):
        for count in (3, 30):
            at = timezone.now()
            JobRun.objects.all().delete()
            JobRun.objects.bulk_create(JobRun(job="a", started_at=at, beat_at=at) for _ in range(count))
            administrator.get(JOBS)
            with django_assert_num_queries(4):  # session, who it is, rows, count
                administrator.get(JOBS)


class TestTheExport:
    def test_holds_exactly_what_is_shown_in_its_order(self, administrator, runs):
        response = administrator.get(JOBS, {"state": "failed", "sort": "oldest", "export": "xlsx"})
        assert response["Content-Type"] == export.TYPE
        assert response["Content-Disposition"].startswith('attachment; filename="job-runs-')
        header, *rows = sheet(response)
        table = administrator.get(JOBS).context["table"]
        assert header == [str(column.header) for column in table.columns]
        expected = [run for run in reversed(runs) if run.state == "failed"]
        assert [row[0] for row in rows] == [run.job for run in expected]
        assert [row[header.index(str(table.columns["message"].header))] for row in rows] == [
            run.message for run in expected
        ]

    def test_goes_beyond_one_page_and_one_chunk(self, administrator, runs, monkeypatch):
        monkeypatch.setattr(export, "CHUNK", 7)
        assert len(sheet(administrator.get(JOBS, {"export": "xlsx", "size": 20}))) == 46

    def test_writes_times_as_times_and_text_that_looks_like_a_formula_as_text(self, administrator, runs):
        header, first, *_ = sheet(administrator.get(JOBS, {"export": "xlsx"}))
        started = first[3]
        assert abs(started - timezone.localtime(runs[0].started_at).replace(tzinfo=None)) < timedelta(seconds=1)
        assert first[-1] == "=1+0"

    def test_of_too_many_rows_is_written_in_the_background(self, administrator, runs, monkeypatch):
        monkeypatch.setattr(export, "EXPORT_LIMIT", 44)
        answer = administrator.get(JOBS, {"export": "xlsx"})
        assert (answer.status_code, "/exports/" in answer["Location"]) == (302, True)
        assert len(sheet(administrator.get(JOBS, {"export": "xlsx", "state": "failed"}))) == 10

    def test_with_a_filter_that_is_not_understood_is_refused_naming_it(self, administrator, city):
        response = administrator.get("/system/audit/", {"since": "yesterday", "export": "xlsx"})
        assert response.status_code == 400
        assert str(response.context["refusal"].field) == "since"

    def test_is_as_closed_as_the_list(self, client, city):
        client.force_login(city.agent)
        assert client.get(JOBS, {"export": "xlsx"}).status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "https://evil.example/", "<b>x</b>"])
def test_no_text_becomes_a_formula_or_a_link(text):
    file = BytesIO()
    export.write_workbook(file, iter([["heading"], [text]]))
    with ZipFile(file) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml


def test_reverse_names_are_what_the_navigation_expects():
    assert reverse("system_jobs") == JOBS
