"""What the line above sees: marks on cases, the history on a case's page, and the supervision desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet, Value

from dispatch.models import CircularLine, Escalation, Instruction, Supervision, Urge
from intake.models import Case

SHOWN = 30


@dataclass(frozen=True)
class Marks:
    """What the line above has said about a case, as chips show it."""

    urges: int = 0
    is_supervised: bool = False
    is_confirmed: bool = False
    asks_reply: bool = False

    def __bool__(self) -> bool:
        return bool(self.urges or self.is_supervised or self.asks_reply)


NO_MARKS = Marks()


def get_marks(case_ids: Iterable[int]) -> dict[int, Marks]:
    """Return case id → its marks, of the cases that have any: one statement for a whole page."""
    ids = list(case_ids)
    if not ids:
        return {}
    rows = {"case__in": ids}
    urged = Urge.objects.filter(**rows).order_by().values("case")
    supervised = Supervision.objects.filter(**rows, ended_at=None).order_by().values("case")
    asked = Instruction.objects.filter(**rows, asks_reply=True, replied_at=None).order_by().values("case")
    said = urged.annotate(n=Count("pk"), what=Value("urged")).union(
        supervised.annotate(n=Count("confirmed_at"), what=Value("supervised")),
        asked.annotate(n=Count("pk"), what=Value("asked")),
        all=True,
    )
    found: dict[int, Marks] = {}
    for row in said:
        marks = found.get(row["case"], NO_MARKS)
        if row["what"] == "urged":
            marks = replace(marks, urges=row["n"])
        elif row["what"] == "supervised":
            marks = replace(marks, is_supervised=True, is_confirmed=row["n"] > 0)
        else:
            marks = replace(marks, asks_reply=True)
        found[row["case"]] = marks
    return found


def marks_of(case: Case) -> Marks:
    """Return the marks of one case, read once for its page."""
    kept = case.__dict__
    if "_marks" not in kept:
        kept["_marks"] = get_marks([case.pk]).get(case.pk, NO_MARKS)
    return kept["_marks"]


# What a step on the case needs of its marks; without it the step is not offered.
OFFERED = {
    "supervise": lambda marks: not marks.is_supervised,
    "confirm_supervision": lambda marks: marks.is_supervised and not marks.is_confirmed,
    "end_supervision": lambda marks: marks.is_supervised,
    "answer_instruction": lambda marks: marks.asks_reply,
}


def is_offered(step: str, case: Case) -> bool:
    """Whether a step on the case makes sense now, by what the line above has said."""
    return step not in OFFERED or OFFERED[step](marks_of(case))


@dataclass(frozen=True)
class Said:
    """Everything the line above has said about a case, newest first."""

    urges: list[Urge]
    supervisions: list[Supervision]
    instructions: list[Instruction]
    circulars: list[CircularLine]
    escalations: list[Escalation]

    def __bool__(self) -> bool:
        return bool(self.urges or self.supervisions or self.instructions or self.circulars or self.escalations)


def said_rows(case: Case) -> dict[str, QuerySet]:
    """Return what each field of Said is made of."""
    return {
        "urges": case.urges.select_related("unit"),
        "supervisions": case.supervisions.select_related("unit"),
        "instructions": case.instructions.select_related("unit"),
        "circulars": case.circular_lines.select_related("circular", "unit").order_by("-id"),
        "escalations": case.escalations.select_related("clock", "rule", "unit"),
    }


def get_said(case: Case, filled: set[str]) -> Said:
    """Return what the line above has said about a case that was found to be seen; `filled`: what is not empty."""
    return Said(**{name: list(rows[:SHOWN]) if name in filled else [] for name, rows in said_rows(case).items()})
