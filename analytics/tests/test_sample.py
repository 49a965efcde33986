"""The sample of figures: a month frozen once, one matter found, judged and made a theme; nothing without its city."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from analytics import sample
from analytics.models import AssessmentMonth, EarlyWarning, SpecialTheme
from analytics.services import refresh_figures
from analytics.tests.ledger_world import AFTER, MONTH, load_ledger
from analytics.workflow import MONTH_FROZEN
from dispatch import sample_months
from dispatch.sample import create_planned
from dispatch.tests.desks import dispatched
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.worktime import SHANGHAI


@pytest.fixture
def city(db):
    city = make_world()
    for command in ("load_parameters", "load_indicators", "load_message_templates"):
        call_command(command, verbosity=0)
    return city


def test_the_month_is_the_newest_whose_evaluations_are_over(city):
    for today, month in (
        ((2026, 11, 23), date(2026, 10, 1)), ((2026, 11, 11), date(2026, 10, 1)), ((2026, 11, 10), date(2026, 9, 1)),
        ((2026, 1, 5), date(2025, 11, 1)),
    ):  # fmt: skip
        assert sample.past_month(datetime(*today, 12, tzinfo=SHANGHAI)) == month


def test_a_month_is_frozen_once(city):
    load_ledger()
    grant(make_staff(sample.KEEPER, city.centre), "assessor", city.centre)
    dispatched(city, 2, now=NOON)
    for count in (1, 0):
        assert sample.create_sample_figures(sample_months.matter_item(), by=SYSTEM, now=AFTER)["months"] == count
    assert AssessmentMonth.objects.get().month == MONTH
    assert AssessmentMonth.objects.get().state == MONTH_FROZEN


def test_a_matter_is_found_judged_and_becomes_a_theme_once(city, monkeypatch):
    area, office = city.communities[0][0][0], city.centres[0]
    matter = replace(sample_months.MATTERS[0], area=area.code, item="T01")
    monkeypatch.setattr(sample_months, "MATTERS", (matter,))
    monkeypatch.setattr(sample, "OFFICE", office.code)
    grant(make_staff(sample.ANALYST, city.centre), "analyst", city.centre)
    for count in (len(matter.texts), 0):
        assert create_planned(sample_months.calls_about_matters(by=SYSTEM, now=NOON)) == count
    registered = Case.objects.filter(registered_at__gte=NOON - timedelta(days=4)).order_by("pk")
    moments = list(registered.values_list("registered_at", flat=True))
    assert len(moments) == len(matter.texts)
    assert moments == sorted(moments)
    refresh_figures(by=SYSTEM, now=NOON)
    assert sample.create_sample_figures(sample_months.matter_item(), by=SYSTEM, now=NOON)["themes"] == 1
    theme = SpecialTheme.objects.get()
    assert (theme.warning.owner_unit, theme.state, theme.is_sample) == (office, "running", True)
    assert theme.warning.action
    assert theme.warning.judged_at is not None
    assert sample.create_sample_figures(sample_months.matter_item(), by=SYSTEM, now=NOON)["themes"] == 0


def test_without_the_sample_city_nothing_is_made(city):
    assert not [*sample_months.past_cases(MONTH, by=SYSTEM), *sample_months.calls_about_matters(by=SYSTEM, now=NOON)]
    assert sample.create_sample_figures(sample_months.matter_item(), by=SYSTEM, now=NOON) == {
        "months": 0,
        "warnings": 0,
        "themes": 0,
    }
    assert not EarlyWarning.objects.exists()
