"""Children are kept alive, with pauses that grow, and all are stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shenzhen_gov.launcher import supervise
from shenzhen_gov.launcher.supervise import Child, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); signal.signal(3, signal.SIG_IGN); " + SLEEPER


class Said(list):
    """What the supervisor said."""

    def __call__(self, text):
        self.append(text)

    def __str__(self):
        return "\n".join(self)


@pytest.fixture
def make(tmp_path):
    """A function that makes a supervisor over one fake child; whatever it started is stopped."""
    made = []

    def build(code, said):
        child = Child("fake", tmp_path / "fake.log", [sys.executable, "-c", code])
        supervisor = Supervisor(said)
        made.append(supervisor)
        return supervisor, child

    yield build
    for supervisor in made:
        supervisor.stop(polite=0.1, firm=0.1)


def until(condition, supervisor=None, seconds=10):
    """Wait for something, supervising meanwhile."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        if supervisor:
            supervisor.tick()
        time.sleep(0.02)


def test_dead_child_is_started_again_and_its_last_lines_are_shown(make):
    said = Said()
    supervisor, child = make(SLEEPER, said)
    supervisor.start([child])
    until(lambda: "up" in child.log.read_text())
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: child.is_running() and child.process.pid != first, supervisor)
    assert "fake died (killed by SIGKILL)" in str(said)
    assert "[fake] up" in said


def test_child_that_dies_at_once_is_started_after_longer_and_longer_pauses(make, monkeypatch):
    monkeypatch.setattr(supervise, "FIRST_DELAY", 0.01)
    said = Said()
    supervisor, child = make("raise SystemExit(3)", said)
    child.delay = 0.01
    supervisor.start([child])
    until(lambda: str(said).count("fake died (exit 3)") >= 4, supervisor)
    pauses = [text.split("again in ")[1].split(" s")[0] for text in said if "died" in text]
    assert [float(pause) for pause in pauses[:4]] == [0.01, 0.02, 0.04, 0.08]


def test_pause_is_never_longer_than_the_longest(make):
    supervisor, child = make("raise SystemExit(0)", Said())
    child.delay = supervise.LONGEST_DELAY
    supervisor.start([child])
    until(lambda: child.due > 0, supervisor)
    assert child.delay == supervise.LONGEST_DELAY


def test_child_that_lived_long_is_trusted_again(make, monkeypatch):
    monkeypatch.setattr(supervise, "CALM", 0.0)
    supervisor, child = make("raise SystemExit(0)", Said())
    child.delay = 16.0
    supervisor.start([child])
    until(lambda: child.due > 0, supervisor)
    assert child.delay == 2 * supervise.FIRST_DELAY


def test_stopping_is_polite_first(make):
    supervisor, child = make(SLEEPER, Said())
    supervisor.start([child])
    until(lambda: "up" in child.log.read_text())
    supervisor.stop()
    assert child.process.returncode == -signal.SIGTERM


def test_stubborn_child_is_killed_in_the_end(make):
    supervisor, child = make(STUBBORN, Said())
    supervisor.start([child])
    until(lambda: "up" in child.log.read_text())
    supervisor.stop(polite=0.1, firm=0.1)
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_children_die_when_the_launcher_is_killed(tmp_path):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from shenzhen_gov.launcher.supervise import Child, Supervisor\n"
        f"child = Child('fake', Path({str(tmp_path / 'fake.log')!r}), [sys.executable, '-c', {SLEEPER!r}])\n"
        "Supervisor(print).start([child]); print(child.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) as launcher:
        pid = int(launcher.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        launcher.kill()
        launcher.wait()
        until(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())
