"""Rollback: the inverse of a batch, approved by a second person; the past stays what it was."""

from datetime import timedelta

import pytest

from dutylist import services
from dutylist.content import contents_of
from dutylist.models import Batch, ItemVersion
from dutylist.selectors import list_in_force
from dutylist.services import NewLine
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, Refused
from shenzhen_gov.core.models import AuditEntry

from .duty_people import WHY, make_people, newest, publish, roll_back
from .world import NOON, SYSTEM, make_list

pytestmark = pytest.mark.django_db
TODAY, NEXT_NOON = NOON.date(), NOON + timedelta(days=1)
SHORTER = NewLine("change", "T01", {"limit_normal": 4})
PLACE = {"level1": "市容环卫", "level2": "环境"}


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def people(city):
    return make_people(city)


def reading(day) -> dict:
    """Return code → content of the list as of a day."""
    versions = list(list_in_force(day))
    contents = contents_of(versions)
    return {version.item.code: contents[version.pk] for version in versions}


def every_kind(city):
    rows = [{"area": city.districts[0].pk, "lead": city.bureaus[0]["water"].pk, "co": [city.company.pk]}]
    return [
        NewLine("add", "N1", {**PLACE, "name": "乱贴广告", "rows": rows}),
        NewLine("transfer", "T02", {"rows": rows, "name": "路灯损坏"}),
        NewLine("merge", "T01", successors=["N1"]),
    ]


def test_a_rollback_gives_back_words_rows_and_items(city, people):
    before = reading(TODAY)
    batch = publish(city, people, *every_kind(city))
    assert reading(TODAY) != before
    inverse = roll_back(batch, people, now=NEXT_NOON)
    batch.refresh_from_db()
    assert (batch.state, inverse.state, inverse.reverses) == ("rolled_back", "published", batch)
    assert reading(NEXT_NOON.date()) == before
    assert "N1" in reading(TODAY)  # of the day between, the list still says what was in force then
    assert set(reading(TODAY - timedelta(days=1))) == {"T01", "T02"}


def test_the_inverse_lines_say_what_they_do(city, people):
    batch = publish(city, people, *every_kind(city))
    inverse = services.roll_back(batch.pk, reason="误", by=people.manager, now=NOON)
    assert (inverse.state, inverse.effective_on, inverse.reason) == ("review", TODAY, "误")
    assert batch.number in inverse.title
    lines = {line.code: line for line in inverse.lines.all()}
    assert {code: line.kind for code, line in lines.items()} == {"N1": "retire", "T02": "transfer", "T01": "change"}
    assert {line.source for line in lines.values()} == {"rollback"}
    assert [lines[code].after.get("rows") is None for code in ("N1", "T02", "T01")] == [True, False, True]
    assert lines["T01"].policy == "redispatch"
    entry = AuditEntry.objects.get(action="batch.created", object_id=inverse.pk)
    assert (entry.changes["reverses"], entry.note) == (batch.number, "误")


def test_who_asks_for_a_rollback_does_not_approve_it(city, people):
    inverse = services.roll_back(publish(city, people, SHORTER).pk, reason="误", by=people.manager, now=NOON)
    with pytest.raises(NotAllowed):
        services.approve(inverse.pk, override=WHY, by=people.manager, now=NOON)
    assert newest("T01").limit_normal == 4


def test_only_a_manager_asks_for_one_and_says_why(city, people):
    batch = publish(city, people, SHORTER)
    with pytest.raises(NotAllowed):
        services.roll_back(batch.pk, reason="误", by=people.editor, now=NOON)
    for given, field in (({"reason": " "}, "reason"), ({"reason": "误", "effective_on": TODAY}, "effective_on")):
        with pytest.raises(BadInput) as refusal:
            services.roll_back(batch.pk, by=people.manager, now=NEXT_NOON, **given)
        assert refusal.value.field == field
    assert Batch.objects.count() == 1


def test_what_is_not_published_is_not_rolled_back(city, people):
    batch = publish(city, people, SHORTER)
    roll_back(batch, people)
    with pytest.raises(IllegalMove):
        services.roll_back(batch.pk, reason="误", by=people.manager, now=NOON)


