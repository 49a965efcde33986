"""Writing the time limits and the escalation rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockStage, EscalateTo, EscalateWhat
from dispatch.models import ClockRule, EscalationRule
from dutylist.choices import LimitUnit
from dutylist.models import Item
from grid.access import require_administration
from grid.choices import Level
from intake.choices import RequestType, Urgency
from intake.models import Channel
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import bad_row
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.kept import forget_all

MOST_DAYS = 250
CLOCK_SCOPE = (
    "kind", "request_type", "urgency", "channel_id", "item_id", "level", "is_redo", "effective_from",
)  # fmt: skip
ESCALATION_SCOPE = ("clock", "stage", "whom", "what", "days", "effective_from")
LONGEST = 100_000  # of any unit: some sixty years of working hours


@transaction.atomic
def load_clock_rules(records: Sequence[tuple[int, dict[str, str]]]) -> tuple[int, int]:
    """Add the time limits that are not there yet; returns (added, unchanged). `records` are (line, columns).

    A limit that exists for the same scope and day is never changed: raises BadInput naming the row.
    """
    codes = _known_codes(records)
    known = {_key(rule, CLOCK_SCOPE): rule for rule in ClockRule.objects.all()}
    fresh = []
    for line, record in records:
        rule = ClockRule(
            **_scope(line, record, codes), amount=int(record["amount"]), unit=record["unit"], source=record["source"]
        )
        there = known.setdefault(_key(rule, CLOCK_SCOPE), rule)
        if (there.amount, there.unit) != (rule.amount, rule.unit):
            raise bad_row(line, "amount", _("this limit exists already and reads otherwise; give it a later date"))
        fresh += [rule] if there is rule else []
    ClockRule.objects.bulk_create(fresh)
    forget_all()
    return len(fresh), len(records) - len(fresh)


def _key(row: ClockRule | EscalationRule, names: Sequence[str]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def _known_codes(records: Sequence[tuple[int, dict[str, str]]]) -> dict[str, dict[str, int]]:
    """Return column → code → key, of what the records name by its code."""
    items = {record["item"] for _line, record in records}
    return {
        "channel": dict(Channel.objects.values_list("code", "pk")),
        "item": dict(Item.objects.filter(code__in=items).values_list("code", "pk")),
        "level": {level.name.lower(): level.value for level in Level if level < Level.CELL},
    }


def _scope(line: int, record: dict[str, str], codes: dict[str, dict[str, int]]) -> dict:
    """Return the columns that identify a limit, checked."""
    words = {
        "kind": ClockKind.values,
        "unit": LimitUnit.values,
        "request_type": ["", *RequestType.values],
        "urgency": ["", *Urgency.values],
        "redo": ["", "yes"],
        **{column: ["", *known] for column, known in codes.items()},
    }
    _check_words(line, record, words)
    if not record["amount"].isdecimal() or not 0 < int(record["amount"]) <= LONGEST:
        raise bad_row(line, "amount", _("must be a whole number above 0"))
    effective_from = _day(line, record)
    scope = {name: record[name] for name in ("kind", "request_type", "urgency")}
    keys = {"channel_id": codes["channel"], "item_id": codes["item"], "level": codes["level"]}
    given = {name: known.get(record[name.removesuffix("_id")]) for name, known in keys.items()}
    return scope | given | {"is_redo": record["redo"] == "yes", "effective_from": effective_from}


@transaction.atomic
def load_escalation_rules(records: Sequence[tuple[int, dict[str, str]]]) -> tuple[int, int]:
    """Add the escalation rules that are not there yet; returns (added, unchanged). `records` are (line, columns).

    Raises BadInput naming the row.
    """
    known = {_key(rule, ESCALATION_SCOPE) for rule in EscalationRule.objects.all()}
    fresh = []
    for line, record in records:
        words = {
            "clock": ["", *ClockKind.values], "stage": ClockStage.values, "whom": EscalateTo.values,
            "what": EscalateWhat.values,
        }  # fmt: skip
        _check_words(line, record, words)
        days = record["days"]
        if not days.isdecimal() or int(days) > MOST_DAYS or (int(days) and record["stage"] == ClockStage.YELLOW):
            raise bad_row(line, "days", _("must be whole working days, 0 for a yellow warning"))
        if not record["source"]:
            raise bad_row(line, "source", _("says where the rule comes from"))
        scope = {name: record[name] for name in words} | {"days": int(days), "effective_from": _day(line, record)}
        rule = EscalationRule(**scope, source=record["source"][:200])
        if _key(rule, ESCALATION_SCOPE) not in known:
            known.add(_key(rule, ESCALATION_SCOPE))
            fresh.append(rule)
    EscalationRule.objects.bulk_create(fresh)
    forget_all()
    return len(fresh), len(records) - len(fresh)


def _check_words(line: int, record: dict[str, str], words: dict[str, list[str]]) -> None:
    for column, allowed in words.items():
        if record[column] not in allowed:
            raise bad_row(line, column, _("unknown value “%(value)s”") % {"value": record[column]})


def _day(line: int, record: dict[str, str]) -> date:
    try:
        return date.fromisoformat(record["effective_from"])
    except ValueError as error:
        raise bad_row(line, "effective_from", _("must be a day such as 2018-01-01")) from error


@transaction.atomic
def add_clock_rule(rule: ClockRule, *, by: Actor, now: datetime) -> ClockRule:
    """Enter one time limit that holds from today or later. Open clocks keep their deadlines.

    Raises BadInput naming the field.
    """
    require_administration(by, None)
    _check_day(rule.effective_from, now)
    if not 0 < rule.amount <= LONGEST:
        raise BadInput(_("must be a whole number above 0"), field="amount")
    rule.save(force_insert=True)
    forget_all()
    audit.record("clock_rule.added", rule, by=by, now=now, changes={"source": rule.source})
    return rule


@transaction.atomic
def save_escalation_rule(rule: EscalationRule, *, by: Actor, now: datetime) -> EscalationRule:
    """Enter an escalation rule that holds from today or later, or say until when one holds that is there."""
    require_administration(by, None)
    if rule.pk is None:
        _check_day(rule.effective_from, now)
        rule.save(force_insert=True)
    else:
        last = rule.effective_until
        if last is not None and last < timezone.localdate(now) - timedelta(days=1):
            raise BadInput(
                _("What was done under a rule stays: choose yesterday or a later day."), field="effective_until"
            )
        rule.save(update_fields=["effective_until"])
    forget_all()
    facts = {"source": rule.source, "until": str(rule.effective_until or "")}
    audit.record("escalation_rule.saved", rule, by=by, now=now, changes=facts)
    return rule


def _check_day(effective_from: date, now: datetime) -> None:
    if effective_from < timezone.localdate(now):
        raise BadInput(_("It cannot hold from a day that has passed."), field="effective_from")
