"""The venv and the pinned packages in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .locks import exclusive
from .paths import ROOT, VENV, var_dir, venv_program
from .say import Stop, step
from .stamps import Stamp, digest

RUN = "requirements.txt"
DEVELOP = "requirements-dev.txt"
INSTALLER = "requirements-uv.txt"
OLDEST_PYTHON = (3, 11)


def package_env() -> dict[str, str]:
    """The environment for pip and uv: no user site, system certificates, a cache that can be written."""
    env = os.environ | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_SYSTEM_CERTS": "1"}
    home = os.path.expanduser("~")
    if not (os.path.isdir(home) and os.access(home, os.W_OK)):
        for tool in ("UV", "PIP"):
            env.setdefault(f"{tool}_CACHE_DIR", str(var_dir() / "cache" / tool.lower()))
    return env


def use_pip_index(env: dict[str, str]) -> None:
    """Give uv the index that pip is told to use: it does not read pip's configuration."""
    if "UV_DEFAULT_INDEX" in env or "UV_INDEX_URL" in env:
        return
    words = ["-m", "pip", "config", "get", "global.index-url"]
    done = subprocess.run([venv_program("python"), *words], capture_output=True, text=True, check=False, env=env)
    index = env.get("PIP_INDEX_URL") or done.stdout.strip()
    if index:
        env["UV_DEFAULT_INDEX"] = index


def call(words: list, env: dict[str, str]) -> str:
    """Run an installer; return an empty text, or the end of what it said when it failed."""
    done = subprocess.run(
        [str(word) for word in words], cwd=ROOT, env=env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    return "\n".join(done.stdout.splitlines()[-15:]) if done.returncode else ""


def venv_works() -> bool:
    """Whether the venv's Python starts, is new enough and has pip."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    command: list[str | Path] = [venv_program("python"), "-c", question]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def ensure_venv() -> None:
    """Make ``.venv`` unless a working one is there."""
    if venv_works():
        return
    with step("venv made"):
        shutil.rmtree(VENV, ignore_errors=True)
        failed = call([sys.executable, "-m", "venv", VENV], dict(os.environ))
        if failed:
            shutil.rmtree(VENV, ignore_errors=True)
            raise Stop(f"`python3 -m venv` failed (on Debian and Ubuntu: install python3-venv):\n{failed}")


def ensure_uv(env: dict[str, str]) -> Path | None:
    """The pinned uv inside the venv, installed by pip; None where it is not to be had."""
    uv = venv_program("uv")
    stamp = Stamp(VENV / f".{INSTALLER}.sha256", digest([ROOT / INSTALLER]))
    if not (uv.exists() and stamp.is_current()):
        words = [venv_program("python"), "-m", "pip", "install", "-q", "--require-hashes", "-r", INSTALLER]
        if call(words, env):
            return None
        stamp.write()
    return uv


def install(name: str, remarks: list[str]) -> None:
    """Install one requirements file with uv, else with pip. Packages it does not name are left alone."""
    env = package_env()
    uv = ensure_uv(env)
    if uv:
        uv_env = dict(env)
        use_pip_index(uv_env)
        words = [uv, "pip", "install", "--python", venv_program("python"), "--require-hashes", "-r", name]
        if not call(words, uv_env):
            return
    remarks.append("by pip, uv could not be used")
    words = [venv_program("python"), "-m", "pip", "install", "-q", "--require-hashes", "-r", name]
    failed = call(words, env)
    if failed:
        raise Stop(f"the packages of {name} could not be installed:\n{failed}")


def ensure_packages(name: str) -> None:
    """Make the venv hold the packages of a requirements file; nothing to do while the file is the same."""
    with exclusive(var_dir() / "setup.lock", wait=True):
        ensure_venv()
        stamp = Stamp(VENV / f".{name}.sha256", digest([ROOT / name]))
        if stamp.is_current():
            return
        with step(f"packages of {name} installed") as remarks:
            install(name, remarks)
        stamp.write()


def require_python() -> None:
    """Refuse an old Python in plain words."""
    if sys.version_info < OLDEST_PYTHON:
        have = ".".join(str(part) for part in sys.version_info[:3])
        raise Stop(f"Python 3.11 or newer is needed, this is {have}; try `make run PYTHON=python3.12`")
