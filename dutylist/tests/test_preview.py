"""A batch side by side: fields with marks, units by area, counts; and what the last check said."""

import pytest
from django.utils import translation

from dutylist.findings import KINDS, figures_of, finding
from dutylist.models import BatchPreview
from dutylist.selectors import line_diff, preview
from dutylist.selectors.conflicts import get_conflicts
from shenzhen_gov.core.text_diff import LONGEST, list_segments, text_segments

from .lines import add_line, make_batch, row
from .world import NOON, make_list


@pytest.fixture
def city(db):
    return make_list()


def joined(segments, dropped):
    return "".join(text for mark, text in segments if mark != dropped)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("户外灯光影响居住，能说明地点和时段", "户外屏幕、招牌灯光影响居住，能说明地点和时段；玻璃幕墙、工地照明除外"),
        ("", "现场测亮度"),
        ("督促整改并回复", ""),
        ("within 5 working days", "within 15 working days"),
        ("一二三四五六", "六五四三二一"),
        ("same", "same"),
    ],
)
def test_both_texts_can_be_read_off_the_marks(before, after):
    segments = text_segments(before, after)
    assert joined(segments, "ins") == before
    assert joined(segments, "del") == after


def test_only_the_characters_that_changed_are_marked():
    assert text_segments("光污染", "光污染（户外屏幕）") == [("same", "光污染"), ("ins", "（户外屏幕）")]
    assert text_segments("5 days", "15 days") == [("del", "5"), ("ins", "15"), ("same", " days")]


def test_very_long_texts_are_shown_as_replaced_as_a_whole():
    size = int(LONGEST**0.5) + 1
    assert text_segments("甲" * size, "乙" * size) == [("del", "甲" * size), ("ins", "乙" * size)]


def test_a_list_is_marked_entry_by_entry():
    assert list_segments(["路灯", "不亮"], ["路灯", "昏暗"]) == [("same", "路灯"), ("del", "不亮"), ("ins", "昏暗")]


def test_a_line_shows_the_changed_fields_with_their_labels_and_counts_the_others(city):
    line = add_line(make_batch(city), "change", "T01", name="楼道堆物和占用", limit_normal=3, is_key=True)
    with translation.override("en"):
        diff = line_diff.get_line_diff(line)
    assert [(one.name, one.before, one.after) for one in diff.changes] == [
        ("name", "楼道堆物", "楼道堆物和占用"),
        ("limit_normal", "5", "3"),
        ("is_key", "no", "yes"),
    ]
    assert diff.changes[0].before_marks == [("same", "楼道堆物")]
    assert diff.changes[0].after_marks == [("same", "楼道堆物"), ("ins", "和占用")]
    assert "keywords" in [one.name for one in diff.unchanged]
    assert len(diff.fields) == len(diff.changes) + sum(not one.is_changed for one in diff.fields)
    assert (diff.changed_rows, diff.row_counts, diff.gaps) == ([], {"same": 8}, [])


def test_a_choice_is_shown_by_its_word_and_not_letter_by_letter(city):
    with translation.override("en"):
        diff = line_diff.get_line_diff(add_line(make_batch(city), "change", "T01", limit_unit="workhour"))
        assert [text for _mark, text in diff.changes[0].segments] == ["working days", "working hours"]


def test_units_are_compared_area_by_area_and_a_missing_one_is_named(city):
    bureau, other = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
    rows = [row(city.districts[0], other, co=[bureau], fallback=city.centre)]
    diff = line_diff.get_line_diff(add_line(make_batch(city), "transfer", "T02", rows=rows))
    first, second = diff.rows
    assert (first.area, first.before.lead, first.after.lead) == ("龙华区", bureau.name, other.name)
    assert (first.state, first.moved, second.state, second.after) == ("changed", True, "removed", None)
    assert (first.after.co, first.after.fallback) == ([bureau.name], city.centre.name)
    assert diff.gaps == ["坪山区"]
    assert [(part.area, part.state) for part in diff.parts] == [("龙华区", "ok"), ("坪山区", "missing")]


def test_a_district_that_is_covered_in_part_is_told_from_one_without_anybody(city):
    rows = [row(city.streets[0][0], city.offices[0][0]), row(city.districts[1], city.centres[1])]
    diff = line_diff.get_line_diff(add_line(make_batch(city), "transfer", "T02", rows=rows))
    assert [part.state for part in diff.parts] == ["partly", "ok"]
    assert diff.gaps == ["龙华街道"]


def test_an_added_item_is_compared_with_nothing(city):
    diff = line_diff.get_line_diff(add_line(make_batch(city), "add", "T09", name="光污染", level1="环保", is_key=True))
    assert [(one.name, one.before) for one in diff.changes] == [("level1", ""), ("name", ""), ("is_key", "")]
    assert diff.gaps == ["深圳市"]


