"""Every write of grid: areas, units and their history, staff, roles."""

from .areas import AreaChange, AreaRow, load_areas
from .institutions import close_unit, merge_units, split_unit
from .roles import RoleRow, grant_role, load_roles, set_role_acts, withdraw_role
from .staff import NewStaff, change_staff, create_staff, create_staff_accounts, set_password
from .units import NewUnit, add_alias, create_unit, create_units, move_unit, rename_unit

__all__ = [
    "AreaChange",
    "AreaRow",
    "NewStaff",
    "NewUnit",
    "RoleRow",
    "add_alias",
    "change_staff",
    "close_unit",
    "create_staff",
    "create_staff_accounts",
    "create_unit",
    "create_units",
    "grant_role",
    "load_areas",
    "load_roles",
    "merge_units",
    "move_unit",
    "rename_unit",
    "set_password",
    "set_role_acts",
    "split_unit",
    "withdraw_role",
]
