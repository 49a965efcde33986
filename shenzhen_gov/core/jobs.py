"""Job runs: what happens in the background, as rows that administrators see while it happens.

A run's row is written by a thread with a database connection of its own, so that progress shows while the job is in
the middle of a long transaction, costs the job nothing, and stays when the job's work is rolled back. Inside an open
transaction (a test, a job called by another) the row is written on the caller's connection instead.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.utils.translation import gettext as _

from .actor import Actor
from .models import JobRun

SECONDS_BETWEEN_WRITES = 1
SECONDS_BETWEEN_BEATS = 20  # a sign of life without news
LOST_AFTER = timedelta(minutes=2)

INSERT = """
INSERT INTO core_jobrun (job, state, asked_by, asked_by_id, started_at, beat_at, done, message, result)
VALUES (%s, 'running', %s, %s, %s, %s, 0, '', '{}') RETURNING id
"""
UPDATE = """
UPDATE core_jobrun SET state = %s, beat_at = %s, ended_at = %s, total = %s, done = %s, message = %s, result = %s
 WHERE id = %s
"""


class Job:
    """The handle of one run. `result` is a dictionary of facts, shown when the run has ended."""

    def __init__(self, name: str, by: Actor | None, now: datetime, quiet: bool):
        self.name, self.by, self.started_at, self.quiet = name, by, now, quiet
        self.id: int | None = None
        self.done, self.message = 0, ""
        self.total: int | None = None
        self.result: dict = {}
        self._began = time.monotonic()
        self._on_callers_connection = connection.in_atomic_block
        self._state: str = JobRun.State.RUNNING
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far the job is; cheap, to be called as often as one likes. The row follows once a second."""
        self.done, self.total = done, total if total is not None else self.total
        if done or total:
            self._begin()
        if self._thread:
            self._wake.set()
        elif self.id is not None:
            self._write(connection)

    def _begin(self) -> None:
        """Write the row, once, and start the thread that keeps it up to date."""
        if self._thread or self.id is not None:
            return
        if self._on_callers_connection:
            self._insert(connection)
            return
        started = threading.Event()
        self._thread = threading.Thread(target=self._keep, args=(started,), name=f"job {self.name}", daemon=True)
        self._thread.start()
        started.wait()

    def _end(self, state: str, message: str = "") -> None:
        self.message, self._state = message or self.message, state
        if self._thread:
            self._ended.set()
            self._wake.set()
            self._thread.join()
        elif self.id is not None:
            self._write(connection)

    def _keep(self, started: threading.Event) -> None:
        """Run in the thread: insert the row, repeat the newest figures, write the end."""
        own = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            try:
                self._insert(own)
            finally:
                started.set()
            while not self._ended.is_set():
                self._wake.wait(SECONDS_BETWEEN_BEATS)
                self._wake.clear()
                if not self._ended.is_set():
                    with suppress(Error):  # the database was away for a moment: the next beat says the same
                        self._write(own)
                    self._ended.wait(SECONDS_BETWEEN_WRITES)
            self._write(own)
        finally:
            own.close()

    def _insert(self, database) -> None:
        by = self.by or Actor.system(self.name)
        with database.cursor() as cursor:
            values = [self.name[:80], by.name[:120], by.id, self.started_at, self.started_at]
            cursor.execute(INSERT, values)
            self.id = cursor.fetchone()[0]

    def _write(self, database) -> None:
        if database.errors_occurred and database is not connection:
            database.close()  # a fresh one is opened below
        now = self.started_at + timedelta(seconds=time.monotonic() - self._began)
        ended = None if self._state == JobRun.State.RUNNING else now
        result = json.dumps(self.result, default=str)
        with database.cursor() as cursor:
            cursor.execute(UPDATE, [self._state, now, ended, self.total, self.done, self.message, result, self.id])


@contextmanager
def run_job(name: str, *, by: Actor | None = None, now: datetime, quiet: bool = False) -> Iterator[Job]:
    """Show the work inside the `with` as one job run: done, or failed with the error's text, which is raised on.

    A `quiet` job (a periodic sweep) leaves a row only when it reported progress or failed. The text of an error is
    kept as it is: errors carry no personal data (docs/how-to/audit.md).
    """
    job = Job(name, by, now, quiet)
    if not quiet:
        job._begin()
    try:
        yield job
    except BaseException as error:
        with suppress(Error):  # in a broken transaction of the caller nothing can be written, nor would it stay
            job._begin()
            job._end(JobRun.State.FAILED, f"{type(error).__name__}: {error}"[:2000])
        raise
    job._end(JobRun.State.DONE)


def reap(now: datetime) -> int:
    """Show runs without a sign of life for two minutes as failed, and return how many there were."""
    lost = JobRun.objects.filter(state=JobRun.State.RUNNING, beat_at__lt=now - LOST_AFTER)
    return lost.update(
        state=JobRun.State.FAILED, ended_at=now, message=_("The process ended without a word; run the job again.")
    )
