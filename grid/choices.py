"""Words of the territory: levels, kinds, unit functions, roles and acts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shenzhen_gov.core import audit


class Level(models.IntegerChoices):
    """The four levels of government, and below them the grid cells 综合网格 and their sub-cells 小分格."""

    CITY = 1, _("City")
    DISTRICT = 2, _("District")
    SUBDISTRICT = 3, _("Subdistrict")
    COMMUNITY = 4, _("Community")
    CELL = 5, _("Grid cell")
    SUBCELL = 6, _("Sub-cell")


class AreaKind(models.TextChoices):
    """Areas that are coded like another kind than they are."""

    ORDINARY = "ordinary", _("Ordinary")
    SPECIAL_ZONE = "special_zone", _("Special zone")
    TOWN = "town", _("Town")


class UnitKind(models.TextChoices):
    """What a unit is. Centres, subdistricts, communities answer for a territory; grid teams walk one."""

    CENTRE = "centre", _("Civic request centre")
    SUBDISTRICT = "subdistrict", _("Subdistrict sub-centre")
    COMMUNITY = "community", _("Community")
    CELL = "cell", _("Grid team")
    BUREAU = "bureau", _("Bureau")
    SECTION = "section", _("Section")
    COMPANY = "company", _("Public company")


TERRITORIAL_KINDS = (UnitKind.CENTRE, UnitKind.SUBDISTRICT, UnitKind.COMMUNITY)
# A role held at one of these covers what lies in its home area. A grid team answers for nothing: its community does.
COVERING_KINDS = (*TERRITORIAL_KINDS, UnitKind.CELL)


class BuildingUse(models.TextChoices):
    """What a building is used for."""

    HOUSING = "housing", _("Housing")
    RENTED = "rented", _("Rented out")
    BUSINESS = "business", _("Business")
    FACTORY = "factory", _("Factory")
    PUBLIC = "public", _("Public")
    OTHER = "other", _("Other")


class NameKind(models.TextChoices):
    """Why a name leads to a unit."""

    OFFICIAL = "official", _("Official name")
    ALIAS = "alias", _("Alias")


class UnitChangeKind(models.TextChoices):
    """Institutional changes 机构变更."""

    CREATE = "create", _("Set up")
    RENAME = "rename", _("Rename")
    MERGE = "merge", _("Merge")
    SPLIT = "split", _("Split")
    CLOSE = "close", _("Closed down")
    MOVE = "move", _("Move")


class Act(models.TextChoices):
    """What a role may do: permissions held at a unit and for everything below it."""

    VIEW_CASE = "view_case", _("See cases")
    REGISTER_CASE = "register_case", _("Register cases")
    CONFIRM_REFUSAL = "confirm_refusal", _("Confirm a refusal")
    DISPATCH_CASE = "dispatch_case", _("Dispatch cases")
    HANDLE_CASE = "handle_case", _("Handle work orders")
    HAND_DOWN = "hand_down", _("Hand work orders down")
    ORDER_DEPARTMENT = "order_department", _("Order departments to the spot")
    REVIEW_CASE = "review_case", _("Review reports")
    DECIDE_REQUEST = "decide_request", _("Decide requests")
    SUPERVISE_CASE = "supervise_case", _("Urge and supervise")
    INSTRUCT_CASE = "instruct_case", _("Give instructions")
    VIEW_IDENTITY = "view_identity", _("Ask to see a citizen's identity")
    ENTER_DUTY = "enter_duty", _("Enter duty-list changes")
    REVIEW_DUTY = "review_duty", _("Review duty-list changes")
    MANAGE_DUTY = "manage_duty", _("Publish duty-list changes")
    EDIT_KNOWLEDGE = "edit_knowledge", _("Edit knowledge")
    REVIEW_KNOWLEDGE = "review_knowledge", _("Review knowledge")
    VERIFY_LEAD = "verify_lead", _("Verify leads")
    EDIT_RULES = "edit_rules", _("Edit dispatch rules")
    PUBLISH_RULES = "publish_rules", _("Publish dispatch rules")
    RULE_DISPUTE = "rule_dispute", _("Rule on disputes")
    CALL_BACK = "call_back", _("Call citizens back")
    GRID_ROUND = "grid_round", _("Walk rounds and make visits")
    MANAGE_GRID = "manage_grid", _("Plan the work of the grid")
    VIEW_FIGURES = "view_figures", _("See figures")
    MANAGE_SYSTEM = "manage_system", _("Administer")


class MessageWay(models.TextChoices):
    """How a message goes."""

    PORTAL = "portal", _("In the portal")
    SMS = "sms", _("SMS")
    MAIL = "mail", _("Mail")


class MessageState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    SENT = "sent", pgettext_lazy("message", "Sent")
    STUCK = "stuck", pgettext_lazy("message", "Stuck")
    DROPPED = "dropped", pgettext_lazy("message", "Given up")


class CheckInWay(models.TextChoices):
    """What shows that somebody was at a point of a round."""

    PLACE = "place", _("Position of the phone")
    CODE = "code", _("Code on the spot")
    HAND = "hand", _("Without proof")


audit.register(
    {
        "round_kind.changed": _("Kind of round changed"),
        "round_plan.created": _("Patrol plan made"),
        "round_plan.changed": _("Patrol plan changed"),
        "round.checked_in": _("Was at a point of the round"),
        "round.ended": _("Round over"),
        "round.explained": _("Said why a round was missed"),
        "message_template.changed": _("Message template changed"),
        "message.retried": _("Message sent again"),
        "message.dropped": _("Message given up"),
        "area.added": _("Area added"),
        "area.changed": _("Area changed"),
        "cell.created": _("Grid cell set up"),
        "area.removed": _("Area no longer in use"),
        "unit.created": _("Unit set up"),
        "unit.renamed": _("Unit renamed"),
        "unit.merged": _("Unit merged into another"),
        "unit.split": _("Unit split"),
        "unit.closed": _("Unit closed"),
        "unit.moved": _("Unit moved"),
        "unit.alias_added": _("Alias added"),
        "staff.created": _("Staff account created"),
        "staff.changed": _("Staff account changed"),
        "staff.password_set": _("Password set by an administrator"),
        "role.changed": _("Role changed"),
        "role.granted": _("Role granted"),
        "role.withdrawn": _("Role withdrawn"),
    }
)
