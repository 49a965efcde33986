"""Tables of the territory and of who holds what in it."""

from .areas import Area
from .exports import ListExport
from .messages import Message, MessageMark, MessageTemplate
from .party import Adviser, Estate, Gathering, GatheringItem, Liaison, ServiceSite
from .party_kinds import PartyKind
from .places import AreaOutline, Building, GridPost, PlaceImport, Room
from .recut import Recut
from .rentals import (
    GradeCriterion,
    GradeLevel,
    GradeScheme,
    Rental,
    RentalGrade,
    RentalLook,
    RentalPerson,
    RentalVisit,
    VisitPhoto,
    VisitPlan,
)
from .rounds import RoundCheckIn, RoundKind, RoundPlan, RoundPoint, RoundTask
from .staff import Role, RoleGrant, Staff, StaffUnitPermission
from .units import Unit, UnitChange, UnitName
from .volunteers import CommunityTask, Reporter, ServiceDay, TaskClaim

__all__ = [
    "Adviser",
    "CommunityTask",
    "Estate",
    "Gathering",
    "GatheringItem",
    "Liaison",
    "ListExport",
    "Reporter",
    "ServiceDay",
    "ServiceSite",
    "TaskClaim",
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
    "PartyKind",
    "PlaceImport",
    "Recut",
    "Role",
    "RoleGrant",
    "Staff",
    "StaffUnitPermission",
    "Unit",
    "UnitChange",
    "UnitName",
    "GradeCriterion",
    "GradeLevel",
    "GradeScheme",
    "Rental",
    "RentalGrade",
    "RentalLook",
    "RentalPerson",
    "RentalVisit",
    "VisitPhoto",
    "VisitPlan",
]
