"""Entering lines: every fault of every line at once, and nothing taken over while there is one."""

from datetime import timedelta

import pytest

from dutylist import services
from dutylist.models import Batch, BatchLine
from dutylist.services import LineFaults, NewLine
from grid.models import Unit
from shenzhen_gov.core.exceptions import BadInput

from .duty_people import make_people, open_draft, publish
from .world import NOON, make_list

pytestmark = pytest.mark.django_db
PLACE = {"level1": "市容环卫", "level2": "环境"}
NEW = {**PLACE, "name": "乱贴广告"}


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def people(city):
    return make_people(city)


@pytest.fixture
def enter(city, people):
    """Enter lines into a fresh draft and return the batch."""

    def enter_lines(*lines, prefix="", batch=None, **given):
        batch = batch or open_draft(city, people, prefix=prefix)
        services.set_lines(batch.pk, lines, by=getattr(people, f"{prefix}editor"), now=NOON, **given)
        return Batch.objects.get(pk=batch.pk)

    return enter_lines


@pytest.fixture
def faults_of(enter):
    """Return (index, code, field) of every fault; checks that nothing was taken over."""

    def faults(*lines, **given):
        with pytest.raises(LineFaults) as refusal:
            enter(*lines, **given)
        assert not BatchLine.objects.exists()
        assert all(str(fault.text) for fault in refusal.value.faults)
        return [(fault.index, fault.code, fault.field) for fault in refusal.value.faults]

    return faults


def row(area, lead, **given):
    return {"area": area.pk, "lead": lead.pk} | given


def test_a_change_is_laid_over_what_holds_today(enter):
    line = enter(NewLine("change", "T01", {"limit_normal": 4, "criteria": " 说明地点 "})).lines.get()
    assert (line.after["limit_normal"], line.after["criteria"], line.after["keywords"]) == (4, "说明地点", ["楼道堆物"])
    assert (line.after["rows"], line.after["successors"], line.before.number) == (None, [], 1)
    assert (line.name, line.policy, line.position) == ("楼道堆物", "keep", 1)


def test_an_ending_line_carries_its_successors_only(enter):
    batch = enter(NewLine("merge", "T01", successors=["T02"]), NewLine("retire", "T02"))
    assert {line.code: (line.after, line.policy) for line in batch.lines.all()} == {
        "T01": ({"successors": ["T02"]}, "redispatch"),
        "T02": ({"successors": []}, "redispatch"),
    }


def test_a_split_names_parts_that_the_same_batch_adds(enter):
    parts = [NewLine("add", f"N{n}", {**PLACE, "name": f"部分{n}"}) for n in (1, 2)]
    batch = enter(NewLine("split", "T01", successors=["N1", "N2"]), *parts)
    assert batch.lines.get(code="T01").after == {"successors": ["N1", "N2"]}


def test_a_transfer_carries_the_complete_new_rows(city, enter):
    lead, co = city.bureaus[0]["water"], city.company
    given = row(city.districts[0], lead, co=[co.pk, lead.pk, co.pk], note=" 夜间 ")
    line = enter(NewLine("transfer", "T02", {"rows": [given]})).lines.get()
    assert line.policy == "redispatch"
    assert line.after["rows"] == [
        {"area": city.districts[0].pk, "lead": lead.pk, "co": [co.pk], "fallback": None, "note": "夜间"}
    ]


