"""Error lines reach the terminal, once and whole; everything else stays in the log."""

import re

from shenzhen_gov.launcher import logs
from shenzhen_gov.launcher.logs import GRAVE, Follower, rotate, tail


def follow(path, **options):
    """A follower and what it says."""
    said = []
    return Follower("web", path, said.append, **options), said


def test_only_error_lines_are_repeated_with_the_name(tmp_path):
    path = tmp_path / "web.log"
    follower, said = follow(path)
    path.write_text(
        '[INFO] fine\n[ERROR] broken\n{"level": "error", "event": "x"}\nTraceback (most recent call last):\n'
    )
    follower.poll()
    follower.poll()
    assert said == [
        "[web] [ERROR] broken",
        '[web] {"level": "error", "event": "x"}',
        "[web] Traceback (most recent call last):",
    ]


def test_lines_of_earlier_runs_and_half_lines_wait(tmp_path):
    path = tmp_path / "web.log"
    path.write_text("ERROR old\n")
    follower, said = follow(path)
    with path.open("a") as log:
        log.write("ERROR ne")
    follower.poll()
    assert said == []
    with path.open("a") as log:
        log.write("w\n")
    follower.poll()
    assert said == ["[web] ERROR new"]


def test_a_refused_statement_of_the_database_is_not_news():
    lines = [
        "… portal ERROR:  duplicate key value violates unique constraint",
        "… portal FATAL:  the database system is starting up",
        "… FATAL:  could not write to file: No space left on device",
    ]
    assert [bool(re.search(GRAVE, text)) for text in lines] == [False, False, True]


def test_log_that_grows_too_big_is_moved_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "TRUNCATE_AT", 10)
    path = tmp_path / "web.log"
    follower, said = follow(path)
    path.write_text("ERROR one\nmore\n")
    follower.poll()
    assert path.read_text() == ""
    assert (tmp_path / "web.log.1").read_text() == "ERROR one\nmore\n"
    path.write_text("ERROR two\n")
    follower.poll()
    assert said == ["[web] ERROR one", "[web] ERROR two"]


def test_big_log_of_earlier_runs_is_rotated_at_the_start(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "ROTATE_AT", 3)
    path = tmp_path / "web.log"
    path.write_text("12345")
    rotate(path)
    rotate(path)
    assert not path.exists()
    assert (tmp_path / "web.log.1").read_text() == "12345"


def test_tail_gives_the_last_lines(tmp_path):
    path = tmp_path / "web.log"
    assert tail(path) == ""
    path.write_text("".join(f"{number}\n" for number in range(100_000)))
    assert tail(path, 2) == "99998\n99999"
