"""Units: set up, named, moved, merged, split, closed; history stays and nonsense is refused."""

from datetime import date

import pytest
from django.utils import timezone

from grid import selectors
from grid.choices import UnitChangeKind, UnitKind
from grid.models import RoleGrant, Staff, Unit, UnitChange
from grid.services import (
    NewUnit,
    add_alias,
    close_unit,
    create_unit,
    create_units,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)
from grid.tests.factories import SET_UP, grant, make_staff, make_unit, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2020, 5, 1)


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def now():
    return timezone.now()


def new(city, **given) -> NewUnit:
    facts = {
        "code": "new-unit",
        "function": "housing",
        "kind": UnitKind.BUREAU,
        "level": 2,
        "name": "龙华区住房和建设局",
        "parent": city.centres[0].code,
        "home_area": city.districts[0].code,
        "opened_on": SET_UP,
    }
    return NewUnit(**(facts | given))


class TestSettingUp:
    def test_keeps_name_aliases_change_and_audit_entry(self, city, now):
        unit = create_unit(new(city, aliases=("龙华住建局",)), by=SYSTEM, now=now, document="深编〔2015〕1号")
        assert unit.path == f"{city.centres[0].path}{unit.pk}/"
        assert {row.name for row in unit.names.all()} == {"龙华区住房和建设局", "龙华住建局"}
        assert unit.changes.get().document == "深编〔2015〕1号"
        assert AuditEntry.objects.get(object_type="grid.unit", object_id=unit.pk).action == "unit.created"

    def test_sets_up_parent_and_child_in_one_call(self, city, now):
        rows = [new(city), new(city, code="section", name="燃气科", parent="new-unit", kind=UnitKind.SECTION)]
        parent, child = create_units(rows, by=SYSTEM, now=now)
        assert child.parent == parent
        assert child.path.startswith(parent.path)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"code": "city-centre"}, "code"),
            ({"parent": "nowhere"}, "parent"),
            ({"home_area": "000000"}, "home_area"),
            ({"home_area": "440310"}, "home_area"),
            ({"name": " "}, "name"),
            ({"name": "局" * 121}, "name"),
            ({"name": "龙华区水务局"}, "name"),
            ({"kind": "castle"}, "kind"),
            ({"opened_on": date(2100, 1, 1)}, "effective_on"),
        ],
    )
    def test_refuses_nonsense_by_field_and_writes_nothing(self, city, now, wrong, field):
        before = Unit.objects.count()
        with pytest.raises(BadInput) as refusal:
            create_units([new(city, code="good", name="好局"), new(city, **wrong)], by=SYSTEM, now=now)
        assert refusal.value.field == field
        assert Unit.objects.count() == before

    def test_needs_the_administrators_act_at_the_parent(self, city, now):
        here = grant(make_staff(), ["manage_system"], city.centres[0])
        there = grant(make_staff(), ["manage_system"], city.centres[1])
        create_unit(new(city), by=Actor.staff(here), now=now)
        with pytest.raises(OutOfSight):
            create_unit(new(city, code="x", name="甲局"), by=Actor.staff(there), now=now)
        with pytest.raises(NotAllowed):
            create_unit(new(city, code="x", name="甲局"), by=Actor.staff(city.staff["agent"]), now=now)


class TestRenaming:
    def test_leads_to_the_unit_by_any_name_it_ever_had(self, city, now):
        unit = city.bureaus[1]["water"]
        rename_unit(unit.pk, "坪山区环境保护和水务局", DAY, by=SYSTEM, now=now, document="坪编1号")
        rename_unit(unit.pk, "坪山区水务局（新）", date(2021, 1, 1), by=SYSTEM, now=now)
        for name in ("坪山区水务局", "坪山区环境保护和水务局", "坪山区水务局(新)", " 坪山区 水务局（新） "):
            assert selectors.find_units(name) == [unit]

    def test_answers_which_name_held_on_a_day(self, city, now):
        unit = city.bureaus[1]["water"]
        rename_unit(unit.pk, "坪山区环境保护和水务局", DAY, by=SYSTEM, now=now)
        assert selectors.unit_name_on(unit, date(2020, 4, 30)) == "坪山区水务局"
        assert selectors.unit_name_on(unit, DAY) == "坪山区环境保护和水务局"
        assert selectors.unit_name_on(unit, date(2000, 1, 1)) == "坪山区水务局"

    def test_leaves_change_and_audit_entry(self, city, now):
        unit = city.bureaus[1]["water"]
        rename_unit(unit.pk, "新名局", DAY, by=SYSTEM, now=now, document="文号")
        change = UnitChange.objects.get(unit=unit)
        assert (change.kind, change.before, change.after) == (
            UnitChangeKind.RENAME,
            {"name": "坪山区水务局"},
            {"name": "新名局"},
        )
        entry = AuditEntry.objects.get(object_type="grid.unit", object_id=unit.pk)
        assert entry.changes == {"name": ["坪山区水务局", "新名局"]}

    @pytest.mark.parametrize(
        ("name", "day", "field"),
        [
            ("新名局", SET_UP, "effective_on"),
            ("新名局", date(2100, 1, 1), "effective_on"),
            ("坪山区水务局", DAY, "name"),
            ("坪山区城市管理和综合执法局", DAY, "name"),
            ("", DAY, "name"),
        ],
    )
    def test_refuses_nonsense_by_field(self, city, now, name, day, field):
        with pytest.raises(BadInput) as refusal:
            rename_unit(city.bureaus[1]["water"].pk, name, day, by=SYSTEM, now=now)
        assert refusal.value.field == field

    def test_is_refused_outside_the_territory_and_without_the_role(self, city, now):
        unit = city.bureaus[0]["urban_management"]
        with pytest.raises(OutOfSight):
            rename_unit(unit.pk, "新名局", DAY, by=Actor.staff(city.staff["other_handler"]), now=now)
        with pytest.raises(NotAllowed):
            rename_unit(unit.pk, "新名局", DAY, by=Actor.staff(city.staff["handler"]), now=now)


