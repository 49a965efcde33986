"""A batch from its opening to its approval: who may, four eyes, the gate, and what a stale page may not do."""

from datetime import timedelta

import pytest

from dutylist import services
from dutylist.models import Batch, BatchPreview
from dutylist.selectors import get_batch, get_draft
from dutylist.services import NewBatch, NewLine
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry

from .duty_people import WHY, approve, make_people, newest, open_draft
from .world import NOON, SYSTEM, make_list

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
SHORTER = NewLine("change", "T01", {"limit_normal": 4})


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def people(city):
    return make_people(city)


def told(batch) -> list[str]:
    entries = AuditEntry.objects.filter(object_type="dutylist.batch", object_id=batch.pk).order_by("id")
    return list(entries.values_list("action", flat=True))


def test_numbers_count_by_list_and_year(city, people):
    numbers = [open_draft(city, people, prefix=prefix).number for prefix in ("", "near_", "", "near_", "far_")]
    assert numbers == ["2026-01", "2026-440309-01", "2026-02", "2026-440309-02", "2026-440310-01"]
    later = NOON + timedelta(days=60)
    assert open_draft(city, people, now=later).number == "2027-01"


def test_the_list_of_another_district_is_as_if_it_were_not_there(city, people):
    data = NewBatch(title="x", owner_area_id=city.districts[1].pk)
    for by in (people.near_editor, people.near_manager):
        with pytest.raises(OutOfSight):
            services.open_batch(data, by=by, now=NOON)


def test_the_citys_list_needs_the_act_at_the_city(city, people):
    with pytest.raises(OutOfSight):
        services.open_batch(NewBatch(title="x", owner_area_id=city.city.pk), by=people.near_manager, now=NOON)
    with pytest.raises(NotAllowed):
        services.open_batch(NewBatch(title="x", owner_area_id=city.city.pk), by=people.reviewer, now=NOON)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"document": "字" * 201}, "document"),
        ({"reason": "字" * 10_001}, "reason"),
        ({"proposing_unit_id": 99_999_999}, "proposing_unit_id"),
        ({"effective_on": TODAY - timedelta(days=1)}, "effective_on"),
        ({"effective_on": "soon"}, "effective_on"),
    ],
)
def test_what_is_wrong_with_a_new_batch_is_named_by_its_field(city, people, given, field):
    with pytest.raises(BadInput) as refusal:
        services.open_batch(
            NewBatch(**({"title": "x", "owner_area_id": city.city.pk} | given)), by=people.editor, now=NOON
        )
    assert refusal.value.field == field
    assert not Batch.objects.exists()


def test_a_community_has_no_list_and_an_unknown_area_none_either(city, people):
    with pytest.raises(BadInput):
        services.open_batch(NewBatch(title="x", owner_area_id=city.communities[0][0][0].pk), by=people.editor, now=NOON)
    with pytest.raises(OutOfSight):
        services.open_batch(NewBatch(title="x", owner_area_id=99_999_999), by=people.editor, now=NOON)


def test_a_draft_is_changed_with_an_audit_entry_of_what_changed(city, people):
    batch = open_draft(city, people)
    day = TODAY + timedelta(days=5)
    batch = services.change_batch(batch.pk, title="新题", effective_on=day, by=people.editor, now=NOON)
    assert (batch.title, batch.effective_on) == ("新题", day)
    entry = AuditEntry.objects.get(action="batch.changed")
    assert entry.changes == {"title": ["清单调整", "新题"], "effective_on": [TODAY.isoformat(), day.isoformat()]}


def test_another_day_makes_earlier_previews_stale_and_another_title_does_not(city, people):
    batch = open_draft(city, people, SHORTER)
    assert services.change_batch(batch.pk, title="y", by=people.editor, now=NOON).content_number == 2
    day = TODAY + timedelta(days=1)
    assert services.change_batch(batch.pk, effective_on=day, by=people.editor, now=NOON).content_number == 3


def test_a_field_that_a_batch_does_not_have_is_refused(city, people):
    with pytest.raises(BadInput, match="state"):
        services.change_batch(open_draft(city, people).pk, state="published", by=people.editor, now=NOON)


def test_a_day_that_passed_while_the_draft_lay_does_not_block_other_changes(city, people):
    batch, later = open_draft(city, people), NOON + timedelta(days=3)
    changed = services.change_batch(batch.pk, title="y", effective_on=TODAY, by=people.editor, now=later)
    assert (changed.title, changed.effective_on) == ("y", TODAY)
    with pytest.raises(BadInput):
        services.change_batch(batch.pk, effective_on=TODAY + timedelta(days=1), by=people.editor, now=later)


def test_a_page_that_is_older_than_the_batch_changes_nothing(city, people):
    batch = open_draft(city, people)
    services.set_lines(batch.pk, [SHORTER], by=people.editor, now=NOON)
    with pytest.raises(StalePage):
        services.submit(batch.pk, row_version=batch.row_version, by=people.editor, now=NOON)
    assert Batch.objects.get().state == "draft"


