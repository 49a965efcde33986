"""Accounts and roles: who may create, change, grant and withdraw, and what it leaves behind."""

import pytest
from django.utils import timezone

from grid import access
from grid.files import read_roles
from grid.models import Role, RoleGrant, Staff, StaffUnitPermission
from grid.services import (
    NewStaff,
    change_staff,
    create_staff,
    grant_role,
    load_roles,
    set_password,
    set_role_acts,
    withdraw_role,
)
from grid.tests.factories import grant, make_role, make_staff, make_unit, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
PASSWORD = "quite-long-and-unusual-7"


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def district(city):
    """An administrator of the first district."""
    return Actor.staff(grant(make_staff("district-admin", city.centres[0]), ["manage_system"], city.centres[0]))


def acts_of(staff: Staff) -> set[str]:
    return set(StaffUnitPermission.objects.filter(user=staff).values_list("permission__codename", flat=True))


class TestAccounts:
    def test_are_created_with_a_working_password_and_an_audit_entry(self, city, district, now):
        new = NewStaff("wang.wu", PASSWORD, city.offices[0][0].pk, "王", "五", "经办")
        staff = create_staff(new, by=district, now=now)
        assert staff.get_full_name() == "王五"
        assert staff.check_password(PASSWORD)
        entry = AuditEntry.objects.get(object_type="grid.staff", object_id=staff.pk)
        assert (entry.action, PASSWORD in str(entry.changes)) == ("staff.created", False)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"username": "handler"}, "username"),
            ({"username": "HANDLER"}, "username"),
            ({"username": "a b"}, "username"),
            ({"username": ""}, "username"),
            ({"password": "12345678"}, "password"),
            ({"password": "a"}, "password"),
            ({"unit_id": 0}, "unit"),
            ({"email": "nobody"}, "email"),
        ],
    )
    def test_are_refused_by_field(self, city, now, given, field):
        facts = {"username": "new", "password": PASSWORD, "unit_id": city.centre.pk} | given
        with pytest.raises(BadInput) as refusal:
            create_staff(NewStaff(**facts), by=SYSTEM, now=now)
        assert refusal.value.field == field

    def test_need_the_administrators_act_at_the_unit(self, city, district, now):
        with pytest.raises(OutOfSight):
            create_staff(NewStaff("x", PASSWORD, city.offices[1][0].pk), by=district, now=now)
        by = Actor.staff(city.staff["district_dispatcher"])
        with pytest.raises(NotAllowed):
            create_staff(NewStaff("x", PASSWORD, city.offices[0][0].pk), by=by, now=now)

    def test_keep_who_changed_what(self, city, district, now):
        handler = city.staff["handler"]
        change_staff(handler.pk, by=district, now=now, post="科长", unit_id=city.bureaus[0]["water"].pk)
        entry = AuditEntry.objects.get(object_type="grid.staff", object_id=handler.pk, action="staff.changed")
        assert entry.changes["post"] == ["", "科长"]
        assert entry.actor_name == "district-admin"

    def test_cannot_be_moved_out_of_the_territory_or_given_more_fields(self, city, district, now):
        handler = city.staff["handler"]
        with pytest.raises(OutOfSight):
            change_staff(handler.pk, by=district, now=now, unit_id=city.bureaus[1]["water"].pk)
        with pytest.raises(BadInput):
            change_staff(handler.pk, by=district, now=now, is_superuser=True)
        with pytest.raises(NotAllowed):
            change_staff(district.user.pk, by=district, now=now, is_active=False)

    def test_of_somebody_with_a_role_elsewhere_or_a_superuser_stay_closed_to_a_district(self, city, district, now):
        elsewhere = grant(make_staff(unit=city.offices[0][0]), "handler", city.bureaus[1]["water"])
        root = Staff.objects.get(username="root")
        root.unit = city.offices[0][0]
        root.save()
        for staff in (elsewhere, root):
            with pytest.raises(NotAllowed):
                set_password(staff.pk, PASSWORD, by=district, now=now)

    def test_get_a_new_password_which_the_audit_log_does_not_know(self, city, district, now):
        handler = city.staff["handler"]
        set_password(handler.pk, PASSWORD, by=district, now=now)
        handler.refresh_from_db()
        assert handler.check_password(PASSWORD)
        assert AuditEntry.objects.get(action="staff.password_set").changes == {}
        with pytest.raises(BadInput):
            set_password(handler.pk, "short", by=district, now=now)


