"""Forms of the quality radar."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DismissForm(forms.Form):
    """Why a finding may be set aside."""

    reason = forms.CharField(label=_("Why it may be set aside"), max_length=300, widget=forms.Textarea({"rows": 3}))
