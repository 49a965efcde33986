"""The situation board: figures and the lists behind them, times and filters, areas ranked, each one's territory."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analytics.choices import Dimension
from analytics.forms.board import BoardForm
from analytics.models import DayFigures, EarlyWarning, MonthFigures, SpecialTheme
from analytics.selectors.board import Change, Scope, Span, get_board, rank_levels
from analytics.selectors.figures import Period, month_end
from analytics.selectors.hot import hot_items, list_overdue, open_warnings, running_themes
from analytics.selectors.trend import get_trend, months_before
from analytics.services.figures import post
from analytics.views.board_ranking import _ends
from dispatch.models import WorkOrder
from dispatch.services import dispatch_awaiting
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.choices import Level
from grid.tests.factories import grant, make_staff

DAY = timezone.localdate(NOON)
MONTH = Period(DAY.replace(day=1), month_end(DAY))
AFTER = month_end(DAY) + timedelta(days=10)  # a day on which the month is over
SPAN = Span(MONTH, AFTER)


@pytest.fixture
def world(db):
    """Three cases in the first community, two in the second district; everybody's figures up to date."""
    world = make_world()
    for command in ("load_parameters", "load_indicators"):
        call_command(command, verbosity=0)
    world.cases = [new_case(world) for _ in range(3)]
    there = world.communities[1][0][0].code
    world.cases += [new_case(world, area=there, phone="13800138001") for _ in range(2)]
    dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(minutes=1))
    post(case.pk for case in world.cases)
    world.leader = grant(make_staff("district_leader", world.centres[0]), "leader", world.centres[0])
    return world


def set_figures(area, month, **amounts):
    """Put sums into the months, as many closed and evaluated cases would."""
    MonthFigures.objects.update_or_create(
        dimension=Dimension.AREA, scope_id=area.pk, key_id=0, is_excluded=False, period=month, defaults=amounts
    )


def card(board, code):
    return next(card for card in board.cards if card.value.version.indicator.code == code)


def page(world, code, language="en", user=None, **query):
    days = {"first": str(MONTH.first), "last": str(DAY)}
    return client_of(user or world.leader, language).get(reverse("analytics:board", args=[code]), query or days)


# --- figures -------------------------------------------------------------------------------------------


def test_a_board_counts_the_cases_of_its_area(world):
    first, second = world.districts
    assert card(get_board(Scope(world.city), SPAN), "accepted").value.value == 5
    assert card(get_board(Scope(first), SPAN), "accepted").value.value == 3
    assert card(get_board(Scope(second), SPAN), "first_dispatch").value.numerator == 2


def test_counts_run_up_to_now_and_rates_to_the_last_day_that_is_over(world):
    today = Span(Period(DAY, DAY), DAY)
    board = get_board(Scope(world.city), today)
    assert not today.has_over
    assert card(board, "accepted").value.value == 5
    assert card(board, "first_dispatch").value.value is None
    assert card(board, "accepted").before == Change()
    tomorrow = get_board(Scope(world.city), Span(Period(DAY, DAY + timedelta(days=1)), DAY + timedelta(days=1)))
    assert card(tomorrow, "first_dispatch").value.value == 100


def test_comparisons_say_which_way_is_better(world):
    before, year = MONTH.before.first, MONTH.year_before.first
    set_figures(world.city, MONTH.first, accepted=120, case_due=100, closed_in_time=96, dispatched=100)
    set_figures(world.city, before, accepted=100, case_due=100, closed_in_time=90, dispatched=100, returns_decided=5)
    set_figures(world.city, year, accepted=150, case_due=100, closed_in_time=98, dispatched=100)
    board = get_board(Scope(world.city), SPAN)
    assert card(board, "accepted").before == Change(20.0, None)
    assert card(board, "accepted").year == Change(-20.0, None)
    assert card(board, "on_time").before == Change(6.0, is_better=True)
    assert card(board, "on_time").year == Change(-2.0, is_better=False)
    assert card(board, "returns").before == Change(-5.0, is_better=True)
    assert card(board, "on_time").value.is_good is True


