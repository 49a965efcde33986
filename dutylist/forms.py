"""The shape of what is entered on the duty-list desk. Forms check the shape; services decide and save."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from dutylist.choices import LineKind, OpenCasePolicy
from dutylist.content import FIELDS, LABELS, Content
from grid.models import Area
from shenzhen_gov.core.form_fields import set_choices

BETWEEN_WORDS = re.compile(r"[\n;；,，、]+")
BETWEEN_LINES = re.compile(r"[\n]+")
WHOLE_LINES = {"examples"}  # lists whose entries are sentences: one a line
MOST_ROWS = 2000
ANY_TEXT = forms.CharField(required=False)  # trimmed, without characters that no text has

# How the fields of an item stand together; what is in no group comes last, so that a new field is never lost.
GROUPS = (
    (_("Path and name"), ("level1", "level2", "name")),
    (
        _("What belongs here"),
        ("criteria", "exclusions", "close_criteria", "examples", "keywords", "confusable", "tags"),
    ),
    (_("Time limits"), ("limit_normal", "limit_urgent", "limit_very_urgent", "limit_unit", "contact_hours")),
    (_("Marks"), ("hand_down", "is_component", "counts_satisfaction", "is_secret", "is_key")),
)


def text_area(rows: int, **attrs) -> forms.Textarea:
    """Return a text box of `rows` lines."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


class WordsField(forms.Field):
    """A list of short texts, entered one a line (or, where they are words, with a comma or semicolon between)."""

    def __init__(self, *, separator: re.Pattern = BETWEEN_WORDS, rows: int = 2, **given):
        self.separator = separator
        super().__init__(widget=text_area(rows), **given)

    def prepare_value(self, value):
        """Show a list one a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value) -> list[str]:
        """Return the texts, each once, in the order entered."""
        parts = (part.strip() for part in self.separator.split(ANY_TEXT.clean(value)))
        return list(dict.fromkeys(filter(None, parts)))

    def has_changed(self, initial, data) -> bool:
        """Compare lists, not how they were typed."""
        return list(initial or []) != self.to_python(data)


class RowsField(forms.Field):
    """The complete responsibility rows as the editor on the page sends them (JSON); empty: they stay as they are."""

    widget = forms.HiddenInput
    default_error_messages = {"rows": _("The responsible units were not understood; please reload the page.")}

    def to_python(self, value) -> list[dict[str, Any]] | None:
        """Return plain rows of ids, or None."""
        text = ANY_TEXT.clean(value)
        if not text:
            return None
        try:
            found = [_row(one) for one in json.loads(text)]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise forms.ValidationError(self.error_messages["rows"]) from error
        if len(found) > MOST_ROWS:
            raise forms.ValidationError(self.error_messages["rows"])
        return found

    def prepare_value(self, value):
        """Hand rows back as JSON."""
        return json.dumps(value) if isinstance(value, list) else value


def _row(one: dict) -> dict[str, Any]:
    return {
        "area": int(one["area"]),
        "lead": int(one["lead"]),
        "co": [int(unit) for unit in one.get("co") or []],
        "fallback": int(one["fallback"]) if one.get("fallback") else None,
        "note": str(one.get("note") or "").strip()[:300],
    }


class BatchForm(forms.Form):
    """The head of a batch."""

    row_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=text_area(3))
    document = forms.CharField(
        label=_("Decision document"), required=False, max_length=200, help_text=_("Number and title of the decision.")
    )
    owner_area_id = forms.TypedChoiceField(label=_("List of"), coerce=int, empty_value=None)
    proposing_unit_id = forms.IntegerField(label=_("Proposed by"), required=False, widget=forms.HiddenInput)
    effective_on = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Needed for the approval. The list changes at the beginning of this day."),
    )

    def __init__(self, *args, areas: Iterable[Area] = (), **given):
        super().__init__(*args, **given)
        choices = [(area.pk, area.name) for area in areas]
        if choices:
            set_choices(self, "owner_area_id", choices)
        else:
            del self.fields["owner_area_id"]  # whose list it is does not change


class ActForm(forms.Form):
    """One step of a batch: the version that was looked at, and the words a step may need."""

    row_version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": _("The page is damaged; please reload it.")}
    )
    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=500, widget=text_area(2))
    override = forms.CharField(
        label=_("Why it is to be published in spite of the gate"),
        required=False,
        max_length=500,
        widget=text_area(2),
    )
    reason = forms.CharField(label=_("Why it is rolled back"), required=False, max_length=500, widget=text_area(2))
    effective_on = forms.DateField(
        label=_("In force from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, needs: dict[str, Any] | None = None, **given):
        super().__init__(*args, **given)
        for name, message in (needs or {}).items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message


class LineForm(forms.Form):
    """One line: what happens to an item, how it shall read, who answers for it, what happens to its open cases."""

    kind = forms.ChoiceField(label=_("Kind of change"), choices=LineKind)
    code = forms.SlugField(label=_("Code"), max_length=40)
    narrows = forms.SlugField(widget=forms.HiddenInput, required=False)
    successors = WordsField(
        label=_("Superseded by"),
        required=False,
        help_text=_("Codes of the items that take over: one for a merge, two or more for a split."),
    )
    policy = forms.ChoiceField(
        label=_("Open cases"), required=False, choices=[("", _("As usual for this kind")), *OpenCasePolicy.choices]
    )
    note = forms.CharField(label=_("Note on this line"), required=False, max_length=300)
    rows = RowsField(required=False)

    def __init__(self, *args, is_new: bool = False, **given):
        super().__init__(*args, **given)
        self.fields.update(content_fields())
        kinds = [one for one in LineKind.choices if (one[0] == LineKind.ADD) == is_new]
        set_choices(self, "kind", kinds)
        if not is_new:
            self.fields["code"].widget = forms.HiddenInput()
            for level in ("level1", "level2"):
                self.fields[level].disabled = True  # the place of an item in the catalogue is kept for ever

    @property
    def groups(self) -> list[tuple[object, list[forms.BoundField]]]:
        """Return (title, fields) of the content, grouped."""
        placed = {name for _title, names in GROUPS for name in names}
        rest = [name for name in content_fields() if name not in placed]
        return [
            (title, [self[name] for name in names]) for title, names in (*GROUPS, (_("How it is carried out"), rest))
        ]

    def content(self) -> Content:
        """Return the content as entered."""
        return {name: self.cleaned_data[name] for name in (*content_fields(), "rows")}


class PolicyForm(forms.Form):
    """What happens to open cases: of one line, or of all lines the filter shows."""

    policy = forms.ChoiceField(choices=OpenCasePolicy)
    code = forms.SlugField(max_length=40, required=False)
    kind = forms.ChoiceField(choices=[("", ""), *LineKind.choices], required=False)


def content_fields() -> dict[str, forms.Field]:
    """Return a form field for everything an item says, none of them required: the service names what is missing."""
    paths = {
        name: forms.CharField(label=str(LABELS[name]), max_length=120, required=False) for name in ("level1", "level2")
    }
    return paths | {name: _form_field(name, field) for name, field in FIELDS.items()}


def _form_field(name: str, field: models.Field) -> forms.Field:
    if isinstance(field, ArrayField):
        separator = BETWEEN_LINES if name in WHOLE_LINES else BETWEEN_WORDS
        return WordsField(label=field.verbose_name, required=False, separator=separator, rows=3)
    given: dict[str, Any] = {"required": False}
    if isinstance(field, models.TextField):
        given["widget"] = text_area(3)
    return cast(forms.Field, field.formfield(**given))
