"""Form fields that Django does not have."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator

FormType = TypeVar("FormType", bound=forms.Form)


class FilesInput(forms.ClearableFileInput):
    """A file control for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each validated like one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list:
        """Return the files, an empty list for none."""
        given = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(FilesField, self).clean(one, initial) for one in given if one]
        return [one for one in cleaned if one]


class OfferedField(forms.ChoiceField):
    """A code of what is in use now: the form offers it, the service that takes it refuses what is not in use.

    So a form that is sent reads no list only to have the service look once more.
    """

    default_validators = [MaxLengthValidator(40), ProhibitNullCharactersValidator()]

    def valid_value(self, value: Any) -> bool:
        """Leave it to the service."""
        return True


class _Shared(dict):
    """Fields by name, of which a copy has the same ones."""

    def __deepcopy__(self, memo: dict) -> dict:
        return dict(self)


def shared_fields(form: type[FormType]) -> type[FormType]:
    """Let every instance of this form use the same fields: Django copies them each time, which costs more than asking.

    For a form that is sent often and changes no field in `__init__`; a form made from it copies as usual.
    """
    form.base_fields = _Shared(form.base_fields)
    return form


def set_choices(form: forms.BaseForm, name: str, choices: Any) -> None:
    """Say what may be chosen in a field, where that is known only when the page is asked for."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choice")
    field.choices = choices