def test_satisfaction_never_stands_without_the_share_that_was_evaluated(world):
    set_figures(world.city, MONTH.first, rateable=100, evaluated=40, satisfied=30)
    found = card(get_board(Scope(world.city), SPAN), "satisfaction")
    assert (found.value.value, found.beside.value) == (75, 40)


def test_areas_with_few_verdicts_are_not_ranked(world):
    first, second = world.districts
    good = {"asked_solved": 10, "solved": 10, "contact_due": 10, "contacted_in_time": 10}
    set_figures(first, MONTH.first, rateable=100, evaluated=50, satisfied=30, **good)
    set_figures(second, MONTH.first, rateable=100, evaluated=10, satisfied=10, **good)
    board = get_board(Scope(world.city), SPAN, Level.DISTRICT)
    lines = {line.area.pk: line for line in board.ranking}
    assert (lines[first.pk].rank, lines[first.pk].is_thin) == (1, False)
    assert (lines[second.pk].rank, lines[second.pk].is_thin) == (None, True)
    set_figures(second, MONTH.first, rateable=100, evaluated=60, satisfied=60, **good)
    board = get_board(Scope(world.city), SPAN, Level.DISTRICT)
    assert [line.area.pk for line in board.ranking if line.rank][:2] == [second.pk, first.pk]


def test_what_was_gained_is_told_in_places(world):
    first, second = world.districts
    set_figures(first, MONTH.before.first, rateable=10, evaluated=10, satisfied=9)
    set_figures(second, MONTH.before.first, rateable=10, evaluated=10, satisfied=5)
    set_figures(first, MONTH.first, rateable=10, evaluated=10, satisfied=5)
    set_figures(second, MONTH.first, rateable=10, evaluated=10, satisfied=9)
    lines = {line.area.pk: line for line in get_board(Scope(world.city), SPAN, Level.DISTRICT).ranking}
    assert (lines[second.pk].rank, lines[second.pk].gained) == (1, 1)
    assert (lines[first.pk].rank, lines[first.pk].lost) == (2, 1)


def test_each_level_ranks_what_lies_below_it(world):
    assert rank_levels(Scope(world.city)) == [Level.SUBDISTRICT, Level.DISTRICT]
    assert rank_levels(Scope(world.districts[0])) == [Level.SUBDISTRICT, Level.COMMUNITY]
    assert rank_levels(Scope(world.streets[0][0])) == [Level.COMMUNITY]
    assert rank_levels(Scope(world.communities[0][0][0])) == []
    board = get_board(Scope(world.districts[0]), SPAN)
    assert {line.area.pk for line in board.ranking} == {street.pk for street in world.streets[0]}


def test_hot_items_add_up_to_the_cases_that_have_one(world):
    (item,) = hot_items(world.districts[0], Period(DAY, DAY))
    assert (item.count, item.share) == (3, 100)
    assert hot_items(world.districts[0], MONTH.before) == []


def test_one_item_is_shown_from_its_own_sums(world):
    item = world.cases[0].item_id
    board = get_board(Scope(world.districts[0], item_id=item), Span(MONTH, AFTER, by_month=True))
    assert card(board, "accepted").value.value == 3
    assert board.ranking == board.tiles == []


def test_one_channel_is_shown_from_its_own_sums(world):
    board = get_board(Scope(world.city, channel_id=world.cases[0].channel_id), SPAN)
    assert card(board, "accepted").value.value == 5
    assert {line.area.level for line in board.ranking} == {Level.DISTRICT}


def test_the_months_are_whole_and_follow_the_definition_of_their_time(world):
    months = months_before(AFTER, 3)
    assert months[-1] == MONTH.first
    assert len(months) == 3
    found = get_trend(Scope(world.city), ("accepted",), months)
    assert [found[month]["accepted"].value for month in months] == [0, 0, 5]


