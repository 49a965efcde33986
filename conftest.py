"""What every test starts with."""

import pytest

from shenzhen_gov.core.kept import forget_all

LONG = ("tests/e2e", "tests/faults")


@pytest.fixture(autouse=True)
def no_copies():
    """Forget the per-process copies of small tables: the database was emptied since."""
    forget_all()


def pytest_collection_modifyitems(items):
    """Begin with the longest tests, so that no process ends long after the others."""
    items.sort(key=lambda item: not any(folder in item.nodeid for folder in LONG))
