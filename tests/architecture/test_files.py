"""Every app has the same file names, so that a file's job is known before it is opened."""

import subprocess

import pytest

from tests.architecture.sources import ROOT, production_code, sources

# What each app must have; a package of the same name counts.
NEEDED = {
    "grid": {"models", "choices", "querysets", "services", "selectors", "access", "admin"},
    "dutylist": {"models", "choices", "querysets", "services", "selectors", "urls", "views"},
    "intake": {"models", "choices", "querysets", "services", "workflow", "urls", "views", "admin"},
    "dispatch": {"models", "choices", "querysets", "services", "selectors", "workflow", "tasks", "urls", "views"},
    "analytics": {"models", "choices", "querysets", "services", "selectors", "tasks", "urls", "views"},
}


@pytest.mark.parametrize("app", NEEDED)
def test_an_app_has_the_files_with_the_usual_names(app):
    present = {source.place[0] for source in sources() if source.layer == app}
    assert NEEDED[app] - present == set()


@pytest.mark.parametrize("app", NEEDED)
def test_an_app_with_pages_has_templates_of_its_own(app):
    if (ROOT / app / "urls.py").exists():
        assert (ROOT / "templates" / app).is_dir()


def test_reference_data_is_no_migration():
    found = [
        str(path.relative_to(ROOT))
        for app in NEEDED
        for path in (ROOT / app / "migrations").glob("*.py")
        if "objects." in path.read_text(encoding="utf-8")
    ]
    assert not found, "reference data is a CSV in data/ and a load_… command"


def test_every_module_says_what_it_is_for():
    import ast

    silent = [source.path for source in production_code() if not ast.get_docstring(source.tree) and source.text.strip()]
    assert not silent


def committed(*words: str) -> list[str]:
    """Return what `git ls-files` says with these words; an archive of the sources has nothing to ask."""
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout")
    asked = ["git", "-c", "safe.directory=*", "ls-files", *words]
    return subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def test_nothing_is_committed_that_is_made_on_each_machine():
    assert committed("--cached", "--ignored", "--exclude-standard") == []


def test_no_link_is_committed():
    assert [line for line in committed("--stage") if line.startswith("120000")] == []
