"""What areas and units share as trees: ids known before the insert, and paths built from them."""

from django.db import connection
from django.db.models import Model

from grid.models import Area, Unit


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Return `count` new primary keys of `model`, so that a row and its path are written in one insert."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def path_below(parent: Area | Unit | None, own_id: int) -> str:
    """Return a node's path: its parent's, its id and the closing separator (`/1/` is no prefix of `/11/`)."""
    return f"{parent.path if parent is not None else '/'}{own_id}/"
