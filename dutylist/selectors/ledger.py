"""The printed ledger of a batch: every line with what it changes, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dutylist.choices import ENDING
from dutylist.content import LABELS, Content, changes_between, contents_of, empty_content
from dutylist.models import Batch, BatchLine
from dutylist.wording import word
from shenzhen_gov.core.texts import joined


@dataclass(frozen=True)
class PrintedChange:
    """One field of a line on paper."""

    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True)
class PrintedLine:
    """One line on paper; `changes` is never empty."""

    line: BatchLine
    changes: list[PrintedChange]


def get_ledger(batch: Batch) -> list[PrintedLine]:
    """Return every line with what it changes, with a fixed number of queries."""
    lines = list(BatchLine.objects.filter(batch=batch).select_related("before").order_by("position"))
    contents = contents_of([line.before for line in lines if line.before], with_rows=False)
    return [PrintedLine(line, _changes(line, contents.get(line.before_id or 0))) for line in lines]


def _changes(line: BatchLine, before: Content | None) -> list[PrintedChange]:
    if line.kind in ENDING:
        return [PrintedChange(_("Superseded by"), "", joined(line.after.get("successors") or []) or "—")]
    after = {**line.after, "rows": None}
    found = [
        PrintedChange(change.label, word(change.name, change.before), word(change.name, change.after))
        for change in changes_between(before or empty_content(), after)
    ]
    rows = line.after.get("rows")
    if rows is not None:
        said = ngettext("%(count)s row", "%(count)s rows", len(rows)) % {"count": len(rows)}
        found.append(PrintedChange(LABELS["rows"], "", said))
    return found or [PrintedChange("", "", "")]
