"""What the machine may do by itself: earned by confirmed cases, lost by wrong ones, stopped by one switch."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.choices import CellState, Evidence, ItemBasis, NeedsPerson, ShutReason
from dispatch.gate.figures import thresholds, wilson_bound
from dispatch.gate.sampling import is_sampled
from dispatch.models import Decision, GateCell, GateOutcome, GateSwitch, WorkOrder
from dispatch.services import count_outcomes, dispatch_awaiting, dispatch_by_hand, note_return, switch_gate
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.models import ItemVersion
from grid.tests.factories import grant, make_staff
from intake.models import Case, HintWord
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused
from shenzhen_gov.core.kept import forget_all
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
LITTER = "楼道堆物，楼道里堆满纸箱"


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def manager(city):
    staff = make_staff("manager")
    grant(staff, "dispatch_manager", city.centre)
    return Actor.staff(staff)


@pytest.fixture
def nobody_sampled():
    Parameter.objects.filter(key="gate.audit_share").update(value=0)
    forget_all()


def pick_up():
    return dispatch_awaiting(by=SYSTEM, now=NOON)


def unclassified(city, **given):
    """Register a case that a citizen sent: nobody chose an item."""
    return new_case(city, **{"item": "", "content": LITTER, "phone": ""} | given)


def by_hand(city, case, unit=None, item="T01"):
    """Let the dispatcher of the district decide."""
    version = ItemVersion.objects.get(item__code=item)
    return dispatch_by_hand(
        case.pk, unit_id=(unit or city.stations[0][0][0]).pk, item_id=version.item_id, note="看过",
        by=Actor.staff(city.staff["district_dispatcher"]), now=NOON,
    )  # fmt: skip


def teach(city, right: int, wrong: int = 0, basis=ItemBasis.SUGGESTED, area=None, evidence=Evidence.CONFIRMED):
    """Write outcomes as dispatchers would have confirmed them, and count them."""
    version = ItemVersion.objects.select_related("item").get(item__code="T01")
    station = city.stations[0][0][0]
    outcomes = [
        GateOutcome(
            case=new_case(city, item=""), evidence=evidence, basis=basis, area=area or city.communities[0][0][0],
            said_item=version.item, said_version=version, said_unit=station, item=version.item, unit=station,
            is_right=n >= wrong, at=NOON, by="test",
        )
        for n in range(right + wrong)
    ]  # fmt: skip
    Case.objects.filter(pk__in=[outcome.case_id for outcome in outcomes]).update(state="closed")
    GateOutcome.objects.bulk_create(outcomes)
    count_outcomes(now=NOON)


def narrowest(city, basis=ItemBasis.SUGGESTED):
    return GateCell.objects.get(area=city.communities[0][0][0], basis=basis)


class TestSuggestedItems:
    def test_a_case_without_an_item_gets_candidates_with_their_units_kept_for_ever(self, city):
        case = unclassified(city)
        assert pick_up().needs_person == 1
        decision = Decision.objects.get(case=case)
        first = decision.candidates[0]
        assert (first["code"], first["unit"], first["score"]) == ("T01", city.stations[0][0][0].pk, 1.0)
        assert decision.model_version.startswith("words+likeness")
        assert (decision.needs_person, decision.item_version) == (NeedsPerson.NO_ITEM, None)

    def test_what_was_earned_goes_by_itself_and_the_case_gets_the_item(self, city, nobody_sampled):
        teach(city, right=16)
        case = unclassified(city)
        assert pick_up().dispatched == 1
        case.refresh_from_db()
        decision = Decision.objects.get(case=case)
        assert (case.item.code, case.holder) == ("T01", city.stations[0][0][0])
        assert case.item_version == decision.item_version
        assert decision.gate["cases"] == 16
        assert decision.explained[-1]["code"] == "cell_earned"
        assert not hasattr(case, "confirmation"), "nobody looked at it: nothing is learned from it"

    @pytest.mark.parametrize(("right", "wrong", "is_on"), [(9, 0, False), (15, 0, False), (16, 0, True), (48, 2, True)])
    def test_the_lower_bound_decides(self, city, right, wrong, is_on):
        teach(city, right, wrong)
        assert (narrowest(city).state == CellState.ON) is is_on

    def test_few_confirmed_cases_are_said_with_the_decision(self, city):
        teach(city, right=9)
        case = unclassified(city)
        pick_up()
        assert Decision.objects.get(case=case).needs_person == NeedsPerson.NOT_EARNED

    def test_a_place_with_few_cases_is_judged_by_the_wider_area(self, city, nobody_sampled):
        teach(city, right=16)
        other = unclassified(city, area=city.communities[0][0][1].code)
        pick_up()
        other.refresh_from_db()
        assert other.holder == city.stations[0][0][1]
        assert Decision.objects.get(case=other).gate["area"] == city.communities[0][0][0].parent_id

    def test_a_new_version_of_the_item_has_earned_nothing(self, city):
        teach(city, right=20)
        last = ItemVersion.objects.get(item__code="T01")
        ItemVersion.objects.create(
            item=last.item, number=2, effective_from=NOON.date(), name=last.name, path_text=last.path_text,
            source="sample", rows_from=last,
        )  # fmt: skip
        case = unclassified(city)
        pick_up()
        decision = Decision.objects.get(case=case)
        assert (decision.needs_person, decision.explained[-1]["code"]) == (NeedsPerson.SHUT, "cell_new_version")

    def test_only_the_newest_fifty_count(self, city):
        teach(city, right=0, wrong=30)
        teach(city, right=50)
        assert (narrowest(city).hits, narrowest(city).state) == (50, CellState.ON)

    def test_a_cell_shuts_below_the_lower_threshold_and_not_between_the_two(self, city):
        teach(city, right=40)
        teach(city, right=0, wrong=1)
        teach(city, right=0, wrong=2)
        cell = narrowest(city)
        assert 0.80 < cell.bound < 0.85
        assert cell.state == CellState.ON
        teach(city, right=0, wrong=4)
        cell.refresh_from_db()
        assert (cell.state, cell.reason) == (CellState.SHUT, ShutReason.PRECISION)

    def test_a_share_of_what_is_automatic_goes_to_a_person_the_same_ones_each_time(self, city):
        numbers = [f"SZHL2026111810{n:06d}" for n in range(20000)]
        drawn = [number for number in numbers if is_sampled(number, 0.05)]
        assert 0.045 < len(drawn) / len(numbers) < 0.055
        assert drawn == [number for number in numbers if is_sampled(number, 0.05)]

    def test_the_sample_is_kept_from_the_unit_until_somebody_looked(self, city):
        Parameter.objects.filter(key="gate.audit_share").update(value=1)
        forget_all()
        teach(city, right=16)
        case = unclassified(city)
        pick_up()
        assert Decision.objects.get(case=case).needs_person == NeedsPerson.AUDIT_SAMPLE
        by_hand(city, case)
        outcome = GateOutcome.objects.get(case=case)
        assert (outcome.evidence, outcome.is_right, outcome.rank) == (Evidence.AUDITED, True, 1)


class TestWhatPeopleTeach:
    def test_a_dispatcher_who_agrees_counts_as_right_and_one_who_does_not_as_wrong(self, city):
        for item, unit in (("T01", city.stations[0][0][0]), ("T02", city.bureaus[0]["urban_management"])):
            case = unclassified(city)
            pick_up()
            by_hand(city, case, unit, item)
        assert list(GateOutcome.objects.order_by("id").values_list("is_right", flat=True)) == [True, False]
        assert count_outcomes(now=NOON) == 2
        assert (narrowest(city).cases, narrowest(city).hits) == (2, 1)

    def test_counting_twice_counts_once(self, city):
        teach(city, right=3)
        assert count_outcomes(now=NOON) == 0
        assert narrowest(city).cases == 3

    def test_what_the_agent_took_or_left_of_the_suggestion_counts_too(self, city):
        new_case(city, suggested="T01")
        new_case(city, item="T01", suggested="T02")
        pick_up()
        found = GateOutcome.objects.order_by("id").values_list("evidence", "said_item__code", "is_right")
        assert list(found) == [(Evidence.AGENT, "T01", True), (Evidence.AGENT, "T02", False)]

    def test_an_automatic_case_that_nobody_looked_at_teaches_nothing(self, city):
        new_case(city)
        pick_up()
        assert not GateOutcome.objects.exists()


class TestReturns:
    def test_a_returned_case_shuts_the_place_until_enough_are_confirmed_again(self, city, nobody_sampled):
        teach(city, right=30)
        case = unclassified(city)
        pick_up()
        note_return(case.pk, NOON)
        count_outcomes(now=NOON)
        cell = narrowest(city)
        assert (cell.state, cell.reason, cell.wait) == (CellState.SHUT, ShutReason.RETURN, 10)
        second = unclassified(city)
        pick_up()
        assert Decision.objects.get(case=second).needs_person == NeedsPerson.SHUT
        teach(city, right=10)
        cell.refresh_from_db()
        assert cell.state == CellState.ON

    def test_a_chosen_item_passes_without_history_until_one_like_it_is_returned(self, city):
        case = new_case(city)
        assert pick_up().dispatched == 1
        note_return(case.pk, NOON)
        count_outcomes(now=NOON)
        second, elsewhere = new_case(city), new_case(city, area=city.communities[0][0][1].code)
        pick_up()
        assert Decision.objects.get(case=second).needs_person == NeedsPerson.SHUT
        assert WorkOrder.objects.filter(case=elsewhere).exists()

    def test_a_return_of_what_a_person_decided_is_not_the_machine_s_fault(self, city):
        case = unclassified(city)
        pick_up()
        by_hand(city, case)
        note_return(case.pk, NOON)
        assert not GateOutcome.objects.filter(evidence=Evidence.RETURNED).exists()


class TestTheSwitch:
    def test_stops_everything_at_once_and_says_who_and_why(self, city, manager):
        switch_gate(False, reason="名单有误，先停", by=manager, now=NOON)
        case = new_case(city)
        assert pick_up().dispatched == 0
        decision = Decision.objects.get(case=case)
        assert decision.needs_person == NeedsPerson.SWITCHED_OFF
        assert "名单有误" in decision.explained[-1]["text"]
        assert AuditEntry.objects.filter(action="gate.switched_off", actor_name=manager.name).count() == 1
        switch_gate(True, reason="已更正", by=manager, now=NOON + timedelta(hours=1))
        new_case(city)
        assert pick_up().dispatched == 1

    def test_is_not_turned_twice_nor_without_a_reason(self, city, manager):
        with pytest.raises(BadInput):
            switch_gate(False, reason=" ", by=manager, now=NOON)
        with pytest.raises(Refused):
            switch_gate(True, reason="再开", by=manager, now=NOON)
        assert not GateSwitch.objects.exists()

    def test_is_for_those_who_publish_rules_for_the_whole_city(self, city):
        for name in ("agent", "district_dispatcher", "city_dispatcher"):
            with pytest.raises(NotAllowed):
                switch_gate(False, reason="试", by=Actor.staff(city.staff[name]), now=NOON)


def test_what_concerns_a_minor_goes_to_a_person(city):
    HintWord.objects.create(word="未成年人", kind="veto", value="minor", weight=10, source="P")
    forget_all()
    case = new_case(city, content="楼道里有未成年人被殴打，请派人处理")
    pick_up()
    decision = Decision.objects.get(case=case)
    assert (decision.needs_person, decision.unit) == (NeedsPerson.MINOR, None)


def test_an_item_of_several_areas_goes_to_a_person(city):
    last = ItemVersion.objects.get(item__code="T01")
    ItemVersion.objects.create(
        item=last.item, number=2, effective_from=NOON.date(), name=last.name, path_text=last.path_text,
        source="sample", rows_from=last, implementation="cross_area",
    )  # fmt: skip
    case = new_case(city)
    pick_up()
    assert Decision.objects.get(case=case).needs_person == NeedsPerson.CROSS_DISTRICT


def test_the_thresholds_are_parameters(city):
    found = thresholds(NOON.date())
    assert (found.window, found.least, found.on, found.off, found.audited) == (50, 10, 0.85, 0.80, 0.05)
    assert wilson_bound(16, 16) > 0.85 > wilson_bound(15, 15)


def test_dispatching_more_cases_costs_the_same_statements(city):
    teach(city, right=16)
    counts = []
    for number in (2, 12):
        for _n in range(number):
            unclassified(city)
            new_case(city, suggested="T01")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            pick_up()
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
