"""What measurements at millions of cases are made on: bench/history.py, at two thousand."""

import pytest
from django.db import connection

from bench.history import generate_history
from dispatch.models import Decision, WorkOrder
from dispatch.tests.world import make_world
from intake.models import Case, CaseText
from intake.text_keys import keys_of

OPEN = ("in_handling", "under_review")
ENDED = ("done", "returned")
DEFINITIONS = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid, indisready, indisclustered FROM pg_index
 WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
 UNION ALL
SELECT conname::text, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""


@pytest.fixture
def defined(transactional_db):
    """Return the indexes and constraints as they were, before a history of 1,500 cases and another of 500."""
    make_world()
    found = _definitions()
    for count in (1_500, 500):
        generate_history(count, say=lambda _text: None)
    return found


def _definitions():
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS)
        return cursor.fetchall()


def test_histories_of_cases_are_whole_and_leave_every_index_as_it_was(defined):
    assert _definitions() == defined
    assert Case.objects.count() == CaseText.objects.count() == 2_000

    open_cases = Case.objects.filter(state__in=OPEN)
    orders = WorkOrder.objects.exclude(state__in=ENDED)
    assert open_cases.exists()
    assert set(orders.values_list("case_id", flat=True)) == set(open_cases.values_list("pk", flat=True))
    assert not WorkOrder.objects.exclude(decision__in=Decision.objects.all()).exists()
    assert not Case.objects.filter(state="archived", closed_at=None).exists()

    for text in CaseText.objects.select_related("case")[:50]:
        assert text.backwards == text.case.number[::-1]
        assert set(text.keys) == set(keys_of(text.case_id, [text.case.title, text.case.content]))
