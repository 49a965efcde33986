"""What narrows the duty list."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .choices import Source
from .models import CatalogueEntry, ItemVersion


class DutyFilters(filters.FilterSet):
    """Filters of the list as of a day."""

    on = filters.DateFilter(label=_("As of"), method="as_of", widget=forms.DateInput(attrs={"type": "date"}))
    q = filters.CharFilter(label=_("Name, path, code or keyword"), method="by_words")
    first = filters.ModelChoiceFilter(
        label=_("First level"), method="below", empty_label=_("All"),
        queryset=lambda request: CatalogueEntry.objects.filter(level=1),
    )  # fmt: skip
    source = filters.ChoiceFilter(label=_("Source"), choices=Source, empty_label=_("All"))

    class Meta:
        model = ItemVersion
        fields = ()

    def as_of(self, rows, name, value):
        """Leave the rows alone: the list was read as of this day already."""
        return rows

    def by_words(self, rows, name, value):
        """Find the words in the path, the code, or among the keywords."""
        words = value.strip()
        return rows.filter(Q(path_text__icontains=words) | Q(item__code__iexact=words) | Q(keywords__contains=[words]))

    def below(self, rows, name, value):
        """Find what hangs below a first-level name."""
        return rows.filter(item__entry__parent__parent=value)
