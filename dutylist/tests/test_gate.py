"""The gate before approval: each condition with its figure, its aim, and why it is not met."""

import pytest
from django.utils import translation

from dutylist.findings import figures_of, finding
from dutylist.gate import gate_failures, gate_of
from dutylist.models import BatchPreview
from shenzhen_gov.core import parameters
from shenzhen_gov.core.models import Parameter

from .lines import add_line, make_batch
from .world import NOON, make_list

REPLAY = {
    "from": "2026-10-19",
    "to": "2026-11-17",
    "cases": 1000,
    "agreement_before": 0.961,
    "agreement_after": 0.974,
    "moved": 19,
    "better": 16,
    "worse": 3,
    "units": [{"unit": 1, "name": "市城管局", "before": 200, "after": 220}],
    "never_hit": [],
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def city(db):
    return make_list()


@pytest.fixture
def batch(city):
    batch = make_batch(city, created_by=city.staff["duty_editor"])
    add_line(batch, "change", "T01", limit_normal=3, entered_by=city.staff["duty_reviewer"])
    return batch


def keep(batch, kind, figures, content_number=None):
    number = content_number or batch.content_number
    BatchPreview.objects.update_or_create(
        batch=batch, kind=kind, defaults={"content_number": number, "made_at": NOON, "figures": figures}
    )


@pytest.fixture
def previewed(batch):
    keep(batch, "findings", figures_of([finding("T01", "no_limit")]))
    keep(batch, "cases", {"cases": 18, "by_area": [], "by_unit": [], "by_line": {}})
    keep(batch, "replay", REPLAY)
    return batch


def row(batch, city, name, who="duty_manager"):
    return next(row for row in gate_of(batch, city.staff[who]) if row.name == name)


def set_parameter(key, value):
    Parameter.objects.filter(key=key).update(value=value)
    parameters.forget()


def test_a_batch_that_was_previewed_and_is_better_passes_everywhere(previewed, city):
    assert [one.passed for one in gate_of(previewed, city.staff["duty_manager"])] == [True] * 7
    assert gate_failures(previewed, city.staff["duty_manager"]) == []


def test_nothing_passes_that_has_not_been_computed(batch, city):
    rows = {one.name: one.passed for one in gate_of(batch, city.staff["duty_manager"])}
    assert rows.pop("four_eyes") is True
    assert set(rows.values()) == {None}
    assert len(gate_failures(batch, city.staff["duty_manager"])) == 6


def test_figures_of_lines_as_they_were_before_do_not_count(previewed, city):
    previewed.content_number += 1
    checked = row(previewed, city, "checked")
    assert (checked.passed, checked.value) == (False, "lines have changed since")
    assert {row(previewed, city, name).passed for name in ("findings", "agreement", "open_cases")} == {None}
    assert all(one.why for one in gate_failures(previewed, city.staff["duty_manager"]))


def test_one_blocking_finding_stops_the_batch_and_is_counted(previewed, city):
    keep(previewed, "findings", figures_of([finding("T01", "gap", areas=["大鹏新区"])]))
    failed = gate_failures(previewed, city.staff["duty_manager"])
    assert [(one.name, one.value, one.aim) for one in failed] == [("findings", "1", "= 0")]


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("agreement", {"agreement_after": 0.9609}),
        ("moved", {"moved": 31}),
        ("growth", {"units": [{"unit": 1, "name": "市城管局", "before": 200, "after": 231}]}),
        ("growth", {"units": [{"unit": 1, "name": "新单位", "before": 0, "after": 20}]}),
    ],
)
def test_a_replay_beyond_an_aim_stops_the_batch(previewed, city, name, figures):
    keep(previewed, "replay", REPLAY | figures)
    failed = gate_failures(previewed, city.staff["duty_manager"])
    assert [one.name for one in failed] == [name]
    assert failed[0].why


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("agreement", {"agreement_after": 0.961}),
        ("moved", {"moved": 30}),
        ("growth", {"units": [{"unit": 1, "name": "市城管局", "before": 200, "after": 230}]}),
        ("growth", {"units": [{"unit": 1, "name": "小单位", "before": 1, "after": 20}]}),
        ("growth", {"units": []}),
    ],
)
def test_a_replay_right_at_its_aim_passes(previewed, city, name, figures):
    keep(previewed, "replay", REPLAY | figures)
    assert row(previewed, city, name).passed is True


def test_the_aims_are_parameters(previewed, city):
    set_parameter("duty.gate_moved_share", 0.01)
    assert (row(previewed, city, "moved").passed, row(previewed, city, "moved").aim) == (False, "≤ 1.0%")
    set_parameter("duty.gate_agreement_drop", 0.02)
    keep(previewed, "replay", REPLAY | {"agreement_after": 0.945})
    assert row(previewed, city, "agreement").passed is True


def test_the_replay_is_shown_and_does_not_stop_where_it_is_not_required(batch, city):
    keep(batch, "findings", figures_of([]))
    keep(batch, "cases", {"cases": 0})
    assert len(gate_failures(batch, city.staff["duty_manager"])) == 3
    set_parameter("duty.gate_replay_required", False)
    assert gate_failures(batch, city.staff["duty_manager"]) == []
    assert row(batch, city, "moved").passed is None


def test_a_rollback_needs_no_replay(batch, city):
    inverse = make_batch(city, "2026-02", reverses=batch)
    keep(inverse, "findings", figures_of([]))
    keep(inverse, "cases", {"cases": 0})
    assert gate_failures(inverse, city.staff["duty_manager"]) == []


def test_without_any_closed_case_nothing_can_have_got_worse(previewed, city):
    empty = REPLAY | {"cases": 0, "agreement_before": None, "agreement_after": None, "moved": 0, "units": []}
    keep(previewed, "replay", empty)
    assert gate_failures(previewed, city.staff["duty_manager"]) == []
    assert row(previewed, city, "agreement").value == "no closed case"


def test_a_replay_of_a_few_quiet_days_judges_nothing(previewed, city):
    keep(previewed, "replay", REPLAY | {"from": "2026-10-20"})
    failed = gate_failures(previewed, city.staff["duty_manager"])
    assert [one.name for one in failed] == ["agreement", "moved", "growth"]
    assert all("29 days; 30 are needed" in one.why for one in failed)


@pytest.mark.parametrize("who", ["duty_editor", "duty_reviewer"])
def test_who_opened_the_batch_or_entered_a_line_may_not_approve_it(previewed, city, who):
    failed = gate_failures(previewed, city.staff[who])
    assert [one.name for one in failed] == ["four_eyes"]


def test_the_gate_costs_the_same_whatever_was_found(previewed, city, django_assert_num_queries):
    gate_of(previewed, city.staff["duty_manager"])  # parameters are kept
    with django_assert_num_queries(2):
        gate_of(previewed, city.staff["duty_manager"])
