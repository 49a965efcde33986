"""The admin pages: lists, drop-downs and filters narrowed, writes through services, refusals at their field."""

import pytest
from django.urls import reverse
from django.utils import timezone

from grid.models import Area, Role, RoleGrant, Staff, Unit, UnitChange
from grid.services import merge_units
from grid.tests.factories import grant, make_staff, small_city
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
PASSWORD = "quite-long-and-unusual-7"


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def district(city):
    return grant(make_staff("district-admin", city.centres[0]), ["manage_system"], city.centres[0])


@pytest.fixture
def as_district(client, district):
    client.force_login(district)
    return client


@pytest.fixture
def as_city(client, city):
    client.force_login(city.staff["administrator"])
    return client


def listed(response) -> set:
    return set(response.context["cl"].queryset)


class TestLists:
    @pytest.mark.parametrize("model", [Area, Unit, Staff, RoleGrant])
    def test_show_a_district_administrator_the_district_only(self, as_district, district, model):
        response = as_district.get(reverse(f"admin:grid_{model._meta.model_name}_changelist"))
        assert response.status_code == 200
        assert listed(response) == set(model.objects.all()) & set(
            model.objects.visible_to(district)
            if hasattr(model.objects, "visible_to")
            else model.objects.filter(unit__in=Unit.objects.visible_to(district))
        )
        assert listed(response) < set(model.objects.all())

    @pytest.mark.parametrize("model", [Area, Unit, Staff, RoleGrant, Role])
    def test_show_the_citys_administrator_and_a_superuser_everything(self, client, city, model):
        for name in ("administrator", "root"):
            client.force_login(city.staff[name])
            response = client.get(reverse(f"admin:grid_{model._meta.model_name}_changelist"))
            expected = model.objects.exclude(unit=None) if model is Staff and name != "root" else model.objects.all()
            assert listed(response) >= set(expected)

    def test_are_closed_to_other_roles_and_to_nobody(self, client, city):
        address = reverse("admin:grid_unit_changelist")
        assert client.get(address).status_code == 302
        client.force_login(city.staff["handler"])
        assert client.get(address).status_code in {302, 403}
        pretender = city.staff["handler"]
        pretender.is_staff = True
        pretender.save()
        client.force_login(pretender)
        assert client.get(address).status_code == 403

    def test_cost_the_same_number_of_queries_however_many_units(self, as_city, city, django_assert_max_num_queries):
        with django_assert_max_num_queries(16):
            as_city.get(reverse("admin:grid_unit_changelist"))

    def test_find_a_unit_by_a_name_it_had(self, as_city, city):
        unit = city.bureaus[0]["water"]
        unit.names.create(name="龙华环水局", kind="alias", valid_from=unit.opened_on)
        response = as_city.get(reverse("admin:grid_unit_changelist"), {"q": "环水局"})
        assert listed(response) == {unit}


class TestForeignGround:
    def test_a_row_outside_the_territory_does_not_exist(self, as_district, city):
        other = city.offices[1][0]
        for name in ("change", "rename", "merge"):
            assert as_district.get(reverse(f"admin:grid_unit_{name}", args=[other.pk])).status_code == 404
        person = city.staff["other_handler"]
        assert as_district.get(reverse("admin:grid_staff_change", args=[person.pk])).status_code == 404

    def test_drop_downs_and_their_search_offer_the_own_district_only(self, as_district, city):
        where = {"app_label": "grid", "model_name": "staff", "field_name": "unit"}
        found = as_district.get(reverse("admin:autocomplete"), where | {"term": "水务局"}).json()["results"]
        assert [row["text"] for row in found] == ["龙华区水务局"]

    def test_a_foreign_unit_typed_into_the_request_is_refused_at_its_field(self, as_district, city):
        given = {"username": "new", "password": PASSWORD, "unit": city.offices[1][0].pk, "last_name": "王"}
        response = as_district.post(reverse("admin:grid_staff_add"), given)
        assert "unit" in response.context["adminform"].form.errors
        assert not Staff.objects.filter(username="new").exists()

    def test_roles_are_for_the_citys_administrators_to_change(self, as_district, city):
        role = Role.objects.get(code="handler")
        address = reverse("admin:grid_role_change", args=[role.pk])
        assert as_district.get(address).status_code == 200
        assert as_district.post(address, {"acts": ["manage_system"]}).status_code == 403


