"""What narrows the quality radar."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.models import Area

from .choices import FindingState, RadarKind, ReportKind
from .models import ExclusionRequest, RadarFinding, Report, SpecialTheme
from .workflow import EXCLUSION_OPEN, EXCLUSION_STATES, THEME_STATES


def areas_with_findings(request):
    """Return the areas in sight that findings lie in."""
    lying = RadarFinding.objects.visible_to(request.user).still_found().values("area")
    return Area.objects.visible_to(request.user).filter(pk__in=lying).order_by("path")


class RadarFilters(filters.FilterSet):
    """By words, kind, area and state; what is open unless told otherwise."""

    q = filters.CharFilter(label=_("Item or code"), method="by_words")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=RadarKind, empty_label=_("All kinds"))
    area = filters.ModelChoiceFilter(label=_("Area"), queryset=areas_with_findings, empty_label=_("All in sight"))
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[choice for choice in FindingState.choices if choice[0] != FindingState.OPEN],
        empty_label=FindingState.OPEN.label,
        method="by_state",
    )

    class Meta:
        model = RadarFinding
        fields = ()

    def filter_queryset(self, queryset):
        """Leave only what is open while no state is chosen."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["state"] else rows.filter(state=FindingState.OPEN)

    def by_words(self, rows, name, value):
        """Find part of the path, or the beginning of the code."""
        return rows.filter(Q(path_text__icontains=value.strip()) | Q(item__code__istartswith=value.strip()))

    def by_state(self, rows, name, value):
        """Find one state."""
        return rows.filter(state=value)


class ReportFilters(filters.FilterSet):
    """By kind, and by the name of what a report is about."""

    q = filters.CharFilter(label=_("Area or unit"), method="by_name")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=ReportKind, empty_label=_("All kinds"))

    class Meta:
        model = Report
        fields = ()

    def by_name(self, rows, name, value):
        """Find part of the name of the unit, or of the area of a report that is about no unit."""
        words = value.strip()
        return rows.filter(Q(unit__name__icontains=words) | Q(unit=None, area__name__icontains=words))


class ExclusionFilters(filters.FilterSet):
    """By case, month and state; what waits unless told otherwise."""

    q = filters.CharFilter(label=_("Case number"), field_name="case__number", lookup_expr="istartswith")
    month = filters.DateFilter(
        label=_("Month"), method="by_month", input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"})
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[*EXCLUSION_STATES[1:], ("all", _("All"))],
        empty_label=EXCLUSION_STATES[0][1],
        method="by_state",
    )

    class Meta:
        model = ExclusionRequest
        fields = ()

    def filter_queryset(self, queryset):
        """Leave only what waits while no state is chosen."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["state"] else rows.filter(state=EXCLUSION_OPEN)

    def by_month(self, rows, name, value):
        """Find one month."""
        return rows.filter(month=value)

    def by_state(self, rows, name, value):
        """Find one state, or all of them."""
        return rows if value == "all" else rows.filter(state=value)


class ThemeFilters(filters.FilterSet):
    """By words of the title, and by state."""

    q = filters.CharFilter(label=_("Title"), field_name="title", lookup_expr="icontains")
    state = filters.ChoiceFilter(label=_("State"), choices=THEME_STATES, empty_label=_("All states"))

    class Meta:
        model = SpecialTheme
        fields = ()
