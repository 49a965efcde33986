"""Planning a re-cut of a community or cell."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.services import RecutTarget

MOST_WRITTEN = 500_000


class RecutForm(forms.Form):
    """What shall become of an area on a day; one line for each area that takes something."""

    area = forms.CharField(
        label=_("Community or cell"), max_length=80, help_text=_("Its code, or its name where no other bears it.")
    )
    effective_on = forms.DateField(label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}))
    targets = forms.CharField(
        label=_("Into"), max_length=MOST_WRITTEN, widget=forms.Textarea(attrs={"rows": 6}), strip=True,
        help_text=_(
            "One area a line: code, name, codes of the cells or buildings it takes, e.g. 44030900202104, Cell 4,"
            " 4403090020210100001 4403090020210100002. An area that exists is named by its code alone. What nobody"
            " takes goes to the first line."
        ),
    )  # fmt: skip
    ends = forms.BooleanField(label=_("The area ends; the first line is its successor"), required=False, initial=True)
    document = forms.CharField(label=_("Decision document"), max_length=200)

    def clean_targets(self) -> tuple[RecutTarget, ...]:
        """Return the lines as the service takes them; it says what is wrong with one."""
        lines = [line for line in self.cleaned_data["targets"].splitlines() if line.strip()]
        return tuple(_target(line) for line in lines)


def _target(line: str) -> RecutTarget:
    code, name, takes = [*(part.strip() for part in re.split(r"[,，]", line, maxsplit=2)), "", ""][:3]
    return RecutTarget(code.upper(), name, tuple(takes.upper().replace(",", " ").replace("，", " ").split()))
