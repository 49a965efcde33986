"""Two people who change the tree at the same moment: one waits for the other, and no loop is built."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from grid.models import Unit
from grid.services import move_unit
from grid.tests.factories import make_unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


def move(unit_id: int, parent_id: int) -> str:
    try:
        move_unit(unit_id, parent_id, date(2020, 5, 1), by=Actor.system("test"), now=timezone.now())
    except Refused:
        return "refused"
    finally:
        connection.close()
    return "moved"


@pytest.mark.django_db(transaction=True)
def test_each_under_the_other_moves_one_and_refuses_the_other():
    root = make_unit()
    first, second = make_unit(parent=root), make_unit(parent=root)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(move, (first.pk, second.pk), (second.pk, first.pk)))
    assert sorted(answers) == ["moved", "refused"]
    for unit in Unit.objects.select_related("parent").exclude(parent=None):
        assert unit.path == f"{unit.parent.path}{unit.pk}/"
