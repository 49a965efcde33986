"""Stuck work and metrics: each kind is counted, told when it is late, and tried again by its own service."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from analytics.models import FiguresState
from dispatch.services import dispatch_awaiting
from dispatch.tests.world import SYSTEM, make_world, new_case
from intake.choices import DeliveryState
from intake.models import Channel, Delivery
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models import JobRun
from shenzhen_gov.system import stuck
from shenzhen_gov.system.metrics import metrics_text


@pytest.fixture
def city(db):
    city = make_world()
    call_command("load_parameters", verbosity=0)
    city.case = new_case(city, now=timezone.now())
    return city


def owed(case, state="stuck", ago=0):
    now = timezone.now() - timedelta(minutes=ago)
    channel = Channel.objects.first()
    given = {"payload": {}, "next_try_at": now, "created_at": now, "tries": 9}
    return Delivery.objects.create(channel=channel, case=case, event="x", state=state, **given)


def seen(code):
    return next(one for one in stuck.look(timezone.now()) if one.code == code)


def test_what_is_stuck_is_late_at_once_and_what_waits_only_after_a_while(city):
    owed(city.case)
    owed(city.case, "waiting", ago=1)
    assert (seen("callbacks_stuck").count.value, seen("callbacks_stuck").is_late) == (1, True)
    assert (seen("callbacks_late").count.value, seen("callbacks_late").is_late) == (1, False)
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(hours=1))
    assert seen("callbacks_late").is_late


def test_cases_and_clocks_that_nobody_takes_up_are_late(city):
    assert (seen("dispatch_machine").count.value, seen("dispatch_machine").is_late) == (1, False)
    type(city.case).objects.update(accepted_at=timezone.now() - timedelta(hours=1))
    assert seen("dispatch_machine").is_late
    dispatch_awaiting(by=SYSTEM, now=timezone.now())
    city.case.clocks.filter(outcome="running").update(next_step_at=timezone.now() - timedelta(hours=1))
    assert seen("clocks").is_late
    assert seen("clocks").count.value == city.case.clocks.filter(outcome="running").count()


def test_failed_and_lost_jobs_are_told(city):
    now = timezone.now()
    JobRun.objects.create(job="a", state="failed", started_at=now, beat_at=now)
    JobRun.objects.create(job="b", state="failed", started_at=now - timedelta(days=30), beat_at=now)
    JobRun.objects.create(job="c", state="running", started_at=now, beat_at=now - timedelta(hours=1))
    assert (seen("jobs_failed").count.value, seen("jobs_lost").count.value) == (1, 1)


def test_figures_that_stand_still_are_late(city):
    assert seen("figures").is_late
    FiguresState.objects.create(refreshed_at=timezone.now(), rebuild_asked_at=timezone.now() - timedelta(hours=1))
    assert not seen("figures").is_late
    assert seen("rebuild").is_late


def test_what_is_stuck_is_tried_again_by_its_own_service(city):
    owed(city.case)
    by = Actor.staff(city.staff["administrator"])
    assert stuck.retry("callbacks_stuck", by=by, now=timezone.now()) == (1, [])
    assert Delivery.objects.get().state == DeliveryState.WAITING
    for code in ("dispatch_machine", "nonsense", "\x00"):
        with pytest.raises(BadInput):
            stuck.retry(code, by=by, now=timezone.now())


def test_the_page_tries_again_and_has_the_figures_rebuilt(client, city):
    owed(city.case)
    client.force_login(city.staff["administrator"])
    page = client.get(reverse("system_stuck"))
    assert page.status_code == 200
    assert client.post(reverse("system_stuck_retry"), {"what": "callbacks_stuck"}).status_code == 302
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert client.post(reverse("system_stuck_retry"), {"what": "x"}).status_code == 400
    assert client.post(reverse("system_rebuild")).status_code == 302
    assert FiguresState.objects.get().rebuild_asked_at is not None


def test_it_is_for_administrators_of_the_whole_city(client, city):
    client.force_login(city.staff["agent"])
    for address in ("system_stuck", "system_stuck_retry", "system_rebuild"):
        send = client.get if address == "system_stuck" else client.post
        assert send(reverse(address)).status_code == 403
    assert not FiguresState.objects.filter(rebuild_asked_at__isnull=False).exists()


def test_metrics_tell_the_same_as_the_page(city):
    owed(city.case)
    text = metrics_text(timezone.now()).decode()
    assert 'portal_waiting{what="callbacks_stuck"} 1.0' in text
    assert 'portal_waiting_late{what="callbacks_stuck"} 1.0' in text
    assert "portal_up 1.0" in text
    days = next(line for line in text.splitlines() if line.startswith("portal_calendar_days_left "))
    assert float(days.split()[1]) > 0


def test_metrics_cost_the_same_however_much_waits(city, django_assert_max_num_queries):
    for _ in range(30):
        owed(city.case)
    with django_assert_max_num_queries(60):
        text = metrics_text(timezone.now()).decode()
    assert 'portal_waiting{what="callbacks_stuck"} 30.0' in text


@override_settings(METRICS_TOKEN="a-long-token")
def test_another_machine_reads_metrics_with_the_token_only(client, db):
    call_command("load_parameters", verbosity=0)
    far = {"REMOTE_ADDR": "10.0.0.9"}
    assert client.get(reverse("metrics"), headers={"Authorization": "Bearer a-long-token"}, **far).status_code == 200
    for given in ("Bearer wrong", "Bearer", "", "Bearer 密"):
        assert client.get(reverse("metrics"), headers={"Authorization": given}, **far).status_code == 403
