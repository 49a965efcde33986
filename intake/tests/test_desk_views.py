import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.files import read_refusal_reasons
from intake.models import ArticleUse, Call, CaseDraft, CaseLink, CasePresence, Seat, Supplement
from intake.services import CallEvent, mark_present, record_call
from intake.services.refusal_reasons import load_refusal_reasons
from intake.tests.test_views import ASSIST, CALLER, JSON, REGISTER, filled
from shenzhen_gov.core.actor import Actor

from .factories import SYSTEM, city_with_channels, make_case, make_channel

PULSE, SEAT = reverse("intake:pulse"), reverse("intake:seat")


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def as_(city, client):
    def sign_in(role):
        client.force_login(city.staff[role] if isinstance(role, str) else role)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def draft_url(key=None):
    return reverse("intake:draft", args=[key or uuid.uuid4().hex])


def ring(agent="agent", state="ringing", call="c-1"):
    channel = make_channel()
    event = CallEvent(call, state, phone="13812342207", agent=agent)
    return record_call(event, channel_id=channel.pk, by=Actor.channel(channel), now=timezone.now())


class TestThePulse:
    def test_tells_a_call_that_came_in_and_how_it_went_on(self, as_):
        client = as_("agent")
        assert client.get(PULSE).json()["drafts"] == []
        ring()
        (told,) = client.get(PULSE).json()["drafts"]
        assert (told["label"], told["call"], told["revision"]) == ("138****2207", "ringing", 0)
        ring(state="ended")
        assert client.get(PULSE).json()["drafts"][0]["call"] == "ended"

    def test_holds_no_number_and_no_text(self, as_):
        ring()
        assert "13812342207" not in as_("agent").get(PULSE).content.decode()

    def test_tells_nobody_elses_calls(self, as_):
        ring()
        assert as_("shift_leader").get(PULSE).json()["drafts"] == []

    def test_costs_one_statement_besides_the_session(self, as_, django_assert_num_queries):
        ring()
        client = as_("agent")
        client.get(PULSE)
        with django_assert_num_queries(3):  # session, user, drafts
            client.get(PULSE)

    def test_tells_who_else_has_a_case_open(self, as_, city):
        case = make_case()
        mark_present(case.pk, by=Actor.staff(city.staff["shift_leader"]), now=timezone.now())
        told = as_("agent").get(PULSE, {"cases": f"{case.pk},abc,²,{'9' * 40},"}).json()
        assert told["present"] == {str(case.pk): ["shift_leader"]}


class TestADraft:
    def test_is_kept_read_and_thrown_away(self, as_):
        client, address = as_("agent"), draft_url()
        assert client.post(address, {"content": "路灯不亮", "revision": "0", "evil": "x"}).json()["revision"] == 1
        assert client.get(address).json()["fields"] == {"content": "路灯不亮"}
        assert client.delete(address).status_code == 200
        assert client.get(address).status_code == 404

    def test_is_in_the_page_on_another_machine(self, as_):
        client = as_("agent")
        client.post(draft_url(), {"content": "路灯整夜不亮", "revision": "0"})
        assert json.dumps("路灯整夜不亮")[1:-1] in client.get(REGISTER).content.decode()

    def test_that_is_newer_is_answered_instead(self, as_):
        client, address = as_("agent"), draft_url()
        for revision, content in ((0, "old"), (1, "new")):
            client.post(address, {"content": content, "revision": revision})
        answer = client.post(address, {"content": "older", "revision": 1})
        assert (answer.status_code, answer.json()["fields"]) == (409, {"content": "new"})

    def test_of_somebody_else_does_not_exist(self, as_, city):
        other = grant(make_staff("agent_b", city.centre), "agent", city.centre)
        address = draft_url()
        as_("agent").post(address, {"content": "路灯", "revision": "0"})
        client = as_(other)
        assert client.get(address).status_code == 404
        assert client.post(address, {"content": "x", "revision": "1"}).status_code == 404
        client.delete(address)
        assert CaseDraft.objects.count() == 1

    @pytest.mark.parametrize(
        "given", [{"revision": "²"}, {"revision": "-1"}, {"revision": "9" * 40}, {"content": "\0"}]
    )
    def test_breaks_on_nothing(self, as_, given):
        assert as_("agent").post(draft_url(), given).status_code in (200, 400, 404)

    def test_becomes_the_case(self, as_):
        client, key = as_("agent"), uuid.uuid4().hex
        client.post(draft_url(key), {"content": "路灯不亮", "revision": "0"})
        assert client.post(REGISTER, filled(key=key), headers=JSON).status_code == 201
        assert not CaseDraft.objects.exists()

    def test_of_a_call_ties_the_call_to_the_case(self, as_):
        ring()
        done = as_("agent").post(REGISTER, filled(key=CaseDraft.objects.get().key), headers=JSON)
        assert Call.objects.get().case.number == done.json()["number"]


