"""Objections with a document, and a planned institutional change, for tests of every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from dutylist.models import Objection
from dutylist.services import NewObjection, NewPlan, plan_unit_change, raise_objection
from dutylist.tests.world import NOON
from grid.tests.factories import make_unit
from shenzhen_gov.core.actor import Actor


def make_objection(city: SimpleNamespace, title: str = "这不归我们", files: Sequence = ()) -> Objection:
    """Raise an objection of the first district to the item T01, which is on the city's list."""
    data = NewObjection(title=title, content="按三定方案，此事属水务局。", item_code="T01")
    return raise_objection(data, files, by=Actor.staff(city.staff["duty_editor"]), now=NOON)


def add_changes(city: SimpleNamespace) -> dict[str, int]:
    """Make one of each; returns their ids. `agreed` was agreed by the city."""
    file = SimpleUploadedFile("决定.pdf", b"%PDF-1.4 decision")
    objection, agreed = make_objection(city, files=[file]), make_objection(city, "已经同意的")
    Objection.objects.filter(pk=agreed.pk).update(state="agreed", at_area=city.city)
    by = Actor.staff(city.staff["duty_manager"])
    document = objection.documents.get()
    unit = city.bureaus[0]["urban_management"]
    into = city.bureaus[0]["water"].pk
    plan = plan_unit_change(
        NewPlan(kind="merge", unit_id=unit.pk, into_id=into, effective_on=date(2099, 12, 1)), by=by, now=NOON
    )
    return {
        "objection": objection.pk, "agreed": agreed.pk, "document": document.pk, "plan": plan.pk, "unit": unit.pk,
    }  # fmt: skip


def plan_renamings(city: SimpleNamespace, count: int) -> None:
    """Set `count` units up below the first district's centre and plan a new name for each."""
    by = Actor.staff(city.staff["duty_manager"])
    for _n in range(count):
        unit = make_unit("test", parent=city.centres[0])
        new = NewPlan(kind="rename", unit_id=unit.pk, new_name=f"{unit.name}新名", effective_on=date(2099, 12, 1))
        plan_unit_change(new, by=by, now=NOON)
