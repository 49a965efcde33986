"""What narrows the quality radar."""

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.models import Area

from .choices import FindingState, RadarKind
from .models import RadarFinding


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
