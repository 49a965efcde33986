"""Taking over closed cases of an earlier system, many at a time: a service; dispatch adds its own part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zlib import crc32

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in, reserve_keys
from shenzhen_gov.core.exceptions import BadInput

from .models import Case
from .workflow import ARCHIVED

SERIALS = 10_000


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """A case that ended elsewhere.

    `holder_id` is the unit that answers for it from now on; `legacy` is what the outside system knew; `origin` the two
    letters in its number.
    """

    origin: str
    external_id: str
    channel_id: int
    request_type: str
    title: str
    registered_at: datetime
    area_id: int
    place_source: str
    item_id: int
    item_version_id: int
    holder_id: int
    legacy: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseReference:
    """A case by key and number, which is all that the audit log and its work order need of it."""

    pk: int
    number: str
    _meta: ClassVar = Case._meta

    def __str__(self) -> str:
        return self.number


def already_imported(external_ids: Iterable[str], *, origin: str) -> set[str]:
    """Return which outside numbers are here already, under whatever channel of that origin."""
    found = Case.objects.filter(channel__origin=origin, external_id__in=list(external_ids))
    return {str(external_id) for external_id in found.values_list("external_id", flat=True)}


@transaction.atomic
def import_cases(rows: Sequence[ImportedCase], *, by: Actor, now: datetime) -> list[CaseReference]:
    """Write archived cases, all or none, and return their keys and numbers in the order given.

    The outside system told one moment only, so the case counts as registered and accepted then; when it was closed is
    not known and stays empty. An outside number that is here already breaks the unique constraint.
    """
    numbers = _numbers(rows)
    cases = [CaseReference(key, number) for key, number in zip(reserve_keys(Case, len(rows)), numbers, strict=True)]
    copy_in(Case, (_record(row, case, by) for row, case in zip(rows, cases, strict=True)))
    audit.record_many(
        (
            audit.Record("case.imported", case, {"external_id": row.external_id, "source": row.legacy["source"]})
            for row, case in zip(rows, cases, strict=True)
        ),
        by=by,
        now=now,
    )
    return cases


def _record(row: ImportedCase, case: CaseReference, by: Actor) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "external_id": row.external_id,
        "state": ARCHIVED,
        "channel_id": row.channel_id,
        "request_type": row.request_type,
        "title": row.title[:120],
        "content": "",
        "area_id": row.area_id,
        "place_source": row.place_source,
        "item_id": row.item_id,
        "item_version_id": row.item_version_id,
        "holder_id": row.holder_id,
        "registered_at": row.registered_at,
        "registered_by": by.name,
        "accepted_at": row.registered_at,
        "legacy": row.legacy,
    }


def _numbers(rows: Sequence[ImportedCase]) -> list[str]:
    """Return a free number for each row: SZ, origin, the second, and four digits made of the outside number.

    So the same file gives the same numbers in every database, unless a number is taken.
    """
    wanted = [(_second(row), _serial(row)) for row in rows]
    numbers = [f"{second}{serial:04d}" for second, serial in wanted]
    taken = set(Case.objects.filter(number__in=numbers).values_list("number", flat=True))
    if not taken and len(set(numbers)) == len(numbers):
        return numbers
    doubled = {number for number, count in Counter(numbers).items() if count > 1}
    taken |= _taken_within({number[:-4] for number in taken | doubled})
    for place, (second, serial) in enumerate(wanted):
        free = (f"{second}{(serial + shift) % SERIALS:04d}" for shift in range(SERIALS))
        numbers[place] = next((number for number in free if number not in taken), "")
        if not numbers[place]:
            text = _("More than %(most)s cases in one second (%(time)s): there are no numbers left.")
            raise BadInput(text % {"most": SERIALS, "time": rows[place].registered_at}, field="registered_at")
        taken.add(numbers[place])
    return numbers


def _taken_within(seconds: set[str]) -> set[str]:
    """Return every number given out within these seconds."""
    taken: set[str] = set()
    for second in seconds:
        taken |= set(Case.objects.filter(number__startswith=second).values_list("number", flat=True))
    return taken


def _second(row: ImportedCase) -> str:
    """Return a number up to its last four digits."""
    return f"SZ{row.origin}{timezone.localtime(row.registered_at):%Y%m%d%H%M%S}"


def _serial(row: ImportedCase) -> int:
    own = int(row.external_id) if row.external_id.isdecimal() else crc32(row.external_id.encode())
    return own % SERIALS
