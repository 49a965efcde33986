"""Publishing: what becomes of the lines, the right day, once and only once, all of it or nothing."""

from datetime import timedelta

import pytest
from django.db.utils import OperationalError

from dutylist import services, tasks
from dutylist.choices import Source
from dutylist.models import Batch, BatchLine, CatalogueEntry, Item, ItemVersion, Responsibility
from dutylist.selectors import duty_for, version_in_force
from dutylist.services import NewLine, publishing
from dutylist.signals import batch_published
from grid.models import Unit
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, Refused
from shenzhen_gov.core.models import AuditEntry

from .duty_people import WHY, approve, make_people, newest, open_draft, publish
from .world import NOON, SYSTEM, enter_catalogue, item_row, make_list

TODAY = NOON.date()
TOMORROW, NEXT_NOON = TODAY + timedelta(days=1), NOON + timedelta(days=1)
SHORTER = NewLine("change", "T01", {"limit_normal": 4})
PLACE = {"level1": "市容环卫", "level2": "环境"}


@pytest.fixture
def city(db):
    return make_list()


@pytest.fixture
def people(city):
    return make_people(city)


def row(area, lead, **given):
    return {"area": area.pk, "lead": lead.pk} | given


def test_each_kind_of_line_becomes_its_version(city, people):
    lead, co = city.bureaus[0]["water"], city.company
    batch = publish(
        city,
        people,
        NewLine("add", "N1", {**PLACE, "name": "乱贴广告", "rows": [row(city.city, city.city_bureau)]}),
        NewLine("transfer", "T02", {"rows": [row(city.districts[0], lead, co=[co.pk], fallback=co.pk, note="夜间")]}),
        NewLine("merge", "T01", successors=["N1"]),
    )
    assert (batch.state, batch.published_at) == ("published", NOON)
    added, moved, ended = newest("N1"), newest("T02"), newest("T01")
    assert {version.pk for version in (added, moved, ended)} == set(batch.versions.values_list("pk", flat=True))
    assert {line.code: line.published for line in batch.lines.all()} == {"N1": added, "T02": moved, "T01": ended}
    assert (added.number, added.effective_from, added.path_text) == (1, TODAY, "市容环卫 / 环境 / 乱贴广告")
    assert (ended.number, ended.is_retired, ended.successors, ended.name) == (2, True, ["N1"], "楼道堆物")
    assert ended.rows_id == ended.item.versions.get(number=1).pk
    found = moved.responsibilities.get()
    assert (found.lead_unit, list(found.co_units.all()), found.fallback_unit, found.note) == (lead, [co], co, "夜间")


def test_a_change_of_words_keeps_the_rows_where_they_are(city, people):
    rows = Responsibility.objects.count()
    publish(city, people, SHORTER)
    version = newest("T01")
    assert (version.limit_normal, version.rows_from.number, Responsibility.objects.count()) == (4, 1, rows)
    area = city.communities[1][0][0]
    assert duty_for(version.item_id, area, TODAY).row.lead_unit == city.stations[1][0][0]


def test_yesterday_reads_as_it_did(city, people):
    publish(city, people, SHORTER, NewLine("retire", "T02"))
    t01, t02 = (Item.objects.get(code=code).pk for code in ("T01", "T02"))
    yesterday = TODAY - timedelta(days=1)
    assert [version_in_force(t01, day).limit_normal for day in (yesterday, TODAY)] == [5, 4]
    assert version_in_force(t02, yesterday).number == 1
    assert version_in_force(t02, TODAY) is None


def test_new_items_stand_in_the_catalogue_and_are_labelled_like_their_list(city, people):
    new = {**PLACE, "level2": "广告", "name": "乱贴广告"}
    publish(city, people, NewLine("add", "N1", new))
    publish(city, people, NewLine("add", "LH1", {"limit_normal": 3}, narrows="T01"), prefix="near_")
    publish(city, people, NewLine("add", "LH2", {**PLACE, "name": "自有事项"}), prefix="near_")
    items = Item.objects.in_bulk(["N1", "LH1", "LH2", "T01"], field_name="code")
    assert [items[code].management_type for code in ("N1", "LH1", "LH2")] == ["A", "B", "C"]
    assert (items["LH1"].narrows, items["LH1"].entry) == (items["T01"], items["T01"].entry)
    assert items["LH2"].owner_area == city.districts[0]
    assert newest("N1").source == newest("LH2").source == Source.SAMPLE
    assert items["N1"].entry.parent.name == "广告"
    assert CatalogueEntry.objects.filter(name="市容环卫").count() == 1


