"""What a report is to be about, and how somebody wants to be told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from analytics.choices import ReportKind
from analytics.selectors.reports import unit_named
from analytics.services import ReportScope
from grid.models import Area
from shenzhen_gov.core.exceptions import Refused

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIRST_YEAR = date(2000, 1, 1)


class ScopeForm(forms.Form):
    """An area, or a unit by its name, which then goes before the area."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ReportKind)
    area = forms.TypedChoiceField(label=_("Area"), required=False, coerce=int, empty_value=None)
    unit = forms.CharField(
        label=_("or unit"), max_length=120, required=False, help_text=_("By its name; it goes before the area.")
    )

    def __init__(self, *args, user, areas: Iterable[Area], **given):
        super().__init__(*args, **given)
        self.user = user
        area_field: Any = self.fields["area"]
        area_field.choices = [(area.pk, area.name) for area in areas]

    def clean_unit(self):
        """Return the id of the unit named, or None."""
        name = self.cleaned_data["unit"].strip()
        try:
            return unit_named(name, self.user).pk if name else None
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self):
        """Want one of the two."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("unit") and not cleaned.get("area"):
            self.add_error("area", _("Choose an area, or name a unit."))
        return cleaned

    @property
    def scope(self) -> ReportScope:
        """Return what was chosen."""
        unit_id, area = self.cleaned_data["unit"], self.cleaned_data["area"]
        return ReportScope(unit_id=unit_id) if unit_id else ReportScope(area_id=area)


class MakeForm(ScopeForm):
    """A report on demand: of the time that a day lies in."""

    day = forms.DateField(label=_("Of the day, or the week or month it lies in"), widget=DAY)

    def clean_day(self) -> date:
        """Refuse days that no calendar of the portal knows."""
        day = self.cleaned_data["day"]
        if day < FIRST_YEAR:
            raise forms.ValidationError(_("There are no figures of that time."))
        return day


class SubscribeForm(ScopeForm):
    """A report that is wanted from now on."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    by_mail = forms.BooleanField(label=_("By mail too"), required=False)
