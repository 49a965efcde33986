"""What happens by the clock."""

from shenzhen_gov.celery import app


def test_the_clock_names_only_tasks_that_exist():
    app.loader.import_default_modules()
    missing = {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks)
    assert not missing


def test_every_sweep_expires_so_that_a_worker_that_was_away_does_not_repeat_the_past():
    assert [name for name, entry in app.conf.beat_schedule.items() if not entry["options"].get("expires")] == []
