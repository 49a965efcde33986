"""Delivery: in order, again with pauses, stuck in the end, and mended by a person. Nothing is lost or doubled."""

from datetime import timedelta

import pytest

from dispatch.exchange.messages import Message
from dispatch.exchange.sending import Outcome, read_answer
from dispatch.models import ExchangeCase, ExchangeMessage
from dispatch.services import drop_message, retry_message, tell_case
from dispatch.services.exchange import delivering
from dispatch.tests.exchange import NOON, deliver, hand_over, make_peer, sent
from dispatch.tests.world import SYSTEM, make_world
from intake.services import add_supplement, withdraw_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.http import Answer, CallFailed
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
EXCHANGE = Actor.system("exchange")
CITIZEN = Actor.citizen("track")


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def case(city):
    make_peer(city)
    return hand_over(city)


class Line:
    """The other side of the line: gives the answers it is told to, then good ones."""

    def __init__(self):
        self.said: list[Message] = []
        self.answers: list = []

    def __call__(self, given, peer):
        self.said.append(given)
        return self.answers.pop(0) if self.answers else Outcome("done", answer={"id": given.id, "number": "PS-7"})


@pytest.fixture
def line(monkeypatch):
    made = Line()
    monkeypatch.setattr(delivering, "send", made)
    return made


def test_messages_go_in_order_and_name_the_one_before(case, line):
    tell_case(case, "urge", {"text": "请尽快"}, now=NOON)
    deliver()
    assert [(one.kind, one.seq, one.after, one.peer_number) for one in line.said] == [
        ("report", 1, 0, ""),
        ("urge", 2, 1, "PS-7"),
    ]
    assert {row.state for row in sent()} == {"done"}


def test_what_fails_is_tried_again_after_growing_pauses_and_holds_back_what_follows(case, line):
    tell_case(case, "urge", {"text": "请尽快"}, now=NOON)
    line.answers = [Outcome("waiting", "503", reached=False)] * 3
    pauses, now = [], NOON
    for _ in range(3):
        deliver(now)
        row = sent("report")[0]
        pauses.append((row.next_try_at - now).total_seconds())
        now = row.next_try_at
    assert pauses == [30, 60, 120]
    assert [one.kind for one in line.said] == ["report"] * 3
    deliver(now)
    assert [one.kind for one in line.said[3:]] == ["report", "urge"]


def test_in_the_end_it_is_stuck_until_somebody_sends_it_again(case, line):
    line.answers = [Outcome("waiting", "503")] * 14
    now = NOON
    for _ in range(14):
        deliver(now)
        now += timedelta(hours=2)
    row = sent("report")[0]
    assert (row.state, row.tries, row.problem) == ("stuck", 14, "503")
    assert deliver(now) == []
    retry_message(row.pk, by=SYSTEM, now=now)
    assert [one.state for one in deliver(now)] == ["done"]
    assert AuditEntry.objects.filter(action="exchange.retried", object_id=case.pk).exists()


def test_a_dropped_message_lets_the_next_one_pass(case, line):
    tell_case(case, "urge", {"text": "一"}, now=NOON)
    tell_case(case, "urge", {"text": "二"}, now=NOON)
    line.answers = [Outcome("done", answer={"number": "PS-7"}), Outcome("stuck", "400")]
    deliver()
    drop_message(sent("urge")[0].pk, note="内容有误", by=SYSTEM, now=NOON)
    deliver()
    assert (line.said[-1].body, line.said[-1].seq, line.said[-1].after) == ({"text": "二"}, 3, 1)


def test_what_was_refused_passes_and_is_said_again_as_a_new_message(case, line):
    tell_case(case, "urge", {"text": "请尽快"}, now=NOON)
    line.answers = [Outcome("done"), Outcome("refused", "422 · refused")]
    deliver()
    refused = sent("urge")[0]
    again = retry_message(refused.pk, by=SYSTEM, now=NOON)
    refused.refresh_from_db()
    assert (refused.state, again.seq, again.body) == ("dropped", 3, refused.body)
    assert again.message_id != refused.message_id
    deliver()
    assert (line.said[-1].seq, line.said[-1].after) == (3, 1)


