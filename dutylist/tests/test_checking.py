"""What checking a batch finds, and what it costs."""

from datetime import date

import pytest
from django.utils import translation

from dutylist import services
from dutylist.checking import find_problems
from dutylist.models import BatchPreview, Item, ItemVersion, Responsibility, UnitPlan
from dutylist.selectors.preview import get_check, get_findings
from dutylist.services import NewBatch, NewLine
from dutylist.services.checking import check_batch
from grid.models import Unit
from grid.tests.factories import make_area, make_unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, OutOfSight

from .lines import DAY, add_line, make_batch, row
from .world import NOON, make_list

COMPLETE = {"criteria": "能说明地点", "close_criteria": "已清理", "examples": ["一", "二", "三"]}


@pytest.fixture
def city(db):
    return make_list()


@pytest.fixture
def batch(city):
    return make_batch(city)


def found(batch, code=None, **given):
    """Return kind → text of what is found about one item."""
    with translation.override("en"):
        return {one.kind: one.text for one in find_problems(batch, **given) if code in (None, one.code)}


def bureaus(city, skip=None, **given):
    """Return the rows of T02: the bureau of every district but one."""
    return [
        row(area, city.bureaus[d]["urban_management"], **given)
        for d, area in enumerate(city.districts)
        if area.pk != getattr(skip, "pk", None)
    ]


def publish(city, code, *, owner=None, narrows=None, rows=(), day=date(2020, 1, 1), **given):
    """Publish one version of an item, past the batches; returns it."""
    last = ItemVersion.objects.filter(item__code=code).order_by("-number").first()
    base = last or ItemVersion.objects.filter(item__code="T01").first()
    item = last.item if last else Item.objects.create(
        code=code, entry=base.item.entry, owner_area=owner or city.city, narrows=narrows or base.item
    )  # fmt: skip
    fields = {"name": base.name, "path_text": base.path_text, "source": "sample", "effective_from": day} | given
    version = ItemVersion.objects.create(item=item, number=last.number + 1 if last else 1, **fields)
    for one in rows:
        Responsibility.objects.create(version=version, area_id=one["area"], lead_unit_id=one["lead"])
    return version


def overlay(city, d=0, **given):
    """Publish a district's overlay of T01."""
    return publish(city, f"L{d}", owner=city.districts[d], **given)


def test_a_complete_line_leaves_nothing_to_find(city, batch):
    rows = bureaus(city, fallback=city.centre)
    add_line(batch, "change", "T02", rows=rows, **COMPLETE)
    assert found(batch) == {}


def test_what_an_item_does_not_say_is_a_warning_each(city, batch):
    add_line(batch, "change", "T02", limit_normal=None, limit_urgent=None, examples=["一"])
    texts = found(batch)
    assert set(texts) == {"no_limit", "few_examples", "no_criteria", "no_close_criteria", "no_fallback"}
    assert "1" in texts["few_examples"]
    assert "2" in texts["no_fallback"]
    assert {one.severity for one in find_problems(batch)} == {"warn"}


def test_an_area_that_loses_its_unit_blocks_and_is_named(city, batch):
    add_line(batch, "transfer", "T02", rows=bureaus(city, skip=city.districts[1]))
    assert "坪山区" in found(batch)["gap"]
    assert find_problems(batch)[0].severity == "block"


def test_a_gap_that_was_there_before_is_only_a_warning(city, batch):
    new_district = make_area(2, "大鹏新区", city.city)
    add_line(batch, "change", "T02", limit_normal=2)
    texts = found(batch)
    assert "gap" not in texts
    assert new_district.short_name in texts["old_gap"]


def test_a_part_of_a_district_left_out_is_named_and_rows_in_all_its_parts_fill_it(city, batch):
    first, second = city.streets[0]
    rows = [*bureaus(city, skip=city.districts[0]), row(first, city.offices[0][0])]
    line = add_line(batch, "transfer", "T02", rows=rows)
    assert "龙华街道" in found(batch)["gap"]
    line.after["rows"].append(row(second, city.offices[0][1]))
    line.save()
    assert "gap" not in found(batch)


def test_an_area_out_of_use_and_a_grid_cell_need_no_unit(city, batch):
    make_area(2, "旧区", city.city, is_active=False)
    make_area(5, "网格", city.communities[0][0][0])
    add_line(batch, "change", "T01", limit_normal=2)
    assert not {"gap", "old_gap"} & set(found(batch))


def test_a_new_item_without_any_unit_is_a_gap_of_the_whole_city(city, batch):
    add_line(batch, "add", "T09", name="光污染")
    assert "深圳市" in found(batch)["gap"]


def test_an_ended_item_needs_no_unit_and_an_item_that_comes_back_does(city, batch):
    add_line(batch, "retire", "T02")
    assert found(batch) == {}
    publish(city, "T01", is_retired=True)
    add_line(batch, "change", "T01", rows=[])
    assert "gap" in found(batch, "T01")


