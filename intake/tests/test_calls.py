import itertools
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.models import Call, CaseDraft, Seat
from intake.services import CallEvent, discard_draft, record_call, register_once, save_draft, set_seat
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry

from .factories import city_with_channels, make_channel, new_case

NOW = timezone.now()
PHONE = "13812342207"


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def tell(city):
    channel = make_channel()
    return partial(told, channel)


def told(channel, state, seconds=0, *, agent="agent", phone=PHONE, call="c-1", **given):
    event = CallEvent(call, state, phone=phone, agent=agent, at=NOW + timedelta(seconds=seconds), **given)
    return record_call(event, channel_id=channel.pk, by=Actor.channel(channel), now=NOW)


def by(person):
    return Actor.staff(person)


class TestACall:
    def test_rings_and_opens_a_draft_for_the_agent_with_the_number_in_it(self, tell, city):
        call = tell("ringing")
        assert (call.state, call.agent, call.phone) == ("ringing", city.staff["agent"], PHONE)
        draft = CaseDraft.objects.get()
        assert (draft.owner, draft.call, draft.label) == (city.staff["agent"], call, "138****2207")
        assert PHONE in draft.fields

    def test_told_ten_times_is_one_call_with_one_draft_and_one_entry(self, tell):
        for _ in range(10):
            tell("ringing")
        assert (Call.objects.count(), CaseDraft.objects.count()) == (1, 1)
        assert AuditEntry.objects.filter(action="call.told").count() == 1

    @pytest.mark.parametrize("order", list(itertools.permutations([("ringing", 0), ("talking", 5), ("ended", 65)])))
    def test_ends_the_same_in_whatever_order_it_is_told(self, tell, order):
        for state, seconds in order:
            call = tell(state, seconds)
        assert call.state == "ended"
        assert (call.rang_at, call.answered_at) == (NOW, NOW + timedelta(seconds=5))
        assert call.ended_at == NOW + timedelta(seconds=65)
        assert CaseDraft.objects.count() == 1

    def test_never_goes_back(self, tell):
        tell("ended", 9)
        assert tell("ringing", 0).state == "ended"

    def test_nobody_answered_takes_its_draft_back(self, tell):
        tell("ringing")
        tell("missed", 20)
        assert not CaseDraft.objects.exists()

    def test_nobody_answered_leaves_a_draft_somebody_wrote_in(self, tell, city):
        tell("ringing")
        draft = CaseDraft.objects.get()
        save_draft(draft.key, {"content": "路灯"}, revision=0, by=by(city.staff["agent"]), now=NOW)
        tell("missed", 20)
        assert CaseDraft.objects.exists()

    def test_missed_and_talked_to_was_talked_to(self, tell):
        tell("missed", 20)
        assert tell("talking", 5).state == "ended"

    def test_discarded_does_not_pop_up_again(self, tell, city):
        tell("ringing")
        discard_draft(CaseDraft.objects.get().key, by=by(city.staff["agent"]), now=NOW)
        tell("talking", 5)
        assert not CaseDraft.objects.exists()

    def test_handed_over_pops_up_at_the_other_and_leaves_what_was_typed(self, tell, city):
        other = grant(make_staff("agent_b", city.centre), "agent", city.centre)
        tell("ringing")
        tell("talking", 5, agent="agent_b")
        owners = dict(CaseDraft.objects.values_list("owner_id", "call_id"))
        assert owners == {city.staff["agent"].pk: None, other.pk: Call.objects.get().pk}

    def test_without_an_agent_waits_for_one(self, tell, city):
        assert tell("ringing", agent="").agent is None
        assert not CaseDraft.objects.exists()
        tell("talking", 5)
        assert CaseDraft.objects.get().owner == city.staff["agent"]

    def test_finds_the_agent_by_the_seat(self, tell, city):
        Seat.objects.create(staff=city.staff["agent"], extension="8001")
        assert tell("ringing", agent="", extension="8001").agent == city.staff["agent"]

    def test_withheld_is_taken_without_a_number(self, tell):
        assert tell("ringing", phone="Anonymous").phone == ""
        assert CaseDraft.objects.get().label == "Number withheld"

    def test_tells_the_audit_log_no_number(self, tell):
        tell("ringing")
        assert PHONE not in str(AuditEntry.objects.filter(action="call.told").values_list("changes", "note"))

    def test_belongs_to_the_case_it_became(self, tell, city):
        call, agent = tell("talking"), city.staff["agent"]
        key = CaseDraft.objects.get().key
        case = register_once(new_case(phone=PHONE), by=by(agent), now=NOW, idempotency_key=key).case
        call.refresh_from_db()
        assert call.case == case
        tell("ended", 60)
        assert not CaseDraft.objects.exists()


