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
    INTERIM = "interim", _("Interim, until the ruling")
    RULING = "ruling", _("By ruling")


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
    REDO = "redo", _("To be done again; its unit has changed")
    RETURNED = "returned", _("Returned by its unit")
    MINOR = "minor", _("Concerns a minor")
    CROSS_DISTRICT = "cross_district", _("Concerns several districts")
    RULE = "rule", _("A dispatch rule asks for a person")
    RULE_FAILED = "rule_failed", _("A dispatch rule failed")
    NOT_EARNED = "not_earned", _("The machine has not earned it here")
    SHUT = "shut", _("Shut by the gate")
    AUDIT_SAMPLE = "audit_sample", _("Audit sample")
    SWITCHED_OFF = "switched_off", _("Automatic dispatch is switched off")


class ItemBasis(models.TextChoices):
    """Who named the duty item of a case."""

    CHOSEN = "chosen", pgettext_lazy("item", "Chosen")
    SUGGESTED = "suggested", pgettext_lazy("item", "Suggested by the machine")


class CellState(models.TextChoices):
    """What a cell of the gate allows."""

    EARNING = "earning", pgettext_lazy("gate", "Not earned yet")
    ON = "on", pgettext_lazy("gate", "Automatic")
    SHUT = "shut", pgettext_lazy("gate", "Shut")


class ShutReason(models.TextChoices):
    """Why a cell of the gate does not let cases through any more."""

    NONE = "", "—"
    PRECISION = "precision", _("Too many were wrong")
    RETURN = "return", _("A case was returned")
    VERSION = "version", _("Another version of the duty item")
    UNIT = "unit", _("Another responsible unit")


class Evidence(models.TextChoices):
    """By whom it is known whether the machine was right. What nobody looked at is no evidence."""

    CONFIRMED = "confirmed", pgettext_lazy("evidence", "Dispatcher")
    AUDITED = "audited", _("Audit sample")
    AGENT = "agent", pgettext_lazy("evidence", "Agent at registration")
    RETURNED = "returned", pgettext_lazy("evidence", "Returned")


class WorkRole(models.TextChoices):
    """主办, 协办, 发令."""

    LEAD = "lead", _("Lead")
    CO = "co", _("Co-handler")
    ORDER = "order", _("Order to the spot")


class ClockKind(models.TextChoices):
    """时限: which deadline. Those after the appeal are limits that other steps are checked against."""

    ACCEPT = "accept", pgettext_lazy("clock", "Acceptance")
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
    HOLD = "hold", pgettext_lazy("clock", "Goes on again")
    CLOSURE_CHECK = "closure_check", pgettext_lazy("clock", "Check of a closing")
    ASK_RETURN = "ask_return", _("Asking to return")
    EXTENSION = "extension", _("Longest extension")
    COMPLEX = "complex", _("Complex matters, on approval")
    ASK_APPEAL = "ask_appeal", _("Filing a score appeal")
    CONFERENCE = "conference", _("Hard-case conference")
    EVALUATION = "evaluation", _("Evaluation window")


class ClockOutcome(models.TextChoices):
    """How a clock ended."""

    RUNNING = "running", _("Running")
    MET = "met", _("In time")
    LATE = "late", _("Late")
    CANCELLED = "cancelled", _("Cancelled")
    REPLACED = "replaced", _("Goes on with another deadline")
    PAUSED = "paused", _("Paused")


class ClockStage(models.TextChoices):
    """黄色预警, 红色预警: how far a clock is."""

    YELLOW = "yellow", pgettext_lazy("clock", "Yellow warning")
    RED = "red", pgettext_lazy("clock", "Red warning")


class EscalateTo(models.TextChoices):
    """Who hears of a clock that is nearly or quite over."""

    HOLDER = "holder", _("The unit that has it")
    ABOVE = "above", _("The unit above")
    SUPERVISOR = "supervisor", _("Supervisors")
    LEADER = "leader", _("Leaders")


class EscalateWhat(models.TextChoices):
    """What is done about a clock that is nearly or quite over."""

    MESSAGE = "message", pgettext_lazy("escalation", "Message")
    NOTICE = "notice", _("Urge notice")
    CIRCULAR = "circular", pgettext_lazy("escalation", "Circular")


class UrgeKind(models.TextChoices):
    """催办: by a person, or the notice that the rules ask for."""

    URGE = "urge", pgettext_lazy("supervision", "Urge")
    NOTICE = "notice", _("Urge notice")


