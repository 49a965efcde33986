"""The system page and its lists: for administrators of the whole city."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shenzhen_gov import context
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import CalendarDay, CalendarYear, JobRun

PAGES = ["system", "system_jobs", "system_audit", "system_audit_check"]


def run(job="dispatch.sweep", state="done", ago=0):
    at = timezone.now() - timedelta(minutes=ago)
    return JobRun.objects.create(job=job, state=state, started_at=at, beat_at=at)


def note(city, text="noted"):
    with transaction.atomic():
        audit.record(
            "account.password_changed",
            city.agent,
            by=Actor.staff(city.agent),
            now=timezone.now(),
            note=text,
            changes={"field": ["before", "after"]},
        )


class TestWhoMayOpenThem:
    @pytest.mark.parametrize("page", PAGES)
    def test_whoever_is_not_logged_in_is_sent_to_the_log_in(self, client, db, page):
        assert client.get(reverse(page)).status_code == 302

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("agent", 403),
            ("nobody", 403),
            ("district_administrator", 403),
            ("administrator", 200),
            ("root", 200),
        ],
    )
    def test_administrators_of_the_whole_city_may_others_read_why_not(self, client, city, page, who, status):
        client.force_login(getattr(city, who))
        assert client.get(reverse(page)).status_code == status

    @pytest.mark.parametrize("page", PAGES)
    def test_nothing_can_be_changed_there(self, client, city, page):
        client.force_login(city.administrator)
        assert client.post(reverse(page)).status_code == 405


class TestTheSystemPage:
    def test_shows_the_newest_runs_the_failed_ones_counted(self, client, city):
        client.force_login(city.administrator)
        for minute in range(12):
            run(ago=minute, state="failed" if minute == 5 else "done")
        context = client.get(reverse("system")).context
        assert len(context["job_runs"]) == 10
        assert str(context["failed"]) == "1"

    def test_shows_the_newest_entries_and_what_is_not_sealed(self, client, city):
        note(city, "<script>alert(1)</script>")
        client.force_login(city.administrator)
        response = client.get(reverse("system"))
        assert response.context["seal"] is None
        assert response.context["unsealed"].value >= 1
        assert "&lt;script&gt;" in response.content.decode()
        assert "<script>alert" not in response.content.decode()

    def test_checks_the_audit_log_on_request(self, client, city):
        note(city)
        client.force_login(city.administrator)
        response = client.get(reverse("system_audit_check"))
        assert response.context["findings"].faults == 0
        assert response.context["findings"].entries >= 1


class TestTheAlarm:
    @pytest.fixture
    def in_november(self, monkeypatch):
        CalendarDay.objects.all().delete()
        CalendarYear.objects.all().delete()
        monkeypatch.setattr(context.timezone, "localdate", lambda: date(2026, 11, 22))

    def test_of_a_missing_year_stands_on_every_page_of_an_administrator(self, client, city, in_november):
        client.force_login(city.administrator)
        page = client.get(reverse("password_change"))
        assert any("2027" in alarm for alarm in page.context["shell"].alarms)
        assert b'role="alert"' in page.content

    def test_is_not_shown_to_others(self, client, city, in_november):
        client.force_login(city.agent)
        assert client.get(reverse("password_change")).context["shell"].alarms == []

    def test_ends_when_the_years_are_loaded(self, client, city, in_november):
        for year in (2026, 2027):
            CalendarYear.objects.create(year=year, complete=True, source="test", loaded_at=timezone.now())
        client.force_login(city.administrator)
        assert client.get(reverse("password_change")).context["shell"].alarms == []

    def test_is_worked_out_once_in_ten_minutes(self, client, city, in_november, django_assert_max_num_queries):
        client.force_login(city.administrator)
        client.get(reverse("password_change"))
        with django_assert_max_num_queries(3):
            client.get(reverse("password_change"))
        cache.clear()
