"""Where background work is queued: the same database, unless BROKER_URL names another place."""

import pytest

from shenzhen_gov.settings import env

PORTAL = {
    "NAME": "portal",
    "USER": "p",
    "PASSWORD": "",
    "HOST": "db",
    "PORT": 5432,
    "OPTIONS": dict(env.DRIVER_OPTIONS),
}


@pytest.mark.parametrize(
    ("given", "host", "name"),
    [("", "db", "portal"), ("pgmq://q:se%20cret@queue.local:6432/jobs", "queue.local", "jobs")],
)
def test_a_queue_on_postgresql_is_found_where_it_is_said_to_be(monkeypatch, given, host, name):
    monkeypatch.setenv("BROKER_URL", given)
    address, options = env.broker(PORTAL)
    assert address == "pgmq://localhost"
    assert host in options["conn_string"]
    assert name in options["conn_string"]
    assert not [word for word in env.DRIVER_OPTIONS if word in options["conn_string"]]


def test_another_broker_is_left_as_it_is(monkeypatch):
    monkeypatch.setenv("BROKER_URL", "amqp://h:5672//")
    assert env.broker(PORTAL) == ("amqp://h:5672//", {})
