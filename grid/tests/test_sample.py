"""The sample city: every area has its unit, every role an account, and nothing of it in production."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from grid import access, selectors
from grid.choices import Level
from grid.files import read_areas, read_roles
from grid.models import Area, Role, RoleGrant, Staff, Unit
from grid.sample import PASSWORD, create_sample_city, read_patterns
from grid.services import load_areas, load_roles
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """One sample city for the module: the tests only read it."""
    from django.db import connection, transaction

    with django_db_blocker.unblock(), transaction.atomic():
        now = timezone.now()
        load_areas(read_areas(), by=SYSTEM, now=now)
        load_roles(read_roles(), by=SYSTEM, now=now)
        made = create_sample_city(by=SYSTEM, now=now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE grid_unit, grid_unitname, grid_area")  # as the server does by itself in time
        yield made
        transaction.set_rollback(True)


def test_every_area_has_a_unit_that_answers_for_it(sample):
    answering = {
        Level.CITY: "centre",
        Level.DISTRICT: "centre",
        Level.SUBDISTRICT: "subdistrict",
        Level.COMMUNITY: "community",
    }
    for level, function in answering.items():
        homes = set(Unit.objects.filter(function=function, level=level).values_list("home_area", flat=True))
        assert homes == set(Area.objects.filter(level=level).values_list("pk", flat=True))


def test_every_unit_lies_below_the_centre_and_inside_its_parents_area(sample):
    roots = 0
    for unit in Unit.objects.select_related("parent__home_area", "home_area"):
        if unit.parent is None:
            roots += 1
            continue
        assert unit.path.startswith(unit.parent.path)
        assert unit.home_area.path.startswith(unit.parent.home_area.path)
    assert roots == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("坪山区水务局", "water-440310"),
        ("市生态环境局坪山管理局", "ecology-440310"),
        ("坪山公安分局", "police-440310"),
        ("大鹏新区党工委组织部", "organization-4403DP"),
        ("龙华区委组织部", "organization-440309"),
        ("深汕交警大队", "traffic_police-4403SS"),
        ("民治街道办事处", "subdistrict-440309002"),
    ],
)
def test_units_bear_the_names_people_use(sample, name, code):
    assert [unit.code for unit in selectors.find_units(name)] == [code]


def test_every_function_of_a_pattern_is_found_for_a_community(sample):
    area = Area.objects.get(code="440309002021")
    for pattern in read_patterns():
        unit = selectors.unit_for(pattern.function, area)
        assert unit is not None
        assert area.path.startswith(unit.home_area.path)


def test_every_role_of_people_has_an_account_with_the_printed_password(sample):
    of_people = Role.objects.exclude(code="exchange_peer")  # held by the accounts other platforms act as
    assert set(of_people.values_list("code", flat=True)) == set(
        Staff.objects.filter(is_sample=True).values_list("grants__role__code", flat=True)
    )
    assert Staff.objects.get(username="agent").check_password(PASSWORD)


def test_the_secretary_sees_the_own_community_only(sample):
    secretary = Staff.objects.get(username="secretary")
    areas = Area.objects.visible_to(secretary)
    assert [area.short_name for area in areas.filter(level=Level.COMMUNITY)] == ["北站社区"]
    assert {area.code[:12] for area in areas} == {"440309002021"}
    assert access.grants_of(secretary).acts() >= {"handle_case", "order_department"}


def test_only_administrators_may_enter_the_admin_pages(sample):
    names = Staff.objects.filter(is_staff=True).values_list("username", flat=True)
    assert set(names) == {"administrator", "administrator_district"}


def test_a_second_run_makes_nothing(sample):
    assert sample["units"] > 1300
    assert create_sample_city(by=SYSTEM, now=timezone.now()) == {"units": 0, "cells": 0, "accounts": 0}


def test_the_accounts_are_printed_with_role_name_password_and_unit(sample):
    out = StringIO()
    call_command("sample_accounts", stdout=out)
    line = next(line for line in out.getvalue().splitlines() if " secretary " in line)
    assert PASSWORD in line
    assert "北站社区" in line


def test_nothing_of_it_is_made_or_shown_in_production(db, settings):
    settings.SAMPLE_SETUP = False
    with pytest.raises(Refused):
        create_sample_city(by=SYSTEM, now=timezone.now())
    with pytest.raises(CommandError):
        call_command("sample_accounts")


def test_without_areas_and_roles_it_says_what_to_run_first(db):
    RoleGrant.objects.all().delete()
    Role.objects.all().delete()
    with pytest.raises(Refused, match="load_roles"):
        create_sample_city(by=SYSTEM, now=timezone.now())


def test_without_load_sample_the_table_says_so(db):
    Staff.objects.filter(is_sample=True).delete()
    with pytest.raises(CommandError, match="load_sample"):
        call_command("sample_accounts")
