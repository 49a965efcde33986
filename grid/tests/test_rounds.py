"""Rounds: planned, made each morning, proved by place, ended; hand-counted over a month end and 调休."""

from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from grid.choices import CheckInWay
from grid.models import Area, RoundCheckIn, RoundPlan, RoundTask, Unit
from grid.services import (
    Here,
    NewCell,
    NewPlan,
    NewRoundPoint,
    change_plan,
    check_in,
    create_cells,
    create_plan,
    end_plan,
    end_rounds,
    explain_round,
    make_rounds,
)
from grid.services.rounds.tasks import is_due
from grid.tests.factories import grant, make_staff, small_city
from grid.workflow import DONE, MISSED, PARTLY, TO_WALK, UNDER_WAY
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 9, 28, 6, 30, tzinfo=ZONE)  # a Monday
AT_TEN = MORNING.replace(hour=10)
LOBBY = NewRoundPoint("5 栋大堂", code="abc23456", longitude=114.0300, latitude=22.6100)
GATE = NewRoundPoint("东门", longitude=114.0310, latitude=22.6100)  # 103 m east of the lobby
YARD = NewRoundPoint("后院")  # no place known


@pytest.fixture
def city(db):
    found = small_city()
    for command in ("load_parameters", "load_calendar", "load_round_kinds"):
        call_command(command, stdout=StringIO())
    community = found.communities[0][0][0]
    rows = [NewCell(f"{community.code}0{n}", f"第{n}网格", community.code) for n in (1, 2)]
    found.cells = create_cells(rows, source="test", by=Actor.system("test"), now=MORNING - timedelta(days=30))
    found.teams = [Unit.objects.get(code=f"cell-{area.code}") for area in found.cells]
    for n, team in enumerate(found.teams):
        found.staff[f"officer_{n}"] = grant(make_staff(f"officer_{n}", team), "grid_officer", team)
    return found


def actor(city, name="community_secretary"):
    return Actor.staff(city.staff[name])


def plan_of(city, **given):
    data = {
        "area": city.cells[0].code, "kind": "fire", "name": "楼道晨巡", "opens_at": time(8), "closes_at": time(12),
        "valid_from": date(2026, 9, 28), "points": [LOBBY, GATE], "check_list": "疏散通道畅通\n无飞线充电",
    }  # fmt: skip
    return NewPlan(**data | given)


def made(city, **given):
    """Make a plan and the task of the day, and return the task."""
    plan = create_plan(plan_of(city, **given), by=actor(city), now=MORNING)
    make_rounds(now=MORNING)
    return RoundTask.objects.get(plan=plan)


def walk(task, place, here, city, name="officer_0", now=AT_TEN):
    return check_in(task.pk, task.point_ids[place], here, by=actor(city, name), now=now)


class TestPlans:
    def test_a_secretary_plans_for_a_cell_and_nobody_below_or_elsewhere_does(self, city):
        plan = create_plan(plan_of(city), by=actor(city), now=MORNING)
        assert [point.name for point in plan.points.all()] == ["5 栋大堂", "东门"]
        assert AuditEntry.objects.filter(action="round_plan.created").count() == 1
        with pytest.raises(NotAllowed):
            create_plan(plan_of(city), by=actor(city, "officer_0"), now=MORNING)
        with pytest.raises(OutOfSight):
            create_plan(plan_of(city), by=actor(city, "other_secretary"), now=MORNING)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"points": []}, "points"),
            ({"points": [NewRoundPoint(" ")]}, "points"),
            ({"points": [NewRoundPoint("a\x00b")]}, "points"),
            ({"points": [NewRoundPoint("a", building="4403090010010100001")]}, "points"),
            ({"points": [NewRoundPoint("a", longitude=float("nan"), latitude=1.0)]}, "points"),
            ({"points": [NewRoundPoint("a", longitude=114.0)]}, "points"),
            ({"points": [NewRoundPoint("a")] * 61}, "points"),
            ({"area": "440300"}, "area"),
            ({"area": "no such \ud800"}, "area"),
            ({"kind": "walking"}, "kind"),
            ({"every_days": 0}, "every_days"),
            ({"every_days": 2, "weekdays": "1"}, "every_days"),
            ({"weekdays": "18"}, "weekdays"),
            ({"closes_at": time(8)}, "closes_at"),
            ({"valid_until": date(2026, 9, 27)}, "valid_until"),
            ({"check_list": "长" * 101}, "check_list"),
            ({"name": "名" * 81}, "name"),
        ],
    )
    def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_written(self, city, given, field):
        with pytest.raises(BadInput) as refused:
            create_plan(plan_of(city, **given), by=actor(city), now=MORNING)
        assert refused.value.field == field
        assert not RoundPlan.objects.exists()

    def test_a_change_leaves_the_task_of_today_as_it_was_asked(self, city):
        task = made(city)
        change_plan(task.plan_id, plan_of(city, points=[YARD], name="夜巡"), by=actor(city), now=MORNING)
        walk(task, 0, Here(code="ABC23456"), city)
        make_rounds(now=MORNING + timedelta(days=1))
        tomorrow = RoundTask.objects.get(day=date(2026, 9, 29))
        assert (task.points, tomorrow.points) == (2, 1)
        with pytest.raises(OutOfSight):
            check_in(tomorrow.pk, task.point_ids[0], Here(), by=actor(city), now=AT_TEN + timedelta(days=1))

    def test_an_ended_plan_asks_for_nothing_from_tomorrow_on(self, city):
        task = made(city)
        end_plan(task.plan_id, by=actor(city), now=MORNING)
        make_rounds(now=MORNING + timedelta(days=3))
        assert RoundTask.objects.count() == 1
        with pytest.raises(IllegalMove):
            end_plan(task.plan_id, by=actor(city), now=MORNING)

    def test_forged_ids_are_not_found(self, city):
        for call in (
            lambda: end_plan(10**9, by=actor(city), now=MORNING),
            lambda: change_plan(10**9, plan_of(city), by=actor(city), now=MORNING),
            lambda: explain_round(10**9, reason="x", by=actor(city), now=MORNING),
            lambda: check_in(10**9, 1, Here(), by=actor(city), now=MORNING),
        ):
            with pytest.raises(OutOfSight):
                call()


