"""Columns of the lists of dispatch. What a page shows in two lines is in columns of its own in the export."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dispatch.choices import CellState, ExchangeKind, ExchangeState
from dispatch.models import Circular, ExchangeMessage, GateCell, WorkOrder
from intake.models import Case
from shenzhen_gov.core.templatetags.shell import chip, clock, moment

TWO_LINES = '<div class="el">{}</div><div class="l2 el">{}</div>'
CUT = {"td": {"class": "cut"}}


class ExportedColumn(tables.Column):
    """A column of the export only: on the page it is the second line of another."""

    def __init__(self, *args, **given):
        super().__init__(*args, visible=False, **given)


class MomentColumn(tables.Column):
    """A moment: short on the page, as it is in the export."""

    def render(self, value):
        """Show it the short way."""
        return moment(value)

    def value(self, value):
        """Give the moment itself."""
        return value


class WorkOrderTable(tables.Table):
    """The export of a desk: one line a work order, the clock in words and in figures."""

    number = tables.Column(_("Number"), accessor="number", orderable=False)
    state = tables.Column(_("State"), accessor="get_state_display")
    next_clock = tables.Column(_("Clock"), default="")
    next_due_at = MomentColumn(_("Due"), default=None)
    title = tables.Column(_("Title"), accessor="case__title")
    address = tables.Column(_("Address"), accessor="case__address", default="")
    area = tables.Column(_("Area"), accessor="case__area", default="")
    item = tables.Column(_("Duty item"), accessor="case__item_version__path_text", default="")
    unit = tables.Column(_("Unit"), accessor="unit__name")
    handler = tables.Column(_("Handler"), accessor="handler__get_full_name", default="")
    channel = tables.Column(_("Channel"), accessor="case__channel")
    round = tables.Column(_("Round"))
    assigned_at = MomentColumn(_("Assigned"))
    ended_at = MomentColumn(_("Ended"), default=None)

    class Meta:
        model = WorkOrder
        fields = ()


class CaseTable(tables.Table):
    """All cases in sight, two lines a row."""

    number = ExportedColumn(_("Number"))
    title = tables.Column(_("Request · number"), attrs=CUT)
    state = tables.Column(_("State · accountable unit"), accessor="get_state_display", attrs=CUT)
    holder = ExportedColumn(_("Accountable unit"), default="")
    place = tables.Column(_("Place · item"), accessor="address", empty_values=(), attrs=CUT)
    area = ExportedColumn(_("Area"), default="")
    item = ExportedColumn(_("Duty item"), accessor="item_version__path_text", default="")
    due_at = MomentColumn(_("Due"), default="")
    registered_at = MomentColumn(_("Registered"))
    channel = ExportedColumn(_("Channel"))

    class Meta:
        model = Case
        fields = ()

    def render_title(self, record):
        """Lead to the case."""
        address = reverse("dispatch:case", args=[record.number])
        return format_html(
            '<a class="el block" href="{}">{}</a><div class="l2 el">{}</div>', address, record.title, record.number
        )

    def render_state(self, value, record):
        """Show the state, and who answers for the case."""
        return format_html(TWO_LINES, value, record.holder or "")

    def render_place(self, record):
        """Show where, and what it is about."""
        item = record.item_version.name if record.item_version else _("No duty item")
        return format_html(TWO_LINES, record.address or record.area or "—", item)

    def render_due_at(self, value, record):
        """Show the countdown of an open case, the moment of an ended one."""
        if record.closed_at:
            return moment(value)
        return format_html('{}<div class="l2">{}</div>', clock(value, timezone.now()), moment(value))

    def render_registered_at(self, value, record):
        """Show when, and by which channel."""
        return format_html('<div class="nw">{}</div><div class="l2 nw">{}</div>', moment(value), record.channel)

    def value_title(self, value):
        """Give the whole title."""
        return value

    value_state = value_due_at = value_registered_at = value_title

    def value_place(self, record):
        """Give the address."""
        return record.address


STATE_TONES = {ExchangeState.STUCK: "bad", ExchangeState.REFUSED: "warn"}


class ExchangeTable(tables.Table):
    """What other platforms have not taken."""

    kind = tables.Column(_("Message · case"), attrs=CUT)
    peer = tables.Column(_("Platform"))
    state = tables.Column(_("State"))
    problem = tables.Column(_("Problem"), attrs=CUT, default="")
    next_try_at = MomentColumn(_("Next try"), default="")
    created_at = MomentColumn(_("Created"))

    class Meta:
        model = ExchangeMessage
        fields = ()

    def render_kind(self, value, record):
        """Lead to the message, and name the case."""
        address = reverse("dispatch:exchange_message", args=[record.pk])
        line = '<a class="el block" href="{}">{}</a><div class="l2 el">{}</div>'
        return format_html(line, address, ExchangeKind(value).label, record.exchange_case.number)

    def value_kind(self, value):
        """Give the word."""
        return ExchangeKind(value).label

    def render_state(self, record):
        """Show the state, and how often it was tried."""
        tries = _("%(count)s tries") % {"count": record.tries}
        return format_html(
            '{}<div class="l2">{}</div>', chip(record.get_state_display(), STATE_TONES.get(record.state, "")), tries
        )

    def value_state(self, value):
        """Give the word alone."""
        return value


CELL_TONES = {CellState.ON: "ok", CellState.SHUT: "bad"}
BAR = (
    '<svg class="gate-bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
    '<rect class="ground" width="100" height="10"/><rect class="share" width="{}" height="10"/>'
    '<rect class="bound" width="{}" height="10"/><rect class="tick" x="{}" width="1" height="10"/></svg>'
)


class GateTable(tables.Table):
    """What was earned where: the bar is the lower bound, its pale end the plain share, the tick what opens the cell."""

    item = tables.Column(_("Duty item · area"), accessor="item", attrs=CUT)
    code = ExportedColumn(_("Code"), accessor="item__code")
    area = ExportedColumn(_("Area"), default="")
    basis = tables.Column(_("Item named by"), accessor="get_basis_display")
    state = tables.Column(_("State"))
    bound = tables.Column(_("Lower bound"))
    hits = tables.Column(_("Right of confirmed"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    cases = ExportedColumn(_("Confirmed cases"))
    reason = ExportedColumn(_("Why shut"), accessor="get_reason_display", default="")
    last_at = MomentColumn(_("Last confirmed"))

    class Meta:
        model = GateCell
        fields = ()

    def __init__(self, *args, figures=None, **given):
        super().__init__(*args, **given)
        self.figures = figures

    def render_item(self, record):
        """Lead to the item, and say where."""
        name = record.version.path_text if record.version else record.item.code
        address = reverse("dutylist:item", args=[record.item.code])
        where = record.area or _("Whole city")
        return format_html('<a class="el block" href="{}">{}</a><div class="l2 el">{}</div>', address, name, where)

    def value_item(self, record):
        """Give the path of the item."""
        return record.version.path_text if record.version else record.item.code

    def render_state(self, record):
        """Show the state, and why it is shut."""
        why = record.get_reason_display() if record.reason else ""
        if record.wait:
            why = _("%(reason)s; %(count)s more to be confirmed") % {"reason": why, "count": record.wait}
        return format_html(
            '{}<div class="l2">{}</div>', chip(record.state_label, CELL_TONES.get(record.state, "")), why
        )

    def value_state(self, record):
        """Give the word alone."""
        return record.state_label

    def render_bound(self, record):
        """Draw the bound beside the threshold."""
        words = _("at least %(bound)s %%, share %(share)s %%")
        told = words % {"bound": round(100 * record.bound), "share": round(100 * record.share)}
        on = round(100 * self.figures.on) if self.figures else 0
        bar = format_html(BAR, told, round(100 * record.share), round(100 * record.bound), on)
        return format_html('{}<div class="l2">{}</div>', bar, told)

    def value_bound(self, value):
        """Give the figure."""
        return round(value, 4)

    def render_hits(self, record):
        """Show both figures."""
        return f"{record.hits} / {record.cases}"

    def value_hits(self, value):
        """Give the figure."""
        return value


class CircularTable(tables.Table):
    """Published circulars, and what each says of one's own units."""

    title = tables.Column(_("Circular"), attrs=CUT)
    period = tables.Column(_("Period"), empty_values=())
    published_at = MomentColumn(_("Published"))
    cases = tables.Column(_("Cases"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    own_cases = tables.Column(_("Of my units"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    is_unread = tables.Column(_("Read"), empty_values=())

    class Meta:
        model = Circular
        fields = ()

    def render_title(self, record):
        """Lead to the circular."""
        return format_html('<a href="{}">{}</a>', reverse("dispatch:circular", args=[record.pk]), record.title)

    def value_title(self, record):
        """Give the title."""
        return record.title

    def render_period(self, record):
        """Show the days whose cases it collected."""
        return f"{record.first_day} – {record.last_day}"

    def render_is_unread(self, record):
        """Say whether one's unit has still to read it; nothing where it names none."""
        if record.is_unread:
            return chip(str(_("to be read")), "warn")
        return chip(str(_("read by my unit")), "ok") if record.is_named else "—"

    def value_is_unread(self, record):
        """Give the word alone."""
        if record.is_unread:
            return str(_("to be read"))
        return str(_("read by my unit")) if record.is_named else ""
