"""Keeping the figures: read what changed, post it anew, correct the roll-ups by the difference; or all from scratch.

What a case counts for is worked out afresh from its rows and compared with what is kept, so reading a change twice
changes nothing, and a late change corrects the day it belongs to. The audit log says which cases changed: entries of
transactions that are over, in their order, none of which can be missed (docs/adr/0011-figures-from-postings.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import rolling_up
from analytics.models import CasePosting, DayFigures, FiguresState, MonthFigures
from analytics.parts import FIRST_DAY, ON_DEADLINES, PARTS, Part, key_of
from grid import access
from grid.choices import Act
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.jobs import Job, run_job
from shenzhen_gov.core.models import AuditEntry, CalendarYear
from shenzhen_gov.core.sealing import finished_below
from shenzhen_gov.core.worktime import DEFAULT_HOURS, get_calendar

MOST = 20_000  # cases in one transaction
HANDS = 2  # connections that rebuild at once
CALL_DAYS = timedelta(days=2)  # how late a telephone system may tell of a call
T = TypeVar("T")
R = TypeVar("R")
MOVED_AREAS = (
    "recut.cut",
    "area.changed",
)  # entries after which cases lie below other areas than before
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('analytics_figures', 0))"
HOLD = "SELECT pg_try_advisory_lock(hashtextextended('analytics_figures', 0))"
RELEASE = "SELECT pg_advisory_unlock(hashtextextended('analytics_figures', 0))"


def refresh_figures(*, by: Actor, now: datetime) -> int:
    """Bring the figures up to date and return how many cases were looked at; 0 while another process does it."""
    state = _state()
    if state.rebuild_asked_at is not None or state.refreshed_at is None:
        return rebuild(by=by, now=now)
    done = 0
    if _begin(now):
        while (found := _read_on(now)) is not None:
            done += found
    return done


@transaction.atomic
def ask_rebuild(*, by: Actor, now: datetime) -> FiguresState:
    """Ask for the figures to be made from scratch; begins within a minute. While one is asked for, that one stands."""
    if by.user is None or not access.holds(by.user, Act.MANAGE_SYSTEM):
        raise NotAllowed(_("Only administrators may have the figures rebuilt."))
    state = FiguresState.objects.select_for_update().get(pk=_state().pk)
    if state.rebuild_asked_at is None:
        state.rebuild_asked_at, state.rebuild_asked_by = now, by.name[:120]
        state.save()
        audit.record("figures.rebuild_asked", state, by=by, now=now)
    return state


def rebuild(*, by: Actor, now: datetime) -> int:
    """Post every case anew, then count every month anew from the postings; returns the number of cases.

    Each month changes in one transaction: whoever looks meanwhile sees the old figures or the new ones. What changes
    while it runs is read by the next refresh. Killed half-way it begins again: it stays asked for.
    """
    if not _ask(HOLD):
        return 0
    try:
        with run_job("figures", by=by, now=now) as job:
            return _rebuild(job, now)
    finally:
        _ask(RELEASE)


def _rebuild(job: Job, now: datetime) -> int:
    read_until, today = finished_below(), timezone.localdate(now)
    FiguresState.objects.filter(pk=_state().pk, rebuild_asked_at=None).update(
        rebuild_asked_at=now, rebuild_asked_by=job.name
    )
    months = set(MonthFigures.objects.order_by().values_list("period", flat=True).distinct())
    last = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    starts = range(0, last + 1, MOST)
    for start, found in zip(starts, _by_hands(_post_from, starts), strict=True):
        months |= found
        job.progress(min(start + MOST, last), 2 * last)
    for number, _done in enumerate(_by_hands(partial(count_month, due_until=today), sorted(months)), 1):
        job.progress(last + last * number // len(months), 2 * last)
    FiguresState.objects.filter(pk=_state().pk).update(
        read_until=read_until,
        due_until=today,
        refreshed_at=now,
        rebuilt_at=now,
        rebuild_asked_at=None,
        rebuild_asked_by="",
    )
    job.result = {"cases": CasePosting.objects.count(), "months": len(months)}
    return last


def _by_hands(work: Callable[[T], R], portions: Iterable[T]) -> Iterator[R]:
    """Yield what `work` returns for each portion, in order; some at once, each on a connection of its own."""
    if connection.in_atomic_block:  # no other connection sees what this one has not committed
        yield from map(work, portions)
        return
    with ThreadPoolExecutor(HANDS) as pool:
        try:
            yield from pool.map(partial(_in_thread, work), portions)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_thread(work: Callable[[T], R], portion: T) -> R:
    try:
        return work(portion)
    finally:
        connection.close()


@transaction.atomic
def _begin(now: datetime) -> bool:
    """Count what no change of a case tells of: deadlines of the days that are over now, and calls."""
    if not _ask(LOCK):
        return False
    state, today = FiguresState.objects.select_for_update().get(pk=_state().pk), timezone.localdate(now)
    if state.due_until is not None and state.due_until < today:
        _find_posted(rolling_up.DEADLINES, ON_DEADLINES, state.due_until, today - timedelta(days=1))
        state.due_until = today
        state.save()
    else:
        _run(rolling_up.NO_CHANGES)
    since = min(today, timezone.localdate(state.refreshed_at) if state.refreshed_at else today)
    _add_calls(since - CALL_DAYS, today)
    _add_up()
    _forget_tables()
    return True


@transaction.atomic
def _read_on(now: datetime) -> int | None:
    """Read the next changes and return how many cases they were about; None at the end."""
    if not _ask(LOCK):
        return None
    state = FiguresState.objects.select_for_update().get(pk=_state().pk)
    end = finished_below()
    waiting = AuditEntry.objects.filter(transaction__gte=state.read_until, transaction__lt=end).order_by("transaction")
    beyond = waiting.values_list("transaction", flat=True)[MOST : MOST + 1]
    # As many entries as fit, but whole transactions, and at least one.
    first = waiting.values_list("transaction", flat=True).first()
    end = max(next(iter(beyond), end), (first or 0) + 1) if first is not None else end
    entries = waiting.filter(transaction__lt=end).order_by()
    cases = cases_of(entries.values_list("object_type", "object_id").distinct())
    post(cases)
    state.read_until, state.refreshed_at = end, now
    if entries.filter(action__in=MOVED_AREAS).exists():
        state.rebuild_asked_at = state.rebuild_asked_at or now
    state.save()
    return len(cases) if first is not None else None


def cases_of(entries: Iterable[tuple[str, int]]) -> set[int]:
    """Return the cases that entries are about: by themselves, or through whatever belongs to a case."""
    by_type: dict[str, list[int]] = {}
    for object_type, object_id in entries:
        by_type.setdefault(object_type, []).append(object_id)
    cases = set(by_type.pop(Case._meta.label_lower, []))
    for object_type, ids in by_type.items():
        try:
            model = apps.get_model(object_type)
            model._meta.get_field("case")
        except (LookupError, FieldDoesNotExist):
            continue
        cases |= set(model._base_manager.filter(pk__in=ids, case__isnull=False).values_list("case", flat=True))
    return cases


@transaction.atomic
def post(cases: Iterable[int]) -> None:
    """Work out what these cases count for and correct the roll-ups by what is other than before."""
    due_until = _state().due_until or date.max
    for some in _portions(sorted(cases), MOST):
        _touch("SELECT unnest(%s::bigint[])", [list(some)])
        _make_postings()
        _run(rolling_up.CHANGES, {"due_until": due_until})
        _add_up()
        _keep_postings()
        _forget_tables()


@transaction.atomic
def _post_from(start: int) -> set[date]:
    """Post the cases of the next `MOST` ids without touching the roll-ups; returns the months to be counted."""
    _begin_much()
    _touch("SELECT id FROM intake_case WHERE id >= %s AND id < %s", [start, start + MOST])
    _make_postings()
    _keep_postings()
    months = _months_of("figures_fresh") | _months_of("figures_before")
    _forget_tables()
    return months


@transaction.atomic
def count_month(month: date, due_until: date = date.max) -> None:
    """Count the days and the whole of a month anew from the postings, in place of what was counted before."""
    _begin_much()
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    _find_posted(rolling_up.MONTH, PARTS, month, last, due_until)
    DayFigures.objects.filter(period__gte=month, period__lte=last).delete()
    MonthFigures.objects.filter(period=month).delete()
    _add_calls(month, last)
    _add_up(rolling_up.countings())
    _forget_tables()


def _find_posted(sql: str, parts: Iterable[Part], first: date, last: date, due_until: date = date.max) -> None:
    """Find what is posted on the days from `first` to `last`, through the index of keys."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    keys = [key_of(part, day) for part in parts for day in days]
    _run_by_index(sql, {"keys": keys, "first": first, "last": last, "due_until": due_until})