def test_where_a_local_overlay_answers_there_is_no_gap(city, batch):
    overlay(city, 1, rows=[row(city.districts[1], city.centres[1])])
    stations = [row(area, city.centre) for street in city.communities[0] for area in street]
    add_line(batch, "transfer", "T01", rows=stations)
    assert "gap" not in found(batch)


def test_an_overlay_needs_no_rows_of_its_own_and_opens_a_gap_only_at_home(city):
    version = overlay(city, 0, rows=[row(city.streets[0][0], city.offices[0][0])])
    publish(city, "T01", rows=[])
    batch = make_batch(city, owner_area=city.districts[0])
    line = add_line(batch, "change", version.item.code, rows=[])
    assert "民治街道" in found(batch)["gap"]
    assert "坪山区" not in found(batch)["gap"]
    line.after["rows"] = None
    line.save()
    assert "gap" not in found(batch)


@pytest.mark.parametrize("role", ["lead", "co", "fallback"])
def test_a_unit_closed_by_the_day_blocks_in_whatever_role_it_is_named(city, batch, role):
    closed = make_unit(parent=city.centre, name="撤销局")
    Unit.objects.filter(pk=closed.pk).update(closed_on=DAY)
    rows = bureaus(city)
    rows[0][role] = [closed.pk] if role == "co" else closed.pk
    add_line(batch, "transfer", "T02", rows=rows)
    assert "撤销局" in found(batch)["unit_closed"]
    assert "unit_closed" not in found(batch, on=date(2026, 11, 30))


@pytest.mark.parametrize(("kind", "ends"), [("close", True), ("rename", False)])
def test_a_unit_planned_to_end_by_the_day_blocks_and_a_renamed_one_does_not(city, batch, kind, ends):
    bureau = city.bureaus[0]["urban_management"]
    UnitPlan.objects.create(
        kind=kind, unit=bureau, into=city.centres[0] if ends else None, new_name="" if ends else "新名",
        effective_on=DAY, created_at=NOON, created_by=city.staff["duty_manager"],
    )  # fmt: skip
    add_line(batch, "change", "T02", limit_normal=2)
    assert ("unit_closed" in found(batch)) is ends
    assert "unit_closed" not in found(batch, on=date(2026, 11, 30))


def test_two_items_of_one_path_block_and_an_ended_one_makes_room(city, batch):
    add_line(batch, "add", "T09", level1="市容环卫", level2="环境", name="楼道堆物")
    assert found(batch, "T09")["same_path"].startswith("T01, T09")
    add_line(batch, "merge", "T01", successors=["T09"])
    assert "same_path" not in found(batch)


def test_an_overlay_may_share_the_path_of_what_it_narrows(city, batch):
    overlay(city)
    add_line(batch, "change", "T01", limit_normal=4)
    assert "same_path" not in found(batch)


def test_an_item_imported_with_old_cases_competes_with_nothing(city, batch):
    publish(
        city, "T02", source="legacy", name="楼道堆物", keywords=["楼道堆物"], path_text="市容环卫 / 环境 / 楼道堆物"
    )
    add_line(batch, "change", "T01", limit_normal=4)
    assert not {"same_path", "two_owners"} & set(found(batch))


@pytest.mark.parametrize("target", ["T77", "T02"])
def test_a_successor_that_is_unknown_or_ends_too_blocks(city, batch, target):
    add_line(batch, "retire", "T02")
    add_line(batch, "merge", "T01", successors=[target])
    assert target in found(batch, "T01")["successor_missing"]


def test_a_successor_of_the_same_batch_is_there(city, batch):
    add_line(batch, "split", "T01", successors=["T08", "T09"])
    for code in ("T08", "T09"):
        add_line(batch, "add", code, name=code)
    assert "successor_missing" not in found(batch)


def test_an_overlay_is_not_left_hanging_on_an_ended_item(city, batch):
    overlay(city)
    add_line(batch, "retire", "T01")
    assert "L0" in found(batch)["overlay_left"]


@pytest.mark.parametrize(
    ("amount", "unit", "is_longer"),
    [(6, "workday", True), (5, "workday", False), (5, "day", False), (8, "day", True), (41, "workhour", True)],
)
def test_a_local_limit_longer_than_the_citys_blocks_on_both_lists(city, batch, amount, unit, is_longer):
    version = overlay(city, limit_normal=amount, limit_unit=unit)
    add_line(batch, "change", "T01", is_key=True)
    assert ("overlay_longer" in found(batch)) is is_longer
    local = make_batch(city, "2026-440309-01", owner_area=city.districts[0])
    add_line(local, "change", version.item.code, is_key=True)
    assert ("overlay_longer" in found(local)) is is_longer


def test_a_line_written_against_an_older_version_blocks(city, batch):
    add_line(batch, "change", "T01", limit_normal=4)
    publish(city, "T01")
    assert "2" in found(batch)["stale"]


