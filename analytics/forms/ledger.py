"""Forms of the assessment ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.models import ExclusionGround
from shenzhen_gov.core.form_fields import FilesField, FilesInput, set_choices

MOST = 1_000_000


class ExclusionForm(forms.Form):
    """Why a case should not count for a rate."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    ground = forms.ModelChoiceField(
        label=_("Ground"), queryset=ExclusionGround.objects.filter(is_active=True), to_field_name="code"
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 4}))
    files = FilesField(  # type: ignore[assignment]
        label=_("Evidence"),
        required=False,
        help_text=_("PDF files and pictures."),
        widget=FilesInput(attrs={"accept": "application/pdf,image/*"}),
    )

    def __init__(self, *args, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "indicator", indicators)


class DecideForm(forms.Form):
    """The opinion of who decides; which way is said by the button."""

    opinion = forms.CharField(label=_("Opinion"), max_length=500, widget=forms.Textarea({"rows": 3}))


class CorrectionForm(forms.Form):
    """What is added to a rate of a frozen month, or taken away from it."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    case_number = forms.CharField(label=_("Case number"), max_length=40, required=False)
    numerator = forms.IntegerField(
        label=_("Numerator"), min_value=-MOST, max_value=MOST, initial=0, help_text=_("With a minus sign to take away.")
    )
    denominator = forms.IntegerField(label=_("Denominator"), min_value=-MOST, max_value=MOST, initial=0)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "indicator", indicators)
