"""Words of dispatch and handling."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shenzhen_gov.core import audit


class DecisionMode(models.TextChoices):
    """分拨方式: how a unit was chosen."""

    AUTOMATIC = "automatic", _("Automatic")
    RECOMMENDED = "recommended", _("Recommended and confirmed")
    MANUAL = "manual", _("By a person")
    IMPORTED = "imported", _("Imported")


class DecisionOutcome(models.TextChoices):
    """What a decision led to."""

    DISPATCHED = "dispatched", _("Dispatched")
    NEEDS_PERSON = "needs_person", _("Needs a person")


class NeedsPerson(models.TextChoices):
    """Why the machine did not dispatch."""

    NONE = "", "—"
    NO_ITEM = "no_item", _("No duty item chosen")
    NO_PLACE = "no_place", _("Place not known")
    NO_VERSION = "no_version", _("The duty item is not in force")
    NO_ROW = "no_row", _("No responsible unit in the duty list")
    UNIT_CLOSED = "unit_closed", _("The responsible unit is closed")
    VETO = "veto", _("Needs a person by rule")
    NO_CLOCK = "no_clock", _("The deadline cannot be computed")


class WorkRole(models.TextChoices):
    """主办, 协办, 发令."""

    LEAD = "lead", _("Lead")
    CO = "co", _("Co-handler")
    ORDER = "order", _("Order to the spot")


class ClockKind(models.TextChoices):
    """时限: which deadline."""

    DISPATCH = "dispatch", _("Dispatch")
    SIGN = "sign", _("Sign")
    FIRST_CONTACT = "first_contact", _("First contact")
    HANDLING = "handling", pgettext_lazy("clock", "Handling")
    REVIEW = "review", _("Review")
    OVERALL = "overall", _("Overall")


class ClockOutcome(models.TextChoices):
    """How a clock ended."""

    RUNNING = "running", _("Running")
    MET = "met", _("In time")
    LATE = "late", _("Late")
    CANCELLED = "cancelled", _("Cancelled")


class RequestKind(models.TextChoices):
    """Requests are records on the case, not states (domain §4)."""

    RETURN = "return", _("Return")
    EXTEND = "extend", _("Extend")
    SUSPEND = "suspend", _("Suspend")
    STAGE_CLOSE = "stage_close", _("Close for this stage")
    VOID = "void", _("Void")
    SEE_IDENTITY = "see_identity", _("See the citizen's identity")
    SCORE_APPEAL = "score_appeal", _("Appeal against the score")


class RequestState(models.TextChoices):
    """Where a request stands."""

    OPEN = "open", _("Undecided")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ContactResult(models.TextChoices):
    """联系诉求人: what came of it."""

    REACHED = "reached", _("Reached")
    UNREACHABLE = "unreachable", _("Could not be reached")
    REFUSED = "refused", _("Did not want to talk")


class Verdict(models.TextChoices):
    """审核: what the reviewer said."""

    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent_back", _("Sent back")


class SendBackReason(models.TextChoices):
    """不予办结的理由 (domain §4)."""

    NONE = "", "—"
    NOT_HANDLED = "not_handled", _("Not handled")
    NOT_TOLD = "not_told", _("Citizen not told")
    PERFUNCTORY = "perfunctory", _("Perfunctory")
    NO_PHOTOS = "no_photos", _("No comparison photos")
    HAZARD_REMAINS = "hazard_remains", _("Hazard remains")


audit.register(
    {
        "case.dispatched": _("Dispatched"),
        "case.needs_person": _("Sent to the dispatch desk"),
        "case.reconsidered": _("Given to the machine again"),
        "work_order.signed": _("Signed"),
        "work_order.contacted": _("Citizen contacted"),
        "work_order.handed_down": _("Handed down"),
        "work_order.reported": _("Reported done"),
        "work_order.approved": _("Report approved"),
        "work_order.sent_back": _("Report sent back"),
        "work_order.recalled": _("Taken back"),
        "case.closed": _("Closed"),
    }
)
