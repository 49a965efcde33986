"""The dispatch desk as its dispatchers meet it: whose case it is, what slides in, how it works without scripts."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from dispatch.models import CaseClaim, CaseRequest, Decision, WorkOrder
from dispatch.services import dispatch_by_hand
from dispatch.tests.desks import client_of, page_of
from dispatch.tests.test_claims import dispatcher
from dispatch.tests.test_pages_desk import text_of, waiting
from dispatch.tests.world import make_world
from dutylist.models import ItemVersion
from intake.models import Case
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def user(city):
    return city.staff["district_dispatcher"]


@pytest.fixture
def water(city):
    return city.bureaus[0]["water"]


def post(user, name, case, *, htmx=False, language="en", **given):
    """Send one step of the desk, as a page or as a script does."""
    headers = {"HX-Request": "true"} if htmx else {}
    address = reverse(f"dispatch:{name}", args=[case.pk])
    return client_of(user, language).post(address, given, headers=headers)


class TestWhoseCase:
    def test_differs_for_two_dispatchers(self, city, user):
        first, second = waiting(city, 2)
        other = dispatcher(city, "二号").user
        assert page_of(user, "unmatched").context["chosen"].pk == first.pk
        page = page_of(other, "unmatched", language="en")
        assert page.context["chosen"].pk == second.pk
        assert "is looking" in text_of(page)

    def test_can_be_read_by_the_others_but_not_acted_on(self, city, user, water):
        case = waiting(city)[0]
        other = dispatcher(city, "二号").user
        page_of(other, "unmatched")
        page = page_of(user, "unmatched", case=case.number, language="en")
        assert page.context["held_by"] == other
        assert "is looking at this case" in text_of(page)
        assert 'id="send"' not in text_of(page)
        assert "Take over" not in text_of(page)
        answer = post(user, "dispatch", case, unit_id=water.pk)
        assert answer.status_code == 409
        assert "二号" in text_of(answer)
        assert post(user, "dispatch", case, unit_id=water.pk, htmx=True).status_code == 422

    def test_is_taken_over_by_the_manager(self, city, user):
        case = waiting(city)[0]
        page_of(user, "unmatched")
        manager = dispatcher(city, "主管", "dispatch_manager").user
        assert "Take over" in text_of(page_of(manager, "unmatched", case=case.number, language="en"))
        assert post(user, "take_over", case).status_code == 302
        assert post(manager, "take_over", case, htmx=True).context["held_by"] is None
        assert CaseClaim.objects.get().staff == manager
        assert post(user, "take_over", case).status_code == 403

    def test_is_free_when_its_page_is_left(self, city, user):
        case = waiting(city)[0]
        page_of(user, "unmatched")
        claim = CaseClaim.objects.get()
        for claimed_at in ("", "gestern", "2026-13-45T00:00:00Z", "2026-01-01T00:00:00"):
            post(user, "release", case, claimed_at=claimed_at)
        assert CaseClaim.objects.exists()
        post(user, "release", case, claimed_at=claim.claimed_at.isoformat())
        assert not CaseClaim.objects.exists()
        assert post(user, "keep", case).status_code == 204
        assert CaseClaim.objects.exists()


class TestSliding:
    def test_answers_the_next_case_and_what_was_sent(self, city, user, water):
        first, second = waiting(city, 2)
        page_of(user, "unmatched")
        answer = post(user, "dispatch", first, unit_id=water.pk, htmx=True)
        text = text_of(answer)
        assert answer.context["chosen"].pk == second.pk
        assert "<html" not in text
        assert f"No. …{first.number[-4:]} sent to {water.name}" in text
        assert CaseClaim.objects.get().case == second

    def test_puts_off_and_comes_back_to_it_last(self, city, user):
        first, second = waiting(city, 2)
        page_of(user, "unmatched")
        assert post(user, "skip", first, htmx=True).context["chosen"].pk == second.pk
        assert [case.pk for case in page_of(user, "unmatched").context["waiting"].cases] == [second.pk, first.pk]
        assert post(user, "skip", second, htmx=True).context["chosen"].pk == first.pk

    def test_stays_with_one_reason_when_asked_to(self, city, user, water):
        waiting(city)
        secret = waiting(city, 2, item="T01", is_secret=True)
        page = page_of(user, "unmatched", why="veto")
        assert page.context["chosen"].pk == secret[0].pk
        assert {code: count for code, _words, count in page.context["waiting"].by_why} == {"no_item": 1, "veto": 2}
        given = {"unit_id": city.stations[0][0][0].pk, "why": "veto"}
        assert post(user, "dispatch", secret[0], **given).url.endswith("?why=veto")
        assert post(user, "skip", secret[1], htmx=True, why="veto").context["chosen"].pk == secret[1].pk
        assert page_of(user, "unmatched", why="<script>").context["why"] == ""

    def test_counts_by_urgency_the_most_urgent_first(self, city, user):
        waiting(city, 2)
        fire = waiting(city, urgency="emergency")[0]
        page = page_of(user, "unmatched", language="en")
        assert page.context["waiting"].by_urgency == [("emergency", "Emergency", 1), ("normal", "Normal", 2)]
        assert page.context["chosen"].pk == fire.pk

    def test_sends_like_cases_along_and_names_the_refused(self, city, user, water):
        one, two, three = waiting(city, 3)
        page_of(dispatcher(city, "二号").user, "unmatched")  # holds the first
        page_of(user, "unmatched")
        text = text_of(post(user, "dispatch", two, unit_id=water.pk, also=[one.pk, three.pk], htmx=True))
        assert "1 case like it went along" in text
        assert f"{one.number} was not sent" in text
        assert WorkOrder.objects.count() == 2

    def test_offers_like_cases(self, city, user):
        one, two = waiting(city, 2)
        assert two.number[-4:] in text_of(page_of(user, "alike", one.pk))
        assert two.number[-4:] in text_of(page_of(user, "unmatched", case=one.number, alike=1))


class TestWithoutScripts:
    def test_a_candidate_is_a_button_that_sends(self, city, user):
        case = waiting(city, content="楼道堆物没人管")[0]
        item, station = ItemVersion.objects.get(pk=city.items["T01"]).item_id, city.stations[0][0][0]
        assert f'value="{item}:{station.pk}"' in text_of(page_of(user, "unmatched"))
        assert post(user, "dispatch", case, pick=f"{item}:{station.pk}").status_code == 302
        assert WorkOrder.objects.get().unit == station

    def test_a_unit_is_found_by_the_name_that_was_typed(self, city, user, water):
        case = waiting(city)[0]
        assert post(user, "dispatch", case, unit_name="水务局").status_code == 302
        assert WorkOrder.objects.get().unit == water

    def test_a_typed_name_wins_over_what_was_proposed(self, city, user, water):
        case = waiting(city)[0]
        post(user, "dispatch", case, unit_id=city.stations[0][0][0].pk, unit_name=water.name)
        assert WorkOrder.objects.get().unit == water

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"unit_name": "社区"}, "Several units"),
            ({"unit_name": "没有这个单位"}, "No unit that you may send to"),
            ({"pick": "1:"}, "Choose the unit"),
            ({"pick": "x"}, "Choose the unit"),
            ({"unit_id": "9" * 30}, "does not exist or is closed"),
            ({"unit_id": "１２", "also": ["x"]}, ""),
            ({"unit_id": "1", "item_id": "9" * 30}, ""),
            ({"unit_name": "\x00"}, ""),
        ],
    )
    def test_names_what_is_wrong(self, city, user, given, words):
        case = waiting(city)[0]
        answer = post(user, "dispatch", case, **given)
        assert answer.status_code in (400, 422)
        assert words in text_of(answer)
        assert not WorkOrder.objects.exists()

    def test_items_are_searched_by_the_page(self, city, user):
        case = waiting(city)[0]
        page = page_of(user, "unmatched", case=case.number, q="路灯")
        assert page.context["candidates"][0].item.code == "T02"

    @pytest.mark.parametrize("number", ["", "?", "\x00", "ＳＺ", "x" * 500])
    def test_a_number_that_is_none_shows_the_next_case(self, city, user, number):
        case = waiting(city)[0]
        assert page_of(user, "unmatched", case=number).context["chosen"].pk == case.pk


class TestReasons:
    def returned(self, city, user, water):
        """Dispatch a case to the water bureau, which gives it back: it waits again."""
        case = waiting(city, content="楼道堆物没人管")[0]
        by, now = Actor.staff(user), timezone.now()
        order = dispatch_by_hand(case.pk, unit_id=water.pk, note="先试试", by=by, now=now)
        CaseRequest.objects.create(
            case=case, work_order=order, kind="return", state="agreed", asked_by_unit=water, asked_by="水务局张某",
            asked_at=timezone.now(), reason="不是供水设施", deciding_unit=city.centres[0], decided_by="中心李某",
            decided_at=timezone.now(), opinion="同意退回，改派街道",
        )  # fmt: skip
        Case.objects.filter(pk=case.pk).update(
            state="awaiting_dispatch", awaits_person=True, holder=city.centres[0], due_at=timezone.now()
        )
        WorkOrder.objects.update(state="returned")
        return case

    def test_of_a_returned_case_show_both_sides(self, city, user, water):
        case = self.returned(city, user, water)
        text = text_of(page_of(user, "unmatched", case=case.number, language="en"))
        for words in (
            "不是供水设施",
            "同意退回，改派街道",
            water.name,
            city.centres[0].name,
            "先试试",
            "returned 1 time",
        ):
            assert words in text, words

    def test_name_the_unit_that_gave_it_back(self, city, user, water):
        case = self.returned(city, user, water)
        CaseRequest.objects.update(asked_by_unit=city.stations[0][0][0])
        text = text_of(page_of(user, "unmatched", case=case.number, language="en"))
        assert "gave it back" in text

    def test_tell_confirmed_cases_the_row_and_its_level(self, city, user):
        waiting(city, content="楼道堆物没人管")
        page = page_of(user, "unmatched", language="en")
        first = page.context["candidates"][0]
        assert f"row for {first.row.area} (" in text_of(page)
        assert "no returns" in text_of(page)

    def test_show_a_script_in_an_argument_as_text(self, city, user, water):
        case = self.returned(city, user, water)
        CaseRequest.objects.update(reason="<script>alert(1)</script>")
        assert "<script>alert" not in text_of(page_of(user, "unmatched", case=case.number))

    def test_keep_the_first_suggestion_with_the_decision(self, city, user):
        case = waiting(city, content="楼道堆物没人管")[0]
        page = page_of(user, "unmatched")
        assert str(page.context["form"]["suggested_id"].value()) == str(page.context["candidates"][0].item.item_id)
        other = ItemVersion.objects.get(pk=city.items["T02"]).item_id
        unit = city.bureaus[0]["urban_management"]
        suggested = page.context["candidates"][0].item.item_id
        post(user, "dispatch", case, unit_id=unit.pk, item_id=other, suggested_id=suggested)
        assert "another_first" in [one["code"] for one in Decision.objects.order_by("-pk").first().reasons]


def test_the_link_to_a_case_that_does_not_wait_says_so(city, user):
    page = page_of(user, "unmatched", case=quote("SZRX1"), language="en")
    assert "no longer waits" in text_of(page)
