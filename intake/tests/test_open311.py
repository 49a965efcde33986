import json
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from intake.models import Case, Channel, Citizen, Supplement
from intake.services import move_case

from .api_client import ChannelClient
from .factories import SYSTEM, city_with_channels, make_case, make_item

BASE = "/open311/v2"


@pytest.fixture
def city(db):
    cache.clear()
    world = city_with_channels()
    Channel.objects.filter(code="wechat").update(is_listed=True)
    return world


@pytest.fixture
def public(city):
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def sender(city):
    return ChannelClient("wechat")


def listed_case(city, **given):
    return make_case(channel="wechat", item=city.item.item.code, phone="13912345678", name="陈立", **given)


def parsed(response):
    return ET.fromstring(response.content)  # noqa: S314 - our own answer


def ask(public, path, **asked):
    return public.get(f"{BASE}/{path}", asked)


class TestDiscovery:
    def test_names_the_interface_and_its_formats(self, public):
        found = ask(public, "discovery.json").json()
        assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
        root = parsed(ask(public, "discovery.xml"))
        assert (root.tag, root.find("endpoints/endpoint/formats/format").text) == (
            "discovery",
            "text/xml; charset=utf-8",
        )

    def test_without_a_known_ending_is_not_found(self, public):
        assert ask(public, "discovery.html").status_code == 404


class TestServices:
    def test_are_the_duty_items_citizens_are_offered_grouped_by_the_first_level(self, public, city):
        make_item(city.city, "举报", is_secret=True)
        found = ask(public, "services.json").json()
        assert [service["service_code"] for service in found] == [city.item.item.code]
        assert found[0]["group"] == city.item.path_text.split(" / ")[0]
        assert (found[0]["metadata"], found[0]["type"]) == (False, "realtime")

    def test_in_xml_carry_the_names_of_the_standard(self, public, city):
        response = ask(public, "services.xml")
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
        root = parsed(response)
        assert (root.tag, root[0].tag, root[0].find("metadata").text) == ("services", "service", "false")

    def test_have_a_definition_without_further_questions(self, public, city):
        code = city.item.item.code
        assert ask(public, f"services/{code}.json").json() == {"service_code": code, "attributes": []}
        root = parsed(ask(public, f"services/{code}.xml"))
        assert (root.tag, root.find("service_code").text) == ("service_definition", code)

    def test_that_are_unknown_answer_404_as_the_standard_writes_it(self, public):
        response = ask(public, "services/none.json")
        assert response.status_code == 404
        assert response.json()[0]["code"] == 404
        root = parsed(ask(public, "services/none.xml"))
        assert (root.tag, root.find("error/code").text) == ("errors", "404")


