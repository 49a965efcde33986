"""The shape of what is entered in the registers of party and partners. Forms check the shape; the services decide."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.choices import HOLIDAY, AdviserKind, Audience, EstateKind, GatheringKind, KindOf, ReporterKind, SiteTier
from grid.models import Adviser, Area, CommunityTask, Estate, Gathering, Liaison, Reporter, ServiceSite
from grid.selectors import party as selectors
from grid.services import party as services
from grid.services.party import SiteData
from shenzhen_gov.core.exceptions import BadInput

SPAN = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})\s*")
DAYS = [(str(number + 1), name) for number, name in WEEKDAYS.items()]
HOURS: list[tuple[str, Any]] = [*DAYS, (HOLIDAY, gettext_lazy("On public holidays"))]


def day_field(label, **given) -> forms.DateField:
    """Return a field for a day with the control of the browser."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)


def moment_field(label) -> forms.DateTimeField:
    """Return a field for a moment with the control of the browser."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class EntryForm(forms.Form):
    """An entry of a register: always of one area where the user plans the work of the grid."""

    area = forms.CharField(label=gettext_lazy("Area"), max_length=80)

    def __init__(self, *args, user, row: Any = None, **kwargs):
        if row is not None:
            kwargs["initial"] = {"area": row.area.code} | self.initial_of(row)
        else:
            kwargs.setdefault("initial", {"area": selectors.home_area_planned(user)} | self.first())
        super().__init__(*args, **kwargs)
        self.user = user
        if offered := selectors.areas_offered(user, row):
            self.fields["area"] = forms.ChoiceField(label=gettext_lazy("Area"), choices=offered)
            if row is None:
                self.initial["area"] = offered[0][0]

    def clean_area(self) -> Area:
        """Return the one area that is meant."""
        return self._checked(lambda: selectors.find_area_planned(self.user, self.cleaned_data["area"]))

    def initial_of(self, row: Any) -> dict:
        """Return what the form shows of an entry: the columns of the same name."""
        return {name: getattr(row, name, None) for name in self.base_fields if name != "area"}

    def first(self) -> dict:
        """Return what a new entry starts with."""
        return {name: timezone.localdate() for name in ("begins_on", "held_on", "reported_on")}

    def values(self) -> dict:
        """Return what the service takes, the area by its id; only after `is_valid()`."""
        given = dict(self.cleaned_data)
        given["area_id"] = given.pop("area").pk
        return given

    def _checked(self, find):
        try:
            return find()
        except BadInput as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class KindForm(EntryForm):
    """An entry that is of one of the kinds administrators keep, or of none."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    register: KindOf

    def __init__(self, *args, row: Any = None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        rows = selectors.kinds_of(self.register, timezone.localdate())
        if row is not None and row.kind is not None and row.kind not in rows:
            rows.append(row.kind)  # out of use by now: what was said stays said
        choices: Any = self.fields["kind"]
        choices.choices = [("", "—"), *((str(one.pk), str(one)) for one in rows)]

    def initial_of(self, row: Any) -> dict:
        """Show which kind it is of."""
        return super().initial_of(row) | {"kind": str(row.kind_id or "")}

    def values(self) -> dict:
        """Return what the service takes, the kind by its id."""
        given = super().values()
        kind = given.pop("kind")
        return given | {"kind_id": int(kind) if kind else None}


class SiteForm(KindForm):
    """党群服务中心."""

    register = KindOf.SITE
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=SiteTier.choices, initial=SiteTier.LOCAL)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300)
    phone = forms.RegexField(r"^[\d+() -]{3,30}$", label=gettext_lazy("Phone of the desk"), required=False)
    services = forms.CharField(label=gettext_lazy("Services"), max_length=500, required=False)
    has_counter = forms.BooleanField(
        label=gettext_lazy("Requests are taken at the counter"), required=False, initial=True
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day, name in HOURS:
            self.fields[f"hours_{day}"] = forms.CharField(label=name, max_length=80, required=False)
        if not self.initial.get("name"):
            usual = {f"hours_{day}": "09:00-12:00 14:00-18:00" for day in "12345"}
            self.initial = {**self.initial, **usual, "tier": SiteTier.LOCAL, "has_counter": True, "is_active": True}

    def initial_of(self, row: ServiceSite) -> dict:
        """Show the hours of each day as they are written."""
        hours = {f"hours_{day}": " ".join("-".join(span) for span in spans) for day, spans in row.hours.items()}
        return super().initial_of(row) | hours

    def clean(self) -> dict:
        """Read the hours of each day."""
        given, hours = super().clean() or {}, {}
        for day, _name in HOURS:
            text = given.pop(f"hours_{day}", "").replace("：", ":").replace("，", " ").replace(",", " ")
            spans = SPAN.findall(text)
            if SPAN.sub("", text).strip():
                self.add_error(f"hours_{day}", _("Write times like 09:00-12:00 14:00-18:00."))
            elif spans:
                hours[day] = [list(span) for span in spans]
        return given | {"hours": hours}

    def entry(self) -> SiteData:
        """Return what the service takes; only after `is_valid()`."""
        return SiteData(**self.values())


class ReporterForm(EntryForm):
    """双报到."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ReporterKind.choices)
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Of a volunteer only where there is one."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Of a person; kept encrypted and shown masked."),
    )
    account = forms.CharField(
        label=gettext_lazy("Account"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("User name; with it they see the tasks and claim them by themselves."),
    )
    reported_on = day_field(gettext_lazy("Reported on"))
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def first(self) -> dict:
        """Start in use, today."""
        return super().first() | {"is_active": True}

    def initial_of(self, row: Reporter) -> dict:
        """Show the account by its name."""
        return super().initial_of(row) | {"account": row.staff.username if row.staff else ""}

    def clean_account(self) -> int | None:
        """Return the id of the account, None without one."""
        name = self.cleaned_data["account"].strip()
        return self._checked(lambda: selectors.find_account(name).pk) if name else None

    def entry(self) -> services.ReporterData:
        """Return what the service takes; only after `is_valid()`."""
        given = self.values()
        return services.ReporterData(staff_id=given.pop("account"), **given)


class TaskForm(KindForm):
    """A task for those who reported."""

    register = KindOf.TASK
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    details = forms.CharField(
        label=gettext_lazy("Details of the task"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.ChoiceField(label=gettext_lazy("For whom"), choices=Audience.choices)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200)
    starts_at = moment_field(gettext_lazy("Begins"))
    ends_at = moment_field(gettext_lazy("Ends"))
    wanted = forms.IntegerField(label=gettext_lazy("People wanted"), min_value=1, max_value=1000)

    def initial_of(self, row: CommunityTask) -> dict:
        """Show moments in local time."""
        moments = {name: timezone.localtime(getattr(row, name)) for name in ("starts_at", "ends_at")}
        return super().initial_of(row) | moments

    def entry(self) -> services.TaskData:
        """Return what the service takes; only after `is_valid()`."""
        return services.TaskData(**self.values())


class LiaisonForm(EntryForm):
    """挂点联系."""

    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        max_length=120,
        help_text=gettext_lazy("A city unit for a subdistrict, a district unit for a community."),
    )
    begins_on = day_field(gettext_lazy("From"))
    ends_on = day_field(gettext_lazy("Until"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def clean_unit(self) -> int:
        """Return the id of the one unit that is called so."""
        return self._checked(lambda: selectors.find_unit_named(self.cleaned_data["unit"], timezone.localdate()).pk)

    def initial_of(self, row: Liaison) -> dict:
        """Show the unit by its name."""
        return super().initial_of(row) | {"unit": row.unit.name}

    def entry(self) -> services.LiaisonData:
        """Return what the service takes; only after `is_valid()`."""
        given = self.values()
        return services.LiaisonData(unit_id=given.pop("unit"), **given)


class GatheringForm(EntryForm):
    """书记茶话会, or a liaison visit."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=GatheringKind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    liaison = forms.ChoiceField(label=gettext_lazy("Liaison"), required=False)
    held_on = day_field(gettext_lazy("Day"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200)
    residents = forms.IntegerField(label=gettext_lazy("Residents"), min_value=0, max_value=9999, initial=0)
    members = forms.IntegerField(label=gettext_lazy("Party members"), min_value=0, max_value=9999, initial=0)
    officials = forms.IntegerField(label=gettext_lazy("Officials"), min_value=0, max_value=9999, initial=0)
    note = forms.CharField(
        label=gettext_lazy("Summary"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("No names of people."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        rows = selectors.liaisons_for(user, timezone.localdate())[:200]
        choices: Any = self.fields["liaison"]
        choices.choices = [("", _("None, a meeting of our own")), *((str(row.pk), str(row)) for row in rows)]

    def initial_of(self, row: Gathering) -> dict:
        """Show which liaison it was."""
        return super().initial_of(row) | {"liaison": str(row.liaison_id or "")}

    def entry(self) -> services.GatheringData:
        """Return what the service takes; only after `is_valid()`."""
        given = self.values()
        liaison = given.pop("liaison")
        return services.GatheringData(liaison_id=int(liaison) if liaison else None, **given)


class EstateForm(EntryForm):
    """A property company or estate committee and what it looks after."""

    name = forms.CharField(label=gettext_lazy("Estate"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EstateKind.choices)
    body = forms.CharField(
        label=gettext_lazy("Company or committee"),
        max_length=120,
        help_text=gettext_lazy("It becomes a unit below the community; work can be handed to it."),
    )
    begins_on = day_field(gettext_lazy("Contract from"))
    ends_on = day_field(gettext_lazy("Contract until"), required=False)
    buildings = forms.CharField(
        label=gettext_lazy("Building codes"),
        max_length=12_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("19 characters each, separated by blanks; empty: the whole area."),
    )

    def initial_of(self, row: Estate) -> dict:
        """Show the body by its name and the buildings by their codes."""
        codes = " ".join(row.buildings.order_by("code").values_list("code", flat=True))
        return super().initial_of(row) | {"body": row.unit.name, "buildings": codes}

    def entry(self) -> services.EstateData:
        """Return what the service takes; only after `is_valid()`."""
        given = self.values()
        codes = tuple(re.split(r"[\s,，;；]+", given.pop("buildings").strip()))
        return services.EstateData(buildings=codes, **given)


class AdviserForm(EntryForm):
    """法治前哨."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AdviserKind.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    body = forms.CharField(label=gettext_lazy("Practice or committee"), max_length=120, required=False)
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On duty"), choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    duty = forms.CharField(label=gettext_lazy("Hours and place"), max_length=120, required=False)
    begins_on = day_field(gettext_lazy("From"))
    ends_on = day_field(gettext_lazy("Until"), required=False)

    def initial_of(self, row: Adviser) -> dict:
        """Show the days one by one."""
        return super().initial_of(row) | {"weekdays": list(row.weekdays)}

    def entry(self) -> services.AdviserData:
        """Return what the service takes; only after `is_valid()`."""
        given = self.values()
        return services.AdviserData(weekdays="".join(given.pop("weekdays")), **given)


class DayForm(forms.Form):
    """A day of service."""

    day = day_field(gettext_lazy("Day"), initial=timezone.localdate)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"), min_value=0, max_value=24, max_digits=4, decimal_places=1, initial=2
    )
    people = forms.IntegerField(label=gettext_lazy("People"), min_value=1, max_value=9999, initial=1)
    note = forms.CharField(label=gettext_lazy("Work done"), max_length=200, required=False)


class ClaimForm(forms.Form):
    """Somebody takes a task on."""

    reporter = forms.ChoiceField(label=gettext_lazy("Who takes it on"))
    people = forms.IntegerField(label=gettext_lazy("People"), min_value=1, max_value=1000, initial=1)

    def __init__(self, *args, takers: list[Reporter], **kwargs):
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["reporter"]
        choices.choices = [(str(row.pk), str(row)) for row in takers]