class TestIsRefused:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"agent": "nobody-known"}, "agent"),
            ({"agent": "handler"}, "agent"),
            ({"agent": "", "extension": "9999"}, "agent"),
            ({"phone": "not a phone"}, "phone"),
            ({"phone": "1" * 400}, "phone"),
            ({"call": ""}, "external_id"),
            ({"call": "a\0b"}, "external_id"),
            ({"extension": "\ud800"}, "extension"),
        ],
    )
    def test_naming_the_field(self, tell, given, field):
        with pytest.raises(BadInput) as refusal:
            tell("ringing", **given)
        assert refusal.value.field == field
        assert not Call.objects.exists()

    def test_naming_the_state(self, tell):
        with pytest.raises(BadInput) as refusal:
            tell("dreaming")
        assert refusal.value.field == "state"

    def test_for_another_channel(self, city):
        hotline, other = make_channel(), make_channel("wechat")
        with pytest.raises(NotAllowed):
            record_call(CallEvent("c-1", "ringing"), channel_id=hotline.pk, by=Actor.channel(other), now=NOW)

    def test_for_an_agent_making_calls_up(self, city):
        hotline = make_channel()
        with pytest.raises(NotAllowed):
            record_call(CallEvent("c-1", "ringing"), channel_id=hotline.pk, by=by(city.staff["agent"]), now=NOW)


class TestASeat:
    def test_is_taken_by_the_agent(self, city):
        agent = city.staff["agent"]
        assert set_seat(agent.pk, " 8001 ", by=by(agent), now=NOW) is None
        assert Seat.objects.get().staff == agent
        assert AuditEntry.objects.filter(action="seat.changed").count() == 1

    def test_is_taken_over_and_says_from_whom(self, city):
        agent, leader = city.staff["agent"], city.staff["shift_leader"]
        set_seat(agent.pk, "8001", by=by(agent), now=NOW)
        assert set_seat(leader.pk, "8001", by=by(leader), now=NOW) == agent
        assert list(Seat.objects.values_list("staff__username", "extension")) == [("shift_leader", "8001")]

    def test_is_left_with_an_empty_number(self, city):
        agent = city.staff["agent"]
        set_seat(agent.pk, "8001", by=by(agent), now=NOW)
        set_seat(agent.pk, "", by=by(agent), now=NOW)
        assert not Seat.objects.exists()

    @pytest.mark.parametrize("extension", ["8 001", "x" * 21, "八零零一", "\0"])
    def test_refuses_what_is_no_extension(self, city, extension):
        agent = city.staff["agent"]
        with pytest.raises(BadInput) as refusal:
            set_seat(agent.pk, extension, by=by(agent), now=NOW)
        assert refusal.value.field == "extension"

    def test_is_not_given_by_another_agent(self, city):
        with pytest.raises(NotAllowed):
            set_seat(city.staff["agent"].pk, "8001", by=by(city.staff["handler"]), now=NOW)

    def test_is_given_by_an_administrator(self, city):
        set_seat(city.staff["agent"].pk, "8001", by=by(city.staff["administrator"]), now=NOW)
        assert Seat.objects.get().staff == city.staff["agent"]