class TestReading:
    def test_shows_cases_of_listed_channels_only(self, public, city):
        case, _other = listed_case(city), make_case(item=city.item.item.code)
        found = ask(public, "requests.json").json()
        assert [request["service_request_id"] for request in found] == [case.number]
        assert (found[0]["status"], found[0]["service_code"]) == ("open", city.item.item.code)

    def test_shows_neither_words_nor_place_unless_they_may_be_published(self, public, city):
        case = listed_case(city, address="民治大道8号502", longitude=114.03, latitude=22.61)
        text = ask(public, "requests.json").content.decode()
        for secret in ("陈立", "13912345678", "整夜不亮", "民治大道8号", "114.03"):
            assert secret not in text
        Case.objects.filter(pk=case.pk).update(may_publish=True)
        found = ask(public, "requests.json").json()[0]
        assert (found["address"], found["long"]) == ("民治大道8号502", 114.03)
        assert "路灯" in found["description"]

    def test_masks_numbers_in_what_may_be_published(self, public, city):
        case = listed_case(city, title="请回电 139 1234-5678 谢谢")
        Case.objects.filter(pk=case.pk).update(may_publish=True)
        assert ask(public, "requests.json").json()[0]["description"] == "请回电 *** 谢谢"

    def test_never_shows_secret_or_sensitive_cases(self, public, city):
        hidden = [listed_case(city, is_secret=True), listed_case(city, is_sensitive=True)]
        assert ask(public, "requests.json").json() == []
        assert ask(public, "servicerequestupdates.json").json() == []
        for case in hidden:
            assert ask(public, f"requests/{case.number}.json").status_code == 404

    def test_of_one_and_of_several_goes_by_number(self, public, city):
        cases = [listed_case(city) for _ in range(3)]
        one = ask(public, f"requests/{cases[0].number}.json").json()
        assert [request["service_request_id"] for request in one] == [cases[0].number]
        numbers = f"{cases[0].number},{cases[2].number},SZXX0000"
        assert len(ask(public, "requests.json", service_request_id=numbers).json()) == 2

    def test_in_xml_carries_the_names_of_the_standard(self, public, city):
        case = listed_case(city)
        root = parsed(ask(public, "requests.xml"))
        assert (root.tag, root[0].tag) == ("service_requests", "request")
        assert root[0].find("service_request_id").text == case.number
        assert root[0].find("requested_datetime").text.endswith("+08:00")

    def test_is_narrowed_by_status_service_and_time(self, public, city):
        case = listed_case(city)
        void = listed_case(city)
        move_case(void, "withdraw", action="case.withdrawn", by=SYSTEM, now=timezone.now())
        assert _numbers(ask(public, "requests.json", status="open")) == [case.number]
        assert _numbers(ask(public, "requests.json", status="closed")) == [void.number]
        assert _numbers(ask(public, "requests.json", service_code="none")) == []
        assert len(_numbers(ask(public, "requests.json", service_code=city.item.item.code))) == 2
        assert _numbers(ask(public, "requests.json", end_date="2020-01-01T00:00:00Z")) == []

    def test_goes_on_by_the_link_until_everything_was_seen_once(self, public, city):
        numbers = [listed_case(city).number for _ in range(5)]
        for asked in ({"page_size": 2}, {"page_size": 2, "status": "open"}):
            seen, response = [], ask(public, "requests.json", **asked)
            while True:
                seen += _numbers(response)
                if "Link" not in response:
                    break
                response = public.get(response["Link"].split(">")[0][1:].removeprefix("http://testserver"))
            assert seen == numbers[::-1]

    def test_with_filters_looks_through_a_bounded_number_and_says_where_to_go_on(self, public, city, monkeypatch):
        monkeypatch.setattr("intake.selectors.open311.SCAN", 2)
        oldest = listed_case(city)
        for _ in range(4):
            move_case(listed_case(city), "withdraw", action="case.withdrawn", by=SYSTEM, now=timezone.now())
        seen, response, pages = [], ask(public, "requests.json", status="open"), 1
        while "Link" in response:
            seen += _numbers(response)
            response = public.get(response["Link"].split(">")[0][1:].removeprefix("http://testserver"))
            pages += 1
        assert (seen + _numbers(response), pages) == ([oldest.number], 3)

    def test_costs_the_same_for_one_and_for_many(self, public, city, django_assert_max_num_queries):
        for _ in range(6):
            listed_case(city)
        with django_assert_max_num_queries(5):
            assert len(ask(public, "requests.json").json()) == 6

    @pytest.mark.parametrize(
        "asked",
        [
            {"start_date": "yesterday"},
            {"start_date": "0001-01-01T00:00:00Z", "end_date": "9999-12-31T00:00:00Z"},
            {"start_date": "9999-12-31T00:00:00Z"},
            {"end_date": "0001-01-01T00:00:00Z"},
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
            {"page_size": 0},
            {"page_size": 100_000},
            {"status": "maybe"},
            {"cursor": "1-2-3"},
            {"cursor": "9999999999999999-999999999999999999"},
            {"service_request_id": "a\x00b"},
            {"service_request_id": ",".join(["a"] * 51)},
        ],
    )
    def test_of_nonsense_is_refused_or_empty_never_an_error_of_ours(self, public, asked):
        for ending in ("json", "xml"):
            response = ask(public, f"requests.{ending}", **asked)
            assert response.status_code in (200, 400)
        if response.status_code == 400:
            assert ask(public, "requests.json", **asked).json()[0]["description"]

    def test_is_limited_for_each_address(self, public, monkeypatch):
        monkeypatch.setattr("intake.open311.base.get_parameter", lambda *_given: 2)
        answers = [ask(public, "requests.json") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2]["Retry-After"]