class SupervisionReason(models.TextChoices):
    """Why a case is supervised."""

    CHOSEN = "chosen", _("Chosen by a supervisor")
    OVERDUE = "overdue", _("Long overdue")
    DISSATISFIED = "dissatisfied", _("Dissatisfied twice")
    INSTRUCTION = "instruction", _("Instruction of a leader")
    EXCHANGE = "exchange", _("Asked by another platform")
    OTHER = "other", pgettext_lazy("supervision", "Another reason")


class CircularReason(models.TextChoices):
    """Why a case stands in a circular."""

    OVERDUE = "overdue", _("Long overdue")
    DISSATISFIED = "dissatisfied", _("Dissatisfied twice")
    CHOSEN = "chosen", _("Chosen by a supervisor")


class CircularState(models.TextChoices):
    """Where a circular stands."""

    DRAFT = "draft", pgettext_lazy("circular", "Draft")
    PUBLISHED = "published", pgettext_lazy("circular", "Published")


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
    OVERTAKEN = "overtaken", _("Overtaken by events")


class DocketOrigin(models.TextChoices):
    """Why a docket was opened."""

    RETURNS = "returns", _("Returned twice")
    HOPS = "hops", _("Sent to too many units")
    DISPATCHER = "dispatcher", _("Asked for by a dispatcher")


class RulingPrinciple(models.TextChoices):
    """裁决原则 (F seeds 快处快裁, W3)."""

    CITIZEN = "citizen", _("What serves the request best")
    LICENCE = "licence", _("Who licenses supervises")
    CHARGE = "charge", _("Who is in charge answers")


class ContactResult(models.TextChoices):
    """联系诉求人: what came of it."""

    REACHED = "reached", _("Reached")
    UNREACHABLE = "unreachable", _("Could not be reached")
    REFUSED = "refused", _("Did not want to talk")


class Verdict(models.TextChoices):
    """审核: what the reviewer said."""

    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent_back", _("Sent back")


class RoundJudge(models.TextChoices):
    """Who said whether a round was good."""

    NONE = "", "—"
    EVALUATION = "evaluation", _("Evaluation")
    CALL_BACK = "call_back", _("Call-back")
    CHECK = "check", _("Check of the closing")
    SUPERVISOR = "supervisor", _("Supervisor")


class CallBackReason(models.TextChoices):
    """Why a citizen is called after the end of a case."""

    WANTED = "wanted", _("Wants a call")
    SAMPLE = "sample", pgettext_lazy("call-back", "Drawn as a sample")
    UNRATED = "unrated", _("Not evaluated")


