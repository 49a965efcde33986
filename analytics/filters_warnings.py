"""What narrows the list of early warnings."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from grid.choices import Level
from grid.models import Area

from .choices import WarningKind
from .models import EarlyWarning
from .workflow import WARNING_OPEN, WARNING_STATES

ANY, LIVE = "any", "live"
STATES = [
    (LIVE, _("All that are not over")),
    *[state for state in WARNING_STATES if state[0] != WARNING_OPEN],
    (ANY, _("All states")),
]


def areas_in_sight(request):
    """Return the districts and subdistricts in sight."""
    levels = (Level.DISTRICT, Level.SUBDISTRICT)
    return Area.objects.visible_to(request.user).filter(level__in=levels, is_active=True).order_by("path")


class WarningFilters(filters.FilterSet):
    """By words, kind, area with all in it, and state; what waits for a verdict unless told otherwise."""

    q = filters.CharFilter(label=_("Matter"), field_name="name", lookup_expr="icontains")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=WarningKind, empty_label=_("All kinds"))
    area = filters.ModelChoiceFilter(
        label=_("Area"), queryset=areas_in_sight, empty_label=_("All in sight"), method="by_area"
    )
    state = filters.ChoiceFilter(
        label=_("State"), choices=STATES, empty_label=dict(WARNING_STATES)[WARNING_OPEN], method="by_state"
    )

    class Meta:
        model = EarlyWarning
        fields = ()

    def filter_queryset(self, queryset):
        """Leave only what waits for a verdict while no state is chosen."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["state"] else rows.filter(state=WARNING_OPEN)

    def by_area(self, rows, name, value):
        """Find what lies in an area."""
        return rows.filter(area__path__startswith=value.path)

    def by_state(self, rows, name, value):
        """Find one state, what is not over, or all."""
        if value == ANY:
            return rows
        return rows.live() if value == LIVE else rows.filter(state=value)
