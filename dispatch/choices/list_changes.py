"""What a change of the duty list asks of open cases, and replays."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
