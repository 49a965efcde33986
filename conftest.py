"""What every test starts with."""

import pytest

from shenzhen_gov.core.kept import forget_all


@pytest.fixture(autouse=True)
def no_copies():
    """Forget the per-process copies of small tables: the database was emptied since."""
    forget_all()