def test_one_rollback_at_a_time_and_a_discarded_one_makes_room(city, people):
    batch = publish(city, people, SHORTER)
    inverse = services.roll_back(batch.pk, reason="误", by=people.manager, now=NOON)
    with pytest.raises(Refused, match=inverse.number):
        services.roll_back(batch.pk, reason="误", by=people.manager2, now=NOON)
    services.take_back(inverse.pk, by=people.manager, now=NOON)
    for call in (
        lambda: services.set_lines(inverse.pk, [SHORTER], overwrite=True, by=people.editor, now=NOON),
        lambda: services.remove_lines(inverse.pk, ["T01"], by=people.editor, now=NOON),
    ):
        with pytest.raises(Refused):
            call()
    services.discard(inverse.pk, by=people.manager, now=NOON)
    assert roll_back(batch, people).state == "published"


def test_items_that_a_later_batch_changed_are_named(city, people):
    batch = publish(city, people, SHORTER, NewLine("change", "T02", {"limit_normal": 4}))
    later = publish(city, people, NewLine("change", "T01", {"limit_normal": 3}))
    with pytest.raises(Refused, match=f"T01.*{later.number}") as refusal:
        services.roll_back(batch.pk, reason="误", by=people.manager, now=NOON)
    assert "T02" not in str(refusal.value)


def test_batches_are_taken_back_one_after_the_other(city, people):
    before = reading(TODAY)
    rows = [{"area": city.districts[0].pk, "lead": city.company.pk}]
    batches = [
        publish(city, people, line)
        for line in (SHORTER, NewLine("transfer", "T01", {"rows": rows}), NewLine("retire", "T01"))
    ]
    for batch in reversed(batches):
        roll_back(batch, people)
    assert reading(TODAY) == before
    assert set(Batch.objects.filter(reverses=None).values_list("state", flat=True)) == {"rolled_back"}


def test_a_rollback_there_and_back_and_there_again_leaves_the_way_further_back_open(city, people):
    before = reading(TODAY)
    first, batch = publish(city, people, SHORTER), publish(city, people, NewLine("retire", "T01"))
    for _time in range(3):
        batch = roll_back(batch, people)
    roll_back(first, people)
    assert reading(TODAY) == before


def test_an_inverse_batch_that_was_overtaken_is_not_published(city, people):
    batch = publish(city, people, SHORTER)
    inverse = services.roll_back(batch.pk, reason="误", by=people.manager, now=NOON)
    publish(city, people, NewLine("change", "T01", {"limit_normal": 3}))
    with pytest.raises(Refused, match="T01"):
        services.approve(inverse.pk, override=WHY, by=people.manager2, now=NOON)
    assert (Batch.objects.get(pk=batch.pk).state, newest("T01").limit_normal) == ("published", 3)


def test_a_rollback_waits_for_its_day_and_the_sweep_publishes_it(city, people):
    batch = publish(city, people, SHORTER)
    inverse = services.roll_back(
        batch.pk, reason="误", effective_on=NEXT_NOON.date(), by=people.manager, now=NOON
    )  # fmt: skip
    services.approve(inverse.pk, override=WHY, by=people.manager2, now=NOON)
    assert newest("T01").limit_normal == 4
    assert services.publish_due(by=SYSTEM, now=NEXT_NOON) == 1
    batch.refresh_from_db()
    assert (batch.state, newest("T01").limit_normal) == ("rolled_back", 5)
    assert AuditEntry.objects.filter(action="batch.rolled_back", object_id=batch.pk).count() == 1


def test_a_rollback_is_rolled_back_in_its_turn(city, people):
    batch = publish(city, people, *every_kind(city))
    after = reading(TODAY)
    inverse = roll_back(batch, people)
    roll_back(inverse, people)
    assert reading(TODAY) == after
    assert [Batch.objects.get(pk=one.pk).state for one in (batch, inverse)] == ["rolled_back", "rolled_back"]


def test_what_was_entered_again_ends_again(city, people):
    publish(city, people, NewLine("retire", "T02"))
    again = publish(city, people, NewLine("add", "T02", {"limit_normal": 9}))
    assert newest("T02").number == 3
    roll_back(again, people)
    assert (newest("T02").is_retired, newest("T02").number) == (True, 4)


def test_overlays_are_rolled_back_within_their_district(city, people):
    rows = [{"area": city.streets[0][0].pk, "lead": city.offices[0][0].pk}]
    batch = publish(
        city, people, NewLine("add", "LH1", {"limit_normal": 3, "rows": rows}, narrows="T01"), prefix="near_"
    )
    inverse = roll_back(batch, people, prefix="near_")
    assert inverse.number == "2026-440309-02"
    assert newest("LH1").is_retired
    assert set(reading(TODAY)) == {"T01", "T02"}
    assert ItemVersion.objects.filter(item__owner_area=city.city).count() == 2
