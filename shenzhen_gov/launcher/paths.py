"""Where things are: the checkout, its venv and the folder for everything written at run time."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

from .say import Stop

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
# A Unix socket address holds 108 bytes on Linux and 104 on macOS; "/.s.PGSQL.5432" takes 14 of them.
LONGEST_SOCKET_FOLDER = 85


def var_dir() -> Path:
    """The folder for data, logs, stamps and locks: VAR_DIR, or ``var`` in the checkout."""
    given = os.environ.get("VAR_DIR")
    folder = Path(given).expanduser().resolve() if given else ROOT / "var"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"VAR_DIR: {folder} cannot be made: {error.strerror}") from None
    return folder


def venv_program(name: str) -> Path:
    """A program inside the venv, whether it exists yet or not."""
    return VENV / "bin" / name


def private_folder(folder: Path) -> Path:
    """Make the folder for this user alone (0700); refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (os.geteuid() not in (0, found.st_uid)):
        raise Stop(f"{folder} belongs to somebody else; remove it, or set TMPDIR to a folder of your own")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def socket_folder(data: Path) -> Path:
    """The 0700 folder for a cluster's socket: beside its data, or short and in the temp folder."""
    beside = data.with_name(data.name + "-socket")
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return private_folder(beside)
    key = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    name = f"szgov-{os.geteuid()}-{key}"
    for base in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder is checked to be ours
        if len(os.fsencode(base)) + 1 + len(name) <= LONGEST_SOCKET_FOLDER:
            return private_folder(Path(base) / name)
    raise Stop(f"no folder is short enough for the database's socket; {sys.platform} allows 104 bytes")
