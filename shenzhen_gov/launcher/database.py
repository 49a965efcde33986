"""The database a verb works on: the one in DATABASE_URL, or an embedded cluster of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from . import prepare
from .paths import var_dir
from .postgres import Cluster
from .say import step


def cluster(name: str, *, durable: bool = True, copied: bool = True) -> Cluster:
    """The embedded cluster of this name under the var folder."""
    log = var_dir() / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    return Cluster(var_dir() / name, log, durable=durable, copied=copied)


@contextmanager
def available(
    name: str, *, durable: bool = True, copied: bool = True
) -> Iterator[tuple[dict[str, str], Cluster | None]]:
    """Yield the environment that points at the database, and the cluster when it is an embedded one."""
    if os.environ.get("DATABASE_URL"):
        yield prepare.child_env({}), None
        return
    for word in [word for word in os.environ if word.startswith("PG")]:
        del os.environ[word]  # PGPORT and its like are meant for some other server
    embedded = cluster(name, durable=durable, copied=copied)
    try:
        with step("database started") as remarks:
            embedded.start()
            if embedded.is_new:
                remarks.append("new")
        yield prepare.child_env({"DATABASE_URL": embedded.url}), embedded
    finally:
        embedded.stop(seconds=3)
