"""Taking back within a minute: by whom, how long, and what is left of it. A kept report arrives once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from dispatch import services
from dispatch.models import Clock, Report, StageFact, WorkOrder
from grid.models import Unit
from grid.services.cells import NewCell, create_cells
from grid.tests.factories import grant, make_staff
from intake.models import Attachment
from intake.services import KeyReused
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry

from .desks import PNG, dispatched
from .world import NOON, SYSTEM, make_world

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SIGNED = NOON + 10 * MINUTE
REPORTED = SIGNED + 30 * MINUTE


@pytest.fixture(autouse=True)
def english():
    """Refusals speak the msgids, so that the tests do not hang on a translation."""
    with translation.override("en"):
        yield


@pytest.fixture
def city(db):
    return make_world()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def order(city):
    return dispatched(city, 1, now=NOON)[0]


@pytest.fixture
def team(city):
    """Make a cell in the first community, and return its team."""
    community = city.communities[0][0][0]
    create_cells([NewCell(f"{community.code}01", "网格01", community.code)], source="test", by=SYSTEM, now=NOON)
    return Unit.objects.get(code=f"cell-{community.code}01")


def sign(order, by, now=SIGNED):
    services.sign(order.pk, by=by, now=now)


def report(order, by, now=REPORTED, **given):
    services.record_contact(order.pk, way="phone", result="reached", by=by, now=now - MINUTE)
    return services.report(order.pk, text="已清走。", told_way="phone", by=by, now=now, **given)


def undo(order, by, now):
    [undone] = services.take_steps_back([order.pk], by=by, now=now)
    undone.refresh_from_db()
    return undone


def clocks(order):
    return {row.kind: (row.started_at, row.due_at, row.outcome) for row in Clock.objects.filter(work_order=order)}


def facts_add_up(case):
    case.refresh_from_db()
    facts = list(StageFact.objects.filter(case=case, role="lead").order_by("id"))
    assert facts[0].started_at == case.registered_at
    assert all(before.ended_at == after.started_at for before, after in zip(facts, facts[1:], strict=False))
    assert facts[-1].ended_at is None
    return [(fact.stage, fact.how) for fact in facts]


class TestSigning:
    def test_is_taken_back_as_if_never_made_but_for_the_record(self, order, secretary):
        before = clocks(order)
        next_due = WorkOrder.objects.get().next_due_at
        sign(order, secretary)
        undone = undo(order, secretary, SIGNED + 59 * SECOND)
        assert (undone.state, undone.signed_at, undone.handler) == ("pending_sign", None, None)
        assert clocks(order) == before
        assert undone.next_due_at == next_due
        assert AuditEntry.objects.latest("id").action == "work_order.unsigned"
        stages = facts_add_up(undone.case)
        assert stages[-3:] == [("sign", "passed"), ("handling", "taken_back"), ("sign", "")]

    def test_may_follow_again(self, order, secretary):
        sign(order, secretary)
        undo(order, secretary, SIGNED + SECOND)
        sign(order, secretary, SIGNED + MINUTE)
        assert WorkOrder.objects.get().state == "handling"

    def test_stays_after_the_minute(self, order, secretary):
        sign(order, secretary)
        with pytest.raises(Refused, match="too late"):
            undo(order, secretary, SIGNED + 61 * SECOND)
        assert WorkOrder.objects.get().state == "handling"

    def test_stays_when_something_followed(self, order, secretary):
        sign(order, secretary)
        services.record_contact(order.pk, way="phone", result="reached", by=secretary, now=SIGNED + SECOND)
        with pytest.raises(Refused, match="happened"):
            undo(order, secretary, SIGNED + 2 * SECOND)

    def test_is_not_taken_back_twice(self, order, secretary):
        sign(order, secretary)
        undo(order, secretary, SIGNED + SECOND)
        with pytest.raises(Refused):
            undo(order, secretary, SIGNED + 2 * SECOND)

    def test_is_taken_back_by_nobody_else(self, city, order, secretary):
        colleague = grant(make_staff("colleague", order.unit), "community_secretary", order.unit)
        sign(order, secretary)
        with pytest.raises(Refused, match="Only"):
            undo(order, Actor.staff(colleague), SIGNED + SECOND)
        with pytest.raises(NotAllowed):
            undo(order, Actor.staff(city.staff["reviewer"]), SIGNED + SECOND)
        with pytest.raises(OutOfSight):
            undo(order, Actor.staff(city.staff["other_secretary"]), SIGNED + SECOND)

    def test_of_many_is_taken_back_together_or_not_at_all(self, city, order, secretary):
        other = dispatched(city, 1, now=NOON)[0]
        services.sign_many([order.pk, other.pk], by=secretary, now=SIGNED)
        services.record_contact(other.pk, way="phone", result="reached", by=secretary, now=SIGNED + SECOND)
        with pytest.raises(Refused):
            services.take_steps_back([order.pk, other.pk], by=secretary, now=SIGNED + 2 * SECOND)
        assert set(WorkOrder.objects.values_list("state", flat=True)) == {"handling"}


class TestHandingDown:
    def test_is_taken_back_with_the_clocks_it_had(self, order, secretary, team):
        sign(order, secretary)
        before = clocks(order)
        child = services.hand_down(order.pk, unit_id=team.pk, by=secretary, now=REPORTED)
        undone = undo(order, secretary, REPORTED + 30 * SECOND)
        child.refresh_from_db()
        assert (undone.state, child.state, child.ended_at) == ("handling", "recalled", REPORTED + 30 * SECOND)
        assert clocks(order) == before
        assert {outcome for _start, _due, outcome in clocks(child).values()} == {"cancelled"}
        undone.case.refresh_from_db()
        assert undone.case.holder == order.unit
        assert facts_add_up(undone.case)[-2:] == [("sign", "taken_back"), ("handling", "")]

    def test_stays_when_the_team_has_signed(self, order, secretary, team):
        officer = Actor.staff(grant(make_staff("officer", team), "grid_officer", team))
        sign(order, secretary)
        child = services.hand_down(order.pk, unit_id=team.pk, by=secretary, now=REPORTED)
        services.sign(child.pk, by=officer, now=REPORTED + SECOND)
        with pytest.raises(Refused):
            undo(order, secretary, REPORTED + 2 * SECOND)
        assert WorkOrder.objects.get(pk=order.pk).state == "handed_down"

    def test_may_follow_again_to_the_same_team(self, order, secretary, team):
        sign(order, secretary)
        services.hand_down(order.pk, unit_id=team.pk, by=secretary, now=REPORTED)
        undo(order, secretary, REPORTED + SECOND)
        again = services.hand_down(order.pk, unit_id=team.pk, by=secretary, now=REPORTED + MINUTE)
        assert again.state == "pending_sign"


class TestReporting:
    def test_is_taken_back_and_the_deadline_runs_on(self, order, secretary):
        sign(order, secretary)
        services.record_contact(order.pk, way="phone", result="reached", by=secretary, now=REPORTED - MINUTE)
        before = clocks(order)
        photos = [("after", SimpleUploadedFile("after.png", PNG, "image/png"))]
        services.report(order.pk, text="已清走。", told_way="phone", photos=photos, by=secretary, now=REPORTED)
        undone = undo(order, secretary, REPORTED + 30 * SECOND)
        review = clocks(order).pop("review")
        assert (undone.state, undone.review_unit, undone.reported_at) == ("handling", None, None)
        assert review[2] == "cancelled"
        assert {kind: row for kind, row in clocks(order).items() if kind != "review"} == before
        undone.case.refresh_from_db()
        assert undone.case.state == "in_handling"
        assert facts_add_up(undone.case)[-2:] == [("review", "taken_back"), ("handling", "")]

    def test_leaves_a_report_that_nobody_reads_and_the_pictures(self, order, secretary):
        sign(order, secretary)
        report(order, secretary, photos=[("after", SimpleUploadedFile("after.png", PNG, "image/png"))])
        undone = undo(order, secretary, REPORTED + SECOND)
        assert list(undone.reports.all()) == []
        assert Report.everything.get().taken_back_at == REPORTED + SECOND
        assert Attachment.objects.count() == 1

    def test_may_follow_again_and_be_approved(self, city, order, secretary):
        sign(order, secretary)
        report(order, secretary)
        undo(order, secretary, REPORTED + SECOND)
        services.report(order.pk, text="真的清走了。", told_way="phone", by=secretary, now=REPORTED + MINUTE)
        services.approve(order.pk, by=Actor.staff(city.staff["reviewer"]), now=REPORTED + 2 * MINUTE)
        assert [row.text for row in Report.objects.filter(work_order=order)] == ["真的清走了。"]

    def test_stays_when_it_was_reviewed(self, city, order, secretary):
        sign(order, secretary)
        report(order, secretary)
        reviewer = Actor.staff(city.staff["reviewer"])
        services.send_back(order.pk, reason="not_handled", opinion="补照片", by=reviewer, now=REPORTED + SECOND)
        with pytest.raises(Refused):
            undo(order, secretary, REPORTED + 2 * SECOND)


class TestAReportThatWasKept:
    def send(self, order, by, key="k-1", text="已清走。", now=REPORTED, **given):
        photos = [("after", SimpleUploadedFile("after.png", PNG, "image/png"))]
        return services.report_once(
            order.pk, key=key, text=text, told_way="phone", photos=photos, by=by, now=now, **given
        )

    @pytest.fixture
    def ready(self, order, secretary):
        sign(order, secretary)
        services.record_contact(order.pk, way="phone", result="reached", by=secretary, now=SIGNED + MINUTE)
        order.refresh_from_db()
        return order

    def test_counts_once_however_often_it_arrives(self, ready, secretary):
        first = self.send(ready, secretary)
        assert self.send(ready, secretary, now=REPORTED + MINUTE) == first
        assert (Report.objects.count(), Attachment.objects.count()) == (1, 1)

    def test_answers_the_second_time_whatever_version_it_brings(self, ready, secretary):
        first = self.send(ready, secretary, row_version=ready.row_version)
        assert self.send(ready, secretary, row_version=99) == first

    def test_leaves_its_key_free_when_it_was_refused(self, ready, secretary):
        with pytest.raises(StalePage):
            self.send(ready, secretary, row_version=1)
        assert self.send(ready, secretary, row_version=ready.row_version)["number"] == ready.number

    def test_does_not_stand_in_for_another_report(self, ready, secretary):
        self.send(ready, secretary)
        with pytest.raises(KeyReused):
            self.send(ready, secretary, text="别的话")