def test_a_worker_killed_after_sending_sends_the_same_message_again(case, line, monkeypatch):
    monkeypatch.setattr(delivering, "_close", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deliver()
    monkeypatch.undo()
    monkeypatch.setattr(delivering, "send", line)
    assert deliver(NOON + timedelta(seconds=59)) == []
    deliver(NOON + timedelta(seconds=61))
    assert len({one.id for one in line.said}) == 1
    assert sent("report")[0].state == "done"


def test_a_slow_worker_does_not_undo_what_a_faster_one_wrote(case, line):
    row = sent("report")[0]
    deliver()
    assert delivering._close(row.pk, Outcome("stuck", "late"), NOON) == "done"
    assert sent("report")[0].state == "done"


def test_a_platform_out_of_use_is_sent_nothing(case, line):
    link = ExchangeCase.objects.get()
    type(link.peer).objects.update(is_active=False)
    assert deliver() == []


def test_only_administrators_of_the_platform_mend_and_only_what_is_open(city, case, line):
    row = sent("report")[0]
    for name, refusal in (("city_dispatcher", NotAllowed), ("handler", OutOfSight)):
        with pytest.raises(refusal):
            retry_message(row.pk, by=Actor.staff(city.staff[name]), now=NOON)
    drop_message(row.pk, note="", by=Actor.staff(city.staff["administrator"]), now=NOON)
    for verb in (
        lambda: retry_message(row.pk, by=SYSTEM, now=NOON),
        lambda: drop_message(row.pk, note="", by=SYSTEM, now=NOON),
    ):
        with pytest.raises(IllegalMove):
            verb()
    with pytest.raises(OutOfSight):
        retry_message(0, by=SYSTEM, now=NOON)


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, b'{"id": "ID", "outcome": "accepted", "number": "PS-1"}', "done"),
        (200, b"<html>Welcome to the hotel</html>", "waiting"),
        (200, b'{"id": "another"}', "waiting"),
        (422, b'{"id": "ID", "code": "refused", "detail": "no"}', "refused"),
        (422, b"{}", "stuck"),
        (400, b'{"code": "malformed"}', "stuck"),
        (401, b'{"code": "bad_signature"}', "waiting"),
        (404, b'{"code": "not_found"}', "stuck"),
        (409, b'{"id": "ID", "code": "out_of_order"}', "waiting"),
        (409, b'{"id": "ID", "code": "sequence_used"}', "stuck"),
        (429, b"", "waiting"),
        (500, b"<h1>Server Error</h1>", "waiting"),
        (302, b"", "stuck"),
    ],
)
def test_what_an_answer_means(status, body, state):
    given = Message("ID", "sign", "1", "2", 1, 0, NOON.isoformat(), {})
    assert read_answer(given, Answer(status, body)).state == state


def test_a_silent_platform_is_left_alone_for_the_rest_of_the_run(city, monkeypatch):
    from dispatch.tasks import deliver_exchange

    make_peer(city)
    hand_over(city)
    hand_over(city)
    ExchangeMessage.objects.update(next_try_at=NOON - timedelta(days=400))
    calls = []

    def post_json(*given):
        calls.append(given)
        raise CallFailed("no answer")

    monkeypatch.setattr("dispatch.exchange.sending.post_json", post_json)
    assert deliver_exchange() == 1
    assert len(calls) == 1


def test_what_a_citizen_adds_asks_or_takes_back_reaches_the_platform_that_handles_the_case(case):
    for kind, text in (("added", "晚上更黑"), ("urged", "")):
        add_supplement(case.pk, text, kind=kind, via="track", by=CITIZEN, now=NOON)
    withdraw_case(case.pk, reason="已经修好", via="track", by=CITIZEN, now=NOON)
    assert [row.body["text"] for row in sent("urge")] == ["补充: 晚上更黑", "催问进度", "申请撤销: 已经修好"]
