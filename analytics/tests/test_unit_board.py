"""Figures of a unit for who has no area: its board, its tables, the cases behind them; foreign units are not found."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analytics.selectors.board import Span
from analytics.selectors.figures import Period, month_end
from analytics.selectors.unit_figures import get_unit_board, home_units
from analytics.services.figures import post
from analytics.views import behind
from dispatch.models import WorkOrder
from dispatch.services import dispatch_by_hand
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff, make_unit

DAY = timezone.localdate(NOON)
MONTH = Period(DAY.replace(day=1), month_end(DAY))
SPAN = Span(MONTH, month_end(DAY) + timedelta(days=10))
DAYS = {"first": str(DAY), "last": str(DAY)}


@pytest.fixture
def world(db):
    """One case of the bureau itself, two of its team, one of another bureau; the bureau's leader has no area."""
    cache.clear()
    world = make_world()
    for command in ("load_parameters", "load_indicators"):
        call_command(command, verbosity=0)
    world.bureau = world.bureaus[0]["urban_management"]
    world.team = make_unit(parent=world.bureau, name="城管中队")
    world.cases = []
    for unit in (world.bureau, world.team, world.team, world.bureaus[0]["water"]):
        case = new_case(world)
        dispatch_by_hand(case.pk, unit_id=unit.pk, note="手工", by=SYSTEM, now=NOON + timedelta(minutes=1))
        world.cases.append(case)
    post(case.pk for case in world.cases)
    world.leader = grant(make_staff("bureau_leader", world.bureau), "leader", world.bureau)
    return world


def open_page(world, name, *args, user=None, **query):
    return client_of(user or world.leader, "en").get(reverse(f"analytics:{name}", args=args), query)


def test_a_board_counts_the_unit_and_those_below_it_and_its_lines_add_up_to_it(world):
    board = get_unit_board(world.bureau, SPAN, world.leader)
    assert board.parts.everything["dispatched"] == 3
    assert [(line.scope.unit, line.parts.everything["dispatched"]) for line in board.lines] == [
        (world.bureau, 1), (world.team, 2)
    ]  # fmt: skip
    assert [card.value.version.indicator.code for card in board.cards][:3] == ["signing", "contact", "unit_on_time"]


def test_who_has_no_area_is_led_to_the_board_of_the_own_unit(world):
    assert home_units(world.leader) == [world.bureau]
    for name in ("boards", "levels"):
        assert open_page(world, name).url == reverse("analytics:unit_board", args=[world.bureau.pk])
    handler = grant(make_staff("clerk", world.bureau), "handler", world.bureau)
    assert open_page(world, "boards", user=handler).status_code == 403


def test_a_grant_at_a_unit_within_another_is_not_a_second_home(world):
    grant(world.leader, "supervisor", world.team)
    assert home_units(world.leader) == [world.bureau]


def test_the_page_leads_to_the_cases_that_were_counted(world):
    answer = open_page(world, "unit_board", world.bureau.pk, **DAYS)
    stage = answer.context["stages"][0]
    assert (stage.label, stage.count) == ("Dispatching", "3")
    listed = client_of(world.leader, "en").get(stage.address)
    assert listed.context["total"] == "3"
    assert len(listed.context["lines"]) == 3
    alone = open_page(world, "behind", part="dispatched", unit=world.bureau.pk, **DAYS)
    assert (alone.context["total"], len(alone.context["lines"])) == ("1", 1)


def test_a_figure_of_a_line_leads_to_the_cases_it_was_divided_by(world):
    answer = open_page(world, "unit_board", world.bureau.pk, month=f"{DAY:%Y-%m}")
    for line, count in zip(answer.context["lines"], (1, 2), strict=True):
        for cell in (cell for cell in line["cells"] if cell["address"]):
            found = client_of(world.leader, "en").get(cell["address"])
            assert (found.status_code, found.context["total"]) == (200, str(count)), cell


def test_the_list_goes_on_page_by_page(world, monkeypatch):
    monkeypatch.setattr(behind, "PAGE", 2)
    first = open_page(world, "behind", part="dispatched", unit=world.bureau.pk, below=1, **DAYS)
    assert len(first.context["lines"]) == 2
    rest = client_of(world.leader, "en").get(reverse("analytics:behind") + first.context["next"])
    assert len(rest.context["lines"]) == 1
    assert rest.context["next"] == ""


