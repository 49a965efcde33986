"""The shape of an article, of a review's opinion, and of what is said to be wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.models import Unit
from intake.limits import ANSWER_LIMIT
from intake.models import ArticleVersion
from intake.services.article_texts import OPINION_LENGTH, ArticleText

from .leads import AreaField

DAY = forms.DateInput(attrs={"type": "date"})


class LinesField(forms.CharField):
    """Texts, one a line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the lines that are not empty."""
        return tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())


class ArticleForm(forms.Form):
    """An article; `units` are those that may own it, none when it has its owner."""

    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    unit = forms.ChoiceField(label=_("Owned by"))
    title = forms.CharField(label=_("Title"), min_length=2, max_length=120, help_text=_("As citizens ask it."))
    questions = LinesField(
        label=_("Asked as"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Other wordings, one a line; the search finds them like the title."),
    )
    body = forms.CharField(
        label=_("Answer"), min_length=2, max_length=ANSWER_LIMIT, widget=forms.Textarea(attrs={"rows": 12})
    )
    basis = forms.CharField(label=_("Basis"), max_length=300, required=False)
    area = AreaField(label=_("Holds in"), max_length=60, required=False, help_text=_("Empty: the whole city."))
    items = forms.CharField(
        label=_("Duty items"),
        required=False,
        max_length=2000,
        help_text=_("Codes, with blanks between them: the article comes up where one of them is chosen."),
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=DAY, help_text=_("It goes offline by itself the day after.")
    )

    def __init__(self, *args, units: list[Unit] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"]
        else:
            unit: Any = self.fields["unit"]
            unit.choices = [(one.pk, one.name) for one in units]

    @classmethod
    def of_version(cls, version: ArticleVersion) -> ArticleForm:
        """Return the form of a draft as it is stored."""
        kept = ("row_version", "title", "body", "basis", "valid_from", "expires_on")
        initial = {name: getattr(version, name) for name in kept} | {
            "questions": "\n".join(version.questions),
            "area": version.area.code if version.area else "",
            "items": " ".join(item.code for item in version.items.all()),
        }
        return cls(initial=initial)

    def get_text(self) -> ArticleText:
        """Return what the service takes; only after `is_valid()`."""
        given = self.cleaned_data
        names = ("title", "questions", "body", "basis", "area", "valid_from", "expires_on")
        codes = given["items"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return ArticleText(items=tuple(codes), **{name: given[name] for name in names})


class OpinionForm(forms.Form):
    """A step of the review, with what the reviewer says."""

    move = forms.CharField(max_length=20, widget=forms.HiddenInput)
    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opinion = forms.CharField(label=_("Opinion"), max_length=OPINION_LENGTH, required=False)


class CorrectionForm(forms.Form):
    """纠错: what is wrong."""

    text = forms.CharField(
        label=_("What is wrong"), min_length=4, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectionAnswerForm(forms.Form):
    """The owner's answer to a report of a mistake."""

    is_taken = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    answer = forms.CharField(label=_("Answer"), max_length=OPINION_LENGTH, required=False)
