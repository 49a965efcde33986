"""双报到 by the account of who reported: tasks of the own community only, claimed and given back by oneself."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grid.access import grants_of
from grid.models import Reporter, TaskClaim
from grid.selectors.own_tasks import get_own_tasks
from grid.services import party
from grid.tests.factories import grant, make_staff, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SYSTEM = Actor.system("test")
WHEN = {"starts_at": NOW + timedelta(hours=2), "ends_at": NOW + timedelta(hours=5)}


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def community(city):
    return city.communities[0][0][0]


@pytest.fixture
def member(city, community):
    """An account of a bureau's member who reported at the first community; its role has no act."""
    staff = grant(make_staff("party_member", city.bureaus[0]["water"]), "reporter", city.bureaus[0]["water"])
    report(community, staff)
    return staff


def report(area, staff=None, **given):
    values = {"area_id": area.pk, "kind": "member", "organisation": "水务局党支部", "name": "邱某"}
    values |= {"reported_on": date(2026, 1, 1), "staff_id": staff and staff.pk}
    return party.keep_reporter(None, party.ReporterData(**(values | given)), by=SYSTEM, now=NOW)


def post(area, **given):
    values = {"area_id": area.pk, "title": "清扫楼道", "place": "三栋", "wanted": 2}
    return party.keep_task(None, party.TaskData(**(values | WHEN | given)), by=SYSTEM, now=NOW)


def claim(task, staff):
    return party.claim_own_task(task.pk, by=Actor.staff(staff), now=NOW)


def open_to(staff):
    return [task.title for task in get_own_tasks(staff, NOW).open]


def client_of(client, staff):
    client.force_login(staff, backend="grid.backends.StaffBackend")
    return client


def test_tasks_near_where_one_reported_and_for_ones_kind_are_offered(city, community, member):
    post(community, title="社区的")
    post(city.streets[0][0], title="街道的")
    post(city.communities[1][0][0], title="别处的")
    post(community, title="志愿者的", audience="volunteers")
    party.cancel_task(post(community, title="取消的").pk, by=SYSTEM, now=NOW)
    assert sorted(open_to(member)) == ["社区的", "街道的"]


def test_a_task_is_claimed_once_and_given_back(community, member):
    task = post(community, wanted=1)
    made = claim(task, member)
    assert open_to(member) == []
    assert get_own_tasks(member, NOW).claims == [made]
    with pytest.raises(Refused):
        claim(task, member)
    party.withdraw_own_claim(made.pk, by=Actor.staff(member), now=NOW)
    task.refresh_from_db()
    assert task.claimed == 0
    assert open_to(member) == [task.title]


def test_of_two_who_want_the_last_place_one_gets_it(city, community, member):
    other = make_staff("party_member_two", city.bureaus[0]["water"])
    report(community, other)
    task = post(community, wanted=1)
    claim(task, member)
    with pytest.raises(Refused):
        claim(task, other)


def test_tasks_elsewhere_or_for_others_are_not_found(city, community, member):
    foreign = post(city.communities[1][0][0])
    for task in (foreign, post(community, audience="volunteers")):
        with pytest.raises(OutOfSight):
            claim(task, member)
    with pytest.raises(OutOfSight):
        claim(post(community), city.staff["community_secretary"])
    assert not TaskClaim.objects.exists()


def test_the_claim_of_somebody_else_is_not_found(city, community, member):
    other = make_staff("party_member_two", city.bureaus[0]["water"])
    report(community, other)
    made = claim(post(community), other)
    with pytest.raises(OutOfSight):
        party.withdraw_own_claim(made.pk, by=Actor.staff(member), now=NOW)


def test_once_it_has_begun_only_the_community_gives_the_place_back(community, member):
    made = claim(post(community), member)
    with pytest.raises(IllegalMove):
        party.withdraw_own_claim(made.pk, by=Actor.staff(member), now=WHEN["starts_at"])


def test_who_no_longer_reports_claims_nothing(community, member):
    task = post(community)
    Reporter.objects.update(is_active=False)
    assert get_own_tasks(member, NOW) is None
    with pytest.raises(OutOfSight):
        claim(task, member)


def test_an_account_reports_at_one_community_only(city, community, member):
    with pytest.raises(BadInput):
        report(city.communities[0][0][1], member)


def test_the_account_sees_nothing_of_the_community(community, member, client):
    assert grants_of(member).rows == []
    task = post(community)
    signed_in = client_of(client, member)
    for name, args in (("party", []), ("community_task", [task.pk]), ("places", []), ("rentals", [])):
        assert signed_in.get(reverse(f"grid:{name}", args=args)).status_code in (403, 404)


def test_the_page_is_the_start_page_and_claims_by_a_press(city, community, member, client):
    task, foreign = post(community, title="清洁楼道"), post(city.communities[1][0][0], title="别处的")
    signed_in = client_of(client, member)
    assert signed_in.get(reverse("home")).url == reverse("grid:own_tasks")
    page = signed_in.get(reverse("grid:own_tasks")).content.decode()
    assert "清洁楼道" in page
    assert "别处的" not in page
    assert signed_in.post(reverse("grid:own_task_claim", args=[task.pk])).status_code == 302
    assert signed_in.post(reverse("grid:own_task_claim", args=[foreign.pk])).status_code == 404
    made = TaskClaim.objects.get()
    back = reverse("grid:own_claim_withdraw", args=[made.pk])
    assert back in signed_in.get(reverse("grid:own_tasks")).content.decode()
    again = signed_in.post(reverse("grid:own_task_claim", args=[task.pk]), follow=True)
    assert again.status_code == 200
    assert signed_in.post(back).status_code == 302
    assert TaskClaim.objects.get().withdrawn_at is not None


@pytest.mark.parametrize("people", ["", "x", "-1", "9" * 400, "٣", "\x00"])
def test_a_wrong_number_of_people_breaks_nothing(community, member, client, people):
    task = post(community)
    answer = client_of(client, member).post(reverse("grid:own_task_claim", args=[task.pk]), {"people": people})
    assert answer.status_code in (302, 422)


def test_an_organisation_sends_several(city, community):
    staff = make_staff("branch", city.bureaus[0]["water"])
    report(community, staff, kind="organisation", name="")
    task = post(community, wanted=8)
    made = party.claim_own_task(task.pk, 5, by=Actor.staff(staff), now=NOW)
    assert made.people == 5


def test_who_did_not_report_is_told_how_to_begin(city, client):
    page = client_of(client, city.staff["handler"]).get(reverse("grid:own_tasks"))
    assert page.status_code == 200
    assert page.context["found"] is None


def test_the_secretary_links_the_account_by_its_user_name(city, community, client):
    staff = make_staff("party_member", city.bureaus[0]["water"])
    given = {"area": community.code, "kind": "member", "organisation": "水务局党支部", "name": "邱某"}
    given |= {"reported_on": "2026-01-01", "is_active": "on"}
    signed_in = client_of(client, city.staff["community_secretary"])
    address = reverse("grid:party_new", args=["reporters"])
    refused = signed_in.post(address, given | {"account": "nobody_of_this_name"})
    assert "account" in refused.context["form"].errors
    assert signed_in.post(address, given | {"account": "party_member"}).status_code == 302
    assert Reporter.objects.get().staff == staff
