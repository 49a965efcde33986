"""What tests of requests begin with."""

from dispatch.files import read_request_reasons
from dispatch.services import load_request_reasons
from dispatch.tests.world import NOON, SYSTEM


def load_request_reasons_of_the_file() -> None:
    """Load the grounds as they are shipped."""
    load_request_reasons(read_request_reasons(), by=SYSTEM, now=NOON)
