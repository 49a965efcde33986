"""The wake-up call is made beside the request, once for a burst, and its loss never fails anybody."""

import threading
import time

from dispatch import wake
from dispatch.wake import WakeUp


def wait_for(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def test_a_case_wakes_the_worker(monkeypatch):
    sent = threading.Event()
    told = []

    def apply_async(**given):
        told.append(given)
        sent.set()

    # Whatever wakes next must not find this test's broker: only the portal's own wake-up call is started, and here.
    monkeypatch.setattr(wake.pick_up, "apply_async", apply_async)
    monkeypatch.setattr(wake, "wake_up", WakeUp(wake.wake_up.call))
    wake.wake_worker(case_ids=[1])
    assert sent.wait(10)
    assert told == [{"retry": False}]


def test_a_burst_is_called_for_again_after_its_last_case_but_not_for_each():
    calls = []
    wake_up = WakeUp(lambda: calls.append(1), pause=0.2)
    wake_up()
    wait_for(lambda: len(calls) == 1)
    for _ in range(50):
        wake_up()
    wait_for(lambda: len(calls) == 2)
    time.sleep(0.5)
    assert len(calls) == 2


def test_a_broker_that_hangs_holds_nobody_up():
    hanging = threading.Event()
    wake_up = WakeUp(lambda: hanging.wait(10))
    for _ in range(3):
        wake_up()  # returns at once; the test would last half a minute otherwise
    assert wake_up.thread.is_alive()
    hanging.set()


def test_a_broker_that_refuses_is_left_alone_for_a_while_and_asked_again():
    tries = []

    def refuse():
        tries.append(time.monotonic())
        raise ConnectionError("down")

    wake_up = WakeUp(refuse, pause=0, silence=0.3)
    wake_up()
    wait_for(lambda: len(tries) == 1)
    wake_up()
    wait_for(lambda: len(tries) == 2)
    assert tries[1] - tries[0] >= 0.3
