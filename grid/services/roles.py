"""Roles: what they may do, who holds them where, and guardian's permission rows that follow from both.

RoleGrant says why somebody may act; StaffUnitPermission is what access.py reads. `follow_roles` derives the
second from the first, so a changed role reaches everybody who holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Role, RoleGrant, Staff, StaffUnitPermission, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused


@dataclass(frozen=True)
class RoleRow:
    """A role as the file or a form gives it; `acts` are values of grid.choices.Act."""

    code: str
    name: str
    name_en: str
    order: int
    start_page: str
    acts: tuple[str, ...]


@transaction.atomic
def load_roles(rows: Iterable[RoleRow], *, by: Actor, now: datetime) -> list[str]:
    """Bring the roles in line with `rows` and return what changed.

    Roles not named are left alone, and so are those edited by hand (the list says so when they differ).
    """
    access.require_administration(by, None)
    changes, entries, acts = [], [], {}
    known = {role.code: role for role in Role.objects.select_for_update(no_key=True).prefetch_related("acts")}
    for row in rows:
        role = known.get(row.code)
        before = _facts(role) if role else None
        wanted = {"name": row.name, "name_en": row.name_en, "order": row.order, "start_page": row.start_page}
        after = wanted | {"acts": sorted(row.acts)}
        if before == after:
            continue
        if role and role.is_edited:
            kept = _("kept as edited by hand")
            changes.append(f"= {row.code} {row.name}: {kept}")
            continue
        role, _created = Role.objects.update_or_create(code=row.code, defaults=wanted)
        acts[role] = row.acts
        entries.append(audit.Record("role.changed", role, _difference(before or {}, after)))
        changes.append(f"{'~' if before else '+'} {row.code} {row.name}")
    _write_acts(acts)
    audit.record_many(entries, by=by, now=now)
    return changes


@transaction.atomic
def set_role_acts(role_id: int, acts: Iterable[str], *, by: Actor, now: datetime) -> Role:
    """Change what a role may do, for everybody who holds it. BadInput(field="acts") for an unknown act."""
    access.require_administration(by, None)
    role = Role.objects.select_for_update(no_key=True).get(pk=role_id)
    wanted = sorted(set(acts))
    if unknown := sorted(set(wanted) - set(Act.values)):
        raise BadInput(_("Unknown act: %(act)s") % {"act": unknown[0]}, field="acts")
    before = _facts(role)["acts"]
    if wanted != before:
        _write_acts({role: wanted})
        role.is_edited = True
        role.save(update_fields=["is_edited"])
        audit.record("role.changed", role, by=by, now=now, changes={"acts": [before, wanted]})
    return role


@transaction.atomic
def grant_role(staff_id: int, role_id: int, unit_id: int, *, by: Actor, now: datetime) -> RoleGrant:
    """Give somebody a role at a unit and so for everything below it.

    Needs the administrator's act at that unit and sight of the person; nobody grants a role to themselves.
    Raises Refused when it is held already, BadInput(field="unit") for a closed unit.
    """
    staff = Staff.objects.select_for_update().get(pk=staff_id)
    unit, role = Unit.objects.get(pk=unit_id), Role.objects.get(pk=role_id)
    access.require_administration(by, unit)
    access.require_administration(by, staff)
    _refuse_own(staff, by)
    if unit.closed_on:
        raise BadInput(_("%(unit)s is closed; roles are granted at open units.") % {"unit": unit}, field="unit")
    if not staff.is_active:
        raise BadInput(_("The account %(who)s is switched off.") % {"who": staff.username}, field="staff")
    if RoleGrant.objects.filter(staff=staff, role=role, unit=unit).exists():
        raise Refused(_("%(who)s holds this role there already.") % {"who": staff}, field="role")
    grant = RoleGrant.objects.create(staff=staff, role=role, unit=unit, granted_at=now, granted_by=by.name)
    follow_roles([staff.pk])
    audit.record("role.granted", staff, by=by, now=now, changes={"role": role.code, "unit": [unit.code, unit.name]})
    return grant


@transaction.atomic
def withdraw_role(grant_id: int, *, by: Actor, now: datetime) -> None:
    """Take a role away. Needs the administrator's act at the unit; what other roles give there stays."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("staff", "role", "unit").get(pk=grant_id)
    access.require_administration(by, grant.unit)
    _refuse_own(grant.staff, by)
    staff, unit = grant.staff, grant.unit
    grant.delete()
    follow_roles([staff.pk])
    changes = {"role": grant.role.code, "unit": [unit.code, unit.name]}
    audit.record("role.withdrawn", staff, by=by, now=now, changes=changes)


def follow_roles(staff_ids: Iterable[int]) -> None:
    """Make permission rows of these people, and their access to the admin pages, follow from their roles."""
    staff_ids = set(staff_ids)
    grants = RoleGrant.objects.filter(staff__in=staff_ids, role__acts__isnull=False)
    wanted = set(grants.values_list("staff_id", "unit_id", "role__acts"))
    rows = StaffUnitPermission.objects.filter(user__in=staff_ids)
    present = {(row.user_id, row.content_object_id, row.permission_id): row.pk for row in rows}
    StaffUnitPermission.objects.filter(pk__in=[pk for key, pk in present.items() if key not in wanted]).delete()
    StaffUnitPermission.objects.bulk_create(
        StaffUnitPermission(user_id=staff, content_object_id=unit, permission_id=permission)
        for staff, unit, permission in sorted(wanted - present.keys())
    )
    administers = Exists(
        StaffUnitPermission.objects.filter(user=OuterRef("pk"), permission__codename=Act.MANAGE_SYSTEM)
    )
    Staff.objects.filter(pk__in=staff_ids).update(
        is_staff=Case(When(Q(is_superuser=True) | administers, then=True), default=False)
    )


def _write_acts(acts: Mapping[Role, Iterable[str]]) -> None:
    """Give roles their acts, with the same few statements however many roles there are."""
    known = Permission.objects.filter(content_type__app_label="grid", content_type__model="unit")
    by_code = dict(known.values_list("codename", "pk"))
    through: Any = Role.acts.through
    through.objects.filter(role__in=acts).delete()
    through.objects.bulk_create(
        through(role=role, permission_id=by_code[code])
        for role, codes in acts.items()
        for code in sorted(set(codes) & by_code.keys())
    )
    if holders := set(RoleGrant.objects.filter(role__in=acts).values_list("staff_id", flat=True)):
        follow_roles(holders)


def _facts(role: Role) -> dict:
    acts = sorted(act.codename for act in role.acts.all())
    return {
        "name": role.name,
        "name_en": role.name_en,
        "order": role.order,
        "start_page": role.start_page,
        "acts": acts,
    }


def _difference(before: dict, after: dict) -> dict:
    return {key: [before.get(key), value] for key, value in after.items() if before.get(key) != value}


def _refuse_own(staff: Staff, by: Actor) -> None:
    if by.user is not None and by.user.pk == staff.pk and not by.user.is_superuser:
        raise NotAllowed(_("Nobody grants or withdraws their own roles: ask another administrator."))