class TestUnits:
    def test_are_set_up_by_the_service(self, as_district, city):
        given = {
            "code": "fire-lh", "name": "龙华区消防救援大队", "function": "fire", "kind": "bureau", "level": 2,
            "parent": city.centres[0].pk, "home_area": city.districts[0].pk, "opened_on": "2020-01-01",
            "document": "深编1号",
        }  # fmt: skip
        response = as_district.post(reverse("admin:grid_unit_add"), given)
        assert response.status_code == 302
        unit = Unit.objects.get(code="fire-lh")
        assert unit.path.startswith(city.centres[0].path)
        assert UnitChange.objects.get(unit=unit).document == "深编1号"

    def test_keep_what_was_typed_when_the_service_refuses(self, as_district, city):
        given = {
            "code": "x", "name": "龙华区水务局", "function": "water", "kind": "bureau", "level": 2,
            "parent": city.centres[0].pk, "home_area": city.districts[0].pk, "opened_on": "2020-01-01",
        }  # fmt: skip
        response = as_district.post(reverse("admin:grid_unit_add"), given)
        form = response.context["adminform"].form
        assert response.status_code == 200
        assert list(form.errors) == ["name"]
        assert form["code"].value() == "x"
        assert not Unit.objects.filter(code="x").exists()

    def test_show_their_names_and_changes(self, as_district, city):
        response = as_district.get(reverse("admin:grid_unit_change", args=[city.bureaus[0]["water"].pk]))
        assert response.status_code == 200
        assert "龙华区水务局" in response.content.decode()
        assert reverse("admin:grid_unit_rename", args=[city.bureaus[0]["water"].pk]) in response.content.decode()

    @pytest.mark.parametrize(
        ("step", "given", "kind"),
        [
            ("rename", {"name": "新名局"}, "rename"),
            ("move", {"parent": "urban_management"}, "move"),
            ("merge", {"successor": "urban_management"}, "merge"),
            ("close", {"successor": "urban_management"}, "close"),
            ("split", {"parts": "a,甲局\nb，乙局", "ends": "on"}, "split"),
        ],
    )
    def test_are_changed_by_steps(self, as_district, city, step, given, kind):
        unit = city.bureaus[0]["water"]
        chosen = {name: city.bureaus[0][value].pk for name, value in given.items() if value in city.bureaus[0]}
        address = reverse(f"admin:grid_unit_{step}", args=[unit.pk])
        assert as_district.get(address).status_code == 200
        response = as_district.post(address, given | chosen | {"effective_on": "2020-01-01", "document": "文号"})
        assert response.status_code == 302
        assert UnitChange.objects.get(unit=unit).kind == kind

    def test_get_an_alias(self, as_district, city):
        unit = city.bureaus[0]["water"]
        as_district.post(reverse("admin:grid_unit_alias", args=[unit.pk]), {"name": "水务", "source": "热线"})
        assert unit.names.filter(name="水务", kind="alias").exists()

    @pytest.mark.parametrize(
        ("step", "given", "field"),
        [
            ("rename", {"name": "新名局", "effective_on": "2000-01-01"}, "effective_on"),
            ("rename", {"name": "新名局", "effective_on": "someday"}, "effective_on"),
            ("split", {"parts": "甲局", "effective_on": "2020-01-01"}, "parts"),
            ("close", {"effective_on": "2020-01-01"}, "successor"),
        ],
    )
    def test_say_at_the_field_why_a_step_is_refused(self, as_district, city, step, given, field):
        unit = city.bureaus[0]["water"]
        response = as_district.post(reverse(f"admin:grid_unit_{step}", args=[unit.pk]), given)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert not UnitChange.objects.exists()

    def test_that_are_closed_say_so(self, as_city, city):
        unit, into = city.bureaus[0]["water"], city.centres[0]
        now = timezone.now()
        merge_units(unit.pk, into.pk, now.date(), by=Actor.system("test"), now=now)
        given = {"name": "新名", "effective_on": "2020-01-01"}
        response = as_city.post(reverse("admin:grid_unit_rename", args=[unit.pk]), given)
        assert response.status_code == 422
        assert response.context["form"].non_field_errors()

    def test_cannot_be_changed_in_the_form_or_deleted(self, as_city, city):
        unit = city.bureaus[0]["water"]
        assert as_city.post(reverse("admin:grid_unit_change", args=[unit.pk]), {"name": "x"}).status_code == 403
        assert as_city.post(reverse("admin:grid_unit_delete", args=[unit.pk]), {"post": "yes"}).status_code == 403


