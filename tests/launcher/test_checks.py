"""A wrong address is named in one line, without the password that stands in it."""

import socket

import pytest

from shenzhen_gov.launcher import checks
from shenzhen_gov.launcher.say import Stop

GOOD = {"version": 180004, "encoding": "UTF8", "knows_letters": True}


@pytest.mark.parametrize(
    ("name", "url", "reason"),
    [
        ("DATABASE_URL", "mysql://u:secret@h/d", "must start with postgresql:// or postgres://"),
        ("DATABASE_URL", "portal", "must start with"),
        ("DATABASE_URL", "postgresql://h:port/d", "not an address"),
        ("REPLICA_URL", "sqlite:///x", "must start with"),
        ("BROKER_URL", "sqs://", "must start with redis://"),
    ],
)
def test_wrong_address_is_refused_before_anything_connects(name, url, reason):
    with pytest.raises(Stop, match=f"^{name}: ") as refused:
        checks.require_schemes({name: url})
    assert reason in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_addresses_of_the_right_kind_pass():
    checks.require_schemes(
        {
            "DATABASE_URL": "postgresql://portal@%2Fa%20b%2Fc/portal",
            "REPLICA_URL": "postgres://u:p@h:5432/d?sslmode=require",
            "BROKER_URL": "redis://h:6379/0",
        }
    )
    checks.require_schemes({})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"error": "connection refused"}, "unreachable: connection refused"),
        ({"version": 150008}, "PostgreSQL 16 or newer is needed, the server is 15"),
        ({"encoding": "SQL_ASCII", "knows_letters": False}, "encoding must be UTF8, it is SQL_ASCII"),
        ({"knows_letters": False}, "ctype is C"),
    ],
)
def test_answers_of_a_database_are_judged(change, reason):
    found = checks.database_problem({**GOOD, **change})
    assert (reason in found) if reason else (found == "")


def test_unreachable_database_stops_with_the_variable(monkeypatch):
    monkeypatch.setattr(checks, "ask_database", lambda url: {"error": "no such host"})
    with pytest.raises(Stop, match="^REPLICA_URL: unreachable: no such host$"):
        checks.require_reachable({"REPLICA_URL": "postgresql://h/d"})


def test_queue_on_a_database_is_asked_like_a_database(monkeypatch):
    asked = []
    monkeypatch.setattr(checks, "ask_database", lambda url: asked.append(url) or GOOD)
    checks.require_reachable({"BROKER_URL": "pgmq://u@h/d"})
    checks.require_reachable({"BROKER_URL": "pgmq://"})
    assert asked == ["postgresql://u@h/d"]


def test_broker_that_nobody_serves_stops_with_the_variable():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with pytest.raises(Stop, match=f"^BROKER_URL: unreachable: 127.0.0.1:{port}"):
        checks.require_reachable({"BROKER_URL": f"redis://:secret@127.0.0.1:{port}/0"})


def test_broker_that_listens_passes():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        checks.require_reachable({"BROKER_URL": f"amqp://127.0.0.1:{door.getsockname()[1]}//"})
