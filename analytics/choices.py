"""Words of analytics."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.choices import Act
from shenzhen_gov.core import audit

READERS = (Act.ENTER_DUTY.value, Act.REVIEW_DUTY.value, Act.MANAGE_DUTY.value)  # of the quality radar
# Of the figures of areas: who plans, supervises or leads there.
LEVEL_READERS = (
    Act.VIEW_FIGURES.value,
    Act.MANAGE_GRID.value,
    Act.SUPERVISE_CASE.value,
    Act.INSTRUCT_CASE.value,
)
# Of the assessment: who is measured by it, who keeps it, who leads.
LEDGER_READERS = (
    Act.KEEP_ASSESSMENT.value,
    Act.VIEW_FIGURES.value,
    Act.SUPERVISE_CASE.value,
    Act.INSTRUCT_CASE.value,
    Act.HANDLE_CASE.value,
    Act.REVIEW_CASE.value,
)
WARNING_READERS = (Act.VIEW_FIGURES.value, Act.JUDGE_WARNING.value)  # of early warnings
ENTERERS = (Act.ENTER_DUTY.value, Act.MANAGE_DUTY.value)  # who may draft a line about a finding


class Dimension(models.IntegerChoices):
    """What figures are told apart by; what `scope` and `key` of a row are follows from it.

    AREA: scope an area, from the city to a community. UNIT: scope a unit, itself without those below. ITEM: scope the
    city (by day and month) or a district (by month), key a duty item. CHANNEL: scope city or district, key a channel.
    """

    AREA = 1, _("Area")
    UNIT = 2, _("Unit")
    ITEM = 3, _("Duty item")
    CHANNEL = 4, _("Channel")


class IndicatorGroup(models.TextChoices):
    """收集—分拨—办理—监督—评价: what of the work an indicator is about."""

    COLLECT = "collect", pgettext_lazy("indicator", "Collecting")
    DISPATCH = "dispatch", pgettext_lazy("indicator", "Dispatching")
    HANDLE = "handle", pgettext_lazy("indicator", "Handling")
    SUPERVISE = "supervise", pgettext_lazy("indicator", "Supervising")
    EVALUATE = "evaluate", pgettext_lazy("indicator", "Evaluating")


class Measure(models.TextChoices):
    """What an indicator is told in."""

    COUNT = "count", pgettext_lazy("measure", "count")
    PERCENT = "percent", "%"
    HOURS = "hours", pgettext_lazy("measure", "hours")
    TIMES = "times", pgettext_lazy("measure", "times")


class Better(models.TextChoices):
    """Which way an indicator is good."""

    HIGHER = "higher", _("Higher")
    LOWER = "lower", _("Lower")
    NONE = "none", pgettext_lazy("indicator", "Neither")


class TableRows(models.TextChoices):
    """What the rows of an ad-hoc table are."""

    BELOW = "below", _("Areas one level below")
    COMMUNITIES = "communities", _("Communities")
    UNITS = "units", _("Units of a kind")
    ITEMS = "items", _("Duty items")
    CHANNELS = "channels", _("Channels")
    MONTHS = "months", _("Months")
    WEEKS = "weeks", _("Weeks")
    DAYS = "days", _("Days")


class TableColumns(models.TextChoices):
    """What the columns of an ad-hoc table are, for each indicator."""

    SUM = "sum", _("Only the whole time")
    MONTHS = "months", _("Months")
    WEEKS = "weeks", _("Weeks")
    DAYS = "days", _("Days")


class RadarKind(models.TextChoices):
    """What the quality radar finds in the duty list [P]; the weight of each is a parameter."""

    GAP = "gap", _("No responsible unit")
    RETURNS = "returns", _("Often returned or disputed")
    OVERLAP = "overlap", _("Same words, other unit")
    CATCH_ALL = "catch_all", _("“Other” takes many cases")
    INCOMPLETE = "incomplete", _("Criteria or limit missing")
    EXAMPLES = "examples", _("Too few examples")
    LEGAL = "legal", _("Legal basis missing or old")
    UNUSED = "unused", pgettext_lazy("duty item", "Not used")


class FindingState(models.TextChoices):
    """Where a finding stands. What is no longer found is gone; what was set aside comes back when it grows worse."""

    OPEN = "open", pgettext_lazy("finding", "Open")
    DISMISSED = "dismissed", pgettext_lazy("finding", "Set aside")
    GONE = "gone", pgettext_lazy("finding", "No longer found")


class ReportKind(models.TextChoices):
    """日报, 周报, 月报: the time a report is about."""

    DAILY = "daily", pgettext_lazy("report", "Daily brief")
    WEEKLY = "weekly", pgettext_lazy("report", "Weekly report")
    MONTHLY = "monthly", pgettext_lazy("report", "Monthly report")


class ThemeTarget(models.TextChoices):
    """What a special theme is to reach."""

    FEWER = "fewer", _("Fewer cases of its items")
    INDICATOR = "indicator", _("An indicator of its area")


class LedgerSide(models.TextChoices):
    """How a case counts for a rate."""

    ALL = "all", pgettext_lazy("ledger", "All")
    AGAINST = "against", pgettext_lazy("ledger", "Against")
    FOR = "for", pgettext_lazy("ledger", "For")
    OUT = "out", pgettext_lazy("ledger", "Left out")


class PlaceKind(models.TextChoices):
    """What an assessment scheme ranks."""

    AREA = "area", pgettext_lazy("assessment", "Areas")
    UNIT = "unit", pgettext_lazy("assessment", "Units")


class WarningKind(models.TextChoices):
    """What the detectors of early warnings look for (治未病) [P]; figures of each are parameters."""

    BURST = "burst", pgettext_lazy("early warning", "Burst")
    CLUSTER = "cluster", pgettext_lazy("early warning", "Same matter, many citizens")
    RISK = "risk", pgettext_lazy("early warning", "Risk words")
    PLACE = "place", pgettext_lazy("early warning", "Repeat place")
    CLOSURE = "closure", pgettext_lazy("early warning", "False closures")


audit.register(
    {
        "assessment.corrected": _("Correction of a frozen month"),
        "assessment.freeze_asked": _("Freezing of a month of the assessment asked for"),
        "assessment.moved": _("Month of the assessment moved on"),
        "assessment.scheme_added": _("Assessment scheme entered"),
        "exclusion.asked": _("Exclusion from the assessment asked for"),
        "exclusion.decided": _("Exclusion from the assessment decided"),
        "exclusion.withdrawn": _("Request for an exclusion withdrawn"),
        "exclusion_ground.changed": _("Ground for exclusions changed"),
        "feed_key.created": _("Key to figures created"),
        "feed_key.revoked": _("Key to figures revoked"),
        "figures.rebuild_asked": _("Rebuilding of the figures asked for"),
        "indicator.changed": _("Indicator changed"),
        "indicator.version_published": _("Version of an indicator published"),
        "open_data.released": _("Open data released"),
        "radar.asked": _("Look through the duty list asked for"),
        "radar.dismissed": _("Finding of the quality radar set aside"),
        "radar.reopened": _("Finding of the quality radar taken up again"),
        "report.made": _("Report of figures made"),
        "report.subscribed": _("Report subscribed to"),
        "report.unsubscribed": _("Report no longer subscribed to"),
        "table.kept": _("Table of figures kept"),
        "table.removed": _("Kept table of figures removed"),
        "theme.batch_linked": _("Batch of the duty list linked to a special theme"),
        "theme.head_changed": _("Head of a special theme changed"),
        "theme.case_linked": _("Case linked to a special theme"),
        "theme.case_unlinked": _("Case no longer linked to a special theme"),
        "theme.moved": _("Special theme moved on"),
        "theme.planned": _("Step of a special theme planned"),
        "theme.opened": _("Special theme proposed"),
        "theme.review_asked": _("Review of a special theme asked for"),
        "theme.reviewed": _("Review of a special theme written"),
        "theme.step_done": _("Step of a special theme done"),
        "warning.accepted": _("Early warning found true"),
        "warning.acted": _("Action on an early warning"),
        "warning.assigned": _("Owner of an early warning named"),
        "warning.closed": _("Early warning closed"),
        "warning.found": _("Early warning found"),
        "warning.rejected": _("Early warning found to be a false alarm"),
        "warning.reopened": _("Early warning to be judged again"),
        "warning.taken_on": _("Early warning taken on"),
    }
)
