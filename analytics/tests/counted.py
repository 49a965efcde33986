"""Forty cases of one November, taken through the services: what test_hand_counted.py counts by hand.

Unless told otherwise a case is about litter in the first community (T01: the community answers, 5 working days), is
registered on Tuesday the 3rd at 10:00, signed, contacted and reported at 11:00, and closed at 12:00: 120 minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from django.core.management import call_command

from dispatch import services as dispatch
from dispatch.choices import DoubtKind
from dispatch.models import CallBack, WorkOrder
from dispatch.tests.changes import change
from dispatch.tests.world import SYSTEM, make_world, new_case
from dispatch.workflow import OPEN_STATES, UNDER_REVIEW
from dutylist.services import NewLine
from grid.choices import Act
from grid.tests.factories import grant, make_staff
from intake import services as intake
from intake.models import Call, Case, Channel, RefusalReason
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.worktime import SHANGHAI

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 11, 3, 10, 0, tzinfo=SHANGHAI)
ACTS = [
    Act.REGISTER_CASE, Act.CONFIRM_REFUSAL, Act.DISPATCH_CASE, Act.HANDLE_CASE, Act.HAND_DOWN, Act.REVIEW_CASE,
    Act.DECIDE_REQUEST, Act.SUPERVISE_CASE, Act.CALL_BACK,
]  # fmt: skip


class Month:
    """The city, two people who may do everything in it, and the steps a case can take."""

    def __init__(self):
        self.city: SimpleNamespace = make_world()
        for command in ("load_refusal_reasons", "load_request_reasons", "load_indicators"):
            call_command(command, verbosity=0)
        self.one, self.other = (
            Actor.staff(grant(make_staff(name, self.city.centre), [act.value for act in ACTS], self.city.centre))
            for name in ("everybody", "another")
        )

    def registered(self, *, now: datetime = START, **given) -> Case:
        return new_case(self.city, now=now, **given)

    def dispatched(self, *, now: datetime = START, **given) -> Case:
        case = self.registered(now=now, **given)
        dispatch.dispatch_awaiting(by=SYSTEM, now=now)
        return case

    def order(self, case: Case) -> WorkOrder:
        return WorkOrder.objects.filter(case=case, state__in=OPEN_STATES).latest("seq")

    def handle(self, case: Case, now: datetime) -> WorkOrder:
        """Sign, contact and report what is open of a case."""
        order = self.order(case)
        dispatch.sign(order.pk, by=self.one, now=now)
        if case.citizen_id:
            dispatch.record_contact(order.pk, way="phone", result="reached", by=self.one, now=now)
        dispatch.report(order.pk, text="已清走。", told_way="phone" if case.citizen_id else "", by=self.one, now=now)
        return order

    def review(self, case: Case, now: datetime) -> Case:
        """Approve what is reported, level by level, until the case is closed."""
        while order := WorkOrder.objects.filter(case=case, state=UNDER_REVIEW).order_by("-seq").first():
            dispatch.approve(order.pk, by=self.other, now=now)
        case.refresh_from_db()
        assert case.state == "closed"
        return case

    def close(self, case: Case, now: datetime = START + HOUR) -> Case:
        self.handle(case, now)
        return self.review(case, now + HOUR)

    def closed(self, *, now: datetime = START, **given) -> Case:
        return self.close(self.dispatched(now=now, **given), now + HOUR)

    def rate(self, case: Case, overall: int, now: datetime = START + DAY):
        found = intake.evaluate_case(case.pk, intake.Scores(overall), via="track", by=Actor.citizen("track"), now=now)
        case.refresh_from_db()
        return found

    def decide(self, request, now: datetime, *, agreed: bool = True) -> None:
        dispatch.decide_request(request.pk, agreed=agreed, opinion="情况属实", by=self.other, now=now)


def forty_cases(month: Month) -> None:
    """Make the month; the letters are those of the table in test_hand_counted.py."""
    for _number in range(8):  # a: plain
        month.closed()
    for _number in range(5):  # b: found good
        month.rate(month.closed(), 5)
    _found_not_good(month)
    _late_extended_returned(month)
    _ended_early(month)
    for _number in range(2):  # p: in the other district, handled by its community
        case = month.closed(area=month.city.communities[1][0][0].code)
    month.rate(case, 4)
    _beside(month)
    month.dispatched()  # w: never signed
    month.closed(phone="", name="")  # x: nobody is known who could be contacted or told
    _law_enforcement(month)
    _calls(month)


def _found_not_good(month: Month) -> None:
    for second in (5, None):  # c: done again on the 4th; one of them rated again, and good
        case = month.closed()
        month.rate(case, 1)
        month.close(case, START + DAY + HOUR)
        if second:
            month.rate(case, second, START + 2 * DAY)
    case = month.closed()  # d: the score is taken out on appeal while the case is done again
    month.rate(case, 1)
    appeal = dispatch.ask(
        None, case_id=case.pk, kind="score_appeal", reason="评分有误", by=month.one, now=START + DAY + HOUR
    )
    month.decide(appeal, START + DAY + 2 * HOUR)
    month.close(case, START + DAY + 3 * HOUR)


def _late_extended_returned(month: Month) -> None:
    monday = START - DAY
    for _number in range(2):  # e: due on the 9th and, all in all, on the 12th at 18:00; closed on the 16th at 11:00
        month.close(month.dispatched(now=monday), monday + 14 * DAY)
    case = month.dispatched()  # f: two working days more; closed on the 13th at 11:00, in time by then
    request = dispatch.ask(
        month.order(case).pk, kind="extend", reason="等材料", value={"days": 2}, by=month.one, now=START + HOUR
    )
    month.decide(request, START + HOUR)
    order = month.order(case)
    dispatch.sign(order.pk, by=month.one, now=START + HOUR)
    dispatch.record_contact(order.pk, way="phone", result="reached", by=month.one, now=START + HOUR)
    dispatch.report(order.pk, text="已清走。", told_way="phone", by=month.one, now=START + 9 * DAY)
    month.review(case, START + 10 * DAY + HOUR)
    case = month.dispatched()  # g: given back by the community; the bureau handles it
    request = dispatch.ask(month.order(case).pk, kind="return", reason="非职责", by=month.one, now=START + HOUR)
    month.decide(request, START + HOUR)
    bureau = month.city.bureaus[0]["urban_management"]
    dispatch.dispatch_by_hand(case.pk, unit_id=bureau.pk, note="裁定", by=month.one, now=START + HOUR)
    month.close(case, START + HOUR)
    case = month.dispatched()  # h: may not be given back
    request = dispatch.ask(month.order(case).pk, kind="return", reason="非职责", by=month.one, now=START + HOUR)
    month.decide(request, START + HOUR, agreed=False)
    month.close(case)
    case = month.registered()  # i: by hand to the subdistrict, which hands it down to the community
    office = month.city.offices[0][0]
    dispatch.dispatch_by_hand(case.pk, unit_id=office.pk, note="街道统筹", by=month.one, now=START)
    order = month.order(case)
    dispatch.sign(order.pk, by=month.one, now=START)
    dispatch.hand_down(order.pk, unit_id=month.city.stations[0][0][0].pk, by=month.one, now=START)
    month.close(case)


def _ended_early(month: Month) -> None:
    case = month.dispatched()  # j: void, at the unit's request
    request = dispatch.ask(month.order(case).pk, kind="void", reason="误登", by=month.one, now=START + HOUR)
    month.decide(request, START + HOUR)
    case = month.registered()  # k: withdrawn before it was dispatched
    intake.withdraw_case(case.pk, reason="已解决", via="agent", by=month.one, now=START + HOUR)
    reason = RefusalReason.objects.filter(is_active=True).first().code
    case = month.registered(accept=False)  # l: not accepted
    refusal = intake.propose_refusal(case.pk, reason=reason, by=month.one, now=START + HOUR)
    intake.confirm_refusal(refusal.pk, by=month.other, now=START + HOUR)
    for _number in range(2):  # m: answered on the spot
        case = month.registered(accept=False)
        intake.answer_case(case.pk, answer="周末不收。", by=month.one, now=START)
    case = month.registered(accept=False)  # n: answered on the spot, and then done after all, on the 4th
    intake.answer_case(case.pk, answer="周末不收。", by=month.one, now=START)
    dispatch.redo_case(case.pk, reason="仍未解决", by=month.one, now=START + DAY)
    dispatch.dispatch_awaiting(by=SYSTEM, now=START + DAY)
    month.close(case, START + DAY + HOUR)


def _beside(month: Month) -> None:
    case = month.dispatched()  # q: told that it was taken on
    order = month.order(case)
    dispatch.sign(order.pk, by=month.one, now=START)
    dispatch.tell_citizen(order.pk, kind="accepted", way="phone", by=month.one, now=START)
    dispatch.record_contact(order.pk, way="phone", result="reached", by=month.one, now=START)
    dispatch.report(order.pk, text="已清走。", told_way="phone", by=month.one, now=START + HOUR)
    month.review(case, START + 2 * HOUR)
    case = month.dispatched()  # r: urged twice, reported, sent back, reported again
    for _number in range(2):
        dispatch.urge_case(case.pk, text="请尽快", by=month.one, now=START)
    order = month.handle(case, START + HOUR)
    dispatch.send_back(order.pk, reason="perfunctory", opinion="请补充", by=month.other, now=START + HOUR)
    dispatch.report(order.pk, text="全部清走。", told_way="phone", by=month.one, now=START + HOUR)
    month.review(case, START + 2 * HOUR)
    case = month.dispatched()  # s: supervised
    dispatch.supervise(case.pk, text="限期办结", by=month.one, now=START)
    month.close(case)
    case = month.closed()  # t: a false closing, done again
    check = dispatch.open_check(case.pk, 1, DoubtKind.NOT_SOLVED, {}, now=START + 3 * HOUR)
    dispatch.decide_check(check.pk, confirmed=True, opinion="未清走", by=month.other, now=START + DAY)
    month.close(case, START + DAY + HOUR)
    for is_solved in (True, False):  # u, v: called back; what is not solved is done again
        case = month.closed()
        call = CallBack.objects.get(case=case)
        dispatch.claim_call_back(call.pk, by=month.one, now=START + DAY)
        dispatch.record_call_back(
            call.pk, result="reached", is_solved=is_solved, is_told=True, by=month.one, now=START + DAY
        )
        if not is_solved:
            month.close(case, START + DAY + HOUR)


def _law_enforcement(month: Month) -> None:
    """Close two cases, o, of what satisfaction is not measured by, from the 18th on: one found bad, one good."""
    change(month.city, NewLine(kind="change", code="T01", changes={"counts_satisfaction": False}, policy="keep"))
    for overall in (1, 5):
        case = month.closed(now=START + 15 * DAY + HOUR)
        month.rate(case, overall, START + 16 * DAY)


def _calls(month: Month) -> None:
    """Four calls, three of them answered within 15 seconds; one more in December."""
    channel = Channel.objects.get(code="hotline")
    for number, (rang_at, wait) in enumerate(
        [(START, 3), (START, 15), (START + DAY, 9), (START, 40), (START + 40 * DAY, 1)]
    ):
        Call.objects.create(
            channel=channel, external_id=f"call-{number}", state="ended", rang_at=rang_at, received_at=rang_at,
            answered_at=rang_at + timedelta(seconds=wait),
        )  # fmt: skip
