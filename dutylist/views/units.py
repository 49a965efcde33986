"""What one unit does by the duty list, as of a day."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from dutylist import selectors
from dutylist.filters import UnitDutyFilters
from dutylist.tables import UnitDutyTable
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.lists import ListPage, Sort

from .items import asked_day, kept_day, require_any_role

NEWS_SHOWN = 12


class UnitDuties(ListPage):
    """The items that name a unit: where it leads, co-handles, or stands in."""

    filterset_class = UnitDutyFilters
    table_class = UnitDutyTable
    template_name = "dutylist/unit.html"
    sorts = (Sort("code", gettext_lazy("By code"), ("item__code", "id"), column="code"),)
    row_css = "two"
    export_name = "unit-duties"
    empty_text = gettext_lazy("The list names this unit for nothing on this day")
    empty_icon = "building"

    def check_access(self) -> None:
        """Open to whoever holds a role, for units in sight or at home around the reader."""
        require_any_role(self.request.user)
        if self.unit is None:
            raise Http404(_("There is no such unit."))

    @cached_property
    def unit(self):
        """Return the unit the page is about, or None."""
        return selectors.find_unit(self.kwargs["code"], self.request.user)

    def get_queryset(self):
        """Return the versions in force on the day that name the unit."""
        part = self.request.GET.get("part", "")
        return selectors.list_unit_duties(
            self.unit, asked_day(self.request), self.request.user, part if part in selectors.Part else ""
        )

    def get_table_options(self) -> dict:
        """Return whose duties these are, and what the links keep."""
        return {"unit": self.unit, "user": self.request.user, "day": kept_day(self.request)}

    def get_context(self, **context) -> dict:
        """Add the unit and the day."""
        on = asked_day(self.request)
        return context | {
            "title": self.unit.name,
            "parents": [(_("Duty list"), reverse("dutylist:list") + kept_day(self.request))],
            "unit": self.unit,
            "news": list(selectors.list_unit_news(self.unit, timezone.now(), self.request.user)[:NEWS_SHOWN]),
            "on": on,
            "is_past": on != timezone.localdate(),
            "is_sample": any(row.is_sample for row in context["page"].rows),
        }


@login_required
@require_GET
def my_unit(request):
    """Lead to the duties of the reader's own unit."""
    require_any_role(request.user)
    if request.user.unit is None:
        raise NotAllowed(_("Your account belongs to no unit, so there are no duties of it to show."))
    return redirect("dutylist:unit", code=request.user.unit.code)
