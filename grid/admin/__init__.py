"""The admin pages of grid: areas, units, staff, roles."""

from . import areas, staff, units  # noqa: F401 - imported to be registered
