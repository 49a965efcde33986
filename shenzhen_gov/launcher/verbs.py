"""``test``, ``e2e`` and ``bench``: a database of their own around one program."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from . import checks, database, packages, prepare
from .locks import exclusive
from .paths import ROOT, var_dir, venv_program

# One more than the cores of a small machine: some wait for a browser. Who is done takes over from the others.
WORKERS = ("-n", "3", "--dist", "worksteal")


def python(env: Mapping[str, str], *words: str) -> int:
    """Run a module or script with the venv's Python in this terminal; return its exit code."""
    command = [str(venv_program("python")), *words]
    return subprocess.run(command, cwd=ROOT, env=dict(env), check=False).returncode


def around(name: str, settings: str, *words: str, durable: bool = False, copied: bool = True) -> int:
    """Install, start the cluster of this name, run the venv's Python with the words, stop the cluster."""
    packages.require_python()
    checks.require_schemes(os.environ)
    with exclusive(var_dir() / f"{name}.lock"):
        packages.ensure_packages(packages.DEVELOP)
        checks.require_reachable(os.environ)
        (var_dir() / "log").mkdir(exist_ok=True)
        with database.available(name, durable=durable, copied=copied) as (env, _):
            prepare.compile_messages(env)
            env.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of the many processes compiles every module again
            if not os.environ.get("DJANGO_SETTINGS_MODULE"):
                env["DJANGO_SETTINGS_MODULE"] = settings
            return python(env, *words)


def test(words: list[str]) -> int:
    """The whole test suite, or what ARGS asks for; COV=1 measures coverage and holds it to its floor."""
    coverage = ["--cov", "--cov-report=term-missing:skip-covered"] if os.environ.get("COV") else []
    settings = "shenzhen_gov.settings.test"
    return around("test-pg", settings, "-m", "pytest", *WORKERS, *coverage, *words)


def e2e(words: list[str]) -> int:
    """The journeys in a real browser, each in both languages."""
    os.environ["EVERY_LANGUAGE"] = "1"
    return around("test-pg", "shenzhen_gov.settings.test", "-m", "pytest", "tests/e2e", "-m", "e2e", *words)


def bench(words: list[str]) -> int:
    """The measurements, on a durable cluster; nobody copies its log, so that millions of cases can be loaded."""
    return around("bench-pg", prepare.SAMPLE_SETTINGS, "-m", "bench", *words, durable=True, copied=False)


def manage(words: list[str]) -> int:
    """One management command on the database of `make run`, whether that is running or not."""
    packages.require_python()
    packages.ensure_packages(packages.RUN)
    (var_dir() / "log").mkdir(exist_ok=True)
    if not os.environ.get("DATABASE_URL"):
        running = database.cluster("pg")
        if running.is_ready():
            return python(prepare.child_env({"DATABASE_URL": running.url}), "manage.py", *words)
    with exclusive(var_dir() / "launcher.lock"), database.available("pg") as (env, _):
        return python(env, "manage.py", *words)
