"""Messages of another platform: done once, in order, within its own cases, with an answer that stays the same."""

import base64
import json
import time
from dataclasses import asdict, replace

import pytest

from dispatch.exchange.messages import ERRORS, KINDS
from dispatch.models import CaseRequest, Contact, ExchangeCase, ExchangeMessage, Report, WorkOrder
from dispatch.services import decide_request, dispatch_awaiting
from dispatch.tests.exchange import LATER, SECRET, hand_over, make_peer, message, post, receive
from dispatch.tests.test_handling import png
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.services import change_staff
from intake.models import Case, Evaluation
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def peer(city):
    return make_peer(city)


@pytest.fixture
def order(city, peer):
    hand_over(city)
    return WorkOrder.objects.get()


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


class TestACaseTheyHandle:
    def test_signing_contact_and_report_are_the_steps_of_the_work_order(self, peer, order):
        status, answer = receive(peer, message("sign", order.number, seq=1, note="收到"))
        assert (status, answer["outcome"], answer["number"]) == (200, "accepted", order.number)
        assert receive(peer, message("notify", order.number, seq=2, way="phone", result="reached"))[0] == 200
        assert receive(peer, message("done", order.number, seq=3, text="已清走", told_way="phone"))[0] == 200
        order.refresh_from_db()
        assert order.handler == peer.account
        assert Contact.objects.get().by == peer.name
        assert Report.objects.get().text == "已清走"
        assert ExchangeCase.objects.get().peer_number == "PS-1"

    def test_a_review_within_the_platform_comes_with_its_report(self, peer, order):
        for seq, (kind, body) in enumerate(
            [
                ("sign", {}),
                ("notify", {"way": "phone", "result": "reached"}),
                ("done", {"text": "好", "told_way": "sms"}),
            ],
            1,
        ):
            receive(peer, message(kind, order.number, seq=seq, **body))
        order.refresh_from_db()
        order.case.refresh_from_db()
        assert (order.state, order.case.state) == ("done", "closed")

    def test_photos_come_with_the_report(self, city, peer):
        case = new_case(city, area=city.communities[1][0][0].code, item="T02")
        dispatch_awaiting(by=SYSTEM, now=NOON)
        order = WorkOrder.objects.get(case=case)
        receive(peer, message("sign", order.number, seq=1))
        receive(peer, message("notify", order.number, seq=2, way="phone", result="reached"))
        without = message("done", order.number, seq=3, text="已修好", told_way="phone")
        assert receive(peer, without)[1]["reason"] == "illegal_move"
        files = [
            {"name": f"{kind}.png", "kind": kind, "content": base64.b64encode(png(colour)).decode()}
            for kind, colour in (("before", "red"), ("after", "green"))
        ]
        status, answer = receive(
            peer, message("done", order.number, seq=4, text="已修好", told_way="phone", files=files)
        )
        assert (status, answer.get("detail")) == (200, None)
        assert Report.objects.latest("id").photos.count() == 2
        assert "files" not in ExchangeMessage.objects.get(seq=4, direction="in").body

    def test_a_file_that_is_no_file_is_refused_and_nothing_is_reported(self, peer, order):
        receive(peer, message("sign", order.number, seq=1))
        receive(peer, message("notify", order.number, seq=2, way="phone", result="reached"))
        files = [{"name": "a.png", "kind": "after", "content": "!!!"}]
        status, answer = receive(peer, message("done", order.number, seq=3, text="好", told_way="sms", files=files))
        assert (status, answer["field"]) == (422, "files")
        assert not Report.objects.exists()

    @pytest.mark.parametrize(("kind", "body"), [("return", {}), ("extend", {"until": "2026-12-01T00:00:00+08:00"})])
    def test_asking_to_return_or_for_more_time_is_a_request_to_the_level_above(self, city, peer, order, kind, body):
        given = message(kind, order.number, reason="不属于本区职责", **body)
        assert receive(peer, given)[0] == 200
        request = CaseRequest.objects.get()
        assert (request.kind, request.state, request.work_order) == (kind, "open", order)
        assert request.deciding_unit == (order.unit.parent or order.unit)
        assert ExchangeMessage.objects.get(direction="in").request == request
        assert "request.asked" in actions()
        again = message(kind, order.number, seq=2, reason="再次", **body)
        assert receive(peer, again)[1]["code"] == "refused"

    def test_what_the_life_cycle_does_not_allow_is_refused_for_good(self, peer, order):
        early = message("done", order.number, seq=1, text="好", told_way="phone")
        status, answer = receive(peer, early)
        assert (status, answer["code"], answer["reason"]) == (422, "refused", "illegal_move")
        assert receive(peer, early) == (status, answer)
        assert receive(peer, message("sign", order.number, seq=2))[0] == 200

    def test_an_account_that_was_switched_off_does_nothing(self, peer, order):
        change_staff(peer.account_id, by=SYSTEM, now=NOON, is_active=False)
        status, answer = receive(peer, message("sign", order.number))
        assert (status, answer["reason"]) == (422, "not_found")
        order.refresh_from_db()
        assert order.state == "pending_sign"


