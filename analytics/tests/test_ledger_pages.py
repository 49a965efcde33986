"""Pages of the ledger: who sees which line, what counts for and against, the same file for ever."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from analytics.models import Correction, ExclusionRequest
from analytics.services.figures import post
from analytics.services.ledger import NewCorrection, correct, freeze, move_month
from analytics.tests.ledger_world import AFTER, MONTH, ask, keeper, make_ledger
from dispatch.tests.desks import PNG, client_of
from grid.models import Area
from intake.models import Case

pytestmark = pytest.mark.django_db
MONTH_TEXT = f"{MONTH:%Y-%m}"


@pytest.fixture
def city(db):
    return make_ledger()


@pytest.fixture
def frozen(city):
    move_month(MONTH, "propose", by=keeper(city), now=AFTER)
    freeze(MONTH, by=keeper(city), now=AFTER)
    return city


def get(city, who, name, *args, **query):
    return client_of(city.staff[who], "en").get(reverse(f"analytics:{name}", args=args), query)


def text_of(response) -> str:
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def ranking(city, who, **query):
    return text_of(get(city, who, "ledger_ranking", MONTH_TEXT, "communities", **query))


def cells(city, who="assessor"):
    response = get(city, who, "ledger_ranking", MONTH_TEXT, "communities", export="xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()


class TestRanking:
    def test_every_rate_stands_with_what_it_was_divided_by(self, city):
        page = ranking(city, "assessor")
        for words in ("75.00%", "3/4", "85.00", "weight 60", "Counted now"):
            assert words in page

    def test_peers_read_peers_and_open_only_their_own(self, city):
        page = ranking(city, "community_secretary")
        names = [area.name for street in city.communities[1] for area in street]
        assert all(name in page for name in names)
        assert page.count("/area/") == 2 + 1  # name, two rates of the own line

    def test_a_district_reads_its_own_lines(self, city):
        page = ranking(city, "other_assessor")
        assert city.communities[0][0][0].name not in page
        assert city.communities[1][0][0].name in page

    def test_who_has_no_line_finds_nothing(self, city):
        assert get(city, "handler", "ledger_ranking", MONTH_TEXT, "communities").status_code == 404

    @pytest.mark.parametrize("month", ["2026-13", "26-1", "2026-1١", "9999-01", "-", "２０２６-01"])
    def test_what_is_no_month_is_not_found(self, city, month):
        assert get(city, "assessor", "ledger_ranking", month, "communities").status_code == 404

    def test_odd_questions_break_nothing(self, city):
        for query in ({"q": "\x00\ud800"[:1]}, {"from": "9" * 30}, {"from": "-1"}, {"q": "无此处"}):
            assert get(city, "assessor", "ledger_ranking", MONTH_TEXT, "communities", **query).status_code == 200
        assert get(city, "assessor", "ledger_ranking", MONTH_TEXT, "nothing").status_code == 404

    def test_frozen_the_page_and_the_file_stay_as_they_were(self, frozen):
        page, file = ranking(frozen, "assessor"), cells(frozen)
        case = frozen.first[1].case
        Case.objects.filter(pk=case.pk).update(area=frozen.communities[1][0][0])
        post([case.pk])
        Area.objects.filter(pk=frozen.communities[0][0][0].pk).update(name="新名社区")
        assert cells(frozen) == file
        shown, again = (one.split("<main")[1] for one in (page, ranking(frozen, "assessor")))
        assert shown == again
        assert "give this digest" in page

    def test_a_correction_is_a_line_of_its_own_with_what_it_gives(self, frozen):
        given = NewCorrection("contact", 1, 0, "漏记一次", unit_id=frozen.stations[0][0][0].pk)
        correct(MONTH, given, by=keeper(frozen), now=AFTER)
        page = ranking(frozen, "assessor")
        for words in ("75.00%", "gives 100.00%", "漏记一次", "+1 / +0"):
            assert words in page
        assert [row for row in cells(frozen) if row[0] == "Correction"][0][4] == "+1 / +0"

    def test_peers_read_a_correction_and_not_which_case_it_is_about(self, frozen):
        number = frozen.first[0].case.number
        given = NewCorrection("contact", 1, 0, "漏记", unit_id=frozen.stations[0][0][0].pk, case_number=number)
        correct(MONTH, given, by=keeper(frozen), now=AFTER)
        for who, shows in (("other_secretary", False), ("community_secretary", True)):
            assert "漏记" in ranking(frozen, who)
            assert (number in ranking(frozen, who)) == shows
            assert any(number in row for row in cells(frozen, who)) == shows


class TestSheet:
    def test_shows_the_cases_against_first_and_for_by_choice(self, city):
        unit = city.stations[0][0][0].pk
        against = text_of(get(city, "community_secretary", "ledger_unit", MONTH_TEXT, unit))
        assert city.first[0].case.number in against
        assert city.first[1].case.number not in against
        query = {"indicator": "contact", "side": "for"}
        wanted = text_of(get(city, "community_secretary", "ledger_unit", MONTH_TEXT, unit, **query))
        assert all(order.case.number in wanted for order in city.first[1:])
        assert city.first[0].case.number not in wanted

    def test_the_list_has_as_many_cases_as_the_rate_says(self, city):
        area = city.communities[0][0][0].code
        for side, count in (("all", 4), ("for", 3), ("against", 1), ("out", 0)):
            page = text_of(get(city, "assessor", "ledger_area", MONTH_TEXT, area, indicator="contact", side=side))
            assert sum(order.case.number in page for order in city.first) == count, side

    def test_frozen_it_says_what_was_published(self, frozen):
        Case.objects.filter(pk=frozen.first[1].case_id).update(area=frozen.communities[1][0][0])
        post([frozen.first[1].case_id])
        area, unit = frozen.communities[0][0][0].code, frozen.stations[0][0][0].pk
        for name, key in (("ledger_area", area), ("ledger_unit", unit)):
            page = text_of(get(frozen, "assessor", name, MONTH_TEXT, key, indicator="contact", side="all"))
            assert "3/4" in page
            assert sum(order.case.number in page for order in frozen.first) == 4

    def test_a_foreign_one_is_not_found(self, city):
        unit, area = city.stations[0][0][0].pk, city.communities[0][0][0].code
        assert get(city, "other_secretary", "ledger_unit", MONTH_TEXT, unit).status_code == 404
        assert get(city, "other_secretary", "ledger_area", MONTH_TEXT, area).status_code == 404
        assert get(city, "agent", "ledger_area", MONTH_TEXT, area).status_code == 403

    def test_odd_questions_break_nothing(self, city):
        unit = city.stations[0][0][0].pk
        for query in ({"indicator": "x"}, {"side": "x"}, {"before": "9" * 40}, {"before": "x"}):
            assert get(city, "assessor", "ledger_unit", MONTH_TEXT, unit, **query).status_code == 200


class TestAsking:
    def send(self, city, who="community_secretary", **given):
        order = city.first[0]
        data = {"indicator": "contact", "ground": "force_majeure", "reason": "台风停工"} | given
        address = reverse("analytics:ledger_ask", args=[MONTH_TEXT, order.unit_id, order.case.number])
        return client_of(city.staff[who], "en").post(address, data)

    def test_with_evidence_and_decided_from_the_page(self, city):
        assert self.send(city, files=[SimpleUploadedFile("a.png", PNG)]).status_code == 302
        asked = ExclusionRequest.objects.get()
        assert get(city, "community_secretary", "ledger_file", asked.files.get().pk).status_code == 200
        assert asked.case.number in text_of(get(city, "assessor_district", "ledger_exclusions"))
        address = reverse("analytics:ledger_decide", args=[asked.pk])
        client = client_of(city.staff["assessor_district"], "en")
        assert client.post(address, {"agreed": "1", "opinion": ""}).status_code == 400
        assert client.post(address, {"agreed": "1", "opinion": "属实"}).status_code == 302
        asked.refresh_from_db()
        assert (asked.state, asked.opinion) == ("agreed", "属实")
        page = get(city, "assessor", "ledger_unit", MONTH_TEXT, asked.unit_id, indicator="contact", side="out")
        assert asked.case.number in text_of(page)

    def test_what_was_typed_stays_when_something_is_wrong(self, city):
        response = self.send(city, ground="", reason="<b>台风</b>")
        assert response.status_code == 400
        assert "&lt;b&gt;台风&lt;/b&gt;" in response.content.decode()
        response = self.send(city, files=[SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 99)])
        assert response.status_code == 400
        assert not ExclusionRequest.objects.exists()

    def test_nobody_else_asks(self, city):
        assert self.send(city, "leader").status_code == 403
        assert self.send(city, "other_secretary").status_code == 404

    def test_the_list_shows_only_what_lies_in_sight(self, city):
        number = ask(city).case.number
        assert number not in text_of(get(city, "other_assessor", "ledger_exclusions"))
        assert number in text_of(get(city, "assessor", "ledger_exclusions"))
        assert get(city, "assessor", "ledger_exclusions", export="xlsx").status_code == 200
        assert get(city, "assessor", "ledger_exclusions", month="x", state="y", q="\x00").status_code == 200


class TestMonths:
    def test_steps_are_offered_to_the_keeper_with_the_reason_when_off(self, city):
        page = text_of(get(city, "assessor", "ledger"))
        assert "The month is not over." in page
        assert "Communities" in page
        assert 'name="move"' not in text_of(get(city, "assessor_district", "ledger"))

    def test_a_step_that_is_none_is_refused(self, city):
        client = client_of(city.staff["assessor"], "en")
        address = reverse("analytics:ledger_step", args=[MONTH_TEXT])
        assert client.post(address, {"move": "explode"}).status_code == 400
        assert client.post(address, {"move": "freeze"}).status_code == 409
        later = (MONTH + timedelta(days=800)).strftime("%Y-%m")
        assert client.post(reverse("analytics:ledger_step", args=[later]), {"move": "propose"}).status_code == 400

    def test_a_correction_is_made_by_a_form(self, frozen):
        client = client_of(frozen.staff["assessor"], "en")
        address = reverse("analytics:ledger_correct_area", args=[MONTH_TEXT, frozen.communities[0][0][0].code])
        data = {"indicator": "contact", "numerator": "x", "denominator": "0", "reason": "补记"}
        assert client.post(address, data).status_code == 400
        assert client.post(address, data | {"numerator": "1"}).status_code == 302
        assert Correction.objects.get().area == frozen.communities[0][0][0]
