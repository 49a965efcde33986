"""``check``: everything that is looked at without running the tests. All of it runs, then the verdict."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping

from . import database, packages, prepare
from .locks import exclusive
from .paths import ROOT, var_dir, venv_program
from .say import line

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "shenzhen_gov.settings.production",
    "SECRET_KEY": "check-only-" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "FIELD_KEYS": "Y2hlY2stb25seS1rZXktb2YtMzItYnl0ZXMtISEhISE=",
    "ALLOWED_HOSTS": "portal.example",
}
TEMPLATES = ("templates", *prepare.APPS)
MYPY = ["-m", "mypy"]
# name → words after the venv's Python
CHECKS = {
    "ruff": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": MYPY,
    "links": ["-m", "shenzhen_gov.launcher", "check-links"],
    "template format": ["-m", "djlint", *TEMPLATES, "--check"],
    "template lint": ["-m", "djlint", *TEMPLATES, "--lint", "--quiet"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": ["manage.py", "messages", "--check"],
    "workflow page": ["manage.py", "render_workflow", "--check"],
    "deployment": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def passes(name: str, words: list[str], env: Mapping[str, str]) -> bool:
    """Run one check and print one line; its output only when it fails."""
    started = time.monotonic()
    extra = PRODUCTION if name == "deployment" else {}
    done = subprocess.run(
        [venv_program("python"), *words], cwd=ROOT, env={**env, **extra},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    verdict = "ok" if done.returncode == 0 else "FAILED"
    line(f"  {time.monotonic() - started:5.1f} s  {name}: {verdict}")
    if done.returncode:
        line(done.stdout.rstrip())
    return done.returncode == 0


def tidy(words: list[str]) -> int:
    """Format sources and templates (or the given paths) and repair what the linter can repair itself."""
    packages.require_python()
    packages.ensure_packages(packages.DEVELOP)
    sources, pages = words or ["."], words or list(TEMPLATES)
    jobs = (["ruff", "check", "--fix-only", *sources], ["ruff", "format", *sources], ["djlint", *pages, "--reformat"])
    for job in jobs:
        subprocess.run([venv_program("python"), "-m", *job, "--quiet"], cwd=ROOT, check=False)
    return 0


def check_types() -> int:
    """Run mypy over the whole project; its exit code."""
    return subprocess.run([venv_program("python"), *MYPY], cwd=ROOT, check=False).returncode


def check(only: list[str]) -> int:
    """Run all checks, or the named ones; exit code 1 when any fails."""
    packages.require_python()
    with exclusive(var_dir() / "check-pg.lock"):
        packages.ensure_packages(packages.DEVELOP)
        (var_dir() / "log").mkdir(exist_ok=True)
        wanted = {name: words for name, words in CHECKS.items() if not only or name in only}
        with database.available("check-pg", durable=False) as (env, _):
            env.setdefault("LOG_LEVEL", "WARNING")
            failed = [name for name, words in wanted.items() if not passes(name, words, env)]
    line(f"check: failed: {', '.join(failed)}" if failed else "check: all passed")
    return 1 if failed else 0