def test_an_empty_batch_is_not_submitted(city, people):
    with pytest.raises(IllegalMove):
        services.submit(open_draft(city, people).pk, by=people.editor, now=NOON)


def test_the_whole_way_to_a_date_in_the_future(city, people):
    batch = approve(open_draft(city, people, SHORTER, on=TODAY + timedelta(days=1)), people)
    assert batch.state == "scheduled"
    assert newest("T01").number == 1
    steps = ["created", "lines_set", "submitted", "pre_approved", "approved"]
    assert told(batch) == [f"batch.{step}" for step in steps]


def test_who_opened_a_batch_or_entered_a_line_approves_nothing_of_it(city, people):
    data = NewBatch(title="x", owner_area_id=city.city.pk, effective_on=TODAY)
    batch = services.open_batch(data, by=people.manager, now=NOON)
    services.set_lines(batch.pk, [SHORTER], by=people.manager2, now=NOON)
    services.submit(batch.pk, by=people.manager, now=NOON)
    for by in (people.manager, people.manager2):
        with pytest.raises(NotAllowed):
            services.pre_approve(batch.pk, by=by, now=NOON)
    services.pre_approve(batch.pk, by=people.reviewer, now=NOON)
    for by in (people.manager, people.manager2):
        with pytest.raises(NotAllowed):
            services.approve(batch.pk, override=WHY, by=by, now=NOON)
    assert Batch.objects.get().state == "review"


def test_a_reviewer_does_not_approve_and_an_editor_does_not_review(city, people):
    batch = open_draft(city, people, SHORTER)
    services.submit(batch.pk, by=people.editor, now=NOON)
    with pytest.raises(NotAllowed):
        services.pre_approve(batch.pk, by=people.editor, now=NOON)
    services.pre_approve(batch.pk, "可行", by=people.reviewer, now=NOON)
    with pytest.raises(NotAllowed):
        services.approve(batch.pk, override=WHY, by=people.reviewer, now=NOON)
    assert AuditEntry.objects.get(action="batch.pre_approved").note == "可行"


def in_review(city, people, **given):
    batch = open_draft(city, people, SHORTER, **given)
    services.submit(batch.pk, by=people.editor, now=NOON)
    return services.pre_approve(batch.pk, by=people.reviewer, now=NOON)


def test_the_gate_stops_a_batch_that_nobody_previewed_and_says_why(city, people):
    batch = in_review(city, people)
    with pytest.raises(Refused) as refusal:
        services.approve(batch.pk, by=people.manager, now=NOON)
    assert refusal.value.field == "override"
    with pytest.raises(Refused):
        services.approve(batch.pk, override="short", by=people.manager, now=NOON)
    assert Batch.objects.get().state == "review"


def test_a_batch_that_passes_the_gate_needs_no_override(city, people):
    rows = [{"area": city.city.pk, "lead": city.city_bureau.pk, "fallback": city.centre.pk}]
    batch = open_draft(city, people, NewLine("change", "T01", {"rows": rows, "limit_normal": 4}))
    services.check_batch(batch.pk, by=people.editor, now=NOON)
    days = {"from": str(TODAY - timedelta(days=90)), "to": str(TODAY)}
    replayed = days | {"cases": 0, "agreement_before": None, "agreement_after": None, "moved": 0, "units": []}
    for kind, figures in (("cases", {"cases": 0}), ("replay", replayed)):
        services.keep_preview(batch.pk, kind, figures, content_number=2, by=SYSTEM, now=NOON)
    services.submit(batch.pk, by=people.editor, now=NOON)
    services.pre_approve(batch.pk, by=people.reviewer, now=NOON)
    batch = services.approve(batch.pk, override="not needed at all", by=people.manager, now=NOON)
    assert (batch.state, batch.override) == ("published", "")


def test_an_override_is_kept_with_what_failed(city, people):
    batch = services.approve(in_review(city, people).pk, "同意", WHY, by=people.manager, now=NOON)
    assert batch.override == WHY
    entry = AuditEntry.objects.get(action="batch.approved")
    assert (entry.note, entry.changes["override"]) == ("同意", WHY)
    assert "checked" in entry.changes["gate"]


def test_a_batch_without_a_day_is_not_approved(city, people):
    batch = in_review(city, people)
    Batch.objects.update(effective_on=None)
    with pytest.raises(BadInput, match=".") as refusal:
        services.approve(batch.pk, override=WHY, by=people.manager, now=NOON)
    assert refusal.value.field == "effective_on"


def test_sending_back_needs_an_opinion_and_opens_the_lines_again(city, people):
    batch = in_review(city, people)
    with pytest.raises(BadInput):
        services.send_back(batch.pk, "  ", by=people.manager, now=NOON)
    with pytest.raises(BadInput):
        services.send_back(batch.pk, "字" * 501, by=people.manager, now=NOON)
    with pytest.raises(IllegalMove):
        services.set_lines(batch.pk, [NewLine("retire", "T02")], by=people.editor, now=NOON)
    services.send_back(batch.pk, "时限太短", by=people.manager, now=NOON)
    assert services.set_lines(batch.pk, [NewLine("retire", "T02")], by=people.editor, now=NOON).added == 1