def test_a_list_that_began_officially_stays_official(city, people):
    enter_catalogue(
        [item_row("O01", "正式事项")], source="official", owner_area_id=city.districts[1].pk, effective_from=TODAY,
        by=SYSTEM, now=NOON,
    )  # fmt: skip
    publish(city, people, NewLine("add", "PS2", {**PLACE, "name": "自有事项"}), prefix="far_")
    assert newest("PS2").source == Source.OFFICIAL


def test_two_districts_have_matters_of_their_own_by_one_name(city, people):
    for prefix in ("near_", "far_"):
        publish(city, people, NewLine("add", f"{prefix}1", {**PLACE, "name": "自有事项"}), prefix=prefix)
    assert CatalogueEntry.objects.get(name="自有事项").items.count() == 2


def test_every_version_is_audited_with_its_batch(city, people):
    batch = publish(city, people, SHORTER, NewLine("retire", "T02"))
    entries = AuditEntry.objects.filter(changes__batch=batch.number).values_list("action", "changes__code")
    assert set(entries) == {("item.version_published", "T01"), ("item.retired", "T02")}
    assert AuditEntry.objects.get(action="batch.published").changes["ended"] == 1


def test_a_batch_is_not_published_before_its_day_nor_twice(city, people):
    batch = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    with pytest.raises(Refused, match="2026"):
        services.publish_batch(batch.pk, by=people.manager, now=NOON)
    done = services.publish_batch(batch.pk, by=people.manager, now=NEXT_NOON)
    assert (done.added, done.changed, done.ended) == (0, 1, 0)
    with pytest.raises(IllegalMove):
        services.publish_batch(batch.pk, by=people.manager, now=NEXT_NOON)
    assert ItemVersion.objects.filter(batch=batch).count() == 1


def test_who_entered_lines_does_not_publish_them(city, people):
    batch = open_draft(city, people, SHORTER)
    BatchLine.objects.update(entered_by=people.manager2.user)
    Batch.objects.update(state="scheduled")
    with pytest.raises(NotAllowed):
        services.publish_batch(batch.pk, by=people.manager2, now=NOON)
    with pytest.raises(NotAllowed):
        services.publish_batch(batch.pk, by=people.editor, now=NOON)


def test_a_batch_published_late_holds_from_the_day_it_is_published(city, people):
    approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    late = NOON + timedelta(days=4)
    assert services.publish_due(by=SYSTEM, now=late) == 1
    assert newest("T01").effective_from == late.date()


def test_the_sweep_publishes_what_is_due_once(city, people):
    first = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    second = approve(open_draft(city, people, NewLine("retire", "T02"), on=TOMORROW + timedelta(days=1)), people)
    assert services.publish_due(by=SYSTEM, now=NOON) == 0
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 1
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 0
    assert [Batch.objects.get(pk=batch.pk).state for batch in (first, second)] == ["published", "scheduled"]


def test_the_task_sweeps_at_the_present_moment(city, people):
    assert tasks.publish_due() == 0


def test_a_batch_that_was_overtaken_goes_back_with_the_reason_and_blocks_no_other(city, people):
    first = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    rival = approve(open_draft(city, people, NewLine("change", "T01", {"name": "堆物"}), on=TOMORROW), people)
    third = approve(open_draft(city, people, NewLine("retire", "T02"), on=TOMORROW), people)
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 2
    rival.refresh_from_db()
    assert (rival.state, rival.override) == ("review", "")
    assert "T01" in rival.problem
    assert first.number in rival.problem
    assert AuditEntry.objects.get(action="batch.publishing_failed").note == rival.problem
    assert Batch.objects.get(pk=third.pk).state == "published"
    assert newest("T01").batch == first


