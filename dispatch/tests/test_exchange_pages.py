"""The pages of what another platform has not taken, and the administration of platforms and keys."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dispatch.models import ExchangeMessage, Peer
from dispatch.services import PeerRow, make_peer_secret, save_peer, tell_case
from dispatch.services.exchange.telling import peer_of_unit, peers
from dispatch.tests.exchange import hand_over, make_peer, sent
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.models import RoleGrant, Staff
from grid.tests.factories import grant, make_role, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
LIST = "dispatch:exchange"


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def stuck(city):
    make_peer(city)
    hand_over(city)
    ExchangeMessage.objects.update(state="stuck", problem="503 · not an answer of an exchange", tries=14)
    return sent()[0]


@pytest.fixture
def administrator(client, city):
    client.force_login(city.staff["administrator"])
    client.cookies["django_language"] = "en"
    return client


class TestPages:
    def test_the_list_shows_what_is_stuck_and_why_but_not_what_it_says(self, administrator, stuck):
        page = administrator.get(reverse(LIST)).content.decode()
        assert stuck.exchange_case.number in page
        assert "503 · not an answer of an exchange" in page
        assert stuck.body["content"] not in page
        page = administrator.get(reverse("dispatch:exchange_message", args=[stuck.pk])).content.decode()
        assert str(stuck.message_id) in page
        assert stuck.body["content"] not in page

    def test_what_arrived_is_not_listed(self, administrator, stuck):
        ExchangeMessage.objects.update(state="done")
        page = administrator.get(reverse(LIST)).content.decode()
        assert stuck.exchange_case.number not in page
        assert "Every message has arrived" in page

    @pytest.mark.parametrize("query", ["state=stuck", "state=waiting", "state=x", "peer=0", "peer=\x00", "sort=oldest"])
    def test_the_list_is_narrowed_by_state_and_platform(self, administrator, stuck, query):
        answer = administrator.get(f"{reverse(LIST)}?{query}")
        assert answer.status_code == 200
        shown = stuck.exchange_case.number in answer.content.decode()
        assert shown == (query in ("state=stuck", "sort=oldest"))

    def test_it_is_exported(self, administrator, stuck):
        assert administrator.get(f"{reverse(LIST)}?export=xlsx").status_code == 200

    def test_sending_again_puts_it_in_the_queue(self, administrator, stuck):
        administrator.post(reverse("dispatch:exchange_message", args=[stuck.pk]), {"do": "retry"})
        stuck.refresh_from_db()
        assert (stuck.state, stuck.tries) == ("waiting", 0)

    def test_giving_up_keeps_the_reason(self, administrator, stuck):
        administrator.post(reverse("dispatch:exchange_message", args=[stuck.pk]), {"do": "drop", "note": "已电话告知"})
        stuck.refresh_from_db()
        assert stuck.state == "dropped"
        assert AuditEntry.objects.get(action="exchange.dropped").note == "已电话告知"
        again = administrator.post(reverse("dispatch:exchange_message", args=[stuck.pk]), {"do": "retry"}, follow=True)
        assert "Only a message that waits" in again.content.decode()

    def test_all_of_a_platform_are_sent_again(self, administrator, stuck):
        administrator.post(reverse("dispatch:exchange_retry", args=[stuck.peer_id]))
        stuck.refresh_from_db()
        assert stuck.state == "waiting"
        assert AuditEntry.objects.get(action="peer.retried").changes == {"messages": 1}

    def test_an_administrator_of_another_district_sees_nothing_of_it(self, client, city, stuck):
        other = grant(make_staff("other_admin", city.centres[0]), "administrator", city.centres[0])
        client.force_login(other)
        assert stuck.exchange_case.number not in client.get(reverse(LIST)).content.decode()
        assert stuck.peer.name not in client.get(reverse(LIST)).content.decode()
        assert client.get(reverse("dispatch:exchange_message", args=[stuck.pk])).status_code == 404
        assert client.post(reverse("dispatch:exchange_retry", args=[stuck.peer_id])).status_code == 404

    def test_a_page_costs_the_same_for_three_rows_and_for_thirty(self, administrator, city, stuck):
        costs = []
        administrator.get(reverse(LIST))  # what is kept for a while is read once
        for rows in (3, 30):
            while ExchangeMessage.objects.count() < rows:
                tell_case(stuck.exchange_case.case, "urge", {"text": "请尽快"}, now=NOON)
            with CaptureQueriesContext(connection) as queries:
                administrator.get(reverse(LIST))
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestPlatforms:
    def row(self, city, **given):
        make_role("exchange_peer")
        return PeerRow(**{
            "code": "futian", "name": "福田区民意速办", "unit_id": city.centres[0].pk, "our_code": "shenzhen",
            "url": "https://exchange.example.org/messages", **given,
        })  # fmt: skip

    def test_a_new_platform_acts_as_an_account_with_its_role_at_its_unit(self, city):
        peer = save_peer(self.row(city), by=SYSTEM, now=NOON)
        held = RoleGrant.objects.get(staff=peer.account)
        assert (held.role.code, held.unit) == ("exchange_peer", peer.unit)
        assert peer_of_unit(city.stations[0][0][0]) == peer
        assert peer_of_unit(city.stations[1][0][0]) is None

    def test_a_change_is_seen_at_once_and_keeps_account_and_unit(self, city):
        peer = save_peer(self.row(city), by=SYSTEM, now=NOON)
        again = save_peer(self.row(city, name="福田", unit_id=city.centres[1].pk), by=SYSTEM, now=NOON)
        assert (again.pk, again.account, again.unit, again.name) == (peer.pk, peer.account, peer.unit, "福田")
        assert [one.name for one in peers()] == ["福田"]
        assert Staff.objects.filter(username="peer-futian").count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"url": "http://exchange.example.org/"}, "url"), ({"url": "https://10.0.0.1/ x"}, "url"),
            ({"url": "x" * 400}, "url"), ({"code": "Fu Tian"}, "code"), ({"name": ""}, "name"),
            ({"unit_id": 0}, "unit"),            ({"our_code": "深圳"}, "our_code"), ({"channel_id": 0}, "channel"),
            ({"identity_purpose": "x" * 201}, "identity_purpose"),
        ],
    )  # fmt: skip
    def test_a_wrong_field_is_named(self, city, given, field):
        with pytest.raises(BadInput) as refusal:
            save_peer(self.row(city, **given), by=SYSTEM, now=NOON)
        assert refusal.value.field == field
        assert not Staff.objects.filter(username__startswith="peer-").exists()

    def test_without_the_role_no_platform_is_set_up(self, city):
        row = self.row(city)
        type(make_role("exchange_peer")).objects.filter(code="exchange_peer").update(code="gone")
        with pytest.raises(BadInput):
            save_peer(row, by=SYSTEM, now=NOON)

    def test_only_who_administers_the_unit_sets_up_platforms_and_keys(self, city):
        with pytest.raises(NotAllowed):
            save_peer(self.row(city), by=Actor.staff(city.staff["city_dispatcher"]), now=NOON)
        peer = save_peer(self.row(city), by=Actor.staff(city.staff["administrator"]), now=NOON)
        with pytest.raises(NotAllowed):
            make_peer_secret(peer.pk, by=Actor.staff(city.staff["city_dispatcher"]), now=NOON)
        with pytest.raises(OutOfSight):
            make_peer_secret(0, by=SYSTEM, now=NOON)

    def test_the_admin_adds_a_platform_and_shows_its_key_once(self, administrator, city):
        make_role("exchange_peer")
        address = reverse("admin:dispatch_peer_add")
        data = {
            "code": "futian", "name": "福田区民意速办", "unit": city.centres[0].pk, "our_code": "shenzhen",
            "url": "https://10.0.0.1:x/", "is_active": "on",
        }  # fmt: skip
        assert "url" in administrator.post(address, data).context["adminform"].form.errors
        administrator.post(address, data | {"url": "https://exchange.example.org/"})
        peer = Peer.objects.get()
        assert peer.secret == ""
        page = administrator.post(
            reverse("admin:dispatch_peer_changelist"),
            {"action": "make_secret", "_selected_action": peer.pk},
            follow=True,
        )
        peer.refresh_from_db()
        assert len(peer.secret) > 40
        assert peer.secret in page.content.decode()
        assert peer.secret not in administrator.get(reverse("admin:dispatch_peer_changelist")).content.decode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM dispatch_peer")
            assert peer.secret.encode() not in bytes(cursor.fetchone()[0])
