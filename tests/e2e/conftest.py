"""A browser, and a portal for it: sample city, web server and worker as `make run` starts them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import databases
from bench.stack import running
from shenzhen_gov.launcher import prepare
from shenzhen_gov.launcher.paths import ROOT

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SCREENSHOTS = ROOT / "var" / "screenshots"


@pytest.fixture(scope="session")
def static_files(tmp_path_factory) -> Path:
    """Collect the static files once for every portal, and return their folder."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "log").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAR_DIR", str(folder))
        prepare.manage(portal_env(folder), "collectstatic", "--noinput")
    return folder / "static"


def portal_env(folder: Path) -> dict[str, str]:
    """Return the environment of a portal that keeps its files in this folder."""
    return prepare.child_env({
        "DJANGO_SETTINGS_MODULE": prepare.SAMPLE_SETTINGS, "VAR_DIR": str(folder), "BROKER_URL": "",
    })  # fmt: skip


@pytest.fixture(scope="session")
def portal(worker_id, tmp_path_factory, static_files) -> Iterator[str]:
    """Yield the address of a portal with the sample city, on a database of its own."""
    folder = tmp_path_factory.mktemp("e2e")
    (folder / "log").mkdir()
    (folder / "static").symlink_to(static_files)
    env = portal_env(folder)
    patch = pytest.MonkeyPatch()
    patch.setenv("VAR_DIR", str(folder))  # where the launcher's functions write
    try:
        with databases.database(os.environ["DATABASE_URL"], f"e2e_{worker_id}", env) as url:
            env["DATABASE_URL"] = url
            with running(env, folder) as stack:
                yield stack.url
    finally:
        patch.undo()


@pytest.fixture(scope="module")
def browser():
    """Start Chromium: CHROMIUM names it, else it is looked for on the path.

    It is closed after each module, for its event loop keeps Django from asking the database in the tests that follow.
    """
    if not CHROMIUM:
        pytest.skip(
            "NO BROWSER: the journeys were NOT tested. Install Chromium (apt-get install chromium fonts-noto-cjk) or"
            " set CHROMIUM to one. CI installs it, so nothing is merged untested."
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Return the folder that pictures of the journeys are left in, to be looked at; it is not committed."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Return the name of the xdist worker; tests that run without workers are `main`."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