class TestAliases:
    def test_lead_to_the_unit_whatever_the_brackets_and_spaces(self, city, now):
        unit = city.enforcement[1][0]
        add_alias(unit.pk, "城管办（坪山街道办事处）", by=SYSTEM, now=now)
        assert selectors.find_units("城管办 (坪山街道办事处)") == [unit]

    def test_may_lead_to_several_units(self, city, now):
        for unit in city.enforcement[1]:
            add_alias(unit.pk, "城管办", by=SYSTEM, now=now)
        assert selectors.find_units("城管办") == city.enforcement[1]
        found = selectors.find_units_by_names(["城管 办", city.centre.name, "无此单位"])
        assert {name: set(ids) for name, ids in found.items()} == {
            "城管 办": {unit.pk for unit in city.enforcement[1]},
            city.centre.name: {city.centre.pk},
        }

    def test_are_refused_when_the_name_leads_there_already(self, city, now):
        with pytest.raises(Refused):
            add_alias(city.bureaus[1]["water"].pk, "坪山区　水务局", by=SYSTEM, now=now)


class TestMoving:
    def test_takes_everything_below_along(self, city, now):
        bureau = city.bureaus[0]["water"]
        section = make_unit("water", UnitKind.SECTION, parent=bureau)
        move_unit(bureau.pk, city.bureaus[0]["urban_management"].pk, DAY, by=SYSTEM, now=now)
        below = Unit.objects.below(city.bureaus[0]["urban_management"])
        assert {bureau, section} <= set(below)
        section.refresh_from_db()
        assert section.path == f"{city.bureaus[0]['urban_management'].path}{bureau.pk}/{section.pk}/"

    def test_refuses_a_loop_another_district_a_closed_parent_and_the_root(self, city, now):
        office, station = city.offices[0][0], city.stations[0][0][0]
        closed = make_unit(parent=city.centres[0], closed_on=DAY)
        for unit, parent in ((office, station), (office, office), (office, city.centres[1])):
            with pytest.raises(BadInput):
                move_unit(unit.pk, parent.pk, DAY, by=SYSTEM, now=now)
        for unit, parent in ((office, closed), (city.centre, office)):
            with pytest.raises(Refused):
                move_unit(unit.pk, parent.pk, DAY, by=SYSTEM, now=now)


class TestMerging:
    def test_hands_units_people_and_roles_over_and_names_the_successor(self, city, now):
        source, into = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
        section = make_unit("water", UnitKind.SECTION, parent=source)
        merge_units(source.pk, into.pk, DAY, by=SYSTEM, now=now)
        source.refresh_from_db()
        section.refresh_from_db()
        handler = Staff.objects.get(username="handler")
        assert (source.closed_on, source.successor) == (DAY, into)
        assert section.path.startswith(into.path)
        assert handler.unit == into
        assert list(Unit.objects.visible_to(handler)) == [into, section]

    def test_gives_a_role_held_at_both_once(self, city, now):
        source, into = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
        person = grant(grant(make_staff(), "handler", source), "handler", into)
        merge_units(source.pk, into.pk, DAY, by=SYSTEM, now=now)
        assert RoleGrant.objects.filter(staff=person).count() == 1

    def test_says_who_does_it_on_which_day(self, city, now):
        source, into = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
        merge_units(source.pk, into.pk, DAY, by=SYSTEM, now=now)
        last = city.centres[0]
        merge_units(into.pk, last.pk, date(2021, 1, 1), by=SYSTEM, now=now)
        name = "龙华区城市管理和综合执法局"
        assert selectors.find_units(name) == [source]
        assert selectors.find_units(name, on=date(2020, 4, 30)) == [source]
        assert selectors.find_units(name, on=DAY) == [into]
        assert selectors.find_units(name, on=date(2021, 1, 1)) == [last]

    def test_refuses_itself_a_closed_one_one_below_and_days_that_cannot_be(self, city, now):
        source, into = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
        closed = make_unit(parent=city.centres[0], closed_on=DAY)
        below = make_unit("water", UnitKind.SECTION, parent=source)
        for target, day in ((source, DAY), (into, date(2100, 1, 1)), (into, date(2000, 1, 1))):
            with pytest.raises(BadInput):
                merge_units(source.pk, target.pk, day, by=SYSTEM, now=now)
        for unit, target in ((source, closed), (closed, into), (source, below)):
            with pytest.raises(Refused):
                merge_units(unit.pk, target.pk, DAY, by=SYSTEM, now=now)

    def test_needs_the_act_at_both_units(self, city, now):
        person = grant(make_staff(), ["manage_system"], city.bureaus[0]["urban_management"])
        source, into = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
        with pytest.raises(OutOfSight):
            merge_units(source.pk, into.pk, DAY, by=Actor.staff(person), now=now)