def test_an_overtaken_batch_is_mended_by_entering_its_lines_again(city, people):
    renamed = NewLine("change", "T01", {"name": "堆物"})
    rival = open_draft(city, people, renamed)
    publish(city, people, SHORTER)
    services.submit(rival.pk, by=people.editor, now=NOON)
    services.pre_approve(rival.pk, by=people.reviewer, now=NOON)
    with pytest.raises(Refused, match="T01"):
        services.approve(rival.pk, override=WHY, by=people.manager, now=NOON)
    assert Batch.objects.get(pk=rival.pk).state == "review"
    services.send_back(rival.pk, "重新录入", by=people.manager, now=NOON)
    services.set_lines(rival.pk, [renamed], overwrite=True, by=people.editor, now=NOON)
    approve(rival, people)
    assert (newest("T01").name, newest("T01").limit_normal, newest("T01").number) == ("堆物", 4, 3)


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (NewLine("add", "N1", {**PLACE, "name": "乙"}), NewLine("add", "N1", {**PLACE, "name": "甲"})),
        (NewLine("add", "N2", {**PLACE, "name": "甲"}), NewLine("add", "N1", {**PLACE, "name": "甲"})),
        (NewLine("merge", "T02", successors=["T01"]), NewLine("retire", "T01")),
        (NewLine("retire", "T01"), NewLine("retire", "T01")),
    ],
)
def test_what_another_batch_took_meanwhile_is_named(city, people, line, first):
    rival = open_draft(city, people, line)
    publish(city, people, first)
    versions = ItemVersion.objects.count()
    with pytest.raises(Refused, match=line.code):
        approve(rival, people)
    assert ItemVersion.objects.count() == versions


def test_what_the_catalogue_loaded_meanwhile_is_named_too(city, people):
    rival = open_draft(city, people, SHORTER)
    enter_catalogue(
        [item_row("T01", "楼道堆物", is_secret=True)], source="sample", owner_area_id=city.city.pk,
        effective_from=TODAY, by=SYSTEM, now=NOON,
    )  # fmt: skip
    with pytest.raises(Refused, match="T01"):
        approve(rival, people)


def test_a_version_is_not_overtaken_by_one_of_an_earlier_day(city, people):
    enter_catalogue(
        [item_row("T01", "楼道堆物", is_secret=True)], source="sample", owner_area_id=city.city.pk,
        effective_from=TOMORROW, by=SYSTEM, now=NOON,
    )  # fmt: skip
    batch = open_draft(city, people, SHORTER, on=TOMORROW)
    services.change_batch(batch.pk, effective_on=TODAY, by=people.editor, now=NOON)
    with pytest.raises(Refused, match="T01"):
        approve(batch, people)


def test_a_sweep_passes_over_what_another_has_published(city, people):
    batch = publish(city, people, SHORTER)
    assert not publishing._publish_one(batch.pk, SYSTEM, NEXT_NOON)


def test_a_batch_without_a_day_and_a_database_that_is_away(city, people, monkeypatch):
    batch = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    monkeypatch.setattr(publishing, "write_versions", lambda *_given: (_ for _ in ()).throw(OperationalError()))
    with pytest.raises(OperationalError):
        services.publish_due(by=SYSTEM, now=NEXT_NOON)
    Batch.objects.update(effective_on=None)
    with pytest.raises(Refused):
        services.publish_batch(batch.pk, by=SYSTEM, now=NEXT_NOON)
    assert Batch.objects.get(pk=batch.pk).state == "scheduled"


def test_an_overlay_whose_item_ended_meanwhile_is_not_published(city, people):
    lines = [NewLine("add", "LH1", {"limit_normal": 3}, narrows="T01")]
    draft = open_draft(city, people, *lines, prefix="near_")
    rival = open_draft(city, people, NewLine("add", "LH2", {"limit_normal": 3}, narrows="T02"), prefix="near_")
    publish(city, people, NewLine("retire", "T01"))
    publish(city, people, NewLine("add", "LH3", {"limit_normal": 3}, narrows="T02"), prefix="near_")
    for batch, code in ((draft, "LH1"), (rival, "LH2")):
        with pytest.raises(Refused, match=code):
            approve(batch, people, prefix="near_")


