"""社区准入: what a community's own list says of a case, and the entry in words.

The list names a community for an item when the responsibility that answers at its place names it (lead, co-handler or
fallback), or when the item is a matter of the community level (事项层级). A case without an item has no entry to
check by.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from dispatch.models import WorkOrder
from dutylist.choices import DutyLevel
from dutylist.selectors import Duty, duty_for
from grid.choices import UnitKind
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.texts import joined_parts

LONGEST_BASIS = 120


def power_check(unit: Unit, case: Case, on: date) -> str | None:
    """Return why a community's own list refuses this case, the entry quoted; None when it may be given to the unit."""
    if unit.kind != UnitKind.COMMUNITY or case.item_id is None:
        return None
    duty = duty_for(case.item_id, unit.home_area, on)
    if duty is None or duty.version.duty_level == DutyLevel.COMMUNITY or _names(duty, unit):
        return None
    return _("Not in the list of %(unit)s. %(entry)s") % {"unit": unit, "entry": quote(duty)}


def quote_entry(order: WorkOrder, on: date) -> tuple[str, bool]:
    """Return the entry for a work order at its unit's place, and whether it names the unit."""
    refused = power_check(order.unit, order.case, on)
    if refused:
        return refused, False
    duty = duty_for(order.case.item_id, order.unit.home_area, on) if order.case.item_id else None
    return (quote(duty) if duty else ""), True


def quote(duty: Duty) -> str:
    """Return the entry of the list in one line: path, version, level, who answers, basis."""
    version, row = duty.version, duty.row
    parts = [
        _("“%(path)s” (%(code)s, version %(number)s)")
        % {"path": version.path_text, "code": version.item.code, "number": version.number}
    ]
    if version.duty_level:
        parts.append(_("level: %(level)s") % {"level": version.get_duty_level_display()})
    parts.append(_("responsible: %(unit)s") % {"unit": row.lead_unit} if row else _("nobody is named for this place"))
    if version.legal_basis:
        parts.append(_("basis: %(basis)s") % {"basis": version.legal_basis[:LONGEST_BASIS]})
    return joined_parts(parts)


def _names(duty: Duty, unit: Unit) -> bool:
    row = duty.row
    if row is None:
        return False
    return unit.pk in (row.lead_unit_id, row.fallback_unit_id) or row.co_units.filter(pk=unit.pk).exists()