def test_foreign_units_are_not_found_and_handlers_are_told_why(world):
    assert open_page(world, "unit_board", world.bureaus[1]["water"].pk).status_code == 404
    assert open_page(world, "unit_board", world.bureaus[0]["water"].pk).status_code == 404
    assert open_page(world, "unit_board", 2**31 - 1).status_code == 404
    handler = grant(make_staff("clerk", world.bureau), "handler", world.bureau)
    assert open_page(world, "unit_board", world.bureau.pk, user=handler).status_code == 403


def test_who_reads_an_area_opens_the_boards_of_its_units(world):
    reader = grant(make_staff("district_leader", world.centres[0]), "leader", world.centres[0])
    assert open_page(world, "unit_board", world.team.pk, user=reader).status_code == 200
    assert open_page(world, "unit_board", world.bureaus[1]["water"].pk, user=reader).status_code == 404
    parents = open_page(world, "unit_board", world.team.pk, user=reader).context["parents"]
    assert world.bureau.name in [name for name, _address in parents]


def test_a_bad_time_is_named_and_the_page_is_there(world):
    answer = open_page(world, "unit_board", world.bureau.pk, month="2026-13")
    assert answer.status_code == 400
    assert "month" in answer.context["form"].errors
    assert answer.context["tiles"]


def test_the_board_asks_as_often_for_many_units_as_for_few(world, django_assert_max_num_queries):
    for number in range(20):
        make_unit(parent=world.bureau, name=f"第{number}中队")
    open_page(world, "unit_board", world.bureau.pk)
    cache.clear()
    client = client_of(world.leader, "en")
    with django_assert_max_num_queries(26):
        client.get(reverse("analytics:unit_board", args=[world.bureau.pk]))


def test_overdue_cases_are_those_of_the_unit_and_below(world):
    WorkOrder.objects.update(next_due_at=NOON - timedelta(days=1))
    answer = open_page(world, "unit_board", world.bureau.pk)
    assert {order.unit for order in answer.context["overdue"].orders} == {world.bureau, world.team}


# --- tables --------------------------------------------------------------------------------------------


def test_tables_begin_with_the_units_below_for_who_has_no_area(world):
    answer = open_page(world, "tables")
    assert answer.status_code == 200
    assert {line.name for line, _cells in answer.context["lines"]} == {world.bureau.name, world.team.name}
    assert answer.context["asked"].unit == world.bureau


def test_a_table_of_a_unit_adds_up_its_units(world):
    place = f"unit:{world.bureau.pk}"
    asked = {"area": place, "columns": "sum", "indicators": ["returns"], **DAYS}
    answer = open_page(world, "tables", rows="units", **asked)
    assert sum(line.values["returns"].denominator for line, _cells in answer.context["lines"]) == 3
    assert answer.context["found"].total.values["returns"].denominator == 3
    days = open_page(world, "tables", rows="days", **asked)
    assert [line.values["returns"].denominator for line, _cells in days.context["lines"]] == [3]
    file = open_page(world, "tables", rows="units", export="csv", **asked)
    assert world.bureau.code in file["Content-Disposition"]


def test_what_is_not_kept_for_units_is_refused_at_its_field(world):
    asked = {"area": f"unit:{world.bureau.pk}", "columns": "sum", **DAYS}
    for field, given in (
        ("rows", {"rows": "below", "indicators": ["returns"]}),
        ("rows", {"rows": "items", "indicators": ["returns"]}),
        ("indicators", {"rows": "days", "indicators": ["accepted"]}),
    ):
        assert list(open_page(world, "tables", **asked, **given).context["form"].errors) == [field], given


def test_a_table_of_a_foreign_unit_is_not_found_and_nonsense_is_named(world):
    asked = {"rows": "units", "columns": "sum", "indicators": ["returns"], **DAYS}
    assert open_page(world, "tables", area=f"unit:{world.bureaus[1]['water'].pk}", **asked).status_code == 404
    for place in ("unit:x", "unit:", "unit:" + "9" * 40, "unit:²", world.districts[0].code):
        assert list(open_page(world, "tables", area=place, **asked).context["form"].errors) == ["area"], place
