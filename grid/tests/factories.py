"""Plain functions that make areas, units, people and grants for tests of any app."""

from __future__ import annotations

from datetime import date
from itertools import count
from types import SimpleNamespace

from django.utils import timezone

from grid.choices import NameKind, UnitKind
from grid.files import read_roles
from grid.models import Area, Role, RoleGrant, Staff, Unit, UnitName
from grid.services import load_roles
from grid.services.roles import RoleRow, follow_roles
from grid.services.trees import path_below, reserve_ids
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered

PASSWORD = "a-long-test-password"
SET_UP = date(2015, 1, 1)
_numbers = count(1)


def make_area(level: int = 1, name: str = "", parent: Area | None = None, **given) -> Area:
    """Make one area; its code is made up unless given."""
    number = next(_numbers)
    own_id = reserve_ids(Area, 1)[0]
    given.setdefault("code", f"99{number:07d}")
    given.setdefault("short_name", name or f"区域{number}")
    given.setdefault("name", given["short_name"])
    return Area.objects.create(pk=own_id, level=level, parent=parent, path=path_below(parent, own_id), **given)


def make_unit(
    function: str = "urban_management",
    kind: str = UnitKind.BUREAU,
    level: int | None = None,
    parent: Unit | None = None,
    home_area: Area | None = None,
    **given,
) -> Unit:
    """Make one unit with its official name; level and home area follow from the parent unless given."""
    number = next(_numbers)
    own_id = reserve_ids(Unit, 1)[0]
    home_area = home_area or (parent.home_area if parent else make_area())
    given.setdefault("code", f"unit-{number}")
    given.setdefault("name", f"单位{number}")
    given.setdefault("opened_on", SET_UP)
    unit = Unit.objects.create(
        pk=own_id,
        function=function,
        kind=kind,
        level=level or home_area.level,
        parent=parent,
        path=path_below(parent, own_id),
        home_area=home_area,
        **given,
    )
    UnitName.objects.create(unit=unit, name=unit.name, kind=NameKind.OFFICIAL, valid_from=unit.opened_on)
    return unit


def make_staff(username: str = "", unit: Unit | None = None, **given) -> Staff:
    """Make an account whose password is PASSWORD."""
    username = username or f"user{next(_numbers)}"
    return Staff.objects.create_user(username, password=PASSWORD, unit=unit, **given)


def make_role(code: str) -> Role:
    """Return the role of grid/data/roles.csv with this code, loading the file when it is not there yet."""
    if not Role.objects.filter(code=code).exists():
        load_roles(read_roles(), by=Actor.system("test"), now=timezone.now())
    return Role.objects.get(code=code)


def grant(staff: Staff, role: str | list[str] | tuple[str, ...], unit: Unit) -> Staff:
    """Give a role (its code), or bare acts (a list), at a unit; returns the person read afresh."""
    if isinstance(role, str):
        held = make_role(role)
    else:
        code = f"acts-{next(_numbers)}"
        row = RoleRow(code, code, code, 999, "", tuple(role))
        load_roles([row], by=Actor.system("test"), now=timezone.now())
        held = Role.objects.get(code=code)
    RoleGrant.objects.create(staff=staff, role=held, unit=unit, granted_at=timezone.now(), granted_by="test")
    follow_roles([staff.pk])
    return Staff.objects.get(pk=staff.pk)


@remembered
def small_city() -> SimpleNamespace:
    """Make one city: 2 districts × 2 subdistricts × 2 communities, the units on it, one person per role.

    Areas: `city`, `districts[d]`, `streets[d][s]`, `communities[d][s][c]`. Units: `centre`, `centres[d]`,
    `bureaus[d][function]` (urban_management, water), `city_bureau`, `company`, `offices[d][s]`,
    `enforcement[d][s]`, `stations[d][s][c]` (communities). People in `staff[role code]`: city-wide roles at
    the city centre, the others in the first district; `staff["reviewer"]` at the first sub-centre,
    `staff["district_reviewer"]` at the district centre, `staff["other_secretary"]`, `staff["other_handler"]`
    in the second district, `staff["nobody"]` without any role, `staff["root"]` a superuser.
    """
    city = _areas()
    _units(city)
    _people(city)
    return city


