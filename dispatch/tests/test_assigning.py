"""A waiting case reaches the one right unit, or the dispatch desk with the reason."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockKind, DecisionMode, NeedsPerson
from dispatch.models import Clock, Decision, DutyGap, WorkOrder
from dispatch.services import dispatch_awaiting, dispatch_by_hand, reconsider
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.models import ItemVersion
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry, CalendarYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_world()


def pick_up(now=NOON):
    return dispatch_awaiting(by=SYSTEM, now=now)


def test_the_community_that_the_list_names_gets_the_case(city):
    case = new_case(city)
    assert pick_up().dispatched == 1
    order = WorkOrder.objects.get(case=case)
    case.refresh_from_db()
    assert (order.unit, order.state, order.role, order.seq) == (city.stations[0][0][0], "pending_sign", "lead", 1)
    assert (case.state, case.holder) == ("in_handling", order.unit)


def test_the_decision_keeps_the_row_and_the_reasons(city):
    case = new_case(city)
    pick_up()
    decision = Decision.objects.get(case=case)
    assert decision.mode == DecisionMode.AUTOMATIC
    assert decision.responsibility.lead_unit == decision.unit == city.stations[0][0][0]
    assert [reason["code"] for reason in decision.reasons] == ["place_found", "item_chosen", "row_found"]
    assert city.stations[0][0][0].name in decision.explained[-1]["text"]


def test_the_clocks_run_from_the_assignment_and_are_stored(city):
    case = new_case(city)
    pick_up()
    clocks = {clock.kind: clock for clock in Clock.objects.filter(case=case)}
    assert set(clocks) == {ClockKind.SIGN, ClockKind.FIRST_CONTACT, ClockKind.HANDLING, ClockKind.OVERALL}
    assert clocks[ClockKind.FIRST_CONTACT].due_at == NOON + timedelta(hours=24)
    assert clocks[ClockKind.SIGN].due_at.strftime("%m-%d %H:%M") in {"11-18 16:00", "11-18 08:00"}
    # 5 working days of the item from Wednesday 18 November: Wednesday the 25th at closing time
    assert clocks[ClockKind.HANDLING].due_at.astimezone(NOON.tzinfo).strftime("%m-%d %H:%M") == "11-25 18:00"
    case.refresh_from_db()
    assert case.due_at == clocks[ClockKind.OVERALL].due_at


def test_the_next_deadline_stands_in_the_work_order(city):
    case = new_case(city)
    pick_up()
    order = WorkOrder.objects.get(case=case)
    first = Clock.objects.filter(work_order=order).order_by("due_at").first()
    assert (order.next_clock, order.next_due_at, order.next_yellow_at) == (first.kind, first.due_at, first.yellow_at)


def test_picking_up_twice_dispatches_once(city):
    new_case(city)
    pick_up()
    assert pick_up().total == 0
    assert WorkOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"item": ""}, NeedsPerson.NO_ITEM),
        ({"area": "", "content": "有人乱扔垃圾，快来看看"}, NeedsPerson.NO_PLACE),
        ({"urgency": "emergency"}, NeedsPerson.VETO),
        ({"is_sensitive": True}, NeedsPerson.VETO),
    ],
)
def test_what_the_machine_may_not_decide_goes_to_the_desk_with_the_reason(city, given, why):
    case = new_case(city, **given)
    assert pick_up().needs_person == 1
    case.refresh_from_db()
    assert (case.state, case.awaits_person) == ("awaiting_dispatch", True)
    decision = Decision.objects.get(case=case)
    assert (decision.needs_person, decision.unit) == (why, None)
    assert not decision.explained[-1]["ok"]
    assert not WorkOrder.objects.exists()


def test_a_place_known_only_to_the_district_is_not_enough_for_a_community_item(city):
    case = new_case(city, area=city.districts[0].code)
    pick_up()
    assert Decision.objects.get(case=case).needs_person == NeedsPerson.NO_PLACE


def test_an_item_retired_meanwhile_goes_to_the_desk(city):
    case = new_case(city)
    last = ItemVersion.objects.get(item=case.item)
    ItemVersion.objects.create(
        item=last.item, number=2, effective_from=NOON.date(), is_retired=True, name=last.name,
        path_text=last.path_text, source="sample",
    )  # fmt: skip
    assert pick_up().needs_person == 1
    decision = Decision.objects.get(case=case)
    assert decision.needs_person == NeedsPerson.NO_VERSION
    assert "T01" in decision.explained[-1]["text"]


def test_a_closed_unit_gets_nothing(city):
    from grid.models import Unit

    case = new_case(city)
    Unit.objects.filter(pk=city.stations[0][0][0].pk).update(closed_on=NOON.date())
    pick_up()
    assert Decision.objects.get(case=case).needs_person == NeedsPerson.UNIT_CLOSED


def test_a_hole_in_the_list_is_counted_for_the_list_office(city):
    from dispatch.tests.world import item_row
    from dutylist.services import enter_catalogue

    enter_catalogue(
        [item_row("T09", "没有责任单位的事项")],
        source="sample",
        owner_area_id=city.city.pk,
        effective_from=NOON.date(),
        by=SYSTEM,
        now=NOON,
    )
    for _ in range(2):
        new_case(city, item="T09")
        pick_up()
    gap = DutyGap.objects.get()
    assert (gap.item.code, gap.area, gap.cases) == ("T09", city.communities[0][0][0], 2)


def test_a_desk_case_does_not_block_the_cases_behind_it(city):
    for _ in range(3):
        new_case(city, item="")
    pick_up()
    new_case(city)
    assert dispatch_awaiting(by=SYSTEM, now=NOON, limit=1).dispatched == 1


def test_without_the_calendar_of_the_year_nothing_is_dispatched_and_nothing_is_lost(city):
    case = new_case(city)
    CalendarYear.objects.all().delete()
    from shenzhen_gov.core.worktime import MissingCalendarYear

    with pytest.raises(MissingCalendarYear):
        pick_up()
    case.refresh_from_db()
    assert case.state == "awaiting_dispatch"


def test_a_dispatcher_chooses_the_unit_and_the_list_is_quoted_beside_it(city):
    case = new_case(city, item="")
    pick_up()
    dispatcher = Actor.staff(city.staff["district_dispatcher"])
    item_id = _item_id("T01")
    order = dispatch_by_hand(
        case.pk, unit_id=city.stations[0][0][1].pk, item_id=item_id, note="实际在乙社区", by=dispatcher, now=NOON
    )
    decision = order.decision
    assert (decision.mode, decision.decided_by) == (DecisionMode.MANUAL, dispatcher.name)
    assert "against_the_list" in [reason["code"] for reason in decision.reasons]
    case.refresh_from_db()
    assert (case.state, case.item_id, case.holder) == ("in_handling", item_id, city.stations[0][0][1])


def test_choosing_what_the_list_says_counts_as_a_confirmed_recommendation(city):
    case = new_case(city, urgency="emergency")
    pick_up()
    order = dispatch_by_hand(
        case.pk, unit_id=city.stations[0][0][0].pk, by=Actor.staff(city.staff["district_dispatcher"]), now=NOON
    )
    assert order.decision.mode == DecisionMode.RECOMMENDED
    assert not Clock.objects.filter(case=case, kind=ClockKind.DISPATCH, outcome="running").exists()


def test_a_dispatched_case_is_not_dispatched_again(city):
    case = new_case(city)
    pick_up()
    with pytest.raises(IllegalMove):
        dispatch_by_hand(
            case.pk, unit_id=city.stations[0][0][0].pk, by=Actor.staff(city.staff["district_dispatcher"]), now=NOON
        )


def test_a_unit_of_another_district_is_refused_at_the_field(city):
    case = new_case(city, item="")
    pick_up()
    with pytest.raises(BadInput) as refused:
        dispatch_by_hand(
            case.pk, unit_id=city.stations[1][0][0].pk, by=Actor.staff(city.staff["district_dispatcher"]), now=NOON
        )
    assert refused.value.field == "unit"
    assert not WorkOrder.objects.exists()


def test_a_handler_may_not_dispatch_and_another_district_sees_nothing(city):
    case = new_case(city, item="")
    pick_up()
    with pytest.raises(NotAllowed):
        dispatch_by_hand(
            case.pk, unit_id=city.stations[0][0][0].pk, by=Actor.staff(city.staff["community_secretary"]), now=NOON
        )
    with pytest.raises(OutOfSight):
        dispatch_by_hand(
            case.pk, unit_id=city.stations[0][0][0].pk, by=Actor.staff(city.staff["other_secretary"]), now=NOON
        )


def test_a_case_on_the_desk_can_be_given_to_the_machine_again(city):
    case = new_case(city, item="")
    pick_up()
    Case.objects.filter(pk=case.pk).update(item_id=_item_id("T01"))
    reconsider([case.pk], by=Actor.staff(city.staff["district_dispatcher"]), now=NOON)
    assert pick_up().dispatched == 1


def test_every_step_is_in_the_case_s_audit_chain(city):
    case = new_case(city)
    pick_up()
    actions = AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk).order_by("seq")
    assert [entry.action for entry in actions][-1] == "case.dispatched"
    assert actions.last().actor_name == "system:test"


def _item_id(code):
    from dutylist.selectors import get_item_id

    return get_item_id(code)
