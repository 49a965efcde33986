"""One benchmark in its own process: makes its database, sets Django up on it, runs it, writes what it found.

`python -m bench.one intake_create /path/to/results.json [--quick] [--keep] [--kept NAME]`
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import psycopg

from shenzhen_gov.launcher import prepare

from . import databases
from .context import Context


def main() -> None:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.one")
    parser.add_argument("module")
    parser.add_argument("target", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--kept", default="")
    options = parser.parse_args()
    url = os.environ["DATABASE_URL"]
    _put_back(url)
    with (
        tempfile.TemporaryDirectory(prefix="bench-var-") as folder,
        databases.database(url, f"bench_{options.module}", _env(Path(folder)), keep=options.keep) as own_url,
    ):
        env = {**_env(Path(folder)), "DATABASE_URL": own_url}
        context = Context(own_url, env, Path(folder), options.quick, options.kept)
        results: list = context.told  # of a benchmark that breaks, what it has told so far
        try:
            results = _run(options.module, context)
        finally:
            told = {"postgresql": databases.server_version(url), "results": [asdict(result) for result in results]}
            options.target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _put_back(url: str) -> None:
    """Undo what a history (history.py) that was killed has left behind on the server."""
    with databases.server(url) as connection, suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute("ALTER SYSTEM RESET full_page_writes")
        connection.execute("SELECT pg_reload_conf()")


def _env(folder: Path) -> dict[str, str]:
    """Return the environment of `make run`; files that are written at run time go to a folder of their own."""
    for name in ("log", "media", "stamps"):
        (folder / name).mkdir(exist_ok=True)
    return prepare.child_env({"DJANGO_SETTINGS_MODULE": prepare.SAMPLE_SETTINGS, "VAR_DIR": str(folder)})


def _run(module: str, context: Context) -> list:
    os.environ.update(context.env)
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # of this process; servers log as `make run` has them
    import django

    django.setup()
    try:
        return importlib.import_module(f"bench.{module}").run(context)
    finally:
        from django.db import connections

        connections.close_all()
        for connection in connections.all(initialized_only=True):
            if getattr(connection, "pool", None):
                connection.close_pool()


if __name__ == "__main__":
    main()
