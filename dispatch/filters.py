"""What narrows the lists of dispatch."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.choices import CellState, ExchangeState, ItemBasis
from dispatch.forms import QueueFilterForm
from dispatch.models import Circular, ExchangeMessage, GateCell, Peer
from dispatch.selectors.circulars import naming
from dispatch.selectors.loads import cases_behind
from grid.choices import Level
from grid.models import Area, Unit
from intake.models import Case, Channel
from intake.workflow import STATES


def narrow(rows: QuerySet, form: QueueFilterForm, user) -> QuerySet:
    """Narrow work orders by what the filter form says; what it does not accept does not narrow."""
    form.is_valid()
    given = form.cleaned_data
    if unit := given.get("unit"):
        # Read first: a tree of units is small, and its ids lead into the index of the queue.
        named = Unit.objects.visible_to(user).filter(name__icontains=unit)
        rows = rows.filter(unit__in=list(named.values_list("pk", flat=True)))
    if channel := given.get("channel"):
        rows = rows.filter(case__channel=channel)
    if item := given.get("item"):
        rows = rows.filter(case__item_version__path_text__icontains=item)
    if words := given.get("q"):
        rows = rows.filter(
            Q(case__number__endswith=words.upper())
            | Q(case__title__icontains=words)
            | Q(case__address__icontains=words)
        )
    return rows


def areas_in_sight(request) -> QuerySet[Area]:
    """Return the areas to choose from: districts and subdistricts, or communities where nothing wider is in sight."""
    areas = Area.objects.visible_to(request.user).filter(is_active=True).order_by("path")
    wide = areas.filter(level__in=(Level.DISTRICT, Level.SUBDISTRICT))
    return wide if wide.exists() else areas.filter(level=Level.COMMUNITY)


class AreaChoiceField(filters.fields.ModelChoiceField):
    """Areas with the ones around them set off by their depth."""

    def label_from_instance(self, obj):
        """Indent a subdistrict below its district."""
        return f"　{obj}" if obj.level == Level.SUBDISTRICT else str(obj)


class AreaFilter(filters.ModelChoiceFilter):
    """A choice of areas."""

    field_class = AreaChoiceField


class CaseFilters(filters.FilterSet):
    """The filters of the list of cases."""

    q = filters.CharFilter(label=_("Title or number"), method="by_words")
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("All states"))
    area = AreaFilter(label=_("Area"), queryset=areas_in_sight, method="by_area", empty_label=_("All in sight"))
    item = filters.CharFilter(label=_("Duty item"), field_name="item_version__path_text", lookup_expr="icontains")
    channel = filters.ModelChoiceFilter(
        label=_("Channel"), queryset=lambda request: Channel.objects.all(), empty_label=_("All channels")
    )
    since = filters.DateFilter(
        label=_("Registered from"),
        field_name="registered_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = filters.DateFilter(
        label=_("Registered until"),
        field_name="registered_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    # Where a figure of an area leads (analytics): what it counts, in the area or in none of those below it.
    figure = filters.CharFilter(widget=forms.HiddenInput, method="by_figure")
    within = filters.CharFilter(widget=forms.HiddenInput, method="by_code")
    at = filters.CharFilter(widget=forms.HiddenInput, method="by_code_alone")

    class Meta:
        model = Case
        fields = ()

    def by_words(self, rows, name, value):
        """Find the end of the number, or words of the title."""
        return rows.filter(Q(number__endswith=value.strip().upper()) | Q(title__icontains=value.strip()))

    def by_area(self, rows, name, value):
        """Find what lies anywhere in the area."""
        return rows.filter(area__in=Area.objects.visible_to(self.request.user).below(value).values("pk"))

    def by_figure(self, rows, name, value):
        """Find what a figure counts."""
        return cases_behind(value, rows, timezone.now())

    def by_code(self, rows, name, value):
        """Find what lies anywhere in the area with this code; of the whole city also what lies nowhere."""
        area = self._area(value)
        if area is None:
            return rows.none()
        return rows if area.parent_id is None else self.by_area(rows, name, area)

    def by_code_alone(self, rows, name, value):
        """Find what lies in the area itself, in none of those below it."""
        area = self._area(value)
        if area is None:
            return rows.none()
        return rows.filter(Q(area=area) | Q(area=None)) if area.parent_id is None else rows.filter(area=area)

    def _area(self, code: str) -> Area | None:
        return Area.objects.visible_to(self.request.user).filter(code=code).first()


class ExchangeFilters(filters.FilterSet):
    """The filters of what other platforms have not taken."""

    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[(one.value, one.label) for one in (ExchangeState.STUCK, ExchangeState.REFUSED, ExchangeState.WAITING)],
        empty_label=_("All states"),
    )
    peer = filters.ModelChoiceFilter(
        label=_("Platform"),
        queryset=lambda request: Peer.objects.visible_to(request.user),
        empty_label=_("All platforms"),
    )

    class Meta:
        model = ExchangeMessage
        fields = ()


class GateFilters(filters.FilterSet):
    """The filters of the cells of the gate."""

    state = filters.ChoiceFilter(label=_("State"), choices=CellState.choices, empty_label=_("All states"))
    basis = filters.ChoiceFilter(label=_("Item named by"), choices=ItemBasis.choices, empty_label=_("All"))
    item = filters.CharFilter(label=_("Duty item"), method="by_item")
    area = AreaFilter(label=_("Area"), queryset=areas_in_sight, method="by_area", empty_label=_("All in sight"))

    class Meta:
        model = GateCell
        fields = ()

    def by_item(self, rows, name, value):
        """Find the code, or words of the path."""
        words = value.strip()
        return rows.filter(Q(item__code__iexact=words) | Q(version__path_text__icontains=words))

    def by_area(self, rows, name, value):
        """Find the cells of this very area."""
        return rows.filter(area=value)


class CircularFilters(filters.FilterSet):
    """The filters of the published circulars."""

    WHICH = (("named", _("Those that name a unit of mine")), ("unread", _("Those my unit has to read")))

    which = filters.ChoiceFilter(label=_("Which"), choices=WHICH, empty_label=_("All circulars"), method="by_concern")
    q = filters.CharFilter(label=_("Title"), field_name="title", lookup_expr="icontains")

    class Meta:
        model = Circular
        fields = ()

    def by_concern(self, rows, name, value):
        """Find what names one's units, or what they have not read."""
        return rows.filter(is_unread=True) if value == "unread" else naming(self.request.user, rows)
