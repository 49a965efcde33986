"""What narrows the duty list."""

from __future__ import annotations

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import selectors
from .choices import ManagementType, Source
from .models import Batch, Item, ItemVersion
from .selectors import Part
from .selectors.desk import list_batch_owners
from .workflow import STATES

USUAL_SPAN = timedelta(days=365)  # between two days that are compared, where none are given
OVERLAY = "overlay"
KINDS = (*ManagementType.choices, (OVERLAY, _("Local overlays")))


class DutyFilters(filters.FilterSet):
    """Filters of the list as of a day."""

    on = filters.DateFilter(label=_("As of"), method="as_of", widget=forms.DateInput(attrs={"type": "date"}))
    q = filters.CharFilter(label=_("Name, path, code or keyword"), method="by_words")
    list = filters.ModelChoiceFilter(
        label=_("List of"), field_name="item__owner_area", empty_label=_("All lists I read"),
        queryset=lambda request: selectors.list_owners(request.user),
    )  # fmt: skip
    kind = filters.ChoiceFilter(label=_("Items"), choices=KINDS, method="by_kind", empty_label=_("All"))
    source = filters.ChoiceFilter(label=_("Source"), choices=Source, empty_label=_("All"))
    below = filters.ModelChoiceFilter(
        method="below_entry", widget=forms.HiddenInput, queryset=lambda request: selectors.list_branches()
    )

    class Meta:
        model = ItemVersion
        fields = ()

    def as_of(self, rows, name, value):
        """Leave the rows alone: the list was read as of this day already."""
        return rows

    def by_words(self, rows, name, value):
        """Find the words in the path, the code, or among keywords and tags."""
        return rows.about(value)

    def by_kind(self, rows, name, value):
        """Find local overlays, or items of one management type."""
        if value == OVERLAY:
            return rows.filter(item__narrows__isnull=False)
        return rows.filter(item__management_type=value, item__narrows=None)

    def below_entry(self, rows, name, value):
        """Find what hangs below a name of the first or second level."""
        return rows.filter(**{"item__entry__parent__parent" if value.level == 1 else "item__entry__parent": value})


class CompareFilters(filters.FilterSet):
    """Filters of two days side by side. The list is read for the days and kinds before."""

    since = filters.DateFilter(label=_("Earlier day"), method="as_read", widget=forms.DateInput(attrs={"type": "date"}))
    until = filters.DateFilter(label=_("Later day"), method="as_read", widget=forms.DateInput(attrs={"type": "date"}))
    q = filters.CharFilter(label=_("Name, path, code or keyword"), method="by_words")
    list = filters.ModelChoiceFilter(
        label=_("List of"), field_name="owner_area", empty_label=_("All lists I read"),
        queryset=lambda request: selectors.list_owners(request.user),
    )  # fmt: skip
    kind = filters.CharFilter(method="as_read", widget=forms.HiddenInput)

    class Meta:
        model = Item
        fields = ()

    def __init__(self, data=None, *args, **kwargs):
        """Show the usual days where none are given."""
        data, today = data.copy(), timezone.localdate()
        for name, day in (("since", today - USUAL_SPAN), ("until", today)):
            if not data.get(name):
                data[name] = day.isoformat()
        super().__init__(data, *args, **kwargs)

    def as_read(self, rows, name, value):
        """Leave the rows alone: they were chosen by it already."""
        return rows

    def by_words(self, rows, name, value):
        """Find the words in a code, or in a path or keyword of any version."""
        return rows.filter(Q(code__iexact=value.strip()) | Q(pk__in=ItemVersion.objects.about(value).values("item")))


class UnitDutyFilters(filters.FilterSet):
    """Filters of what one unit does."""

    on = filters.DateFilter(label=_("As of"), method="as_read", widget=forms.DateInput(attrs={"type": "date"}))
    q = filters.CharFilter(label=_("Name, path, code or keyword"), method="by_words")
    part = filters.ChoiceFilter(label=_("As what"), choices=Part, method="as_read", empty_label=_("All"))

    class Meta:
        model = ItemVersion
        fields = ()

    def as_read(self, rows, name, value):
        """Leave the rows alone: they were chosen by it already."""
        return rows

    def by_words(self, rows, name, value):
        """Find the words in the path, the code, or among keywords and tags."""
        return rows.about(value)


class BatchFilters(filters.FilterSet):
    """Filters of the ledger."""

    q = filters.CharFilter(label=_("Number, title or reason"), method="by_words")
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("All"))
    year = filters.NumberFilter(label=_("Year"), method="by_year", min_value=2000, max_value=2999)
    area = filters.ModelChoiceFilter(
        label=_("List of"), field_name="owner_area", empty_label=_("All"),
        queryset=lambda request: list_batch_owners(request.user),
    )  # fmt: skip

    class Meta:
        model = Batch
        fields = ()

    def by_words(self, rows, name, value):
        """Find the words in the number, the title or the reason."""
        words = value.strip()
        return rows.filter(Q(number__icontains=words) | Q(title__icontains=words) | Q(reason__icontains=words))

    def by_year(self, rows, name, value):
        """Find the batches opened in this year, which is what their number begins with."""
        return rows.filter(number__startswith=f"{int(value)}-")
