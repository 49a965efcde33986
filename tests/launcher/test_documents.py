"""The two small checks: links in the documentation, and types."""

import pytest

from shenzhen_gov.launcher import check, links


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A function that writes README.md and returns its broken links."""
    monkeypatch.setattr(links, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "run.md").write_text("# How to `run` it, twice\n```\n# no heading\n```\n## 运行\n")

    def broken(text):
        (tmp_path / "README.md").write_text(text)
        return [row.split(": ")[1] for row in links.broken(tmp_path / "README.md")]

    return broken


def test_links_that_lead_somewhere_pass(page):
    assert page("# A\n[x](docs/run.md) [y](docs/run.md#how-to-run-it-twice) [z](#a) ![i](docs/)") == []
    assert page("[elsewhere](https://x.example/y) [mail](mailto:a@x.example)") == []
    assert page("[zh](docs/run.md#运行) `[code](nowhere.md)`\n```\n[fence](nowhere.md)\n```\n") == []


def test_links_that_lead_nowhere_are_named(page):
    text = "[x](docs/gone.md) [y](docs/run.md#no-heading) [z](#b) [out](../../etc/passwd)"
    assert page(text) == ["docs/gone.md", "docs/run.md#no-heading", "#b", "../../etc/passwd"]


@pytest.mark.parametrize("code", [0, 1])
def test_checking_types_ends_as_mypy_ends(tmp_path, monkeypatch, code):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n[ "$*" = "-m mypy" ] && exit {code}\nexit 3\n')
    python.chmod(0o755)
    monkeypatch.setattr(check, "venv_program", lambda name: tmp_path / name)
    assert check.check_types() == code
