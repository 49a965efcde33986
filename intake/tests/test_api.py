import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from intake import throttling
from intake.api.base import FORM_SLACK, attachment_limit
from intake.models import Case, Channel, Citizen
from intake.services import create_channel_token, revoke_channel_token
from shenzhen_gov.core import parameters
from shenzhen_gov.core.models import Parameter

from .factories import SYSTEM, city_with_channels, make_case
from .test_attachments import mp4, picture

CASES = "/api/v1/cases"


@pytest.fixture
def city(db):
    cache.clear()
    return city_with_channels()


@pytest.fixture
def channel(city):
    return Channel.objects.get(code="wechat")


@pytest.fixture
def client(channel):
    _token, key = create_channel_token(channel.pk, by=SYSTEM, now=timezone.now())
    return APIClient(HTTP_AUTHORIZATION=f"Token {key}", HTTP_ACCEPT_LANGUAGE="en")


def body(**given):
    return {"content": "龙华区民治街道路灯不亮", "request_type": "help"} | given


def post(client, key="k1", **given):
    return client.post(CASES, body(**given), format="json", headers={"Idempotency-Key": key})


class TestRegistering:
    def test_answers_201_with_the_number_and_state(self, client, city):
        street = city.streets[0][0]
        response = post(client, item=city.item.item.code, area=street.code, phone="13912345678", name="陈立")
        case = Case.objects.get()
        assert response.status_code == 201
        assert response.json()["number"] == case.number
        assert response.json()["state"] == "awaiting_dispatch"
        assert case.number.startswith("SZWX")
        assert (case.channel.code, case.area, case.citizen.name) == ("wechat", street, "陈立")

    def test_never_answers_with_personal_data(self, client):
        response = post(client, phone="13912345678", name="陈立")
        assert "陈立" not in response.content.decode()
        assert "13912345678" not in response.content.decode()

    def test_what_is_nested_too_deeply_or_holds_a_null_is_refused(self, client):
        given = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "k1"}
        deep = client.post(CASES, b"[" * 50_000, **given)
        assert (deep.status_code, deep.json()["code"]) == (400, "parse_error")
        given = {"HTTP_ACCEPT_LANGUAGE": "zh-hans", "HTTP_IDEMPOTENCY_KEY": "k2"}
        null = client.post(CASES, body(content="路\x00灯"), format="json", **given)
        assert (null.status_code, null.json()["detail"]) == (400, "不能包含空字符（NUL）。")

    def test_twice_answers_200_with_the_same_case(self, client):
        first, again = post(client), post(client)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert Case.objects.count() == 1

    def test_with_the_same_key_and_another_body_answers_409_naming_the_key(self, client):
        post(client)
        response = post(client, content="别的事情")
        assert response.status_code == 409
        assert response.json()["field"] == "Idempotency-Key"
        assert response.json()["code"] == "idempotency_key_reused"

    def test_without_a_key_answers_400(self, client):
        response = client.post(CASES, body(), format="json")
        assert (response.status_code, response.json()["field"]) == (400, "Idempotency-Key")
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"content": ""}, "content"),
            ({"content": None}, "content"),
            ({"content": "x" * 200_000}, "content"),
            ({"content": "\u0000\u0000abc"}, "content"),
            ({"content": ["a"]}, "content"),
            ({"title": "长" * 121}, "title"),
            ({"request_type": "shout"}, "request_type"),
            ({"urgency": "now"}, "urgency"),
            ({"item": "no-such"}, "item"),
            ({"area": "no-such"}, "area"),
            ({"house_code": "440307003003040004200000"}, "house_code"),
            ({"phone": "12"}, "phone"),
            ({"longitude": "nan", "latitude": 22}, "longitude"),
            ({"longitude": 1e300, "latitude": 22}, "longitude"),
            ({"external_id": "x" * 61}, "external_id"),
        ],
    )
    def test_with_bad_input_answers_400_naming_the_field(self, client, given, field):
        text = json.dumps(body(**given))
        response = client.post(CASES, text, content_type="application/json", headers={"Idempotency-Key": "k"})
        assert (response.status_code, response.json()["field"]) == (400, field)
        assert response.json()["detail"]
        assert not Case.objects.exists()
        assert not Citizen.objects.exists()

    @pytest.mark.parametrize("text", ["{", "[]", '"x"', "null", '{"content": "\\ud800 abc", "request_type": "help"}'])
    def test_with_a_broken_body_answers_400(self, client, text):
        response = client.post(CASES, text, content_type="application/json", headers={"Idempotency-Key": "k"})
        assert response.status_code == 400
        assert set(response.json()) >= {"code", "detail", "field"}

    def test_refuses_other_content_types(self, client):
        response = client.post(CASES, "a=1", content_type="text/plain", headers={"Idempotency-Key": "k"})
        assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")

    def test_keeps_a_script_as_text(self, client):
        number = post(client, content="<script>alert(1)</script>").json()["number"]
        assert Case.objects.get(number=number).content == "<script>alert(1)</script>"

    def test_of_an_outside_number_twice_answers_409(self, client):
        post(client, "a", external_id="W-1")
        response = post(client, "b", external_id="W-1")
        assert (response.status_code, response.json()["field"]) == (409, "external_id")

    def test_speaks_chinese_when_asked(self, client):
        response = client.post(CASES, body(), format="json", headers={"Accept-Language": "zh-CN"})
        assert response["Content-Language"] == "zh-hans"

    def test_costs_at_most_twelve_statements(self, client, city, django_assert_max_num_queries):
        post(client, "first")
        given = {"item": city.item.item.code, "area": city.streets[0][0].code, "phone": "13912345678", "name": "陈立"}
        with django_assert_max_num_queries(14):  # two of them the test's own savepoint
            assert post(client, "second", **given).status_code == 201


