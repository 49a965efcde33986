"""What a board is asked for, from its address: a time, and a duty item or a channel where the roll-ups can answer."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.selectors.board import WITH_ITEMS, Scope, Span
from analytics.selectors.figures import Period, month_end
from dutylist.selectors.items import get_item_id
from grid.models import Area
from intake.models import Channel
from shenzhen_gov.core.form_fields import set_choices

MOST_DAYS = 366 * 2
THIS_MONTH, LAST_MONTH, LAST_7, LAST_30 = "this_month", "last_month", "last_7", "last_30"
PERIODS = (
    (THIS_MONTH, _("This month")),
    (LAST_MONTH, _("Last month")),
    (LAST_7, _("Last 7 days")),
    (LAST_30, _("Last 30 days")),
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def period_named(name: str, today: date) -> Period:
    """Return the time behind one of PERIODS."""
    this_month = today.replace(day=1)
    if name == LAST_MONTH:
        end = this_month - timedelta(days=1)
        return Period(end.replace(day=1), end)
    if name in (LAST_7, LAST_30):
        return Period(today - timedelta(days=(7 if name == LAST_7 else 30) - 1), today)
    return Period(this_month, today)


class TimeForm(forms.Form):
    """The time of a board. Days win over a month, a month over a named time; nothing given is the running month."""

    period = forms.ChoiceField(label=_("Time"), choices=[("", "—"), *PERIODS], required=False)
    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], required=False,
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )  # fmt: skip
    first = forms.DateField(label=_("From day"), required=False, widget=DAY)
    last = forms.DateField(label=_("To day"), required=False, widget=DAY)

    def __init__(self, data, *, today: date):
        super().__init__(data)
        self.today, self.label_suffix = today, ""

    def clean(self) -> dict:
        """Hold the fields together."""
        given = super().clean() or {}
        if not self.errors:
            self._check_days(self._period())
        return given

    def _check_days(self, period: Period) -> None:
        field = "month" if self.cleaned_data.get("month") and not self.cleaned_data.get("first") else "first"
        if period.first > self.today:
            self.add_error(field, _("This time has not begun."))
        elif period.last < period.first:
            self.add_error("last", _("The last day lies before the first."))
        elif period.first.year < self.today.year - 20:
            self.add_error(field, _("There are no figures of that time."))
        elif period.days > MOST_DAYS:
            self.add_error("first", _("Choose two years at most."))

    def _period(self) -> Period:
        given = self.cleaned_data
        first, last, month = given.get("first"), given.get("last"), given.get("month")
        if first or last:
            first = first or (last or self.today).replace(day=1)
            return Period(first, min(last or self.today, max(self.today, first)))
        if month:
            return Period(month, self.today if month > self.today else min(month_end(month), self.today))
        return period_named(given.get("period") or THIS_MONTH, self.today)

    def read_span(self) -> Span:
        """Return the time asked for; the running month when that was not understood."""
        period = self._period() if self.is_valid() else period_named(THIS_MONTH, self.today)
        return Span(period, self.today)


class BoardForm(TimeForm):
    """The filters of an area's board."""

    item = forms.CharField(label=_("Duty item (code)"), max_length=40, required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)

    def __init__(self, data, *, area: Area, today: date):
        super().__init__(data, today=today)
        self.area = area
        self.channels = {one.code: one for one in Channel.objects.order_by("order", "code")}
        set_choices(self, "channel", [("", _("All")), *((code, str(one)) for code, one in self.channels.items())])

    def clean_item(self) -> int:
        """Return the id of the item, 0 without one."""
        code = self.cleaned_data["item"]
        found = get_item_id(code) if code else 0
        if found is None:
            raise forms.ValidationError(_("There is no duty item with this code."))
        if found and self.area.level not in WITH_ITEMS:
            raise forms.ValidationError(_("Items are summed for the city and its districts only."))
        return found

    def clean_channel(self) -> int:
        """Return the id of the channel, 0 without one."""
        code = self.cleaned_data["channel"]
        if code and self.area.level not in WITH_ITEMS:
            raise forms.ValidationError(_("Channels are summed for the city and its districts only."))
        return self.channels[code].pk if code else 0

    def clean(self) -> dict:
        """Hold the fields together."""
        given = super().clean() or {}
        if given.get("item") and given.get("channel"):
            self.add_error("channel", _("Choose an item or a channel: both together are not summed."))
        return given

    def _check_days(self, period: Period) -> None:
        super()._check_days(period)
        if not self.errors and self.cleaned_data.get("item") and not self._has_whole_months(period):
            self.add_error("item", _("Items are summed by months: choose whole months."))

    def _has_whole_months(self, period: Period) -> bool:
        return period.first.day == 1 and period.last in (self.today, month_end(period.last))

    def read(self) -> tuple[Scope, Span]:
        """Return what was asked for; of the running month, unfiltered, when that was not understood."""
        if not self.is_valid():
            return Scope(self.area), Span(period_named(THIS_MONTH, self.today), self.today)
        item, channel = self.cleaned_data["item"], self.cleaned_data["channel"]
        return Scope(self.area, item, channel), Span(self._period(), self.today, by_month=bool(item))