def test_other_batches_of_the_item_are_named_with_their_owner(city, batch):
    add_line(batch, "change", "T01", limit_normal=4)
    owner = city.staff["duty_manager"]
    for number, state in (("2026-02", "draft"), ("2026-03", "scheduled")):
        add_line(make_batch(city, number, state=state, created_by=owner), "change", "T01", limit_normal=3)
    texts = found(batch)
    assert "2026-02" in texts["conflict"]
    assert owner.get_full_name() in texts["conflict"]
    assert "2026-03" in texts["scheduled"]


def test_links_to_confusable_items_are_followed(city, batch):
    publish(city, "T02", is_retired=True)
    add_line(batch, "add", "T09", name="光污染")
    add_line(batch, "change", "T01", confusable=["T02", "T09", "T77"])
    texts = found(batch, "T01")
    assert "T02" in texts["confusable_ended"]
    assert "T09" in texts["confusable_one_way"]
    assert "T77" in texts["confusable_unknown"]


def test_links_in_both_directions_leave_nothing_to_find(city, batch):
    add_line(batch, "change", "T01", confusable=["T02"])
    add_line(batch, "change", "T02", confusable=["T01"])
    assert not [kind for kind in found(batch) if kind.startswith("confusable")]


def test_an_ended_item_that_others_still_name_is_found(city, batch):
    publish(city, "T02", confusable=["T01"])
    add_line(batch, "retire", "T01")
    assert "T02" in found(batch)["still_named"]
    add_line(batch, "change", "T02", confusable=[])
    assert "still_named" not in found(batch)


def test_nearly_the_same_words_with_other_units_in_one_area_are_found(city, batch):
    same = {"name": "路灯不亮", "keywords": ["路灯不亮"], "level1": "市政"}
    add_line(batch, "add", "T08", rows=bureaus(city), **same)
    assert "two_owners" not in found(batch, "T08")
    add_line(batch, "add", "T09", rows=[row(city.streets[1][0], city.offices[1][0])], **same)
    text = found(batch, "T09")["two_owners"]
    assert "路灯不亮" in text
    assert "坪山街道" in text
    assert "龙华区" not in text


def test_findings_stand_in_the_order_of_the_lines_what_blocks_first(city, batch):
    add_line(batch, "transfer", "T02", rows=bureaus(city, skip=city.districts[0]))
    add_line(batch, "change", "T01", limit_normal=2)
    codes = [one.code for one in find_problems(batch)]
    assert codes == sorted(codes, reverse=True)
    assert find_problems(batch)[0].kind == "gap"


def test_checking_costs_the_same_with_more_lines(city, batch, django_assert_max_num_queries):
    overlay(city)
    add_line(batch, "transfer", "T02", rows=bureaus(city))
    with django_assert_max_num_queries(12):
        find_problems(batch)
    for number in range(20):
        add_line(batch, "add", f"N{number}", name="路灯不亮", keywords=["路灯不亮"], rows=bureaus(city))
    add_line(batch, "change", "T01", limit_normal=2)
    with django_assert_max_num_queries(12):
        find_problems(batch)


def draft_of(city):
    by = Actor.staff(city.staff["duty_manager"])
    batch = services.open_batch(NewBatch(title="调整", owner_area_id=city.city.pk, effective_on=DAY), by=by, now=NOON)
    services.set_lines(batch.pk, [NewLine("change", "T02", {"rows": bureaus(city)[:1]})], by=by, now=NOON)
    batch.refresh_from_db()
    return batch, by


def test_what_was_found_is_kept_with_the_batch_until_its_lines_change(city):
    batch, by = draft_of(city)
    check_batch(batch.pk, by=by, now=NOON)
    check = get_check(batch)
    assert (check.is_current, check.blocks, check.made_by) == (True, 1, by.name)
    assert get_findings(batch, "T02")[0].kind == "gap"
    services.set_lines(batch.pk, [NewLine("change", "T01", {"limit_normal": 4})], by=by, now=NOON)
    batch.refresh_from_db()
    assert not get_check(batch).is_current


def test_a_batch_is_checked_by_who_works_on_its_list_and_only_while_it_is_open(city):
    batch, by = draft_of(city)
    with pytest.raises(OutOfSight):
        check_batch(batch.pk, by=Actor.staff(city.staff["other_secretary"]), now=NOON)
    with pytest.raises(NotAllowed):
        check_batch(batch.pk, by=Actor.staff(city.staff["agent"]), now=NOON)
    with pytest.raises(OutOfSight):
        check_batch(0, by=by, now=NOON)
    services.discard(batch.pk, by=by, now=NOON)
    with pytest.raises(IllegalMove):
        check_batch(batch.pk, by=by, now=NOON)
    assert not BatchPreview.objects.exists()


def test_a_day_that_has_passed_is_checked_as_of_today(city):
    batch, by = draft_of(city)
    closed = city.bureaus[0]["urban_management"]
    Unit.objects.filter(pk=closed.pk).update(closed_on=date(2027, 1, 1))
    check_batch(batch.pk, by=by, now=NOON)
    assert "unit_closed" not in [one.kind for one in get_findings(batch, "T02")]
    check_batch(batch.pk, by=by, now=NOON.replace(year=2027))
    assert "unit_closed" in [one.kind for one in get_findings(batch, "T02")]
