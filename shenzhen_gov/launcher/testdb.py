"""A shared development cluster for tests that stays up between runs: ``test-db`` and ``test-db --stop``."""

from __future__ import annotations

import shlex

from .locks import exclusive
from .paths import var_dir
from .postgres import Cluster
from .say import note, step


def dev_cluster() -> Cluster:
    """The cluster that everybody who works in this checkout shares."""
    var = var_dir()
    (var / "log").mkdir(exist_ok=True)
    return Cluster(var / "dev-test-pg", var / "log" / "dev-test-pg.log", durable=False)


def start() -> None:
    """Start the cluster unless it runs, and print a line for ``eval`` in a shell."""
    with exclusive(var_dir() / "dev-test-pg.lock", wait=True):
        cluster = dev_cluster()
        if not cluster.is_ready():
            with step("development test database started", out=note):
                cluster.start(daemon=True)
    print(f"export DATABASE_URL={shlex.quote(cluster.url)}")


def stop() -> None:
    """Stop the cluster."""
    with exclusive(var_dir() / "dev-test-pg.lock", wait=True):
        dev_cluster().stop()
    note("development test database stopped")


def main(words: list[str]) -> None:
    """``test-db`` starts, ``test-db --stop`` stops."""
    if "--stop" in words:
        stop()
    else:
        start()
