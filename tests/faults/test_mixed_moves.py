"""Requests live their whole lives while worker, web server and database are killed at random moments.

MIXED_LIVES and MIXED_KILLS set the size: 330 lives are 2,000 moves.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time

import pytest

from bench.stack import Stack, running
from shenzhen_gov.launcher.paths import ROOT

LIVES = int(os.environ.get("MIXED_LIVES", "12"))
KILLS = int(os.environ.get("MIXED_KILLS", "3"))
SECONDS = 90 + LIVES * 2 + KILLS * 10  # before the movers give up
STEPS = {
    "sign": "work_order.signed",
    "contact": "work_order.contacted",
    "report": "work_order.reported",
    "approve": "work_order.approved",
}

pytestmark = pytest.mark.slow


def live_while_killing(city, stack: Stack, folder) -> list[tuple[str, str]]:
    """Return (case number, step) of everything the movers know to be taken."""
    lives = [(f"life-{number}", city.body(number) | {"area": city.areas[0]}) for number in range(LIVES)]
    job = {
        "url": stack.url, "headers": city.headers, "sessions": city.sessions, "threads": 6, "seconds": SECONDS,
        "lives": lives, "database": city.cluster.url,
    }  # fmt: skip
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    told = folder / "taken.txt"
    chance = random.Random(KILLS)  # noqa: S311 - only a moment to kill at
    moves = LIVES * 6
    moments = sorted(chance.randrange(moves // 10, moves) for _kill in range(KILLS))
    with (folder / "job.json").open() as given, told.open("w") as out:
        movers = subprocess.Popen([sys.executable, "-m", "tests.faults.movers"], cwd=ROOT, stdin=given, stdout=out)
    until = time.monotonic() + SECONDS + 20
    while movers.poll() is None and time.monotonic() < until:
        if moments and len(told.read_text().splitlines()) >= moments[0]:
            name = chance.choice(["worker", "web", "postgres"])
            if stack.child(name).is_running():  # the one killed before may not be up again yet
                moments.pop(0)
                stack.kill(name)
        stack.tick()
    if movers.poll() is None:
        movers.kill()
    assert movers.wait() == 0
    assert not moments, "not all were killed before the end"
    return [(line.split()[0], line.split()[1]) for line in told.read_text().splitlines()]


def test_nothing_is_lost_or_doubled_when_anything_is_killed_at_any_moment(city, tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(city.folder))  # where the launcher's functions write
    last = city.one("SELECT coalesce(max(id), 0) FROM intake_case")
    with running(city.env, city.folder, names=("worker", "beat"), cluster=city.cluster) as stack:
        taken = live_while_killing(city, stack, tmp_path)

    assert sum("killed by SIGKILL" in text for text in stack.said) == KILLS
    assert sum(step == "register" for _number, step in taken) == LIVES
    states = city.rows("SELECT state, count(*) FROM intake_case WHERE id > %s GROUP BY state", last)
    assert states == [("closed", LIVES)]
    for step, action in STEPS.items():
        told = (
            "SELECT count(*) FROM core_auditentry WHERE action = %s AND object_id > %s AND object_type = 'intake.case'"
        )
        times = 2 if step == "approve" else 1  # street and district
        assert (step, city.one(told, action, last)) == (step, LIVES * times)
        assert (step, sum(one == step for _number, one in taken)) == (step, LIVES * times)
    require_facts_that_add_up(city, last)
    city.run("manage.py", "verify_audit", "--python")


def require_facts_that_add_up(city, last: int) -> None:
    """One work order, round and decision each; the facts of a case follow each other from its beginning to its end."""
    for table in ("dispatch_workorder", "dispatch_decision", "dispatch_round"):
        counts = city.rows(f"SELECT count(*), count(DISTINCT case_id) FROM {table} WHERE case_id > %s", last)  # noqa: S608
        assert (table, counts) == (table, [(LIVES, LIVES)])
    gaps = """
        SELECT count(*) FROM (
            SELECT f.started_at, c.registered_at,
                   lag(f.ended_at, 1, c.registered_at) OVER (PARTITION BY f.case_id ORDER BY f.id) AS before
              FROM dispatch_stagefact f JOIN intake_case c ON c.id = f.case_id WHERE c.id > %s) AS facts
         WHERE started_at <> before"""
    assert city.one(gaps, last) == 0
    assert city.one("SELECT count(*) FROM dispatch_stagefact WHERE case_id > %s AND ended_at IS NULL", last) == 0
