"""Figures come from postings: read twice they stay, a late change corrects its day, from scratch they are the same."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from analytics.choices import Dimension
from analytics.models import CasePosting, DayFigures, FiguresState, MonthFigures
from analytics.parts import BY_CODE, CODES, PARTS, key_of, read_key
from analytics.selectors.behind import Wanted, cases_behind
from analytics.selectors.figures import Period, evaluate, read_parts, versions_for
from analytics.services import figures
from analytics.services.figures import post, rebuild, refresh_figures
from dispatch.services import dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import make_staff
from intake.models import Call, Channel
from shenzhen_gov.core import audit

DAY = timezone.localdate(NOON)
MONTH = Period(DAY.replace(day=1), DAY)


@pytest.fixture
def world(db):
    world = make_world()
    call_command("load_parameters", verbosity=0)
    world.cases = [new_case(world) for _ in range(3)]
    dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(minutes=1))
    post(case.pk for case in world.cases)
    return world


def kept():
    """Return every figure that is kept, as plain values."""
    return [
        sorted(model.objects.values_list("dimension", "scope_id", "key_id", "is_excluded", "period", *CODES))
        for model in (DayFigures, MonthFigures)
    ]


def of_area(area, code, period=MONTH):
    return read_parts(Dimension.AREA, [area.pk], period)[area.pk].everything[code]


def test_the_columns_are_the_parts_in_their_order():
    names = [field.name for field in DayFigures._meta.get_fields()]
    assert [name for name in names if name in BY_CODE] == list(CODES)
    assert [part.number for part in PARTS] == list(range(1, len(PARTS) + 1))
    assert read_key(key_of(PARTS[4], DAY)) == (PARTS[4], DAY)


def test_cases_count_in_every_area_around_them(world):
    community = world.cases[0].area
    for area in (community, community.parent, world.city):
        assert of_area(area, "accepted") == 3
        assert of_area(area, "dispatched") == of_area(area, "dispatched_right") == 3
    assert of_area(world.communities[1][0][0], "accepted") == 0


def test_posting_again_changes_nothing(world):
    before = kept()
    post(case.pk for case in world.cases)
    assert kept() == before


def test_a_late_change_corrects_its_day(world):
    case, elsewhere = world.cases[0], world.communities[1][0][0]
    type(case).objects.filter(pk=case.pk).update(area=elsewhere, accepted_at=NOON - timedelta(days=1))
    post([case.pk])
    day_before = Period(DAY - timedelta(days=1), DAY - timedelta(days=1))
    assert of_area(elsewhere, "accepted", day_before) == 1
    assert of_area(world.cases[1].area, "accepted") == 2
    assert of_area(world.city, "accepted") == 3


def test_from_scratch_they_are_the_same(world):
    before = kept()
    DayFigures.objects.update(accepted=99)
    CasePosting.objects.filter(pk=world.cases[0].pk).delete()
    later = NOON + timedelta(days=60)  # when every deadline is over
    rebuild(by=SYSTEM, now=later)
    after = [[row for row in rows if any(row[5:])] for rows in kept()]
    assert after == before
    assert FiguresState.objects.get().rebuilt_at == later


@pytest.mark.django_db(transaction=True)
def test_made_by_several_connections_they_are_the_same(monkeypatch):
    world = make_world()
    call_command("load_parameters", verbosity=0)
    cases = [new_case(world) for _ in range(5)]
    dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(minutes=1))
    post(case.pk for case in cases)
    before = kept()
    CasePosting.objects.all().delete()
    monkeypatch.setattr(figures, "MOST", cases[-1].pk // 2)  # three portions
    rebuild(by=SYSTEM, now=NOON + timedelta(days=60))
    assert [[row for row in rows if any(row[5:])] for rows in kept()] == before
    assert CasePosting.objects.count() == len(cases)


@pytest.mark.django_db(transaction=True)
def test_where_one_connection_fails_the_figures_stay_asked_for(monkeypatch):
    world = make_world()
    call_command("load_parameters", verbosity=0)
    cases = [new_case(world) for _ in range(5)]
    post(case.pk for case in cases)
    before, real = kept(), figures._post_from
    monkeypatch.setattr(figures, "MOST", cases[-1].pk // 2)
    monkeypatch.setattr(figures, "_post_from", lambda start: real(start) if start == 0 else 1 // 0)
    with pytest.raises(ZeroDivisionError):
        rebuild(by=SYSTEM, now=NOON)
    assert kept() == before
    assert FiguresState.objects.get().rebuild_asked_at == NOON


def test_the_cases_behind_a_figure_are_those_it_counts(world):
    user = make_staff(is_superuser=True)
    wanted = Wanted(BY_CODE["accepted"], MONTH, area=world.cases[0].area)
    assert {case.pk for _, case in cases_behind(wanted, user)} == {case.pk for case in world.cases}
    first = cases_behind(wanted, user, limit=1)
    assert first[0][1].pk == max(case.pk for case in world.cases)


def test_indicators_divide_what_was_posted(world):
    call_command("load_indicators", verbosity=0)
    values = evaluate(versions_for(DAY), read_parts(Dimension.AREA, [world.city.pk], MONTH)[world.city.pk])
    assert (values["first_dispatch"].value, values["first_dispatch"].denominator) == (100, 3)
    assert values["accepted"].value == 3
    assert values["satisfaction"].value is None
    assert values["three_rates"].value is None


def test_deadlines_of_a_day_count_when_the_day_is_over(world):
    rebuild(by=SYSTEM, now=NOON)
    today = Period(DAY, DAY)
    assert of_area(world.city, "sign_due", today) == 0  # due at 16:01
    assert CasePosting.objects.counting_for(BY_CODE["sign_due"], DAY).count() == 3
    tomorrow = NOON + timedelta(days=1)
    refresh_figures(by=SYSTEM, now=tomorrow)
    refresh_figures(by=SYSTEM, now=tomorrow)
    assert of_area(world.city, "sign_due", today) == 3
    before = kept()
    rebuild(by=SYSTEM, now=tomorrow)
    assert [[row for row in rows if any(row[5:])] for rows in kept()] == before


def test_calls_count_for_the_city_on_the_day_they_rang(world):
    rebuild(by=SYSTEM, now=NOON)
    channel = Channel.objects.get(code="hotline")
    call = Call.objects.create(channel=channel, external_id="1", state="ringing", rang_at=NOON, received_at=NOON)
    refresh_figures(by=SYSTEM, now=NOON)
    assert (of_area(world.city, "calls"), of_area(world.city, "calls_answered_fast")) == (1, 0)
    Call.objects.filter(pk=call.pk).update(answered_at=NOON + timedelta(seconds=15))
    refresh_figures(by=SYSTEM, now=NOON)
    refresh_figures(by=SYSTEM, now=NOON)
    assert (of_area(world.city, "calls"), of_area(world.city, "calls_answered_fast")) == (1, 1)
    assert of_area(world.districts[0], "calls") == 0


def test_where_areas_moved_everything_is_counted_anew(world, monkeypatch):
    rebuild(by=SYSTEM, now=NOON)
    audit.record("area.changed", world.cases[0].area, by=SYSTEM, now=NOON)
    monkeypatch.setattr(figures, "finished_below", lambda: 2**62)  # as if this transaction were over
    assert refresh_figures(by=SYSTEM, now=NOON) == 3
    assert FiguresState.objects.get().rebuild_asked_at == NOON
    refresh_figures(by=SYSTEM, now=NOON + timedelta(minutes=1))
    assert FiguresState.objects.get().rebuild_asked_at is None
    assert of_area(world.city, "accepted") == 3
