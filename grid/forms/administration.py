"""What administrators enter about units, staff and roles. Forms check the shape; the services decide."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from grid.access import visible_to
from grid.choices import Act, Level, UnitKind
from grid.models import Role, Staff, Unit
from shenzhen_gov.core.form_fields import set_choices


class UnitChoice(forms.ModelChoiceField):
    """An open unit in sight of the administrator, found by typing any of its names."""

    def __init__(self, **given):
        widget = AutocompleteSelect(Unit._meta.get_field("successor"), admin.site)
        super().__init__(queryset=Unit.objects.none(), widget=widget, **given)


class StepForm(forms.Form):
    """The form of one step; `user` narrows the units offered."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, UnitChoice):
                field.queryset = visible_to(Unit.objects.filter(closed_on=None), user)


class InstitutionForm(StepForm):
    """What every institutional change says: from which day, by which document."""

    effective_on = forms.DateField(label=gettext_lazy("In force from"), widget=UnfoldAdminSingleDateWidget)
    document = forms.CharField(
        label=gettext_lazy("Decision document"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )


class RenameForm(InstitutionForm):
    """A new official name."""

    name = forms.CharField(label=gettext_lazy("New name"), max_length=120, widget=UnfoldAdminTextInputWidget)
    field_order = ["name"]


class AliasForm(StepForm):
    """One more name that leads to the unit."""

    name = forms.CharField(label=gettext_lazy("Alias"), max_length=120, widget=UnfoldAdminTextInputWidget)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )


class MoveForm(InstitutionForm):
    """A new place in the tree."""

    parent = UnitChoice(label=gettext_lazy("New superior unit"))
    field_order = ["parent"]


class SuccessorForm(InstitutionForm):
    """The unit that goes on, for a merger and for a closing."""

    successor = UnitChoice(label=gettext_lazy("Successor"))
    field_order = ["successor"]


class SplitForm(InstitutionForm):
    """The new units, one a line, and whether the old one ends."""

    parts = forms.CharField(
        label=gettext_lazy("New units"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One unit a line: code, name. Function, level and superior unit are those of the old one."
        ),
    )
    ends = forms.BooleanField(
        label=gettext_lazy("The old unit ends; the first of these succeeds it"),
        required=False,
        widget=UnfoldBooleanWidget,
    )
    field_order = ["parts", "ends"]

    def clean_parts(self) -> list[tuple[str, str]]:
        """Return (code, name) of every line. The error names the line."""
        parts = []
        for number, line in enumerate(self.cleaned_data["parts"].splitlines(), 1):
            code, _comma, name = line.replace("，", ",").partition(",")
            if not line.strip():
                continue
            if not code.strip() or not name.strip():
                raise forms.ValidationError(_("Line %(line)s: write a code, a comma and a name.") % {"line": number})
            parts.append((code.strip(), name.strip()))
        return parts


class GrantForm(StepForm):
    """A role at a unit."""

    role = forms.ModelChoiceField(
        label=gettext_lazy("Role"), queryset=Role.objects.all(), widget=UnfoldAdminSelectWidget
    )
    unit = UnitChoice(label=gettext_lazy("At the unit, and for everything below it"))


class PasswordForm(StepForm):
    """A new password."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html(),
        strip=False,
    )


class UnitAddForm(forms.ModelForm):
    """A new unit."""

    document = forms.CharField(
        label=gettext_lazy("Decision document"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Unit
        fields = ["code", "name", "function", "kind", "level", "parent", "home_area", "opened_on"]
        help_texts = {
            "function": gettext_lazy("What the unit does, e.g. water; the duty list finds units by it."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, vocabulary in (("kind", UnitKind), ("level", Level)):
            if name in self.fields:  # nothing is chosen until somebody chooses
                set_choices(self, name, [("", _("Select value")), *vocabulary.choices])
        if "parent" in self.fields:  # not on the page of a unit that exists, which is for reading
            self.fields["parent"].required = True


class StaffAddForm(forms.ModelForm):
    """A new account."""

    password = PasswordForm.base_fields["password"]

    class Meta:
        model = Staff
        fields = ["username", "last_name", "first_name", "unit", "post", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            self.fields["unit"].required = True


class StaffChangeForm(forms.ModelForm):
    """What may be changed of an account."""

    class Meta:
        model = Staff
        fields = ["last_name", "first_name", "unit", "post", "email", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            self.fields["unit"].required = not self.instance.is_superuser


class RoleForm(forms.ModelForm):
    """What a role may do."""

    acts = forms.MultipleChoiceField(
        label=gettext_lazy("Acts"), choices=Act.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget, required=False
    )

    class Meta:
        model = Role
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["acts"] = list(self.instance.acts.values_list("codename", flat=True)) if self.instance.pk else []
