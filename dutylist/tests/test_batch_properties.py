"""Whatever a batch does: taken back, the list reads as before, and no day that has passed reads differently."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutylist import services
from dutylist.content import contents_of
from dutylist.models import ItemVersion
from dutylist.selectors import list_in_force
from dutylist.services import LineFaults, NewLine
from shenzhen_gov.core.exceptions import Refused

from .duty_people import approve, make_people, open_draft, publish, roll_back
from .world import NOON, SYSTEM, enter_catalogue, item_row, make_list

CODES = [f"P{number}" for number in range(6)]
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["甲", "乙", "丙"]),
        "limit_normal": st.integers(1, 30),
        "limit_urgent": st.none(),
        "keywords": st.lists(st.sampled_from(["路灯", "井盖", "噪音"]), max_size=3, unique=True),
        "is_key": st.booleans(),
        "rows": st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), st.booleans()), max_size=2),
    },
)
LINE = st.tuples(
    st.sampled_from(["change", "transfer", "retire", "merge", "split", "add"]), st.sampled_from(CODES), FIELDS
)
BATCHES = st.lists(st.lists(LINE, min_size=1, max_size=5), min_size=1, max_size=4)
QUIET = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def city(db):
    city = make_list()
    enter_catalogue(
        [item_row(code, f"事项{code}") for code in CODES], source="sample", owner_area_id=city.city.pk,
        effective_from=NOON.date() - timedelta(days=90), by=SYSTEM, now=NOON,
    )  # fmt: skip
    city.people = make_people(city)
    return city


def lines_of(city, drawn) -> list[NewLine]:
    """Return lines that may or may not be right."""
    leads = [city.company, city.city_bureau, city.bureaus[0]["water"], city.bureaus[1]["water"]]
    lines = []
    for kind, code, fields in drawn:
        changes = dict(fields)
        if "rows" in changes:
            changes["rows"] = [
                {"area": city.districts[area].pk, "lead": leads[lead].pk, "co": [city.centre.pk] if co else []}
                for area, lead, co in changes["rows"]
            ]
        place = {"level1": "市容环卫", "level2": "环境", "name": f"新{code}"}
        if kind == "add":
            lines.append(NewLine("add", f"N{code}", place | changes))
        elif kind in {"change", "transfer"}:
            lines.append(NewLine(kind, code, changes))
        else:
            others = [other for other in CODES if other != code]
            lines.append(NewLine(kind, code, successors=others[: {"retire": 0, "merge": 1, "split": 2}[kind]]))
    return lines


def reading(day) -> dict:
    """Return code → content of the list as of a day."""
    versions = list(list_in_force(day))
    contents = contents_of(versions)
    return {version.item.code: contents[version.pk] for version in versions}


def past(until) -> list:
    return [reading(until - timedelta(days=days)) for days in (60, 7, 3, 2, 1)]


def try_publish(city, drawn, now):
    """Publish what is right of the lines; None when nothing is, or when they contradict each other."""
    try:
        with transaction.atomic():
            batch = open_draft(city, city.people, now=now)
            for line in lines_of(city, drawn):
                with suppress(LineFaults), transaction.atomic():
                    services.set_lines(batch.pk, [line], by=city.people.editor, now=now)
            return approve(batch, city.people, now=now)
    except Refused:
        return None


@QUIET
@given(batches=BATCHES, same_day=st.booleans())
def test_batches_taken_back_in_turn_leave_the_list_as_it_was(city, batches, same_day):
    with transaction.atomic():
        now, step, done, states = NOON, timedelta(days=0 if same_day else 2), [], []
        for drawn in batches:
            before, earlier = reading(now.date()), past(now.date())
            batch = try_publish(city, drawn, now)
            assert past(now.date()) == earlier
            if batch is not None:
                done.append(batch)
                states.append(before)
            now += step
        for batch, before in zip(reversed(done), reversed(states), strict=True):
            earlier = past(now.date())
            roll_back(batch, city.people, now=now)
            assert past(now.date()) == earlier
            for days in (0, 1, 400):
                assert reading(now.date() + timedelta(days=days)) == before
            now += step
        transaction.set_rollback(True)


@QUIET
@given(drawn=st.lists(LINE, min_size=1, max_size=5))
def test_versions_are_numbered_without_gaps_and_never_go_back_in_time(city, drawn):
    with transaction.atomic():
        for days in (0, 0, 3):
            try_publish(city, drawn, NOON + timedelta(days=days))
        for code in [*CODES, *(f"N{code}" for code in CODES)]:
            versions = list(ItemVersion.objects.filter(item__code=code).order_by("number"))
            assert [version.number for version in versions] == list(range(1, len(versions) + 1))
            assert [v.effective_from for v in versions] == sorted(v.effective_from for v in versions)
        transaction.set_rollback(True)


@QUIET
@given(drawn=st.lists(LINE, min_size=1, max_size=4), prefix=st.sampled_from(["near_", "far_"]))
def test_a_district_changes_nothing_of_another_list_by_any_line(city, drawn, prefix):
    with transaction.atomic():
        other = {"near_": "far_", "far_": "near_"}[prefix]
        own = NewLine("add", "OWN1", {"level1": "甲", "level2": "乙", "name": "丙"})
        publish(city, city.people, own, prefix=other)
        before = reading(NOON.date())
        for line in [*lines_of(city, drawn), NewLine("change", "OWN1", {"name": "丁"}), NewLine("retire", "OWN1")]:
            try:
                with transaction.atomic():
                    publish(city, city.people, line, prefix=prefix)
            except Refused:
                continue
        after = reading(NOON.date())
        assert {code: after[code] for code in before} == before
        area = {"near_": city.districts[0], "far_": city.districts[1]}[prefix]
        added = ItemVersion.objects.filter(item__code__in=set(after) - set(before))
        assert set(added.values_list("item__owner_area", flat=True)) <= {area.pk}
        transaction.set_rollback(True)
