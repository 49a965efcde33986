"""Keeping ad-hoc tables under a name, for oneself or for one's unit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import KeptTable
from grid.models import Staff
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight

MOST_KEPT = 50


@transaction.atomic
def keep_table(name: str, query: str, *, is_shared: bool = False, by: Actor, now: datetime) -> KeptTable:
    """Keep a question under a name; the same name again replaces it. Raises BadInput naming the field."""
    if by.user is None:
        raise NotAllowed(_("Tables are kept by people."))
    owner = Staff.objects.select_for_update(of=("self",)).select_related("unit").get(pk=by.user.pk)
    name = name.strip()
    if not name:
        raise BadInput(_("must not be empty"), field="name")
    if len(name) > (KeptTable._meta.get_field("name").max_length or 0) or len(query) > 1000:
        raise BadInput(_("too long"), field="name")
    if is_shared and owner.unit is None:
        raise BadInput(_("You belong to no unit to share it with."), field="is_shared")
    mine = KeptTable.objects.filter(owner=owner)
    table = mine.filter(name=name).first()
    if table is None and mine.count() >= MOST_KEPT:
        raise BadInput(_("You keep %(most)s tables already; remove one first.") % {"most": MOST_KEPT}, field="name")
    table = table or KeptTable(name=name, owner=owner)
    table.query, table.kept_at = query, now
    table.unit = owner.unit if is_shared else None
    table.save()
    audit.record("table.kept", table, by=by, now=now, changes={"query": query, "shared": is_shared})
    return table


@transaction.atomic
def remove_table(table_id: int, *, by: Actor, now: datetime) -> None:
    """Remove a table of one's own."""
    table = KeptTable.objects.select_for_update().filter(pk=table_id, owner=by.id).first()
    if table is None:
        raise OutOfSight(_("Not found."))
    audit.record("table.removed", table, by=by, now=now, changes={"query": table.query})
    table.delete()