class TestSplitting:
    def test_lets_the_old_unit_go_on_without_an_heir(self, city, now):
        source = city.bureaus[0]["water"]
        parts = split_unit(source.pk, [new(city)], DAY, by=SYSTEM, now=now)
        source.refresh_from_db()
        assert source.closed_on is None
        assert list(source.changes.get().others.all()) == parts

    def test_ends_the_old_unit_with_an_heir_who_takes_its_people(self, city, now):
        source = city.bureaus[0]["urban_management"]
        rows = [new(city, code="a", name="龙华区环境局"), new(city, code="b", name="龙华区执法局")]
        first, second = split_unit(source.pk, rows, DAY, by=SYSTEM, now=now, heir="b")
        source.refresh_from_db()
        assert (source.closed_on, source.successor) == (DAY, second)
        assert Staff.objects.get(username="handler").unit == second
        assert selectors.current_unit(source, DAY) == second

    def test_refuses_no_parts_one_part_of_an_ended_unit_and_a_strange_heir(self, city, now):
        source = city.bureaus[0]["water"]
        two = [new(city, code="a", name="甲局"), new(city, code="b", name="乙局")]
        for parts, heir in (([], ""), (two[:1], "a"), (two, "c")):
            with pytest.raises(BadInput):
                split_unit(source.pk, parts, DAY, by=SYSTEM, now=now, heir=heir)


class TestClosing:
    def test_ends_an_empty_unit_in_its_successor(self, city, now):
        unit, successor = city.enforcement[0][0], city.offices[0][0]
        close_unit(unit.pk, successor.pk, DAY, by=SYSTEM, now=now)
        unit.refresh_from_db()
        assert (unit.closed_on, unit.successor) == (DAY, successor)
        assert unit not in Unit.objects.open_on(DAY)
        assert unit in Unit.objects.open_on(date(2020, 4, 30))

    def test_refuses_without_a_successor_or_while_something_is_left(self, city, now):
        office, bureau = city.offices[0][0], city.bureaus[0]["urban_management"]
        with pytest.raises(BadInput) as refusal:
            close_unit(city.enforcement[0][0].pk, None, DAY, by=SYSTEM, now=now)
        assert refusal.value.field == "successor"
        for unit in (office, bureau):
            with pytest.raises(Refused):
                close_unit(unit.pk, city.centres[0].pk, DAY, by=SYSTEM, now=now)
        empty = make_unit(parent=city.centres[0])
        grant(make_staff(), "handler", empty)
        with pytest.raises(Refused):
            close_unit(empty.pk, city.centres[0].pk, DAY, by=SYSTEM, now=now)

    def test_cannot_happen_twice_and_a_closed_unit_cannot_be_renamed(self, city, now):
        unit = city.enforcement[0][0]
        close_unit(unit.pk, city.offices[0][0].pk, DAY, by=SYSTEM, now=now)
        with pytest.raises(Refused):
            close_unit(unit.pk, city.offices[0][0].pk, DAY, by=SYSTEM, now=now)
        with pytest.raises(Refused):
            rename_unit(unit.pk, "新名", date(2021, 1, 1), by=SYSTEM, now=now)


class TestWhoAnswers:
    def test_finds_the_centre_of_the_district_else_of_the_city(self, city):
        assert selectors.centre_for(city.communities[1][0][0]) == city.centres[1]
        assert selectors.centre_for(city.city) == city.centre
        assert selectors.centre_for(None) == city.centre

    def test_finds_the_nearest_unit_that_answers_for_an_area(self, city):
        assert selectors.answering_unit(city.communities[0][1][1]) == city.stations[0][1][1]
        assert selectors.answering_unit(city.streets[0][1]) == city.offices[0][1]

    def test_finds_the_unit_of_a_function_for_an_area(self, city):
        area = city.communities[0][1][1]
        assert selectors.unit_for("water", area) == city.bureaus[0]["water"]
        assert selectors.unit_for("water_company", area) == city.company
        assert selectors.unit_for("fire", area) is None

    def test_passes_over_closed_units(self, city, now):
        merge_units(city.bureaus[0]["urban_management"].pk, city.bureaus[0]["water"].pk, DAY, by=SYSTEM, now=now)
        area = city.communities[0][0][0]
        assert selectors.unit_for("urban_management", area) == city.city_bureau
        assert selectors.unit_for("urban_management", area, on=SET_UP) == city.bureaus[0]["urban_management"]