def test_overdue_cases_are_the_longest_first_and_in_sight(world):
    orders = list(WorkOrder.objects.order_by("pk"))
    for hours, order in enumerate(orders, 1):
        WorkOrder.objects.filter(pk=order.pk).update(next_due_at=NOON - timedelta(hours=hours))
    found = list_overdue(world.leader, world.districts[0], NOON)
    own = [order for order in orders if order.area.path.startswith(world.districts[0].path)]
    assert [order.pk for order in found.orders] == [order.pk for order in reversed(own)]
    assert str(found.count) == "3"
    assert not list_overdue(world.leader, world.districts[1], NOON).orders


def test_warnings_and_themes_of_the_area_stand_beside_the_figures(world):
    given = {"kind": "burst", "period": DAY, "first_day": DAY, "last_day": DAY, "count": 9, "score": 3}
    given |= {"found_at": NOON, "last_found_at": NOON}
    for n, district in enumerate(world.districts):
        EarlyWarning.objects.create(subject=str(n), area=district, name=f"预警{n}", **given)
    theme = SpecialTheme.objects.create(
        title="专项", area=world.districts[0], owner=world.centres[0], target="fewer", target_value=30, target_on=AFTER,
        started_on=DAY, state="running", opened_at=NOON, opened_by="x",
    )  # fmt: skip
    assert [one.name for one in open_warnings(world.leader, world.districts[0])] == ["预警0"]
    assert open_warnings(world.leader, world.districts[1]) == []
    assert running_themes(world.leader, world.districts[0]) == [theme]
    body = page(world, world.districts[0].code).content.decode()
    assert "预警0" in body
    assert "专项" in body
    assert "预警1" not in body


def test_a_long_ranking_shows_its_ends(world):
    lines = [SimpleNamespace(rank=n or None) for n in range(30)]
    shown, gap = _ends(lines, by_rank=True)
    assert [line.rank for line in shown] == [*range(1, 13), *range(25, 30)]
    assert gap == 12
    assert _ends(lines[:5], by_rank=False) == (lines[:5], 0)


# --- filters -------------------------------------------------------------------------------------------


def asked(area, today=AFTER, **given):
    return BoardForm(given, area=area, today=today)


def test_times_are_named_or_given(world):
    for given, expected in (
        ({}, Period(AFTER.replace(day=1), AFTER)),
        ({"period": "last_month"}, MONTH),
        ({"period": "last_7"}, Period(AFTER - timedelta(days=6), AFTER)),
        ({"month": f"{MONTH.first:%Y-%m}"}, MONTH),
        ({"first": str(DAY), "last": str(DAY)}, Period(DAY, DAY)),
        ({"first": str(DAY)}, Period(DAY, AFTER)),
    ):
        form = asked(world.city, **given)
        assert form.is_valid(), form.errors
        assert form.read()[1].period == expected, given


def test_what_cannot_be_answered_is_refused_at_its_field(world):
    city, community = world.city, world.communities[0][0][0]
    item, channel = world.cases[0].item.code, world.cases[0].channel.code
    for area, field, given in (
        (city, "period", {"period": "x"}),
        (city, "month", {"month": "2026-13"}),
        (city, "month", {"month": "9999-12"}),
        (city, "last", {"first": str(DAY), "last": str(DAY - timedelta(days=1))}),
        (city, "first", {"first": str(AFTER + timedelta(days=1))}),
        (city, "first", {"first": "0001-01-01", "last": str(DAY)}),
        (city, "first", {"first": str(AFTER - timedelta(days=900))}),
        (city, "item", {"item": "no-such"}),
        (city, "item", {"item": "\x00"}),
        (city, "item", {"item": item, "period": "last_7"}),
        (city, "channel", {"channel": "no-such"}),
        (city, "channel", {"item": item, "channel": channel, "period": "last_month"}),
        (community, "item", {"item": item, "period": "last_month"}),
        (community, "channel", {"channel": channel}),
    ):
        form = asked(area, **given)
        assert list(form.errors) == [field], (given, form.errors)
        assert form.read()[1].period.last == AFTER


