"""The head of a theme is changed with a reason, its fields are filled by searching, and what was stays in the log."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analytics.models import SpecialTheme
from analytics.services import NewStep, NewTheme, ThemeHead, change_theme, do_step, move_theme, open_theme
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, make_world
from dutylist.models import Item
from grid.models import Message
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

DAY = timezone.localdate(NOON)
SWEEP = NewStep("排查", "社区", DAY + timedelta(5))


@pytest.fixture
def world(db):
    world = make_world()
    for command in ("load_parameters", "load_indicators", "load_message_templates"):
        call_command(command, verbosity=0)
    world.analyst = grant(make_staff("theme_analyst", world.centre), "analyst", world.centre)
    world.by = Actor.staff(world.analyst)
    world.item = Item.objects.get(code="T01")
    data = NewTheme(
        title="楼道堆物", area_id=world.city.pk, item_ids=[world.item.pk], owner_id=world.centres[0].pk,
        target_value=Decimal(20), target_on=DAY + timedelta(60), started_on=DAY, steps=[SWEEP],
    )  # fmt: skip
    world.theme = open_theme(data, by=world.by, now=NOON)
    return world


def head(world, **given):
    usual = {
        "title": "楼道堆物", "owner_id": world.centres[0].pk, "target_value": Decimal(20), "started_on": DAY,
        "target_on": DAY + timedelta(60), "steps": [SWEEP],
    }  # fmt: skip
    return ThemeHead(**(usual | given))


def change(world, *, reason="领导要求", by=None, row_version=None, **given):
    return change_theme(
        world.theme.pk, head(world, **given), reason=reason, row_version=row_version, by=by or world.by, now=NOON
    )


def newest_entry():
    return AuditEntry.objects.order_by("-id").first()


def test_what_was_and_what_is_stand_in_the_log_with_the_reason(world):
    change(world, title="楼道堆物专项", target_value=Decimal(30), target_on=DAY + timedelta(90))
    entry = newest_entry()
    assert (entry.action, entry.note) == ("theme.head_changed", "领导要求")
    assert entry.changes["title"] == ["楼道堆物", "楼道堆物专项"]
    assert entry.changes["target_value"] == ["20.00", "30.00"]
    assert set(entry.changes) == {"title", "target_value", "target_on"}


def test_the_plan_is_written_anew_and_what_is_done_stays(world):
    move_theme(world.theme.pk, "start", by=world.by, now=NOON)
    do_step(world.theme.steps.get().pk, by=world.by, now=NOON)
    change(world, steps=[NewStep("清理", "物业", DAY + timedelta(9))])
    assert [(step.text, step.done_at is not None) for step in world.theme.steps.all()] == [
        ("排查", True), ("清理", False)
    ]  # fmt: skip
    assert newest_entry().changes["plan"][1] == [f"清理 | 物业 | {DAY + timedelta(9)}"]


def test_a_theme_under_way_keeps_a_plan(world):
    move_theme(world.theme.pk, "start", by=world.by, now=NOON)
    with pytest.raises(BadInput) as refusal:
        change(world, steps=[])
    assert refusal.value.field == "steps"
    assert world.theme.steps.count() == 1


def test_who_is_newly_in_charge_is_told(world):
    move_theme(world.theme.pk, "start", by=world.by, now=NOON)
    before = Message.objects.count()
    change(world, title="另一个名字")
    assert Message.objects.count() == before
    change(world, title="另一个名字", lead_id=world.analyst.pk)
    assert Message.objects.filter(template__key="theme_started", user=world.analyst, way="portal").count() == 1


def test_a_change_needs_a_reason_something_new_and_days_that_make_sense(world):
    for field, given in (
        ("note", {"reason": " "}),
        ("note", {}),
        ("title", {"title": ""}),
        ("target_on", {"target_on": DAY}),
        ("target_value", {"target_value": Decimal(0)}),
        ("indicator", {"target": "indicator"}),
        ("owner", {"owner_id": 0}),
        ("lead", {"lead_id": 0}),
        ("due_on", {"steps": [NewStep("x", "y", DAY - timedelta(1))]}),
    ):
        with pytest.raises(BadInput) as refusal:
            change(world, **given)
        assert refusal.value.field == field, given
    assert not AuditEntry.objects.filter(action="theme.head_changed").exists()


def test_only_who_judges_there_changes_a_theme_and_only_while_it_is_not_over(world):
    leader = grant(make_staff("city_leader", world.centre), "leader", world.centre)
    with pytest.raises(NotAllowed):
        change(world, title="x", by=Actor.staff(leader))
    elsewhere = grant(make_staff("elsewhere", world.centres[1]), "analyst", world.centres[1])
    with pytest.raises((OutOfSight, NotAllowed)):
        change(world, title="x", by=Actor.staff(elsewhere))
    with pytest.raises(StalePage):
        change(world, title="x", row_version=7)
    move_theme(world.theme.pk, "end", outcome="不做了", by=world.by, now=NOON)
    with pytest.raises(IllegalMove):
        change(world, title="x")


# --- pages ---------------------------------------------------------------------------------------------


def send(world, **given):
    fields = {
        "title": "楼道堆物", "owner": world.centres[0].name, "target": "fewer", "target_value": "20",
        "started_on": str(DAY), "target_on": str(DAY + timedelta(60)), "steps": f"排查 | 社区 | {DAY + timedelta(5)}",
        "note": "领导要求", "row_version": SpecialTheme.objects.get().row_version,
    } | given  # fmt: skip
    return client_of(world.analyst, "en").post(reverse("analytics:theme_change", args=[world.theme.pk]), fields)


def test_the_page_shows_the_head_and_keeps_what_was_typed(world):
    client = client_of(world.analyst, "en")
    body = client.get(reverse("analytics:theme_change", args=[world.theme.pk])).content.decode()
    assert f"排查 | 社区 | {DAY + timedelta(5)}" in body
    assert (
        reverse("analytics:theme_change", args=[world.theme.pk])
        in client.get(reverse("analytics:theme", args=[world.theme.pk])).content.decode()
    )
    refused = send(world, title="新名字", note="", steps="没有日期")
    assert refused.status_code == 422
    assert "新名字" in refused.content.decode()
    assert {"note", "steps"} <= set(refused.context["form"].errors)
    assert send(world, title="新名字").status_code == 302
    assert SpecialTheme.objects.get().title == "新名字"
    assert send(world, title="再改", row_version=1).status_code == 422


def test_a_step_may_hold_the_sign_that_parts_it(world):
    assert send(world, steps=f"A|B | 社区 | {DAY + timedelta(5)}").status_code == 302
    assert world.theme.steps.get().text == "A|B"


def pick(world, kind, text, user=None):
    client = client_of(user or world.analyst, "en")
    return client.get(reverse("analytics:theme_pick", args=[kind]), {"q": text}).content.decode()


def test_items_areas_and_units_are_found_by_words(world):
    assert 'data-id="T01"' in pick(world, "item", "T01")
    name = world.item.versions.get().name
    assert name in pick(world, "item", name)
    assert f'data-id="{world.districts[0].pk}"' in pick(world, "area", world.districts[0].name[:2])
    assert world.centres[0].name in pick(world, "unit", world.centres[0].name)
    for kind in ("item", "area", "unit"):
        assert "data-id" not in pick(world, kind, "")
        assert "Nothing fits" in pick(world, kind, "没有这样的\x00 '%_")
    assert client_of(world.analyst).get(reverse("analytics:theme_pick", args=["x"])).status_code == 404


def test_only_areas_of_ones_own_are_found(world):
    district = grant(make_staff("district_analyst", world.centres[0]), "analyst", world.centres[0])
    assert "data-id" not in pick(world, "area", world.districts[1].name, district)
    assert "data-id" not in pick(world, "unit", world.centres[1].name, district)


def test_a_form_sent_back_still_names_what_was_chosen(world):
    client = client_of(world.analyst, "en")
    refused = client.post(
        reverse("analytics:theme_new"), {"items": "T01,X99", "area": world.districts[0].pk, "title": "x"}
    )
    body = refused.content.decode()
    assert refused.status_code == 422
    assert f'data-take="T01">{world.item.versions.get().name} ×' in body
    assert 'data-take="X99">X99 ×' in body
    assert f'value="{world.districts[0].name}"' in body
