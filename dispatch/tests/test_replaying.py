"""Replay of past cases against a draft: real unit, list in force, draft; and the rules of the list as plain ids."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from dispatch.choices import ReplayState
from dispatch.list_states import read_list
from dispatch.models import BatchReplay, WorkOrder
from dispatch.replaying import closed_cases, replay
from dispatch.services import ask_replay, dispatch_awaiting, run_replay
from dispatch.tests.changes import added, change, open_batch, row
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import DONE
from dutylist.models import BatchPreview, Item
from dutylist.selectors import duties_for
from dutylist.services import NewLine, remove_lines
from grid.models import Area
from intake.models import Case
from intake.workflow import ARCHIVED, CLOSED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.core.models import JobRun

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
MONTH = (TODAY - timedelta(days=30), TODAY)
_phones = iter(range(10_000))


@pytest.fixture
def city():
    return make_world()


def closed(city, count=1, unit=None, **given):
    """Close cases about litter of the first community at `unit`, else where the list sends them."""
    for _n in range(count):
        case = new_case(city, phone=f"1390000{next(_phones):04d}", **given)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        changes = {"state": DONE, "ended_at": NOON}
        WorkOrder.objects.filter(case=case.pk).update(**changes, **({"unit": unit} if unit else {}))
        Case.objects.filter(pk=case.pk).update(state=CLOSED, closed_at=NOON)


def replayed(batch, days=MONTH):
    return replay(batch, *days, on=TODAY, progress=lambda done, total: None)


def to_bureaus(city):
    rows = [row(area, city.bureaus[d]["urban_management"]) for d, area in enumerate(city.districts)]
    return NewLine(kind="transfer", code="T01", changes={"rows": rows})


class TestFigures:
    def test_agreement_is_with_the_unit_that_really_closed_the_case(self, city):
        bureau = city.bureaus[0]["urban_management"]
        closed(city, 3)
        closed(city, 2, unit=bureau)
        found = replayed(open_batch(city, to_bureaus(city)))
        assert found["cases"] == 5
        assert (found["agreement_before"], found["agreement_after"]) == (3 / 5, 2 / 5)
        assert (found["moved"], found["better"], found["worse"]) == (5, 2, 3)
        assert found["by_line"] == {"T01": {"cases": 5, "before": 3, "after": 2, "moved": 5}}
        assert len(found["samples"]["T01"]) == 2

    def test_the_load_of_units_shifts(self, city):
        closed(city, 4)
        found = replayed(open_batch(city, to_bureaus(city)))
        loads = {unit["unit"]: (unit["before"], unit["after"]) for unit in found["units"]}
        assert loads == {city.stations[0][0][0].pk: (4, 0), city.bureaus[0]["urban_management"].pk: (0, 4)}

    def test_cases_of_untouched_items_count_and_do_not_move(self, city):
        closed(city, 2)
        closed(city, 1, item="T02")
        found = replayed(open_batch(city, NewLine(kind="change", code="T02", changes={"criteria": "新"})))
        assert (found["cases"], found["moved"], found["agreement_after"]) == (3, 0, 1.0)
        assert found["by_line"]["T02"]["cases"] == 1

    def test_a_merged_item_is_judged_under_its_target(self, city):
        closed(city, 1, unit=city.bureaus[0]["urban_management"])
        found = replayed(open_batch(city, NewLine(kind="merge", code="T01", successors=("T02",))))
        assert (found["agreement_before"], found["agreement_after"]) == (0, 1)

    def test_a_split_item_is_judged_under_the_part_that_names_the_real_unit(self, city):
        closed(city, 1, unit=city.bureaus[0]["water"])
        closed(city, 1, unit=city.city_bureau)
        add = NewLine(kind="add", code="T03", changes=added(city))
        split = NewLine(kind="split", code="T01", successors=("T02", "T03"))
        found = replayed(open_batch(city, add, split))
        assert found["agreement_after"] == 1 / 2
        assert found["never_hit"] == []
        loads = {unit["unit"]: unit["after"] for unit in found["units"]}
        assert loads[city.bureaus[0]["water"].pk] == loads[city.bureaus[0]["urban_management"].pk] == 1

    def test_a_retired_item_leaves_its_cases_without_a_unit(self, city):
        closed(city, 2)
        found = replayed(open_batch(city, NewLine(kind="retire", code="T01")))
        assert (found["agreement_after"], found["moved"], found["worse"]) == (0, 2, 2)

    def test_what_no_past_case_hits_is_named(self, city):
        closed(city, 1)
        add = NewLine(kind="add", code="T03", changes=added(city))
        assert replayed(open_batch(city, add, to_bureaus(city)))["never_hit"] == ["T03"]

    def test_an_overlay_moves_the_cases_of_its_district_only(self, city):
        closed(city, 2)
        closed(city, 2, area=city.communities[1][0][0].code)
        rows = [row(city.communities[0][0][0], city.bureaus[0]["water"])]
        line = NewLine(kind="add", code="T01-LH", narrows="T01", changes={"rows": rows})
        found = replayed(open_batch(city, line, area=city.districts[0]))
        assert (found["cases"], found["moved"]) == (2, 2)
        assert found["by_line"]["T01-LH"]["moved"] == 2

    def test_imported_cases_count_on_the_day_they_came_in(self, city):
        closed(city, 2)
        past = NOON.replace(year=2018)
        WorkOrder.objects.update(ended_at=None)
        Case.objects.update(state=ARCHIVED, closed_at=None, registered_at=past)
        batch = open_batch(city, to_bureaus(city))
        assert replayed(batch)["cases"] == 0
        assert replayed(batch, (date(2018, 1, 1), date(2018, 12, 31)))["cases"] == 2

    def test_without_past_cases_there_is_no_share(self, city):
        assert replayed(open_batch(city, to_bureaus(city)))["agreement_after"] is None

    def test_open_cases_and_other_days_are_left_out(self, city):
        new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        closed(city, 1)
        assert sum(one.cases for one in closed_cases(city.city, *MONTH)) == 1
        assert list(closed_cases(city.city, TODAY + timedelta(days=1), TODAY + timedelta(days=2))) == []


def test_the_plain_list_answers_as_the_list_does(city):
    rows = [row(city.communities[0][0][0], city.bureaus[0]["water"]), row(city.districts[0], city.company)]
    change(city, NewLine(kind="add", code="T01-LH", narrows="T01", changes={"rows": rows}), area=city.districts[0])
    street = [row(city.streets[0][0], city.enforcement[0][0])]
    change(city, NewLine(kind="add", code="T02-MZ", narrows="T02", changes={"rows": street}), area=city.streets[0][0])
    items, areas = list(Item.objects.filter(narrows=None)), list(Area.objects.all())
    duties = duties_for([(item.pk, area) for item, area in product(items, areas)], TODAY)
    plain = read_list([item.code for item in items], TODAY)
    for item, area in product(items, areas):
        duty = duties[item.pk, area.pk]
        chain = tuple(int(part) for part in area.path.strip("/").split("/"))
        assert plain.lead(item.code, chain) == (duty.row.lead_unit_id if duty.row else None), (item, area)


class TestAsking:
    def test_a_worker_makes_it_and_keeps_the_figures_with_the_batch(self, city):
        closed(city, 2)
        batch = open_batch(city, to_bureaus(city))
        by = Actor.staff(city.staff["duty_manager"])
        ask_replay(batch.pk, first=MONTH[0], last=MONTH[1], by=by, now=NOON)
        assert run_replay(by=SYSTEM, now=NOON)
        kept = BatchPreview.objects.get(batch=batch, kind="replay")
        assert (kept.figures["cases"], kept.content_number) == (2, batch.content_number)
        assert BatchReplay.objects.get(batch=batch).state == ReplayState.DONE
        assert JobRun.objects.get(job=f"replay {batch.number}").result["moved"] == 2
        assert not run_replay(by=SYSTEM, now=NOON)

    def test_one_that_fails_says_why_and_holds_up_no_other(self, city, monkeypatch):
        batch = open_batch(city, to_bureaus(city))
        ask_replay(batch.pk, first=MONTH[0], last=MONTH[1], by=Actor.staff(city.staff["duty_manager"]), now=NOON)
        with monkeypatch.context() as patch:
            patch.setattr("dispatch.services.previews.replay", _broken)
            with pytest.raises(RuntimeError):
                run_replay(by=SYSTEM, now=NOON)
        found = BatchReplay.objects.get(batch=batch)
        assert (found.state, found.problem) == (ReplayState.FAILED, "RuntimeError: no space")
        assert not run_replay(by=SYSTEM, now=NOON)

    def test_a_killed_one_is_found_again(self, city, monkeypatch):
        batch = open_batch(city, to_bureaus(city))
        ask_replay(batch.pk, first=MONTH[0], last=MONTH[1], by=Actor.staff(city.staff["duty_manager"]), now=NOON)
        with monkeypatch.context() as patch:
            patch.setattr("dispatch.services.previews.replay", _killed)
            with pytest.raises(KeyboardInterrupt):
                run_replay(by=SYSTEM, now=NOON)
        assert run_replay(by=SYSTEM, now=NOON)

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            (TODAY, TODAY - timedelta(days=1), "first"),
            (TODAY, TODAY + timedelta(days=1), "last"),
            (date(2018, 1, 1), TODAY, "first"),
        ],
    )
    def test_days_that_make_no_sense_are_refused_by_name(self, city, first, last, field):
        batch = open_batch(city, to_bureaus(city))
        with pytest.raises(BadInput) as refused:
            ask_replay(batch.pk, first=first, last=last, by=Actor.staff(city.staff["duty_manager"]), now=NOON)
        assert refused.value.field == field

    def test_whoever_does_not_work_on_the_list_may_not_ask(self, city):
        batch = open_batch(city, to_bureaus(city))
        days = {"first": MONTH[0], "last": MONTH[1]}
        with pytest.raises(NotAllowed):
            ask_replay(batch.pk, **days, by=Actor.staff(city.staff["city_dispatcher"]), now=NOON)
        with pytest.raises(OutOfSight):
            ask_replay(batch.pk, **days, by=Actor.staff(city.staff["duty_reviewer"]), now=NOON)
        with pytest.raises(OutOfSight):
            ask_replay(0, **days, by=SYSTEM, now=NOON)

    def test_after_a_change_of_lines_the_figures_are_of_older_ones(self, city):
        batch = open_batch(city, to_bureaus(city), NewLine(kind="retire", code="T02"))
        by = Actor.staff(city.staff["duty_manager"])
        ask_replay(batch.pk, first=MONTH[0], last=MONTH[1], by=by, now=NOON)
        run_replay(by=SYSTEM, now=NOON)
        remove_lines(batch.pk, ["T02"], by=by, now=timezone.now())
        batch.refresh_from_db()
        assert BatchPreview.objects.get(batch=batch, kind="replay").content_number < batch.content_number


def _broken(*_args, **_given):
    raise RuntimeError("no space")


def _killed(*_args, **_given):
    raise KeyboardInterrupt
