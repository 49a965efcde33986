"""What was entered, as its column stores it: trimmed, of the right kind, of its vocabulary, not too long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import BadInput

TEXT_LIMIT = 10_000  # characters of a field that names no limit of its own


def clean_value(field: models.Field, value: Any) -> Any:
    """Return `value` as `field` stores it. Raises ValidationError with the reason."""
    if isinstance(field, ArrayField):
        return field.clean(_texts(value), None)
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, value)
    if isinstance(field, models.IntegerField):
        _refuse_fraction(value)
    return field.clean(None if value == "" else value, None)


def clean_columns(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as `model` stores them. Raises BadInput naming the field."""
    cleaned, columns = {}, columns_of(model)
    for name, value in values.items():
        try:
            cleaned[name] = clean_value(columns[name], value)
        except ValidationError as error:
            raise BadInput(reason_of(error), field=name) from error
    return cleaned


def columns_of(model: type[models.Model]) -> dict[str, models.Field]:
    """Return name → column of a model."""
    return {field.name: field for field in model._meta.concrete_fields}


def reason_of(error: ValidationError) -> str:
    """Return the text of a refusal in one line."""
    return " ".join(str(message) for message in error.messages)


def _text(field: models.Field, value: Any) -> str:
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise ValidationError(_("This must be a text."))
    if field.max_length is None and len(value) > TEXT_LIMIT:
        raise ValidationError(
            _("%(count)s characters are too many; at most %(limit)s are possible.")
            % {"count": len(value), "limit": TEXT_LIMIT}
        )
    return field.clean(_storable(value.strip()), None)


def _texts(value: Any) -> list[str]:
    """Return the texts of a list, without empty ones and repetitions."""
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise ValidationError(_("This must be a list of texts."))
    stripped = (_storable(part.strip()) for part in value)
    return list(dict.fromkeys(part for part in stripped if part))


def _storable(text: str) -> str:
    """Refuse what PostgreSQL cannot keep: the null character and halves of characters."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValidationError(_("The text contains a character that cannot be stored."))
    return text


def _refuse_fraction(value: Any) -> None:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValidationError(_("This must be a whole number."))
