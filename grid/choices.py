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


BUILDING_DIGITS = 19  # of a house code name the building


class PlaceTable(models.TextChoices):
    """What the rows of an imported file are."""

    BUILDINGS = "buildings", _("Buildings")
    ROOMS = "rooms", _("Rooms")
    OUTLINES = "outlines", _("Outlines")


class ImportState(models.TextChoices):
    """Where an import stands."""

    ASKED = "asked", pgettext_lazy("import", "Waiting")
    DONE = "done", pgettext_lazy("import", "Done")
    REFUSED = "refused", pgettext_lazy("import", "Refused, nothing written")
    FAILED = "failed", pgettext_lazy("import", "Failed")


class RentalKind(models.TextChoices):
    """What is let."""

    BUILDING = "building", _("Whole building")
    ROOM = "room", _("Room or flat")
    PLACE = "place", _("Small place (shop, workshop, amusement)")


class TenancyRole(models.TextChoices):
    """Who somebody is to a rental."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Sub-landlord or manager")
    TENANT = "tenant", _("Tenant")


class CriterionGroup(models.TextChoices):
    """The four things a rental is judged by (domain §5)."""

    FABRIC = "fabric", _("Building and equipment")
    OWNER = "owner", _("Owner keeps the law and reports")
    PROBLEMS = "problems", _("Problems and hazards")
    HYGIENE = "hygiene", _("Cleanliness")


class LevelTone(models.TextChoices):
    """How a grade level looks beside its words."""

    OK = "ok", _("Green, ring")
    INFO = "info", _("Violet, arrow")
    WARN = "warn", _("Amber, triangle")
    BAD = "bad", _("Red, bar")


class GradeReason(models.TextChoices):
    """What led to a grade."""

    VISIT = "visit", pgettext_lazy("rental", "Visit")
    CASE = "case", _("Verified case")
    DECISION = "decision", pgettext_lazy("rental", "Decision")


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


class RecutState(models.TextChoices):
    """Where a re-cut stands: `moving` is cut, and its buildings follow batch by batch."""

    PLANNED = "planned", pgettext_lazy("recut", "Planned")
    MOVING = "moving", pgettext_lazy("recut", "Buildings follow")
    DONE = "done", pgettext_lazy("recut", "Carried out")
    CANCELLED = "cancelled", pgettext_lazy("recut", "Given up")


HOLIDAY = "holiday"  # beside the weekdays, in the opening hours of a service site


class KindOf(models.TextChoices):
    """Which register of party and partners a kind belongs to."""

    SITE = "site", _("Service sites")
    TASK = "task", _("Community tasks")


class SiteTier(models.TextChoices):
    """党群服务中心 1+11+N: one of the city, one in each district, and those below."""

    CITY = "city", _("City site")
    DISTRICT = "district", _("District site")
    LOCAL = "local", _("Local site")


class ReporterKind(models.TextChoices):
    """Who reports at a community (双报到: organisations and members), and volunteers."""

    ORGANISATION = "organisation", _("Party organisation")
    MEMBER = "member", _("Party member")
    VOLUNTEER = "volunteer", _("Volunteer")


class Audience(models.TextChoices):
    """Whom a community asks to take a task on."""

    EVERYBODY = "everybody", _("Everybody who reported")
    PARTY = "party", _("Party organisations and members")
    VOLUNTEERS = "volunteers", _("Volunteers")


class LiaisonKind(models.TextChoices):
    """挂点联系: a city unit has one subdistrict, a district unit has communities."""

    SUBDISTRICT = "subdistrict", _("City unit and subdistrict")
    COMMUNITY = "community", _("District unit and community")


class GatheringKind(models.TextChoices):
    """Where people are heard: 书记茶话会, and visits by the unit of a liaison."""

    TEA = "tea", _("Secretary's tea meeting")
    VISIT = "visit", _("Liaison visit")


class EstateKind(models.TextChoices):
    """In what part a body looks after an estate."""

    PROPERTY = "property", _("Property company")
    COMMITTEE = "committee", _("Estate committee")


class AdviserKind(models.TextChoices):
    """法治前哨: who gives advice and mediates."""

    LAWYER = "lawyer", _("Lawyer")
    MEDIATOR = "mediator", _("Mediator")


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
    JUDGE_WARNING = "judge_warning", _("Judge warnings and run themes")
    KEEP_ASSESSMENT = "keep_assessment", _("Keep the assessment ledger")
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
        "party_kind.changed": _("Kind of site or task changed"),
        "round_plan.created": _("Patrol plan made"),
        "round_plan.changed": _("Patrol plan changed"),
        "round.checked_in": _("Was at a point of the round"),
        "round.ended": _("Round over"),
        "round.explained": _("Said why a round was missed"),
        "message_template.changed": _("Message template changed"),
        "message.retried": _("Message sent again"),
        "message.dropped": _("Message given up"),
        "export.asked": _("List asked for as a file"),
        "export.made": _("List written as a file"),
        "rental.registered": _("Rental registered"),
        "rental.changed": _("Rental changed"),
        "rental.visited": _("Rental visited"),
        "rental.regraded": _("Rental graded anew"),
        "rental.person_added": _("Person of a rental added"),
        "rental.person_removed": _("Person of a rental removed"),
        "rental.look_asked": _("Purpose given to see people of a rental"),
        "rental.people_viewed": _("People of a rental seen"),
        "visit_plan.asked": _("Visit plan asked for anew"),
        "grade_scheme.changed": _("Grading scheme changed"),
        "recut.planned": _("Re-cut planned"),
        "recut.cancelled": _("Re-cut given up"),
        "recut.failed": _("Re-cut could not be carried out"),
        "recut.cut": _("Areas cut anew"),
        "recut.done": _("Re-cut carried out"),
        "area.added": _("Area added"),
        "area.changed": _("Area changed"),
        "cell.created": _("Grid cell set up"),
        "places.imported": _("Places imported"),
        "outlines.imported": _("Outlines imported"),
        "post.added": _("Grid post filled"),
        "post.ended": _("Grid post left"),
        "area.removed": _("Area no longer in use"),
        "party.kept": _("Entry of the party and partners register changed"),
        "party.added": _("Entry of the party and partners register added"),
        "service_day.recorded": _("Day of service recorded"),
        "task.claimed": _("Community task claimed"),
        "task.withdrawn": _("Claim of a community task withdrawn"),
        "task.attendance": _("Presence at a community task recorded"),
        "task.cancelled": _("Community task called off"),
        "gathering_item.added": _("Item of a meeting or visit added"),
        "gathering_item.answered": _("Item of a meeting or visit answered"),
        "gathering_item.escalated": _("Item of a meeting or visit escalated to the subdistrict"),
        "gathering_item.filed": _("Item of a meeting or visit became a case or lead"),
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
