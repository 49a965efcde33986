"""The port: the one asked for or none; without a wish, 8000 or the next free one."""

import socket

import pytest

from shenzhen_gov.launcher import ports
from shenzhen_gov.launcher.say import Stop


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as door:
        door.bind((ports.ADDRESS, 0))
        door.listen()
        yield door.getsockname()[1]


def test_free_port_that_was_asked_for_is_taken():
    with socket.socket() as door:
        door.bind((ports.ADDRESS, 0))
        free = door.getsockname()[1]
    assert ports.choose(str(free)) == (free, "")


def test_occupied_port_that_was_asked_for_stops_with_its_name(taken):
    with pytest.raises(Stop, match=rf"PORT: {taken} cannot be used: another program is listening"):
        ports.choose(str(taken))


@pytest.mark.parametrize("wrong", ["abc", "0", "65536", "-1", "80.5"])
def test_port_that_is_none_stops_with_its_name(wrong):
    with pytest.raises(Stop, match="^PORT: "):
        ports.choose(wrong)


def test_default_moves_to_the_next_free_port_and_says_so(taken, monkeypatch):
    monkeypatch.setattr(ports, "DEFAULT", taken)
    port, remark = ports.choose(None)
    assert port > taken
    assert str(taken) in remark
    assert "PORT" in remark


def test_no_free_port_at_all_stops(taken, monkeypatch):
    monkeypatch.setattr(ports, "DEFAULT", taken)
    monkeypatch.setattr(ports, "TRIES", 1)
    with pytest.raises(Stop, match="^PORT: none"):
        ports.choose("")
