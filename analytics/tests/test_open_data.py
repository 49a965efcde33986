"""Open data: what is released holds no small count, stays as it was, and is public only where that is allowed."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from analytics.choices import Dimension
from analytics.models import OpenDataRelease
from analytics.selectors.open_data import as_csv
from analytics.services import release_open_data
from analytics.tests.test_crosstab import put
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world
from dutylist.models import Item
from grid.tests.factories import grant, make_staff
from intake.models import Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed

DAY = (timezone.localdate(NOON).replace(day=1) - timedelta(days=1)).replace(day=1)
LATER = NOON


@pytest.fixture
def city(db):
    city = make_world()
    call_command("load_parameters", verbosity=0)
    first, second = city.districts[:2]
    item, other = Item.objects.order_by("pk")[:2]
    hotline, wechat = Channel.objects.get(code="hotline"), Channel.objects.get(code="wechat")
    for area, counts in ((first, (40, 3)), (second, (30, 20)), (city.city, (75, 23))):
        put(Dimension.AREA, area.pk, DAY, accepted=sum(counts))
        put(Dimension.ITEM, area.pk, DAY, item.pk, accepted=counts[0])
        put(Dimension.ITEM, area.pk, DAY, other.pk, accepted=counts[1])
        put(Dimension.CHANNEL, area.pk, DAY, hotline.pk, accepted=counts[0])
        put(Dimension.CHANNEL, area.pk, DAY, wechat.pk, accepted=counts[1])
    city.keeper = grant(make_staff("keeper", city.centre), "assessor", city.centre)
    city.by = Actor.staff(city.keeper)
    return city


def rows_of(release):
    return list(csv.DictReader(io.StringIO(as_csv(release).decode("utf-8-sig"))))


def test_small_counts_and_what_gives_them_away_stay_out(city):
    release = release_open_data(DAY, by=city.by, now=LATER)
    rows = rows_of(release)
    assert all(row["cases"] == "" or not 0 < int(row["cases"]) < 5 for row in rows)
    wechat = next(row for row in rows if row["category_code"] == "wechat" and row["area_code"] == "440309")
    assert (wechat["cases"], wechat["suppressed"]) == ("", "1")
    for table in release.tables.values():
        for line in (*table["cells"], *zip(*table["cells"], strict=True)):
            assert line.count(None) != 1, "a single gap follows from the total"
    assert release.suppressed == sum(row["suppressed"] == "1" for row in rows)


def test_both_tables_hide_the_same_totals(city):
    release = release_open_data(DAY, by=city.by, now=LATER)
    hidden = [[row[-1] is None for row in table["cells"]] for table in release.tables.values()]
    assert hidden[0] == hidden[1]


def test_a_release_stays_and_a_correction_is_a_new_one(city):
    first = release_open_data(DAY, by=city.by, now=LATER)
    before = as_csv(first)
    put(Dimension.AREA, city.city.pk, DAY + timedelta(days=1), accepted=100)
    second = release_open_data(DAY, by=city.by, now=LATER)
    first.refresh_from_db()
    assert as_csv(first) == before
    assert (first.number, second.number) == (1, 2)
    assert as_csv(second) != before


def test_only_the_keepers_of_the_whole_city_release_and_only_what_is_over(city):
    other = grant(make_staff("district_keeper", city.centres[0]), "assessor", city.centres[0])
    for by in (Actor.staff(other), Actor.staff(city.staff["administrator"]), SYSTEM):
        with pytest.raises(NotAllowed):
            release_open_data(DAY, by=by, now=LATER)
    for month in (timezone.localdate(LATER), date(2010, 1, 1)):
        with pytest.raises(BadInput) as refusal:
            release_open_data(month, by=city.by, now=LATER)
        assert refusal.value.field == "month"


def test_the_page_releases_and_hands_out(city):
    client = client_of(city.keeper)
    page = client.get(reverse("analytics:open_data"))
    assert page.status_code == 200
    months = [value for value, _ in page.context["form"].fields["month"].choices]
    put(Dimension.AREA, city.city.pk, date.fromisoformat(months[0]) + timedelta(days=1), accepted=9)
    assert client.post(reverse("analytics:open_data"), {"month": months[0]}).status_code == 302
    release = OpenDataRelease.objects.get()
    month = f"{release.month:%Y-%m}"
    answer = client.get(reverse("analytics:open_data_file", args=[month, 1, "json"]))
    assert answer.json()["metadata"]["licence"] == release.licence
    assert client.get(reverse("analytics:open_data_file", args=[month, 1, "csv"])).content == as_csv(release)
    assert client.get(reverse("analytics:open_data_file", args=[month, 2, "csv"])).status_code == 404
    assert client.get(reverse("analytics:open_data_file", args=["x", 1, "csv"])).status_code == 404
    assert client.get(reverse("analytics:open_data_file", args=[month, 1, "exe"])).status_code == 404
    assert client.post(reverse("analytics:open_data"), {"month": "\x00"}).status_code == 200


def test_it_is_public_only_where_the_settings_allow_it(city):
    release_open_data(DAY, by=city.by, now=LATER)
    month = f"{DAY:%Y-%m}"
    files = reverse("open_data_file", args=[month, "csv"])
    assert Client().get(reverse("open_data_index")).status_code == Client().get(files).status_code == 404
    with override_settings(OPEN_DATA_IS_PUBLIC=True):
        assert Client().get(reverse("open_data_index")).json()["releases"][0]["month"] == month
        assert Client().get(files).status_code == 200
        assert Client().get(reverse("open_data_file", args=["2001-01", "csv"])).status_code == 404
