"""Institutional changes: what a plan touches, the batches before it, and that it is carried out once on its day."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dutylist.models import ItemVersion, UnitPlan
from dutylist.selectors.plans import find_naming_lists, find_obstacles, get_plan_page, list_plans
from dutylist.services import (
    NewPlan,
    NewResponsibility,
    cancel_plan,
    carry_out_due,
    enter_catalogue,
    plan_unit_change,
    prepare_batches,
    publish_batch,
    set_responsibilities,
)
from dutylist.tests.world import NOON, SYSTEM, item_row, make_list
from dutylist.workflow import SCHEDULED
from grid.models import RoleGrant, Staff, Unit
from grid.selectors import unit_name_on
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
THEN = NOON + timedelta(days=13)  # the first of December


@pytest.fixture
def city():
    city = make_list()
    call_command("load_calendar", verbosity=0)
    city.by = Actor.staff(city.staff["duty_manager"])
    city.district = Actor.staff(grant(make_staff("dm", city.centres[0]), "duty_manager", city.centres[0]))
    city.old, city.new = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
    return city


def plan(city, kind="merge", by=None, **given):
    data = {"kind": kind, "unit_id": city.old.pk, "effective_on": DAY}
    if kind in ("merge", "close"):
        data["into_id"] = city.new.pk
    return plan_unit_change(NewPlan(**data | given), by=by or city.by, now=NOON)


def publish(batch, now=THEN):
    """Put the batch past its reviews and publish it, as four eyes would."""
    batch.state = SCHEDULED
    batch.save(update_fields=["state"])
    return publish_batch(batch.pk, by=SYSTEM, now=now)


def carry_out(now=THEN):
    return carry_out_due(by=SYSTEM, now=now)


def leads(code, on):
    version = ItemVersion.objects.of_item(ItemVersion.objects.filter(item__code=code).first().item_id, on)
    return set(ItemVersion.objects.get(pk=version.rows_id).responsibilities.values_list("lead_unit", flat=True))


class TestPlanning:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"effective_on": date(2026, 11, 17)}, "effective_on"),
            ({"kind": "rename", "new_name": " "}, "new_name"),
            ({"kind": "merge", "into_id": None}, "into"),
            ({"kind": "close", "into_id": None}, "into"),
            ({"kind": "split", "part_names": ("一",)}, "part_names"),
            ({"kind": "nonsense"}, "kind"),
        ],
    )
    def test_is_refused_by_the_field_at_fault(self, city, given, field):
        with pytest.raises(BadInput) as refusal:
            plan(city, **given)
        assert refusal.value.field == field
        assert not UnitPlan.objects.exists()

    def test_names_no_successor_below_the_unit(self, city):
        with pytest.raises(BadInput) as refusal:
            plan(city, unit_id=city.offices[0][0].pk, into_id=city.stations[0][0][0].pk)
        assert refusal.value.field == "into"

    def test_holds_one_plan_a_unit(self, city):
        plan(city)
        with pytest.raises(BadInput):
            plan(city, "rename", new_name="别的局")

    def test_is_for_who_manages_the_list_there(self, city):
        assert plan(city, by=city.district).state == "planned"
        with pytest.raises(OutOfSight):
            plan(city, by=city.district, unit_id=city.bureaus[1]["water"].pk)
        with pytest.raises(NotAllowed):
            plan(city, by=Actor.staff(city.staff["duty_reviewer"]), unit_id=city.offices[0][0].pk)

    def test_changes_nothing_yet(self, city):
        plan(city)
        city.old.refresh_from_db()
        assert city.old.closed_on is None
        assert carry_out(NOON) == 0

    def test_is_seen_in_its_territory_alone(self, city):
        found = plan(city)
        other = grant(make_staff("od", city.centres[1]), "duty_manager", city.centres[1])
        assert list(list_plans(city.staff["duty_reviewer"])) == [found]
        assert not list_plans(other).exists()


class TestWhatItTouches:
    def test_counts_rows_by_list_and_role(self, city):
        enter_catalogue(
            [item_row("T03", "区里的事")], source="sample", owner_area_id=city.districts[0].pk,
            effective_from=date(2018, 1, 1), by=SYSTEM, now=NOON,
        )  # fmt: skip
        own = ItemVersion.objects.get(item__code="T03")
        area = city.districts[0].pk
        rows = [NewResponsibility(own.pk, area, city.new.pk, (city.old.pk,), city.old.pk)]
        set_responsibilities(rows, by=SYSTEM, now=NOON)
        lists = find_naming_lists(city.old.pk)
        assert [(one.area, len(one.versions), one.lead, one.co, one.fallback) for one in lists] == [
            (city.city, 1, 1, 0, 0), (city.districts[0], 1, 0, 1, 1),
        ]  # fmt: skip

    def test_names_staff_roles_and_units_below(self, city):
        page = get_plan_page(plan(city), city.staff["duty_manager"])
        assert {one.username for one in page.staff} == {"duty_editor", "handler"}
        assert len(page.grants) == 2
        assert page.may_act
        assert page.obstacles

    def test_costs_the_same_however_much_it_touches(self, city):
        found, user = plan(city), city.staff["duty_manager"]

        def count():
            reader = Staff.objects.get(pk=user.pk)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                get_plan_page(found, reader)
            return len(seen)

        before = count()
        rows = [item_row(f"N{n:02d}", f"新事{n}") for n in range(12)]
        ids = enter_catalogue(
            rows, source="sample", owner_area_id=city.city.pk, effective_from=date(2018, 1, 1), by=SYSTEM, now=NOON
        ).version_ids
        set_responsibilities(
            [NewResponsibility(pk, city.districts[0].pk, city.old.pk) for pk in ids.values()], by=SYSTEM, now=NOON
        )
        assert count() == before


class TestTheBatches:
    def test_give_every_row_to_the_successor_on_the_day(self, city):
        batch = prepare_batches(plan(city).pk, by=city.by, now=NOON)[0]
        line = batch.lines.get()
        assert (line.code, line.kind, line.source) == ("T02", "transfer", "institution")
        assert city.old.pk not in {row["lead"] for row in line.after["rows"]}
        assert city.new.pk in {row["lead"] for row in line.after["rows"]}
        assert (batch.effective_on, batch.owner_area) == (DAY, city.city)

    def test_are_not_made_twice(self, city):
        found = plan(city)
        prepare_batches(found.pk, by=city.by, now=NOON)
        with pytest.raises(Refused):
            prepare_batches(found.pk, by=city.by, now=NOON)

    def test_are_for_the_office_of_each_list(self, city):
        found = plan(city, by=city.district)
        with pytest.raises(Refused, match="深圳"):
            prepare_batches(found.pk, by=city.district, now=NOON)
        assert len(prepare_batches(found.pk, by=city.by, now=NOON)) == 1

    def test_are_not_needed_for_a_renaming(self, city):
        with pytest.raises(Refused):
            prepare_batches(plan(city, "rename", new_name="新局").pk, by=city.by, now=NOON)


class TestTheDay:
    def test_of_a_renaming_renames_and_keeps_the_old_name(self, city):
        plan(city, "rename", new_name="龙华区城市治理局")
        former = city.old.name
        assert carry_out() == 1
        city.old.refresh_from_db()
        assert city.old.name == "龙华区城市治理局"
        assert unit_name_on(city.old, date(2026, 11, 30)) == former

    def test_comes_to_nothing_while_the_list_names_the_unit(self, city):
        found = plan(city)
        assert carry_out() == 0
        assert carry_out(THEN + timedelta(minutes=1)) == 0
        found.refresh_from_db()
        assert found.state == "planned"
        assert city.old.name in found.problem
        assert AuditEntry.objects.filter(action="unit_plan.failed").count() == 1

    def test_of_a_merge_follows_the_batch_of_the_same_day_and_happens_once(self, city):
        found = plan(city)
        batch = prepare_batches(found.pk, by=city.by, now=NOON)[0]
        carry_out()
        publish(batch)
        assert find_obstacles(found) == []
        assert carry_out(THEN + timedelta(minutes=1)) == 1
        assert carry_out(THEN + timedelta(minutes=2)) == 0
        city.old.refresh_from_db()
        found.refresh_from_db()
        assert (city.old.successor, city.old.closed_on, found.state, found.problem) == (city.new, DAY, "done", "")
        assert set(Staff.objects.filter(unit=city.new).values_list("username", flat=True)) >= {"handler"}
        assert leads("T02", DAY - timedelta(days=1)) >= {city.old.pk}
        assert city.old.pk not in leads("T02", DAY)

    def test_of_a_closing_waits_until_nobody_is_left(self, city):
        found = plan(city, "close")
        publish(prepare_batches(found.pk, by=city.by, now=NOON)[0])
        assert carry_out() == 0
        found.refresh_from_db()
        assert "2" in found.problem
        Staff.objects.filter(unit=city.old).update(unit=city.new)
        RoleGrant.objects.filter(unit=city.old).update(unit=city.new)
        assert carry_out(THEN + timedelta(days=1)) == 1
        city.old.refresh_from_db()
        assert city.old.closed_on == THEN.date() + timedelta(days=1)

    def test_of_a_split_ends_the_unit_in_its_first_part(self, city):
        found = plan(city, "split", part_names=("环卫局", "执法局"))
        parts = list(Unit.objects.filter(code__in=found.parts).order_by("id"))
        assert [part.name for part in parts] == ["环卫局", "执法局"]
        publish(prepare_batches(found.pk, by=city.by, now=NOON)[0])
        assert carry_out() == 1
        city.old.refresh_from_db()
        assert city.old.successor == parts[0]
        assert parts[0].pk in leads("T02", DAY)

    def test_of_a_split_may_leave_the_unit_as_it_is(self, city):
        plan(city, "split", part_names=("执法局",), ends=False)
        assert carry_out() == 1
        city.old.refresh_from_db()
        assert city.old.closed_on is None

    def test_is_not_stopped_by_another_plan_that_fails(self, city):
        plan(city)
        plan(city, "rename", unit_id=city.bureaus[1]["water"].pk, new_name="坪山区水务和环境局")
        assert carry_out() == 1


class TestGivingUp:
    def test_leaves_everything_as_it_was(self, city):
        found = plan(city, "split", part_names=("环卫局", "执法局"))
        assert cancel_plan(found.pk, by=city.by, now=NOON).state == "cancelled"
        assert not Unit.objects.filter(code__in=found.parts, closed_on=None).exists()
        assert carry_out() == 0
        with pytest.raises(IllegalMove):
            cancel_plan(found.pk, by=city.by, now=NOON)

    def test_is_refused_once_the_list_names_the_parts(self, city):
        found = plan(city, "split", part_names=("环卫局", "执法局"))
        batch = prepare_batches(found.pk, by=city.by, now=NOON)[0]
        publish(batch)
        with pytest.raises(Refused, match="1"):
            cancel_plan(found.pk, by=city.by, now=THEN)


class TestThePages:
    def client(self, user):
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    def test_plan_show_prepare_and_give_up(self, city):
        client = self.client(city.staff["duty_manager"])
        sent = {
            "kind": "merge", "unit": city.old.code, "into": city.new.code, "effective_on": "2099-12-01",
            "part_names": "", "new_name": "", "document": "深编〔2099〕1号",
        }  # fmt: skip
        response = client.post(reverse("dutylist:plan_new"), sent)
        found = UnitPlan.objects.get()
        assert response.url == reverse("dutylist:plan", args=[found.pk])
        page = client.get(response.url).content.decode()
        assert "Prepare 1 batch" in page
        assert "would still name" in page
        assert client.post(reverse("dutylist:plan_prepare", args=[found.pk])).status_code == 302
        assert found.batches.get().number in client.get(response.url).content.decode()
        client.post(reverse("dutylist:plan_cancel", args=[found.pk]))
        found.refresh_from_db()
        assert found.state == "cancelled"
        assert client.get(reverse("dutylist:plans"), {"tab": "all"}).status_code == 200

    def test_show_what_is_wrong_at_its_field(self, city):
        client = self.client(city.staff["duty_manager"])
        response = client.post(reverse("dutylist:plan_new"), {"kind": "merge", "unit": "没有", "effective_on": "x"})
        assert response.status_code == 422
        assert {"unit", "effective_on"} <= response.context["form"].errors.keys()
        sent = {"kind": "merge", "unit": city.old.code, "effective_on": "2099-12-01"}
        assert client.post(reverse("dutylist:plan_new"), sent).context["form"].errors["into"]

    def test_are_shut_to_other_districts_and_to_who_has_no_part_in_the_list(self, city):
        found = plan(city)
        other = grant(make_staff("od", city.centres[1]), "duty_manager", city.centres[1])
        address = reverse("dutylist:plan", args=[found.pk])
        assert self.client(other).get(address).status_code == 404
        assert self.client(city.staff["handler"]).get(address).status_code == 403
        assert self.client(city.staff["duty_reviewer"]).get(reverse("dutylist:plan_new")).status_code == 403
        refused = self.client(city.staff["duty_reviewer"]).post(reverse("dutylist:plan_cancel", args=[found.pk]))
        assert refused.status_code == 403
