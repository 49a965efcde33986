"""Items of meetings become exactly one case or lead; counters count; mediation is told on the case."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from grid.services import party
from grid.workflow import ITEM_FILED
from intake.models import Case, ItemFiling, Lead, Mediation
from intake.selectors.community import count_by_site, items_of
from intake.services import community as services
from intake.tests.factories import city_with_channels, make_case, make_channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 3, 4, 10, 0))
SYSTEM = Actor.system("test")


@pytest.fixture
def city():
    return city_with_channels()


def meeting_item(city, content="楼下路灯整夜不亮"):
    area = city.communities[0][0][0]
    data = party.GatheringData(area_id=area.pk, kind="tea", title="茶话会", held_on=NOW.date(), place="会议室")
    gathering = party.keep_gathering(None, data, by=SYSTEM, now=NOW)
    return party.add_item(gathering.pk, content, "三栋", by=SYSTEM, now=NOW)


def secretary_of(city):
    return Actor.staff(city.staff["community_secretary"])


def test_an_item_pressed_twice_becomes_one_case_in_the_area_of_the_meeting(city):
    item = meeting_item(city)
    one, two = (services.file_visit_item(item.pk, "case", by=secretary_of(city), now=NOW) for _n in range(2))
    assert one.pk == two.pk
    case = Case.objects.get()
    assert (case.area, case.channel.code, case.address) == (city.communities[0][0][0], "secretary_tea", "三栋")
    shown = items_of(item.gathering, city.staff["community_secretary"])[0]
    assert (shown.state, shown.filing.case, shown.steps) == (ITEM_FILED, case, set())
    assert AuditEntry.objects.filter(action="item.filed", actor_name=secretary_of(city).name).exists()


def test_an_item_becomes_a_lead(city):
    item = meeting_item(city)
    services.file_visit_item(item.pk, "lead", by=secretary_of(city), now=NOW)
    assert Lead.objects.get().kind == "meeting"
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_an_item_on_at_once_both_get_the_same_case():
    city = city_with_channels()
    item, start, found = meeting_item(city), Barrier(3), []

    def press():
        start.wait()
        try:
            found.append(services.file_visit_item(item.pk, "case", by=SYSTEM, now=NOW).case_id)
        finally:
            connection.close()

    threads = [Thread(target=press) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert found == [Case.objects.get().pk] * 3


def test_an_answered_item_is_not_handed_on_and_nobody_elsewhere_hands_on(city):
    item = meeting_item(city)
    with pytest.raises(OutOfSight):
        services.file_visit_item(item.pk, "case", by=Actor.staff(city.staff["other_secretary"]), now=NOW)
    with pytest.raises(NotAllowed):
        services.file_visit_item(item.pk, "case", by=Actor.staff(city.staff["agent"]), now=NOW)
    with pytest.raises(BadInput):
        services.file_visit_item(item.pk, "nothing", by=SYSTEM, now=NOW)
    party.answer_item(item.pk, "已经修好", by=SYSTEM, now=NOW)
    with pytest.raises(IllegalMove):
        services.file_visit_item(item.pk, "case", by=SYSTEM, now=NOW)
    assert not Case.objects.exists()
    assert not ItemFiling.objects.exists()


def test_a_counter_counts_each_case_once_for_thirty_days(city):
    data = party.SiteData(area_id=city.communities[0][0][0].pk, name="党群服务中心", address="一号")
    site = party.keep_site(None, data, by=SYSTEM, now=NOW)
    case = make_case(now=NOW)
    for _n in range(2):
        services.note_counter(case.pk, site.pk, by=SYSTEM, now=NOW)
    assert count_by_site([site.pk], NOW) == {site.pk: 1}
    assert count_by_site([site.pk], NOW + timedelta(days=31)) == {}
    with pytest.raises(BadInput):
        services.note_counter(case.pk, 999_999, by=SYSTEM, now=NOW)


def adviser(area):
    data = party.AdviserData(area_id=area.pk, kind="lawyer", name="样例律师", weekdays="3", begins_on=NOW.date())
    return party.keep_adviser(None, data, by=SYSTEM, now=NOW)


def test_a_legal_matter_is_referred_once_and_ends_with_a_result(city):
    area = city.communities[0][0][0]
    make_channel()
    case, lawyer, by = make_case(area=area.code, now=NOW), adviser(area), secretary_of(city)
    row = services.open_mediation(case.pk, lawyer.pk, "租赁合同押金", by=by, now=NOW)
    with pytest.raises(Refused):
        services.open_mediation(case.pk, lawyer.pk, "租赁合同押金", by=by, now=NOW)
    with pytest.raises(BadInput) as refused:
        services.end_mediation(row.pk, "settle", "", by=by, now=NOW)
    assert refused.value.field == "result"
    services.end_mediation(row.pk, "settle", "押金退还", by=by, now=NOW)
    with pytest.raises(IllegalMove):
        services.end_mediation(row.pk, "fail", "押金退还", by=by, now=NOW)
    told = AuditEntry.objects.filter(object_type="intake.case", object_id=str(case.pk)).values_list("action", flat=True)
    assert {"case.mediation_opened", "case.mediation_settled"} <= set(told)


@pytest.mark.parametrize("matter", ["", "短", "\x00" * 5, "\ud800abc", "长" * 301])
def test_a_matter_that_cannot_be_kept_is_refused(city, matter):
    area = city.communities[0][0][0]
    case, lawyer = make_case(area=area.code, now=NOW), adviser(area)
    with pytest.raises(BadInput) as refused:
        services.open_mediation(case.pk, lawyer.pk, matter, by=secretary_of(city), now=NOW)
    assert refused.value.field == "matter"
    assert not Mediation.objects.exists()


def test_an_adviser_of_elsewhere_and_a_secretary_of_elsewhere_are_refused(city):
    area = city.communities[0][0][0]
    case, lawyer = make_case(area=area.code, now=NOW), adviser(city.communities[1][0][0])
    with pytest.raises(BadInput):
        services.open_mediation(case.pk, lawyer.pk, "租赁合同押金", by=secretary_of(city), now=NOW)
    with pytest.raises(OutOfSight):
        services.open_mediation(
            case.pk, lawyer.pk, "租赁合同押金", by=Actor.staff(city.staff["other_secretary"]), now=NOW
        )
