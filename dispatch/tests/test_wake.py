"""The wake-up call is sent at once, once for a burst, and its loss never fails a request."""

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
    for _ in range(200):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def test_the_first_case_wakes_the_worker_at_once(calls):
    wake.wake_worker(case_ids=[1])
    assert calls == [{"retry": False}]


def test_a_burst_wakes_it_once_more_after_the_last_case(calls):
    for number in range(50):
        wake.wake_worker(case_ids=[number])
    assert len(calls) == 1
    wait_for(lambda: len(calls) == 2)


def test_a_broker_that_is_down_does_not_fail_the_request_and_is_left_alone_for_a_while(monkeypatch):
    tries = []

    def refuse(**given):
        tries.append(given)
        raise ConnectionError("down")

    monkeypatch.setattr(wake.pick_up, "apply_async", refuse)
    monkeypatch.setattr(wake, "wake_up", wake.WakeUp())
    wake.wake_worker()
    wake.wake_worker()
    assert len(tries) == 1
    assert wake.wake_up.timer is not None
    wake.wake_up.timer.cancel()
