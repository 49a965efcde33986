import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from intake.choices import DeliveryState
from intake.models import Case, Channel, Delivery
from intake.services import (
    answer_case,
    create_channel_token,
    deliver_some,
    drop_delivery,
    forget_delivered,
    move_case,
    move_cases,
    owe_callback,
    retry_delivery,
)
from intake.services import deliveries as module
from intake.services.callback_addresses import channels_to_tell
from intake.signatures import sign
from intake.tasks import deliver_callbacks
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry, Parameter

from .factories import SYSTEM, city_with_channels, make_case

NOW = timezone.now()


class Receiver(ThreadingHTTPServer):
    """A real server that answers as it is told and keeps what it got."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses, self.got, self.slow = [], [], 0.0
        self.url = f"http://127.0.0.1:{self.server_port}/callbacks?from=sz"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        time.sleep(self.server.slow)
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_given):
        """Say nothing."""


@pytest.fixture
def receiver(settings):
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def nobody_rests():
    module.resting.clear()
    yield
    module.resting.clear()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def channel(city, receiver):
    return wants(Channel.objects.get(code="wechat"), receiver.url)


def wants(channel, url, *, with_key=True):
    """Let a channel be told at `url`."""
    Channel.objects.filter(pk=channel.pk).update(callback_url=url)
    channels_to_tell.forget()
    if with_key:
        channel.key = create_channel_token(channel.pk, by=SYSTEM, now=NOW)[0]
    return channel


def set_parameter(key, value):
    from shenzhen_gov.core import parameters

    Parameter.objects.filter(key=key).update(value=value)
    parameters.forget()


def a_case(channel, **given):
    return make_case(channel=channel.code, phone="13912345678", name="陈立", **given)


class TestOwing:
    def test_a_move_owes_the_channel_the_news(self, channel):
        case = a_case(channel)
        move_case(case, "dispatch", action="case.accepted", by=SYSTEM, now=NOW, note="内部意见")
        owed = Delivery.objects.get()
        assert (owed.event, owed.state, owed.case_id) == ("case.state_changed", "waiting", case.pk)
        assert (owed.payload["number"], owed.payload["state"]) == (case.number, "in_handling")

    def test_never_holds_personal_data_or_internal_notes(self, channel):
        case = a_case(channel)
        move_case(case, "dispatch", action="case.accepted", by=SYSTEM, now=NOW, note="内部意见")
        text = json.dumps(Delivery.objects.get().payload, ensure_ascii=False)
        for secret in ("陈立", "13912345678", "内部意见", case.content[:6], case.title[:6]):
            assert secret not in text

    def test_a_channel_without_an_address_is_owed_nothing(self, city, django_assert_num_queries):
        case = make_case()
        channels_to_tell()
        with django_assert_num_queries(0):
            owe_callback(case, "case.state_changed", now=NOW)
        assert not Delivery.objects.exists()

    def test_steps_inside_the_office_are_not_told(self, channel):
        case = a_case(channel)
        for move in ("dispatch", "report", "send_back"):
            move_case(case, move, action="case.accepted", by=SYSTEM, now=NOW)
        assert Delivery.objects.count() == 1

    def test_many_moved_at_once_are_owed_with_one_statement(self, channel):
        cases = [a_case(channel) for _ in range(3)] + [make_case()]
        move_cases(cases, "dispatch", action="case.accepted", by=SYSTEM, now=NOW)
        assert sorted(Delivery.objects.values_list("case_id", flat=True)) == sorted(case.pk for case in cases[:3])

    def test_an_answer_on_the_spot_says_that_it_may_be_evaluated(self, channel, city):
        case = a_case(channel, accept=False)
        answer_case(case.pk, answer="已答复市民", by=Actor.staff(city.staff["agent"]), now=NOW)
        assert Delivery.objects.get().payload["may_evaluate"] is True

    def test_stands_or_falls_with_the_change(self, channel):
        from django.db import transaction

        case = a_case(channel)
        with transaction.atomic():
            move_case(case, "dispatch", action="case.accepted", by=SYSTEM, now=NOW)
            assert Delivery.objects.exists()
            transaction.set_rollback(True)
        assert not Delivery.objects.exists()

    def test_wakes_the_worker_after_commit(self, channel, django_capture_on_commit_callbacks, monkeypatch):
        woken = threading.Event()
        monkeypatch.setattr("intake.wake.wake_up_deliveries", woken.set)
        with django_capture_on_commit_callbacks(execute=True):
            owe_callback(a_case(channel, accept=False), "case.state_changed", now=NOW)
        assert woken.is_set()


class TestDelivering:
    @pytest.fixture
    def owed(self, channel):
        owe_callback(a_case(channel), "case.state_changed", now=NOW)
        return Delivery.objects.get()

    def test_sends_the_message_once_signed_with_the_keys_secret(self, owed, receiver, channel):
        assert deliver_some(now=NOW) == 1
        assert deliver_some(now=NOW) == 0
        ((path, headers, body),) = receiver.got
        owed.refresh_from_db()
        assert (owed.state, owed.tries, owed.delivered_at) == (DeliveryState.DELIVERED, 1, NOW)
        assert json.loads(body)["id"] == owed.pk
        import hashlib

        expected = sign(
            channel.key.secret,
            timestamp=headers["X-Timestamp"],
            method="POST",
            path=path,
            key=headers["Idempotency-Key"],
            body_hash=hashlib.sha256(body).hexdigest(),
        )
        assert (headers["X-Signature"], headers["X-Key"]) == (expected, channel.key.prefix)
        assert headers["X-Delivery"] == str(owed.pk)

    @pytest.mark.parametrize("status", [500, 400, 302, 503])
    def test_tries_again_later_and_later_after_a_refusal(self, owed, receiver, status):
        receiver.statuses = [status, status]
        deliver_some(now=NOW)
        owed.refresh_from_db()
        assert (owed.state, owed.tries, owed.last_error) == ("waiting", 1, f"HTTP {status}")
        assert owed.next_try_at == NOW + timedelta(seconds=60)
        assert deliver_some(now=NOW + timedelta(seconds=59)) == 0
        later = NOW + timedelta(seconds=61)
        deliver_some(now=later)
        owed.refresh_from_db()
        assert owed.next_try_at == later + timedelta(seconds=120)
        deliver_some(now=later + timedelta(seconds=121))
        owed.refresh_from_db()
        assert (owed.state, owed.tries, owed.last_error) == ("delivered", 3, "")

    def test_does_not_follow_a_redirect(self, owed, receiver):
        receiver.statuses = [302]
        deliver_some(now=NOW)
        assert len(receiver.got) == 1

    def test_gives_up_waiting_for_a_slow_receiver(self, owed, receiver):
        set_parameter("callback.timeout_seconds", 1)
        receiver.slow = 3.0
        deliver_some(now=NOW)
        owed.refresh_from_db()
        assert (owed.state, owed.tries) == ("waiting", 1)
        assert owed.last_error

    def test_is_stuck_after_the_last_try(self, owed, receiver):
        set_parameter("callback.max_tries", 2)
        receiver.statuses = [500, 500]
        for minutes in (0, 10):
            deliver_some(now=NOW + timedelta(minutes=minutes))
        owed.refresh_from_db()
        assert (owed.state, owed.tries) == (DeliveryState.STUCK, 2)
        assert deliver_some(now=NOW + timedelta(days=9)) == 0

    def test_a_message_of_its_own_fault_holds_up_no_other(self, owed, receiver, channel):
        owe_callback(a_case(channel), "case.state_changed", now=NOW)
        receiver.statuses = [500, 200]
        assert deliver_some(now=NOW) == 2
        assert sorted(Delivery.objects.values_list("state", flat=True)) == ["delivered", "waiting"]

    def test_a_receiver_that_is_down_is_asked_once_and_then_rests(self, channel, receiver):
        for _ in range(5):
            owe_callback(a_case(channel), "case.state_changed", now=NOW)
        receiver.shutdown()
        receiver.server_close()
        assert deliver_some(now=NOW) == 1
        assert deliver_some(now=NOW) == 0
        assert Delivery.objects.filter(tries=0, state="waiting", next_try_at=NOW).count() == 4

    def test_a_receiver_that_is_down_keeps_no_other_waiting(self, city, receiver):
        down = wants(Channel.objects.get(code="wechat"), "http://127.0.0.1:9/none")
        up = wants(Channel.objects.get(code="ishenzhen"), receiver.url)
        for channel in (down, up):
            owe_callback(a_case(channel), "case.state_changed", now=NOW)
        assert deliver_some(now=NOW) == 2
        assert Delivery.objects.get(channel=up).state == "delivered"
        assert Delivery.objects.get(channel=down).last_error

    def test_never_calls_into_our_own_network(self, owed, receiver, settings):
        settings.OUTBOUND_HOSTS = []
        deliver_some(now=NOW)
        owed.refresh_from_db()
        assert receiver.got == []
        assert "OUTBOUND_HOSTS" in owed.last_error

    def test_says_when_there_is_no_key_to_sign_with_or_no_address_any_more(self, city, receiver):
        channel = wants(Channel.objects.get(code="wechat"), receiver.url, with_key=False)
        owe_callback(a_case(channel), "case.state_changed", now=NOW)
        deliver_some(now=NOW)
        without_key = Delivery.objects.get().last_error
        module.resting.clear()
        wants(channel, "")
        deliver_some(now=NOW + timedelta(hours=1))
        without_address = Delivery.objects.get().last_error
        assert without_key
        assert without_address not in ("", without_key)
        assert receiver.got == []

    def test_what_a_dead_worker_left_is_taken_up_when_its_time_is_over(self, owed, channel):
        module._claim(channel, NOW)
        assert deliver_some(now=NOW) == 0
        assert deliver_some(now=NOW + module.CLAIMED_FOR) == 1

    def test_by_the_task_sends_until_nothing_is_due(self, owed, receiver, channel):
        for _ in range(25):
            owe_callback(Case.objects.get(), "case.state_changed", now=NOW)
        assert deliver_callbacks() == 26
        assert len(receiver.got) == 26

    def test_what_arrived_long_ago_is_forgotten_and_what_is_stuck_is_not(self, owed, channel):
        deliver_some(now=NOW)
        owe_callback(Case.objects.get(), "case.state_changed", now=NOW)
        Delivery.objects.exclude(pk=owed.pk).update(state="stuck")
        assert forget_delivered(now=NOW + timedelta(days=29)) == 0
        assert forget_delivered(now=NOW + timedelta(days=31)) == 1
        assert Delivery.objects.get().state == "stuck"


class TestAStuckCallback:
    @pytest.fixture
    def stuck(self, channel):
        owe_callback(a_case(channel), "case.state_changed", now=NOW)
        Delivery.objects.update(state="stuck", tries=15)
        return Delivery.objects.get()

    @pytest.fixture
    def administrator(self, city):
        return Actor.staff(city.staff["administrator"])

    def test_is_sent_again_when_an_administrator_says_so(self, stuck, administrator, receiver):
        retry_delivery(stuck.pk, by=administrator, now=NOW)
        assert deliver_some(now=NOW) == 1
        stuck.refresh_from_db()
        assert (stuck.state, stuck.tries) == ("delivered", 1)
        assert AuditEntry.objects.filter(action="delivery.retried").exists()

    def test_is_given_up_when_an_administrator_says_so_and_can_be_sent_after_all(self, stuck, administrator):
        drop_delivery(stuck.pk, by=administrator, now=NOW)
        assert deliver_some(now=NOW) == 0
        with pytest.raises(IllegalMove):
            drop_delivery(stuck.pk, by=administrator, now=NOW)
        assert retry_delivery(stuck.pk, by=administrator, now=NOW).state == "waiting"
        with pytest.raises(IllegalMove):
            retry_delivery(stuck.pk, by=administrator, now=NOW)

    def test_is_the_administrators_to_decide_on(self, stuck, city):
        agent = Actor.staff(city.staff["agent"])
        for step in (retry_delivery, drop_delivery):
            with pytest.raises(NotAllowed):
                step(stuck.pk, by=agent, now=NOW)
            with pytest.raises(OutOfSight):
                step(0, by=agent, now=NOW)
