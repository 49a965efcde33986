"""One place that knows who may see and do what: the SQL answer and the Python answer are the same."""

import random

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid import access
from grid.choices import COVERING_KINDS, Act, UnitKind
from grid.models import Area, RoleGrant, Staff, Unit
from grid.tests.factories import grant, make_area, make_staff, make_unit, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight

pytestmark = pytest.mark.django_db
KINDS = list(UnitKind.values)


def random_city(dice: random.Random) -> tuple[list[Area], list[Unit]]:
    """A random tree of areas and, over it, one of units, each unit at home inside its parent's area."""
    areas = [make_area(1)]
    for _n in range(dice.randint(3, 25)):
        parent = dice.choice([area for area in areas if area.level < 5])
        areas.append(make_area(parent.level + 1, parent=parent))
    units = [make_unit(kind=dice.choice(KINDS), level=dice.randint(1, 4), home_area=areas[0])]
    for _n in range(dice.randint(3, 25)):
        parent = dice.choice(units)
        inside = [area for area in areas if area.path.startswith(parent.home_area.path)]
        home = dice.choice(inside)
        units.append(make_unit(kind=dice.choice(KINDS), level=home.level, parent=parent, home_area=home))
    return areas, units


def seen_by_definition(person: Staff, areas: list[Area], units: list[Unit]) -> tuple[set[int], set[int]]:
    """What the rules of the design say, written without paths, SQL or the code under test."""
    area_ids, unit_ids = set(), set()
    for held in RoleGrant.objects.filter(staff=person).select_related("unit__home_area"):
        territorial = held.unit.kind in COVERING_KINDS
        if territorial and held.unit.level == 1:
            return {area.pk for area in areas}, {unit.pk for unit in units}
        unit_ids |= {unit.pk for unit in units if lies_below(unit, held.unit)}
        if territorial:
            area_ids |= {area.pk for area in areas if lies_below(area, held.unit.home_area)}
    return area_ids, unit_ids


def lies_below(node, top) -> bool:
    while node is not None:
        if node.pk == top.pk:
            return True
        node = node.parent
    return False


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_the_sql_answer_equals_the_python_answer_for_random_users_and_rows(db, seed):
    dice = random.Random(seed)
    areas, units = random_city(dice)
    for _n in range(4):
        person = make_staff()
        for unit in dice.sample(units, dice.randint(0, 3)):
            person = grant(person, [dice.choice(Act.values)], unit)
        area_ids, unit_ids = seen_by_definition(person, areas, units)
        everything = {area.pk for area in areas}, {unit.pk for unit in units}
        assert set(Area.objects.visible_to(person).values_list("pk", flat=True)) & everything[0] == area_ids
        assert set(Unit.objects.visible_to(person).values_list("pk", flat=True)) & everything[1] == unit_ids
        assert {area.pk for area in areas if access.can_see(person, area)} == area_ids
        assert {unit.pk for unit in units if access.can_see(person, unit)} == unit_ids


def test_a_path_is_no_prefix_of_a_longer_number():
    short, long = make_area(1), make_area(1)
    Area.objects.filter(pk=short.pk).update(path="/1/")
    Area.objects.filter(pk=long.pk).update(path="/11/")
    unit = make_unit(kind=UnitKind.COMMUNITY, level=4, home_area=Area.objects.get(pk=short.pk))
    person = grant(make_staff(), ["view_case"], unit)
    assert list(Area.objects.visible_to(person)) == [short]
    assert not access.can_see(person, Area.objects.get(pk=long.pk))


class TestSeeing:
    @pytest.fixture
    def city(self):
        return small_city()

    def test_a_bureau_sees_its_units_and_no_area(self, city):
        handler = city.staff["handler"]
        assert list(Unit.objects.visible_to(handler)) == [city.bureaus[0]["urban_management"]]
        assert not Area.objects.visible_to(handler).exists()

    def test_the_city_centre_sees_everything(self, city):
        assert Unit.objects.visible_to(city.staff["agent"]).count() == Unit.objects.count()
        assert Area.objects.visible_to(city.staff["agent"]).count() == Area.objects.count()

    def test_nobody_sees_anything_without_a_role_or_when_switched_off(self, city):
        nobody, agent = city.staff["nobody"], Staff.objects.get(username="agent")
        agent.is_active = False
        for person in (nobody, agent):
            assert not Unit.objects.visible_to(person).exists()
            assert not access.can_see(person, city.centre)

    def test_a_superuser_sees_everything_and_may_not_act(self, city):
        root = city.staff["root"]
        assert Unit.objects.visible_to(root).count() == Unit.objects.count()
        with pytest.raises(NotAllowed):
            access.require(Actor.staff(root), Act.HANDLE_CASE, city.centre)

    def test_costs_the_same_number_of_queries_however_many_rows(self, city, django_assert_num_queries):
        for _n in range(30):
            make_unit(parent=city.bureaus[0]["water"])
        for name, queries in (("agent", 2), ("district_dispatcher", 3), ("handler", 3)):
            person = Staff.objects.get(username=name)
            with django_assert_num_queries(queries):
                list(Unit.objects.visible_to(person))


class TestRequiring:
    @pytest.fixture
    def city(self):
        return small_city()

    def test_raises_404_outside_the_territory_and_403_with_the_reason_inside(self, city):
        station = city.stations[0][0][0]
        access.require(Actor.staff(city.staff["community_secretary"]), Act.HANDLE_CASE, station)
        with pytest.raises(OutOfSight):
            access.require(Actor.staff(city.staff["other_secretary"]), Act.HANDLE_CASE, station)
        with pytest.raises(NotAllowed) as refusal:
            access.require(Actor.staff(city.staff["community_secretary"]), Act.JUDGE_WARNING, station)
        assert str(Act.JUDGE_WARNING.label) in str(refusal.value)

    def test_holds_for_everything_below_the_unit_of_the_grant(self, city):
        reviewer = Actor.staff(city.staff["reviewer"])
        for unit in (city.offices[0][0], city.stations[0][0][1], city.enforcement[0][0]):
            access.require(reviewer, Act.REVIEW_CASE, unit)
        with pytest.raises(OutOfSight):
            access.require(reviewer, Act.REVIEW_CASE, city.offices[0][1])

    def test_lets_administration_be_done_by_the_role_a_superuser_and_the_system(self, city):
        district = Actor.staff(grant(make_staff(), ["manage_system"], city.centres[0]))
        for by in (district, Actor.staff(city.staff["root"]), Actor.system("loader")):
            access.require_administration(by, city.offices[0][0])
        with pytest.raises(OutOfSight):
            access.require_administration(district, city.offices[1][0])
        with pytest.raises(NotAllowed):
            access.require_administration(district, None)
        access.require_administration(Actor.staff(city.staff["administrator"]), None)

    def test_lets_a_channel_administer_nothing(self, city):
        by = Actor("channel", "channel:web", 1)
        assert not access.administers(by, city.centre)

    def test_reads_the_grants_once_a_request(self, city, django_assert_num_queries):
        person = Staff.objects.get(username="handler")
        request = RequestFactory().get("/")
        request.user = person
        with django_assert_num_queries(1):
            assert access.holds(request.user, Act.HANDLE_CASE)
            assert access.can_see(request.user, city.bureaus[0]["urban_management"])
        access.forget_grants(person)
        with django_assert_num_queries(1):
            access.holds(person, Act.HANDLE_CASE)
