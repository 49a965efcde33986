"""Taking personal data away: from citizens, the texts of their cases, files, calls. Each may run twice.

What is left: the case with its place, item, clocks and decisions. The audit log is never changed; it holds no names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from intake.models import Attachment, Call, Case, CaseText, Citizen, Evaluation, Mediation, Supplement
from intake.signals import cases_anonymised
from intake.text_keys import keys_of
from shenzhen_gov.core.masking import mask_text

BUILDING = 19  # of the 25 digits of a house code; the rest is somebody's door
GONE = {"name": "", "phone": "", "phone_index": "", "phone_tail_index": "", "sex": ""}
GONE |= {"identity_type": "", "identity_number": "", "address": ""}
TEXTS: dict[type[Model], tuple[str, ...]] = {
    Supplement: ("text",),
    Evaluation: ("text",),
    Mediation: ("matter", "result"),
}


def due_citizens(before: datetime) -> QuerySet[Citizen]:
    """Return the citizens all of whose cases ended before `before`, and who are not anonymised yet."""
    kept = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=before), citizen=OuterRef("pk"))
    return Citizen.objects.filter(~Exists(kept), anonymised_at=None, created_at__lt=before)


def due_calls(before: datetime) -> QuerySet[Call]:
    """Return the calls before `before` that still name a number or a recording."""
    return Call.objects.filter(~Q(phone_index="") | ~Q(recording=""), rang_at__lt=before)


def anonymise_citizens(ids: Sequence[int], before: datetime, *, remove_files: bool, now: datetime) -> list[int]:
    """Anonymise those of the citizens that are still due, and return the ids of their cases. In a transaction.

    They are locked first and asked for again, so that a case registered a moment ago keeps its caller.
    """
    list(Citizen.objects.select_for_update().filter(pk__in=ids).values_list("pk"))
    citizens = {citizen.pk: citizen for citizen in due_citizens(before).filter(pk__in=ids)}
    cases = list(Case.objects.filter(citizen__in=citizens))
    names = {case.pk: citizens[case.citizen_id].name for case in cases if case.citizen_id}
    for case in cases:
        _mask_case(case, [names[case.pk]])
    case_ids = [case.pk for case in cases]
    for model, fields in TEXTS.items():
        _mask_rows(model._default_manager.filter(case__in=case_ids), fields)
    if remove_files:
        remove_content(Attachment.objects.filter(case__in=case_ids).exclude(file=""))
    Citizen.objects.filter(pk__in=citizens).update(**GONE, anonymised_at=now)
    cases_anonymised.send(sender=Case, case_ids=case_ids, names=names, now=now)
    return case_ids


def forget_calls(ids: Sequence[int]) -> int:
    """Take number and recording away from calls; returns from how many."""
    return Call.objects.filter(pk__in=ids).update(phone="", phone_index="", recording="")


def remove_content(attachments: Iterable[Attachment]) -> None:
    """Delete what is stored of files, before their rows say so: a broken run finds them again."""
    for file in attachments:
        for stored in (file.file, file.thumbnail):
            if stored.name:
                stored.storage.delete(stored.name)
        gone = {"file": "", "thumbnail": "", "name": f"—{PurePath(file.name).suffix}", "longitude": None}
        Attachment.objects.filter(pk=file.pk).update(**gone, latitude=None)


def _mask_case(case: Case, names: list[str]) -> None:
    """Take numbers and the caller's name out of the texts, the door out of the house code, and index it anew."""
    before = {name: getattr(case, name) for name in ("title", "content", "wish", "address")}
    after: dict[str, Any] = {name: mask_text(text, names) for name, text in before.items()}
    if after != before:
        CaseText.objects.filter(case=case.pk).update(
            keys=keys_of(case.pk, [after["title"], after["content"], after["address"]])
        )
    after["house_code"] = case.house_code[:BUILDING]
    if after != before | {"house_code": case.house_code}:
        Case.objects.filter(pk=case.pk).update(**after)


def _mask_rows(rows: QuerySet, names: tuple[str, ...]) -> None:
    for row in rows:
        after = {name: mask_text(getattr(row, name)) for name in names}
        if any(getattr(row, name) != text for name, text in after.items()):
            rows.filter(pk=row.pk).update(**after)
