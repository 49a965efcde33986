"""Job runs: shown while they happen, ended whatever happens."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from shenzhen_gov.core import jobs, tasks
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import reap, run_job
from shenzhen_gov.core.models import JobRun

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture(params=["alone", "in the caller's transaction"])
def anywhere(request):
    """A job behaves the same at the top of a process and inside somebody's transaction."""
    request.getfixturevalue("transactional_db" if request.param == "alone" else "db")


def fail_at(done, error, before=lambda: None):
    with run_job("import", now=NOW) as job:
        job.progress(done)
        before()
        raise error


@pytest.mark.usefixtures("anywhere")
class TestRunJob:
    def test_ends_as_done_with_its_figures(self):
        with run_job("import", by=Actor("staff", "陈一", 7), now=NOW) as job:
            job.progress(3, 10)
            job.progress(10)
            job.result["rejected"] = 2
        run = JobRun.objects.get()
        assert (run.state, run.done, run.total, run.result) == ("done", 10, 10, {"rejected": 2})
        assert (run.job, run.asked_by, run.asked_by_id, run.started_at) == ("import", "陈一", 7, NOW)
        assert run.ended_at >= NOW

    def test_is_the_systems_own_unless_somebody_asked(self):
        with run_job("sweep", now=NOW):
            assert JobRun.objects.get().state == "running"
        assert JobRun.objects.get().asked_by == "system:sweep"

    def test_ends_as_failed_with_the_reason_and_raises_on(self):
        with pytest.raises(ValueError, match="row 7"):
            fail_at(6, ValueError("row 7 is wrong"))
        run = JobRun.objects.get()
        assert (run.state, run.message, run.done) == ("failed", "ValueError: row 7 is wrong", 6)

    def test_an_interrupted_job_has_failed(self):
        with pytest.raises(KeyboardInterrupt), run_job("import", now=NOW):
            raise KeyboardInterrupt
        assert JobRun.objects.get().state == "failed"

    def test_a_sweep_that_found_nothing_leaves_no_row(self):
        with run_job("sweep", now=NOW, quiet=True) as job:
            job.progress(0, 0)
        assert not JobRun.objects.exists()

    def test_a_sweep_that_found_work_leaves_a_row(self):
        with run_job("sweep", now=NOW, quiet=True) as job:
            job.progress(4)
        assert JobRun.objects.get().done == 4

    def test_a_sweep_that_failed_leaves_a_row(self):
        with pytest.raises(ZeroDivisionError), run_job("sweep", now=NOW, quiet=True):
            raise ZeroDivisionError("no")
        assert JobRun.objects.get().state == "failed"


class TestOutsideATransaction:
    def test_progress_shows_while_the_work_is_not_committed(self, transactional_db, monkeypatch):
        written = threading.Event()
        write = jobs.Job._write
        monkeypatch.setattr(jobs.Job, "_write", lambda job, database: (write(job, database), written.set()))
        with run_job("import", now=NOW) as job, transaction.atomic():
            job.progress(5, 9)
            assert written.wait(60)
            assert JobRun.objects.get().done == 5
            transaction.set_rollback(True)
        run = JobRun.objects.get()
        assert (run.state, run.done) == ("done", 5)

    def test_a_quiet_job_that_begins_to_report_in_a_transaction_keeps_its_row(self, transactional_db):
        with run_job("sweep", now=NOW, quiet=True) as job, transaction.atomic():
            job.progress(1)
            transaction.set_rollback(True)
        assert JobRun.objects.get().state == "done"

    def test_the_caller_is_told_of_the_error_even_when_no_row_can_be_written(self, db):
        with pytest.raises(ValueError, match="first"), transaction.atomic():
            fail_at(0, ValueError("first"), before=lambda: setattr(connection, "needs_rollback", True))


class TestReap:
    def test_a_run_without_a_sign_of_life_has_failed(self, db):
        silent = JobRun.objects.create(job="a", started_at=NOW, beat_at=NOW)
        alive = JobRun.objects.create(job="b", started_at=NOW, beat_at=NOW + timedelta(minutes=2))
        ended = JobRun.objects.create(job="c", started_at=NOW, beat_at=NOW, state="done", ended_at=NOW)
        assert reap(NOW + timedelta(minutes=2)) == 0
        assert reap(NOW + timedelta(minutes=3)) == 1
        for run in (silent, alive, ended):
            run.refresh_from_db()
        assert (silent.state, alive.state, ended.state) == ("failed", "running", "done")
        assert silent.message


class TestTasks:
    def test_sealing_by_the_clock_leaves_a_job_row_only_when_it_fails(self, db, monkeypatch):
        assert tasks.seal_audit() == 0
        assert not JobRun.objects.exists()
        monkeypatch.setattr(tasks.sealing, "seal", lambda now: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.seal_audit()
        assert JobRun.objects.get().state == "failed"
