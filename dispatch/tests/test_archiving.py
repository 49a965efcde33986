"""归档: when, and that nothing changes afterwards but annotations."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockOutcome, DoubtKind
from dispatch.models import Annotation, CallBack, Clock, Round, StageFact, WorkOrder
from dispatch.services import annotate_case, archive_some, open_check, plan_call_back, redo_case
from dispatch.tests.after import DAY, HOUR, closed_case, make_people, rate
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from intake import services as intake
from intake.models import Case
from intake.services import Scores, answer_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, Refused
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def people(city):
    return make_people(city)


@pytest.fixture
def archived(city, people) -> Case:
    case = closed_case(city, people)
    archive_some(by=SYSTEM, now=NOON + 9 * DAY)
    case.refresh_from_db()
    return case


def test_a_case_is_archived_seven_days_after_its_end(city, people):
    case = closed_case(city, people)
    assert archive_some(by=SYSTEM, now=case.closed_at + 7 * DAY - timedelta(seconds=1)) == 0
    assert archive_some(by=SYSTEM, now=case.closed_at + 7 * DAY) == 1
    closed_at = case.closed_at
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("archived", closed_at)
    assert not Clock.objects.filter(case=case, outcome=ClockOutcome.RUNNING).exists()
    assert CallBack.objects.get(case=case).state == "lapsed"
    assert archive_some(by=SYSTEM, now=case.closed_at + 8 * DAY) == 0


def test_an_answer_is_archived_without_writing_its_fact_twice(city, people):
    case = new_case(city, accept=False)
    answer_case(case.pk, answer="早七点至九点。", by=Actor.staff(city.staff["agent"]), now=NOON)
    facts = StageFact.objects.filter(case=case).count()
    assert archive_some(by=SYSTEM, now=NOON + 8 * DAY) == 1
    assert StageFact.objects.filter(case=case).count() == facts == 1


def test_what_is_still_decided_about_is_not_archived(city, people):
    doubted, waits = closed_case(city, people), closed_case(city, people, phone="13800138001", now=NOON + HOUR)
    open_check(doubted.pk, 1, DoubtKind.NOT_SOLVED, {}, now=NOON + DAY)
    Round.objects.filter(case=waits).update(awaits_redo=True)
    assert archive_some(by=SYSTEM, now=NOON + 20 * DAY) == 0


def test_an_open_case_is_never_archived(city, people):
    case = closed_case(city, people)
    rate(case, 1, now=NOON + DAY)
    assert archive_some(by=SYSTEM, now=NOON + 30 * DAY) == 0


def test_an_archived_case_is_annotated_and_nothing_else(city, people, archived):
    annotate_case(archived.pk, text="市民再次来电致谢", by=people.street, now=NOON + 10 * DAY)
    found = Annotation.objects.get(case=archived)
    assert (found.text, found.by) == ("市民再次来电致谢", people.street.name)
    assert AuditEntry.objects.get(object_id=archived.pk, action="case.annotated").note == "市民再次来电致谢"
    with pytest.raises(BadInput):
        annotate_case(archived.pk, text=" \n", by=people.street, now=NOON + 10 * DAY)
    with pytest.raises(BadInput):
        annotate_case(archived.pk, text="长" * 1001, by=people.street, now=NOON + 10 * DAY)
    with pytest.raises(NotAllowed):
        annotate_case(archived.pk, text="批注", by=people.caller, now=NOON + 10 * DAY)


def test_nothing_is_annotated_before_the_archive(city, people):
    case = closed_case(city, people)
    with pytest.raises(IllegalMove):
        annotate_case(case.pk, text="批注", by=people.street, now=NOON + DAY)


def test_every_service_refuses_an_archived_case(city, people, archived):
    """Whatever anybody does to an archived case is refused, and leaves not a row behind."""
    from dispatch import services as dispatch

    order = WorkOrder.objects.get(case=archived)
    other = closed_case(city, people, phone="13800138001", now=NOON + 9 * DAY)
    call = CallBack.objects.get(case=archived)
    now, staff = NOON + 10 * DAY, city.staff
    by = {name: Actor.staff(staff[name]) for name in ("agent", "city_dispatcher", "shift_leader")}
    citizen, unit, pk = Actor.citizen("track"), archived.holder, archived.pk
    claimed = {"claimed_by": people.caller.user, "claimed_until": now + HOUR}
    CallBack.objects.filter(pk=call.pk).update(state="waiting", **claimed)
    steps = {
        "evaluate": lambda: intake.evaluate_case(pk, Scores(1), via="track", by=citizen, now=now),
        "rating link": lambda: intake.create_rating_link(pk, by=by["agent"], now=now),
        "add": lambda: intake.add_supplement(pk, "再补充", via="track", by=citizen, now=now),
        "urge": lambda: intake.add_supplement(pk, "", kind="urged", via="track", by=citizen, now=now),
        "withdraw": lambda: intake.withdraw_case(pk, reason="不用了", via="track", by=citizen, now=now),
        "reclassify": lambda: intake.reclassify_case(pk, item_code="T02", by=by["city_dispatcher"], now=now),
        "accept": lambda: intake.accept_case(pk, by=by["agent"], now=now),
        "answer": lambda: intake.answer_case(pk, answer="答复", by=by["agent"], now=now),
        "refuse": lambda: intake.propose_refusal(pk, reason="duplicate", by=by["agent"], now=now),
        "link": lambda: intake.link_cases(other.pk, pk, by=by["city_dispatcher"], now=now),
        "hand over": lambda: intake.hand_over(pk, service="110", note="转警", by=by["agent"], now=now),
        "dispatch": lambda: dispatch.dispatch_by_hand(pk, unit_id=unit.pk, by=by["city_dispatcher"], now=now),
        "sign": lambda: dispatch.sign(order.pk, by=people.secretary, now=now),
        "contact": lambda: dispatch.record_contact(
            order.pk, way="phone", result="reached", note="", by=people.secretary, now=now
        ),
        "hand down": lambda: dispatch.hand_down(order.pk, unit_id=unit.pk, by=people.secretary, now=now),
        "report": lambda: dispatch.report(order.pk, text="再报", told_way="phone", by=people.secretary, now=now),
        "approve": lambda: dispatch.approve(order.pk, by=people.district, now=now),
        "send back": lambda: dispatch.send_back(
            order.pk, reason="not_handled", opinion="重做", by=people.district, now=now
        ),
        "redo": lambda: redo_case(pk, reason="重办", by=people.supervisor, now=now),
        "call back": lambda: dispatch.record_call_back(
            call.pk, result="reached", is_solved=False, is_told=False, by=people.caller, now=now
        ),
        "urge unit": lambda: dispatch.urge_case(pk, text="请尽快", by=people.supervisor, now=now),
        "supervise": lambda: dispatch.supervise(pk, text="请尽快", by=people.supervisor, now=now),
        "file": lambda: intake.add_attachment(pk, "evidence", _file(), by=by["agent"], now=now),
    }
    before = _rows_of(archived)
    taken = [name for name, step in steps.items() if not _is_refused(step)]
    assert taken == []
    assert _rows_of(archived) == before


def _is_refused(step) -> bool:
    try:
        step()
    except Refused:
        return True
    return False


def _file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    from dispatch.tests.desks import PNG

    return SimpleUploadedFile("a.png", PNG, "image/png")


def _rows_of(case: Case) -> tuple:
    """Return what a case is made of, as far as a step would leave a trace."""
    entries = AuditEntry.objects.filter(object_type=Case._meta.label_lower, object_id=case.pk).count()
    state = Case.objects.filter(pk=case.pk).values_list("state", "round", "row_version", "item", "holder").get()
    return entries, state, case.work_orders.count(), case.attachments.count(), case.evaluations.count()


def test_a_call_is_not_planned_for_what_is_archived(city, people, archived):
    assert CallBack.objects.filter(case=archived).count() == 1
    assert plan_call_back(Case(pk=archived.pk, citizen_id=None), NOON) is None
