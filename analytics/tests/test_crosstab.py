"""Ad-hoc tables: sums and rates out of the roll-ups, what cannot be answered is refused, tables kept under a name."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from analytics.choices import Dimension
from analytics.models import DayFigures, KeptTable, MonthFigures
from analytics.selectors.crosstab import Asked, make_table
from analytics.selectors.figures import Period
from analytics.services import keep_table, remove_table
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, make_world
from dutylist.models import Item
from grid.models import Unit
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight

YEAR = Period(date(2026, 1, 1), date(2026, 3, 31))


def put(dimension, scope, day, key=0, *, is_excluded=False, **parts):
    """Count by hand: in the day and in its month."""
    place = {"dimension": dimension, "scope_id": scope, "key_id": key, "is_excluded": is_excluded}
    DayFigures.objects.create(**place, period=day, **parts)
    month, _new = MonthFigures.objects.get_or_create(**place, period=day.replace(day=1))
    for code, amount in parts.items():
        setattr(month, code, getattr(month, code) + amount)
    month.save()


@pytest.fixture
def city(db):
    city = make_world()
    call_command("load_indicators", verbosity=0)
    first, second = city.districts[:2]
    for scope, day, due, closed in (
        (first, date(2026, 1, 10), 10, 9),
        (first, date(2026, 2, 10), 30, 15),
        (second, date(2026, 1, 20), 1, 1),
        (city.city, date(2026, 1, 15), 12, 11),  # one of them lies in neither district
        (city.city, date(2026, 2, 15), 30, 15),
    ):
        put(Dimension.AREA, scope.pk, day, case_due=due, closed_in_time=closed, accepted=due)
    city.reader = grant(make_staff("reader", city.centre), "leader", city.centre)
    city.first_reader = grant(make_staff("first_reader", city.centres[0]), "leader", city.centres[0])
    return city


def asked(city, **given):
    usual = {"rows": "below", "columns": "sum", "indicators": ("on_time",), "area": city.city, "period": YEAR}
    return Asked(**{**usual, **given})


def numbers(table, code="on_time"):
    return {line.name: line.values[code].value for line in table.lines}


def test_rates_are_worked_out_from_the_sums_and_the_whole_holds_what_lies_in_no_district(city):
    table = make_table(asked(city), city.reader)
    first, second = (district.name for district in city.districts[:2])
    assert numbers(table)[first] == pytest.approx(100 * 24 / 40)
    assert numbers(table)[second] == 100
    assert table.total.values["on_time"].value == pytest.approx(100 * 26 / 42)


def test_columns_cut_the_same_sums(city):
    table = make_table(asked(city, columns="months", indicators=("accepted", "on_time")), city.reader)
    line = next(one for one in table.lines if one.name == city.districts[0].name)
    assert [line.cells[month]["accepted"].value for month in table.columns] == [10, 30, 0]
    assert [line.cells[month]["on_time"].value for month in table.columns] == [90, 50, None]
    assert [table.total.cells[month]["accepted"].value for month in table.columns] == [12, 30, 0]
    weeks = make_table(asked(city, columns="weeks", indicators=("accepted",)), city.reader)
    line = next(one for one in weeks.lines if one.name == city.districts[0].name)
    assert sum(cell["accepted"].value for cell in line.cells.values()) == 40
    assert line.cells[date(2026, 1, 5)]["accepted"].value == 10


def test_half_months_are_read_by_days(city):
    part = Period(date(2026, 1, 16), date(2026, 2, 28))
    table = make_table(asked(city, indicators=("accepted",), period=part), city.reader)
    assert numbers(table, "accepted") == {city.districts[0].name: 30, city.districts[1].name: 1}


def test_rows_may_be_times(city):
    table = make_table(asked(city, rows="months", indicators=("accepted",)), city.reader)
    assert [(line.name, line.values["accepted"].value) for line in table.lines] == [
        ("2026-01", 12), ("2026-02", 30), ("2026-03", 0)
    ]  # fmt: skip
    assert table.total.values["accepted"].value == 42
    days = make_table(asked(city, rows="days", indicators=("accepted",)), city.reader, limit=5)
    assert (len(days.lines), days.count, days.more) == (5, 90, "2026-01-05")


def test_items_are_answered_by_whole_months_and_named(city):
    item = Item.objects.get(code="T01")
    put(Dimension.ITEM, city.districts[0].pk, date(2026, 1, 10), item.pk, accepted=4)
    given = {"rows": "items", "indicators": ("accepted",), "area": city.districts[0]}
    table = make_table(asked(city, **given, period=Period(date(2026, 1, 20), date(2026, 2, 3))), city.reader)
    assert [line.values["accepted"].value for line in table.lines] == [4]
    assert table.lines[0].name == item.versions.get().name
    by_month = make_table(asked(city, **given, columns="months"), city.reader)
    assert by_month.lines[0].cells[date(2026, 1, 1)]["accepted"].value == 4


def test_units_count_their_own_work_and_are_added_up(city):
    for unit, due, done in ((city.stations[0][0][0], 4, 1), (city.stations[0][0][1], 6, 6)):
        put(Dimension.UNIT, unit.pk, date(2026, 1, 10), handling_due=due, handled_in_time=done)
    table = make_table(
        asked(city, rows="units", unit_kind="community", indicators=("unit_on_time",), sort="-unit_on_time"),
        city.reader,
    )
    assert [line.values["unit_on_time"].value for line in table.lines][:3] == [100, 25, None]
    assert table.total.values["unit_on_time"].value == 70


def test_rows_are_put_in_order_and_small_ones_left_out(city):
    falling = make_table(asked(city, sort="-on_time"), city.reader)
    rising = make_table(asked(city, sort="on_time"), city.reader)
    first, second = (district.name for district in city.districts[:2])
    assert [line.name for line in falling.lines][:2] == [second, first]
    assert [line.name for line in rising.lines][:2] == [first, second]
    assert list(numbers(make_table(asked(city, minimum=2), city.reader))) == [first]


def test_a_page_begins_behind_the_last_row_of_the_one_before(city):
    first = make_table(asked(city, sort="name"), city.reader, limit=1)
    second = make_table(asked(city, sort="name"), city.reader, after=first.more, limit=1)
    assert [line.name for line in (*first.lines, *second.lines)] == [area.name for area in city.districts[:2]]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rows": "months", "columns": "months"}, "columns"),
        ({"rows": "items", "columns": "weeks"}, "columns"),
        ({"rows": "units", "indicators": ("accepted",)}, "indicators"),
        ({"indicators": ("nonsense",)}, "indicators"),
        ({"indicators": ()}, "indicators"),
        ({"columns": "days"}, "columns"),
        ({"period": Period(date(2026, 2, 1), date(2026, 1, 1))}, "last"),
        ({"period": Period(date(2016, 2, 1), date(2026, 1, 1))}, "first"),
    ],
)
def test_what_the_roll_ups_cannot_answer_is_refused_at_its_field(city, given, field):
    with pytest.raises(BadInput) as refusal:
        make_table(asked(city, **given), city.reader)
    assert refusal.value.field == field


def test_items_of_a_community_are_refused(city):
    with pytest.raises(BadInput) as refusal:
        make_table(asked(city, rows="items", area=city.communities[0][0][0]), city.reader)
    assert refusal.value.field == "area"


def page(user, **query):
    return client_of(user).get(reverse("analytics:tables"), query)


UNITS = {"indicators": ["unit_on_time"]}
QUERY = {"rows": "below", "columns": "sum", "first": "2026-01-01", "last": "2026-03-31", "indicators": ["accepted"]}


def test_the_page_shows_the_answer_and_exports_the_same(city):
    response = page(city.reader, area=city.city.code, **QUERY)
    assert response.status_code == 200
    assert city.districts[0].name in response.content.decode()
    book = page(city.reader, area=city.city.code, **QUERY, export="xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(book))).get_sheet_by_index(0).to_python()
    assert rows[1] == [city.districts[0].name, 40.0]
    assert rows[-1][1] == 42.0
    text = b"".join(page(city.reader, area=city.city.code, **QUERY, export="csv")).decode("utf-8-sig")
    assert f"{city.districts[0].name},40" in text


def test_a_table_costs_the_same_however_many_rows_it_has(city):
    client = client_of(city.reader)
    query = {**QUERY, **UNITS, "area": city.city.code, "rows": "units", "columns": "months"}

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("analytics:tables"), query).status_code == 200
        return len(queries)

    statements()  # what is read once a process
    few = statements()
    units = Unit.objects.values_list("pk", flat=True)
    for unit in units:
        put(Dimension.UNIT, unit, date(2026, 1, 10), handling_due=4, handled_in_time=1)
    assert statements() == few <= 15


def test_satisfaction_is_never_shown_without_the_share_evaluated(city):
    response = page(city.reader, area=city.city.code, **{**QUERY, "indicators": ["satisfaction", "accepted"]})
    shown = [version.indicator.code for version in response.context["found"].versions]
    assert shown == ["satisfaction", "evaluated", "accepted"]


def test_areas_outside_of_the_territory_are_not_offered(city):
    response = page(city.first_reader, area=city.districts[1].code, **QUERY)
    assert response.status_code == 200
    assert response.context["found"] is None
    assert "area" in response.context["form"].errors
    assert page(make_staff("nobody_else", city.centre)).status_code == 403


@pytest.mark.parametrize(
    "bad",
    [
        {"first": "x"}, {"last": "9999-99-99"}, {"rows": "\x00"}, {"indicators": ["\x00", "x" * 5000]},
        {"minimum": "-1"}, {"minimum": "9" * 30}, {"sort": "x" * 400}, {"after": "\x00"}, {"area": "‮"},
        {"first": "0001-01-01", "last": "9999-12-31"}, {"export": "exe"},
    ],
)  # fmt: skip
def test_bad_questions_are_answered_with_the_reason(city, bad):
    assert page(city.reader, **{**QUERY, "area": city.city.code, **bad}).status_code in {200, 409}


def test_a_table_is_kept_shared_and_removed(city):
    by = Actor.staff(city.reader)
    colleague = grant(make_staff("colleague", city.centre), "leader", city.centre)
    kept = keep_table("月表", "rows=below", is_shared=True, by=by, now=NOON)
    keep_table("月表", "rows=months", by=by, now=NOON + timedelta(hours=1))
    kept.refresh_from_db()
    assert (kept.query, kept.unit) == ("rows=months", None)
    assert "月表" not in page(colleague).content.decode()
    keep_table("月表", "rows=months", is_shared=True, by=by, now=NOON)
    assert "月表" in page(colleague).content.decode()
    with pytest.raises(OutOfSight):
        remove_table(kept.pk, by=Actor.staff(colleague), now=NOON)
    remove_table(kept.pk, by=by, now=NOON)
    assert not KeptTable.objects.exists()


def test_a_table_needs_a_name_and_a_person(city):
    with pytest.raises(BadInput) as refusal:
        keep_table("  ", "x", by=Actor.staff(city.reader), now=NOON)
    assert refusal.value.field == "name"
    with pytest.raises(NotAllowed):
        keep_table("x", "x", by=Actor.system("x"), now=NOON)


def test_the_form_keeps_a_table_and_comes_back_to_it(city):
    client = client_of(city.reader)
    given = {"name": "我的表", "query": "rows=below&columns=sum"}
    response = client.post(reverse("analytics:table_keep"), given)
    assert response.url == f"{reverse('analytics:tables')}?{given['query']}"
    kept = KeptTable.objects.get()
    assert client.post(reverse("analytics:table_remove", args=[kept.pk])).status_code == 302
    assert client.post(reverse("analytics:table_remove", args=[kept.pk])).status_code == 404
