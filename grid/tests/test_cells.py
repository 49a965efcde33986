"""Grid cells: set up below a community, walked by a team that sees nothing else."""

import pytest
from django.utils import timezone

from grid import access
from grid.choices import Act, Level, UnitKind
from grid.models import Area, Unit
from grid.selectors import area_by_house_code
from grid.services import NewCell, create_cells
from grid.tests.factories import grant, make_staff, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    city = small_city()
    for district in city.communities:
        for street in district:
            for area in street:
                Area.objects.filter(pk=area.pk).update(code=f"{area.code:0<12}")
                area.refresh_from_db()
    return city


@pytest.fixture
def community(city):
    return city.communities[0][0][0]


def make_cells(community, by, now, codes=("01", "02")):
    rows = [NewCell(f"{community.code}{code}", f"网格{code}", community.code) for code in codes]
    return create_cells(rows, source="test", by=by, now=now)


def test_a_cell_has_a_team_below_its_community(city, community):
    cells = make_cells(community, Actor.system("test"), timezone.now())
    teams = Unit.objects.filter(kind=UnitKind.CELL)
    assert [cell.level for cell in cells] == [Level.CELL] * 2
    assert {team.home_area_id for team in teams} == {cell.pk for cell in cells}
    assert {team.parent_id for team in teams} == {city.stations[0][0][0].pk}


def test_an_officer_sees_the_own_cell_only(city, community):
    one, two = make_cells(community, Actor.system("test"), timezone.now())
    team = Unit.objects.get(home_area=one)
    officer = grant(make_staff("walker", team), "grid_officer", team)
    assert access.can_see(officer, one)
    assert not access.can_see(officer, two)
    assert not access.can_see(officer, community)
    assert set(Area.objects.visible_to(officer)) == {one}


def test_a_house_code_leads_to_its_cell(community):
    one, _two = make_cells(community, Actor.system("test"), timezone.now())
    assert area_by_house_code(f"{one.code}00042") == one
    assert area_by_house_code(f"{community.code}9900042") == community


@pytest.mark.parametrize(
    ("code", "parent", "field"),
    [
        ("123", "own", "code"),
        ("99999999999901", "own", "code"),
        ("own01", "nowhere", "parent"),
        ("own0x", "own", "code"),
    ],
)
def test_what_is_no_cell_is_refused_by_its_field(community, code, parent, field):
    row = NewCell(code.replace("own", community.code), "网格", parent.replace("own", community.code))
    with pytest.raises(BadInput) as error:
        create_cells([row], source="test", by=Actor.system("test"), now=timezone.now())
    assert error.value.field == field
    assert not Area.objects.filter(level=Level.CELL).exists()


def test_cells_are_set_up_in_the_own_territory_only(city, community):
    with pytest.raises(NotAllowed):
        make_cells(community, Actor.staff(city.staff["grid_officer"]), timezone.now())
    with pytest.raises(OutOfSight):
        make_cells(community, Actor.staff(city.staff["other_secretary"]), timezone.now())
    assert make_cells(community, Actor.staff(city.staff["community_secretary"]), timezone.now())
    assert Act.MANAGE_GRID in access.grants_of(city.staff["community_secretary"]).acts()
