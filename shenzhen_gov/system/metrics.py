"""Metrics for Prometheus, worked out from the database when they are asked for.

So every server process tells the same, and none has to keep or share counters (docs/how-to/metrics.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from analytics.models import FiguresState
from dispatch.choices import ClockOutcome
from dispatch.models import Clock, WorkOrder
from dispatch.workflow import ACTIVE_STATES
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.lists import capped_count
from shenzhen_gov.core.models import AuditSeal, CalendarYear

from . import selectors, stuck

MOST = 100_001  # counted at most; a queue that long is an alarm whatever its length


class Portal(Collector):
    """Everything that is told; one question each, all of them bounded."""

    def __init__(self, now: datetime):
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; only `portal_up` 0 when the database does not answer."""
        try:
            found = [*self._queues(), *self._work(), *self._ages()]
            with suppress(Refused):  # a parameter is missing until the new release has loaded its own
                found += self._stuck()
        except DatabaseError:
            yield _gauge("portal_up", "Whether the database answers", 0)
            return
        yield _gauge("portal_up", "Whether the database answers", 1)
        yield from found

    def _stuck(self) -> Iterator[Metric]:
        """Yield how many of each kind wait or are stuck, for how long, and whether that is too long."""
        count = GaugeMetricFamily("portal_waiting", "Rows that wait or are stuck, capped at 999", labels=["what"])
        age = GaugeMetricFamily("portal_waiting_oldest_seconds", "Age of the oldest of them", labels=["what"])
        late = GaugeMetricFamily("portal_waiting_late", "1 where that is longer than it may be", labels=["what"])
        for seen in stuck.look(self.now):
            count.add_metric([seen.code], min(seen.count.value, 999))
            age.add_metric([seen.code], self._seconds(seen.oldest) if seen.count else 0)
            late.add_metric([seen.code], int(seen.is_late))
        yield from (count, age, late)

    def _queues(self) -> Iterator[Metric]:
        """Yield the queues of the broker on this database, where it is there."""
        length = GaugeMetricFamily("portal_queue_messages", "Wake-up calls that wait", labels=["queue"])
        age = GaugeMetricFamily("portal_queue_oldest_seconds", "Age of the oldest call", labels=["queue"])
        for queue in selectors.queues() or []:
            length.add_metric([queue.name], queue.waiting)
            age.add_metric([queue.name], queue.oldest_seconds)
        yield from (length, age)

    def _work(self) -> Iterator[Metric]:
        """Yield the open work by state, and the clocks that are overdue."""
        orders = GaugeMetricFamily("portal_work_orders", f"Active work orders, at most {MOST}", labels=["state"])
        for state in ACTIVE_STATES:
            orders.add_metric([state], capped_count(WorkOrder.objects.filter(state=state), MOST).value)
        yield orders
        overdue = Clock.objects.filter(outcome=ClockOutcome.RUNNING, due_at__lt=self.now)
        yield _gauge("portal_clocks_overdue", f"Running clocks past their deadline, at most {MOST}",
                     capped_count(overdue, MOST).value)  # fmt: skip

    def _ages(self) -> Iterator[Metric]:
        """Yield how old the figures and the newest seal are, and how many days the calendar reaches."""
        state, seal = FiguresState.objects.first(), AuditSeal.objects.first()
        if state and state.refreshed_at:
            yield _gauge("portal_figures_age_seconds", "Since the figures were refreshed",
                         self._seconds(state.refreshed_at))  # fmt: skip
        if seal:
            yield _gauge("portal_audit_seal_age_seconds", "Since the newest seal of the audit log",
                         self._seconds(seal.at))  # fmt: skip
        yield _gauge("portal_calendar_days_left", "Days that the holiday calendar still reaches", self._days_left())

    def _days_left(self) -> int:
        today = timezone.localdate(self.now)
        years = set(CalendarYear.objects.filter(complete=True).values_list("year", flat=True))
        year = today.year
        while year in years:
            year += 1
        return (today.replace(year=year, month=1, day=1) - today).days if year > today.year else 0

    def _seconds(self, moment: datetime | None) -> float:
        return max(0.0, (self.now - moment).total_seconds()) if moment else 0.0


def metrics_text(now: datetime) -> bytes:
    """Return the metrics as Prometheus reads them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Portal(now))
    return generate_latest(registry)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
