"""Says in one line which environment variable is wrong and why, before anything depends on it."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from .paths import ROOT, venv_program
from .say import Stop

POSTGRES = ("postgresql", "postgres")
# scheme → the port it listens on by default; a queue on PostgreSQL is asked like a database
BROKERS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671, "pgmq": 5432}
OLDEST_SERVER = 160000
SECONDS = 5


def split(name: str, url: str, schemes: tuple[str, ...]) -> SplitResult:
    """Take an address apart. Raises Stop, naming the variable, when it is none of the right kind."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number
    except ValueError as error:
        raise Stop(f"{name}: not an address: {error}") from None
    if parts.scheme not in schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise Stop(f"{name}: must start with {wanted}, not with {url.split(':')[0][:20]!r}")
    return parts


def require_schemes(env: Mapping[str, str]) -> None:
    """Refuse an address of the wrong kind. Needs nothing installed and connects to nothing."""
    for name in ("DATABASE_URL", "REPLICA_URL"):
        if env.get(name):
            split(name, env[name], POSTGRES)
    if env.get("BROKER_URL"):
        split("BROKER_URL", env["BROKER_URL"], tuple(BROKERS))


def ask_database(url: str) -> dict:
    """Connect with the venv's psycopg and return the server's answers, or ``{"error": …}``."""
    done = subprocess.run(
        [venv_program("python"), "-m", "shenzhen_gov.launcher.probe"],
        input=url, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no answer"])[-1]}
    return json.loads(done.stdout)


def database_problem(answer: dict) -> str:
    """What is wrong with a database that gave these answers; an empty text when nothing is."""
    if "error" in answer:
        return f"unreachable: {answer['error']}"
    if answer["version"] < OLDEST_SERVER:
        return f"PostgreSQL 16 or newer is needed, the server is {answer['version'] // 10000}"
    if answer["encoding"] != "UTF8":
        return f"the database's encoding must be UTF8, it is {answer['encoding']}"
    if not answer["knows_letters"]:
        return "the database's ctype is C, which breaks Chinese text; create it with LC_CTYPE 'C.UTF-8'"
    return ""


def socket_problem(parts: SplitResult) -> str:
    """Why nothing can be reached at this address; an empty text when something listens there."""
    host, port = parts.hostname or "localhost", parts.port or BROKERS[parts.scheme]
    try:
        socket.create_connection((host, port), timeout=SECONDS).close()
    except OSError as error:
        return f"unreachable: {host}:{port}: {error.strerror or error}"
    return ""


def require_reachable(env: Mapping[str, str]) -> None:
    """Refuse an address behind which there is nothing, or the wrong thing."""
    problems = {
        name: database_problem(ask_database(env[name])) for name in ("DATABASE_URL", "REPLICA_URL") if env.get(name)
    }
    if env.get("BROKER_URL"):
        parts = split("BROKER_URL", env["BROKER_URL"], tuple(BROKERS))
        if parts.scheme != "pgmq":
            problems["BROKER_URL"] = socket_problem(parts)
        elif parts.netloc:  # a bare pgmq:// is the portal's own database
            answer = ask_database(parts._replace(scheme="postgresql").geturl())
            problems["BROKER_URL"] = database_problem(answer)
    for name, problem in problems.items():
        if problem:
            raise Stop(f"{name}: {problem}")