def _areas() -> SimpleNamespace:
    top = make_area(1, "深圳市", code="440300")
    city = SimpleNamespace(city=top, districts=[], streets=[], communities=[])
    names = [("440309", "龙华区", ["民治街道", "龙华街道"]), ("440310", "坪山区", ["坪山街道", "马峦街道"])]
    for code, name, streets in names:
        district = make_area(2, name, top, code=code)
        city.districts.append(district)
        city.streets.append(
            [make_area(3, street, district, code=f"{code}{n:03d}") for n, street in enumerate(streets, 1)]
        )
        city.communities.append(
            [
                [
                    make_area(4, f"{street.short_name[:2]}{c}社区", street, code=f"{street.code}{n:03d}")
                    for n, c in enumerate("甲乙", 1)
                ]
                for street in city.streets[-1]
            ]
        )
    return city


def _units(city: SimpleNamespace) -> None:
    centre = make_unit("centre", UnitKind.CENTRE, home_area=city.city, name="市民生诉求服务中心", code="city-centre")
    city.centre = centre
    city.city_bureau = make_unit("urban_management", parent=centre, name="市城市管理和综合执法局", code="city-urban")
    city.company = make_unit(
        "water_company", UnitKind.COMPANY, parent=centre, name="深圳水务集团", code="city-water-co"
    )
    city.centres, city.bureaus, city.offices, city.enforcement, city.stations = [], [], [], [], []
    for d, district in enumerate(city.districts):
        name, top = (
            district.short_name,
            make_unit(
                "centre",
                UnitKind.CENTRE,
                parent=centre,
                home_area=district,
                code=f"centre-{d}",
                name=f"{district.short_name}民生诉求服务中心",
            ),
        )
        city.centres.append(top)
        city.bureaus.append(
            {
                function: make_unit(function, parent=top, name=f"{name}{suffix}", code=f"{function}-{d}")
                for function, suffix in (("urban_management", "城市管理和综合执法局"), ("water", "水务局"))
            }
        )
        _below_the_centre(city, d, top)


def _below_the_centre(city: SimpleNamespace, d: int, top: Unit) -> None:
    offices = [
        make_unit(
            "subdistrict",
            UnitKind.SUBDISTRICT,
            parent=top,
            home_area=street,
            code=f"office-{d}-{s}",
            name=f"{street.short_name}分中心",
        )
        for s, street in enumerate(city.streets[d])
    ]
    city.offices.append(offices)
    city.enforcement.append(
        [
            make_unit(
                "subdistrict_enforcement",
                UnitKind.SECTION,
                parent=office,
                code=f"enforcement-{d}-{s}",
                name=f"{office.home_area.short_name}综合行政执法办",
            )
            for s, office in enumerate(offices)
        ]
    )
    city.stations.append(
        [
            [
                make_unit(
                    "community",
                    UnitKind.COMMUNITY,
                    parent=office,
                    home_area=area,
                    code=f"community-{d}-{s}-{c}",
                    name=area.short_name,
                )
                for c, area in enumerate(city.communities[d][s])
            ]
            for s, office in enumerate(offices)
        ]
    )


CITY_WIDE = (
    "agent",
    "shift_leader",
    "city_dispatcher",
    "supervisor",
    "leader",
    "duty_manager",
    "knowledge_editor",
    "administrator",
    "callback_agent",
)


def _people(city: SimpleNamespace) -> None:
    places = {code: (code, city.centre) for code in CITY_WIDE} | {
        "district_dispatcher": ("district_dispatcher", city.centres[0]),
        "district_reviewer": ("reviewer", city.centres[0]),
        "duty_editor": ("duty_editor", city.bureaus[0]["urban_management"]),
        "duty_reviewer": ("duty_reviewer", city.centres[0]),
        "handler": ("handler", city.bureaus[0]["urban_management"]),
        "reviewer": ("reviewer", city.offices[0][0]),
        "community_secretary": ("community_secretary", city.stations[0][0][0]),
        "grid_officer": ("grid_officer", city.stations[0][0][0]),
        "other_secretary": ("community_secretary", city.stations[1][0][0]),
        "other_handler": ("handler", city.bureaus[1]["urban_management"]),
    }
    people = {name: make_staff(name, unit) for name, (_role, unit) in places.items()}
    roles = {role: make_role(role) for role in dict.fromkeys(role for role, _unit in places.values())}
    RoleGrant.objects.bulk_create(
        RoleGrant(staff=people[name], role=roles[role], unit=unit, granted_at=timezone.now(), granted_by="test")
        for name, (role, unit) in places.items()
    )
    follow_roles(person.pk for person in people.values())
    city.staff = Staff.objects.in_bulk([*people], field_name="username")
    city.staff["nobody"] = make_staff("nobody", city.stations[0][0][0])
    city.staff["root"] = Staff.objects.create_superuser("root", password=PASSWORD)
