"""The admin pages of grid: areas, units, staff, roles, messages."""

from . import areas, messages, party, rentals, rounds, staff, units  # noqa: F401 - imported to be registered