class TestDays:
    def test_september_to_october_is_counted_by_hand(self, city):
        """28 Sep 2026 is a Monday; the holiday of 2026 is 1 to 7 October, 20 September and 10 October are worked."""
        first, days = date(2026, 9, 18), [date(2026, 9, 18) + timedelta(days=n) for n in range(27)]
        daily = RoundPlan(valid_from=first, every_days=1, workdays_only=True)
        mondays = RoundPlan(valid_from=first, every_days=1, weekdays="1", workdays_only=True)
        weekends = RoundPlan(valid_from=first, every_days=1, weekdays="67", workdays_only=False)
        every_ten = RoundPlan(valid_from=first, every_days=10, workdays_only=True)

        def due(plan):
            return [f"{day:%m%d}" for day in days if is_due(plan, day)]

        assert due(daily) == [
            "0918", "0920", "0921", "0922", "0923", "0924",
            "0928", "0929", "0930", "1008", "1009", "1010", "1012", "1013", "1014",
        ]  # fmt: skip
        assert due(mondays) == ["0921", "0928", "1008", "1012"]  # Monday 5 October moves to the first working day
        assert due(weekends) == ["0919", "0920", "0926", "0927", "1003", "1004", "1010", "1011"]
        assert due(every_ten) == ["0918", "0928", "1008"]

    def test_the_sweep_twice_makes_each_task_once(self, city):
        create_plan(plan_of(city), by=actor(city), now=MORNING)
        assert make_rounds(now=MORNING) == 1
        assert make_rounds(now=MORNING) == 0
        RoundPlan.objects.update(made_until=date(2026, 9, 27))  # as if two had run at once
        make_rounds(now=MORNING)
        task = RoundTask.objects.get()
        assert (task.unit, task.state, task.points) == (city.teams[0], TO_WALK, 2)
        assert task.closes_at == datetime(2026, 9, 28, 12, tzinfo=ZONE)

    def test_days_missed_by_the_machine_are_made_up_and_say_so(self, city):
        create_plan(plan_of(city), by=actor(city), now=MORNING)
        later = MORNING + timedelta(days=3)
        make_rounds(now=later)
        end_rounds(now=later)
        rows = RoundTask.objects.order_by("day").values_list("day", "state")
        assert [(day.day, state) for day, state in rows] == [(28, MISSED), (29, MISSED), (30, MISSED), (1, TO_WALK)]
        assert RoundTask.objects.filter(state=MISSED).exclude(reason="").count() == 3

    def test_after_a_long_outage_only_the_last_days_are_made_up(self, city):
        create_plan(plan_of(city), by=actor(city), now=MORNING)
        make_rounds(now=MORNING + timedelta(days=40))
        assert RoundTask.objects.count() == 8

    def test_a_sub_cell_is_walked_by_the_team_of_its_cell_and_a_community_by_itself(self, city):
        rows = [NewCell(f"{city.cells[0].code}01", "第一小格", city.cells[0].code)]
        (sub,) = create_cells(rows, source="test", by=Actor.system("test"), now=MORNING)
        assert made(city, area=sub.code).unit == city.teams[0]
        assert made(city, area=city.communities[0][0][0].code).unit == city.stations[0][0][0]

    def test_a_plan_for_working_days_waits_for_the_calendar_while_others_go_on(self, city, caplog):
        for only in (True, False):
            given = {"valid_from": date(2099, 1, 5), "workdays_only": only}
            create_plan(plan_of(city, **given), by=actor(city), now=MORNING)
        with caplog.at_level("ERROR"):
            make_rounds(now=datetime(2099, 1, 5, 6, tzinfo=ZONE))
        assert RoundTask.objects.count() == 1
        assert "2099" in caplog.text


