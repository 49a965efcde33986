"""What must be done between a database that answers and a portal that serves."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from .logs import tail
from .paths import ROOT, var_dir, venv_program
from .process import spawn
from .say import Stop, step
from .stamps import Stamp, digest

APPS = ("shenzhen_gov", "grid", "dutylist", "intake", "dispatch", "analytics")
SAMPLE_SETTINGS = "shenzhen_gov.settings.development"


def files(*patterns: str, folders: Iterable[str] = APPS) -> list[Path]:
    """The files of the apps that match the patterns."""
    found = (path for folder in folders for pattern in patterns for path in (ROOT / folder).glob(pattern))
    return [path for path in found if path.is_file()]


def child_env(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of everything Django: the caller's, and the settings module for this machine."""
    given = {name: value for name, value in os.environ.items() if value or name == "HOME"}
    if given.get("VAR_DIR"):
        given["VAR_DIR"] = str(var_dir())  # absolute, as the launcher understands it
    defaults = {"DJANGO_SETTINGS_MODULE": SAMPLE_SETTINGS, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    return defaults | given | dict(extra)


def manage(env: Mapping[str, str], *words: str) -> str:
    """Run one management command and return what it printed. Raises Stop with its last lines."""
    done = subprocess.run(
        [venv_program("python"), ROOT / "manage.py", *words], cwd=ROOT, env=dict(env),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    with (var_dir() / "log" / "setup.log").open("a", encoding="utf-8") as log:
        log.write(f"$ manage.py {' '.join(words)}\n{done.stdout}{done.stderr}")
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        raise Stop(f"manage.py {' '.join(words)} failed (all of it in var/log/setup.log):\n{tail}")
    return done.stdout


def data_stamp() -> Stamp:
    """Current while migrations, reference and sample data, the loading commands and packages are the same."""
    sources = files("**/migrations/*.py", "**/data/**/*", "**/management/commands/*.py", "**/sample*.py")
    return Stamp(var_dir() / "stamps" / "data", digest([*sources, ROOT / "requirements.txt"]))


def forget_data() -> None:
    """The database is new: nothing is loaded into it yet."""
    (var_dir() / "stamps" / "data").unlink(missing_ok=True)


def load_data(env: Mapping[str, str], *, embedded: bool) -> None:
    """Migrate and load. A database of our own is skipped while its stamp is current; another never is."""
    stamp = data_stamp()
    if embedded and stamp.is_current():
        return
    with step("database migrated"):
        manage(env, "migrate", "--noinput")
    with step("reference data loaded"):
        manage(env, "load_reference")
    if env["DJANGO_SETTINGS_MODULE"] == SAMPLE_SETTINGS:
        with step("sample data loaded"):
            manage(env, "load_sample")
    if embedded:
        stamp.write()


def compile_messages(env: Mapping[str, str]) -> None:
    """Compile the translations unless they are compiled."""
    sources = list((ROOT / "locale").glob("**/*.po"))
    stamp = Stamp(var_dir() / "stamps" / "messages", digest(sources))
    if stamp.is_current() and all(source.with_suffix(".mo").exists() for source in sources):
        return
    with step("translations compiled"):
        manage(env, "messages", "--compile")
    stamp.write()


class StaticFiles:
    """Collects static files, when one of them changed, while the database is being filled."""

    def __init__(self, env: Mapping[str, str]) -> None:
        sources = [*files("**/*", folders=["static"]), *files("static/**/*"), ROOT / "requirements.txt"]
        self.stamp = Stamp(var_dir() / "stamps" / "static", digest(sources, env["DJANGO_SETTINGS_MODULE"]))
        self.log = var_dir() / "log" / "collectstatic.log"
        self.process: subprocess.Popen | None = None
        if not (self.stamp.is_current() and (var_dir() / "static").is_dir()):
            command = [venv_program("python"), "manage.py", "collectstatic", "--noinput"]
            with self.log.open("wb") as log:
                self.process = spawn(command, death=signal.SIGTERM, stdout=log, stderr=log, cwd=ROOT, env=env)

    def finish(self) -> None:
        """Wait until the files are there. Raises Stop with the last lines when that failed."""
        if self.process is None:
            return
        with step("static files collected (beside the steps above)"):
            code = self.process.wait()
        if code:
            raise Stop(f"manage.py collectstatic failed (all of it in {self.log}):\n{tail(self.log, 12)}")
        self.stamp.write()