def _add_calls(first: date, last: date) -> None:
    """Add to the changes what the calls of these days are other than what is kept; nothing without a city."""
    if city := _ask(rolling_up.CITY):
        _run(rolling_up.CALLS, {"city": city, "first": first, "last": last})


def _begin_much() -> None:
    """Give this transaction the memory to sum many rows at once."""
    _run("SET LOCAL work_mem = '256MB'")


def _touch(query: str, values: list) -> None:
    _run(rolling_up.TOUCHED)
    _run(f"INSERT INTO figures_touched {query}", values)
    _run("ANALYZE figures_touched")


def _make_postings() -> None:
    """Work out the postings of the touched cases; leave those that are other than before, and what they were."""
    _run(rolling_up.WORK_DAYS)
    days = list(_work_days())  # read before the COPY begins: a connection does one thing at a time
    with connection.cursor() as cursor, cursor.copy("COPY figures_work_day FROM STDIN") as copy:
        for row in days:
            copy.write_row(row)
    _run_by_index(rolling_up.FRESH.format(postings=rolling_up.postings(DEFAULT_HOURS)))
    _run(rolling_up.GONE)
    _run(rolling_up.SAME)


def _keep_postings() -> None:
    _run(rolling_up.FORGET)
    _run(rolling_up.KEEP)


