"""Open cases after a change of the duty list: each policy, every state, killed sweeps, rollback."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockKind, ClockOutcome, FollowReason, FollowState
from dispatch.models import BatchFollowUp, Clock, FollowUp, WorkOrder
from dispatch.services import (
    begin_following,
    decide_follow_up,
    dispatch_awaiting,
    follow_some,
    hand_down,
    record_contact,
    sign,
)
from dispatch.services import report as report_done
from dispatch.tests.changes import (
    added,
    change,
    dispatched,
    follow,
    is_reachable,
    lead,
    open_batch,
    publish,
    row,
    secretary,
    the_row,
    transfer,
)
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import PENDING_SIGN, RECALLED
from dutylist.models import ItemVersion
from dutylist.services import NewLine
from grid.tests.factories import grant, make_staff, make_unit
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def city():
    return make_world()


class TestPolicies:
    def test_keep_leaves_the_case_with_its_unit_under_the_old_version(self, city):
        case = dispatched(city)
        order = lead(case)
        change(city, transfer(city, "keep"), now=TOMORROW)
        after = Case.objects.get(pk=case.pk)
        assert lead(case).pk == order.pk
        assert after.item_version_id == case.item_version_id
        assert (the_row(case).state, the_row(case).reason) == (FollowState.DONE, FollowReason.KEPT)

    def test_redispatch_takes_it_back_and_sends_it_to_the_new_unit(self, city):
        case = dispatched(city)
        old = lead(case)
        change(city, transfer(city, "redispatch"), now=LATER)
        new, after = lead(case), Case.objects.get(pk=case.pk)
        old.refresh_from_db()
        assert (old.state, old.ended_at) == (RECALLED, LATER)
        assert (new.unit, new.state) == (city.bureaus[0]["urban_management"], PENDING_SIGN)
        assert after.state == IN_HANDLING
        assert after.holder == new.unit
        assert after.item_version.number == 2
        assert the_row(case).reason == FollowReason.NEW_UNIT
        assert the_row(case).before["unit"] == old.unit_id
        assert the_row(case).after["work_order"] == new.pk

    def test_no_clock_is_reset_by_a_new_dispatch(self, city):
        case = dispatched(city)
        before = {clock.kind: clock for clock in Clock.objects.filter(case=case)}
        change(city, transfer(city, "redispatch", limit_normal=2), now=LATER)
        running = {clock.kind: clock for clock in Clock.objects.filter(case=case, outcome=ClockOutcome.RUNNING)}
        for kind in (ClockKind.HANDLING, ClockKind.FIRST_CONTACT, ClockKind.OVERALL):
            assert (running[kind].started_at, running[kind].due_at) == (before[kind].started_at, before[kind].due_at)
        assert running[ClockKind.SIGN].started_at == LATER
        assert Case.objects.get(pk=case.pk).due_at == case.due_at
        ended = Clock.objects.filter(case=case, work_order__state=RECALLED)
        assert set(ended.values_list("outcome", flat=True)) == {ClockOutcome.CANCELLED}

    def test_a_citizen_who_was_contacted_is_not_to_be_contacted_first_again(self, city):
        case = dispatched(city)
        sign(lead(case).pk, by=secretary(city), now=NOON)
        record_contact(lead(case).pk, way="phone", result="reached", by=secretary(city), now=NOON)
        change(city, transfer(city, "redispatch"), now=LATER)
        assert lead(case).contacted_at == NOON
        assert not Clock.objects.filter(work_order=lead(case), kind=ClockKind.FIRST_CONTACT).exists()

    def test_what_was_handed_down_is_taken_back_with_its_parent(self, city):
        case = dispatched(city, item="T02")
        handler = Actor.staff(city.staff["handler"])
        sign(lead(case).pk, by=handler, now=NOON)
        section = make_unit(parent=city.bureaus[0]["urban_management"])
        child = hand_down(lead(case).pk, unit_id=section.pk, by=handler, now=NOON)
        rows = [row(city.city, city.city_bureau)]
        change(city, NewLine(kind="transfer", code="T02", changes={"rows": rows}, policy="redispatch"), now=LATER)
        child.refresh_from_db()
        assert child.state == RECALLED
        assert lead(case).unit == city.city_bureau
        assert is_reachable(case)

    def test_the_same_unit_only_gets_the_new_version(self, city):
        case = dispatched(city)
        order = lead(case)
        change(city, NewLine(kind="change", code="T01", changes={"criteria": "新标准"}, policy="redispatch"), now=LATER)
        after = Case.objects.get(pk=case.pk)
        assert lead(case).pk == order.pk
        assert after.item_version.number == 2
        assert the_row(case).reason == FollowReason.SAME_UNIT

    def test_retime_counts_the_new_limit_from_the_original_start(self, city):
        case = dispatched(city)
        old = Clock.objects.get(case=case, kind=ClockKind.HANDLING)
        change(city, NewLine(kind="change", code="T01", changes={"limit_normal": 10}, policy="retime"), now=TOMORROW)
        new = Clock.objects.get(pk=old.pk)
        assert new.started_at == old.started_at
        assert new.due_at > old.due_at
        assert "v2" in new.rule
        assert Case.objects.get(pk=case.pk).due_at == case.due_at
        assert AuditEntry.objects.filter(object_id=case.pk, action="case.retimed").exists()

    def test_a_shorter_limit_moves_the_next_deadline_of_the_work_order(self, city):
        case = dispatched(city)
        sign(lead(case).pk, by=secretary(city), now=NOON)
        record_contact(lead(case).pk, way="phone", result="reached", by=secretary(city), now=NOON)
        change(city, NewLine(kind="change", code="T01", changes={"limit_normal": 2}, policy="retime"), now=LATER)
        clock = Clock.objects.get(case=case, kind=ClockKind.HANDLING)
        assert lead(case).next_due_at == clock.due_at

    def test_ask_puts_the_case_before_a_dispatcher_with_a_deadline(self, city):
        case = dispatched(city)
        change(city, transfer(city, "ask"), now=LATER)
        asked = the_row(case)
        assert asked.state == FollowState.ASKED
        assert asked.due_at > LATER
        assert lead(case).unit == city.stations[0][0][0]

    def test_an_overlay_concerns_the_cases_of_its_district_only(self, city):
        here, there = dispatched(city), dispatched(city, area=city.communities[1][0][0].code, phone="13800138002")
        rows = [row(city.districts[0], city.bureaus[0]["water"])]
        line = NewLine(kind="add", code="T01-LH", narrows="T01", changes={"rows": rows}, policy="redispatch")
        change(city, line, area=city.districts[0], now=LATER)
        assert FollowUp.objects.filter(case=here).exists()
        assert not FollowUp.objects.filter(case=there).exists()


class TestStates:
    def test_a_reported_case_is_left_with_the_reason(self, city):
        case = dispatched(city)
        order, by = lead(case), secretary(city)
        sign(order.pk, by=by, now=NOON)
        record_contact(order.pk, way="phone", result="reached", by=by, now=NOON)
        report_done(order.pk, text="已清理", told_way="phone", by=by, now=NOON)
        change(city, transfer(city, "redispatch"), now=LATER)
        assert (the_row(case).state, the_row(case).reason) == (FollowState.SKIPPED, FollowReason.REPORTED)
        assert lead(case).pk == order.pk

    def test_a_case_that_waits_follows_the_single_successor(self, city):
        case = new_case(city)
        change(city, NewLine(kind="merge", code="T01", successors=("T02",), policy="keep"), now=LATER)
        after = Case.objects.get(pk=case.pk)
        assert after.item.code == "T02"
        dispatch_awaiting(by=SYSTEM, now=LATER)
        assert lead(case).unit == city.bureaus[0]["urban_management"]

    def test_a_case_that_waits_on_the_desk_is_given_to_the_machine_again(self, city):
        case = new_case(city)
        publish(open_batch(city, NewLine(kind="merge", code="T01", successors=("T02",)), now=LATER), LATER)
        dispatch_awaiting(by=SYSTEM, now=LATER)
        assert Case.objects.get(pk=case.pk).awaits_person
        follow(LATER)
        assert not Case.objects.get(pk=case.pk).awaits_person

    def test_a_case_that_waits_for_an_item_without_successor_goes_to_the_desk(self, city):
        case = new_case(city)
        change(city, NewLine(kind="retire", code="T01"), now=LATER)
        dispatch_awaiting(by=SYSTEM, now=LATER)
        assert Case.objects.get(pk=case.pk).awaits_person
        assert the_row(case).reason == FollowReason.NO_SUCCESSOR


class TestMergeAndSplit:
    @pytest.mark.parametrize("policy", ["keep", "redispatch", "retime", "ask"])
    @pytest.mark.parametrize("kind", ["merge", "split", "retire"])
    def test_every_open_case_stays_reachable(self, city, kind, policy):
        cases = [dispatched(city), dispatched(city, phone="13800138001", area=city.communities[1][1][0].code)]
        sign(lead(cases[0]).pk, by=secretary(city), now=NOON)
        cases += [dispatched(city, phone="13800138002", urgency="emergency"), new_case(city, phone="13800138003")]
        lines = [NewLine(kind=kind, code="T01", successors={"merge": ("T02",), "split": ("T02", "T03")}.get(kind, ()),
                         policy=policy)]  # fmt: skip
        if kind == "split":
            lines.append(NewLine(kind="add", code="T03", changes=added(city)))
        change(city, *lines, now=LATER)
        dispatch_awaiting(by=SYSTEM, now=LATER)
        assert all(is_reachable(case) for case in cases)
        assert not FollowUp.objects.filter(state=FollowState.WAITING).exists()

    def test_a_merged_item_is_followed_to_its_target(self, city):
        case = dispatched(city)
        change(city, NewLine(kind="merge", code="T01", successors=("T02",), policy="redispatch"), now=LATER)
        after = Case.objects.get(pk=case.pk)
        assert after.item.code == "T02"
        assert lead(case).unit == city.bureaus[0]["urban_management"]

    def test_a_split_item_goes_to_a_person_who_reads_the_parts(self, city):
        case = dispatched(city)
        add = NewLine(kind="add", code="T03", changes=added(city))
        split = NewLine(kind="split", code="T01", successors=("T02", "T03"), policy="redispatch")
        change(city, add, split, now=LATER)
        after = Case.objects.get(pk=case.pk)
        assert after.state == AWAITING_DISPATCH
        assert after.awaits_person
        assert after.holder == city.centres[0]
        texts = [reason["text"] for reason in after.decisions.latest("id").explained]
        assert any("T02" in text and "T03" in text for text in texts)
        assert Clock.objects.get(case=case, kind=ClockKind.DISPATCH).started_at == LATER


class TestAsked:
    @pytest.fixture
    def asked(self, city):
        case = dispatched(city)
        change(city, transfer(city, "ask", limit_normal=10), now=LATER)
        return the_row(case)

    @pytest.mark.parametrize(
        ("choice", "reason"), [("keep", "kept"), ("redispatch", "new_unit"), ("retime", "retimed")]
    )
    def test_a_dispatcher_decides(self, city, asked, choice, reason):
        by = Actor.staff(city.staff["district_dispatcher"])
        done = decide_follow_up(asked.pk, choice, by=by, now=LATER)
        assert (done.state, done.reason, done.by) == (FollowState.DONE, reason, by.name)
        assert is_reachable(done.case)

    def test_it_is_decided_once(self, city, asked):
        by = Actor.staff(city.staff["district_dispatcher"])
        decide_follow_up(asked.pk, "keep", by=by, now=LATER)
        with pytest.raises(IllegalMove):
            decide_follow_up(asked.pk, "redispatch", by=by, now=LATER)

    def test_an_unknown_answer_is_refused_by_name(self, city, asked):
        by = Actor.staff(city.staff["district_dispatcher"])
        with pytest.raises(BadInput) as refused:
            decide_follow_up(asked.pk, "ask", by=by, now=LATER)
        assert refused.value.field == "choice"

    def test_whoever_does_not_dispatch_there_may_not(self, city, asked):
        with pytest.raises(NotAllowed):
            decide_follow_up(asked.pk, "keep", by=Actor.staff(city.staff["duty_manager"]), now=LATER)
        other = grant(make_staff("elsewhere", city.centres[1]), "district_dispatcher", city.centres[1])
        with pytest.raises(OutOfSight):
            decide_follow_up(asked.pk, "keep", by=Actor.staff(other), now=LATER)

    def test_no_single_limit_of_a_split_item_can_be_chosen(self, city):
        case = dispatched(city)
        add = NewLine(kind="add", code="T03", changes=added(city))
        change(city, add, NewLine(kind="split", code="T01", successors=("T02", "T03"), policy="ask"), now=LATER)
        with pytest.raises(BadInput):
            decide_follow_up(the_row(case).pk, "retime", by=Actor.staff(city.staff["city_dispatcher"]), now=LATER)


class TestSweep:
    def test_a_killed_sweep_goes_on_where_it_stopped_and_does_nothing_twice(self, city, monkeypatch):
        cases = [dispatched(city, phone=f"1380013800{n}") for n in range(5)]
        batch = publish(open_batch(city, transfer(city, "redispatch"), now=LATER), LATER)
        begin_following(by=SYSTEM, now=LATER)
        assert follow_some(by=SYSTEM, now=LATER, limit=2) == 2
        with monkeypatch.context() as patch:
            patch.setattr("dispatch.services.following.send_to_desk", _killed)
            with pytest.raises(KeyboardInterrupt):
                follow_some(by=SYSTEM, now=LATER, limit=2)
        assert FollowUp.objects.filter(state=FollowState.WAITING).count() == 3
        follow(LATER)
        assert BatchFollowUp.objects.get(batch=batch).done == 5
        for case in cases:
            assert list(WorkOrder.objects.filter(case=case).order_by("seq").values_list("state", flat=True)) == [
                RECALLED,
                PENDING_SIGN,
            ]
            assert AuditEntry.objects.filter(object_id=case.pk, action="work_order.recalled").count() == 1

    def test_only_batches_in_force_are_followed(self, city):
        dispatched(city)
        open_batch(city, transfer(city, "redispatch"))
        assert begin_following(by=SYSTEM, now=LATER) == 0

    def test_running_it_again_does_nothing(self, city):
        case = dispatched(city)
        change(city, transfer(city, "redispatch"), now=LATER)
        entries = AuditEntry.objects.count()
        assert begin_following(by=SYSTEM, now=LATER) == 0
        assert follow_some(by=SYSTEM, now=LATER) == 0
        assert AuditEntry.objects.count() == entries
        assert WorkOrder.objects.filter(case=case).count() == 2

    def test_the_figures_of_the_batch_are_kept(self, city):
        dispatched(city)
        batch = change(city, transfer(city, "redispatch"), now=LATER)
        figures = BatchFollowUp.objects.get(batch=batch)
        assert (figures.total, figures.done, figures.state) == (1, 1, FollowState.DONE)
        assert AuditEntry.objects.filter(action="batch.followed", object_id=batch.pk).count() == 1

    def test_costs_the_same_statements_for_many_cases(self, city, django_assert_max_num_queries):
        for n in range(6):
            dispatched(city, phone=f"1380013800{n}")
        publish(open_batch(city, transfer(city, "redispatch"), now=LATER), LATER)
        begin_following(by=SYSTEM, now=LATER)
        with django_assert_max_num_queries(45):
            follow_some(by=SYSTEM, now=LATER)


def _killed(*_args, **_given):
    raise KeyboardInterrupt


class TestVersions:
    def test_a_case_shows_the_version_it_was_dispatched_under(self, city):
        case = new_case(city)
        change(city, NewLine(kind="change", code="T01", changes={"criteria": "新标准"}), now=LATER)
        dispatch_awaiting(by=SYSTEM, now=LATER)
        case = Case.objects.get(pk=case.pk)
        assert case.item_version == ItemVersion.objects.get(item__code="T01", number=2)