class TestCheckIns:
    def test_the_position_the_code_and_nothing_at_all_are_told_apart(self, city):
        task = made(city, points=[LOBBY, GATE, YARD])
        near = walk(task, 0, Here(longitude=114.0303, latitude=22.6100), city)  # 31 m
        code = walk(task, 1, Here(longitude=114.0300, latitude=22.6100), city)  # 103 m
        by_hand = walk(task, 2, Here(note="手机没电"), city)
        assert (near.way, near.metres, near.is_doubtful) == (CheckInWay.PLACE, 31, False)
        assert (code.way, code.metres, code.is_doubtful) == (CheckInWay.PLACE, 103, True)
        assert (by_hand.way, by_hand.metres, by_hand.is_doubtful) == (CheckInWay.HAND, None, True)
        task.refresh_from_db()
        assert (task.state, task.passed, task.doubtful) == (DONE, 3, 2)

    def test_the_code_on_the_spot_proves_it_and_another_code_is_refused(self, city):
        task = made(city)
        with pytest.raises(BadInput) as refused:
            walk(task, 0, Here(code="zzz99999"), city)
        assert refused.value.field == "code"
        assert not walk(task, 0, Here(code="ABC23456", longitude=114.2, latitude=22.6), city).is_doubtful
        with pytest.raises(IllegalMove):
            walk(task, 0, Here(code="abc23456"), city)
        task.refresh_from_db()
        assert (task.state, task.passed) == (UNDER_WAY, 1)

    def test_only_lines_of_the_check_list_are_kept(self, city):
        found = walk(made(city), 0, Here(code="abc23456", wrong=["无飞线充电", "<script>"]), city)
        assert found.wrong == ["无飞线充电"]

    @pytest.mark.parametrize("here", [
        Here(longitude=float("inf"), latitude=1.0), Here(longitude=114.0), Here(code="1" * 26), Here(code="\x00"),
        Here(code="abc23456", note="字" * 301),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused(self, city, here):
        task = made(city)
        with pytest.raises(BadInput):
            walk(task, 0, here, city)
        assert not RoundCheckIn.objects.exists()

    def test_neither_another_team_nor_another_territory_walks_it(self, city):
        task = made(city)
        for name in ("officer_1", "other_secretary", "nobody"):
            with pytest.raises(OutOfSight):
                walk(task, 0, Here(code="abc23456"), city, name)
        with pytest.raises(NotAllowed):
            walk(task, 0, Here(code="abc23456"), city, "city_dispatcher")

    def test_a_round_has_its_hours(self, city):
        task = made(city)
        for now in (AT_TEN.replace(hour=7), AT_TEN.replace(hour=12)):
            with pytest.raises(Refused):
                walk(task, 0, Here(code="abc23456"), city, now=now)


class TestEnds:
    def test_a_round_is_missed_or_partly_done_when_its_time_is_over(self, city):
        one, two = made(city), made(city, name="二")
        walk(two, 0, Here(code="abc23456"), city)
        assert end_rounds(now=AT_TEN) == 0
        assert end_rounds(now=AT_TEN.replace(hour=12)) == 2
        assert end_rounds(now=AT_TEN.replace(hour=13)) == 0
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.state, two.state) == (MISSED, PARTLY)
        assert AuditEntry.objects.filter(action="round.ended").count() == 2

    def test_a_reason_is_given_afterwards_by_the_team_and_not_before(self, city):
        task = made(city)
        with pytest.raises(IllegalMove):
            explain_round(task.pk, reason="暴雨", by=actor(city, "officer_0"), now=AT_TEN)
        end_rounds(now=AT_TEN.replace(hour=12))
        for reason in ("", " ", "字" * 301, "\ud800"):
            with pytest.raises(BadInput):
                explain_round(task.pk, reason=reason, by=actor(city, "officer_0"), now=AT_TEN)
        assert explain_round(task.pk, reason="暴雨", by=actor(city, "officer_0"), now=AT_TEN).reason == "暴雨"
        with pytest.raises(OutOfSight):
            explain_round(task.pk, reason="暴雨", by=actor(city, "other_secretary"), now=AT_TEN)


def test_a_team_sees_the_rounds_of_its_cell_only(city):
    mine, other = made(city), made(city, area=city.cells[1].code)
    assert [*RoundTask.objects.visible_to(city.staff["officer_0"])] == [mine]
    assert {*RoundTask.objects.visible_to(city.staff["community_secretary"])} == {mine, other}
    assert not RoundTask.objects.visible_to(city.staff["other_secretary"]).exists()
    assert Area.objects.visible_to(city.staff["officer_0"]).count() == 1