class TestACaseTheyReport:
    def given(self, city, **body):
        body = {"content": "二楼楼道堆满纸箱。", "request_type": "complaint", "item": "T01"} | body
        return message("report", area=city.communities[0][0][0].code, **body)

    @pytest.fixture
    def case(self, city, peer):
        caller = {"name": "李某", "phone": "13900139000", "purpose": "回访"}
        status, answer = receive(peer, self.given(city, caller=caller), now=NOON)
        assert status == 200
        return Case.objects.get(number=answer["number"])

    def test_it_becomes_a_case_with_their_number_and_waits_for_dispatch(self, peer, case):
        assert (case.external_id, case.channel, case.state) == ("PS-1", peer.channel, "awaiting_dispatch")
        assert case.citizen.phone == "13900139000"
        assert "李某" not in json.dumps([row.body for row in ExchangeMessage.objects.all()], ensure_ascii=False)

    def test_ten_times_is_once(self, city, peer):
        given = self.given(city)
        answers = [receive(peer, given) for _ in range(10)]
        assert answers == [answers[0]] * 10
        assert Case.objects.count() == ExchangeMessage.objects.count() == 1

    def test_their_number_under_another_message_is_refused(self, city, peer, case):
        status, _answer = receive(peer, self.given(city))
        assert status in {409, 422}
        assert Case.objects.count() == 1

    def test_a_refused_report_leaves_nothing_and_may_come_again(self, city, peer):
        status, answer = receive(peer, self.given(city, item="no-such-item"))
        assert (status, answer["field"]) == (422, "item")
        assert not Case.objects.exists()
        assert not ExchangeCase.objects.exists()
        assert receive(peer, self.given(city))[0] == 200

    def test_a_platform_without_a_channel_reports_nothing(self, city):
        other = make_peer(city, channel_id=None)
        assert receive(other, self.given(city))[1]["reason"] == "not_allowed"

    @pytest.mark.parametrize(
        ("kind", "body", "action"),
        [
            ("urge", {"text": "请尽快"}, "exchange.urged"),
            ("supervise", {"text": "三日内办结", "due_at": "2026-03-05T18:00:00+08:00"}, "exchange.supervised"),
            ("close", {"note": "已阅"}, "exchange.closed"),
            ("review", {"verdict": "approved", "opinion": "同意"}, "exchange.approved"),
        ],
    )
    def test_words_about_it_stand_in_its_timeline(self, peer, case, kind, body, action):
        assert receive(peer, message(kind, case.number, seq=2, **body))[0] == 200
        entry = AuditEntry.objects.get(action=action, object_id=case.pk)
        assert entry.actor_name == peer.name
        assert entry.note == next(iter(value for name, value in body.items() if name in ("text", "note", "opinion")))

    def test_void_before_dispatch_ends_it(self, peer, case):
        assert receive(peer, message("void", case.number, seq=2, reason="重复上报"))[0] == 200
        case.refresh_from_db()
        assert case.state == "void"
        assert not ExchangeMessage.objects.filter(direction="out").exists()

    def test_void_later_is_said_to_the_unit_that_has_it(self, peer, case):
        dispatch_awaiting(by=SYSTEM, now=NOON)
        assert receive(peer, message("void", case.number, seq=2, reason="诉求人不再需要"))[0] == 200
        case.refresh_from_db()
        assert case.state == "in_handling"
        assert case.supplements.get().kind == "withdrawn"

    def test_void_later_is_decided_and_the_platform_told(self, city, peer, case):
        dispatch_awaiting(by=SYSTEM, now=NOON)
        asked = message("void", case.number, seq=2, reason="诉求人不再需要")
        assert receive(peer, asked)[0] == 200
        request = CaseRequest.objects.get()
        reviewer = Actor.staff(city.staff["reviewer"])
        decide_request(request.pk, agreed=True, opinion="同意撤销", by=reviewer, now=LATER)
        case.refresh_from_db()
        assert case.state == "void"
        told = ExchangeMessage.objects.get(direction="out", kind="decide")
        assert told.body == {"request": asked.id, "agreed": True, "opinion": "同意撤销"}

    def test_sending_back_a_closed_case_opens_another_round(self, peer, case):
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=LATER)
        given = message("review", case.number, seq=2, verdict="sent_back", reason="no_photos", opinion="请补照片")
        assert receive(peer, given)[0] == 200
        case.refresh_from_db()
        assert (case.state, case.round, case.closed_at) == ("awaiting_dispatch", 2, None)

    def test_an_evaluation_is_taken_once_a_round(self, peer, case):
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=LATER)
        assert receive(peer, message("evaluate", case.number, seq=2, overall=4, speed=5))[0] == 200
        assert Evaluation.objects.get().overall == 4
        assert receive(peer, message("evaluate", case.number, seq=3, overall=1))[1]["code"] == "refused"

    def test_a_decision_about_nothing_we_asked_is_refused(self, peer, case):
        unknown = "00000000-0000-0000-0000-000000000000"
        given = message("decide", case.number, seq=2, request=unknown, agreed=True)
        assert receive(peer, given)[1]["field"] == "request"


