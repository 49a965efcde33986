"""Publishers, sweeps and editors at one moment, and a server that dies: one winner, nothing twice, nothing half."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.utils import OperationalError

from dutylist import services
from dutylist.models import Batch, ItemVersion
from dutylist.services import NewLine, publishing
from shenzhen_gov.core.exceptions import Refused

from .duty_people import approve, make_people, newest, open_draft
from .world import NOON, SYSTEM, make_list

TOMORROW, NEXT_NOON = NOON.date() + timedelta(days=1), NOON + timedelta(days=1)
SHORTER = NewLine("change", "T01", {"limit_normal": 4})
PLACE = {"level1": "市容环卫", "level2": "环境"}


def publish_alone(batch_id: int, by) -> str:
    try:
        services.publish_batch(batch_id, by=by, now=NEXT_NOON)
    except Refused as refusal:
        return str(refusal)
    finally:
        connection.close()
    return "published"


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_once_one_wins_and_the_other_is_told_which_batch_was_first():
    city = make_list()
    people = make_people(city)
    rows = [SHORTER, NewLine("change", "T01", {"name": "堆物"})]
    batches = [approve(open_draft(city, people, line, on=TOMORROW), people) for line in rows]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(publish_alone, [batch.pk for batch in batches], [SYSTEM, SYSTEM]))
    winner = answers.index("published")
    assert "T01" in answers[1 - winner]
    assert batches[winner].number in answers[1 - winner]
    assert newest("T01").batch == batches[winner]


def sweep(_n: int) -> int:
    try:
        return services.publish_due(by=SYSTEM, now=NEXT_NOON)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_once_publish_each_batch_once():
    city = make_list()
    people = make_people(city)
    lines = [NewLine("add", f"N{n}", {**PLACE, "name": f"新{n}"}) for n in range(6)]
    batches = [approve(open_draft(city, people, line, on=TOMORROW), people) for line in lines]
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == len(batches)
    assert ItemVersion.objects.filter(batch__in=batches).count() == len(batches)
    assert set(Batch.objects.values_list("state", flat=True)) == {"published"}


def open_alone(city, people) -> str:
    try:
        return open_draft(city, people).number
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_batches_opened_at_once_get_numbers_of_their_own():
    city = make_list()
    people = make_people(city)
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _n: open_alone(city, people), range(8)))
    assert sorted(numbers) == [f"2026-{n:02d}" for n in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_killed_in_the_middle_of_publishing_leaves_nothing(monkeypatch):
    city = make_list()
    people = make_people(city)
    batch = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    versions, killer = ItemVersion.objects.count(), connections["default"].copy()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()

    def kill(lines):
        with killer.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [own])
        publishing.connection.cursor().execute("SELECT 1")

    monkeypatch.setattr(publishing, "_point_to", kill)
    with pytest.raises(OperationalError):
        services.publish_batch(batch.pk, by=SYSTEM, now=NEXT_NOON)
    killer.close()
    connection.close()
    monkeypatch.undo()
    assert ItemVersion.objects.count() == versions
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 1
    assert newest("T01").limit_normal == 4
