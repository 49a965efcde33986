"""What may be tried on a case, by whom, and what must hold after every try: the vocabulary of test_random_life.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from dispatch import services
from dispatch.models import CaseRequest, Clock, Docket, StageFact, Supervision, WorkOrder
from dispatch.services.escalating import escalate
from dispatch.workflow import ACTIVE_STATES
from dispatch.workflow import OPEN_STATES as OPEN_ORDERS
from intake import services as intake
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, OPEN_STATES, REGISTERED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.verification import verify_object

SYSTEM = Actor.system("test")
PEOPLE = (
    "community_secretary", "grid_officer", "handler", "reviewer", "district_reviewer", "district_dispatcher",
    "dispatch_manager", "agent", "supervisor", "callback_agent", "other_secretary", "leader", "nobody", "root",
)  # fmt: skip
HELPLESS = {"nobody", "root", "other_secretary"}  # no step of this case is ever theirs


class Stage(SimpleNamespace):
    """One case in the city: `case_id`, `city`, `now`, and a hand that draws (`pick`)."""

    @property
    def case(self) -> Case:
        """Return the case as it stands."""
        return Case.objects.get(pk=self.case_id)

    @property
    def lead(self) -> WorkOrder | None:
        """Return the work order somebody must act on, else the last one."""
        orders = WorkOrder.objects.filter(case=self.case_id, role="lead").order_by("-seq")
        return orders.filter(state__in=ACTIVE_STATES).first() or orders.first()

    @property
    def part(self) -> WorkOrder | None:
        """Return a co-task, an open one first."""
        parts = WorkOrder.objects.filter(case=self.case_id).exclude(role="lead").order_by("-seq")
        return parts.filter(state__in=OPEN_ORDERS).first() or parts.first()

    @property
    def request(self) -> CaseRequest | None:
        """Return a request, an open one first."""
        found = CaseRequest.objects.filter(case=self.case_id).order_by("-id")
        return found.filter(state="open").first() or found.first()


def _on(target: str, verb: Callable, **given: Any) -> Callable[[Stage, Actor], Any]:
    """Return a try: `verb` on the id of `target`; a value that is a function is asked for when it is tried."""

    def attempt(stage: Stage, by: Actor):
        found = stage.case_id if target == "case" else getattr(stage, target)
        if found is None:
            return None
        values = {name: value(stage) if callable(value) else value for name, value in given.items()}
        return verb(found if target == "case" else found.pk, **values, by=by, now=stage.now)

    return attempt


def _ask(kind: str, **value: Any):
    return _on("lead", services.ask, kind=kind, reason="需要", value=lambda stage: {
        name: given(stage) if callable(given) else given for name, given in value.items()})  # fmt: skip


def _in_days(days: int):
    return lambda stage: (stage.now + timedelta(days=days)).date()


def _score(stage: Stage) -> intake.Scores:
    return intake.Scores(overall=stage.pick((1, 1, 5)))


TRIES: dict[str, Callable[[Stage, Actor], Any]] = {
    "sign": _on("lead", services.sign),
    "contact": _on("lead", services.record_contact, way="phone", result="reached", note="已联系"),
    "tell": _on("lead", services.tell_citizen, kind="accepted", way="phone"),
    "report": _on("lead", services.report, text="纸箱已清走，楼道通畅。", told_way="phone"),
    "approve": _on("lead", services.approve, opinion="同意"),
    "send_back": _on("lead", services.send_back, reason="perfunctory", opinion="请补充照片"),
    "hand_down": _on("lead", services.hand_down, unit_id=lambda s: s.city.stations[0][0][1].pk, note="请处理"),
    "refuse_entry": _on("lead", services.refuse_entry, note="不在本社区清单"),
    "dispatch": _on(
        "case", services.dispatch_by_hand, note="按职责",
        unit_id=lambda s: s.pick((s.city.stations[0][0][0], s.city.bureaus[0]["urban_management"])).pk,
    ),
    "ask_return": _ask("return"),
    "ask_extend": _ask("extend", days=2),
    "ask_suspend": _ask("suspend", until=_in_days(3)),
    "ask_stage_close": _ask("stage_close", until=_in_days(9), told_way="phone"),
    "ask_void": _ask("void"),
    "appeal": _on("case", lambda case_id, **given: services.ask(
        None, case_id=case_id, kind="score_appeal", reason="评分有误", **given)),
    "agree": _on("request", services.decide_request, agreed=True, opinion="同意"),
    "disagree": _on("request", services.decide_request, agreed=False, opinion="不同意"),
    "withdraw_request": _on("request", services.withdraw_request),
    "wake": _on("case", services.wake_case, opinion="条件具备"),
    "add_co": _on("lead", services.add_co_handler, unit_id=lambda s: s.city.bureaus[0]["water"].pk, task="看一下管道"),
    "add_own_co": _on(
        "lead", services.add_co_handler, unit_id=lambda s: s.city.bureaus[0]["urban_management"].pk, task="清运"
    ),
    "order": _on(
        "lead", services.order_to_spot, unit_ids=lambda s: [s.city.bureaus[0]["urban_management"].pk],
        task="到场处置", place="5栋楼下",
    ),
    "part_sign": _on("part", services.sign),
    "part_arrive": _on("part", services.note_arrival, names="张伟明"),
    "part_report": _on("part", services.report, text="已清运。"),
    "accept_part": _on("part", services.accept_part, opinion="认可"),
    "refuse_part": _on("part", services.refuse_part, reason="perfunctory", opinion="没有清完"),
    "take_part_back": _on("part", services.take_part_back, reason="不需要了"),
    "close_spot": _on("part", services.close_spot, result="已处置"),
    "urge": _on("case", services.urge_case, text="请尽快"),
    "supervise": _on("case", services.supervise, text="限期办结"),
    "confirm_supervision": _on("case", services.confirm_supervision),
    "end_supervision": _on("case", services.end_supervision, result="已督促"),
    "instruct": _on("case", services.instruct, text="请重视"),
    "evaluate": _on("case", intake.evaluate_case, scores=_score, via="agent"),
    "redo": _on("case", services.redo_case, reason="问题仍在"),
    "annotate": _on("case", services.annotate_case, text="备查"),
    "withdraw": _on("case", intake.withdraw_case, reason="已解决", via="agent"),
}  # fmt: skip

# What the machine does by itself, at any moment.
SWEEPS: tuple[Callable[[Stage], Any], ...] = (
    lambda s: services.dispatch_awaiting(by=SYSTEM, now=s.now),
    lambda s: services.redo_some(now=s.now),
    lambda s: services.wake_next(by=SYSTEM, now=s.now),
    lambda s: services.archive_some(by=SYSTEM, now=s.now),
    lambda s: escalate(by=SYSTEM, now=s.now),
    lambda s: services.publish_due(by=SYSTEM, now=s.now),
)


def likely(stage: Stage) -> tuple[str, str] | None:
    """Return a step that the state asks for, or allows, and somebody whose it is, so that lives get somewhere."""
    case, order, part, request = stage.case, stage.lead, stage.part, stage.request
    if request is not None and request.state == "open":
        return stage.pick(("agree", "disagree", "agree")), _decider(stage, request.deciding_unit)
    if part is not None and part.state in OPEN_ORDERS:
        return stage.pick(OF_PARTS[part.state]), stage.pick(("handler", _worker(stage, order.unit)))
    if case.state in OF_CASES:
        return stage.pick(OF_CASES[case.state])
    if order is None or order.state not in ACTIVE_STATES:
        return None
    if order.state == "under_review":
        return stage.pick(("approve", "approve", "send_back")), _decider(stage, order.review_unit)
    steps = SIGNED if order.contacted_at else OF_ORDERS[order.state]
    return stage.pick(steps), _worker(stage, order.unit)


OF_CASES = {
    "awaiting_dispatch": [("dispatch", "district_dispatcher")],
    "closed": [("evaluate", "agent"), ("evaluate", "agent"), ("appeal", "community_secretary"), ("redo", "supervisor")],
    "suspended": [("wake", "district_reviewer")],
    "stage_closed": [("wake", "district_reviewer")],
    "archived": [("annotate", "agent")],
}
OF_ORDERS = {
    "pending_sign": ["sign", "sign", "sign", "ask_return", "ask_extend", "refuse_entry"],
    "handling": ["contact", "contact", "contact", "ask_return", "ask_void", "order"],
}
SIGNED = [
    "report", "report", "report", "ask_return", "ask_extend", "ask_suspend", "ask_stage_close", "add_own_co", "order",
    "hand_down", "tell",
]  # fmt: skip
OF_PARTS = {
    "pending_sign": ["part_sign", "part_sign", "part_arrive", "take_part_back"],
    "handling": ["part_report", "part_arrive", "close_spot"],
    "under_review": ["accept_part", "accept_part", "refuse_part", "close_spot"],
}


def _worker(stage: Stage, unit) -> str:
    if unit.kind == "community":
        return "community_secretary"
    return "handler" if unit == stage.city.bureaus[0]["urban_management"] else "district_dispatcher"


def _decider(stage: Stage, unit) -> str:
    return "reviewer" if unit == stage.city.offices[0][0] else "district_reviewer"


def state_of(case_id: int) -> tuple:
    """Return everything a refused step must leave alone."""
    tables = (WorkOrder, Clock, StageFact, CaseRequest, Supervision)
    rows = [list(table.objects.filter(case=case_id).order_by("pk").values()) for table in tables]
    return Case.objects.values().get(pk=case_id), rows, AuditEntry.objects.count()


def check(stage: Stage, before: dict[int, tuple]) -> dict[int, tuple]:
    """Assert what must always hold; returns the clocks as they are now, for the next time."""
    case = stage.case
    orders = list(WorkOrder.objects.filter(case=case).order_by("seq"))
    _one_accountable_unit(case, orders)
    _facts_add_up(case, orders, stage.now)
    _nothing_open_after_the_end(case, orders)
    assert verify_object("intake.case", case.pk).faults == 0
    return _clocks_hold(case, orders, before)


def _one_accountable_unit(case: Case, orders: list[WorkOrder]) -> None:
    active = [order for order in orders if order.role == "lead" and order.state in ACTIVE_STATES]
    is_with_units = case.state in OPEN_STATES and case.state not in (REGISTERED, AWAITING_DISPATCH)
    assert len(active) == is_with_units, (case.state, [(order.seq, order.role, order.state) for order in orders])
    assert case.holder_id is not None


def _facts_add_up(case: Case, orders: list[WorkOrder], now) -> None:
    facts = list(StageFact.objects.filter(case=case, role="lead").order_by("id"))
    running = [fact for fact in facts if fact.ended_at is None]
    was_dispatched = any(order.role == "lead" for order in orders)
    assert len(running) == (case.state in OPEN_STATES and was_dispatched), (case.state, facts)
    if running and running[0].work_order_id:
        order = next(order for order in orders if order.pk == running[0].work_order_id)
        is_reviewed = order.state == "under_review"
        assert running[0].unit_id == (order.review_unit_id if is_reviewed else order.unit_id)
    for round_number in {fact.round for fact in facts}:
        own = [fact for fact in facts if fact.round == round_number]
        for one, following in zip(own, own[1:], strict=False):
            assert one.ended_at == following.started_at, (one, following)
    if facts:
        assert facts[0].started_at == case.registered_at


def _nothing_open_after_the_end(case: Case, orders: list[WorkOrder]) -> None:
    if case.state in OPEN_STATES:
        return
    assert not [order for order in orders if order.state in OPEN_ORDERS], case.state
    late = Clock.objects.filter(case=case, outcome="running").exclude(kind__in=["call_back", "appeal"])
    if Docket.objects.open().filter(case=case).exists():  # 先办后议: who is responsible is ruled after the work too
        late = late.exclude(kind="ruling")
    assert not late.exists(), [str(clock) for clock in late]
    assert not CaseRequest.objects.filter(case=case, state="open").exclude(kind="score_appeal").exists()


def _clocks_hold(case: Case, orders: list[WorkOrder], before: dict[int, tuple]) -> dict[int, tuple]:
    """A clock that was written is never written anew, and a later one of the same matter never starts later."""
    clocks = list(Clock.objects.filter(case=case).order_by("pk"))
    rounds = {order.pk: (order.round, order.role) for order in orders}
    first: dict[tuple, Any] = {}
    for clock in clocks:
        assert clock.due_at > clock.started_at
        told = (clock.started_at, clock.due_at)
        assert before.get(clock.pk, told) == told, f"{clock.kind} was moved"
        if clock.kind == "overall":
            assert first.setdefault("overall", clock.started_at) == clock.started_at, "the overall clock began afresh"
        if clock.kind == "handling" and rounds[clock.work_order_id][1] == "lead":
            key = ("handling", rounds[clock.work_order_id][0])
            assert first.setdefault(key, clock.started_at) == clock.started_at, "the handling clock began afresh"
    if case.state in OPEN_STATES and case.due_at and case.state not in ("suspended", "stage_closed"):
        assert any(clock.kind == "overall" and clock.outcome == "running" for clock in clocks)
    return {clock.pk: (clock.started_at, clock.due_at) for clock in clocks}
