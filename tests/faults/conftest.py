"""A portal of its own for faults: embedded database, web server, worker and beat, under the launcher's supervisor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from bench import databases
from shenzhen_gov.launcher import prepare
from shenzhen_gov.launcher.paths import ROOT
from shenzhen_gov.launcher.postgres import Cluster


@dataclass
class City:
    """A small city on a durable cluster, and how its channel comes in."""

    cluster: Cluster
    env: dict[str, str]
    folder: Path
    key: str
    areas: list[str]
    item: str
    sessions: dict[str, str] = field(default_factory=dict)  # of people who are signed in, by name

    def run(self, *words: str, **env: str) -> str:
        """Run a Python program on the city's database and return what it printed."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.env | env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def rows(self, sql: str, *values) -> list[tuple]:
        """Ask the database."""
        with psycopg.connect(self.cluster.url) as connection:
            return connection.execute(sql, values or None).fetchall()

    def one(self, sql: str, *values):
        """Return the one value that a question is answered with."""
        return self.rows(sql, *values)[0][0]

    @property
    def headers(self) -> dict[str, str]:
        """Return what the channel sends with every request."""
        return {"Authorization": f"Token {self.key}", "Content-Type": "application/json"}

    def body(self, number: int) -> dict:
        """Return a request that the duty list answers."""
        return {
            "content": f"第{number}栋二楼楼道里堆满纸箱，担心失火。",
            "request_type": "complaint",
            "phone": f"138{number:08d}",
            "area": self.areas[number % len(self.areas)],
            "item": self.item,
        }


def fill(cluster: Cluster, tables: bytes) -> None:
    """Make the tables of a database that was migrated elsewhere."""
    command = [cluster.programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", cluster.url]
    subprocess.run(command, input=tables, stdout=subprocess.DEVNULL, check=True)


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Iterator[City]:
    """Make the city once; the tests stop and kill what runs on it, never its data."""
    folder = tmp_path_factory.mktemp("faults")
    cluster = Cluster(folder / "pg", folder / "pg.log", durable=True)
    env = prepare.child_env({
        "DATABASE_URL": cluster.url,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": prepare.SAMPLE_SETTINGS,
        "BROKER_URL": "",
    })  # fmt: skip
    made = City(cluster, env, folder, key="", areas=[], item="")
    try:
        cluster.start()
        fill(cluster, databases.dump_migrated(os.environ["DATABASE_URL"]))
        made.run("manage.py", "collectstatic", "--noinput")
        told = json.loads(made.run("-m", "tests.faults.world").splitlines()[-1])
        made.key, made.areas, made.item, made.sessions = (told[name] for name in ("key", "areas", "item", "sessions"))
        yield made
    finally:
        cluster.stop(seconds=3)


@pytest.fixture
def launcher_folder(city, monkeypatch) -> Path:
    """Let the launcher's functions write where the city is."""
    monkeypatch.setenv("VAR_DIR", str(city.folder))
    (city.folder / "log").mkdir(exist_ok=True)
    return city.folder
