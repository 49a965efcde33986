"""Tables of the territory and of who holds what in it."""

from .areas import Area
from .messages import Message, MessageMark, MessageTemplate
from .places import AreaOutline, Building, GridPost, Room
from .rounds import RoundCheckIn, RoundKind, RoundPlan, RoundPoint, RoundTask
from .staff import Role, RoleGrant, Staff, StaffUnitPermission
from .units import Unit, UnitChange, UnitName

__all__ = [
    "RoundCheckIn",
    "RoundKind",
    "RoundPlan",
    "RoundPoint",
    "RoundTask",
    "Area",
    "AreaOutline",
    "Building",
    "GridPost",
    "Room",
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