def _add_up(statements: list[str] | None = None) -> None:
    """Run these statements, or those that add to the roll-ups, over the changes that were found."""
    _run("ANALYZE figures_change")
    _run(rolling_up.AROUND)
    city = _ask(rolling_up.CITY)
    for statement in statements or rolling_up.additions():
        _run(statement, {"city": city})


def _forget_tables() -> None:
    names = ("touched", "work_day", "fresh", "before", "change", "around")
    _run("DROP TABLE IF EXISTS " + ", ".join(f"figures_{name}" for name in names))


def _months_of(table: str) -> set[date]:
    days = f"SELECT DISTINCT unnest(keys) %% 65536 FROM {table}"  # noqa: S608 - our own name
    with connection.cursor() as cursor:
        cursor.execute(days, [])
        return {(FIRST_DAY + timedelta(days=row[0])).replace(day=1) for row in cursor.fetchall()}


def _work_days() -> Iterator[tuple[date, int, bool]]:
    """Yield (day, working seconds before it, whether it is worked) for every complete year of the calendar."""
    calendar, before = get_calendar(), 0
    for year in CalendarYear.objects.filter(complete=True).order_by("year").values_list("year", flat=True):
        day = date(year, 1, 1)
        while day.year == year:
            works = calendar.is_working_day(day)
            yield day, before, works
            before += DEFAULT_HOURS.length if works else 0
            day += timedelta(days=1)


def _portions(ids: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _state() -> FiguresState:
    return FiguresState.objects.get_or_create(pk=1)[0]


def _run(sql: str, values=None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _run_by_index(sql: str, values=None) -> None:
    _run(rolling_up.BY_INDEX.format("off"))
    _run(sql, values)
    _run(rolling_up.BY_INDEX.format("on"))


def _ask(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
        return row[0] if row else None