class TestSending:
    def post(self, sender, ending="json", **given):
        body = {"description": "路灯整夜不亮", "address_string": "龙华区民治街道"} | given
        client = Client(headers={"Accept-Language": "en"})
        return client.post(f"{BASE}/requests.{ending}", {"api_key": sender.api_key} | body)

    def test_registers_a_case_of_the_channel(self, sender, city):
        response = self.post(
            sender, service_code=city.item.item.code, lat="22.6", long="114.0", last_name="陈", first_name="立",
            phone="13912345678", media_url="https://example.org/a.jpg",
        )  # fmt: skip
        assert response.status_code == 201, response.content
        case = Case.objects.get()
        assert response.json()[0]["service_request_id"] == case.number
        assert (case.channel.code, case.item, case.latitude) == ("wechat", city.item.item, 22.6)
        assert case.content.endswith("https://example.org/a.jpg")
        assert Citizen.objects.get().name == "陈立"

    def test_answers_in_xml_too_and_by_header(self, sender, city):
        response = sender.post(
            f"{BASE}/requests.xml",
            "service_code=" + city.item.item.code + "&description=xx&address_string=yy",
            content_type="application/x-www-form-urlencoded",
        )
        root = parsed(response)
        assert (response.status_code, root.tag) == (201, "service_requests")
        assert root.find("request/service_request_id").text == Case.objects.get().number

    @pytest.mark.parametrize("key", [None, "", "wrong", "\x00"])
    def test_without_a_good_key_answers_403(self, sender, city, key):
        given = {"api_key": key} if key is not None else {}
        response = Client().post(f"{BASE}/requests.json", {"description": "xx"} | given)
        assert (response.status_code, response.json()[0]["code"]) == (403, 403)

    def test_by_a_channel_without_the_right_or_that_must_sign_answers_403(self, city):
        for fields in ({"rights": ["status"]}, {"needs_signature": True, "rights": ["create"]}):
            sender = ChannelClient("wechat", **fields)
            assert self.post(sender, service_code=city.item.item.code).status_code == 403
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ({"service_code": "none"}, "service_code"),
            ({"address_id": "4403000000000000000"}, "address_id"),
            ({"lat": "91", "long": "1"}, "lat"),
            ({"service_code": ""}, "service_code"),
            ({"description": "x" * 6_000}, "description"),
            ({"description": "a\x00b"}, "description"),
            ({"address_string": ""}, "lat"),
            ({"lat": "x", "long": "1"}, "lat"),
            ({"lat": "nan", "long": "1"}, "lat"),
            ({"phone": "12"}, "phone"),
            ({"media_url": "javascript:alert(1)"}, "media_url"),
        ],
    )
    def test_of_nonsense_answers_400_naming_the_field(self, sender, city, given, named):
        response = self.post(sender, **({"service_code": city.item.item.code} | given))
        assert response.status_code == 400
        assert response.json()[0]["description"].startswith(named)
        assert not Case.objects.exists()

    def test_of_too_much_or_another_type_is_refused(self, sender):
        big = Client().post(f"{BASE}/requests.json", {"api_key": sender.api_key, "description": "x" * 300_000})
        other = Client().post(f"{BASE}/requests.json", "{}", content_type="application/json")
        assert (big.status_code, other.status_code) == (413, 415)
        assert json.loads(other.content)[0]["code"] == 415


class TestUpdates:
    def test_are_the_changes_of_state_the_newest_first(self, public, city):
        case = listed_case(city)
        move_case(case, "dispatch", action="case.accepted", by=SYSTEM, now=timezone.now(), note="内部意见")
        response = ask(public, "servicerequestupdates.json")
        assert [update["description"] for update in response.json()][0] == "In handling"
        assert "内部意见" not in response.content.decode()
        assert {update["service_request_id"] for update in response.json()} == {case.number}
        root = parsed(ask(public, "servicerequestupdates.xml"))
        assert (root.tag, root[0].tag) == ("service_request_updates", "request_update")

    def test_of_some_requests_and_of_a_span(self, public, city):
        one, _two = listed_case(city), listed_case(city)
        found = ask(public, "servicerequestupdates.json", service_request_id=one.number).json()
        assert {update["service_request_id"] for update in found} == {one.number}
        later = (timezone.now() + timedelta(days=1)).isoformat()
        assert ask(public, "servicerequestupdates.json", start_date=later).json() == []

    def test_go_on_by_the_link(self, public, city, monkeypatch):
        monkeypatch.setattr("intake.selectors.open311.SCAN", 3)
        cases = {listed_case(city).number for _ in range(4)}
        seen, response = set(), ask(public, "servicerequestupdates.json")
        for _ in range(1_000):
            seen |= {update["service_request_id"] for update in response.json()}
            if "Link" not in response or seen == cases:
                break
            response = public.get(response["Link"].split(">")[0][1:].removeprefix("http://testserver"))
        assert seen == cases

    def test_are_sent_as_additions_to_ones_own_requests(self, city, sender):
        case, other = listed_case(city), make_case()
        answers = [
            Client().post(
                f"{BASE}/servicerequestupdates.json",
                {"api_key": sender.api_key, "service_request_id": number, "description": "灯杆也歪了"},
            )
            for number in (case.number, other.number)
        ]
        assert [answer.status_code for answer in answers] == [201, 404]
        assert answers[0].json()[0]["update_id"] == str(Supplement.objects.get().pk)


def test_a_token_is_the_number_itself(public):
    assert ask(public, "tokens/SZWX1.json").json() == [{"service_request_id": "SZWX1", "token": "SZWX1"}]


def _numbers(response):
    return [request["service_request_id"] for request in response.json()]
