"""Hundreds of thousands of cases in seconds, to measure pages at the size of a city. Only for measuring.

The rows are written by SQL past the services and with triggers off, so they carry no audit entries; `add_audit` writes
entries for a few cases through the real triggers. Needs a superuser of the database server.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from dispatch.models import Decision, WorkOrder
from intake.models import Case, Citizen
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.crypto import blind_index

HERE = Path(__file__).parent
CITIZENS = 5_000
STEPS = ("case.registered", "case.accepted", "case.dispatched", "work_order.signed", "work_order.contacted")


def generate(cases: int, *, open_share: float = 0.5, seed: float = 0.2026) -> None:
    """Add `cases` cases with work orders, decisions, clocks and facts; at most half a million of them open."""
    _write("generate_cases.sql", cases, min(open_share, 500_000 / cases), seed)


def generate_waiting(cases: int, *, seed: float = 0.1949) -> None:
    """Add `cases` accepted cases that the machine has not looked at yet; the duty list answers for all of them."""
    _write("generate_waiting.sql", cases, 1.0, seed)


def _write(file: str, cases: int, open_share: float, seed: float) -> None:
    citizens = _citizens()
    values = {
        "cases": cases,
        "open_share": open_share,
        "seed": seed,
        "citizens": len(citizens),
        "first_citizen": citizens[0],
        "first_case": _last(Case),
        "first_decision": _last(Decision),
        "first_order": _last(WorkOrder),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        for name in ("generate_places.sql", "generate_draw.sql", file):
            for statement in statements(HERE / name):
                cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def add_audit(cases: list[Case]) -> None:
    """Write the entries of the first steps of these cases."""
    now, by = timezone.now(), Actor.system("bench")
    with transaction.atomic():
        for number, action in enumerate(STEPS):
            records = [audit.Record(action, case, {"state": ["registered", case.state]}) for case in cases]
            audit.record_many(records, by=by, now=now + timedelta(minutes=number))


def statements(file: Path) -> list[str]:
    """Return the statements of a file of SQL, comments taken out."""
    lines = file.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    return [part.strip() for part in text.split(";\n") if part.strip()]


def _citizens() -> list[int]:
    """Return the ids of citizens in a row, made with the portal's own encryption."""
    now = timezone.now()
    people = [
        Citizen(
            name=f"市民{number}", phone=f"139{number:08d}", phone_index=blind_index(f"139{number:08d}"), created_at=now
        )
        for number in range(CITIZENS)
    ]
    return [citizen.pk for citizen in Citizen.objects.bulk_create(people, batch_size=1000)]


def _last(model) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
