"""Pages of the registers of party and partners: shown to who plans, kept by their forms, closed to others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grid.files import read_party_kinds
from grid.models import Adviser, CommunityTask, Estate, Gathering, Liaison, PartyKind, Reporter, ServiceSite, TaskClaim
from grid.services.party import add_item, escalate_item
from grid.services.party.kinds import load_party_kinds
from grid.tests.factories import small_city
from grid.views.party import REGISTERS
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def page(city, client):
    client.force_login(city.staff["community_secretary"])
    return client


def entry(city, kind):
    today = timezone.localdate().isoformat()
    now = timezone.localtime()
    common = {"area": city.communities[0][0][0].code}
    return common | {
        "sites": {
            "name": "甲党群服务中心", "tier": "local", "address": "一号",
            "hours_1": "9:00-12:00，14:00–18:00", "hours_holiday": "10:00-11:00", "is_active": "on",
        },
        "reporters": {"kind": "organisation", "organisation": "税务局党支部", "reported_on": today, "is_active": "on"},
        "tasks": {
            "title": "清扫", "audience": "everybody", "place": "三栋", "wanted": "2",
            "starts_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}",
        },
        "gatherings": {
            "kind": "tea", "title": "茶话会", "held_on": today, "place": "会议室",
            "residents": "12", "members": "3", "officials": "1",
        },
        "liaisons": {"unit": city.bureaus[0]["water"].name, "begins_on": today},
        "estates": {"name": "幸福里", "kind": "property", "body": "安心物业", "begins_on": today},
        "advisers": {"kind": "lawyer", "name": "样律师", "weekdays": ["2", "4"], "begins_on": today},
    }[kind]  # fmt: skip


MODELS = {
    "sites": ServiceSite, "reporters": Reporter, "tasks": CommunityTask, "gatherings": Gathering,
    "liaisons": Liaison, "estates": Estate, "advisers": Adviser,
}  # fmt: skip


@pytest.mark.parametrize("kind", REGISTERS)
def test_an_entry_is_entered_shown_and_changed(city, page, kind):
    given = entry(city, kind)
    assert page.get(reverse("grid:party_new", args=[kind])).status_code == 200
    answer = page.post(reverse("grid:party_new", args=[kind]), given)
    assert answer.status_code == 302, answer.context["form"].errors
    row = MODELS[kind].objects.get()
    assert str(row) in page.get(reverse("grid:party_list", args=[kind])).content.decode()
    address = reverse("grid:party_edit", args=[kind, row.pk])
    shown = page.get(address)
    assert shown.status_code == 200
    again = {name: shown.context["form"][name].value() for name in shown.context["form"].fields}
    answer = page.post(address, {name: value for name, value in again.items() if value not in (None, False)})
    assert answer.status_code == 302, answer.context["form"].errors
    assert MODELS[kind].objects.count() == 1


@pytest.mark.parametrize("kind", REGISTERS)
def test_what_lies_elsewhere_is_not_found_and_who_does_not_plan_is_told_why(city, page, client, kind):
    page.post(reverse("grid:party_new", args=[kind]), entry(city, kind))
    row = MODELS[kind].objects.get()
    client.force_login(city.staff["other_secretary"])
    assert client.get(reverse("grid:party_edit", args=[kind, row.pk])).status_code == 404
    address = reverse("grid:party_edit", args=[kind, row.pk])
    assert address not in client.get(reverse("grid:party_list", args=[kind])).content.decode()
    client.force_login(city.staff["agent"])
    assert client.get(reverse("grid:party_list", args=[kind])).status_code == 403


@pytest.mark.parametrize("kind", REGISTERS)
@pytest.mark.parametrize("bad", ["\x00", "长" * 15_000, "\u202e", "[]", "-1", "9" * 40])
def test_hostile_input_is_told_and_never_an_error_of_ours(city, page, kind, bad):
    given = {name: bad for name in entry(city, kind)}
    answer = page.post(reverse("grid:party_new", args=[kind]), given)
    assert answer.status_code == 422
    assert not MODELS[kind].objects.exists()


def test_an_unknown_register_is_not_found(page):
    assert page.get(reverse("grid:party_list", args=["nothing"])).status_code == 404
    assert page.get(reverse("grid:party"), {"before": "9" * 30}).status_code == 200


def test_a_span_that_is_none_is_shown_at_its_day(city, page):
    answer = page.post(reverse("grid:party_new", args=["sites"]), entry(city, "sites") | {"hours_1": "morning"})
    assert answer.status_code == 422
    assert "hours_1" in answer.context["form"].errors


def test_a_task_is_claimed_marked_and_called_off_on_its_page(city, page):
    for kind in ("reporters", "tasks"):
        page.post(reverse("grid:party_new", args=[kind]), entry(city, kind))
    task, who = CommunityTask.objects.get(), Reporter.objects.get()
    address = reverse("grid:community_task", args=[task.pk])
    assert page.post(address, {"reporter": who.pk, "people": "2"}).status_code == 302
    step, claim = reverse("grid:task_step", args=[task.pk]), TaskClaim.objects.get()
    assert page.post(step, {"step": f"present:{claim.pk}"}).status_code == 302
    claim.refresh_from_db()
    assert claim.was_present is True
    for forged in ("present:999999", "present:x", "nothing", ""):
        assert page.post(step, {"step": forged}).status_code == 404
    assert page.post(step, {"step": "cancel"}).status_code == 302
    assert page.get(address).status_code == 200
    task.refresh_from_db()
    assert task.cancelled_at is not None


def test_a_day_of_service_is_recorded_on_the_page_of_who_reported(city, page):
    page.post(reverse("grid:party_new", args=["reporters"]), entry(city, "reporters"))
    who = Reporter.objects.get()
    address = reverse("grid:reporter", args=[who.pk])
    given = {"day": timezone.localdate().isoformat(), "hours": "2.5", "people": "4", "note": "扫楼"}
    assert page.post(address, given).status_code == 302
    assert "扫楼" in page.get(address).content.decode()
    assert page.post(address, given | {"hours": "0"}).status_code == 422


def test_the_subdistrict_sees_what_was_escalated_to_it(city, page):
    page.post(reverse("grid:party_new", args=["gatherings"]), entry(city, "gatherings"))
    by, now = Actor.staff(city.staff["community_secretary"]), timezone.now()
    item = add_item(Gathering.objects.get().pk, "路灯不亮", by=by, now=now)
    escalate_item(item.pk, by=by, now=now)
    rows = page.get(reverse("grid:party_list", args=["gatherings"])).context["rows"]
    assert [row.waiting for row in rows] == [{"escalated": 1}]


def test_kinds_of_sites_are_data_that_a_form_offers_while_they_are_in_use(city, page):
    load_party_kinds(read_party_kinds(), by=Actor.system("test"), now=timezone.now())
    address = reverse("grid:party_new", args=["sites"])
    offered = dict(page.get(address).context["form"].fields["kind"].choices)
    riders = PartyKind.objects.get(code="riders")
    assert str(riders.pk) in offered
    assert str(PartyKind.objects.get(code="patrol").pk) not in offered
    assert page.post(address, entry(city, "sites") | {"kind": str(riders.pk)}).status_code == 302
    made = ServiceSite.objects.get()
    assert made.kind == riders
    PartyKind.objects.filter(pk=riders.pk).update(is_active=False)
    assert str(riders.pk) not in dict(page.get(address).context["form"].fields["kind"].choices)
    edit = reverse("grid:party_edit", args=["sites", made.pk])
    assert str(riders.pk) in dict(page.get(edit).context["form"].fields["kind"].choices)
    assert page.post(address, entry(city, "sites") | {"name": "乙", "kind": "99999"}).status_code == 422


def test_an_administrator_keeps_the_kinds_with_day_and_source(city, client):
    client.force_login(city.staff["administrator"], backend="grid.backends.StaffBackend")
    address = reverse("admin:grid_partykind_add")
    given = {"code": "library", "of": "site", "name": "党群书房", "name_en": "Reading room", "order": "50"}
    given |= {"effective_from": "2026-01-01", "is_active": "on"}
    assert client.post(address, given).status_code == 200
    assert not PartyKind.objects.exists()
    assert client.post(address, given | {"source": "区委组织部〔2026〕1 号"}).status_code == 302
    assert PartyKind.objects.get().effective_from.isoformat() == "2026-01-01"
    assert AuditEntry.objects.filter(action="party_kind.changed").count() == 1


@pytest.mark.parametrize(
    ("column", "value"), [("order", "x"), ("effective_from", "gestern"), ("code", "centre"), ("of", "x" * 9)]
)
def test_a_wrong_row_of_the_kinds_is_named(tmp_path, city, column, value):
    row = {"code": "library", "of": "site", "name": "书房", "name_en": "Reading room", "order": "1"}
    row |= {"effective_from": "2026-01-01", "source": "s"}
    rows = [row | {"code": "centre"}, row | {column: value}]
    path = tmp_path / "kinds.csv"
    path.write_text("\n".join([",".join(row), *(",".join(one.values()) for one in rows)]), encoding="utf-8")
    with pytest.raises(BadInput):
        load_party_kinds(read_party_kinds(path), by=Actor.system("test"), now=timezone.now())
    assert not PartyKind.objects.exists()