class TestRoles:
    def test_give_their_acts_at_the_unit_and_take_them_away_again(self, city, district, now):
        staff, unit = make_staff(unit=city.offices[0][0]), city.offices[0][0]
        held = grant_role(staff.pk, make_role("reviewer").pk, unit.pk, by=district, now=now)
        assert acts_of(staff) == {"view_case", "review_case", "decide_request"}
        withdraw_role(held.pk, by=district, now=now)
        assert acts_of(staff) == set()
        actions = AuditEntry.objects.filter(object_type="grid.staff", object_id=staff.pk).order_by("id")
        assert [entry.action for entry in actions] == ["role.granted", "role.withdrawn"]

    def test_leave_what_another_role_gives_at_the_same_unit(self, city, district, now):
        staff, unit = make_staff(unit=city.offices[0][0]), city.offices[0][0]
        held = grant_role(staff.pk, make_role("reviewer").pk, unit.pk, by=district, now=now)
        grant_role(staff.pk, make_role("handler").pk, unit.pk, by=district, now=now)
        withdraw_role(held.pk, by=district, now=now)
        assert acts_of(staff) == {"view_case", "handle_case", "hand_down", "view_identity"}

    def test_reach_everybody_who_holds_them_when_their_acts_change(self, city, now):
        role = Role.objects.get(code="handler")
        set_role_acts(role.pk, ["view_case", "handle_case"], by=SYSTEM, now=now)
        for name in ("handler", "other_handler"):
            person = Staff.objects.get(username=name)
            assert access.grants_of(person).acts() == {"view_case", "handle_case"}

    def test_edited_by_hand_survive_a_reload_of_the_file(self, city, now):
        role = Role.objects.get(code="handler")
        set_role_acts(role.pk, ["view_case"], by=Actor.staff(city.staff["root"]), now=now)
        told = load_roles(read_roles(), by=SYSTEM, now=now)
        assert [line[:9] for line in told] == ["= handler"]
        assert [act.codename for act in role.acts.all()] == ["view_case"]

    def test_are_changed_by_administrators_of_the_city_only(self, city, district, now):
        role = Role.objects.get(code="handler")
        with pytest.raises(NotAllowed):
            set_role_acts(role.pk, ["manage_system"], by=district, now=now)
        with pytest.raises(BadInput):
            set_role_acts(role.pk, ["fly"], by=SYSTEM, now=now)

    def test_are_not_granted_outside_the_territory_twice_at_closed_units_or_to_oneself(self, city, district, now):
        role, unit = make_role("handler"), city.bureaus[0]["water"]
        handler = city.staff["handler"]
        closed = make_unit(parent=city.centres[0], closed_on=now.date())
        with pytest.raises(OutOfSight):
            grant_role(handler.pk, role.pk, city.bureaus[1]["water"].pk, by=district, now=now)
        with pytest.raises(OutOfSight):
            grant_role(city.staff["other_handler"].pk, role.pk, unit.pk, by=district, now=now)
        with pytest.raises(BadInput) as refusal:
            grant_role(handler.pk, role.pk, closed.pk, by=district, now=now)
        assert refusal.value.field == "unit"
        with pytest.raises(NotAllowed):
            grant_role(district.user.pk, role.pk, unit.pk, by=district, now=now)
        grant_role(handler.pk, role.pk, unit.pk, by=district, now=now)
        with pytest.raises(Refused):
            grant_role(handler.pk, role.pk, unit.pk, by=district, now=now)

    def test_are_not_granted_to_an_account_that_is_off(self, city, now):
        staff = make_staff(unit=city.centre, is_active=False)
        with pytest.raises(BadInput):
            grant_role(staff.pk, make_role("agent").pk, city.centre.pk, by=SYSTEM, now=now)

    def test_of_others_are_not_withdrawn_from_outside(self, city, district, now):
        held = RoleGrant.objects.get(staff=city.staff["other_handler"])
        with pytest.raises(OutOfSight):
            withdraw_role(held.pk, by=district, now=now)

    def test_open_the_admin_pages_to_administrators_alone(self, city, now):
        staff = make_staff(unit=city.centre)
        held = grant_role(staff.pk, make_role("administrator").pk, city.centre.pk, by=SYSTEM, now=now)
        staff.refresh_from_db()
        assert staff.is_staff
        withdraw_role(held.pk, by=SYSTEM, now=now)
        staff.refresh_from_db()
        assert not staff.is_staff
        assert Staff.objects.get(username="root").is_staff
