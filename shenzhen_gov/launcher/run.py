"""``run``: from a fresh clone to a portal that answers, and then keeping it alive."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from . import checks, database, packages, ports, prepare
from .locks import exclusive
from .logs import GRAVE
from .paths import var_dir, venv_program
from .postgres import Cluster
from .say import Stop, line
from .supervise import Child, Supervisor

DATABASE = "postgres"
PATIENCE = 60.0  # seconds for the web server's first answer


def gunicorn(port: int) -> list:
    """The web server's command line."""
    words = ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket", "--preload"]
    words += ["--bind", f"{ports.ADDRESS}:{port}", "--timeout", "60", "--graceful-timeout", "3"]
    return [venv_program("python"), "-m", "gunicorn", *words, "shenzhen_gov.wsgi:application"]


def celery(*words: str) -> list:
    """A Celery command line."""
    return [venv_program("python"), "-m", "celery", "-A", "shenzhen_gov", *words, "--loglevel", "INFO"]


def background(env: Mapping[str, str]) -> list[Child]:
    """Worker and beat. They start after the web server's first answer, which they would only delay."""
    log = var_dir() / "log"
    worker = celery("worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat")
    beat = celery("beat", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler", "--pidfile=")
    return [
        # A cold shutdown would wait for the database, which goes at the same moment; late acknowledgement
        # makes killing safe.
        Child("worker", log / "worker.log", worker, env, death=signal.SIGKILL),
        Child("beat", log / "beat.log", beat, env),
    ]


def foreground(port: int, env: Mapping[str, str], cluster: Cluster | None) -> list[Child]:
    """The database, which runs already, and the web server."""
    web = Child("web", var_dir() / "log" / "web.log", gunicorn(port), env)
    if cluster is None:
        return [web]
    postgres = Child(DATABASE, cluster.log, start=cluster.spawn, errors=GRAVE)
    postgres.process = cluster.process
    postgres.started = time.monotonic()
    return [postgres, web]


def answers(url: str) -> bool:
    """Whether the web server answers at all, with whatever page."""
    try:
        urllib.request.urlopen(url, timeout=20).close()  # noqa: S310 - our own http address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_for_web(supervisor: Supervisor, url: str) -> None:
    """Keep supervising until the web server answers, or say where to look."""
    started = time.monotonic()
    while not answers(url):
        if time.monotonic() - started > PATIENCE:
            line(f"the web server does not answer yet; see {var_dir() / 'log' / 'web.log'}")
            return
        supervisor.tick()
        time.sleep(0.1)
    line(f"  {time.monotonic() - started:5.1f} s  web server started")


def announce(url: str, env: Mapping[str, str], started: float) -> None:
    """Print the address and who may log in."""
    line(f"\nReady after {time.monotonic() - started:.1f} s:  {url}   (Ctrl-C stops it)\n")
    if env["DJANGO_SETTINGS_MODULE"] == prepare.SAMPLE_SETTINGS:
        try:
            line(prepare.manage(env, "sample_accounts").rstrip())
        except Stop as reason:
            line(str(reason))


def stop(supervisor: Supervisor, cluster: Cluster | None) -> None:
    """Stop web, worker and beat, then the database. A second Ctrl-C does not cut this short."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    began = time.monotonic()
    supervisor.children = [child for child in supervisor.children if child.name != DATABASE]
    supervisor.stop()
    if cluster:
        cluster.stop(seconds=3)
    line(f"stopped in {time.monotonic() - began:.1f} s")


def serve(port: int, env: Mapping[str, str], cluster: Cluster | None, started: float) -> None:
    """Run the children until the launcher is told to stop."""
    supervisor = Supervisor(line)
    url = f"http://{ports.ADDRESS}:{port}/"
    try:
        supervisor.start(foreground(port, env, cluster))
        wait_for_web(supervisor, url)
        announce(url, env, started)
        supervisor.start(background(env))
        while True:
            supervisor.tick()
            time.sleep(0.2)
    except KeyboardInterrupt:
        line("\nstopping …")
    finally:
        stop(supervisor, cluster)


def run() -> None:
    """The whole of `make run`."""
    started = time.monotonic()
    packages.require_python()
    checks.require_schemes(os.environ)
    port, remark = ports.choose(os.environ.get("PORT"))
    with exclusive(var_dir() / "launcher.lock"):
        packages.ensure_packages(packages.RUN)
        checks.require_reachable(os.environ)
        (var_dir() / "log").mkdir(exist_ok=True)
        with database.available("pg") as (env, cluster):
            if cluster and cluster.is_new:
                prepare.forget_data()
            prepare.compile_messages(env)
            static = prepare.StaticFiles(env)
            prepare.load_data(env, embedded=cluster is not None)
            static.finish()
            if remark:
                line(f"           {remark}")
            serve(port, env | {"PORT": str(port)}, cluster, started)