class TestStaff:
    def test_are_created_changed_and_given_roles(self, as_district, city):
        given = {"username": "wang", "password": PASSWORD, "unit": city.offices[0][0].pk, "last_name": "王"}
        assert as_district.post(reverse("admin:grid_staff_add"), given).status_code == 302
        staff = Staff.objects.get(username="wang")
        assert staff.check_password(PASSWORD)
        change = {"last_name": "汪", "unit": staff.unit_id, "is_active": "on", "email": "", "post": "经办"}
        change |= {"grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}  # the list of roles below the form
        assert as_district.post(reverse("admin:grid_staff_change", args=[staff.pk]), change).status_code == 302
        grants = {"role": Role.objects.get(code="handler").pk, "unit": city.offices[0][0].pk}
        assert as_district.post(reverse("admin:grid_staff_grant", args=[staff.pk]), grants).status_code == 302
        staff.refresh_from_db()
        assert (staff.last_name, staff.post) == ("汪", "经办")
        assert staff.grants.get().granted_by == "district-admin"

    def test_say_at_the_field_what_is_wrong_with_a_password(self, as_district, city):
        handler = city.staff["handler"]
        response = as_district.post(reverse("admin:grid_staff_password", args=[handler.pk]), {"password": "1"})
        assert list(response.context["form"].errors) == ["password"]

    def test_lose_a_role_by_a_step_that_leads_back_to_the_person(self, as_district, city):
        held = RoleGrant.objects.get(staff=city.staff["handler"])
        address = reverse("admin:grid_rolegrant_withdraw", args=[held.pk])
        page = as_district.get(reverse("admin:grid_staff_change", args=[held.staff_id]))
        assert address in page.content.decode()
        response = as_district.post(address)
        assert response.url == reverse("admin:grid_staff_change", args=[held.staff_id])
        assert not RoleGrant.objects.filter(pk=held.pk).exists()

    def test_cannot_grant_themselves_a_role(self, as_district, district, city):
        grants = {"role": Role.objects.get(code="handler").pk, "unit": city.offices[0][0].pk}
        response = as_district.post(reverse("admin:grid_staff_grant", args=[district.pk]), grants)
        assert response.status_code == 403


class TestRoles:
    def test_reach_everybody_who_holds_them(self, as_city, city):
        role = Role.objects.get(code="handler")
        response = as_city.post(reverse("admin:grid_role_change", args=[role.pk]), {"acts": ["view_case"]})
        assert response.status_code == 302
        role.refresh_from_db()
        assert role.is_edited
        held = city.staff["handler"].staffunitpermission_set.values_list("permission__codename", flat=True)
        assert list(held) == ["view_case"]


class TestFilters:
    def test_offer_only_what_is_in_sight(self, rf, district, city):
        from django.contrib import admin

        from grid.admin_scope import ScopedAdmin, ScopedFilter

        class StaffByUnit(ScopedAdmin):
            list_filter = ("unit", "is_active")

        request = rf.get("/")
        request.user = district
        page = StaffByUnit(Staff, admin.site)
        (name, scoped), plain = page.get_list_filter(request)
        assert (name, scoped, plain) == ("unit", ScopedFilter, "is_active")
        choices = scoped.field_choices(None, Staff._meta.get_field("unit"), request, page)
        assert {pk for pk, _text in choices} == set(Unit.objects.visible_to(district).values_list("pk", flat=True))
