"""The two small checks: links in the documentation, and type errors against the baseline."""

from collections import Counter

import pytest

from shenzhen_gov.launcher import links, types_check


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A function that writes README.md and returns its broken links."""
    monkeypatch.setattr(links, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "run.md").write_text("# How to `run` it, twice\n```\n# no heading\n```\n## 运行\n")

    def check(text):
        (tmp_path / "README.md").write_text(text)
        return [row.split(": ")[1] for row in links.broken(tmp_path / "README.md")]

    return check


def test_links_that_lead_somewhere_pass(page):
    assert page("# A\n[x](docs/run.md) [y](docs/run.md#how-to-run-it-twice) [z](#a) ![i](docs/)") == []
    assert page("[elsewhere](https://x.example/y) [mail](mailto:a@x.example)") == []
    assert page("[zh](docs/run.md#运行) `[code](nowhere.md)`\n```\n[fence](nowhere.md)\n```\n") == []


def test_links_that_lead_nowhere_are_named(page):
    text = "[x](docs/gone.md) [y](docs/run.md#no-heading) [z](#b) [out](../../etc/passwd)"
    assert page(text) == ["docs/gone.md", "docs/run.md#no-heading", "#b", "../../etc/passwd"]


def test_type_errors_are_counted_for_each_file():
    output = "a/b.py:3: error: Bad  [x]\na/b.py:4:2: error: Worse  [y]\na/b.py:4: note: z\nc.py:1: error: Z\n"
    assert types_check.count(output) == {"a/b.py": 2, "c.py": 1}


def test_baseline_survives_being_written_and_read():
    counts = Counter({"b.py": 1, "a.py": 3})
    assert types_check.parse(types_check.render(counts)) == counts


def test_growth_and_shrinkage_are_told_apart():
    grown, shrunk = types_check.compare(Counter(a=2, b=1, d=1), Counter(a=1, b=1, c=4))
    assert grown == ["a: 2 errors, 1 known", "d: 1 errors, 0 known"]
    assert shrunk == ["c: 0 errors, 4 known"]


@pytest.fixture
def baseline(tmp_path, monkeypatch):
    """A function that runs the check over given mypy output; the baseline file is at `path`."""
    path = tmp_path / "mypy-baseline.txt"
    monkeypatch.setattr(types_check, "BASELINE", path)

    def check(output, *words):
        monkeypatch.setattr(types_check, "run_mypy", lambda: output)
        return types_check.check_types(list(words))

    check.path = path
    return check


ONE = "a.py:1: error: X  [x]\n"


def test_baseline_may_shrink_and_never_grows(baseline):
    assert baseline(ONE * 2, "--write") == 0  # the first baseline
    assert baseline(ONE * 2) == 0
    assert baseline(ONE * 3) == 1
    assert baseline(ONE * 3, "--write") == 1
    assert baseline(ONE) == 1  # fewer: must be written down
    assert baseline(ONE, "--write") == 0
    assert baseline(ONE * 2) == 1
