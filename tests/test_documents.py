"""The documents name what exists."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, sources

MAP = ROOT / "docs" / "where-things-live.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
APP_FILES = {
    "models",
    "workflow.py",
    "services",
    "querysets.py",
    "selectors",
    "forms.py",
    "serializers.py",
    "choices.py",
    "views",
    "api.py",
    "admin",
    "tasks.py",
    "urls.py",
}


def cells(path: Path, columns: int) -> list[list[str]]:
    rows = [line.strip("| ").split(" | ") for line in path.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    return [row for row in rows if len(row) == columns]


def test_every_path_of_the_map_exists():
    named = set(re.findall(r"`([\w./-]+)`", MAP.read_text(encoding="utf-8")))
    paths = {name for name in named if "/" in name and not name.startswith("data/")}
    assert len(paths) > 40
    assert [name for name in sorted(paths) if not (ROOT / name).exists()] == []


def test_the_file_names_of_the_map_are_used_by_the_apps():
    places = {part for source in sources() for part in (source.place[0], f"{source.place[0]}.py")}
    assert APP_FILES - places == set()


def test_every_term_of_the_glossary_stands_in_the_code():
    code = "\n".join(
        [
            *(source.text for source in sources() if not source.is_test),
            (ROOT / "grid/data/roles.csv").read_text(),
        ]
    )
    names = [re.fullmatch(r"`(\w+)`", row[2]) for row in cells(GLOSSARY, 3)[1:]]
    assert len(names) > 50
    assert [match[1] for match in names if match and not re.search(rf"\b{match[1]}\b", code)] == []


def test_a_chinese_term_has_one_english_word():
    terms = [term for row in cells(GLOSSARY, 3)[1:] for term in row[0].split(" / ")]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda path: path.name)
def test_every_decision_is_numbered_and_dated(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {path.name[:4]} · ")
    assert re.match(r"\d{4}-\d\d-\d\d · ", lines[2])
