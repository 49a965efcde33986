"""The database holds every index and constraint that a model declares: a migration may take one away unseen."""

import pytest
from django.apps import apps
from django.db import connection

NAMES = """
SELECT relname FROM pg_class WHERE relkind IN ('i', 'I')
 UNION
SELECT conname FROM pg_constraint
"""
# table → columns whose values are looked up alone: of a unique index without a condition, or one that begins with them
LEADING = """
SELECT t.relname, a.attname, bool_or(x.indisunique AND x.indnkeyatts = 1 AND x.indpred IS NULL)
  FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
 GROUP BY 1, 2
"""
OURS = ("core", "grid", "dutylist", "intake", "dispatch", "analytics")
pytestmark = pytest.mark.django_db


def models() -> list:
    return [model for name in OURS for model in apps.get_app_config(name).get_models() if model._meta.managed]


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_every_named_index_and_constraint_is_there():
    there = {name for (name,) in rows(NAMES)}
    declared = {
        f"{model._meta.label}: {one.name}"
        for model in models()
        for one in (*model._meta.indexes, *model._meta.constraints)
    }
    assert len(declared) > 200
    assert not {text for text in declared if text.split(": ")[1] not in there}


def test_every_field_with_an_index_has_one():
    leading = {(table, column): is_unique for table, column, is_unique in rows(LEADING)}
    lacking = [
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in model._meta.local_concrete_fields
        if (field.unique and not leading.get((model._meta.db_table, field.column)))
        or (field.db_index and (model._meta.db_table, field.column) not in leading)
    ]
    assert not lacking
