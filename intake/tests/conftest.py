import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Services speak the msgids, so that the tests do not hang on a translation."""
    with translation.override("en"):
        yield
