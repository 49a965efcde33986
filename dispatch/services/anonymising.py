"""Texts of old cases without personal data: what units wrote, asked and sent. The audit log holds no such text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from dispatch.models import (
    Annotation,
    CallBack,
    CallBackTry,
    CaseRequest,
    CaseSplit,
    ClosureCheck,
    Contact,
    Docket,
    DocketParty,
    ExchangeMessage,
    Report,
    Review,
)
from shenzhen_gov.core.masking import mask_text

# model → path to the case, fields
TEXTS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Contact, "work_order__case_id", ("note",)),
    (Report, "work_order__case_id", ("text",)),
    (Annotation, "case_id", ("text",)),
    (CallBack, "case_id", ("text",)),
    (CallBackTry, "call_back__case_id", ("note",)),
    (ClosureCheck, "case_id", ("opinion",)),
    (Review, "report__work_order__case_id", ("opinion",)),
    (CaseRequest, "case_id", ("reason", "opinion", "asked_value")),
    (CaseSplit, "case_id", ("title", "content")),
    (Docket, "case_id", ("reason", "text")),
    (DocketParty, "docket__case_id", ("text",)),
    (ExchangeMessage, "exchange_case__case_id", ("body", "answer")),
)


def anonymise_texts(case_ids: Sequence[int], names: Mapping[int, str]) -> int:
    """Take numbers and the citizens' names (by case) out of what units wrote; returns how many rows changed.

    Called in the transaction that anonymises the citizens.
    """
    changed = 0
    for model, path, fields in TEXTS:
        rows = model._default_manager.filter(**{f"{path}__in": case_ids}).values_list("pk", path, *fields)
        for pk, case_id, *values in rows:
            masked = [_masked(value, [names.get(case_id, "")]) for value in values]
            if masked != values:
                model._default_manager.filter(pk=pk).update(**dict(zip(fields, masked, strict=True)))
                changed += 1
    return changed


def _masked(value: Any, names: list[str]) -> Any:
    """Return a text, or the texts in a JSON value, without what leads to somebody."""
    if isinstance(value, str):
        return mask_text(value, names)
    if isinstance(value, list):
        return [_masked(one, names) for one in value]
    if isinstance(value, dict):
        return {key: _masked(one, names) for key, one in value.items()}
    return value
