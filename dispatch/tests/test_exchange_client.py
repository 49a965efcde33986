"""The reference client is a whole other side: against itself, and against this portal over a real connection."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from dispatch.exchange.client import Platform, main
from dispatch.exchange.messages import BadMessage
from dispatch.models import ExchangeCase, ExchangeMessage, WorkOrder
from dispatch.services import (
    approve,
    dispatch_awaiting,
    dispatch_by_hand,
    record_contact,
    report,
    send_back,
    sign,
    urge_case,
)
from dispatch.tests.exchange import SECRET, deliver, hand_over, make_peer
from dispatch.tests.world import SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from intake.models import Case, Evaluation
from intake.services import Scores, evaluate_case
from shenzhen_gov.core.actor import Actor

WORDS = {"content": "路灯不亮", "request_type": "complaint"}


class TestTyped:
    """Lines typed at the reference client."""

    def type(self, monkeypatch, capsys, *lines: str) -> str:
        words = ["client", "--code", "district", "--peer", "city", "--url", "http://127.0.0.1:9/", "--port", "0"]
        monkeypatch.setattr("sys.argv", words)
        monkeypatch.setenv("EXCHANGE_SECRET", SECRET)
        monkeypatch.setattr("sys.stdin", lines)
        main()
        return capsys.readouterr().out

    def test_figures_stay_text_where_a_text_is_meant(self, monkeypatch, capsys):
        out = self.type(monkeypatch, capsys, "report content=12345 request_type=complaint area=440310", "list", "quit")
        assert "DISTRICT-000001\n1 waiting\nDISTRICT-000001 owner new  we:report\n" in out

    @pytest.mark.parametrize(
        ("line", "answer"),
        [
            ("report content=路灯 request_type=what", "no: body.request_type"),
            ("report content='路灯", "no: No closing quotation"),
            ("sing 1", "no: sing is none of report, sign"),
            ("sign", "no: sign needs the number of one of: "),
            ("sign DISTRICT-000001 number=3", "no: sign needs the number of one of: "),
        ],
    )
    def test_what_is_not_understood_is_said_and_the_next_line_is_read(self, monkeypatch, capsys, line, answer):
        out = self.type(monkeypatch, capsys, line, "list", "report content=路灯 request_type=complaint")
        assert answer in out
        assert out.endswith("DISTRICT-000001\n1 waiting\n")  # nothing was kept of the line that was refused


class TestAgainstItself:
    def pair(self):
        district = Platform("district", "city", SECRET)
        city = Platform("city", "district", SECRET, post=district.answer)
        district.post = city.answer
        return city, district

    def test_a_whole_conversation_is_understood_by_both(self):
        city, district = self.pair()
        ours = city.report(**WORDS)
        assert city.deliver() == 0
        number = ours.peer_number
        for kind, body in (
            ("sign", {}), ("notify", {"way": "phone", "result": "reached"}), ("return", {"reason": "非本区"}),
            ("extend", {"reason": "待料", "until": "2026-12-01T00:00:00+08:00"}), ("done", {"text": "已修"}),
        ):  # fmt: skip
            asked = district.say(number, kind, **body)
            assert district.deliver() == 0
            if kind in ("return", "extend"):
                city.say(ours.number, "decide", request=asked.id, agreed=False, opinion="继续")
        for kind, body in (
            ("urge", {"text": "快"}), ("supervise", {"text": "报结果"}),
            ("review", {"verdict": "sent_back", "reason": "no_photos", "opinion": "补照片"}),
        ):  # fmt: skip
            city.say(ours.number, kind, **body)
        assert city.deliver() == 0
        district.say(number, "done", text="已补")
        district.deliver()
        for kind, body in (("review", {"verdict": "approved"}), ("close", {}), ("evaluate", {"overall": 5})):
            city.say(ours.number, kind, **body)
        assert city.deliver() == 0
        theirs = district.cases[number]
        assert (ours.state, theirs.state) == ("closed", "closed")
        assert not ours.refused
        assert not theirs.refused
        assert [(kind, body) for who, kind, body in ours.told if who == "we"] == [
            (kind, body) for who, kind, body in theirs.told if who == "they"
        ]

    def test_lost_answers_do_no_harm(self):
        city, district = self.pair()
        lose = iter([True, False] * 50)

        def lossy(raw, headers):
            answered = district.answer(raw, headers)
            return (0, {}) if next(lose) else answered

        city.post = lossy
        ours = city.report(**WORDS)
        city.say(ours.number, "urge", text="快")
        while city.deliver():
            pass
        assert [kind for _who, kind, _body in next(iter(district.cases.values())).told] == ["report", "urge"]

    def test_what_is_not_possible_is_refused_by_both(self):
        city, district = self.pair()
        ours = city.report(**WORDS)
        city.deliver()
        with pytest.raises(BadMessage):
            city.say(ours.number, "sign")
        with pytest.raises(BadMessage):
            city.say(ours.number, "evaluate", overall=5)
        city.cases[ours.number].state = "closed"
        city.say(ours.number, "evaluate", overall=5)
        assert city.deliver() == 0
        assert ours.refused[0][1]["code"] == "refused"

    def test_another_secret_is_nobody(self):
        city, district = self.pair()
        city.secret = "other"
        city.report(**WORDS)
        assert city.deliver() == 1
        assert not district.cases


class Unreliable:
    """Stands between two sides: the first time it loses the answer, the second time it says 500, then it works."""

    def __init__(self, url):
        self.url, self.count = url, 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                proxy.count += 1
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = proxy.platform.answer(raw, self.headers) if proxy.count % 3 != 2 else (500, {})
                self.send_response(500 if proxy.count % 3 == 1 else status)
                self.end_headers()
                self.wfile.write(json.dumps(answer if proxy.count % 3 == 0 else {}).encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.mark.django_db(transaction=True)
class TestAgainstThePortal:
    @pytest.fixture(autouse=True)
    def sides(self, live_server, settings):
        settings.OUTBOUND_HOSTS = ["127.0.0.0/8"]
        self.city = make_world()
        self.theirs = Platform("pingshan", "shenzhen", SECRET, f"{live_server.url}/api/v1/exchange/messages")
        server = self.theirs.serve()
        self.peer = make_peer(self.city, url=f"http://127.0.0.1:{server.server_port}/")
        yield
        server.shutdown()
        server.server_close()

    def deliver_both(self):
        assert self.theirs.deliver() == 0
        deliver(timezone.now() + timedelta(days=2))
        assert not ExchangeMessage.objects.filter(direction="out").exclude(state="done").exists()

    def test_the_city_hands_a_case_over_and_closes_it_after_a_second_report(self):
        now, by = timezone.now(), Actor.staff(self.city.staff["city_dispatcher"])
        case = new_case(self.city, item="", area=self.city.communities[1][0][0].code, now=now)
        order = dispatch_by_hand(case.pk, unit_id=self.peer.unit_id, by=by, now=now)
        self.deliver_both()
        (theirs,) = self.theirs.cases.values()
        until = order.clocks.get(kind="handling").due_at + timedelta(days=4)
        for kind, body in (
            ("sign", {}), ("notify", {"way": "phone", "result": "reached"}),
            ("extend", {"reason": "待料", "until": until.isoformat()}),
            ("done", {"text": "已修", "told_way": "sms"}),
        ):  # fmt: skip
            self.theirs.say(theirs.number, kind, **body)
        self.deliver_both()
        reviewer = Actor.staff(grant(make_staff("final", self.city.centre), "reviewer", self.city.centre))
        send_back(order.pk, reason="perfunctory", opinion="请说明", by=reviewer, now=timezone.now())
        supervisor = Actor.staff(self.city.staff["supervisor"])
        urge_case(case.pk, text="请尽快", by=supervisor, now=timezone.now())
        self.deliver_both()
        assert theirs.state == "working"
        self.theirs.say(theirs.number, "done", text="已修，附说明", told_way="sms")
        self.deliver_both()
        approve(order.pk, by=reviewer, now=timezone.now())
        evaluate_case(case.pk, Scores(4), via="track", by=Actor.citizen("track"), now=timezone.now())
        self.deliver_both()
        case.refresh_from_db()
        assert (case.state, theirs.state) == ("closed", "closed")
        assert [kind for who, kind, _body in theirs.told if who == "they"] == [
            "report",
            "decide",
            "review",
            "urge",
            "review",
            "close",
            "evaluate",
        ]  # fmt: skip; the report overtook the request for more time, which is told
        assert not theirs.refused

    def test_the_district_reports_a_case_and_has_it_done_again(self):
        ours = self.theirs.report(**WORDS, item="T01", area=self.city.communities[0][0][0].code)
        self.deliver_both()
        case = Case.objects.get(number=ours.peer_number)
        self.handle(case)
        assert ours.state == "reported"
        self.theirs.say(ours.number, "review", verdict="sent_back", reason="not_handled", opinion="仍不亮")
        self.deliver_both()
        self.handle(case)
        for kind, body in (("review", {"verdict": "approved"}), ("close", {}), ("evaluate", {"overall": 5})):
            self.theirs.say(ours.number, kind, **body)
        self.deliver_both()
        case.refresh_from_db()
        assert (case.state, case.round, ours.state) == ("closed", 2, "closed")
        assert Evaluation.objects.get().round == 2
        assert [kind for who, kind, _body in ours.told if who == "they"] == ["sign", "notify", "done"] * 2
        assert not ours.refused

    def handle(self, case):
        dispatch_awaiting(by=SYSTEM, now=timezone.now())
        secretary, street, district = (
            Actor.staff(self.city.staff[name]) for name in ("community_secretary", "reviewer", "district_reviewer")
        )
        order, now = WorkOrder.objects.filter(case=case).latest("seq"), timezone.now()
        sign(order.pk, by=secretary, now=now)
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=now)
        report(order.pk, text="已修", told_way="phone", by=secretary, now=now)
        approve(order.pk, by=street, now=now)
        approve(order.pk, by=district, now=now)
        self.deliver_both()

    def test_lost_answers_and_errors_of_the_other_side_double_nothing(self):
        between = Unreliable("")
        between.platform = self.theirs
        type(self.peer).objects.update(url=f"http://127.0.0.1:{between.server.server_port}/")
        case = hand_over(self.city)
        urge_case(case.pk, text="请尽快", by=Actor.staff(self.city.staff["supervisor"]), now=timezone.now())
        now = timezone.now()
        for hours in range(8):
            deliver(now + timedelta(hours=2 * hours))
        between.server.shutdown()
        between.server.server_close()
        (theirs,) = self.theirs.cases.values()
        assert [kind for _who, kind, _body in theirs.told] == ["report", "urge"]
        assert set(ExchangeMessage.objects.values_list("state", flat=True)) == {"done"}
        assert between.count > 2

    def test_the_same_report_from_ten_sides_at_once_is_one_case(self):
        self.theirs.report(**WORDS, item="T01", area=self.city.communities[0][0][0].code)
        (case,) = self.theirs.cases.values()
        raw_and_headers = []
        post = self.theirs.post
        self.theirs.post = lambda raw, headers: raw_and_headers.append((raw, headers)) or (0, {})
        self.theirs.deliver()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(post(*raw_and_headers[0]))) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Case.objects.count() == ExchangeCase.objects.count() == 1
        assert {answer["number"] for status, answer in answers if status == 200} == {Case.objects.get().number}
        assert {status for status, _answer in answers} == {200}
