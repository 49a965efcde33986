"""Words of the duty list."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shenzhen_gov.core import audit


class ManagementType(models.TextChoices):
    """管理类型: whose list an item belongs to."""

    CITY = "A", _("A City item")
    HANDED_DOWN = "B", _("B District item handed down by the city")
    DISTRICT = "C", _("C District's own item")


class DutyLevel(models.TextChoices):
    """事项层级: which level of government a matter belongs to [S]."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    COMMUNITY = "community", _("Community")


class MatterType(models.TextChoices):
    """事项类型 [S]."""

    PATROL = "patrol", _("Patrol")
    LEAD = "lead", _("Lead to follow")
    HANDLING = "handling", pgettext_lazy("type of matter", "Handling")
    ASSISTANCE = "assistance", _("Assistance")
    VERIFICATION = "verification", _("Verification")


class Implementation(models.TextChoices):
    """实施类型 [S]."""

    SINGLE = "single", _("One unit")
    CROSS_UNIT = "cross_unit", _("Several units of one level")
    CROSS_LEVEL = "cross_level", _("Several levels")
    CROSS_AREA = "cross_area", _("Several areas")


class LineKind(models.TextChoices):
    """What a line of a batch does to its item [P]."""

    ADD = "add", pgettext_lazy("duty list", "Add")
    CHANGE = "change", pgettext_lazy("duty list", "Change")
    MERGE = "merge", pgettext_lazy("duty list", "Merge")
    SPLIT = "split", pgettext_lazy("duty list", "Split")
    TRANSFER = "transfer", pgettext_lazy("duty list", "Transfer")
    RETIRE = "retire", pgettext_lazy("duty list", "Retire")


ENDING = (LineKind.MERGE, LineKind.SPLIT, LineKind.RETIRE)  # kinds after which the item is no longer in force


class OpenCasePolicy(models.TextChoices):
    """What happens to the open cases of an item when a line takes effect [P]. No clock is ever reset by it."""

    KEEP = "keep", _("Finish under the old version")
    REDISPATCH = "redispatch", _("Dispatch again")
    RETIME = "retime", _("Apply the new limit")
    ASK = "ask", _("Decide case by case")


class LineSource(models.TextChoices):
    """Where a line came from."""

    FORM = "form", _("Entered by hand")
    EXCEL = "excel", _("Imported from Excel")
    OBJECTION = "objection", _("From an objection")
    RULING = "ruling", _("From a ruling")
    INSTITUTION = "institution", _("From an institutional change")
    ROLLBACK = "rollback", _("Rollback")


class ObjectionStage(models.TextChoices):
    """The five steps of the route of an objection [S]."""

    UNIT = "unit", _("Unit")
    DISTRICT_REVIEW = "district_review", _("District review")
    DISTRICT_MANAGE = "district_manage", _("District duty management")
    CITY_REVIEW = "city_review", _("City review")
    CITY_MANAGE = "city_manage", _("City duty management")


class ObjectionVerdict(models.TextChoices):
    """What was said at a step of the route."""

    RAISED = "raised", pgettext_lazy("objection", "Raised")
    AGREE = "agree", pgettext_lazy("objection", "Agrees")
    DISAGREE = "disagree", pgettext_lazy("objection", "Does not agree")
    RETURN = "return", pgettext_lazy("objection", "Returns it")


class PlanKind(models.TextChoices):
    """机构变更: what is planned for a unit."""

    RENAME = "rename", _("Rename")
    MERGE = "merge", pgettext_lazy("institution", "Merge into another")
    SPLIT = "split", pgettext_lazy("institution", "Split")
    CLOSE = "close", pgettext_lazy("institution", "Close down")


class PlanState(models.TextChoices):
    """Where a planned institutional change stands."""

    PLANNED = "planned", pgettext_lazy("institution", "Planned")
    DONE = "done", pgettext_lazy("institution", "Carried out")
    CANCELLED = "cancelled", pgettext_lazy("institution", "Cancelled")


class LimitUnit(models.TextChoices):
    """Units of a time limit (core/worktime)."""

    WORKDAY = "workday", _("working days")
    DAY = "day", _("calendar days")
    WORKHOUR = "workhour", _("working hours")
    HOUR = "hour", _("hours")
    MINUTE = "minute", _("minutes")


class Source(models.TextChoices):
    """Where a catalogue comes from; everything but OFFICIAL is labelled wherever it is shown."""

    OFFICIAL = "official", _("Official list")
    SAMPLE = "sample", _("Sample")
    LEGACY = "legacy", _("Pingshan 2018 sample")


audit.register(
    {
        "item.created": _("Duty item entered"),
        "item.version_published": _("Version of a duty item published"),
        "item.responsibility_set": _("Responsible unit set"),
        "catalogue.loaded": _("Catalogue loaded"),
        "batch.created": _("Batch opened"),
        "batch.changed": _("Batch changed"),
        "batch.lines_set": _("Lines of a batch entered"),
        "batch.line_removed": _("Line of a batch removed"),
        "batch.submitted": _("Batch submitted"),
        "batch.pre_approved": _("Batch passed the first review"),
        "batch.approved": _("Batch approved"),
        "batch.sent_back": _("Batch sent back"),
        "batch.taken_back": _("Batch taken back"),
        "batch.discarded": _("Batch discarded"),
        "batch.previewed": _("Batch previewed"),
        "batch.published": _("Batch published"),
        "batch.publishing_failed": _("Batch could not be published"),
        "batch.rolled_back": _("Batch rolled back"),
        "item.retired": _("Duty item retired"),
        "item.document_added": _("Document added"),
        "batch.document_added": _("Decision document added"),
        "objection.raised": _("Objection raised"),
        "objection.decided": _("Objection decided at a step"),
        "objection.taken": _("Objection taken into a batch"),
        "objection.document_added": _("Document added to an objection"),
        "unit_plan.created": _("Institutional change planned"),
        "unit_plan.batch_prepared": _("Batch prepared for an institutional change"),
        "unit_plan.cancelled": _("Planned institutional change cancelled"),
        "unit_plan.done": _("Institutional change carried out"),
        "unit_plan.failed": _("Institutional change could not be carried out"),
    }
)
