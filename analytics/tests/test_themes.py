"""Special themes: who may, what is counted before and after, and what is asked for each month."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from analytics.choices import Dimension, ThemeTarget
from analytics.models import DayFigures, MonthFigures, SpecialTheme, ThemeReview
from analytics.selectors.themes import effect_of, get_theme, linked_cases, list_themes, progress_of
from analytics.services import (
    NewStep,
    NewTheme,
    add_step,
    ask_reviews,
    do_step,
    link_batch,
    link_case,
    move_theme,
    open_theme,
    unlink_case,
    write_review,
)
from analytics.services.figures import post
from dispatch.services import dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.models import Item
from grid.models import Message
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage

DAY = timezone.localdate(NOON)


@pytest.fixture
def world(db):
    world = make_world()
    for command in ("load_parameters", "load_indicators", "load_message_templates"):
        call_command(command, verbosity=0)
    world.analyst = grant(make_staff("theme_analyst", world.centre), "analyst", world.centre)
    world.district_analyst = grant(make_staff("theme_analyst_two", world.centres[0]), "analyst", world.centres[0])
    world.item = Item.objects.get(code="T01")
    return world


def new_theme(world, area=None, **given):
    data = {
        "title": "楼道堆物", "area_id": (area or world.city).pk, "item_ids": [world.item.pk],
        "owner_id": world.centres[0].pk, "target_value": Decimal(20), "target_on": DAY + timedelta(60),
        "started_on": DAY, "steps": [NewStep("排查", "社区", DAY + timedelta(5))],
    } | given  # fmt: skip
    return open_theme(NewTheme(**data), by=Actor.staff(world.analyst), now=NOON)


def running(world, **given):
    theme = new_theme(world, **given)
    return move_theme(theme.pk, "start", by=Actor.staff(world.analyst), now=NOON)


def add_days(world, area, counts, *, own=True):
    """`counts`: days from the first day → (cases of the item, all cases)."""
    rows = []
    for day, (mine, every) in counts.items():
        on = DAY + timedelta(day)
        rows.append(DayFigures(dimension=Dimension.AREA, scope_id=area.pk, period=on, accepted=every))
        if own:
            rows.append(
                DayFigures(dimension=Dimension.ITEM, scope_id=area.pk, key_id=world.item.pk, period=on, accepted=mine)
            )
    DayFigures.objects.bulk_create(rows)


def test_before_and_after_are_as_long_and_counted_by_hand(world):
    theme = running(world)
    add_days(world, world.city, {-11: (99, 99), -10: (6, 100), -1: (4, 100), 0: (3, 100), 9: (2, 120), 10: (9, 9)})
    effect = effect_of(theme, DAY + timedelta(10))
    assert (effect.before.period.days, effect.after.period.days) == (10, 10)
    assert (effect.before.own, effect.after.own) == (10, 5)
    assert (effect.before.others, effect.after.others) == (190, 215)
    assert effect.before.own_weekly == 7
    assert effect.own_change == -50
    assert round(effect.others_change, 2) == 13.16
    assert round(effect.difference, 2) == -63.16
    assert progress_of(theme, effect).is_reached
    assert [(own, is_after) for _first, own, _others, is_after in effect.bars] == [
        (6, False), (4, False), (3, True), (2, True),
    ]  # fmt: skip


def test_of_a_district_whole_months_are_counted_and_that_of_the_first_day_left_out(world):
    district = world.centres[0].home_area
    theme = running(world, area=district, started_on=date(2026, 3, 10), target_on=date(2026, 8, 1))
    for month, mine, every in ((1, 30, 300), (2, 28, 280), (3, 77, 777), (4, 15, 300), (5, 15, 310)):
        period = date(2026, month, 1)
        MonthFigures.objects.create(dimension=Dimension.AREA, scope_id=district.pk, period=period, accepted=every)
        MonthFigures.objects.create(
            dimension=Dimension.ITEM, scope_id=district.pk, key_id=world.item.pk, period=period, accepted=mine
        )
    assert effect_of(theme, date(2026, 4, 30)) is None
    effect = effect_of(theme, date(2026, 6, 1))
    assert (effect.before.own, effect.after.own) == (58, 30)
    assert (effect.before.others, effect.after.others) == (522, 580)
    assert round(effect.own_change, 1) == round(100 * ((30 / 61) / (58 / 59) - 1), 1)


def test_below_a_district_the_very_cases_are_counted(world):
    cases = [new_case(world) for _ in range(3)]
    dispatch_awaiting(by=SYSTEM, now=NOON + timedelta(minutes=1))
    post(case.pk for case in cases)
    theme = running(world, area=cases[0].area)
    effect = effect_of(theme, DAY + timedelta(1))
    assert (effect.before.own, effect.after.own, effect.after.others) == (0, 3, 0)
    assert effect.own_change is None
    assert progress_of(theme, effect).is_reached is None


def test_an_indicator_may_be_the_target(world):
    given = {"target": ThemeTarget.INDICATOR.value, "indicator": "on_time", "target_value": Decimal(90)}
    theme = running(world, **given)
    DayFigures.objects.create(
        dimension=Dimension.AREA, scope_id=world.city.pk, period=DAY, case_due=10, closed_in_time=8
    )
    progress = progress_of(theme, effect_of(theme, DAY + timedelta(1)))
    assert (progress.value, progress.is_reached) == (80, False)


def test_only_analysts_of_the_area_propose(world):
    other = Actor.staff(world.district_analyst)
    data = NewTheme(
        title="x", area_id=world.centres[1].home_area_id, item_ids=[world.item.pk], owner_id=world.centres[0].pk,
        target_value=Decimal(5), target_on=DAY + timedelta(9), started_on=DAY,
    )  # fmt: skip
    with pytest.raises(OutOfSight):
        open_theme(data, by=other, now=NOON)
    with pytest.raises(NotAllowed):
        open_theme(data, by=Actor.staff(world.staff["supervisor"]), now=NOON)
    assert not SpecialTheme.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"item_ids": []}, "items"),
        ({"item_ids": [0]}, "items"),
        ({"owner_id": 0}, "owner"),
        ({"target_value": Decimal(101)}, "target_value"),
        ({"target": "indicator", "indicator": "none"}, "indicator"),
        ({"target_on": DAY}, "target_on"),
        ({"started_on": date(1990, 1, 1)}, "started_on"),
        ({"reason": "\x00"}, "reason"),
        ({"steps": [NewStep("x", "", DAY)]}, "who"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(world, given, field):
    with pytest.raises(BadInput) as refusal:
        new_theme(world, **given)
    assert refusal.value.field == field
    assert not SpecialTheme.objects.exists()


def test_a_theme_starts_with_a_plan_and_ends_with_what_came_of_it(world):
    by = {"by": Actor.staff(world.analyst), "now": NOON}
    theme = new_theme(world, steps=[])
    with pytest.raises(IllegalMove):
        move_theme(theme.pk, "start", **by)
    add_step(theme.pk, NewStep("排查", "社区", DAY), **by)
    with pytest.raises(StalePage):
        move_theme(theme.pk, "start", row_version=9, **by)
    move_theme(theme.pk, "start", row_version=1, **by)
    assert Message.objects.filter(unit=world.centres[0], template__key="theme_started").exists()
    with pytest.raises(BadInput) as refusal:
        move_theme(theme.pk, "achieve", **by)
    assert refusal.value.field == "outcome"
    ended = move_theme(theme.pk, "achieve", outcome="下降四成", **by)
    assert (ended.state, ended.ended_on) == ("achieved", DAY)
    with pytest.raises(IllegalMove):
        add_step(theme.pk, NewStep("再查", "社区", DAY), **by)


def test_reviews_are_asked_for_once_a_month_and_written(world):
    theme = running(world)
    month_later = NOON.replace(day=1) + timedelta(days=32)
    assert ask_reviews(by=SYSTEM, now=NOON) == 0
    assert ask_reviews(by=SYSTEM, now=month_later) == 1
    assert ask_reviews(by=SYSTEM, now=month_later + timedelta(minutes=1)) == 0
    review = ThemeReview.objects.get()
    assert (review.theme_id, review.month) == (theme.pk, DAY.replace(day=1))
    assert Message.objects.filter(template__key="theme_review_due").count() == 1
    handler = grant(make_staff("theme_handler", world.centres[0]), "handler", world.centres[0])
    with pytest.raises(BadInput):
        write_review(review.pk, "  ", by=Actor.staff(handler), now=month_later)
    assert write_review(review.pk, "已清理", by=Actor.staff(handler), now=month_later).text == "已清理"
    foreign = grant(make_staff("theme_foreign", world.centres[1]), "handler", world.centres[1])
    with pytest.raises(OutOfSight):
        write_review(review.pk, "x", by=Actor.staff(foreign), now=month_later)


def test_a_step_is_ticked_once(world):
    theme = running(world)
    step = theme.steps.get()
    do_step(step.pk, by=Actor.staff(world.analyst), now=NOON)
    assert do_step(step.pk, by=Actor.staff(world.analyst), now=NOON + timedelta(1)).done_at == NOON


def test_cases_are_linked_by_number_within_sight(world):
    theme, case = running(world), new_case(world)
    elsewhere = new_case(world, area=world.communities[1][0][0].code)
    by = {"by": Actor.staff(world.analyst), "now": NOON}
    link_case(theme.pk, case.number, **by)
    link_case(theme.pk, elsewhere.number.lower(), **by)
    assert set(linked_cases(theme, world.analyst)) == {case, elsewhere}
    assert linked_cases(theme, world.district_analyst) == [case]
    for number in ("SZ404", "\x00", "x" * 50):
        with pytest.raises(BadInput) as refusal:
            link_case(theme.pk, number, **by)
        assert refusal.value.field == "number"
    unlink_case(theme.pk, case.pk, **by)
    assert linked_cases(theme, world.district_analyst) == []
    with pytest.raises(BadInput):
        link_batch(theme.pk, "nothing", **by)


def test_themes_of_others_are_not_found(world):
    theme = new_theme(world, area=world.centres[1].home_area, owner_id=world.centres[1].pk)
    assert list(list_themes(world.analyst)) == [theme]
    assert not list_themes(world.district_analyst).exists()
    with pytest.raises(OutOfSight):
        get_theme(theme.pk, world.district_analyst)
