"""Every write of grid: areas, units and their history, staff, roles."""

from .roles import RoleRow, grant_role, load_roles, set_role_acts, withdraw_role

__all__ = ["RoleRow", "grant_role", "load_roles", "set_role_acts", "withdraw_role"]