def test_an_ending_line_names_its_successors_in_the_list_and_in_the_batch(city):
    batch = make_batch(city)
    add_line(batch, "add", "T09", name="光污染")
    diff = line_diff.get_line_diff(add_line(batch, "split", "T01", successors=["T02", "T09"]))
    assert diff.ends
    assert diff.successors == [("T02", "路灯不亮"), ("T09", "光污染")]


def test_a_diff_costs_the_same_whatever_the_number_of_rows(city, django_assert_max_num_queries):
    line = add_line(make_batch(city), "transfer", "T01", rows=[row(city.city, city.centre)])
    line.refresh_from_db()
    with django_assert_max_num_queries(16):
        line_diff.get_line_diff(line)


def test_the_summary_counts_lines_by_kind_moved_areas_and_changed_limits(city):
    batch = make_batch(city)
    add_line(batch, "change", "T01", limit_normal=3)
    add_line(batch, "transfer", "T02", rows=[row(city.districts[0], city.city_bureau)])
    add_line(batch, "add", "T09", name="光污染", limit_normal=3, rows=[row(city.city, city.centre)])
    summary = preview.get_batch_summary(batch)
    assert (summary.lines, summary.by_kind) == (3, {"change": 1, "transfer": 1, "add": 1})
    assert (summary.re_timed, summary.re_owned, summary.re_owned_areas) == (1, 1, 2)
    assert (summary.blocks, summary.warns) == (None, None)


def test_the_summary_costs_the_same_with_more_lines(city, django_assert_num_queries):
    batch = make_batch(city)
    add_line(batch, "transfer", "T02", rows=[row(city.districts[0], city.city_bureau)])
    with django_assert_num_queries(3):
        preview.get_batch_summary(batch)
    add_line(batch, "transfer", "T01", rows=[row(city.districts[0], city.city_bureau)])
    with django_assert_num_queries(3):
        preview.get_batch_summary(batch)


def keep(batch, *found):
    return BatchPreview.objects.create(
        batch=batch,
        kind="findings",
        content_number=batch.content_number,
        made_at=NOON,
        made_by="test",
        figures=figures_of(found),
    )


def test_the_last_check_is_read_counted_and_by_item(city):
    batch = make_batch(city)
    assert preview.get_check(batch) is None
    assert preview.get_findings(batch, "0416") == []
    gap = finding("0416", "gap", areas=["大鹏新区"])
    keep(batch, finding("0416", "no_limit"), gap, finding("T02", "no_limit"))
    check = preview.get_check(batch)
    assert (check.blocks, check.warns, check.is_current) == (1, 2, True)
    assert (check.blocking, check.warned) == ({"0416"}, {"0416", "T02"})
    assert [(one.kind, one.severity, one.count) for one in check.kinds] == [
        ("gap", "block", 1),
        ("no_limit", "warn", 2),
    ]
    assert gap in preview.get_findings(batch, "0416")
    assert len(preview.get_findings(batch, "0416")) == 2
    batch.content_number += 1
    assert not preview.get_check(batch).is_current


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_finding_is_read_in_the_language_of_the_reader(language):
    found = finding("T01", "gap", areas=[f"区域{number}" for number in range(15)])
    with translation.override(language):
        assert "区域0" in found.text
        assert "3" in found.text
        assert str(found.label)
    limits = {"local": {"amount": 5, "unit": "workday"}, "wide": {"amount": 3, "unit": "workday"}}
    with translation.override("en"):
        assert "5 working days" in finding("T01", "overlay_longer", overlay="L1", **limits).text


def test_every_kind_of_finding_has_words_and_an_unknown_one_is_refused():
    assert all(str(kind.text) and str(kind.label) for kind in KINDS.values())
    with pytest.raises(ValueError, match="gab"):
        finding("T01", "gab")


def test_batches_on_their_way_that_change_the_same_item_are_conflicts(city):
    batch = make_batch(city)
    add_line(batch, "change", "T01", limit_normal=3)
    for number, (state, code) in enumerate(
        [("draft", "T01"), ("scheduled", "T01"), ("published", "T01"), ("draft", "T02")], 2
    ):
        owner = city.staff["duty_manager"] if state == "draft" else None
        other = make_batch(city, f"2026-{number:02d}", state=state, created_by=owner)
        add_line(other, "change", code, limit_normal=4)
    found = get_conflicts(batch)
    assert [(one.code, one.batch.number, one.is_scheduled) for one in found] == [
        ("T01", "2026-02", False),
        ("T01", "2026-03", True),
    ]
    assert (found[0].owner, found[1].owner) == (city.staff["duty_manager"].get_full_name(), "")