def test_an_approved_batch_is_taken_back_before_its_day_and_its_override_with_it(city, people):
    batch = approve(open_draft(city, people, SHORTER, on=TODAY + timedelta(days=1)), people)
    batch = services.take_back(batch.pk, by=people.editor, now=NOON)
    assert (batch.state, batch.override) == ("draft", "")


def test_a_discarded_batch_stays_in_the_ledger_and_is_done_with(city, people):
    batch = services.discard(open_draft(city, people, SHORTER).pk, by=people.editor, now=NOON)
    assert batch.state == "discarded"
    with pytest.raises(IllegalMove):
        services.set_lines(batch.pk, [SHORTER], overwrite=True, by=people.editor, now=NOON)


def every_step(batch, by):
    """Every service that touches a batch, as calls."""
    said = {"by": by, "now": NOON}
    return [
        lambda: services.change_batch(batch.pk, title="y", **said),
        lambda: services.set_lines(batch.pk, [SHORTER], overwrite=True, **said),
        lambda: services.remove_lines(batch.pk, ["T01"], **said),
        lambda: services.set_policy(batch.pk, ["T01"], "ask", **said),
        lambda: services.submit(batch.pk, **said),
        lambda: services.pre_approve(batch.pk, **said),
        lambda: services.approve(batch.pk, override=WHY, **said),
        lambda: services.send_back(batch.pk, "no", **said),
        lambda: services.take_back(batch.pk, **said),
        lambda: services.discard(batch.pk, **said),
        lambda: services.publish_batch(batch.pk, **said),
        lambda: services.roll_back(batch.pk, reason="no", **said),
        lambda: services.keep_preview(batch.pk, "cases", {}, content_number=1, **said),
    ]


@pytest.mark.parametrize("state", ["draft", "pre_review", "review", "scheduled", "published"])
def test_no_service_lets_a_district_touch_the_batch_of_another(city, people, state):
    batch = open_draft(city, people, prefix="far_")
    Batch.objects.update(state=state)
    for by in (people.near_editor, people.near_manager):
        assert get_batch(batch.number, by.user) is None
        for step in every_step(batch, by):
            with pytest.raises(OutOfSight):
                step()


def test_who_sees_a_batch_without_a_role_for_it_is_told_so(city, people):
    batch, agent = open_draft(city, people, SHORTER), Actor.staff(city.staff["agent"])
    assert get_batch(batch.number, agent.user) == batch
    for step in every_step(batch, agent):
        with pytest.raises(NotAllowed):
            step()


def test_a_job_may_write_a_draft_and_submits_and_approves_nothing(city, people):
    batch = open_draft(city, people, SHORTER)
    writing, deciding = every_step(batch, SYSTEM)[:4], every_step(batch, SYSTEM)[4:10]
    for step in deciding:
        with pytest.raises(NotAllowed):
            step()
    for step in writing:  # a ruling writes the draft of its amendment
        step()


def test_an_unknown_batch_is_not_found(city, people):
    with pytest.raises(OutOfSight):
        services.submit(99_999_999, by=people.manager, now=NOON)
    with pytest.raises(OutOfSight):
        services.keep_preview(99_999_999, "cases", {}, content_number=1, by=SYSTEM, now=NOON)


def test_the_newest_figures_of_a_kind_are_kept(city, people):
    batch = open_draft(city, people, SHORTER)
    for number, cases in ((1, 3), (2, 5), (1, 3)):
        services.keep_preview(batch.pk, "cases", {"cases": cases}, content_number=number, by=SYSTEM, now=NOON)
    kept = BatchPreview.objects.get()
    assert (kept.content_number, kept.figures) == (2, {"cases": 5})
    assert told(batch).count("batch.previewed") == 2
    for kind, number in (("", 1), ("k" * 13, 1), ("cases", 3)):
        with pytest.raises(BadInput):
            services.keep_preview(batch.pk, kind, {}, content_number=number, by=SYSTEM, now=NOON)


def test_a_draft_shows_the_complete_rows_that_hold_afterwards(city, people):
    lead = city.bureaus[0]["water"]
    rows = [{"area": city.districts[0].pk, "lead": lead.pk, "co": [], "fallback": None, "note": ""}]
    batch = open_draft(
        city,
        people,
        NewLine("transfer", "T02", {"rows": rows}),
        NewLine("merge", "T01", successors=["T03"]),
        NewLine("add", "T03", {"level1": "甲", "level2": "乙", "name": "丙"}),
    )
    draft = get_draft(batch).items
    assert draft["T02"].rows == rows
    assert (draft["T01"].ends, draft["T01"].successors, draft["T01"].rows) == (True, ["T03"], [])
    assert (draft["T03"].before, draft["T03"].item_id, draft["T03"].rows) == (None, None, [])
    services.set_lines(batch.pk, [SHORTER], overwrite=True, by=people.editor, now=NOON)
    assert len(get_draft(batch).items["T01"].rows) == 8
