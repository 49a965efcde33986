"""Whom an early warning is told: analysts of the centres around it when it is found, its owner when it is true.

Messages hold no personal data: the kind, the matter, the area and how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import override

from analytics.choices import WarningKind
from analytics.models import EarlyWarning
from grid.choices import Act, UnitKind
from grid.models import Area, Unit
from grid.services import Receiver, send_message


def tell_analysts(warnings: Iterable[EarlyWarning], *, now: datetime) -> None:
    """Tell the analysts of the centres around: of risk words one by one, of the others how many there are."""
    warnings = list(warnings)
    if not warnings:
        return
    around = _centres_around({warning.area_id for warning in warnings})
    many: dict[int, int] = defaultdict(int)
    for warning in warnings:
        centres = around[warning.area_id]
        if warning.kind == WarningKind.RISK:
            _send("warning_risk", centres, {"name": warning.name, "area": warning.area.short_name,
                                            "count": warning.count}, _page(warning), warning, now)  # fmt: skip
            continue
        for centre in centres:
            many[centre] += 1
    for centre, count in many.items():
        _send("warnings_found", [centre], {"count": count}, reverse("analytics:warnings"), None, now)


def tell_owner(warning: EarlyWarning, *, now: datetime) -> None:
    """Tell the unit that a true warning was given to."""
    with override("zh-hans"):
        kind = str(WarningKind(warning.kind).label)
    facts = {"kind": kind, "name": warning.name, "area": warning.area.short_name, "reason": warning.reason}
    to = [Receiver(unit_id=warning.owner_unit_id, act=Act.HANDLE_CASE.value)]
    to.append(Receiver(unit_id=warning.owner_unit_id, act=Act.JUDGE_WARNING.value))
    send_message("warning_owner", to, facts=facts, now=now, link=_page(warning), about=str(warning.pk))


def _send(template: str, centres: list[int], facts: dict, link: str, about: EarlyWarning | None, now: datetime) -> None:
    to = [Receiver(unit_id=centre, act=Act.JUDGE_WARNING.value) for centre in centres]
    send_message(template, to, facts=facts, now=now, link=link, about=str(about.pk) if about else "")


def _centres_around(area_ids: set[int]) -> dict[int, list[int]]:
    """Return area → the centres that answer for it, widest first."""
    areas = {area.pk: area for area in Area.objects.filter(pk__in=area_ids)}
    paths = {pk: [int(part) for part in area.path.strip("/").split("/")] for pk, area in areas.items()}
    every = {one for path in paths.values() for one in path}
    centres: dict[int, list[int]] = defaultdict(list)
    for unit, home in Unit.objects.filter(kind=UnitKind.CENTRE, home_area__in=every, closed_on=None).values_list(
        "pk", "home_area"
    ):
        centres[home].append(unit)
    return {pk: [unit for one in path for unit in centres[one]] for pk, path in paths.items()}


def _page(warning: EarlyWarning) -> str:
    return reverse("analytics:warning", args=[warning.pk])