class CallResult(models.TextChoices):
    """What came of one call."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    REFUSED = "refused", _("Did not want to talk")


class DoubtKind(models.TextChoices):
    """Why a closing is doubted."""

    SAME_MATTER = "same_matter", _("The same matter was reported again at the same place")
    NOT_SOLVED = "not_solved", _("The citizen said on the phone that it is not solved")
    TEMPLATE = "template", _("The report reads like many others of the unit")


class SendBackReason(models.TextChoices):
    """不予办结的理由 (domain §4)."""

    NONE = "", "—"
    NOT_HANDLED = "not_handled", _("Not handled")
    NOT_TOLD = "not_told", _("Citizen not told")
    PERFUNCTORY = "perfunctory", _("Perfunctory")
    NO_PHOTOS = "no_photos", _("No comparison photos")
    HAZARD_REMAINS = "hazard_remains", _("Hazard remains")


class ClosingEvidence(models.TextChoices):
    """What a report must hold for a closing criterion."""

    NONE = "", _("Nothing: the reviewer checks it")
    TOLD = "told", _("How the citizen was told")
    COURSE = "course", _("When it was dealt with, how, and the result")
    ADOPTION = "adoption", _("Whether the suggestion is adopted, and why")
    PHOTOS = "photos", _("Photos from before and after")


class Adoption(models.TextChoices):
    """What became of a suggestion."""

    NONE = "", "—"
    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Partly adopted")
    NOT = "not", _("Not adopted")


class ToldOf(models.TextChoices):
    """受理告知, 办理告知: what the citizen was told of."""

    ACCEPTED = "accepted", _("Taken on")
    RESULT = "result", pgettext_lazy("telling", "Result")


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


class RuleProblem(models.TextChoices):
    """Why a dispatch rule failed at run time."""

    BROKEN = "broken", _("The condition cannot be read")
    CALENDAR = "calendar", _("The calendar of the year is missing")
    UNIT_CLOSED = "unit_closed", _("The unit it names is closed or unknown")
    ITEM_ENDED = "item_ended", _("The duty item it names is not in force")
    FAILED = "failed", _("It failed with an error")


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
        "gate.switched_on": _("Automatic dispatch switched on"),
        "gate.switched_off": _("Automatic dispatch switched off"),
        "case.reconsidered": _("Given to the machine again"),
        "case.claim_taken_over": _("Taken over from another dispatcher"),
        "work_order.signed": _("Signed"),
        "work_order.contacted": _("Citizen contacted"),
        "work_order.handed_down": _("Handed down"),
        "work_order.reported": _("Reported done"),
        "work_order.told": _("Citizen told"),
        "work_order.co_added": _("Co-handler added"),
        "work_order.spot_ordered": _("Departments ordered to the spot"),
        "work_order.arrived": _("Arrived on the spot"),
        "work_order.part_accepted": _("Part accepted"),
        "work_order.part_refused": _("Part not accepted"),
        "work_order.part_taken_back": _("Co-task taken back"),
        "work_order.spot_closed": _("Order to the spot closed"),
        "work_order.entry_refused": _("Refused: not in the community's own list"),
        "closing_criterion.changed": _("Closing criterion changed"),
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
        "case.not_redone": _("Not satisfied, and not done again by itself"),
        "case.archived": _("Archived"),
        "case.annotated": _("Annotated"),
        "call_back.tried": _("Called back, not reached"),
        "call_back.reached": _("Called back"),
        "call_back.declined": _("Called back, did not want to talk"),
        "call_back.given_up": _("Called back in vain"),
        "closure.doubted": _("Closing to be checked"),
        "closure.confirmed": _("Found falsely closed"),
        "closure.dismissed": _("Found rightly closed"),
        "request.asked": _("Request made"),
        "request.agreed": _("Request agreed to"),
        "request.refused": _("Request refused"),
        "request.withdrawn": _("Request withdrawn"),
        "request.overtaken": _("Request overtaken by events"),
        "request_reason.changed": _("Reason for requests changed"),
        "work_order.returned": _("Returned to the level above"),
        "case.returned": _("Returned to the dispatch desk"),
        "case.suspended": _("Suspended"),
        "case.stage_closed": _("Closed for this stage"),
        "case.woken": _("Goes on again"),
        "case.voided": _("Voided"),
        "case.score_appealed": _("Appeal against the score"),
        "case.appeal_ruled": _("Appeal against the score decided"),
        "docket.opened": _("Docket opened"),
        "docket.argued": _("Argument given"),
        "docket.conference": _("Hard-case conference called"),
        "docket.ruled": _("Ruled"),
        "docket.withdrawn": _("Docket withdrawn"),
        "rule.drafted": _("Dispatch rule drafted"),
        "rule.edited": _("Dispatch rule edited"),
        "rule.submit": _("Dispatch rule submitted"),
        "rule.take_back": _("Dispatch rule taken back"),
        "rule.send_back": _("Dispatch rule sent back"),
        "rule.publish": _("Dispatch rule published"),
        "rule.replace": _("Dispatch rule replaced by a newer version"),
        "rule.withdraw": _("Dispatch rule taken out of use"),
        "rule.discard": _("Draft of a dispatch rule discarded"),
        "rule.replay_asked": _("Replay of a dispatch rule asked for"),
        "rule.failed": _("Dispatch rule failed"),
        "rule.alarm_cleared": _("Alarm of a dispatch rule done with"),
        "exchange.reported": _("Reported by another platform"),
        "exchange.handed_over": _("Handed to another platform"),
        "case.urged": _("Urged"),
        "case.supervised": _("Put under supervision"),
        "clock_rule.added": _("Time limit entered"),
        "escalation_rule.saved": _("Escalation rule saved"),
        "case.supervision_confirmed": _("Supervision confirmed"),
        "case.supervision_ended": _("Supervision ended"),
        "case.instructed": _("Instruction given"),
        "case.instruction_answered": _("Instruction answered"),
        "case.circulated": _("Put into a circular"),
        "circular.opened": _("Circular opened"),
        "circular.changed": _("Circular changed"),
        "circular.published": _("Circular published"),
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
