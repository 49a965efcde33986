from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.models import Case, IdentityRequest
from intake.selectors import identity_requests
from intake.services import ask_identity, decide_identity, view_identity
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

from .factories import city_with_channels, make_case

NOW = timezone.now()
NAME, PHONE = "陈立", "13912345678"
LATER = timedelta(minutes=9)
OVER = timedelta(minutes=11)


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


@pytest.fixture
def bureau(city):
    return city.bureaus[0]["urban_management"]


@pytest.fixture
def handler(city):
    return Actor.staff(city.staff["handler"])


@pytest.fixture
def reviewer(city, bureau):
    """A reviewer of the handling unit itself."""
    return Actor.staff(grant(make_staff("own_reviewer", bureau), "reviewer", bureau))


@pytest.fixture
def above(city):
    """A reviewer at the district's centre, above the bureau."""
    return Actor.staff(city.staff["district_reviewer"])


def case_at(bureau, city, **given) -> Case:
    case = make_case(area=city.communities[0][0][0].code, phone=PHONE, name=NAME, **given)
    Case.objects.filter(pk=case.pk).update(holder=bureau)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(city, bureau):
    return case_at(bureau, city)


@pytest.fixture
def secret(city, bureau):
    return case_at(bureau, city, wants_secrecy=True)


def last_entry(case) -> AuditEntry:
    return AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk).order_by("-seq")[0]


class TestAnOpenCase:
    def test_shows_who_called_at_once_and_every_look_is_logged_with_the_purpose(self, case, handler):
        ask_identity(case.pk, purpose="联系诉求人核实地点", by=handler, now=NOW)
        for _look in range(2):
            identity = view_identity(case.pk, by=handler, now=NOW + LATER)
            assert (identity.name, identity.phone) == (NAME, PHONE)
        entry = last_entry(case)
        assert (entry.action, entry.note, entry.actor_name) == ("citizen.viewed", "联系诉求人核实地点", handler.name)
        assert AuditEntry.objects.filter(action="citizen.viewed").count() == 2
        assert NAME not in str(entry.changes)

    def test_is_closed_again_when_the_time_is_over(self, case, handler):
        ask_identity(case.pk, purpose="联系诉求人", by=handler, now=NOW)
        with pytest.raises(NotAllowed, match="time of an earlier look is over"):
            view_identity(case.pk, by=handler, now=NOW + OVER)

    def test_shows_nothing_on_the_purpose_of_somebody_else(self, case, handler, agent):
        ask_identity(case.pk, purpose="联系诉求人", by=handler, now=NOW)
        with pytest.raises(NotAllowed):
            view_identity(case.pk, by=agent, now=NOW)

    def test_that_became_confidential_is_closed_at_once(self, case, handler):
        ask_identity(case.pk, purpose="联系诉求人", by=handler, now=NOW)
        Case.objects.filter(pk=case.pk).update(is_secret=True)
        with pytest.raises(NotAllowed):
            view_identity(case.pk, by=handler, now=NOW)

    @pytest.mark.parametrize("purpose", ["", "  看  ", "长" * 201])
    def test_needs_a_purpose(self, case, handler, purpose):
        with pytest.raises(BadInput) as refusal:
            ask_identity(case.pk, purpose=purpose, by=handler, now=NOW)
        assert refusal.value.field == "purpose"
        assert not IdentityRequest.objects.exists()

    def test_needs_the_act(self, city, case):
        with pytest.raises(NotAllowed):
            ask_identity(case.pk, purpose="想看看是谁", by=Actor.staff(city.staff["grid_officer"]), now=NOW)

    def test_does_not_exist_in_another_district(self, city, case):
        with pytest.raises(OutOfSight):
            ask_identity(case.pk, purpose="想看看是谁", by=Actor.staff(city.staff["other_secretary"]), now=NOW)

    def test_says_when_nobody_is_known(self, city, agent):
        with pytest.raises(BadInput, match="neither name nor phone"):
            ask_identity(make_case().pk, purpose="核实情况", by=agent, now=NOW)


