"""Deadlines, warnings, supervision."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
