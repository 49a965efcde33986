"""Databases for measurements and for tests of the whole portal: copies of one template with the sample city.

Making the template takes half a minute, copying it a second. The template says in its comment what it was made of,
and is made anew when migrations, reference data or sample data changed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shenzhen_gov.launcher import prepare
from shenzhen_gov.launcher.paths import ROOT, venv_program
from shenzhen_gov.launcher.postgres import server_programs
from shenzhen_gov.launcher.say import Stop
from shenzhen_gov.launcher.stamps import digest

TEMPLATE = "bench_template"
MIGRATED = "migrated_template"  # nothing but the tables: what test databases are copied from
MIGRATING = ("migrate --noinput",)
FILLING = ("load_reference", "load_sample")
# The queue's tables are part of what is migrated where it stands on the same database, so every template has them.
OWN_QUEUE = {"DJANGO_SETTINGS_MODULE": prepare.SAMPLE_SETTINGS, "BROKER_URL": ""}
COPY = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
LOCK = 7_402_110  # any number: one process at a time makes the template


def with_name(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def server(url: str) -> Iterator[psycopg.Connection]:
    """Yield a connection to the server's own database, where databases are made."""
    with psycopg.connect(with_name(url, "postgres"), autocommit=True) as connection:
        yield connection


def ensure_template(connection: psycopg.Connection, url: str, env: Mapping[str, str]) -> None:
    """Make the template with the sample city unless it is there and made of what is in the checkout now."""
    ensure_migrated(url)
    patterns = ("**/migrations/*.py", "**/data/**/*", "**/management/commands/*.py", "**/sample*.py")
    _ensure(connection, TEMPLATE, patterns, url, env, FILLING, source=MIGRATED)


def ensure_migrated(url: str) -> None:
    """Make the template of empty tables unless it is there and up to date."""
    patterns = ("**/migrations/*.py", "shenzhen_gov/settings/*.py")
    with server(url) as connection:
        _ensure(connection, MIGRATED, patterns, url, OWN_QUEUE, MIGRATING)


def dump_migrated(url: str) -> bytes:
    """Return the empty tables as SQL, for a database on another server."""
    ensure_migrated(url)
    command = [server_programs() / "pg_dump", "--no-owner", "--dbname", with_name(url, MIGRATED)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _ensure(
    connection: psycopg.Connection,
    name: str,
    patterns: tuple[str, ...],
    url: str,
    env: Mapping[str, str],
    steps: tuple[str, ...],
    source: str = "template1",
) -> None:
    """Make a template from another one by commands, once for what the files hold. Waits for who makes it now."""
    wanted = digest([*prepare.files(*patterns), Path(__file__)])
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found and found[0] == wanted:
            return
        drop(connection, name)
        connection.execute(COPY.format(sql.Identifier(name), sql.Identifier(source)))
        _fill({**env, "DATABASE_URL": with_name(url, name)}, steps)
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(name), sql.Literal(wanted)))
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def database(url: str, name: str, env: Mapping[str, str], *, keep: bool = False) -> Iterator[str]:
    """Yield the address of a fresh copy of the template; the copy is dropped in the end unless kept."""
    with server(url) as connection:
        ensure_template(connection, url, env)
        drop(connection, name)
        connection.execute(COPY.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    try:
        yield with_name(url, name)
    finally:
        if not keep:
            with server(url) as connection:
                drop(connection, name)


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database with everybody in it."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def server_version(url: str) -> str:
    """Return the server's version, e.g. 18.4."""
    with server(url) as connection:
        return connection.execute("SHOW server_version").fetchone()[0]


def _fill(env: Mapping[str, str], steps: tuple[str, ...]) -> None:
    for step in steps:
        done = subprocess.run(
            [venv_program("python"), ROOT / "manage.py", *step.split()],
            cwd=ROOT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise Stop(f"manage.py {step} failed for a template database:\n{(done.stdout + done.stderr)[-2000:]}")
