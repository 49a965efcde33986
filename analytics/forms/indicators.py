"""A new version of an indicator."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.choices import Better, Measure
from analytics.models import IndicatorVersion
from analytics.parts import PARTS
from analytics.services.indicators import Definition

CHOICES = [(part.code, part.words) for part in PARTS]


class VersionForm(forms.Form):
    """What the indicator is to mean from the first day of a coming month on."""

    effective_from = forms.DateField(
        label=_("In force from"), help_text=_("The first day of a month that has not begun."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    numerator = forms.MultipleChoiceField(
        label=_("Numerator"), choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    denominator = forms.MultipleChoiceField(
        label=_("Denominator"), choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    weights = forms.CharField(
        label=_("Weights"), max_length=300, required=False,
        help_text=_("Instead of parts, the weighted mean of others: response=0.3 solution=0.4"),
    )  # fmt: skip
    is_ranked_only = forms.BooleanField(label=_("Without law enforcement and mediation"), required=False)
    measure = forms.ChoiceField(label=_("Measure"), choices=Measure)
    better = forms.ChoiceField(label=_("Better is"), choices=Better)
    target = forms.DecimalField(label=_("Target"), max_digits=8, decimal_places=2, min_value=0, required=False)
    formula = forms.CharField(label=_("In words"), max_length=300, widget=forms.Textarea({"rows": 2}))
    formula_en = forms.CharField(label=_("In English words"), max_length=400, widget=forms.Textarea({"rows": 2}))
    source = forms.CharField(label=_("Source"), max_length=120)

    @classmethod
    def of(cls, newest: IndicatorVersion, today: date) -> VersionForm:
        """Return the form filled with what the newest version says."""
        given = {name: getattr(newest, name) for name in cls.base_fields}
        given["weights"] = " ".join(f"{code}={weight:g}" for code, weight in newest.weights.items())
        given["effective_from"] = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
        return cls(initial=given)

    def clean_weights(self) -> dict[str, float]:
        """Return code → weight."""
        weights = {}
        for one in self.cleaned_data["weights"].split():
            code, _sign, number = one.partition("=")
            try:
                weights[code] = float(number)
            except ValueError:
                raise forms.ValidationError(_("Write each as code=number, such as response=0.3.")) from None
            if not 0 < weights[code] <= 1000:
                raise forms.ValidationError(_("A weight lies above 0 and is 1000 at most."))
        return weights

    def definition(self) -> Definition:
        """Return what was entered."""
        return Definition(**{name: value for name, value in self.cleaned_data.items() if name != "effective_from"})
