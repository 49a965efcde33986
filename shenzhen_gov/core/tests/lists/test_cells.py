"""The cells of a list are what django-tables2 itself would make of the table."""

from datetime import UTC, datetime

import django_tables2 as tables
import pytest
from django.utils.html import format_html

from shenzhen_gov.core.lists.cells import export_lines, lines
from shenzhen_gov.core.models import AuditEntry, JobRun

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class RunTable(tables.Table):
    """One column of each sort that our lists use."""

    job = tables.Column(attrs={"td": {"class": "el", "data-id": lambda record: record.pk}})
    state = tables.Column()
    word = tables.Column(accessor="get_state_display")
    total = tables.Column(default="none", attrs={"td": {"class": "num"}})
    drawn = tables.Column(empty_values=())
    missing = tables.Column(accessor="no__such__field")
    hidden = tables.Column(accessor="message", visible=False)
    link = tables.Column(accessor="job", linkify=lambda record: f"/jobs/{record.pk}/")
    everything = tables.Column(accessor="pk")
    kept_back = tables.Column(accessor="pk", exclude_from_export=True)

    class Meta:
        model = JobRun
        fields = ()
        row_attrs = {"data-state": lambda record: record.state}

    def render_job(self, value):
        return format_html("<b>{}</b>", value)

    def value_job(self, value):
        return value

    def render_drawn(self, record, bound_column):
        return f"{bound_column.name} {record.pk}"

    def render_everything(self, **given):
        return f"{given['value']} {given['bound_row'].record.pk}"


@pytest.fixture
def table():
    common = {"started_at": AT, "beat_at": AT}
    return RunTable(
        [
            JobRun(pk=1, job="<a>", state="done", total=3, message="hello", **common),
            JobRun(pk=2, job="", state="failed", total=None, **common),
        ]
    )


def as_text(cells) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def test_on_the_screen(table):
    ours = [as_text(cell for _attrs, cell in line.cells) for line in lines(table)]
    assert ours == [as_text(cell for _column, cell in row.items()) for row in table.rows]


def test_in_the_export(table):
    _header, *theirs = table.as_values()
    assert [as_text(line) for line in export_lines(table)] == [as_text(line) for line in theirs]


def test_with_the_attributes_of_cells_and_rows(table):
    made = lines(table)
    for line, row in zip(made, table.rows, strict=True):
        assert 'data-state="' in line.attrs
        assert f'data-state="{row.record.state}"' in line.attrs
        theirs = [column.attrs["td"].as_html() for column, _cell in row.items()]
        assert [attrs for attrs, _cell in line.cells] == theirs


def test_of_plain_dictionaries():
    class Plain(tables.Table):
        name = tables.Column()
        size = tables.Column(default="-")

    assert [
        [cell for _attrs, cell in line.cells] for line in lines(Plain([{"name": "a", "size": 1}, {"name": "b"}]))
    ] == [
        ["a", 1],
        ["b", "-"],
    ]


def test_without_rows():
    class Empty(tables.Table):
        class Meta:
            model = AuditEntry
            fields = ("at",)

    assert lines(Empty([])) == export_lines(Empty([])) == []
