"""The shape of counting a case for a rental."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RentalCaseForm(forms.Form):
    """Which case, how many points, why."""

    number = forms.CharField(label=_("Number of the case"), max_length=40)
    points = forms.IntegerField(label=_("Points added"), min_value=1, max_value=1000)
    reason = forms.CharField(label=_("Reason"), min_length=4, max_length=500)
