"""Folders: short enough for a socket, for this user alone, and one launcher at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shenzhen_gov.launcher import leftovers, paths
from shenzhen_gov.launcher.locks import exclusive
from shenzhen_gov.launcher.say import Stop

ROOT = Path(__file__).resolve().parents[2]


def test_socket_lies_beside_its_data_while_the_path_is_short(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LONGEST_SOCKET_FOLDER", len(str(tmp_path)) + 20)
    folder = paths.socket_folder(tmp_path / "pg")
    assert folder == tmp_path / "pg-socket"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_deep_folder_gets_a_short_socket_folder_of_its_own(tmp_path):
    deep, other = tmp_path / ("深" * 40) / "pg", tmp_path / ("深" * 41) / "pg"
    folders = [paths.socket_folder(data) for data in (deep, other, deep)]
    try:
        assert all(len(os.fsencode(folder)) <= paths.LONGEST_SOCKET_FOLDER for folder in folders)
        assert folders[0] == folders[2] != folders[1]
        assert folders[0].stat().st_mode & 0o777 == 0o700
    finally:
        for folder in set(folders):
            folder.rmdir()


def test_folder_open_to_others_is_closed(tmp_path):
    folder = tmp_path / "s"
    folder.mkdir(mode=0o755)
    assert paths.private_folder(folder).stat().st_mode & 0o777 == 0o700


def test_link_in_place_of_a_private_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "s").symlink_to(tmp_path / "real")
    with pytest.raises(Stop, match="belongs to somebody else"):
        paths.private_folder(tmp_path / "s")


def test_var_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "file" / "var"))
    with pytest.raises(Stop, match="^VAR_DIR: "):
        paths.var_dir()


def test_second_launcher_is_told_who_holds_the_folder(tmp_path):
    code = f"""if True:
        from pathlib import Path
        from shenzhen_gov.launcher.locks import exclusive
        with exclusive(Path({str(tmp_path / "lock")!r})):
            print("held", flush=True); input()
    """
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout.readline() == "held\n"
        refused = pytest.raises(Stop, match=rf"in use by another launcher \(process {holder.pid}\)")
        with refused, exclusive(tmp_path / "lock"):
            pass
        holder.kill()
        holder.wait()
        with exclusive(tmp_path / "lock"):
            pass


def test_number_of_another_process_in_the_pid_file_is_no_server(tmp_path):
    sockets = tmp_path / "s"
    sockets.mkdir()
    (sockets / ".s.PGSQL.5432.lock").touch()
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert leftovers.server_on(tmp_path) is None
    leftovers.clear(tmp_path, sockets)
    assert not (tmp_path / "postmaster.pid").exists()
    assert list(sockets.iterdir()) == []
