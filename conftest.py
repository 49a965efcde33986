"""What every test starts with."""

import gc
import os
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from bench import databases
from shenzhen_gov.core import kept
from shenzhen_gov.core.tests.remembered import may_put_back, put_back, rows_in

# Read by nearly every test and changed by few: loaded once, below the transactions that tests are rolled back with.
REFERENCE = ("load_roles", "load_calendar")
LONG = ("tests/e2e", "tests/faults")


# What tests stand on beside their own rows; a test that commits finds and leaves it as it was.
GROUND = (
    *("django_content_type", "auth_permission", "grid_role", "grid_role_acts"),
    *("core_calendaryear", "core_calendarday"),
)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Let the test databases be copies of one that was migrated once, instead of migrating each."""
    databases.ensure_migrated(
        os.environ["DATABASE_URL"], {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    )
    connection.settings_dict["TEST"]["TEMPLATE"] = databases.MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load the reference data into the new test database; its audit log begins empty."""
    with django_db_blocker.unblock():
        for command in REFERENCE:
            call_command(command, stdout=StringIO())
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE core_auditentry CASCADE")
        ground = rows_in(GROUND)
        # Django's own flush would take roles and permissions along, and be slower.
        if may_put_back():
            TransactionTestCase._fixture_teardown = lambda case: begin_anew(ground)


def begin_anew(ground: list) -> None:
    """Undo whatever a test committed."""
    tables = [name for name in connection.introspection.table_names() if name != "django_migrations"]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables))}")
    put_back(ground)


@pytest.fixture(autouse=True)
def no_copies():
    """Forget the per-process copies of small tables, and the cache: the database was emptied since."""
    kept.SECONDS_KEPT = 3600  # a slow machine asks no oftener than a fast one
    kept.forget_all()
    cache.clear()


def pytest_collection_finish():
    """Leave what was imported out of the search for garbage: half a million objects that all stay."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """Begin with the longest tests, so that no process ends long after the others."""
    items.sort(key=lambda item: not any(folder in item.nodeid for folder in LONG))
