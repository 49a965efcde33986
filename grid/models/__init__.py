"""Tables of the territory and of who holds what in it."""

from .areas import Area
from .messages import Message, MessageMark, MessageTemplate
from .staff import Role, RoleGrant, Staff, StaffUnitPermission
from .units import Unit, UnitChange, UnitName

__all__ = [
    "Area",
    "Message",
    "MessageMark",
    "MessageTemplate",
    "Role",
    "RoleGrant",
    "Staff",
    "StaffUnitPermission",
    "Unit",
    "UnitChange",
    "UnitName",
]