def test_rows_that_say_what_holds_today_are_no_change(city, faults_of):
    rows = [row(area, city.bureaus[d]["urban_management"]) for d, area in enumerate(city.districts)]
    assert faults_of(NewLine("transfer", "T02", {"rows": rows[::-1]})) == [(0, "T02", "rows")]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (NewLine("change", "T09", {"limit_normal": 4}), "code"),
        (NewLine("change", "", {"limit_normal": 4}), "code"),
        (NewLine("change", "T 01", {"limit_normal": 4}), "code"),
        (NewLine("change", "T01\x00", {"limit_normal": 4}), "code"),
        (NewLine("change", "T01", {}), "code"),
        (NewLine("change", "T01", {"limit_normal": 5, "rows": None}), "code"),
        (NewLine("abolish", "T01"), "kind"),
        (NewLine("retire", "T01", {"name": "x"}), "kind"),
        (NewLine("transfer", "T01", {"limit_normal": 4}), "rows"),
        (NewLine("add", "T01", NEW), "code"),
        (NewLine("add", "N" * 37, NEW), "code"),
        (NewLine("add", "N1", {"name": "新"}), "level1"),
        (NewLine("add", "N1", {**PLACE, "level2": " "}), "level2"),
        (NewLine("add", "N1", PLACE), "name"),
        (NewLine("add", "N1", {**PLACE, "name": "楼道堆物"}), "name"),
        (NewLine("add", "N1", {**NEW, "level1": "字" * 121}), "level1"),
        (NewLine("add", "N1", NEW, narrows="T01"), "narrows"),
        (NewLine("add", "N1", NEW, narrows="T09"), "narrows"),
        (NewLine("add", "N1", {**{level: "字" * 120 for level in PLACE}, "name": "字" * 120}), "name"),
        (NewLine("change", "T01", {"name": " "}), "name"),
        (NewLine("change", "T01", {"name": "字" * 121}), "name"),
        (NewLine("change", "T01", {"name": 7}), "name"),
        (NewLine("change", "T01", {"name": "a\x00"}), "name"),
        (NewLine("change", "T01", {"criteria": "\ud800"}), "criteria"),
        (NewLine("change", "T01", {"criteria": "字" * 10_001}), "criteria"),
        (NewLine("change", "T01", {"level1": "别处"}), "level1"),
        (NewLine("change", "T01", {"colour": "red"}), "colour"),
        (NewLine("change", "T01", {"successors": []}), "successors"),
        (NewLine("change", "T01", {"limit_unit": "fortnight"}), "limit_unit"),
        (NewLine("change", "T01", {"duty_level": "moon"}), "duty_level"),
        (NewLine("change", "T01", {"limit_normal": 0}), "limit_normal"),
        (NewLine("change", "T01", {"limit_normal": -1}), "limit_normal"),
        (NewLine("change", "T01", {"limit_normal": "five"}), "limit_normal"),
        (NewLine("change", "T01", {"limit_normal": 4.5}), "limit_normal"),
        (NewLine("change", "T01", {"limit_normal": True}), "limit_normal"),
        (NewLine("change", "T01", {"limit_normal": 10**12}), "limit_normal"),
        (NewLine("change", "T01", {"limit_normal": float("inf")}), "limit_normal"),
        (NewLine("change", "T01", {"limit_urgent": 6}), "limit_urgent"),
        (NewLine("change", "T01", {"limit_very_urgent": 2}), "limit_very_urgent"),
        (NewLine("change", "T01", {"limit_normal": None}), "limit_urgent"),
        (NewLine("change", "T01", {"is_key": "perhaps"}), "is_key"),
        (NewLine("change", "T01", {"is_key": None}), "is_key"),
        (NewLine("change", "T01", {"keywords": "楼道"}), "keywords"),
        (NewLine("change", "T01", {"keywords": [7]}), "keywords"),
        (NewLine("change", "T01", {"keywords": ["字" * 41]}), "keywords"),
        (NewLine("change", "T01", {"limit_normal": 4}, successors=["T02"]), "successors"),
        (NewLine("change", "T01", {"limit_normal": 4}, policy="forget"), "policy"),
        (NewLine("change", "T01", {"limit_normal": 4}, note="字" * 301), "note"),
        (NewLine("merge", "T01"), "successors"),
        (NewLine("merge", "T01", successors=["T02", "T03"]), "successors"),
        (NewLine("merge", "T01", successors=["T01"]), "successors"),
        (NewLine("merge", "T01", successors=["T09"]), "successors"),
        (NewLine("merge", "T01", successors=["T 9"]), "successors"),
        (NewLine("split", "T01", successors=["T02"]), "successors"),
        (NewLine("split", "T01", successors=["T02", "T02"]), "successors"),
        (NewLine("change", "T01", {"rows": "all"}), "rows"),
        (NewLine("change", "T01", {"rows": [{}]}), "rows"),
        (NewLine("change", "T01", {"rows": [7]}), "rows"),
        (NewLine("change", "T01", {"rows": [{"area": 10**30, "lead": 1}]}), "rows"),
        (NewLine("change", "T01", {"rows": [{"area": 99_999_999, "lead": 99_999_999}]}), "rows"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(faults_of, line, field):
    assert (0, line.code, field) in faults_of(line)


def test_what_is_wrong_with_rows_is_found_against_the_territory(city, faults_of):
    district, unit = city.districts[0], city.bureaus[0]["water"]
    for rows in (
        [row(district, unit), row(district, city.company)],
        [row(district, unit, co=["x"])],
        [row(district, unit, fallback="x")],
        [row(district, unit, note="字" * 301)],
        [row(district, unit, fallback=99_999_999)],
    ):
        assert faults_of(NewLine("change", "T01", {"rows": rows})) == [(0, "T01", "rows")]


def test_a_unit_that_closes_before_the_batch_takes_effect_is_named(city, people, enter, faults_of):
    unit = city.bureaus[0]["water"]
    Unit.objects.filter(pk=unit.pk).update(closed_on=NOON.date() + timedelta(days=1))
    line = NewLine("transfer", "T02", {"rows": [row(city.districts[0], unit)]})
    later = open_draft(city, people, on=NOON.date() + timedelta(days=1))
    assert faults_of(line, batch=later) == [(0, "T02", "rows")]
    assert enter(line).lines.count() == 1


def test_all_faults_of_all_lines_are_found_at_once(faults_of):
    lines = [
        NewLine("change", "T01", {"name": "", "limit_normal": 0}),
        NewLine("change", "T02", {"limit_normal": 4}),
        NewLine("retire", "T02"),
        NewLine("add", "N1", {**PLACE, "name": "同名"}),
        NewLine("add", "N2", {**PLACE, "name": "同名"}),
        NewLine("change", "T09", {"name": "x"}),
    ]
    assert faults_of(*lines) == [
        (0, "T01", "name"),
        (0, "T01", "limit_normal"),
        (0, "T01", "limit_urgent"),
        (2, "T02", "code"),
        (4, "N2", "name"),
        (5, "T09", "code"),
    ]


def test_an_unknown_source_is_refused(enter):
    with pytest.raises(BadInput):
        enter(NewLine("retire", "T01"), source="telepathy")


def test_a_second_line_about_an_item_replaces_the_first_only_when_asked(enter, people):
    batch = enter(NewLine("change", "T01", {"limit_normal": 4}))
    with pytest.raises(LineFaults):
        enter(NewLine("change", "T01", {"limit_normal": 3}), batch=batch)
    done = services.set_lines(
        batch.pk,
        [NewLine("change", "T01", {"limit_normal": 3}), NewLine("retire", "T02")],
        overwrite=True,
        by=people.manager,
        now=NOON,
    )
    assert (done.added, done.changed, done.unchanged) == (1, 1, 0)
    first, second = batch.lines.order_by("position")
    assert (first.after["limit_normal"], first.entered_by, second.position) == (3, people.manager.user, 2)


def test_the_same_line_again_changes_nothing_and_makes_no_preview_stale(enter, people):
    batch = enter(NewLine("change", "T01", {"limit_normal": 4}))
    done = services.set_lines(
        batch.pk, [NewLine("change", "T01", {"limit_normal": 4})], overwrite=True, by=people.manager, now=NOON
    )
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)
    assert Batch.objects.get().content_number == batch.content_number == 2
    assert batch.lines.get().entered_by == people.editor.user


