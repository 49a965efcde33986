"""Registers of party and partners: what must be one of its kind, who may keep them, what is refused by name."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from grid.choices import GatheringKind, ReporterKind, SiteTier, UnitKind
from grid.models import Adviser, CommunityTask, PartyKind, Reporter, ServiceSite, TaskClaim, Unit
from grid.selectors import party as selectors
from grid.services import party
from grid.tests.factories import small_city
from grid.workflow import ITEM_ANSWERED, ITEM_ESCALATED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry, CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 3, 4, 10, 0))  # a Wednesday
TODAY = NOW.date()


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def community(city):
    return city.communities[0][0][0]


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


SYSTEM = Actor.system("test")


def site(area, **given):
    values = {"area_id": area.pk, "name": "党群服务中心", "address": "一号", "hours": {"3": [["09:00", "12:00"]]}}
    return party.SiteData(**(values | given))


def reporter(community, by, **given):
    values = {"area_id": community.pk, "kind": "volunteer", "name": "林某", "reported_on": TODAY}
    return party.keep_reporter(None, party.ReporterData(**(values | given)), by=by, now=NOW)


def task(community, by, **given):
    values = {
        "area_id": community.pk, "title": "清扫楼道", "place": "三栋", "wanted": 1,
        "starts_at": NOW + timedelta(hours=1), "ends_at": NOW + timedelta(hours=3),
    }  # fmt: skip
    return party.keep_task(None, party.TaskData(**(values | given)), by=by, now=NOW)


def liaison(area, unit, begins="2026-01-01", ends=None, by=SYSTEM):
    data = party.LiaisonData(
        area_id=area.pk,
        unit_id=unit.pk,
        begins_on=date.fromisoformat(begins),
        ends_on=ends and date.fromisoformat(ends),
    )
    return party.keep_liaison(None, data, by=by, now=NOW)


def tea(community, by, **given):
    values = {"area_id": community.pk, "kind": "tea", "title": "三月茶话会", "held_on": TODAY, "place": "会议室"}
    return party.keep_gathering(None, party.GatheringData(**(values | given)), by=by, now=NOW)


def opening(made, at):
    return selectors.openings_of([made], at)[made.pk]


def test_a_site_is_open_within_its_hours_only(community, secretary):
    made = party.keep_site(None, site(community), by=secretary, now=NOW)
    assert opening(made, NOW).is_open
    assert not opening(made, NOW + timedelta(hours=2)).is_open
    assert not opening(made, NOW + timedelta(days=1)).is_open


def special_day(day, kind):
    year, _made = CalendarYear.objects.get_or_create(year=day.year, defaults={"complete": True})
    CalendarDay.objects.update_or_create(date=day, defaults={"kind": kind, "name": "样例节", "source": "test"})


def test_on_a_public_holiday_the_hours_of_holidays_count(community, secretary):
    special_day(TODAY, "holiday")
    closed = party.keep_site(None, site(community), by=secretary, now=NOW)
    hours = {"3": [["09:00", "18:00"]], "holiday": [["10:00", "12:00"]]}
    serving = party.keep_site(None, site(community, name="驿站", hours=hours), by=secretary, now=NOW)
    assert (opening(closed, NOW).is_open, opening(closed, NOW).spans) == (False, [])
    assert opening(serving, NOW).is_open
    assert not opening(serving, NOW + timedelta(hours=3)).is_open
    assert opening(serving, NOW).special.name == "样例节"


def test_on_a_make_up_working_day_a_closed_weekday_has_the_hours_of_the_first_one(community, secretary):
    saturday = NOW + timedelta(days=3)
    special_day(saturday.date(), "workday")
    hours = {"3": [["09:00", "12:00"]], "holiday": [["10:00", "11:00"]]}
    made = party.keep_site(None, site(community, hours=hours), by=secretary, now=NOW)
    own = party.keep_site(None, site(community, name="驿站", hours={"6": [["14:00", "18:00"]]}), by=secretary, now=NOW)
    assert opening(made, saturday).spans == [["09:00", "12:00"]]
    assert opening(own, saturday).spans == [["14:00", "18:00"]]
    assert not opening(made, saturday + timedelta(days=7)).spans


def test_a_kind_of_tasks_is_none_of_sites(community, secretary):
    kind = PartyKind.objects.create(code="x", of="task", name="清扫", name_en="x", effective_from=TODAY, source="t")
    with pytest.raises(BadInput) as refused:
        party.keep_site(None, site(community, kind_id=kind.pk), by=secretary, now=NOW)
    assert refused.value.field == "kind"


@pytest.mark.parametrize(
    "spans",
    [
        [["12:00", "09:00"]],
        [["09:00", "12:00"], ["11:00", "13:00"]],
        [["9", "10:00"]],
        [["09:00", "24:01"]],
        [["٠٩:٠٠", "1"]],
    ],
)
def test_hours_in_disorder_are_refused_at_their_day(community, secretary, spans):
    with pytest.raises(BadInput) as refused:
        party.keep_site(None, site(community, hours={"3": spans}), by=secretary, now=NOW)
    assert refused.value.field == "hours_3"
    assert not ServiceSite.objects.exists()


def test_a_district_has_one_site_of_its_own(city):
    district = city.districts[0]
    party.keep_site(None, site(district, tier=SiteTier.DISTRICT), by=SYSTEM, now=NOW)
    with pytest.raises(BadInput):
        party.keep_site(None, site(district, tier=SiteTier.DISTRICT, name="另一个"), by=SYSTEM, now=NOW)
    with pytest.raises(BadInput) as refused:
        party.keep_site(None, site(city.communities[0][0][0], tier=SiteTier.DISTRICT), by=SYSTEM, now=NOW)
    assert refused.value.field == "tier"


def test_who_plans_elsewhere_finds_nothing_and_who_does_not_plan_may_not(city, community, secretary):
    made = party.keep_site(None, site(community), by=secretary, now=NOW)
    with pytest.raises(OutOfSight):
        party.keep_site(made.pk, site(community), by=Actor.staff(city.staff["other_secretary"]), now=NOW)
    with pytest.raises(NotAllowed):
        party.keep_site(made.pk, site(community), by=Actor.staff(city.staff["agent"]), now=NOW)
    with pytest.raises(OutOfSight):
        party.keep_site(None, site(city.communities[1][0][0]), by=secretary, now=NOW)


def test_a_site_cannot_be_moved_into_foreign_territory(city, community, secretary):
    made = party.keep_site(None, site(community), by=secretary, now=NOW)
    with pytest.raises(OutOfSight):
        party.keep_site(made.pk, site(city.communities[1][0][0]), by=secretary, now=NOW)
    made.refresh_from_db()
    assert made.area == community


@pytest.mark.parametrize("name", ["\x00", "\ud800", "长" * 121, ""])
def test_a_name_that_cannot_be_kept_is_refused_by_field(community, secretary, name):
    with pytest.raises(BadInput) as refused:
        party.keep_site(None, site(community, name=name), by=secretary, now=NOW)
    assert refused.value.field == "name"


def test_a_city_unit_has_one_subdistrict_and_a_subdistrict_one_unit(city):
    first, second = city.streets[0]
    liaison(first, city.city_bureau)
    with pytest.raises(BadInput) as refused:
        liaison(second, city.city_bureau)
    assert refused.value.field == "unit"
    with pytest.raises(BadInput) as refused:
        liaison(first, city.company)
    assert refused.value.field == "area"


def test_a_liaison_may_follow_one_that_ended(city):
    first, second = city.streets[0]
    liaison(first, city.city_bureau, "2025-01-01", "2025-12-31")
    liaison(second, city.city_bureau, "2026-01-01")
    with pytest.raises(BadInput):
        liaison(first, city.company, "2025-12-31")
    assert liaison(first, city.company, "2026-01-01").kind == "subdistrict"


def test_a_district_unit_has_several_communities_of_its_own_district(city):
    water = city.bureaus[0]["water"]
    one, two = city.communities[0][0]
    assert {liaison(one, water).kind, liaison(two, water).kind} == {"community"}
    with pytest.raises(BadInput) as refused:
        liaison(city.communities[1][0][0], water)
    assert refused.value.field == "unit"
    with pytest.raises(BadInput) as refused:
        liaison(city.communities[0][1][0], city.city_bureau)
    assert refused.value.field == "unit"


def test_a_liaison_that_ends_before_it_begins_is_refused(city):
    with pytest.raises(BadInput) as refused:
        liaison(city.communities[0][0][0], city.bureaus[0]["water"], "2026-02-01", "2026-01-01")
    assert refused.value.field == "ends_on"


def test_names_of_people_are_neither_shown_nor_logged(community, secretary):
    made = reporter(community, secretary, name="欧阳明月")
    assert str(made).startswith("欧**")
    assert "明月" not in str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert Reporter.objects.get(pk=made.pk).name == "欧阳明月"


def test_a_member_needs_an_organisation_and_an_organisation_no_person(community, secretary):
    with pytest.raises(BadInput) as refused:
        reporter(community, secretary, kind="member")
    assert refused.value.field == "organisation"
    made = reporter(community, secretary, kind="organisation", organisation="区税务局党支部")
    assert (made.name, str(made)) == ("", "区税务局党支部")


def test_the_same_day_of_service_again_sets_it_right(community, secretary):
    made = reporter(community, secretary, kind=ReporterKind.ORGANISATION, organisation="支部", name="")
    party.record_day(made.pk, TODAY, Decimal("2"), 5, by=secretary, now=NOW)
    party.record_day(made.pk, TODAY, Decimal("3.5"), 4, by=secretary, now=NOW)
    assert selectors.sum_of_days(made) == {"days": 1, "hours": Decimal("14.0")}


@pytest.mark.parametrize(("hours", "people"), [("0", 1), ("24.5", 1), ("-1", 1), ("1", 0)])
def test_a_day_of_service_has_hours_and_people(community, secretary, hours, people):
    made = reporter(community, secretary)
    with pytest.raises(BadInput):
        party.record_day(made.pk, TODAY, Decimal(hours), people, by=secretary, now=NOW)


def test_a_day_to_come_or_before_the_report_is_refused(community, secretary):
    made = reporter(community, secretary)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(BadInput):
            party.record_day(made.pk, day, Decimal("1"), by=secretary, now=NOW)


def test_a_task_is_claimed_withdrawn_and_claimed_by_another(community, secretary):
    posted, one, two = task(community, secretary), reporter(community, secretary), reporter(community, secretary)
    claim = party.claim_task(posted.pk, one.pk, by=secretary, now=NOW)
    with pytest.raises(Refused):
        party.claim_task(posted.pk, two.pk, by=secretary, now=NOW)
    party.withdraw_claim(claim.pk, by=secretary, now=NOW)
    party.claim_task(posted.pk, two.pk, by=secretary, now=NOW)
    posted.refresh_from_db()
    assert posted.claimed == 1
    with pytest.raises(IllegalMove):
        party.withdraw_claim(claim.pk, by=secretary, now=NOW)


def test_nobody_claims_twice_and_only_organisations_send_several(community, secretary):
    posted, one = task(community, secretary, wanted=5), reporter(community, secretary)
    party.claim_task(posted.pk, one.pk, by=secretary, now=NOW)
    with pytest.raises(Refused):
        party.claim_task(posted.pk, one.pk, by=secretary, now=NOW)
    other = reporter(community, secretary)
    for people in (2, 0, -3):
        with pytest.raises(BadInput):
            party.claim_task(posted.pk, other.pk, people, by=secretary, now=NOW)
    body = reporter(community, secretary, kind="organisation", organisation="支部")
    with pytest.raises(Refused, match="4"):
        party.claim_task(posted.pk, body.pk, 5, by=secretary, now=NOW)
    party.claim_task(posted.pk, body.pk, 4, by=secretary, now=NOW)


def test_a_task_for_volunteers_or_elsewhere_is_not_for_others(city, community, secretary):
    posted = task(community, secretary, audience="volunteers")
    body = reporter(community, secretary, kind="organisation", organisation="支部")
    foreign = reporter(city.communities[1][0][0], SYSTEM)
    for who in (body.pk, foreign.pk, 999_999):
        with pytest.raises(BadInput):
            party.claim_task(posted.pk, who, by=secretary, now=NOW)


def test_presence_is_marked_once_the_task_has_begun(community, secretary):
    posted, one = task(community, secretary), reporter(community, secretary)
    claim = party.claim_task(posted.pk, one.pk, by=secretary, now=NOW)
    with pytest.raises(IllegalMove):
        party.mark_presence(claim.pk, True, by=secretary, now=NOW)
    assert party.mark_presence(claim.pk, True, by=secretary, now=NOW + timedelta(hours=2)).was_present is True


def test_what_is_over_or_called_off_is_claimed_by_nobody(community, secretary):
    posted, one = task(community, secretary), reporter(community, secretary)
    with pytest.raises(IllegalMove):
        party.claim_task(posted.pk, one.pk, by=secretary, now=NOW + timedelta(hours=4))
    party.cancel_task(posted.pk, by=secretary, now=NOW)
    with pytest.raises(IllegalMove):
        party.claim_task(posted.pk, one.pk, by=secretary, now=NOW)


def test_a_task_never_wants_fewer_than_have_claimed_it(community, secretary):
    posted = task(community, secretary, wanted=2)
    for _n in range(2):
        party.claim_task(posted.pk, reporter(community, secretary).pk, by=secretary, now=NOW)
    data = party.TaskData(
        area_id=community.pk, title="少", place="三栋", wanted=1, starts_at=posted.starts_at, ends_at=posted.ends_at
    )
    with pytest.raises(BadInput) as refused:
        party.keep_task(posted.pk, data, by=secretary, now=NOW)
    assert refused.value.field == "wanted"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_the_last_place_at_once_one_wins():
    city = small_city()
    community, secretary = city.communities[0][0][0], Actor.staff(city.staff["community_secretary"])
    posted = task(community, secretary)
    people = [reporter(community, secretary) for _n in range(4)]
    start, refused = Barrier(len(people)), []

    def claim(one):
        start.wait()
        try:
            party.claim_task(posted.pk, one.pk, by=Actor.system("test"), now=NOW)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=claim, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert TaskClaim.objects.count() == 1
    assert CommunityTask.objects.get().claimed == 1


def test_an_item_is_answered_or_escalated_to_the_subdistrict_which_answers_it(city, community, secretary):
    meeting = tea(community, secretary)
    item = party.add_item(meeting.pk, "路灯太暗", by=secretary, now=NOW)
    party.escalate_item(item.pk, by=secretary, now=NOW)
    item.refresh_from_db()
    assert (item.state, item.escalated_to) == (ITEM_ESCALATED, city.offices[0][0])
    with pytest.raises((NotAllowed, OutOfSight)):
        party.answer_item(item.pk, "已经安排", by=secretary, now=NOW)
    assert party.answer_item(item.pk, "已经安排", by=SYSTEM, now=NOW).state == ITEM_ANSWERED
    with pytest.raises(IllegalMove):
        party.answer_item(item.pk, "再答一次", by=SYSTEM, now=NOW)


def test_a_meeting_to_come_or_a_liaison_of_another_area_is_refused(city, community, secretary):
    with pytest.raises(BadInput) as refused:
        tea(community, secretary, held_on=TODAY + timedelta(days=1))
    assert refused.value.field == "held_on"
    other = liaison(city.communities[0][0][1], city.bureaus[0]["water"])
    with pytest.raises(BadInput) as refused:
        tea(community, secretary, kind=GatheringKind.VISIT, liaison_id=other.pk)
    assert refused.value.field == "liaison"


def test_a_company_gets_a_unit_below_the_community_once(city, community, secretary):
    data = party.EstateData(area_id=community.pk, name="幸福里", body="安心物业", begins_on=TODAY)
    first = party.keep_estate(None, data, by=secretary, now=NOW)
    second = party.keep_estate(
        None, party.EstateData(area_id=community.pk, name="幸福里二期", body="安心物业", begins_on=TODAY),
        by=secretary, now=NOW,
    )  # fmt: skip
    unit = Unit.objects.get(kind=UnitKind.COMPANY, name="安心物业")
    assert (first.unit, second.unit, unit.parent) == (unit, unit, city.stations[0][0][0])
    assert selectors.estate_units(community, "", TODAY) == {unit.pk: False}
    assert selectors.estate_units(city.communities[0][0][1], "", TODAY) == {}
    assert selectors.estate_units(community, "", TODAY - timedelta(days=1)) == {}


def test_an_unknown_building_is_named(community, secretary):
    data = party.EstateData(area_id=community.pk, name="里", body="安心物业", begins_on=TODAY, buildings=["X1"])
    with pytest.raises(BadInput, match="X1") as refused:
        party.keep_estate(None, data, by=secretary, now=NOW)
    assert refused.value.field == "buildings"
    assert not Unit.objects.filter(name="安心物业").exists()


def test_an_adviser_on_duty_that_day_comes_first(city, community, secretary):
    for name, days in (("甲", "1"), ("乙", "3")):
        data = party.AdviserData(area_id=community.pk, kind="lawyer", name=name, weekdays=days, begins_on=TODAY)
        party.keep_adviser(None, data, by=secretary, now=NOW)
    assert [row.name for row in selectors.advisers_for(community, TODAY)] == ["乙", "甲"]
    assert selectors.advisers_for(city.communities[1][0][0], TODAY) == []


@pytest.mark.parametrize("weekdays", ["", "8", "x", "一"])
def test_weekdays_that_are_none_are_refused(community, secretary, weekdays):
    data = party.AdviserData(area_id=community.pk, kind="lawyer", name="甲", weekdays=weekdays, begins_on=TODAY)
    with pytest.raises(BadInput):
        party.keep_adviser(None, data, by=secretary, now=NOW)
    assert not Adviser.objects.exists()
