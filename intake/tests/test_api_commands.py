import pytest
from django.utils import timezone

from intake.choices import ChannelRight
from intake.models import Call, Case, Evaluation, IdempotencyKey, Supplement
from intake.services import answer_case, move_case
from shenzhen_gov.core.actor import Actor

from .api_client import CASES, ChannelClient
from .factories import SYSTEM, city_with_channels, make_case


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def client(city):
    return ChannelClient()


@pytest.fixture
def number(client):
    answer = client.register()
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()["number"]


def answered(client, city):
    """A case that was answered on the spot."""
    number = client.register(accept=False).json()["number"]
    case = Case.objects.get(number=number)
    answer_case(case.pk, answer="已答复", by=Actor.staff(city.staff["agent"]), now=timezone.now())
    return number


class TestAnAddition:
    def test_is_kept_and_answers_201(self, client, number):
        response = client.send(f"{CASES}/{number}/supplements", {"text": "灯杆也歪了"})
        assert response.status_code == 201, response.json()
        assert (Supplement.objects.get().text, response.json()["kind"]) == ("灯杆也歪了", "added")

    def test_with_the_same_key_is_one_addition(self, client, number):
        answers = [client.send(f"{CASES}/{number}/supplements", {"text": "灯杆也歪了"}, "same") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert answers[0].json() == answers[2].json()
        assert Supplement.objects.count() == 1

    def test_with_a_key_of_another_request_answers_409(self, client, number):
        client.send(f"{CASES}/{number}/supplements", {"text": "灯杆也歪了"}, "same")
        response = client.send(f"{CASES}/{number}/supplements", {"text": "另一件事"}, "same")
        assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_reused")

    def test_with_the_key_of_a_registration_answers_409_naming_the_case(self, client):
        number = client.register("first").json()["number"]
        response = client.send(f"{CASES}/{number}/supplements", {"text": "灯杆也歪了"}, "first")
        assert response.status_code == 409
        assert number in response.json()["detail"]

    def test_that_is_refused_leaves_its_key_free(self, client, number):
        assert client.send(f"{CASES}/{number}/supplements", {"text": ""}, "same").status_code == 400
        assert client.send(f"{CASES}/{number}/supplements", {"text": "灯杆也歪了"}, "same").status_code == 201

    def test_asks_where_it_stands_without_words(self, client, number):
        response = client.send(f"{CASES}/{number}/supplements", {"kind": "urged"})
        assert (response.status_code, response.json()["kind"]) == (201, "urged")

    def test_without_a_key_answers_400(self, client, number):
        response = client.post(f"{CASES}/{number}/supplements", {"text": "灯杆也歪了"}, format="json")
        assert (response.status_code, response.json()["field"]) == (400, "Idempotency-Key")

    @pytest.mark.parametrize("text", [None, "", " ", "x" * 1_001, "a\x00b", ["a"], {"a": 1}, "\ud800x"])
    def test_of_nonsense_answers_400_naming_the_field(self, client, number, text):
        response = client.send(f"{CASES}/{number}/supplements", {"text": text})
        assert (response.status_code, response.json()["field"]) in {(400, "text"), (400, None)}
        assert not Supplement.objects.exists()

    def test_to_another_channels_case_answers_404(self, client):
        assert client.send(f"{CASES}/{make_case().number}/supplements", {"text": "你好"}).status_code == 404


class TestWithdrawing:
    def test_before_dispatch_makes_the_case_void(self, client, number):
        response = client.send(f"{CASES}/{number}/withdrawal", {"reason": "已经修好了"}, "w")
        assert (response.status_code, response.json()["state"]) == (200, "void")
        again = client.send(f"{CASES}/{number}/withdrawal", {"reason": "已经修好了"}, "w")
        assert again.json() == response.json()

    def test_later_on_is_a_wish_that_the_unit_decides_on(self, client, number):
        case = Case.objects.get(number=number)
        move_case(case, "dispatch", action="case.accepted", by=SYSTEM, now=timezone.now())
        response = client.send(f"{CASES}/{number}/withdrawal", {"reason": "已经修好了"})
        assert (response.status_code, response.json()["state"]) == (200, "in_handling")
        assert Supplement.objects.get().kind == "withdrawn"

    def test_of_a_case_that_ended_answers_409(self, client, city):
        number = answered(client, city)
        assert client.send(f"{CASES}/{number}/withdrawal", {"reason": "算了吧"}).status_code == 409


class TestAnEvaluation:
    def test_is_kept_once_a_round(self, client, city):
        number = answered(client, city)
        scores = {"overall": 4, "speed": 5, "text": "不错"}
        first = client.send(f"{CASES}/{number}/evaluation", scores, "e")
        assert first.status_code == 201, first.json()
        assert client.send(f"{CASES}/{number}/evaluation", scores, "e").status_code == 200
        assert client.send(f"{CASES}/{number}/evaluation", scores, "other").status_code == 409
        assert (Evaluation.objects.get().overall, Evaluation.objects.get().via) == (4, "channel")

    def test_of_an_open_case_answers_409(self, client, number):
        assert client.send(f"{CASES}/{number}/evaluation", {"overall": 4}).status_code == 409

    @pytest.mark.parametrize("overall", [0, 6, None, "x", 1.5, True, []])
    def test_with_another_score_answers_400(self, client, city, overall):
        number = answered(client, city)
        response = client.send(f"{CASES}/{number}/evaluation", {"overall": overall})
        assert (response.status_code, response.json()["field"]) == (400, "overall")


class TestACall:
    @pytest.fixture
    def client(self, city):
        return ChannelClient("hotline", rights=[ChannelRight.CALLS.value])

    def test_is_told_any_number_of_times(self, client):
        event = {"external_id": "C-1", "state": "ringing", "phone": "13912345678", "agent": "agent"}
        answers = [client.send("/api/v1/calls", event) for _ in range(10)]
        assert {answer.status_code for answer in answers} == {200}, answers[0].json()
        assert Call.objects.count() == 1
        assert answers[0].json() == answers[9].json()
        assert "13912345678" not in answers[0].content.decode()

    def test_of_an_unknown_agent_answers_400_naming_the_field(self, client):
        response = client.send("/api/v1/calls", {"external_id": "C-1", "state": "ringing", "agent": "nobody"})
        assert (response.status_code, response.json()["field"]) == (400, "agent")


class TestTheListOfOwnCases:
    def test_is_read_page_by_page_the_newest_first(self, client):
        numbers = [client.register().json()["number"] for _ in range(5)]
        make_case()
        seen, cursor = [], None
        while True:
            page = client.get(CASES, {"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            seen += [case["number"] for case in page["results"]]
            cursor = page["next"]
            if not cursor:
                break
        assert seen == numbers[::-1]

    def test_is_narrowed_by_moment_and_outside_number(self, client):
        client.register(external_id="A-1")
        assert len(client.get(CASES, {"external_id": "A-1"}).json()["results"]) == 1
        assert client.get(CASES, {"external_id": "A-2"}).json()["results"] == []
        assert client.get(CASES, {"until": "2020-01-01T00:00:00Z"}).json()["results"] == []

    @pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 1000}, {"since": "x"}, {"cursor": "x"}])
    def test_refuses_nonsense_naming_the_parameter(self, client, asked):
        response = client.get(CASES, asked)
        assert (response.status_code, response.json()["field"]) == (400, next(iter(asked)))

    def test_costs_the_same_for_one_and_for_many(self, client, django_assert_max_num_queries):
        for _ in range(8):
            client.register()
        with django_assert_max_num_queries(3):
            assert len(client.get(CASES).json()["results"]) == 8


