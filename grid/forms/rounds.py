"""The shape of plans, check-ins and reasons of rounds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.models import RoundKind, RoundPlan
from grid.services import Here, NewPlan, NewRoundPoint
from grid.services.rounds.check_ins import NOTE_LENGTH
from grid.services.rounds.plans import CODE_LENGTH, LONGEST_LIST, MOST_DAYS, NAME_LENGTH
from grid.services.rounds.tasks import REASON_LENGTH
from shenzhen_gov.core.form_fields import set_choices

LONGEST_POINTS = 8_000
BUILDING_LENGTH = 19
WEEKDAYS = (
    ("1", gettext_lazy("Mon")), ("2", gettext_lazy("Tue")), ("3", gettext_lazy("Wed")), ("4", gettext_lazy("Thu")),
    ("5", gettext_lazy("Fri")), ("6", gettext_lazy("Sat")), ("7", gettext_lazy("Sun")),
)  # fmt: skip


class CheckInForm(forms.Form):
    """What the phone gives at a point."""

    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=gettext_lazy("Code on the spot"), max_length=CODE_LENGTH, required=False)
    wrong = forms.MultipleChoiceField(
        label=gettext_lazy("What is not in order?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=NOTE_LENGTH, required=False)

    def __init__(self, *args, checks: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "wrong", [(line, line) for line in checks])

    def here(self) -> Here:
        """Return what the service takes; only after `is_valid()`."""
        return Here(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why a round was missed."""

    reason = forms.CharField(label=gettext_lazy("Why was it missed?"), max_length=REASON_LENGTH)


class PlanForm(forms.Form):
    """A patrol plan; its points stand one a line: name, then a building code, a QR code or longitude and latitude."""

    area = forms.ChoiceField(label=gettext_lazy("Area"))
    kind = forms.ModelChoiceField(
        label=gettext_lazy("What it looks after"), queryset=RoundKind.objects.filter(is_active=True),
        to_field_name="code",
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=NAME_LENGTH, required=False,
        help_text=gettext_lazy("Empty: the name of the kind."),
    )  # fmt: skip
    every_days = forms.IntegerField(
        label=gettext_lazy("Every … days"), min_value=1, max_value=MOST_DAYS, initial=1,
    )  # fmt: skip
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Only on these weekdays"), choices=WEEKDAYS, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    workdays_only = forms.BooleanField(
        label=gettext_lazy("On working days only"), required=False,
        help_text=gettext_lazy("What falls on a day off is walked on the next working day."),
    )  # fmt: skip
    opens_at = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes_at = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput(attrs={"type": "time"}))
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    points = forms.CharField(
        label=gettext_lazy("Points to pass"), max_length=LONGEST_POINTS, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "One a line. After the name, with a comma, what proves that somebody is there: the building's code, the "
            "code of the QR sheet, or longitude and latitude."
        ),
    )  # fmt: skip
    check_list = forms.CharField(
        label=gettext_lazy("Check list"), max_length=LONGEST_LIST, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One line each. Empty: the list of the kind."),
    )  # fmt: skip

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(
            self, "area", [(area.code, "　" * (area.level - areas[0].level) + area.short_name) for area in areas]
        )

    def clean_points(self) -> list[NewRoundPoint]:
        """Return the points, a line each."""
        lines = [line for line in self.cleaned_data["points"].splitlines() if line.strip()]
        return [_point(number, line) for number, line in enumerate(lines, 1)]

    def new_plan(self) -> NewPlan:
        """Return what the service takes; only after `is_valid()`."""
        given = dict(self.cleaned_data)
        kind = given.pop("kind")
        given["weekdays"] = "".join(given["weekdays"])
        return NewPlan(**given, kind=kind.code)


def _point(number: int, line: str) -> NewRoundPoint:
    """Return the point of one line. Raises ValidationError naming the line."""
    name, *proofs = [part.strip() for part in line.replace("，", ",").split(",")]
    given: dict = {}
    if len(proofs) == 2:  # noqa: PLR2004 (longitude and latitude)
        try:
            given = {"longitude": float(proofs[0]), "latitude": float(proofs[1])}
        except ValueError as error:
            text = _("Line %(number)s: longitude and latitude are two numbers.")
            raise forms.ValidationError(text % {"number": number}) from error
    elif len(proofs) == 1 and proofs[0]:
        given = {"building" if len(proofs[0]) == BUILDING_LENGTH else "code": proofs[0]}
    elif len(proofs) > 1:
        raise forms.ValidationError(_("Line %(number)s has too many commas.") % {"number": number})
    return NewRoundPoint(name, **given)


def plan_values(plan: RoundPlan) -> dict:
    """Return what the form of a plan begins with."""
    names = ("name", "every_days", "workdays_only", "opens_at", "closes_at", "valid_from", "valid_until", "check_list")
    values = {name: getattr(plan, name) for name in names}
    lines = []
    for point in plan.points.all():
        proof = point.building.code if point.building else point.code
        if not proof and point.longitude is not None:
            proof = f"{point.longitude},{point.latitude}"
        lines.append(f"{point.name},{proof}" if proof else point.name)
    return values | {
        "area": plan.area.code, "kind": plan.kind, "weekdays": list(plan.weekdays), "points": "\n".join(lines),
    }  # fmt: skip
