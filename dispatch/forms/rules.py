"""The form of a dispatch rule: its head, its conditions as rows, what it does; and the steps of its life."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.models import RuleVersion
from dispatch.rules.conditions import LEAVES, Names, read_condition
from dispatch.rules.entering import LookUp, Row, build_tree, enter_leaf, rows_of
from dispatch.rules.fields import FIELDS, OPERATORS
from dispatch.rules.outcomes import LONGEST_REASON, Flag
from dispatch.services.rule_editing import LONGEST_NAME, LONGEST_NOTE, RuleText
from dispatch.services.rule_moves import LONGEST_OPINION
from dispatch.services.rule_replays import DAYS
from grid.models import Area
from intake.choices import Urgency
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.form_fields import set_choices

BLANK_ROWS = 3
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MODES = (
    ("all", _("All groups must be met (each by one of its conditions)")),
    ("any", _("One group must be met (by all of its conditions)")),
)


class ConditionForm(forms.Form):
    """One condition; a row without a value is no condition."""

    group = forms.IntegerField(label=_("Group"), min_value=1, max_value=LEAVES)
    field = forms.ChoiceField(label=pgettext_lazy("condition", "Field"), required=False)
    op = forms.ChoiceField(label=pgettext_lazy("condition", "Comparison"), required=False)
    value = forms.CharField(label=_("Value"), required=False, max_length=2000, strip=False)

    def __init__(self, *args, look_up: LookUp, **given):
        super().__init__(*args, **given)
        self.look_up = look_up
        self.own("field").choices = [("", "—"), *((field.code, field.label) for field in FIELDS.values())]
        self.own("op").choices = [("", "—"), *OPERATORS.items()]

    def own(self, name: str) -> forms.ChoiceField:
        """Return one of the choices."""
        return cast(forms.ChoiceField, self.fields[name])

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered in the row."""
        given = self.cleaned_data
        return not (given.get("field") or given.get("value", "").strip())

    def clean(self) -> dict[str, Any]:
        """Return the leaf as `leaf`, unless the row is blank."""
        given = super().clean() or {}
        if self.errors or self.is_blank:
            return given
        try:
            row = Row(given["group"], given["field"], given["op"], given["value"])
            leaf = enter_leaf(row, self.look_up)
            read_condition({"all": [leaf]}, Names.of_entered(leaf))
            given["leaf"] = leaf
        except BadInput as wrong:
            self.add_error(wrong.field if wrong.field in self.fields else "value", str(wrong))
        return given


class ConditionRows(forms.BaseFormSet):
    """The conditions of a rule. A new row begins a group of its own."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Add the number of the group that a blank row begins with."""
        given = super().get_form_kwargs(index)
        is_new = index is not None and index >= self.initial_form_count()
        taken = max((one["group"] for one in self.initial or []), default=0)
        first = index - self.initial_form_count() + 1 if is_new and index is not None else 1
        return given | ({"initial": {"group": min(taken + first, LEAVES)}} if is_new else {})

    def get_leaves(self) -> list[tuple[int, dict[str, Any]]]:
        """Return (group, leaf) of the rows that were filled."""
        return [(form.cleaned_data["group"], form.cleaned_data["leaf"]) for form in self.filled]

    @property
    def filled(self) -> list[ConditionForm]:
        """Return the rows that hold a condition."""
        return [form for form in self.forms if "leaf" in form.cleaned_data]


def condition_rows(data=None, *, look_up: LookUp, rows: Iterable[Row] = (), blank: int = BLANK_ROWS) -> ConditionRows:
    """Return the rows of the form, some of them blank."""
    initial = [{"group": row.group, "field": row.field, "op": row.op, "value": row.value} for row in rows]
    kind = forms.formset_factory(
        ConditionForm,
        formset=ConditionRows,
        extra=min(blank, LEAVES - len(initial)),
        max_num=LEAVES,
        absolute_max=LEAVES,
    )
    return cast(ConditionRows, kind(data, initial=initial, prefix="rows", form_kwargs={"look_up": look_up}))


class RuleForm(forms.Form):
    """The head of a rule and what it does."""

    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    area = forms.TypedChoiceField(label=_("Holds in"), coerce=int)
    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=1,
        max_value=999,
        help_text=_("1 comes first; the first rule that matches decides."),
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    valid_to = forms.DateField(
        label=_("Valid until"), required=False, widget=DAY, help_text=_("Empty: without an end.")
    )
    note = forms.CharField(
        label=_("Why this rule"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )
    mode = forms.ChoiceField(label=_("Groups"), choices=MODES, initial="all", widget=forms.RadioSelect)
    item = forms.CharField(
        label=_("Duty item"), required=False, max_length=160, help_text=_("For cases that nobody chose an item for.")
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=160)
    person = forms.CharField(
        label=_("A person decides, because"), required=False, max_length=LONGEST_REASON,
        help_text=_("Then no machine dispatches the case."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Raise the urgency to"),
        required=False,
        choices=[("", "—"), *((one.value, one.label) for one in (Urgency.URGENT, Urgency.EMERGENCY))],
    )
    flags = forms.MultipleChoiceField(
        label=_("Mark as"), required=False, choices=Flag.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, look_up: LookUp, areas: Iterable[Area] | None = None, **given):
        super().__init__(*args, **given)
        self.look_up = look_up
        if areas is None:
            del self.fields["area"]
        else:
            set_choices(self, "area", [(area.pk, area.name) for area in areas])

    @staticmethod
    def initial_of(version: RuleVersion, names: dict[str, dict[str, str]], unit_name: str) -> dict[str, Any]:
        """Return the fields as a version has them."""
        mode, _rows = rows_of(version.condition, names)
        kept = ("row_version", "name", "priority", "valid_from", "valid_to", "note")
        item, unit = version.outcome.get("item"), version.outcome.get("unit")
        shown = {
            "item": f"{names['item'].get(item, item)}（{item}）" if item else "",
            "unit": f"{unit_name or unit}（{unit}）" if unit else "",
        }
        said = {name: version.outcome.get(name) for name in ("person", "urgency", "flags")}
        return {name: getattr(version, name) for name in kept} | said | shown | {"mode": mode}

    def clean_item(self) -> str:
        """Return the code of the item."""
        return self._code("item")

    def clean_unit(self) -> str:
        """Return the code of the unit."""
        return self._code("unit")

    def get_text(self, rows: ConditionRows) -> tuple[RuleText, list[ConditionForm]]:
        """Return what the service takes, and the row behind each leaf of the tree."""
        given = self.cleaned_data
        condition, places = build_tree(given["mode"], rows.get_leaves())
        outcome = {name: given[name] for name in ("item", "unit", "person", "urgency", "flags") if given[name]}
        names = ("name", "priority", "valid_from", "valid_to", "note")
        text = RuleText(condition=condition, outcome=outcome, **{name: given[name] for name in names})
        return text, [rows.filled[place] for place in places]

    def _code(self, name: str) -> str:
        typed = self.cleaned_data[name]
        try:
            return self.look_up(name, typed) if typed else ""
        except BadInput as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class RuleStepForm(forms.Form):
    """A step in the life of a rule, with what its maker says."""

    move = forms.CharField(max_length=20, widget=forms.HiddenInput)
    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opinion = forms.CharField(label=_("Opinion"), max_length=LONGEST_OPINION, required=False)


class RuleReplayForm(forms.Form):
    """Over how many days past cases are replayed."""

    days = forms.TypedChoiceField(coerce=int, choices=[(days, days) for days in DAYS])
