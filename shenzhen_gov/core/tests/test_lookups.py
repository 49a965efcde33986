"""A state in a statement can be seen by the planner; nothing that a person typed can get there."""

import pytest
from django.db import connection
from django.utils import timezone

from shenzhen_gov.core.lookups import newest_sorted
from shenzhen_gov.core.models import JobRun

pytestmark = pytest.mark.django_db


def told(rows):
    """Return statement and parameters."""
    return rows.order_by().values("pk").query.sql_with_params()


def test_states_are_written_out():
    sql, params = told(JobRun.objects.filter(state=JobRun.State.RUNNING))
    assert "= 'running'" in sql
    assert params == ()
    sql, params = told(JobRun.objects.exclude(state__in=["running", JobRun.State.DONE, None]))
    assert "IN ('running', 'done')" in sql
    assert params == ()


@pytest.mark.parametrize("word", ["o'clock", "%s", "running' OR 1=1 --", "状态", "", "a" * 41, "Running", "a\nb"])
def test_anything_else_stays_a_parameter(word):
    sql, params = told(JobRun.objects.filter(state=word))
    assert params == (word,)
    assert not JobRun.objects.filter(state=word).exists()
    assert told(JobRun.objects.filter(state__in=["running", word]))[1] == ("running", word)


def test_a_field_without_choices_keeps_its_parameter():
    assert told(JobRun.objects.filter(job="running"))[1] == ("running",)


def test_what_is_found_is_the_same():
    now = timezone.now()
    runs = [JobRun.objects.create(job="a", state=state, started_at=now, beat_at=now) for state in ("running", "done")]
    assert list(JobRun.objects.filter(state="done")) == runs[1:]
    assert set(JobRun.objects.filter(state__in={"done", "running"})) == set(runs)
    assert not JobRun.objects.filter(state__in=[]).exists()
    with connection.cursor() as cursor:
        cursor.execute(*told(JobRun.objects.filter(state="running")))
        assert cursor.fetchall() == [(runs[0].pk,)]


def test_sorted_newest_first_is_the_order_of_no_index():
    now = timezone.now()
    runs = [JobRun.objects.create(job="a", state="done", started_at=now, beat_at=now) for _ in range(3)]
    rows = JobRun.objects.order_by(newest_sorted())
    assert list(rows[:2]) == runs[:0:-1]
    assert 'ORDER BY "core_jobrun"."id" DESC' not in str(rows.query)