class TestStages:
    def test_tell_the_way_without_what_is_the_offices_own(self, client, number):
        case = Case.objects.get(number=number)
        for move in ("dispatch", "report"):
            move_case(case, move, action="case.accepted", by=SYSTEM, now=timezone.now(), note="内部意见")
        answer = client.get(f"{CASES}/{number}")
        assert [stage["state"] for stage in answer.json()["stages"]] == [
            "registered",
            "awaiting_dispatch",
            "in_handling",
        ]
        assert "内部意见" not in answer.content.decode()


class TestRights:
    @pytest.mark.parametrize(
        ("right", "method", "path"),
        [
            ("create", "post", CASES),
            ("status", "get", CASES),
            ("status", "get", f"{CASES}/{{number}}"),
            ("supplement", "post", f"{CASES}/{{number}}/supplements"),
            ("withdraw", "post", f"{CASES}/{{number}}/withdrawal"),
            ("evaluate", "post", f"{CASES}/{{number}}/evaluation"),
            ("attach", "post", f"{CASES}/{{number}}/attachments"),
            ("calls", "post", "/api/v1/calls"),
        ],
    )
    def test_that_is_missing_is_named(self, client, number, right, method, path):
        other = ChannelClient(rights=[one.value for one in ChannelRight if one.value != right])
        response = getattr(other, method)(path.format(number=number), headers={"Idempotency-Key": "k"})
        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
        assert f"({right})" in response.json()["detail"]

    def test_of_a_command_refused_leave_nothing_behind(self, client, number):
        before = IdempotencyKey.objects.count()
        ChannelClient(rights=[]).send(f"{CASES}/{number}/supplements", {"text": "你好"})
        assert IdempotencyKey.objects.count() == before


def test_a_body_larger_than_any_request_answers_413(client):
    response = client.send(CASES, {"content": "长" * 300_000})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_the_kind_of_request_is_the_channels_own_unless_it_says_one(city):
    client = ChannelClient(default_type="consult")
    number = client.send(CASES, {"content": "龙华区民治街道路灯不亮"}).json()["number"]
    assert Case.objects.get(number=number).request_type == "consult"
