"""Missed rounds are told: to the team and to the community, once for each round."""

from datetime import timedelta

import pytest

from grid.models import Message, RoundTask
from grid.services import Here, check_in, end_rounds, make_rounds
from grid.tests.rounds import make_plan
from grid.tests.test_rounds import AT_TEN, MORNING, actor, made
from grid.tests.test_rounds import city as city

pytestmark = pytest.mark.django_db
NIGHT = MORNING + timedelta(hours=12)


@pytest.fixture(autouse=True)
def templates(city):
    from io import StringIO

    from django.core.management import call_command

    call_command("load_message_templates", stdout=StringIO())


def told():
    return {(one.unit_id, one.act) for one in Message.objects.filter(template__key="round_missed", way="portal")}


def test_the_team_and_the_community_are_told_what_was_missed(city):
    task = made(city)
    end_rounds(now=NIGHT)
    team = city.teams[0]
    assert told() == {(team.pk, "grid_round"), (team.parent_id, "manage_grid")}
    message = Message.objects.filter(unit=team).get()
    assert "楼道晨巡" in message.text
    assert "0/2" in message.text
    assert message.link == f"/grid/rounds/{task.pk}/"


def test_a_round_is_told_once_however_often_the_sweep_runs(city):
    made(city)
    for _ in range(3):
        end_rounds(now=NIGHT)
    assert Message.objects.filter(template__key="round_missed").count() == 2


def test_a_round_walked_in_part_is_told_with_its_points(city):
    task = made(city)
    check_in(task.pk, task.point_ids[0], Here(code="abc23456"), by=actor(city, "officer_0"), now=AT_TEN)
    end_rounds(now=NIGHT)
    assert "1/2" in Message.objects.filter(unit=city.teams[0]).get().text


def test_a_round_that_was_walked_is_not_told(city):
    task = made(city)
    for point in task.point_ids:
        check_in(task.pk, point, Here(), by=actor(city, "officer_0"), now=AT_TEN)
    end_rounds(now=NIGHT)
    assert told() == set()


def test_a_round_made_when_its_time_was_over_is_nobodys_fault(city):
    make_plan(city, now=MORNING)
    make_rounds(now=NIGHT)
    end_rounds(now=NIGHT)
    assert RoundTask.objects.get().state == "missed"
    assert told() == set()


def test_a_community_that_walks_itself_is_told_once(city):
    make_plan(city, now=MORNING)
    make_rounds(now=MORNING)
    end_rounds(now=NIGHT)
    assert told() == {(city.stations[0][0][0].pk, "grid_round")}