class TestPlaceInTheConversation:
    def test_a_message_before_its_time_waits_for_the_earlier_one(self, peer, order):
        sign, told = (
            message("sign", order.number, seq=1),
            message("notify", order.number, seq=2, way="phone", result="reached"),
        )
        assert receive(peer, told)[1]["code"] == "out_of_order"
        assert receive(peer, sign)[0] == 200
        assert receive(peer, told)[0] == 200

    def test_a_gap_that_the_sender_gave_up_is_no_obstacle(self, peer, order):
        assert receive(peer, message("sign", order.number, seq=5, after=0))[0] == 200

    def test_a_number_is_used_once(self, peer, order):
        receive(peer, message("sign", order.number, seq=1))
        status, answer = receive(peer, message("sign", order.number, seq=1))
        assert (status, answer["code"]) == (409, "sequence_used")

    def test_each_side_sends_its_own_kinds_only(self, peer, order):
        status, answer = receive(peer, message("review", order.number, verdict="approved"))
        assert (status, answer["code"]) == (403, "not_yours")

    def test_another_platforms_case_does_not_exist(self, city, order):
        other = make_peer(city, code="longhua", name="龙华区民意速办", unit=city.centres[0], channel_id=None)
        assert receive(other, message("sign", order.number))[1]["code"] == "not_found"
        assert receive(other, message("sign", "SZ-no-such"))[0] == 404

    def test_their_number_may_not_change_in_between(self, peer, order):
        receive(peer, message("sign", order.number, seq=1))
        given = message("notify", order.number, number="PS-2", seq=2, way="phone", result="reached")
        assert receive(peer, given)[0] == 404


