"""Tables made together: in any order of foreign keys, with their triggers, and dropped again."""

import pgtrigger
import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from shenzhen_gov.core.create_tables import CreateTables

pytestmark = pytest.mark.django_db

KEEP = pgtrigger.Trigger(
    name="keep", when=pgtrigger.Before, operation=pgtrigger.Delete, func="RAISE EXCEPTION 'a parent is kept';"
)


def toy(name: str, **links: models.Field) -> CreateModel:
    return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), *links.items()])


@pytest.fixture
def operation() -> CreateTables:
    favourite = models.ForeignKey("core.ToyChild", models.CASCADE, null=True, related_name="+")
    return CreateTables(
        [
            toy("ToyChild", parent=models.ForeignKey("core.ToyParent", models.CASCADE)),
            toy("ToyParent", favourite=favourite),
            AddTrigger("toyparent", KEEP),
        ]
    )


@pytest.fixture
def states(operation) -> tuple[ProjectState, ProjectState]:
    """The state before and after, the classes of the first being built already, as in the midst of a `migrate`."""
    before = ProjectState()
    assert not before.apps.get_models()
    after = before.clone()
    operation.state_forwards("core", after)
    return before, after


def toys() -> dict[str, set[str]]:
    """Return the tables with the columns that are foreign keys."""
    with connection.cursor() as cursor:
        names = [one.name for one in connection.introspection.get_table_list(cursor) if one.name.startswith("core_toy")]
        return {name: set(connection.introspection.get_relations(cursor, name)) for name in names}


def forwards(operation, states) -> None:
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("core", editor, *states)


def test_makes_tables_that_point_at_each_other(operation, states):
    forwards(operation, states)
    assert toys() == {"core_toychild": {"parent_id"}, "core_toyparent": {"favourite_id"}}


def test_makes_triggers(operation, states):
    forwards(operation, states)
    parent = states[1].apps.get_model("core", "ToyParent").objects.create()
    with pytest.raises(DatabaseError, match="a parent is kept"), transaction.atomic():
        parent.delete()


def test_builds_no_class_before_one_is_asked_for(operation, states):
    assert "apps" not in vars(states[1])


def test_drops_them_again(operation, states):
    forwards(operation, states)
    before, after = states
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("core", editor, after, before)
    assert toys() == {}
