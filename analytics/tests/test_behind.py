"""The list behind a figure: what it counts, page by page, in one's sight; addresses that make no sense are refused."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from analytics.models import CasePosting
from analytics.parts import BY_CODE
from analytics.selectors.behind import Wanted, total_behind
from analytics.selectors.figures import Period, month_end
from analytics.services.figures import post
from analytics.views import behind
from dispatch.models import WorkOrder
from dispatch.services import dispatch_awaiting
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff

DAY = timezone.localdate(NOON)


@pytest.fixture
def world(db):
    world = make_world()
    for command in ("load_parameters", "load_indicators"):
        call_command(command, verbosity=0)
    world.cases = [new_case(world) for _ in range(3)]
    dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(minutes=1))
    post(case.pk for case in world.cases)
    world.leader = grant(make_staff("district_leader", world.centres[0]), "leader", world.centres[0])
    return world


def listed(world, user=None, **given):
    asked = {"part": "accepted", "area": world.districts[0].code, "first": str(DAY), "last": str(DAY)} | given
    asked = {name: value for name, value in asked.items() if value is not None}
    return client_of(user or world.leader, "en").get(reverse("analytics:behind"), asked)


def test_a_figure_its_meaning_and_its_cases_stand_on_one_page(world):
    answer = listed(world)
    body = answer.content.decode()
    assert answer.context["total"] == "3"
    assert len(answer.context["lines"]) == 3
    assert "Cases accepted, on the day they were" in body
    assert reverse("analytics:indicator", args=["accepted"]) in body
    assert all(case.number in body for case in world.cases)


def test_pages_follow_each_other_without_a_gap(world, monkeypatch):
    monkeypatch.setattr(behind, "PAGE", 2)
    first = listed(world)
    rest = client_of(world.leader).get(reverse("analytics:behind") + first.context["next"])
    seen = [line.cells[1][1] for answer in (first, rest) for line in answer.context["lines"]]
    assert len(seen) == len(set(seen)) == 3
    assert not rest.context["next"]
    assert rest.context["first"]


def test_a_unit_is_asked_for_what_it_was_given(world):
    order = WorkOrder.objects.first()
    answer = listed(world, area=None, unit=order.unit_id, part="dispatched")
    assert answer.context["total"] == "3"
    assert len(answer.context["lines"]) == 3
    assert listed(world, area=None, unit=world.centres[1].pk, part="dispatched").status_code == 404


def test_items_and_channels_narrow_an_area(world):
    item, channel = world.cases[0].item_id, world.cases[0].channel_id
    assert len(listed(world, item=item).context["lines"]) == 3
    assert len(listed(world, item=item + 1).context["lines"]) == 0
    assert listed(world, channel=channel).context["total"] == "3"
    assert listed(world, item=item, channel=channel).context["total"] is None


def test_the_total_of_an_item_is_told_for_whole_months(world):
    item, district = world.cases[0].item_id, world.districts[0]
    month = Period(DAY.replace(day=1), month_end(DAY))
    assert total_behind(Wanted(BY_CODE["accepted"], month, area=district, item_id=item)) == 3
    assert total_behind(Wanted(BY_CODE["accepted"], Period(DAY, DAY), area=district, item_id=item)) is None
    street = world.streets[0][0]
    assert total_behind(Wanted(BY_CODE["accepted"], month, area=street, item_id=item)) is None


def test_what_stays_out_of_rankings_is_left_out_when_asked(world):
    CasePosting.objects.filter(pk=world.cases[0].pk).update(is_excluded=True)
    assert len(listed(world, ranked="1").context["lines"]) == 2
    assert len(listed(world).context["lines"]) == 3


def test_the_file_holds_exactly_the_list(world):
    answer = listed(world, export="xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert {row[1] for row in rows[1:]} == {case.number for case in world.cases}
    assert rows[0][:2] == ["Counted on", "Number"]
    assert "13800138000" not in str(rows)


def test_addresses_that_make_no_sense_are_refused(world):
    for given in (
        {"part": "x"}, {"part": None}, {"first": "x"}, {"last": "2026-02-31"}, {"area": None}, {"unit": "1"},
        {"unit": "x", "area": None}, {"unit": "9" * 30, "area": None}, {"first": "1000-01-01"},
        {"last": str(DAY - timedelta(days=1))}, {"item": "x"}, {"item": "-1"}, {"channel": "\x00"}, {"area": "\x00"},
        {"after": "x"}, {"after": "2026-01-01.x"}, {"after": f"{DAY}.{'9' * 40}"}, {"after": "\x00.1"},
    ):  # fmt: skip
        assert listed(world, **given).status_code == 400, given


def test_foreign_places_are_not_found_and_handlers_are_told_why(world):
    for area in (world.city.code, world.districts[1].code, "0"):
        assert listed(world, area=area).status_code == 404
    handler = grant(make_staff("clerk", world.centres[0]), "handler", world.centres[0])
    assert listed(world, user=handler).status_code == 403
