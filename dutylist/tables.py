"""Columns of the duty list."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.templatetags.shell import chip, sample_chip
from shenzhen_gov.core.texts import joined

from .choices import LineKind
from .models import Batch, Item, ItemVersion
from .selectors import ChangeKind, Part, describe_duties
from .wording import EMPTY, limit_words

STATE_TONES = {
    "draft": ("", None),
    "pre_review": ("acc", None),
    "review": ("acc", None),
    "scheduled": ("warn", "s-clock"),
    "published": ("ok", None),
    "rolled_back": ("info", None),
    "discarded": ("", "s-no"),
}
KIND_TONES = {
    "add": ("ok", "s-plus"),
    "change": ("acc", "s-change"),
    "merge": ("info", "s-merge"),
    "split": ("info", "s-split"),
    "transfer": ("warn", "s-move"),
    "retire": ("", "s-no"),
}
CHANGE_TONES = {
    ChangeKind.ADDED: ("ok", "s-plus"),
    ChangeKind.CHANGED: ("acc", "s-change"),
    ChangeKind.REOWNED: ("warn", "s-move"),
    ChangeKind.ENDED: ("", "s-no"),
}
FLAGS = (
    ("is_key", _("Key item")),
    ("is_component", _("Photos needed")),
    ("is_secret", _("Secret")),
    ("hand_down", _("Handed down to subdistricts")),
)


class DutyTable(tables.Table):
    """The items in force, two lines a row. `day` is the query that keeps the day in links."""

    code = tables.Column(_("Code"), accessor="item__code")
    name = tables.Column(_("Duty item"))
    path = tables.Column(_("Path"), accessor="path_text", visible=False)
    criteria = tables.Column(_("Acceptance criteria"))
    limit = tables.Column(_("Limit"), accessor="limit_normal", empty_values=())
    flags = tables.Column(_("Marks"), empty_values=())
    list = tables.Column(_("List of"), accessor="item__owner_area")
    version = tables.Column(_("Version"), accessor="number")
    effective_from = tables.Column(_("In force from"), visible=False)
    source = tables.Column(_("Source"), accessor="get_source_display", visible=False)

    class Meta:
        model = ItemVersion
        fields = ()

    def __init__(self, *args, day: str = "", **kwargs):
        """Take the day along."""
        super().__init__(*args, **kwargs)
        self.day = day

    def render_name(self, record):
        """Lead to the item; the path stands below, the sample label beside."""
        return _item_cell(record, self.day)

    def value_name(self, value):
        """Give the name alone."""
        return value

    def render_criteria(self, value):
        """Cut long criteria on the page."""
        return format_html('<span class="sm two-lines" title="{}">{}</span>', value, value)

    def value_criteria(self, value):
        """Give the whole text."""
        return value

    def render_limit(self, record):
        """Show the limit with its unit."""
        return format_html('<span class="nw">{}</span>', limit_words(record) or EMPTY)

    def value_limit(self, record):
        """Give the limit with its unit."""
        return limit_words(record)

    def render_flags(self, record):
        """Show what is special about the item."""
        marks = [label for name, label in FLAGS if getattr(record, name)]
        return format_html_join(" ", "{}", ((chip(str(label), "plain"),) for label in marks))

    def value_flags(self, record):
        """Give the marks as words."""
        return joined(str(label) for name, label in FLAGS if getattr(record, name))

    def render_list(self, record):
        """Show whose list the item is on; an overlay says what it narrows."""
        if record.item.narrows is None:
            return str(record.item.owner_area)
        said = _("narrows %(code)s") % {"code": record.item.narrows.code}
        return format_html('{}<div class="l2 nw">{}</div>', record.item.owner_area, said)

    def value_list(self, record):
        """Give the area."""
        return str(record.item.owner_area)

    def render_version(self, record):
        """Show the number and since when."""
        return format_html('{}<div class="l2 nw">{}</div>', record.number, record.effective_from)

    def value_version(self, value):
        """Give the number."""
        return value


class CompareTable(tables.Table):
    """Items that read differently on two days. `changes`: item id → selectors.ItemChange."""

    code = tables.Column(_("Code"))
    name = tables.Column(_("Duty item"), empty_values=())
    kinds = tables.Column(_("What happened"), empty_values=())
    fields = tables.Column(_("Fields that differ"), empty_values=())
    before = tables.Column(_("Version before"), empty_values=())
    after = tables.Column(_("Version after"), empty_values=())
    batch = tables.Column(_("Batch"), empty_values=())
    list = tables.Column(_("List of"), accessor="owner_area")

    class Meta:
        model = Item
        fields = ()

    def __init__(self, *args, changes: dict, days: tuple, **kwargs):
        """Take what happened and the two days along."""
        super().__init__(*args, **kwargs)
        self.changes, self.days = changes, days

    def render_name(self, record):
        """Lead to the item with the two versions side by side; a former name stands below."""
        change = self.changes[record.pk]
        versions = change.before, change.last
        numbers = f"&before={versions[0].number}&after={versions[1].number}" if all(versions) else ""
        address = f"{reverse('dutylist:item', args=[record.code])}?on={self.days[1]}{numbers}#h-versions"
        renamed = change.before and change.before.name != change.shown.name
        below = _("formerly %(name)s") % {"name": change.before.name} if renamed else _above(change.shown)
        return format_html('<a href="{}">{}</a><div class="l2">{}</div>', address, change.shown.name, below)

    def value_name(self, record):
        """Give the name alone."""
        return self.changes[record.pk].shown.name

    def render_kinds(self, record):
        """Show what happened as chips."""
        kinds = self.changes[record.pk].kinds
        return format_html_join(" ", "{}", ((chip(str(kind.label), *CHANGE_TONES[kind]),) for kind in kinds))

    def value_kinds(self, record):
        """Give what happened as words."""
        return joined(str(kind.label) for kind in self.changes[record.pk].kinds)

    def render_fields(self, record):
        """Name the fields that differ."""
        return joined(str(change.label) for change in self.changes[record.pk].changes)

    def render_before(self, record):
        """Show the version on the earlier day."""
        return _version_cell(self.changes[record.pk].before)

    def value_before(self, record):
        """Give its number."""
        return getattr(self.changes[record.pk].before, "number", None)

    def render_after(self, record):
        """Show the version on the later day; the one that ended the item, where it ended."""
        return _version_cell(self.changes[record.pk].last)

    def value_after(self, record):
        """Give its number."""
        return self.changes[record.pk].last.number

    def render_batch(self, record):
        """Name the batch that made the later version."""
        return format_html('<span class="nw">{}</span>', self.value_batch(record) or EMPTY)

    def value_batch(self, record):
        """Give the number of the batch."""
        return str(self.changes[record.pk].last.batch or "")


class UnitDutyTable(tables.Table):
    """Items that name a unit, with the areas in which it leads, co-handles or stands in."""

    code = tables.Column(_("Code"), accessor="item__code")
    name = tables.Column(_("Duty item"))
    path = tables.Column(_("Path"), accessor="path_text", visible=False)
    lead = tables.Column(Part.LEAD.label, empty_values=())
    co = tables.Column(Part.CO.label, empty_values=())
    fallback = tables.Column(Part.FALLBACK.label, empty_values=())
    limit = tables.Column(_("Limit"), accessor="limit_normal", empty_values=())
    list = tables.Column(_("List of"), accessor="item__owner_area")

    class Meta:
        model = ItemVersion
        fields = ()

    def __init__(self, rows, *args, unit, user, day: str = "", **kwargs):
        """Read what the unit does for these rows."""
        super().__init__(rows, *args, **kwargs)
        self.day, self.duties = day, describe_duties(unit, rows, user)

    def render_name(self, record):
        """Lead to the item; the path stands below."""
        return _item_cell(record, self.day)

    def value_name(self, value):
        """Give the name alone."""
        return value

    def render_lead(self, record):
        """Name the areas in which the unit leads."""
        return self.duties[record.pk].words(Part.LEAD)

    def render_co(self, record):
        """Name the areas in which the unit co-handles."""
        return self.duties[record.pk].words(Part.CO)

    def render_fallback(self, record):
        """Name the areas in which the unit is the fallback."""
        return self.duties[record.pk].words(Part.FALLBACK)

    def render_limit(self, record):
        """Show the limit with its unit."""
        return format_html('<span class="nw">{}</span>', limit_words(record) or EMPTY)

    def value_limit(self, record):
        """Give the limit with its unit."""
        return limit_words(record)


class BatchTable(tables.Table):
    """The ledger of batches, two lines a row."""

    number = tables.Column(_("Batch"))
    title = tables.Column(_("Title"))
    state = tables.Column(_("State"), accessor="get_state_display")
    lines = tables.Column(_("Lines"), accessor="by_kind", empty_values=())
    effective_on = tables.DateColumn(verbose_name=_("In force from"), format="Y-m-d", default="—")
    proposer = tables.Column(_("Proposed by"), accessor="proposing_unit", empty_values=())
    published = tables.DateTimeColumn(
        verbose_name=_("Published"), accessor="published_at", format="Y-m-d H:i", default="—"
    )

    class Meta:
        model = Batch
        fields = ()

    def render_number(self, record):
        """Lead to the batch; whose list it changes stands below."""
        address = reverse("dutylist:batch", args=[record.number])
        return format_html(
            '<a href="{}" class="nw">{}</a><div class="l2">{}</div>', address, record.number, record.owner_area
        )

    def value_number(self, value):
        """Give the number alone."""
        return value

    def render_title(self, record):
        """Show the title above the reason."""
        return format_html('{}<div class="l2 two-lines">{}</div>', record.title, record.reason)

    def value_title(self, value):
        """Give the title alone."""
        return value

    def render_state(self, record):
        """Show the state as shape, word and colour."""
        tone, shape = STATE_TONES[record.state]
        return chip(record.get_state_display(), tone, shape)

    def value_state(self, value):
        """Give the word."""
        return value

    def render_lines(self, record):
        """Show how many lines, and of which kinds."""
        counts = [(LineKind(one["kind"]).label, one["lines"]) for one in _in_order(record.by_kind)]
        words = format_html_join(" · ", "{} {}", counts)
        return format_html('<b>{}</b><div class="l2">{}</div>', sum(count for _label, count in counts), words)

    def value_lines(self, record):
        """Give the counts as words."""
        return joined(f"{LineKind(one['kind']).label} {one['lines']}" for one in _in_order(record.by_kind))

    def render_proposer(self, record):
        """Show the unit, and below who opened the batch."""
        opened = record.created_by.get_full_name() if record.created_by else ""
        return format_html('{}<div class="l2">{}</div>', record.proposing_unit or EMPTY, opened)

    def value_proposer(self, record):
        """Give the unit."""
        return str(record.proposing_unit or "")


def _in_order(by_kind: list[dict]) -> list[dict]:
    return sorted(by_kind, key=lambda one: LineKind.values.index(one["kind"]))


def _item_cell(record, day: str):
    """Return the name of an item as a link, its path below and the sample label beside."""
    label = sample_chip() if record.is_sample else ""
    address = reverse("dutylist:item", args=[record.item.code]) + day
    return format_html('<a href="{}">{}</a> {}<div class="l2">{}</div>', address, record.name, label, _above(record))


def _above(version) -> str:
    """Return the path down to the item, without its name."""
    return version.path_text.removesuffix(f" / {version.name}")


def _version_cell(version):
    """Return the number of a version and since when it holds."""
    if version is None:
        return EMPTY
    return format_html('{}<div class="l2 nw">{}</div>', version.number, version.effective_from)
