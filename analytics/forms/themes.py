"""The shape of a special theme and of what is said about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.choices import ThemeTarget
from analytics.models import Indicator, SpecialTheme, ThemeStep
from analytics.selectors.reports import unit_named
from analytics.selectors.themes import find_staff
from analytics.services import NewStep, NewTheme, ThemeHead
from analytics.workflow import JUDGE
from dutylist.selectors.items import get_item_id
from grid.access import areas_with
from grid.choices import Level
from shenzhen_gov.core.exceptions import Refused

BETWEEN = re.compile(r"[\s,，、;；]+")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HeadForm(forms.Form):
    """Who is in charge of a theme, its plan, and what it is measured by."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    owner = forms.CharField(label=gettext_lazy("Unit in charge"), max_length=120, widget=forms.HiddenInput)
    lead = forms.CharField(
        label=gettext_lazy("In charge"), max_length=150, required=False, help_text=gettext_lazy("A user name.")
    )
    started_on = forms.DateField(label=gettext_lazy("First day"), widget=_day())
    target = forms.ChoiceField(label=gettext_lazy("Target"), choices=ThemeTarget)
    indicator: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Indicator"), queryset=None, required=False, to_field_name="code",
        help_text=gettext_lazy("Only where the target is one."),
    )  # fmt: skip
    target_value = forms.DecimalField(
        label=gettext_lazy("Target value"), max_digits=8, decimal_places=2, min_value=0,
        help_text=gettext_lazy("Per cent fewer cases, or the value of the indicator."),
    )  # fmt: skip
    target_on = forms.DateField(label=gettext_lazy("To be reached by"), widget=_day())
    steps = forms.CharField(
        label=gettext_lazy("Plan"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("A step a line: what | who | until, such as: Clean all drains | 水务局 | 2026-12-31"),
    )  # fmt: skip

    def __init__(self, *args, user, **given):
        super().__init__(*args, **given)
        self.user = user
        indicator: Any = self.fields["indicator"]
        indicator.queryset = Indicator.objects.filter(is_active=True).order_by("order")

    def clean_owner(self) -> int:
        """Return the id of the unit named."""
        try:
            return unit_named(self.cleaned_data["owner"], self.user).pk
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_lead(self) -> int | None:
        """Return the id of the person named, or None."""
        name = self.cleaned_data["lead"].strip()
        if not name:
            return None
        found = find_staff(name, self.user)
        if found is None:
            raise forms.ValidationError(_("There is nobody of this name."))
        return found.pk

    def clean_steps(self) -> list[NewStep]:
        """Return the steps, a line each; the message names the line."""
        return [_step(number, line) for number, line in enumerate(self.cleaned_data["steps"].splitlines(), 1)
                if line.strip()]  # fmt: skip


class ThemeForm(HeadForm):
    """专项治理: what shall end where, who is in charge, and what it is measured by."""

    area: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=None, empty_label=None, widget=forms.HiddenInput
    )
    items = forms.CharField(label=gettext_lazy("Duty items"), max_length=2000, widget=forms.HiddenInput)
    words = forms.CharField(
        label=pgettext_lazy("theme", "Words"), max_length=700, required=False,
        help_text=gettext_lazy("What such requests say; with a comma between."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=5000, required=False, widget=forms.Textarea({"rows": 3})
    )
    warning = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31)

    def __init__(self, *args, user, **given):
        super().__init__(*args, user=user, **given)
        area: Any = self.fields["area"]
        area.queryset = areas_with(user, JUDGE).filter(level__lte=Level.COMMUNITY).order_by("path")

    def clean_items(self) -> list[int]:
        """Return the ids of the items named."""
        found = {code: get_item_id(code) for code in codes_of(self.cleaned_data["items"])}
        unknown = [code for code, pk in found.items() if pk is None]
        if unknown:
            raise forms.ValidationError(_("There is no duty item %(code)s.") % {"code": unknown[0][:40]})
        return [pk for pk in found.values() if pk is not None]

    def clean_words(self) -> list[str]:
        """Return the words one by one."""
        return [word for word in BETWEEN.split(self.cleaned_data["words"]) if word]

    def given(self) -> NewTheme:
        """Return what was entered."""
        data = self.cleaned_data
        indicator = data["indicator"]
        return NewTheme(
            title=data["title"], area_id=data["area"].pk, item_ids=data["items"], owner_id=data["owner"],
            target_value=data["target_value"], target_on=data["target_on"], started_on=data["started_on"],
            target=data["target"], indicator=indicator.code if indicator else "", words=data["words"],
            reason=data["reason"], lead_id=data["lead"], warning_id=data["warning"], steps=data["steps"],
        )  # fmt: skip


class ThemeHeadForm(HeadForm):
    """What of a theme is changed under way, and why."""

    note = forms.CharField(
        label=gettext_lazy("Reason of the change"), max_length=500, widget=forms.Textarea({"rows": 2})
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, user, theme: SpecialTheme, **given):
        super().__init__(*args, user=user, **given)
        self.theme = theme

    def clean_owner(self) -> int:
        """Return the id of the unit named; the one in charge may stay, also when it has been closed."""
        if self.cleaned_data["owner"].strip() == self.theme.owner.name:
            return self.theme.owner_id
        return super().clean_owner()

    def clean_lead(self) -> int | None:
        """Return the id of the person named, or None; who is in charge may stay, out of sight or not."""
        if self.theme.lead and self.cleaned_data["lead"].strip() == self.theme.lead.username:
            return self.theme.lead_id
        return super().clean_lead()

    def head(self) -> ThemeHead:
        """Return what was entered."""
        data = self.cleaned_data
        indicator = data["indicator"]
        return ThemeHead(
            title=data["title"], owner_id=data["owner"], lead_id=data["lead"], started_on=data["started_on"],
            target=data["target"], indicator=indicator.code if indicator else "", target_on=data["target_on"],
            target_value=data["target_value"], steps=data["steps"],
        )  # fmt: skip


class StepForm(forms.Form):
    """A further step of the plan."""

    text = forms.CharField(label=pgettext_lazy("theme", "Step"), max_length=200)
    who = forms.CharField(label=pgettext_lazy("theme", "Who"), max_length=80)
    due_on = forms.DateField(label=pgettext_lazy("theme", "Until"), widget=_day())


class NumberForm(forms.Form):
    """The number of a case, or of a batch of the duty list."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)


class ReviewForm(forms.Form):
    """The review of a month."""

    text = forms.CharField(
        label=gettext_lazy("What was done, what it brought, and what comes next"), max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip


class EndForm(forms.Form):
    """One step of the life cycle; what came of a theme is said where it ends."""

    move = forms.ChoiceField(choices=[(name, name) for name in ("start", "achieve", "end")])
    row_version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.CharField(
        label=pgettext_lazy("theme", "What came of it"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


def lines_of_plan(steps: Iterable[ThemeStep]) -> str:
    """Return steps as the field of a plan takes them: a line each."""
    return "\n".join(f"{step.text} | {step.who} | {step.due_on.isoformat()}" for step in steps)


def codes_of(text: str) -> list[str]:
    """Return the codes of items that a field holds, each once."""
    return list(dict.fromkeys(code for code in BETWEEN.split(text) if code))


def _step(number: int, line: str) -> NewStep:
    parts = [part.strip() for part in line.replace("｜", "|").rsplit("|", 2)]
    try:
        text, who, day = parts
        due_on = date.fromisoformat(day)
    except ValueError:
        raise forms.ValidationError(
            _("Line %(line)s: write what | who | until, the day as 2026-12-31.") % {"line": number}
        ) from None
    return NewStep(text, who, due_on)