def test_lines_are_taken_out_and_their_policy_is_chosen(enter, people):
    batch = enter(NewLine("change", "T01", {"limit_normal": 4}), NewLine("retire", "T02"))
    assert services.set_policy(batch.pk, ["T01", "T02", "\x00"], "ask", by=people.editor, now=NOON) == 2
    assert services.set_policy(batch.pk, ["T01"], "ask", by=people.editor, now=NOON) == 0
    assert services.remove_lines(batch.pk, ["T02", "T07", "\x00"], by=people.editor, now=NOON) == 1
    assert services.remove_lines(batch.pk, ["T02"], by=people.editor, now=NOON) == 0
    assert Batch.objects.get().content_number == 4
    assert list(batch.lines.values_list("code", "policy")) == [("T01", "ask")]
    with pytest.raises(BadInput):
        services.set_policy(batch.pk, ["T01"], "forget", by=people.editor, now=NOON)


def test_a_district_narrows_the_citys_item_and_cannot_change_it(city, enter, faults_of):
    rows = [row(city.streets[0][0], city.offices[0][0])]
    assert faults_of(NewLine("change", "T01", {"limit_normal": 3}), prefix="near_") == [(0, "T01", "code")]
    assert faults_of(NewLine("retire", "T01"), prefix="near_") == [(0, "T01", "code")]
    outside = [row(city.streets[1][0], city.offices[1][0])]
    assert faults_of(NewLine("add", "LH1", {"rows": outside}, narrows="T01"), prefix="near_") == [(0, "LH1", "rows")]
    moved = {"level1": "别处", "rows": rows}
    assert (0, "LH1", "level1") in faults_of(NewLine("add", "LH1", moved, narrows="T01"), prefix="near_")
    line = enter(NewLine("add", "LH1", {"limit_normal": 3, "rows": rows}, narrows="T01"), prefix="near_").lines.get()
    assert (line.narrows.code, line.name, line.after["level2"]) == ("T01", "楼道堆物", "环境")


