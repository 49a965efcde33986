"""How a unit was chosen: decisions, the gate, rules."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DecisionMode(models.TextChoices):
    """分拨方式: how a unit was chosen."""

    AUTOMATIC = "automatic", _("Automatic")
    RECOMMENDED = "recommended", _("Recommended and confirmed")
    MANUAL = "manual", _("By a person")
    IMPORTED = "imported", _("Imported")
    INTERIM = "interim", _("Interim, until the ruling")
    RULING = "ruling", _("By ruling")
    ON_SPOT = "on_spot", _("Found and solved on the spot")


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


class RuleProblem(models.TextChoices):
    """Why a dispatch rule failed at run time."""

    BROKEN = "broken", _("The condition cannot be read")
    CALENDAR = "calendar", _("The calendar of the year is missing")
    UNIT_CLOSED = "unit_closed", _("The unit it names is closed or unknown")
    ITEM_ENDED = "item_ended", _("The duty item it names is not in force")
    FAILED = "failed", _("It failed with an error")
