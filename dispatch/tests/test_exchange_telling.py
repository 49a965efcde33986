"""What another platform is told: written with the move, in order, and nothing that is not its business."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dispatch.exchange.sending import Outcome
from dispatch.models import ExchangeCase, ExchangeMessage, WorkOrder
from dispatch.services import (
    approve,
    dispatch_awaiting,
    dispatch_by_hand,
    hand_down,
    record_contact,
    report,
    save_peer,
    send_back,
    sign,
    supervise,
    tell_case,
    tell_decision,
    urge_case,
)
from dispatch.services.exchange.peers import PeerRow
from dispatch.services.recalling import recall
from dispatch.tests.exchange import LATER, deliver, hand_over, make_peer, message, receive, sent
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from intake.services import Scores, evaluate_case
from intake.tests.factories import make_channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def peer(city):
    return make_peer(city)


def test_a_work_order_of_the_platforms_unit_is_handed_over_once(city, peer):
    case = hand_over(city)
    link, (row,) = ExchangeCase.objects.get(), sent()
    assert (link.role, link.number, link.case) == ("owner", f"{case.number}-01", case)
    assert (row.kind, row.seq, row.state) == ("report", 1, "waiting")
    assert row.body["content"] == case.content
    assert row.body["area"] == city.communities[1][0][0].code
    assert "陈某" not in str(row.body)
    assert "13800138000" not in str(row.body)
    assert AuditEntry.objects.filter(action="exchange.handed_over", object_id=case.pk).exists()


def test_handing_over_ten_costs_as_many_statements_as_two(city, peer):
    costs = []
    for count in (1, 2, 10):  # the first one reads what is kept for a while
        for _ in range(count):
            new_case(city, area=city.communities[1][0][0].code)
        with CaptureQueriesContext(connection) as queries:
            dispatch_awaiting(by=SYSTEM, now=NOON)
        costs.append(len(queries))
    assert costs[1] == costs[2]
    assert len(sent("report")) == 13


def test_a_work_order_of_another_district_is_not(city, peer):
    new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    assert WorkOrder.objects.exists()
    assert not ExchangeMessage.objects.exists()


def test_nothing_is_written_for_a_platform_out_of_use(city, peer):
    row = PeerRow(
        code=peer.code, name=peer.name, unit_id=peer.unit_id, url=peer.url, our_code=peer.our_code, is_active=False
    )
    save_peer(row, by=SYSTEM, now=NOON)
    hand_over(city)
    assert not ExchangeMessage.objects.exists()


def test_a_dispatch_that_is_rolled_back_tells_nothing(city, peer):
    with transaction.atomic():
        hand_over(city)
        transaction.set_rollback(True)
    assert not ExchangeMessage.objects.exists()


def test_a_work_order_handed_down_to_the_platform_is_handed_over(city):
    peer = make_peer(city, unit=city.stations[0][0][0])
    secretary = Actor.staff(grant(make_staff("hand", city.offices[0][0]), "district_dispatcher", city.offices[0][0]))
    case = new_case(city, item="", area=city.streets[0][0].code)
    order = dispatch_by_hand(
        case.pk, unit_id=city.offices[0][0].pk, by=Actor.staff(city.staff["city_dispatcher"]), now=NOON
    )
    assert not sent()
    sign(order.pk, by=secretary, now=LATER)
    child = hand_down(order.pk, unit_id=peer.unit_id, by=secretary, now=LATER)
    assert [row.exchange_case.work_order for row in sent()] == [child]


def test_taking_back_voids_the_platforms_case(city, peer):
    case = hand_over(city)
    recall([case], list(WorkOrder.objects.all()), by=SYSTEM, now=LATER, notes={case.pk: "清单调整"})
    assert [(row.kind, row.seq) for row in sent()] == [("report", 1), ("void", 2)]
    assert sent("void")[0].body == {"reason": "清单调整"}


class TestOurReviewOfTheirReport:
    @pytest.fixture
    def case(self, city):
        self.peer = make_peer(city, channel_id=None)
        self.reviewer = Actor.staff(grant(make_staff("final", city.centre), "reviewer", city.centre))
        case = new_case(city, item="", area=city.communities[1][0][0].code)
        by = Actor.staff(city.staff["city_dispatcher"])
        self.order = dispatch_by_hand(case.pk, unit_id=city.centres[1].pk, by=by, now=NOON)
        for seq, (kind, body) in enumerate(
            [
                ("sign", {}),
                ("notify", {"way": "phone", "result": "reached"}),
                ("done", {"text": "已清走", "told_way": "phone"}),
            ],
            1,
        ):
            assert receive(self.peer, message(kind, self.order.number, seq=seq, **body))[0] == 200
        self.order.refresh_from_db()
        return case

    def test_approval_closing_and_evaluation_are_told_in_order(self, case):
        assert self.order.state == "under_review"
        approve(self.order.pk, opinion="同意", by=self.reviewer, now=LATER)
        evaluate_case(case.pk, Scores(5, speed=4), via="track", by=Actor.citizen("track"), now=LATER)
        assert [row.kind for row in sent()] == ["report", "review", "close", "evaluate"]
        assert sent("review")[0].body == {"verdict": "approved", "opinion": "同意"}
        assert sent("evaluate")[0].body == {"overall": 5, "speed": 4}

    def test_sending_back_is_told_with_its_reason(self, case):
        send_back(self.order.pk, reason="no_photos", opinion="请补照片", by=self.reviewer, now=LATER)
        (row,) = sent("review")
        assert row.body == {"verdict": "sent_back", "reason": "no_photos", "opinion": "请补照片"}


class TestUrging:
    def test_the_platform_that_has_the_case_is_told(self, city, peer):
        case = hand_over(city)
        by = Actor.staff(city.staff["supervisor"])
        urge_case(case.pk, text="请尽快", by=by, now=LATER)
        supervise(case.pk, text="三日内报结果", due_at=LATER + timedelta(days=3), by=by, now=LATER)
        assert [row.kind for row in sent()] == ["report", "urge", "supervise"]
        assert {"case.urged", "case.supervised"} <= set(AuditEntry.objects.values_list("action", flat=True))

    def test_it_needs_the_supervisors_role_and_words(self, city, peer):
        case = hand_over(city)
        with pytest.raises(NotAllowed):
            urge_case(case.pk, text="请尽快", by=Actor.staff(city.staff["agent"]), now=LATER)
        with pytest.raises(BadInput):
            urge_case(case.pk, text=" ", by=Actor.staff(city.staff["supervisor"]), now=LATER)


def test_a_decision_goes_to_the_platform_that_asked(city, peer):
    hand_over(city)
    number = ExchangeCase.objects.get().number
    asked = message("return", number, seq=1, reason="不属于本区")
    assert receive(peer, asked)[0] == 200
    request = ExchangeMessage.objects.get(kind="return").request
    assert tell_decision(request, agreed=False, opinion="请继续办理", now=LATER)
    assert sent("decide")[0].body == {"request": asked.id, "agreed": False, "opinion": "请继续办理"}


def test_a_case_of_nobody_elses_is_told_to_nobody(city, peer):
    case = new_case(city)
    assert tell_case(case, "urge", {"text": "请尽快"}, now=NOON) == 0


class TestACaseThatThePlatformReported:
    @pytest.fixture
    def order(self, city, peer):
        self.peer = peer
        given = message(
            "report", content="二楼楼道堆满纸箱。", request_type="complaint", item="T01",
            area=city.communities[0][0][0].code,
        )  # fmt: skip
        assert receive(peer, given, now=NOON)[0] == 200
        dispatch_awaiting(by=SYSTEM, now=NOON)
        return WorkOrder.objects.get()

    def test_it_is_told_signing_contact_and_the_result(self, city, order):
        secretary, street, district = (
            Actor.staff(city.staff[name]) for name in ("community_secretary", "reviewer", "district_reviewer")
        )
        sign(order.pk, by=secretary, now=LATER)
        record_contact(order.pk, way="phone", result="reached", note="约明天", by=secretary, now=LATER)
        report(order.pk, text="已清走", told_way="phone", by=secretary, now=LATER)
        approve(order.pk, by=street, now=LATER)
        approve(order.pk, by=district, now=LATER)
        assert [row.kind for row in sent()] == ["sign", "notify", "done"]
        assert sent("notify")[0].body == {"way": "phone", "result": "reached", "note": "约明天"}
        assert sent("done")[0].body == {"text": "已清走", "told_way": "phone"}

    def test_other_channels_cases_are_not_told(self, city, order):
        other = new_case(city, channel=make_channel("hotline").code)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        sign(WorkOrder.objects.get(case=other).pk, by=Actor.staff(city.staff["community_secretary"]), now=LATER)
        assert not sent()


class TestWhoAsked:
    @pytest.fixture
    def answers(self, monkeypatch):
        said = []

        def send(given, peer):
            said.append(given)
            return Outcome("done", answer={"id": given.id, "number": "PS-9"})

        monkeypatch.setattr("dispatch.services.exchange.delivering.send", send)
        return said

    def test_is_named_only_by_agreement_and_noted_before_it_goes(self, city, answers):
        make_peer(city, identity_purpose="联系诉求人")
        case = hand_over(city)
        deliver()
        assert answers[0].body["caller"] == {"name": "陈某", "phone": "13800138000", "purpose": "联系诉求人"}
        assert "caller" not in sent("report")[0].body
        entry = AuditEntry.objects.get(action="exchange.identity_sent", object_id=case.pk)
        assert entry.note == "联系诉求人"

    def test_is_never_named_when_the_caller_wants_secrecy(self, city, answers):
        make_peer(city, identity_purpose="联系诉求人")
        hand_over(city, wants_secrecy=True)
        deliver()
        assert "caller" not in answers[0].body

    def test_is_never_named_in_secret_cases(self, city, answers):
        peer = make_peer(city, identity_purpose="联系诉求人")
        case = new_case(city, area=city.communities[1][0][0].code, is_secret=True)
        by = Actor.staff(city.staff["city_dispatcher"])
        dispatch_by_hand(case.pk, unit_id=peer.unit_id, note="由区平台办理", by=by, now=NOON)
        deliver()
        assert "caller" not in answers[0].body

    def test_is_not_named_without_a_purpose(self, city, peer, answers):
        hand_over(city)
        deliver()
        assert "caller" not in answers[0].body
        assert ExchangeCase.objects.get().peer_number == "PS-9"
