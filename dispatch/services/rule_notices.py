"""What people are told of dispatch rules: who publishes them, and who wrote the version. Texts are data."""

from __future__ import annotations

from datetime import datetime

from dispatch.models import Rule, RuleVersion
from grid.choices import Act, UnitKind
from grid.models import Unit
from grid.services import Receiver, send_message


def tell_publishers(version: RuleVersion, template: str, *, now: datetime, **facts) -> int:
    """Tell whoever publishes rules at the centre of the rule's area; returns how many messages were written."""
    centres = Unit.objects.filter(kind=UnitKind.CENTRE, home_area=version.rule.area_id, closed_on=None)
    to = [Receiver(unit_id=pk, act=Act.PUBLISH_RULES.value) for pk in centres.values_list("pk", flat=True)]
    return _send(template, to, version, now, facts)


def tell_editor(version: RuleVersion, template: str, *, now: datetime, **facts) -> int:
    """Tell who edited the version last."""
    to = [Receiver(user_id=version.edited_by_id)] if version.edited_by_id else []
    return _send(template, to, version, now, facts)


def _send(template: str, to: list[Receiver], version: RuleVersion, now: datetime, facts: dict) -> int:
    rule: Rule = version.rule
    named = {"rule": f"{rule.code} {version.name}"} | facts
    return send_message(template, to, facts=named, now=now, link=f"/dispatch/rules/{rule.code}/", about=rule.code)
