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
    DECISION = "decision", pgettext_lazy("clock", "Decision on a request")
    ARRIVAL = "arrival", _("Arrival on the spot")
    SUPERVISION = "supervision", pgettext_lazy("clock", "Supervision")
    RULING = "ruling", _("Ruling")
    CALL_BACK = "call_back", pgettext_lazy("clock", "Call-back")
    APPEAL = "appeal", pgettext_lazy("clock", "Score appeal")


class ClockOutcome(models.TextChoices):
    """How a clock ended."""

    RUNNING = "running", _("Running")
    MET = "met", _("In time")
    LATE = "late", _("Late")
    CANCELLED = "cancelled", _("Cancelled")
    REPLACED = "replaced", _("Goes on with another deadline")


class Stage(models.TextChoices):
    """环节: what a unit had a case for."""

    DISPATCH = "dispatch", pgettext_lazy("stage", "Dispatch")
    SIGN = "sign", pgettext_lazy("stage", "Signing")
    HANDLING = "handling", pgettext_lazy("stage", "Handling")
    REVIEW = "review", pgettext_lazy("stage", "Review")
    ON_HOLD = "on_hold", pgettext_lazy("stage", "Suspended or closed for this stage")


class StageEnd(models.TextChoices):
    """How a stage ended."""

    PASSED = "passed", pgettext_lazy("stage", "Passed on")
    SENT_BACK = "sent_back", pgettext_lazy("stage", "Sent back")
    RETURNED = "returned", pgettext_lazy("stage", "Returned")
    TAKEN_BACK = "taken_back", pgettext_lazy("stage", "Taken back")
    ENDED = "ended", pgettext_lazy("stage", "Case ended")


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


UNDO = "undo"  # what the inverse batch of a rollback asks of the cases that the original touched


class FollowState(models.TextChoices):
    """Where the follow-up of an open case stands after a change of the duty list."""

    WAITING = "waiting", pgettext_lazy("follow-up", "Waiting")
    DONE = "done", _("Done")
    SKIPPED = "skipped", pgettext_lazy("follow-up", "Left as it is")
    ASKED = "asked", pgettext_lazy("follow-up", "To be decided")
    UNDONE = "undone", pgettext_lazy("follow-up", "Put back")


class FollowReason(models.TextChoices):
    """Why a follow-up ended as it did."""

    NONE = "", "—"
    KEPT = "kept", _("Finished under the old version")
    SAME_UNIT = "same_unit", _("The responsible unit stays the same")
    NEW_UNIT = "new_unit", _("Dispatched to the unit of the new list")
    TO_DESK = "to_desk", _("A dispatcher decides where it goes")
    RECLASSIFIED = "reclassified", _("Waits for dispatch under the succeeding item")
    IN_QUEUE = "in_queue", _("Waits for dispatch under the list in force")
    RETIMED = "retimed", _("The new limit holds")
    ASKED = "asked", _("A dispatcher was asked")
    REPORTED = "reported", _("The work has already been reported")
    ENDED = "ended", _("The case has ended")
    ON_HOLD = "on_hold", _("The case is suspended or closed for this stage")
    NO_SUCCESSOR = "no_successor", _("The item has no single successor")
    NO_CLOCK = "no_clock", _("No handling deadline is running")
    NO_CALENDAR = "no_calendar", _("The deadline cannot be computed")
    ROLLED_BACK = "rolled_back", _("The batch was rolled back first")
    PUT_BACK = "put_back", _("Back where it was")
    WORKED_ON = "worked_on", _("Somebody has worked on it since")
    UNIT_CLOSED = "unit_closed", _("The former unit is closed")


class ReplayState(models.TextChoices):
    """Where a replay of past cases stands."""

    ASKED = "asked", pgettext_lazy("replay", "Asked for")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ExchangeRole(models.TextChoices):
    """What this platform is in a case of the district exchange."""

    OWNER = "owner", _("Owner: handed it over")
    HANDLER = "handler", _("Handler: took it on")


class ExchangeDirection(models.TextChoices):
    """Which way a message went."""

    OUT = "out", _("Sent")
    IN = "in", _("Received")


class ExchangeKind(models.TextChoices):
    """What a message of the exchange says (dispatch/exchange/messages.py)."""

    REPORT = "report", pgettext_lazy("message", "Case handed over")
    SIGN = "sign", _("Signed")
    NOTIFY = "notify", _("Citizen contacted")
    RETURN = "return", _("Return")
    EXTEND = "extend", _("Extend")
    DECIDE = "decide", pgettext_lazy("message", "Decision")
    DONE = "done", _("Reported done")
    REVIEW = "review", pgettext_lazy("message", "Review")
    CLOSE = "close", _("Closed")
    EVALUATE = "evaluate", _("Evaluated")
    URGE = "urge", _("Urged")
    SUPERVISE = "supervise", _("Put under supervision")
    VOID = "void", _("Void")


class ExchangeState(models.TextChoices):
    """Where a message of the exchange stands."""

    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    DONE = "done", pgettext_lazy("message", "Arrived")
    REFUSED = "refused", pgettext_lazy("message", "Refused")
    STUCK = "stuck", pgettext_lazy("message", "Stuck")
    DROPPED = "dropped", pgettext_lazy("message", "Given up")


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
        "work_order.rehomed": _("Taken over by the successor of a closed unit"),
        "case.version_changed": _("Goes on under another version of the duty list"),
        "case.retimed": _("New limit of the duty list applied"),
        "case.list_asked": _("To be decided after a change of the duty list"),
        "case.list_kept": _("Goes on under the old version of the duty list"),
        "batch.replay_asked": _("Replay of past cases asked for"),
        "batch.followed": _("Open cases of a batch followed up"),
        "case.closed": _("Closed"),
        "case.redone": _("To be done again"),
        "request.asked": _("Request made"),
        "exchange.reported": _("Reported by another platform"),
        "exchange.handed_over": _("Handed to another platform"),
        "case.urged": _("Urged"),
        "case.supervised": _("Put under supervision"),
        "exchange.approved": _("Approved by the other platform"),
        "exchange.closed": _("Closed by the other platform"),
        "exchange.urged": _("Urged by the other platform"),
        "exchange.supervised": _("Put under supervision by the other platform"),
        "exchange.agreed": _("The other platform agreed"),
        "exchange.declined": _("The other platform did not agree"),
        "exchange.identity_sent": _("Caller named to another platform"),
        "exchange.retried": _("Message sent again"),
        "peer.retried": _("Stuck messages sent again"),
        "exchange.dropped": _("Message given up"),
        "peer.changed": _("Platform of the exchange changed"),
        "peer.secret_made": _("Key of a platform made"),
    }
)
