"""``setup``, ``lock`` and ``clean``."""

from __future__ import annotations

import shutil
from pathlib import Path

from . import leftovers, packages
from .paths import ROOT, VENV, socket_folder, var_dir, venv_program
from .say import Stop, line, step

LOCKED = (
    ("requirements.in", packages.RUN),
    ("requirements-s3.in", "requirements-s3.txt"),
    ("requirements-dev.in", packages.DEVELOP),
    ("requirements-uv.in", packages.INSTALLER),
)
CACHES = ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".coverage", "htmlcov")


def setup() -> int:
    """The venv with everything in it, and nothing started."""
    packages.require_python()
    packages.ensure_packages(packages.DEVELOP)
    line(f"ready: {VENV}")
    return 0


def lock(words: list[str]) -> int:
    """Compile the pinned and hashed requirements; ``--upgrade`` takes newer versions."""
    packages.require_python()
    packages.ensure_packages(packages.DEVELOP)
    env = packages.package_env()
    packages.use_pip_index(env)
    for source, target in LOCKED:
        with step(f"{target} compiled"):
            command = [venv_program("uv"), "pip", "compile", "-q", "--universal", "--python-version", "3.11"]
            command += ["--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock"]
            failed = packages.call([*command, *words, source, "-o", target], env)
            if failed:
                raise Stop(f"{source} could not be compiled:\n{failed}")
    return 0


def caches() -> list[Path]:
    """Cache folders of the tools, outside the venv and the var folder."""
    skipped = {VENV, ROOT / "var", ROOT / ".git"}
    return [
        path
        for top in ROOT.iterdir() if top not in skipped
        for name in CACHES
        for path in ([top] if top.name == name else top.glob(f"**/{name}") if top.is_dir() else [])
    ]  # fmt: skip


def clean() -> int:
    """Stop embedded servers, then remove var, .venv and caches. Asks nothing."""
    var = var_dir()
    for version in var.glob("*/PG_VERSION"):
        leftovers.stop_server(version.parent)
        shutil.rmtree(socket_folder(version.parent), ignore_errors=True)  # it may lie in the temp folder
    for folder in (var, VENV, *caches()):
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.unlink(missing_ok=True)
    left = [str(folder) for folder in (var, VENV) if folder.exists()]
    if left:
        raise Stop(f"could not be removed altogether: {', '.join(left)}")
    line("removed: the database and logs in var, .venv, caches")
    return 0
