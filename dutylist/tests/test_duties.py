"""Who answers where: the most specific area first, and a local list before the city's."""

from datetime import date

import pytest

from dutylist.models import Item, ItemVersion
from dutylist.selectors import duties_for, duty_for
from dutylist.services import NewResponsibility, set_responsibilities
from dutylist.tests.world import NOON, SYSTEM, make_list

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)


@pytest.fixture
def city():
    return make_list()


def overlay(city, code, area, unit, *, limit=None, since=date(2020, 1, 1), rows_in=None):
    """Narrow T02 (the district bureaus answer) in `area`."""
    base = Item.objects.get(code="T02")
    item = Item.objects.create(code=code, entry=base.entry, owner_area=area, narrows=base, management_type="C")
    version = ItemVersion.objects.create(
        item=item, number=1, effective_from=since, name="路灯", path_text="x", limit_normal=limit, source="sample"
    )
    set_responsibilities([NewResponsibility(version.pk, (rows_in or area).pk, unit.pk)], by=SYSTEM, now=NOON)
    return version


def test_a_districts_own_row_comes_before_the_citys_for_the_same_area(city):
    local = overlay(city, "T02-LH", city.districts[0], city.bureaus[0]["water"])
    item = Item.objects.get(code="T02")
    inside = duty_for(item.pk, city.communities[0][0][0], DAY)
    assert (inside.version.item_id, inside.overlay, inside.row.lead_unit) == (
        item.pk,
        local,
        city.bureaus[0]["water"],
    )
    outside = duty_for(item.pk, city.communities[1][0][0], DAY)
    assert outside.overlay is None
    assert outside.row.lead_unit == city.bureaus[1]["urban_management"]


def test_an_overlay_without_a_limit_inherits_the_citys(city):
    overlay(city, "T02-LH", city.districts[0], city.bureaus[0]["water"])
    overlay(city, "T02-PS", city.districts[1], city.bureaus[1]["water"], limit=2)
    item = Item.objects.get(code="T02")
    assert duty_for(item.pk, city.communities[0][0][0], DAY).terms.limit_normal == 5
    assert duty_for(item.pk, city.communities[1][0][0], DAY).terms.limit_normal == 2


def test_an_overlay_that_names_one_street_leaves_the_others_to_the_city(city):
    overlay(city, "T02-LH", city.districts[0], city.offices[0][1], rows_in=city.streets[0][1])
    item = Item.objects.get(code="T02")
    found = duties_for([(item.pk, city.communities[0][s][0]) for s in (0, 1)], DAY)
    leads = [found[item.pk, city.communities[0][s][0].pk].row.lead_unit for s in (0, 1)]
    assert leads == [city.bureaus[0]["urban_management"], city.offices[0][1]]


def test_an_overlay_holds_from_its_day_on(city):
    overlay(city, "T02-LH", city.districts[0], city.bureaus[0]["water"], since=date(2026, 11, 19))
    item, area = Item.objects.get(code="T02"), city.communities[0][0][0]
    assert duty_for(item.pk, area, DAY).overlay is None
    assert duty_for(item.pk, area, date(2026, 11, 19)).overlay is not None


def test_a_version_without_rows_of_its_own_answers_with_the_earlier_ones(city):
    first = ItemVersion.objects.get(item__code="T02")
    ItemVersion.objects.create(
        item=first.item, number=2, effective_from=DAY, name="路灯", path_text="x", source="sample", rows_from=first
    )
    duty = duty_for(first.item_id, city.communities[0][0][0], DAY)
    assert duty.version.number == 2
    assert duty.row.lead_unit == city.bureaus[0]["urban_management"]
