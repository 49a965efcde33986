"""The pages of rounds: what each person sees and may do, hostile posts, what was typed is kept."""

from datetime import time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grid.models import RoundCheckIn, RoundPlan
from grid.services import end_rounds, make_rounds
from grid.tests.factories import small_city
from grid.tests.rounds import make_plan

HOSTILE = ("\x00", "\ud800".encode("utf-8", "surrogatepass"), "‮<script>", "9" * 400, "[]", "-1", "nan", "1e999")


@pytest.fixture
def city(db):
    found = small_city()
    call_command("load_parameters", stdout=StringIO())
    return found


def client(city, name):
    browser = Client()
    browser.cookies["django_language"] = "en"
    browser.force_login(city.staff[name])
    return browser


def all_day(city, **given):
    """Make a plan for the whole of today and its round."""
    now = timezone.now()
    plan = make_plan(city, now=now, opens_at=time(0), closes_at=time(23, 59, 59), **given)
    make_rounds(now=now)
    return plan.tasks.get()


def point_of(task, place=0):
    return reverse("grid:round_check_in", args=[task.pk, task.point_ids[place]])


def test_the_start_page_shows_the_rounds_of_today_and_says_where_there_are_none(city):
    assert b"No round today" in client(city, "grid_officer").get(reverse("grid:round_today")).content
    task = all_day(city)
    page = client(city, "grid_officer").get(reverse("grid:round_today"))
    assert reverse("grid:round", args=[task.pk]).encode() in page.content
    assert len(page.content) < 100_000
    assert (
        reverse("grid:round", args=[task.pk]).encode()
        not in client(city, "other_secretary").get(reverse("grid:round_today")).content
    )


def test_a_check_in_from_the_page_is_kept_and_a_far_one_marked(city):
    task, officer = all_day(city), client(city, "grid_officer")
    near = {"longitude": "114.03", "latitude": "22.61"}
    assert officer.post(point_of(task), near).status_code == 302
    assert officer.post(point_of(task, 1), {}, follow=True).content.count(b"marked") >= 1
    assert [*RoundCheckIn.objects.values_list("is_doubtful", flat=True)] == [False, True]
    assert officer.post(point_of(task), near).status_code == 422


def test_a_wrong_code_stands_at_its_field_and_what_was_typed_is_kept(city):
    task = all_day(city)
    page = client(city, "grid_officer").post(point_of(task, 1), {"code": "wrong", "note": "门锁着"})
    assert page.status_code == 422
    assert "门锁着" in page.content.decode()
    assert not RoundCheckIn.objects.exists()


def test_nothing_hostile_is_an_error_of_ours(city):
    task, officer, secretary = all_day(city), client(city, "grid_officer"), client(city, "community_secretary")
    names = ("longitude", "latitude", "code", "wrong", "note")
    plan_names = ("area", "kind", "name", "every_days", "weekdays", "opens_at", "points", "check_list", "valid_from")
    for text in HOSTILE:
        assert officer.post(point_of(task), dict.fromkeys(names, text)).status_code == 422
        answer = secretary.post(reverse("grid:round_plan_new"), dict.fromkeys(plan_names, text))
        assert answer.status_code == 422
    assert RoundPlan.objects.count() == 1
    assert not RoundCheckIn.objects.exists()


def test_forged_ids_are_404(city):
    task, other = all_day(city), client(city, "other_secretary")
    officer = client(city, "grid_officer")
    for browser, address in (
        (other, point_of(task)),
        (other, reverse("grid:round_explain", args=[task.pk])),
        (other, reverse("grid:round_plan_end", args=[task.plan_id])),
        (officer, reverse("grid:round_check_in", args=[task.pk, 10**12])),
        (officer, reverse("grid:round_check_in", args=[10**12, task.point_ids[0]])),
    ):
        assert browser.post(address, {"reason": "x"}).status_code == 404
    assert other.get(reverse("grid:round", args=[task.pk])).status_code == 404
    assert other.get(reverse("grid:round_plan", args=[task.plan_id])).status_code == 404


def test_a_plan_made_on_the_page_has_its_points_by_line(city):
    given = {
        "area": city.communities[0][0][0].code, "kind": "fire", "name": "晨巡", "every_days": "1",
        "opens_at": "08:00", "closes_at": "12:00", "valid_from": "2026-09-28", "weekdays": ["1", "3"],
        "points": "大堂,abc23456\n东门，114.03，22.61\n后院\n", "check_list": "通道畅通",
    }  # fmt: skip
    make_plan(city, now=timezone.now())  # loads the kinds
    secretary = client(city, "community_secretary")
    assert secretary.post(reverse("grid:round_plan_new"), given).status_code == 302
    plan = RoundPlan.objects.order_by("-pk").first()
    assert plan.weekdays == "13"
    assert [(point.name, point.code, point.longitude) for point in plan.points.all()] == [
        ("大堂", "abc23456", None), ("东门", "", 114.03), ("后院", "", None),
    ]  # fmt: skip
    page = secretary.get(reverse("grid:round_plan", args=[plan.pk]))
    assert "东门,114.03,22.61" in page.content.decode()
    wrong = secretary.post(reverse("grid:round_plan_new"), given | {"points": "东门,a,b"})
    assert wrong.status_code == 422
    assert "东门,a,b" in wrong.content.decode()


def test_missed_rounds_are_counted_and_explained(city):
    task = all_day(city)
    end_rounds(now=timezone.now() + timedelta(days=2))
    secretary = client(city, "community_secretary")
    assert b"1 rounds missed" in secretary.get(reverse("grid:rounds")).content
    assert secretary.post(reverse("grid:round_explain", args=[task.pk]), {"reason": ""}).status_code == 422
    assert secretary.post(reverse("grid:round_explain", args=[task.pk]), {"reason": "暴雨停巡"}).status_code == 302
    assert "暴雨停巡" in secretary.get(reverse("grid:round", args=[task.pk])).content.decode()


@pytest.mark.parametrize(
    ("page", "who", "budget"),
    [
        ("round_today", "grid_officer", 9),
        ("rounds", "community_secretary", 9),
        ("round_plans", "community_secretary", 9),
    ],
)
def test_a_page_costs_the_same_for_three_rounds_and_for_thirty(city, page, who, budget):
    browser, counts = client(city, who), []
    for more in (3, 27):
        for number in range(more):
            make_plan(city, now=timezone.now(), name=f"巡查{more}-{number}")
        make_rounds(now=timezone.now())
        browser.get(reverse(f"grid:{page}"))  # what is read once a process
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse(f"grid:{page}")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= budget, counts
