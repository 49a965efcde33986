"""The wake-up call is made beside the request, once for a burst, and its loss never fails anybody."""

import threading
import time

import pytest

from dispatch import wake


@pytest.fixture
def calls(monkeypatch):
    sent = []
    monkeypatch.setattr(wake.pick_up, "apply_async", lambda **given: sent.append(given))
    monkeypatch.setattr(wake, "wake_up", wake.WakeUp())
    return sent


def wait_for(condition):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def test_a_case_wakes_the_worker(calls):
    wake.wake_worker(case_ids=[1])
    wait_for(lambda: calls == [{"retry": False}])


def test_a_burst_is_called_for_again_after_its_last_case_but_not_for_each(calls):
    wake.wake_worker(case_ids=[1])
    wait_for(lambda: len(calls) == 1)
    for number in range(50):
        wake.wake_worker(case_ids=[number])
    wait_for(lambda: len(calls) == 2)


def test_a_broker_that_hangs_holds_nobody_up(monkeypatch):
    hanging = threading.Event()
    monkeypatch.setattr(wake.pick_up, "apply_async", lambda **given: hanging.wait(10))
    monkeypatch.setattr(wake, "wake_up", wake.WakeUp())
    for _ in range(3):
        wake.wake_worker()  # returns at once; the test would last half a minute otherwise
    assert wake.wake_up.thread.is_alive()
    hanging.set()


def test_a_broker_that_refuses_is_left_alone_for_a_while(monkeypatch):
    tries = []

    def refuse(**given):
        tries.append(given)
        raise ConnectionError("down")

    monkeypatch.setattr(wake.pick_up, "apply_async", refuse)
    monkeypatch.setattr(wake, "SILENCE_SECONDS", 0.2)
    monkeypatch.setattr(wake, "wake_up", wake.WakeUp())
    wake.wake_worker()
    wait_for(lambda: len(tries) == 1)
    wake.wake_worker()
    assert len(tries) == 1
    wait_for(lambda: len(tries) == 2)