def test_a_code_that_another_district_took_tells_nothing_of_its_batch(city, people):
    new = NewLine("add", "X1", {**PLACE, "name": "自有事项"})
    draft = open_draft(city, people, new, prefix="near_")
    publish(city, people, new, prefix="far_")
    with pytest.raises(Refused) as refusal:
        approve(draft, people, prefix="near_")
    assert "X1" in str(refusal.value)
    assert "440310" not in str(refusal.value)


def test_a_unit_that_closed_meanwhile_is_named(city, people):
    unit = city.bureaus[0]["water"]
    batch = open_draft(city, people, NewLine("transfer", "T02", {"rows": [row(city.districts[0], unit)]}))
    Unit.objects.filter(pk=unit.pk).update(closed_on=TODAY)
    with pytest.raises(Refused, match=unit.name):
        approve(batch, people)


def test_many_overtaken_items_are_counted_not_listed(city, people):
    lines = [NewLine("add", f"N{n}", {**PLACE, "name": f"新{n}"}) for n in range(15)]
    rival = open_draft(city, people, *lines)
    publish(city, people, *lines)
    with pytest.raises(Refused) as refusal:
        approve(rival, people)
    assert (str(refusal.value).count("N"), "5" in str(refusal.value)) == (10, True)


def test_listeners_are_woken_after_commit_and_a_failing_one_harms_nobody(
    city, people, django_capture_on_commit_callbacks
):  # fmt: skip
    heard = []

    def listen(sender, batch_id, **_given):
        heard.append(batch_id)
        raise RuntimeError("a listener that fails")

    batch_published.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            batch = publish(city, people, SHORTER)
    finally:
        batch_published.disconnect(listen)
    assert heard == [batch.pk]


@pytest.mark.parametrize("step", ["write_versions", "_point_to", "_tell_versions", "take"])
def test_a_failure_in_the_middle_leaves_nothing(city, people, monkeypatch, step):
    batch = approve(
        open_draft(city, people, SHORTER, NewLine("add", "N1", {**PLACE, "name": "甲"}), on=TOMORROW), people
    )
    before = (ItemVersion.objects.count(), Item.objects.count(), AuditEntry.objects.count())
    done = getattr(publishing, step)

    def fail(*args, **given):
        done(*args, **given)
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(publishing, step, fail)
    with pytest.raises(RuntimeError):
        services.publish_batch(batch.pk, by=SYSTEM, now=NEXT_NOON)
    assert (ItemVersion.objects.count(), Item.objects.count(), AuditEntry.objects.count()) == before
    monkeypatch.undo()
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 1


def test_what_the_database_refuses_goes_back_to_the_reviewers(city, people, monkeypatch):
    batch = approve(open_draft(city, people, NewLine("add", "N1", {**PLACE, "name": "甲"}), on=TOMORROW), people)
    monkeypatch.setattr(publishing, "refuse_overtaken", lambda *_args: Item.objects.create(
        code="N1", entry=CatalogueEntry.objects.get(name="楼道堆物"), owner_area=city.districts[0]
    ))  # fmt: skip
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 0
    batch.refresh_from_db()
    assert (batch.state, bool(batch.problem)) == ("review", True)


def test_a_batch_that_breaks_the_sweep_holds_up_no_other(city, people, monkeypatch):
    first = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    second = approve(open_draft(city, people, NewLine("retire", "T02"), on=TOMORROW), people)
    done = publishing.write_versions

    def fail(batch, *given):
        if batch.pk == first.pk:
            raise KeyError("name")
        return done(batch, *given)

    monkeypatch.setattr(publishing, "write_versions", fail)
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 1
    assert [Batch.objects.get(pk=batch.pk).state for batch in (first, second)] == ["review", "published"]


def test_a_batch_taken_back_while_it_fails_stays_with_its_editors(city, people):
    batch = approve(open_draft(city, people, SHORTER, on=TOMORROW), people)
    services.take_back(batch.pk, by=people.editor, now=NOON)
    publishing._hold_up(batch.pk, "too late", SYSTEM, NEXT_NOON)
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("draft", "")
