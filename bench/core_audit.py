"""The audit log: entries a second through its triggers, one by one and in bulk; how fast it is sealed and verified."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from grid.models import Unit
from shenzhen_gov.core import audit, sealing
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditSeal
from shenzhen_gov.core.verification import verify

from .context import Context, rates, seconds
from .report import Result, median_of

ACTION = "unit.renamed"  # any registered one


def run(ctx: Context) -> list[Result]:
    """Write, seal, verify."""
    units = list(Unit.objects.order_by("pk")[:1_000])
    by, now = Actor.system("bench"), timezone.now()
    single, bulk = ctx.size(1_000, 50), ctx.size(20_000, 500)

    def one_by_one():
        for number in range(single):
            with transaction.atomic():
                audit.record(ACTION, units[number % len(units)], by=by, now=now, changes={"name": ["旧名", "新名"]})

    def in_bulk():
        records = [audit.Record(ACTION, units[n % len(units)], {"name": ["旧名", "新名"]}) for n in range(bulk)]
        for start in range(0, bulk, 100):
            with transaction.atomic():
                audit.record_many(records[start : start + 100], by=by, now=now)

    results = [
        median_of("entries, each in its own transaction", rates(one_by_one, single, runs=3), "entries/s", 500),
        median_of("entries, 100 in a transaction", rates(in_bulk, bulk, runs=3), "entries/s", 3_000),
    ]
    seals: list[AuditSeal] = []
    taken = seconds(lambda: seals.extend(sealing.seal(now)))
    results.append(median_of("sealed", [sum(seal.entries for seal in seals) / taken], "entries/s"))
    findings = verify()
    if findings.faults:
        raise RuntimeError(f"the log is broken: {findings.broken}")
    runs = [findings.entries / seconds(verify) for _ in range(3)]
    results.append(median_of("verified", runs, "entries/s", 20_000))
    runs = [findings.entries / seconds(lambda: verify(every=True)) for _ in range(2)]
    results.append(median_of("verified, every hash outside the database too", runs, "entries/s"))
    return results
