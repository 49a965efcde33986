"""Re-cuts: what may be planned, whole or not at all on the day, who and what goes where, and that nothing is lost."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from grid.choices import RecutState
from grid.models import Area, Building, GridPost, Recut, RoleGrant, Staff, Unit
from grid.selectors import area_by_house_code
from grid.services import NewCell, NewRecut, RecutTarget, cancel_recut, create_cells, cut, move_buildings, plan_recut
from grid.tests.factories import grant, make_staff, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(timezone.datetime(2018, 10, 15, 12))
SYSTEM = Actor.system("test")
COMMUNITY = "440309001001"
OLD, OTHER = f"{COMMUNITY}01", f"{COMMUNITY}02"
NEW, NEWER = f"{COMMUNITY}03", f"{COMMUNITY}04"


@pytest.fixture
def city():
    city = small_city()
    create_cells(
        [NewCell(OLD, "一格", COMMUNITY), NewCell(OTHER, "二格", COMMUNITY), NewCell(f"{OLD}01", "小格", OLD)],
        source="test", by=SYSTEM, now=NOW,
    )  # fmt: skip
    city.old, city.other = Area.objects.get(code=OLD), Area.objects.get(code=OTHER)
    city.houses = [Building.objects.create(code=f"{OLD}{n:05d}", name=f"{n} 栋", area=city.old) for n in range(1, 7)]
    city.planner = Actor.staff(
        grant(make_staff("planner", city.centres[0]), ["manage_grid", "view_case"], city.centres[0])
    )
    city.officer = grant(make_staff("walker", team(OLD)), "grid_officer", team(OLD))
    return city


def team(code):
    return Unit.objects.get(home_area__code=code, kind="cell", closed_on=None)


def split(city, **given):
    targets = (
        RecutTarget(NEW, "甲格", (city.houses[0].code, city.houses[1].code)),
        RecutTarget(NEWER, "乙格", (city.houses[2].code, f"{OLD}01")),
    )
    data = {"area_id": city.old.pk, "targets": targets, "effective_on": NOW.date(), "document": "民治街办〔2018〕9 号"}
    return plan_recut(NewRecut(**(data | given)), by=given.pop("by", city.planner), now=NOW)


def carry_out(plan, limit=5000):
    done = cut(plan.pk, by=SYSTEM, now=NOW)
    while move_buildings(by=SYSTEM, now=NOW, limit=limit):
        pass
    plan.refresh_from_db()
    return done


def houses_in(code):
    return set(Building.objects.filter(area__code=code).values_list("code", flat=True))


def test_a_split_gives_each_part_what_was_named_and_the_first_the_rest(city):
    plan = split(city)
    assert carry_out(plan)
    assert houses_in(NEW) == {city.houses[n].code for n in (0, 1, 3, 4, 5)}
    assert houses_in(NEWER) == {city.houses[2].code}
    assert houses_in(OLD) == set()
    assert Area.objects.get(code=f"{OLD}01").path.startswith(Area.objects.get(code=NEWER).path)
    assert plan.state == RecutState.DONE


def test_the_old_area_stays_as_history_and_names_its_successor(city):
    carry_out(split(city))
    city.old.refresh_from_db()
    assert not city.old.is_active
    assert city.old.successor.code == NEW
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"recut.planned", "recut.cut", "recut.done"}


def test_people_roles_and_posts_go_to_the_successor(city):
    GridPost.objects.create(area=city.old, title="楼栋长", person="李某", begins_on=date(2018, 1, 1))
    old_team = team(OLD)
    carry_out(split(city))
    heir = team(NEW)
    assert Staff.objects.get(pk=city.officer.pk).unit == heir
    assert RoleGrant.objects.get(staff=city.officer).unit == heir
    assert GridPost.objects.get().area.code == NEW
    old_team.refresh_from_db()
    assert (old_team.closed_on, old_team.successor) == (NOW.date(), heir)


def test_a_merge_puts_everything_into_the_neighbour(city):
    plan = split(city, targets=(RecutTarget(OTHER),))
    carry_out(plan)
    assert len(houses_in(OTHER)) == 6
    assert Area.objects.get(code=f"{OLD}01").parent == city.other
    assert Staff.objects.get(pk=city.officer.pk).unit == team(OTHER)


def test_some_buildings_move_and_the_area_lives_on(city):
    carry_out(split(city, ends=False, targets=(RecutTarget(OTHER, "", (city.houses[0].code,)),)))
    city.old.refresh_from_db()
    assert city.old.is_active
    assert houses_in(OTHER) == {city.houses[0].code}
    assert len(houses_in(OLD)) == 5


def test_a_community_takes_its_cells_and_their_teams_along(city):
    community = Area.objects.get(code=COMMUNITY)
    plan = split(
        city, area_id=community.pk,
        targets=(RecutTarget("440309001008", "甲一社区"), RecutTarget("440309001009", "甲二社区", (OTHER,))),
    )  # fmt: skip
    assert carry_out(plan), plan.problem
    for code, home in ((OLD, "440309001008"), (OTHER, "440309001009")):
        area = Area.objects.get(code=code)
        assert area.parent.code == home
        assert team(code).parent.home_area.code == home
        assert team(code).path.startswith(team(code).parent.path)
    assert Staff.objects.get(username="community_secretary").unit.home_area.code == "440309001008"


def test_buildings_follow_in_batches_and_twice_changes_nothing(city):
    plan = split(city)
    cut(plan.pk, by=SYSTEM, now=NOW)
    assert move_buildings(by=SYSTEM, now=NOW, limit=2) == 2
    assert not cut(plan.pk, by=SYSTEM, now=NOW)
    carry_out(plan, limit=2)
    before = AuditEntry.objects.count()
    assert not carry_out(plan)
    assert AuditEntry.objects.count() == before
    assert houses_in(OLD) == set()


def test_nothing_happens_before_the_day(city):
    plan = split(city, effective_on=NOW.date() + timedelta(days=1))
    assert not cut(plan.pk, by=SYSTEM, now=NOW)
    assert cut(plan.pk, by=SYSTEM, now=NOW + timedelta(days=1))


def test_what_no_longer_fits_on_the_day_leaves_everything_as_it_was(city):
    plan = split(city)
    Building.objects.filter(pk=city.houses[2].pk).update(area=city.other)
    assert not cut(plan.pk, by=SYSTEM, now=NOW)
    plan.refresh_from_db()
    city.old.refresh_from_db()
    assert city.houses[2].code in plan.problem
    assert plan.state == RecutState.PLANNED
    assert city.old.is_active
    assert Staff.objects.get(pk=city.officer.pk).unit == team(OLD)
    cut(plan.pk, by=SYSTEM, now=NOW)
    assert AuditEntry.objects.filter(action="recut.failed").count() == 1


def test_an_obstacle_of_a_layer_above_is_noted(city):
    plan = split(city)
    assert not cut(plan.pk, by=SYSTEM, now=NOW, obstacle="清单仍有 3 项")
    assert Recut.objects.get().problem == "清单仍有 3 项"


def test_a_house_code_leads_to_where_the_building_lies_now(city):
    carry_out(split(city))
    assert area_by_house_code(city.houses[2].code).code == NEWER
    assert area_by_house_code(f"{OLD}99999").code == NEW


def test_a_plan_given_up_leaves_no_area_in_use(city):
    plan = split(city)
    cancel_recut(plan.pk, by=city.planner, now=NOW)
    assert not Area.objects.filter(code__in=(NEW, NEWER), is_active=True).exists()
    assert not Unit.objects.filter(home_area__code__in=(NEW, NEWER), closed_on=None).exists()
    with pytest.raises(IllegalMove):
        cancel_recut(plan.pk, by=city.planner, now=NOW)
    assert not cut(plan.pk, by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ((), "Name 1 to"),
        ((RecutTarget(NEW, "甲"), RecutTarget(NEW, "乙")), "named twice"),
        ((RecutTarget("440310001001" + "09", "甲"),), "no code"),
        ((RecutTarget("４４０３", "甲"),), "is no code"),
        ((RecutTarget(NEW),), "give a name"),
        ((RecutTarget(NEW, "甲" * 81),), "80"),
        ((RecutTarget(OTHER, "甲"),), "in use"),
        ((RecutTarget(OLD),), "not another area"),
        ((RecutTarget(NEW, "甲", ("x\x00",)),), "is no code"),
        ((RecutTarget("\ud800", "甲"),), "is no code"),
        ((RecutTarget(NEW, "甲", (f"{OTHER}00001",)),), "neither an area"),
        ((RecutTarget(NEW, "甲", (f"{OLD}00001", f"{OLD}00001")),), "taken twice"),
    ],
)
def test_a_plan_that_cannot_be_names_the_line(city, targets, said):
    with translation.override("en"), pytest.raises(BadInput, match=said) as refusal:
        split(city, targets=targets)
    assert refusal.value.field == "targets"
    assert not Recut.objects.exists()
    assert not Area.objects.filter(code__in=(NEW, NEWER)).exists()


def test_a_day_gone_by_no_document_and_a_second_plan_are_refused(city):
    for given, field in (
        ({"effective_on": NOW.date() - timedelta(days=1)}, "effective_on"),
        ({"document": " "}, "document"),
    ):
        with pytest.raises(BadInput) as refusal:
            split(city, **given)
        assert refusal.value.field == field
    split(city)
    with translation.override("en"), pytest.raises(BadInput, match="planned already"):
        split(city, targets=(RecutTarget(OTHER),))


def test_re_cuts_are_decided_in_the_district(city):
    data = NewRecut(area_id=city.old.pk, targets=(RecutTarget(OTHER),), effective_on=NOW.date(), document="x")
    secretary, other = (Actor.staff(city.staff[name]) for name in ("community_secretary", "other_secretary"))
    for by, error in ((secretary, OutOfSight), (other, OutOfSight), (Actor.staff(city.staff["leader"]), NotAllowed)):
        with pytest.raises(error):
            plan_recut(data, by=by, now=NOW)
    with pytest.raises(OutOfSight):
        plan_recut(NewRecut(area_id=0, targets=(), effective_on=NOW.date(), document="x"), by=SYSTEM, now=NOW)