def test_the_first_months_of_the_calendar_are_no_error(world):
    assert not asked(world.city, first="0001-01-01", last="0001-01-31").is_valid()
    assert not asked(world.city, month="0001-01").is_valid()


# --- pages ---------------------------------------------------------------------------------------------


def test_a_figure_leads_to_cases_that_add_up_to_it(world):
    answer = page(world, world.districts[0].code)
    tile = next(tile for tile in answer.context["tiles"] if tile.figure.code == "accepted")
    assert tile.figure.number == "3"
    listed = client_of(world.leader, "en").get(tile.address)
    assert len(listed.context["lines"]) == 3
    assert parse_qs(urlsplit(tile.address).query)["area"] == [world.districts[0].code]


def test_a_bad_filter_is_named_and_the_page_is_there(world):
    answer = page(world, world.districts[0].code, first="2026-02-31")
    assert answer.status_code == 400
    body = answer.content.decode()
    assert "the running month is shown" in body
    assert "Enter a valid date" in body
    assert 'value="2026-02-31"' in body


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_boards_of_all_levels_are_there_in_both_languages(world, language):
    district, street = world.districts[0], world.streets[0][0]
    for area in (district, street, world.communities[0][0][0]):
        assert page(world, area.code, language).status_code == 200
    assert page(world, world.city.code, language, make_staff(is_superuser=True)).status_code == 200


def test_foreign_areas_are_not_found_and_handlers_are_told_why(world):
    for name in ("board", "screen"):
        for code in (world.city.code, world.districts[1].code, "0", "%00"):
            answer = client_of(world.leader).get(reverse(f"analytics:{name}", args=[code]))
            assert answer.status_code == 404, (name, code)
        handler = grant(make_staff(f"clerk_{name}", world.centres[0]), "handler", world.centres[0])
        answer = client_of(handler, "en").get(reverse(f"analytics:{name}", args=[world.districts[0].code]))
        assert answer.status_code == 403
        assert "See figures" in answer.content.decode()


def test_the_start_leads_to_the_widest_area_of_ones_own(world):
    answer = client_of(world.leader).get(reverse("analytics:boards"))
    assert answer.url == reverse("analytics:board", args=[world.districts[0].code])


def test_columns_of_the_ranking_are_sorted_and_nonsense_is_not(world):
    set_figures(world.streets[0][1], MONTH.first, accepted=9)
    code = world.districts[0].code
    given = {"first": str(MONTH.first), "last": str(MONTH.last)}
    DayFigures.objects.all().delete()  # whichever way the time is read, the months answer
    for sort, first in (("-accepted", world.streets[0][1]), ("accepted", None), ("-__class__", None)):
        answer = page(world, code, sort=sort, **given)
        lines = [line.area.pk for line, _cells in answer.context["ranking"]["lines"]]
        assert len(lines) == 2
        if first and MONTH.last < timezone.localdate():
            assert lines[0] == first.pk


def test_the_big_screen_has_no_navigation_and_nobodys_data(world):
    WorkOrder.objects.update(next_due_at=NOON)
    body = (
        client_of(world.leader, "en").get(reverse("analytics:screen", args=[world.districts[0].code])).content.decode()
    )
    assert 'class="side"' not in body
    assert world.cases[0].title not in body
    assert world.cases[0].number not in body
    assert 'data-chart="trend"' in body


def test_the_outlines_and_the_labels_name_every_district(world):
    answer = client_of(make_staff(is_superuser=True)).get(reverse("analytics:screen", args=[world.city.code]))
    areas = answer.context["map"]["areas"]
    assert [one["name"] for one in areas] == [one.short_name for one in world.districts]
    assert all(one["outline"] or one["point"] for one in areas)