class TestAConfidentialCase:
    def test_is_asked_of_a_level_above_and_shows_nothing_until_then(self, secret, handler):
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        assert (asked.state, asked.visible_until) == ("asked", None)
        assert last_entry(secret).action == "identity.asked"
        with pytest.raises(NotAllowed):
            view_identity(secret.pk, by=handler, now=NOW)

    def test_is_asked_once_at_a_time(self, secret, handler):
        ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        with pytest.raises(IllegalMove):
            ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)

    def test_is_open_to_who_took_the_call(self, secret, agent):
        ask_identity(secret.pk, purpose="回访核实情况", by=agent, now=NOW)
        assert view_identity(secret.pk, by=agent, now=NOW).phone == PHONE

    def test_granted_above_may_be_looked_at_for_some_hours(self, secret, handler, above):
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        decide_identity(asked.pk, granted=True, opinion="同意，注意保密", by=above, now=NOW)
        entry = last_entry(secret)
        assert (entry.action, entry.note) == ("identity.granted", "同意，注意保密")
        identity = view_identity(secret.pk, by=handler, now=NOW + timedelta(hours=23))
        assert identity.until == NOW + timedelta(hours=23, minutes=10)
        with pytest.raises(NotAllowed):
            view_identity(secret.pk, by=handler, now=NOW + timedelta(hours=25))

    def test_refused_shows_nothing(self, secret, handler, above):
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        decide_identity(asked.pk, granted=False, opinion="不同意", by=above, now=NOW)
        with pytest.raises(NotAllowed):
            view_identity(secret.pk, by=handler, now=NOW)

    def test_is_not_decided_in_the_unit_that_asks(self, secret, handler, reviewer):
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        with pytest.raises(NotAllowed, match="one level above"):
            decide_identity(asked.pk, granted=True, opinion="同意", by=reviewer, now=NOW)
        assert identity_requests(reviewer.user) == []

    def test_is_not_decided_by_who_asks(self, secret, city, bureau):
        both = grant(make_staff("both", bureau), "handler", bureau)
        both = Actor.staff(grant(both, "reviewer", city.centres[0]))
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=both, now=NOW)
        with pytest.raises(NotAllowed, match="own request"):
            decide_identity(asked.pk, granted=True, opinion="同意", by=both, now=NOW)

    def test_is_not_decided_in_another_district(self, secret, handler, city):
        other = Actor.staff(grant(make_staff("other_r", city.centres[1]), "reviewer", city.centres[1]))
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        with pytest.raises(OutOfSight):
            decide_identity(asked.pk, granted=True, opinion="同意", by=other, now=NOW)

    def test_needs_an_opinion_and_is_decided_once(self, secret, handler, above):
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        with pytest.raises(BadInput) as refusal:
            decide_identity(asked.pk, granted=True, opinion=" ", by=above, now=NOW)
        assert refusal.value.field == "opinion"
        decide_identity(asked.pk, granted=True, opinion="同意", by=above, now=NOW)
        with pytest.raises(IllegalMove):
            decide_identity(asked.pk, granted=False, opinion="不同意", by=above, now=NOW)


class TestThePages:
    def post(self, client, case, **sent):
        return client.post(reverse("intake:identity", args=[case.number]), sent)

    def test_show_it_with_the_time_left_and_again_without_a_new_purpose(self, client, case, handler):
        client.force_login(handler.user)
        first = self.post(client, case, purpose="联系诉求人核实地点")
        assert PHONE in first.content.decode()
        assert 590 < first.context["seconds"] <= 600
        again = client.get(reverse("intake:identity", args=[case.number])).content.decode()
        assert PHONE not in again
        assert 'name="again"' in again
        assert PHONE in self.post(client, case, again="1").content.decode()
        assert first["Cache-Control"].startswith("max-age=0")

    def test_say_what_is_wrong_and_keep_what_was_typed(self, client, case, handler):
        client.force_login(handler.user)
        answer = self.post(client, case, purpose="看")
        assert answer.status_code == 400
        assert "看" in answer.content.decode()
        assert self.post(client, case, again="1").status_code == 403
        assert self.post(client, case).status_code == 400

    def test_lead_a_confidential_request_from_asking_to_looking(self, client, secret, handler, above):
        client.force_login(handler.user)
        waiting = self.post(client, secret, purpose="需要当面核实").content.decode()
        assert PHONE not in waiting
        assert "需要当面核实" in waiting
        client.force_login(above.user)
        listed = client.get(reverse("intake:identity_requests")).content.decode()
        assert "需要当面核实" in listed
        assert NAME not in listed
        asked = IdentityRequest.objects.get()
        sent = {"granted": "yes", "opinion": "同意"}
        assert client.post(reverse("intake:identity_decide", args=[asked.pk]), sent).status_code == 302
        client.force_login(handler.user)
        assert PHONE in self.post(client, secret, again="1").content.decode()

    def test_decide_nothing_without_an_opinion(self, client, secret, handler, above):
        asked = ask_identity(secret.pk, purpose="需要当面核实", by=handler, now=NOW)
        client.force_login(above.user)
        client.post(reverse("intake:identity_decide", args=[asked.pk]), {"granted": "yes"})
        client.post(reverse("intake:identity_decide", args=[asked.pk]), {"granted": "maybe", "opinion": "同意"})
        asked.refresh_from_db()
        assert asked.state != "granted"