class TestTheSeat:
    def test_is_taken_and_taken_over_with_a_word(self, as_, city):
        Seat.objects.create(staff=city.staff["shift_leader"], extension="8001")
        told = as_("agent").post(SEAT, {"extension": "8001"}).json()
        assert "shift_leader does no longer" in told["said"]
        assert Seat.objects.get().staff == city.staff["agent"]

    def test_refuses_what_is_no_extension(self, as_):
        answer = as_("agent").post(SEAT, {"extension": "八零零一"})
        assert (answer.status_code, answer.json()["field"]) == (400, "extension")


class TestTheCaller:
    def test_with_an_open_case_may_urge_it(self, as_):
        case = make_case(phone="13812342207")
        client = as_("agent")
        page = client.post(CALLER, {"phone": "13812342207"}).content.decode()
        assert reverse("intake:urge", args=[case.number]) in page
        assert "Repeat caller" in page
        assert client.post(reverse("intake:urge", args=[case.number])).status_code == 200
        assert Supplement.objects.get().kind == "urged"

    def test_urges_once_in_a_while(self, as_):
        address = reverse("intake:urge", args=[make_case().number])
        client = as_("agent")
        client.post(address)
        answer = client.post(address)
        assert (answer.status_code, "asked already" in answer.json()["error"]) == (409, True)

    def test_with_an_old_case_is_no_repeat_caller(self, as_):
        case = make_case(phone="13812342207")
        type(case).objects.filter(pk=case.pk).update(state="closed", registered_at=timezone.now() - timedelta(days=400))
        page = as_("agent").post(CALLER, {"phone": "13812342207"}).content.decode()
        assert "Repeat caller" not in page


class TestWhileTyping:
    def test_the_same_matter_is_offered(self, as_, city):
        case = make_case(content="民治甲社区路灯整夜不亮", area=city.communities[0][0][0].code)
        given = {"content": "民治甲社区路灯整夜不亮了", "area": city.communities[0][0][0].code}
        assert f'data-link="{case.number}"' in as_("agent").post(ASSIST, given).content.decode()


class TestRegistering:
    def test_links_to_the_case_chosen(self, as_):
        main = make_case()
        done = as_("agent").post(REGISTER, filled(link_to=main.number), headers=JSON).json()
        link = CaseLink.objects.get()
        assert (link.main.number, link.secondary.number, done["warning"]) == (main.number, done["number"], "")

    def test_happens_even_when_the_link_cannot_be_made(self, as_):
        done = as_("agent").post(REGISTER, filled(link_to="SZRX20200101000000"), headers=JSON)
        assert done.status_code == 201
        assert "no case" in done.json()["warning"]

    def test_answers_on_the_spot(self, as_):
        given = filled(outcome="answer", answer="已告知办理渠道。")
        number = as_("agent").post(REGISTER, given, headers=JSON).json()["number"]
        page = as_("agent").get(reverse("intake:registered", args=[number]), headers={"HX-Request": "true"})
        assert "Answered on the spot" in page.content.decode()
        assert "<html" not in page.content.decode()
        assert not ArticleUse.objects.exists()

    def test_says_what_an_outcome_lacks_and_registers_nothing(self, as_):
        answer = as_("agent").post(REGISTER, filled(outcome="refuse"), headers=JSON)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])

    def test_says_of_a_proposed_refusal_that_the_shift_leader_confirms_it(self, as_):
        load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=timezone.now())
        given = filled(outcome="refuse", reason="court", told_way="phone")
        number = as_("agent").post(REGISTER, given, headers=JSON).json()["number"]
        page = as_("agent").get(reverse("intake:registered", args=[number])).content.decode()
        assert "A shift leader confirms it" in page

    def test_a_missing_reason_is_said_above_the_reasons(self, as_):
        load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=timezone.now())
        page = as_("agent").get(reverse("intake:outcome"), {"outcome": "refuse"}).content.decode()
        assert page.index('id="error_reason"') < page.index('name="reason"')

    @pytest.mark.parametrize("kind", ["answer", "refuse", "handoff", "nonsense", ""])
    def test_shows_the_dialog_of_each_outcome(self, as_, kind):
        assert as_("agent").get(reverse("intake:outcome"), {"outcome": kind, "article": "x"}).status_code == 200


class TestACaseOpenOnAPage:
    def test_is_marked_and_told(self, as_, city):
        case = make_case()
        mark_present(case.pk, by=Actor.staff(city.staff["shift_leader"]), now=timezone.now())
        address = reverse("intake:present", args=[case.number])
        assert "shift_leader" in as_("agent").post(address).content.decode()
        assert CasePresence.objects.filter(staff=city.staff["agent"]).exists()

    def test_does_not_exist_in_another_district(self, as_, city):
        case = make_case(area=city.communities[0][0][0].code, by=SYSTEM)
        assert as_("other_secretary").post(reverse("intake:present", args=[case.number])).status_code == 404

    def test_shows_its_calls_without_the_number(self, as_):
        ring(state="talking")
        done = as_("agent").post(REGISTER, filled(key=CaseDraft.objects.get().key), headers=JSON).json()
        page = as_("agent").get(reverse("intake:case_more", args=[done["number"]])).content.decode()
        assert "Talking" in page
        assert "13812342207" not in page