class TestAKey:
    def test_is_needed(self, city):
        response = APIClient().post(CASES, body(), format="json")
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")

    @pytest.mark.parametrize(
        "header", ["Token", "Token a b", "Token wrong", "Token \xff\xfe", "Bearer x", "Basic eDp5"]
    )
    def test_that_is_none_is_refused(self, city, header):
        response = APIClient(HTTP_AUTHORIZATION=header).post(CASES, body(), format="json")
        assert response.status_code == 401
        assert set(response.json()) == {"code", "detail", "field"}

    def test_that_was_revoked_is_refused_at_once(self, channel):
        token, key = create_channel_token(channel.pk, by=SYSTEM, now=timezone.now())
        client = APIClient(HTTP_AUTHORIZATION=f"Token {key}")
        assert post(client).status_code == 201
        revoke_channel_token(token.pk, by=SYSTEM, now=timezone.now())
        assert post(client, "k2").status_code == 401

    def test_of_a_channel_out_of_use_is_refused(self, client, channel):
        Channel.objects.filter(pk=channel.pk).update(is_active=False)
        assert post(client).status_code == 401

    def test_opens_nothing_for_a_signed_in_person(self, city):
        client = APIClient()
        client.force_login(city.staff["agent"])
        assert client.post(CASES, body(), format="json").status_code == 401

    def test_may_be_used_so_often_a_minute(self, client):
        Parameter.objects.filter(key="api.requests_per_minute").update(value=2)
        parameters.forget()
        throttling.meter.forget()
        statuses = [post(client, f"k{n}").status_code for n in range(3)]
        throttling.meter.forget()
        assert statuses == [201, 201, 429]


class TestAskingForACase:
    def test_answers_how_it_stands(self, client):
        number = post(client).json()["number"]
        response = client.get(f"{CASES}/{number}")
        assert (response.status_code, response.json()["state"]) == (200, "awaiting_dispatch")
        assert response.json()["state_text"]

    def test_of_another_channel_answers_404_like_one_that_does_not_exist(self, client):
        other = make_case()
        answers = [client.get(f"{CASES}/{number}") for number in (other.number, "SZXX202611200942180000")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()

    def test_with_nonsense_in_the_address_answers_404(self, client):
        assert client.get(f"{CASES}/%00%ff").status_code == 404


class TestAddingAFile:
    def send(self, client, number, data, name="现场.jpg", **given):
        return client.post(
            f"{CASES}/{number}/attachments", {"file": SimpleUploadedFile(name, data), **given}, format="multipart"
        )

    def test_answers_201_with_its_hash(self, client):
        number = post(client).json()["number"]
        response = self.send(client, number, picture())
        assert response.status_code == 201
        assert Case.objects.get().attachments.get().sha256 == response.json()["sha256"]

    @pytest.mark.parametrize(
        ("data", "name"), [(b"MZ program", "现场.jpg"), (bytes(21 * 2**20), "大.jpg"), (b"", "空.jpg")]
    )
    def test_that_is_no_photo_too_large_or_empty_answers_400(self, client, data, name):
        number = post(client).json()["number"]
        response = self.send(client, number, data, name)
        assert response.status_code == 400
        assert response.json()["field"] == "file"
        assert not Case.objects.get().attachments.exists()

    def test_that_is_a_film_larger_than_any_picture_may_be_answers_201(self, client):
        number = post(client).json()["number"]
        assert self.send(client, number, mp4(size=21 * 2**20), "现场.mp4").status_code == 201

    @pytest.mark.parametrize("family", ["", "_document", "_video", "_audio"])
    def test_may_be_as_large_as_the_largest_kind_of_file(self, client, family):
        number, most = post(client).json()["number"], 300 * 2**20
        Parameter.objects.filter(key=f"attachment.max_bytes{family}").update(value=most)
        parameters.forget()
        try:
            assert attachment_limit() == most + FORM_SLACK
            told = {"CONTENT_LENGTH": str(most + FORM_SLACK + 1)}
            assert client.post(f"{CASES}/{number}/attachments", format="multipart", **told).status_code == 413
        finally:
            parameters.forget()

    def test_of_an_unknown_kind_answers_400(self, client):
        number = post(client).json()["number"]
        assert self.send(client, number, picture(), kind="selfie").json()["field"] == "kind"

    def test_to_another_channels_case_answers_404(self, client):
        case = make_case()
        assert self.send(client, case.number, picture()).status_code == 404


class TestTheDescription:
    def test_names_every_operation_and_its_errors(self, db, client):
        schema = APIClient().get("/api/schema/?format=json").json()
        post_case = schema["paths"]["/api/v1/cases"]["post"]
        assert set(post_case["responses"]) >= {"200", "201", "400", "401", "409", "429"}
        required = [p["name"] for p in post_case["parameters"] if p["in"] == "header" and p.get("required")]
        assert required == ["Idempotency-Key"]
        assert {"register_case", "get_case", "list_cases", "add_attachment", "add_supplement", "withdraw_case"} <= {
            operation["operationId"] for path in schema["paths"].values() for operation in path.values()
        }
