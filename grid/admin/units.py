"""Units: looked up by any name; every change is a step that keeps history."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from grid import services
from grid.admin_scope import ReadOnlyInline
from grid.forms.administration import AliasForm, MoveForm, RenameForm, SplitForm, SuccessorForm, UnitAddForm
from grid.models import Unit, UnitChange, UnitName
from grid.services import NewUnit
from shenzhen_gov.core.texts import joined

from .steps import Step, SteppedAdmin


def _rename(unit: Unit, given: dict, **who) -> None:
    services.rename_unit(unit.pk, given["name"], given["effective_on"], document=given["document"], **who)


def _alias(unit: Unit, given: dict, **who) -> None:
    services.add_alias(unit.pk, given["name"], source=given["source"], **who)


def _move(unit: Unit, given: dict, **who) -> None:
    services.move_unit(unit.pk, given["parent"].pk, given["effective_on"], document=given["document"], **who)


def _merge(unit: Unit, given: dict, **who) -> None:
    services.merge_units(unit.pk, given["successor"].pk, given["effective_on"], document=given["document"], **who)


def _close(unit: Unit, given: dict, **who) -> None:
    services.close_unit(unit.pk, given["successor"].pk, given["effective_on"], document=given["document"], **who)


def _split(unit: Unit, given: dict, **who) -> None:
    parts = [
        NewUnit(
            code=code, function=unit.function, kind=unit.kind, level=unit.level, name=name,
            parent=unit.parent.code if unit.parent else "", home_area=unit.home_area.code,
            opened_on=given["effective_on"],
        )
        for code, name in given["parts"]
    ]  # fmt: skip
    heir = parts[0].code if parts and given["ends"] else ""
    services.split_unit(unit.pk, parts, given["effective_on"], heir=heir, document=given["document"], **who)


STEPS = {
    "rename": Step(
        _("Rename the unit"), _("Rename"), _("The unit has its new name; the old one still leads to it."), RenameForm,
        _rename,
    ),
    "alias": Step(_("Add an alias"), _("Add"), _("The alias leads to the unit."), AliasForm, _alias),
    "move": Step(
        _("Move the unit"), _("Move"), _("The unit and everything below it lie in their new place."), MoveForm, _move
    ),
    "merge": Step(
        _("Merge into another unit"), _("Merge"), _("The unit has ended; its successor has taken over."),
        SuccessorForm, _merge,
        _("Units below it, its people and their roles go to the successor; its names and past cases stay with it."),
    ),
    "split": Step(_("Split the unit"), _("Split"), _("The new units are set up."), SplitForm, _split),
    "close": Step(
        _("Close the unit"), _("Close the unit"), _("The unit is closed."), SuccessorForm, _close,
        _("Only an empty unit is closed: no open unit below it, no people, no roles."),
    ),
}  # fmt: skip


class NamesInline(ReadOnlyInline):
    """Every name the unit has or had."""

    model = UnitName
    fields = readonly_fields = ("name", "kind", "valid_from", "source")
    ordering = ("-valid_from", "kind")


class ChangesInline(ReadOnlyInline):
    """Its institutional changes."""

    model = UnitChange
    fields = readonly_fields = ("effective_on", "kind", "what", "document")

    @display(description=_("What changed"))
    def what(self, change: UnitChange) -> str:
        """Return the facts before and after in one line."""
        before = joined(str(value) for value in change.before.values())
        after = joined(str(value) for value in change.after.values())
        return " → ".join(part for part in (before, after) if part)


@admin.register(Unit)
class UnitAdmin(SteppedAdmin):
    """The unit tree as a list in tree order."""

    list_display = ("name", "code", "function", "kind", "level", "home_area", "parent", "closed_on")
    list_filter = ("kind", "level", ("closed_on", admin.EmptyFieldListFilter))
    list_select_related = ("home_area", "parent")
    search_fields = ("names__name", "code")
    ordering = ("path",)
    autocomplete_fields = ("parent", "home_area")
    inlines = (NamesInline, ChangesInline)
    form = UnitAddForm
    fields = ("code", "name", "function", "kind", "level", "parent", "home_area", "opened_on", "document")
    actions_detail = ({"title": _("Change the unit"), "items": ("rename", "alias", "move", "merge", "split", "close")},)
    steps = STEPS

    def has_change_permission(self, request, obj=None) -> bool:
        """A unit that exists is changed by steps, not in the form."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request, obj=None):
        """Return what a new unit needs, or what there is to see of an old one."""
        return self.fields if obj is None else (*self.fields[:-1], "closed_on", "successor")

    def get_inlines(self, request, obj):
        """Names and changes belong to a unit that exists."""
        return self.inlines if obj else ()

    def write(self, obj: Unit, form, change, *, by, now) -> Unit:
        """Set the unit up."""
        given = form.cleaned_data
        new = NewUnit(
            code=given["code"], function=given["function"], kind=given["kind"], level=given["level"],
            name=given["name"], parent=given["parent"].code, home_area=given["home_area"].code,
            opened_on=given["opened_on"],
        )  # fmt: skip
        return services.create_unit(new, by=by, now=now, document=given["document"])

    @action(description=_("Rename"))
    def rename(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "rename")

    @action(description=_("Add an alias"))
    def alias(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "alias")

    @action(description=_("Move"))
    def move(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "move")

    @action(description=_("Merge"))
    def merge(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "merge")

    @action(description=_("Split"))
    def split(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "split")

    @action(description=_("Close the unit"))
    def close(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "close")
