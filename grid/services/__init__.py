"""Every write of grid: areas, units and their history, staff, roles."""

from .areas import AreaChange, AreaRow, load_areas
from .cells import NewCell, create_cells
from .institutions import close_unit, merge_units, split_unit
from .messages import (
    Receiver,
    TemplateRow,
    deliver_messages,
    drop_message,
    forget_messages,
    load_message_templates,
    mark_seen,
    retry_message,
    save_message_template,
    send_message,
)
from .roles import RoleRow, grant_role, load_roles, set_role_acts, withdraw_role
from .staff import NewStaff, change_staff, create_staff, create_staff_accounts, set_password
from .units import NewUnit, add_alias, create_unit, create_units, move_unit, rename_unit

__all__ = [
    "AreaChange",
    "AreaRow",
    "NewStaff",
    "NewUnit",
    "Receiver",
    "RoleRow",
    "TemplateRow",
    "add_alias",
    "change_staff",
    "close_unit",
    "create_staff",
    "create_staff_accounts",
    "NewCell",
    "create_cells",
    "create_unit",
    "create_units",
    "deliver_messages",
    "drop_message",
    "forget_messages",
    "grant_role",
    "load_areas",
    "load_message_templates",
    "load_roles",
    "mark_seen",
    "merge_units",
    "move_unit",
    "rename_unit",
    "retry_message",
    "save_message_template",
    "send_message",
    "set_password",
    "set_role_acts",
    "split_unit",
    "withdraw_role",
]
