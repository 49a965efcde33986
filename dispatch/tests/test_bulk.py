"""Like cases dispatched together: which are offered, each its own decision, refusals by number."""

import pytest

from dispatch.models import Decision, WorkOrder
from dispatch.selectors import get_alike
from dispatch.services import claim_next, dispatch_together
from dispatch.tests.test_claims import dispatcher, waiting
from dispatch.tests.world import NOON, make_world
from dutylist.models import ItemVersion
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def by(city):
    return Actor.staff(city.staff["district_dispatcher"])


def numbers(rows):
    return [row.case.number for row in rows]


class TestOffered:
    def test_are_waiting_cases_that_read_alike(self, city, by):
        one, two, _other = (
            waiting(city, content=text)[0] for text in ("楼道堆满纸箱没人管", "楼道堆满纸箱很久了", "水管爆了")
        )
        found = get_alike(by.user, one, NOON)
        assert numbers(found) == [two.number]
        assert found[0].similar.percent > 30

    def test_are_waiting_cases_of_the_same_item_in_the_same_area(self, city, by):
        one, two = (
            waiting(city, item="T01", is_sensitive=True, content=text)[0] for text in ("纸箱很多", "门口有沙发")
        )
        waiting(city, item="T01", is_sensitive=True, area=city.communities[0][1][0].code)
        assert numbers(get_alike(by.user, one, NOON)) == [two.number]

    def test_are_of_ones_own_desk_only_and_not_those_on_their_way(self, city, by):
        one = waiting(city, content="楼道堆满纸箱没人管")[0]
        gone = waiting(city, content="楼道堆满纸箱没人管啊")[0]
        dispatch_together(gone.pk, unit_id=city.bureaus[0]["water"].pk, by=by, now=NOON)
        Case.objects.filter(pk=waiting(city, content="楼道堆满纸箱没人管了")[0].pk).update(holder=city.centres[1])
        assert get_alike(by.user, one, NOON) == []


class TestTogether:
    def test_each_gets_a_decision_of_its_own(self, city, by):
        cases = waiting(city, 3)
        item = ItemVersion.objects.get(pk=city.items["T01"]).item_id
        station = city.stations[0][0][0]
        done = dispatch_together(
            cases[0].pk, [case.pk for case in cases], unit_id=station.pk, item_id=item, by=by, now=NOON
        )
        assert {order.case_id for order in done.orders} == {case.pk for case in cases}
        assert done.refused == []
        made = Decision.objects.filter(outcome="dispatched")
        assert (made.count(), {row.unit_id for row in made}, {row.mode for row in made}) == (
            3, {station.pk}, {"recommended"},
        )  # fmt: skip
        assert AuditEntry.objects.filter(action="case.dispatched").count() == 3

    def test_says_by_number_which_were_refused_and_sends_the_others(self, city, by):
        one, two, three = waiting(city, 3)
        claim_next(by=dispatcher(city, "二号"), now=NOON)
        done = dispatch_together(
            two.pk, [one.pk, three.pk, 987654], unit_id=city.bureaus[0]["water"].pk, by=by, now=NOON
        )
        assert [order.case_id for order in done.orders] == [two.pk, three.pk]
        assert [number for number, _why in done.refused] == [one.number, "—"]
        assert "二号" in done.refused[0][1]
        one.refresh_from_db()
        assert one.awaits_person

    def test_sends_nothing_when_the_first_is_refused(self, city, by):
        one, two = waiting(city, 2)
        with pytest.raises(BadInput):
            dispatch_together(one.pk, [two.pk], unit_id=city.bureaus[1]["water"].pk, by=by, now=NOON)
        secretary = Actor.staff(city.staff["community_secretary"])
        with pytest.raises(NotAllowed):
            dispatch_together(one.pk, [two.pk], unit_id=city.bureaus[0]["water"].pk, by=secretary, now=NOON)
        assert not WorkOrder.objects.exists()

    def test_names_no_case_of_another_district(self, city, by):
        here = waiting(city)[0]
        there = waiting(city, area=city.communities[1][0][0].code)[0]
        done = dispatch_together(here.pk, [there.pk], unit_id=city.bureaus[0]["water"].pk, by=by, now=NOON)
        assert [number for number, _why in done.refused] == ["—"]

    def test_is_limited(self, city, by):
        case = waiting(city)[0]
        with pytest.raises(BadInput) as refused:
            dispatch_together(case.pk, range(9_000, 9_021), unit_id=city.bureaus[0]["water"].pk, by=by, now=NOON)
        assert refused.value.field == "also"


class TestAgainstTheList:
    def test_needs_a_reason_which_is_kept(self, city, by):
        case = waiting(city, item="T01", is_sensitive=True)[0]
        water = city.bureaus[0]["water"]
        for note in ("", "  "):
            with pytest.raises(BadInput) as refused:
                dispatch_together(case.pk, unit_id=water.pk, note=note, by=by, now=NOON)
            assert refused.value.field == "note"
        order = dispatch_together(case.pk, unit_id=water.pk, note="水管先坏", by=by, now=NOON).orders[0]
        assert (order.decision.note, order.decision.mode) == ("水管先坏", "manual")
        assert [one["code"] for one in order.decision.reasons if "against" in one] == ["against_the_list"]

    def test_keeps_which_item_was_suggested_first(self, city, by):
        case = waiting(city)[0]
        first, chosen = (ItemVersion.objects.get(pk=city.items[code]).item_id for code in ("T02", "T01"))
        order = dispatch_together(
            case.pk, unit_id=city.stations[0][0][0].pk, item_id=chosen, suggested_id=first, by=by, now=NOON
        ).orders[0]
        assert "another_first" in [one["code"] for one in order.decision.reasons]
        assert case.confirmation.suggested_id == first

    def test_takes_no_notice_of_a_suggestion_that_does_not_exist(self, city, by):
        case = waiting(city)[0]
        given = {"unit_id": city.bureaus[0]["water"].pk, "suggested_id": 10**12}
        assert dispatch_together(case.pk, **given, by=by, now=NOON).orders