def test_a_list_has_one_overlay_of_an_item(city, people, faults_of):
    publish(city, people, NewLine("add", "LH1", {"limit_normal": 3}, narrows="T01"), prefix="near_")
    BatchLine.objects.all().delete()
    assert faults_of(NewLine("add", "LH2", {"limit_normal": 2}, narrows="T01"), prefix="near_") == [
        (0, "LH2", "narrows")
    ]
    two = [NewLine("add", f"LH{n}", {"limit_normal": 2}, narrows="T02") for n in (3, 4)]
    assert faults_of(*two, prefix="near_") == [(1, "LH4", "name")]
    assert faults_of(NewLine("add", "LH5", {}, narrows="LH1"), prefix="near_") == [(0, "LH5", "narrows")]


def test_the_items_of_another_district_are_as_if_they_were_not_there(city, people, faults_of, enter):
    publish(city, people, NewLine("add", "PS1", NEW), prefix="far_")
    BatchLine.objects.all().delete()
    unknown = faults_of(NewLine("change", "T99", {"name": "x"}), NewLine("retire", "T98"), prefix="near_")
    assert [field for _index, _code, field in unknown] == ["code", "code"]
    texts = []
    for code in ("PS1", "T99"):
        with pytest.raises(LineFaults) as refusal:
            enter(
                NewLine("change", code, {"name": "x"}),
                NewLine("add", "LH1", {**PLACE, "name": "甲"}, narrows=code),
                NewLine("add", "LH2", {**PLACE, "name": "乙"}),
                prefix="near_",
            )
        texts.append([(fault.index, fault.field, str(fault.text)) for fault in refusal.value.faults])
    assert texts[0] == texts[1]
    assert enter(NewLine("add", "LH3", NEW), prefix="near_").lines.count() == 1  # its own matter of the same name


def test_what_ended_is_not_changed_and_takes_over_from_nobody(city, people, faults_of):
    publish(city, people, NewLine("retire", "T02"))
    BatchLine.objects.all().delete()
    lines = [NewLine("change", "T02", {"limit_normal": 4}), NewLine("merge", "T01", successors=["T02"])]
    assert faults_of(*lines) == [(0, "T02", "code"), (1, "T01", "successors")]
    assert faults_of(NewLine("add", "T02", {"level1": "别处"})) == [(0, "T02", "level1")]


def test_what_ended_is_entered_again_under_its_code_at_its_place(city, people, enter):
    publish(city, people, NewLine("retire", "T02"))
    BatchLine.objects.all().delete()
    line = enter(NewLine("add", "T02", {"limit_normal": 9})).lines.get()
    assert (line.name, line.after["level1"], line.before.number, line.after["limit_normal"]) == (
        "路灯不亮",
        "市容环卫",
        2,
        9,
    )


def test_entering_many_lines_costs_as_many_statements_as_entering_one(
    city, people, django_assert_max_num_queries
):  # fmt: skip
    rows = [row(city.districts[0], city.company)]
    lines = [NewLine("add", f"N{number}", {**PLACE, "name": f"新事项{number}", "rows": rows}) for number in range(200)]
    batch = open_draft(city, people)
    with django_assert_max_num_queries(18):
        services.set_lines(batch.pk, [*lines, NewLine("retire", "T01")], by=people.editor, now=NOON)
