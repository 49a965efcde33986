"""What every test starts with."""

import functools
import gc
import inspect
import os
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import blocking_manager_key

from bench import databases
from shenzhen_gov.core import kept
from shenzhen_gov.core.tests.remembered import may_put_back, put_back, remembered, rows_in

# Read by nearly every test and changed by few: loaded once, below the transactions that tests are rolled back with.
REFERENCE = ("load_roles", "load_calendar")
LONG = ("tests/e2e", "tests/faults")
TESTS_RUN = pytest.StashKey[int]()
SWEPT_AFTER = 50  # tests
WORLDS = ("city", "world")  # fixtures that make nothing but rows, and ask for nothing but the database


# What tests stand on beside their own rows; a test that commits finds and leaves it as it was.
GROUND = (
    *("django_content_type", "auth_permission", "grid_role", "grid_role_acts"),
    *("core_calendaryear", "core_calendarday"),
)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Let the test databases be copies of one that was migrated once, instead of migrating each."""
    databases.ensure_migrated(os.environ["DATABASE_URL"])
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


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef):
    """Remember the worlds that modules build for their tests.

    Figures read on by the transaction that wrote an entry: a world that is put back bears the number of an old one.
    """
    func = fixturedef.func
    is_world = fixturedef.argname in WORLDS and fixturedef.scope == "function" and not hasattr(func, "__wrapped__")
    is_world = is_world and not fixturedef.baseid.startswith("analytics")
    if is_world and set(inspect.signature(func).parameters) <= {"db"} and not inspect.isgeneratorfunction(func):
        fixturedef.func = once(func)


def once(build):
    """Build a world once in a process; but for tests that commit anew, for what it wakes happens there."""
    recall = remembered(build)

    @functools.wraps(build)
    def world(**given):
        return (recall if connection.in_atomic_block else build)(**given)

    return world


@pytest.fixture(autouse=True)
def no_copies():
    """Forget the per-process copies of small tables, and the cache: the database was emptied since."""
    kept.SECONDS_KEPT = 3600  # a slow machine asks no oftener than a fast one
    kept.forget_all()
    cache.clear()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """Sweep up now and then: the rows of every test stay in the files when it is rolled back, and scans read them."""
    run = item.config.stash[TESTS_RUN] = item.config.stash.get(TESTS_RUN, 0) + 1
    if run % SWEPT_AFTER == 0 and connection.connection is not None and not connection.in_atomic_block:
        with item.config.stash[blocking_manager_key].unblock(), connection.cursor() as cursor:
            cursor.execute("SELECT relid::regclass::text FROM pg_stat_user_tables WHERE n_dead_tup > 1000")
            if tables := [table for (table,) in cursor.fetchall()]:
                cursor.execute(f"VACUUM {', '.join(tables)}")


def pytest_collection_finish():
    """Leave what was imported out of the search for garbage: half a million objects that all stay."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """Begin with the longest tests, so that no process ends long after the others."""
    items.sort(key=lambda item: not any(folder in item.nodeid for folder in LONG))