class TestTheAddress:
    def test_a_signed_message_is_taken(self, client, peer, order):
        answer = post(client, message("sign", order.number))
        assert (answer.status_code, answer.json()["outcome"]) == (200, "accepted")

    def test_the_same_bytes_again_are_answered_the_same(self, client, peer, order):
        given = message("sign", order.number)
        first, second = post(client, given), post(client, given)
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        assert actions().count("work_order.signed") == 1

    @pytest.mark.parametrize(
        "how",
        [
            {"secret": "another"}, {"code": "nobody"}, {"code": "x" * 200}, {"now": 0},
            {"now": time.time() - 3600}, {"now": time.time() + 3600},
        ],
    )  # fmt: skip
    def test_a_wrong_signature_sender_or_time_is_nobody(self, client, peer, order, how):
        answer = post(client, message("sign", order.number), **how)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
        order.refresh_from_db()
        assert order.state == "pending_sign"

    def test_a_changed_message_is_not_the_signed_one(self, client, peer, order):
        from dispatch.exchange.messages import signed_headers

        raw = message("sign", order.number).to_bytes()
        headers = signed_headers(SECRET, "pingshan", raw, time.time())
        changed = raw.replace(b'"seq":1', b'"seq":2')
        answer = client.post("/api/v1/exchange/messages", changed, content_type="application/json", headers=headers)
        assert answer.status_code == 401

    def test_without_headers_or_with_strange_ones_it_is_nobody(self, client, peer):
        for headers in ({}, {"X-Exchange-Peer": "é", "X-Exchange-Time": "٣", "X-Exchange-Signature": "é"}):
            answer = client.post("/api/v1/exchange/messages", b"{}", content_type="application/json", headers=headers)
            assert answer.status_code == 401

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "malformed"),
            (b"[]", "malformed"),
            (b"[" * 100_000, "malformed"),
            (b'{"version": NaN}', "malformed"),
            (b"\xff\xfe", "malformed"),
            (b'{"version": 1, "kind": "nonsense"}', "unknown_kind"),
            (b'{"version": 1, "kind": ["sign"]}', "unknown_kind"),
            (b'{"version": true, "kind": "sign"}', "malformed"),
            (b"x" * (4 * 1024 * 1024 + 1), "too_large"),
            (b"x" * (6 * 1024 * 1024), "too_large"),
        ],
        ids=range(10),
    )
    def test_what_is_no_message_is_refused_with_a_code(self, client, peer, raw, code):
        answer = post(client, raw)
        assert (answer.status_code, answer.json()["code"]) == (ERRORS[code][0], code)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("id", "x"), ("id", 5), ("seq", 0), ("seq", True), ("seq", 10**30), ("after", 1), ("after", -1),
            ("number", ""), ("number", "号" * 10), ("number", "x" * 41), ("number", None), ("peer_number", "\x00"),
            ("at", "yesterday"), ("at", "2026-01-01T00:00:00"), ("at", 0), ("body", []), ("body", {"note": 5}),
            ("body", {"note": "\x00"}), ("body", {"note": "x" * 501}), ("body", {"other": 1}), ("extra", 1),
        ],
    )  # fmt: skip
    def test_a_wrong_field_is_named(self, client, peer, order, field, value):
        given = asdict(message("sign", order.number)) | {field: value}
        answer = post(client, json.dumps(given).encode())
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert answer.json()["field"].startswith(field)

    def test_half_characters_are_refused(self, client, peer, order):
        raw = message("sign", order.number, note="x").to_bytes().replace(b'"x"', b'"\\ud800"')
        assert post(client, raw).json()["field"] == "body.note"

    def test_a_platform_out_of_use_is_nobody(self, client, peer, order):
        type(peer).objects.update(is_active=False)
        assert post(client, message("sign", order.number)).status_code == 401

    def test_only_post_is_understood(self, client, peer):
        assert client.get("/api/v1/exchange/messages").status_code == 405


def test_every_kind_is_taken_by_the_side_that_does_not_send_it():
    from dispatch.services.exchange.acting import DOING

    other = {"owner": "handler", "handler": "owner"}
    expected = {(other[side], name) for name, kind in KINDS.items() for side in kind.senders} - {("handler", "report")}
    assert set(DOING) == expected


def test_a_message_of_another_moment_is_still_the_same_message(peer, order):
    given = message("sign", order.number)
    first = receive(peer, given)
    assert receive(peer, replace(given, at="2027-01-01T00:00:00+08:00")) == first
