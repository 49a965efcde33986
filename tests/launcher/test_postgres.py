"""The embedded database, for real: starts on a hostile path, keeps what it acknowledged, comes back."""

import os
import shutil
import signal
from urllib.parse import unquote

import pytest

from shenzhen_gov.launcher.leftovers import backends_on, wait_until
from shenzhen_gov.launcher.postgres import Cluster
from shenzhen_gov.launcher.say import Stop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A running cluster on a path with spaces, Chinese characters and more than a hundred bytes."""
    folder = tmp_path_factory.mktemp("cluster") / ("path with spaces 深圳 " * 4)
    folder.mkdir()
    made = Cluster(folder / "pg", folder / "pg.log", durable=True)
    try:
        made.start()
        yield made
    finally:
        made.stop(seconds=3)
        shutil.rmtree(made.sockets)


def kill(cluster):
    """End the server by kill -9 and wait until its backends have gone too."""
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    assert wait_until(lambda: not backends_on(cluster.data), 10)


def test_address_names_the_socket_folder_and_nothing_on_the_network(cluster):
    assert unquote(cluster.url) == f"postgresql://portal@{cluster.sockets}/portal"
    assert cluster.query("SHOW listen_addresses") == ""
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700


def test_database_is_made_for_chinese_text_and_is_durable(cluster):
    assert cluster.query("SHOW server_encoding") == "UTF8"
    assert cluster.query("SELECT U&'\\6df1' ~ '^\\w$'") == "t"
    assert [cluster.query(f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]


def test_killed_server_comes_back_with_what_it_acknowledged(cluster):
    cluster.query("CREATE TABLE kept AS SELECT 1 AS x", "portal")
    kill(cluster)
    cluster.start()
    assert cluster.query("SELECT x FROM kept", "portal") == "1"
    assert cluster.is_new


def test_stale_number_of_a_living_process_does_not_block_the_start(cluster):
    kill(cluster)
    file = cluster.data / "postmaster.pid"
    file.write_text("\n".join([str(os.getpid()), *file.read_text().split("\n")[1:]]))
    cluster.start()
    assert cluster.is_ready()


def test_server_that_outlived_its_launcher_is_replaced(cluster):
    before = cluster.process
    cluster.start()
    assert cluster.process.pid != before.pid
    assert before.wait(timeout=10) == 0
    assert cluster.is_ready()


def test_wrong_statement_stops_with_the_reason(cluster):
    with pytest.raises(Stop, match="nonsense"):
        cluster.query("nonsense")
