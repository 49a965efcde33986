"""Following a case without log-in."""

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from intake.models import Case, Evaluation, Supplement
from intake.services import answer_case, create_rating_link, evaluate_case, withdraw_case
from intake.services.evaluations import Scores
from intake.tests.test_public_report import HOSTILE, PNG, limit
from intake.views.visitors import LINK_SALT
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import Parameter

from .factories import city_with_channels, make_case

NOW = timezone.now()
PHONE, DIGITS = "13912345678", "5678"


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def case(city):
    return make_case(phone=PHONE, name="陈立")


@pytest.fixture
def answered(city):
    by = Actor.staff(city.staff["agent"])
    return answer_case(make_case(accept=False, phone=PHONE).pk, answer="工作日 9 点到 17 点。", by=by, now=NOW)


def find(client, number, digits=DIGITS):
    return client.post(reverse("public:track"), {"number": number, "digits": digits})


def step(client, name, case, **data):
    return client.post(reverse(f"public:{name}", args=[case.number]), data)


class TestFinding:
    def test_opens_the_case_by_number_and_four_digits(self, case, client):
        assert find(client, f" {case.number.lower()} ").url == f"/track/{case.number}/"

    @pytest.mark.parametrize("digits", ["0000", "567", "56789", "１２３４", "", "ab'--"])
    def test_answers_wrong_digits_like_an_unknown_number(self, case, client, digits):
        pages = []
        for number in (case.number, "SZRX20200101000000" + "0001"):
            answer = find(client, number, digits)
            pages.append((answer.status_code, answer.content.decode().replace(number, "")))
        words = [page.split("form-errors")[1].split("</form>")[0].split("csrf")[0] for _status, page in pages]
        assert pages[0][0] == pages[1][0]
        assert words[0] == words[1]
        assert "tracked" not in client.session

    def test_is_not_possible_for_a_caller_without_a_phone(self, city, client):
        assert find(client, make_case(name="陈立").number).status_code == 409

    def test_of_one_number_is_locked_after_some_tries_wherever_they_come_from(self, case, client):
        limit("public.tries_per_number_hour", 2)
        for last in range(2):
            client.post(
                reverse("public:track"), {"number": case.number, "digits": "0000"}, REMOTE_ADDR=f"203.0.113.{last}"
            )
        answer = find(client, case.number)
        assert answer.status_code == 429
        assert case.number in answer.content.decode()

    def test_from_one_address_has_a_limit_whatever_the_number(self, case, client):
        limit("public.tries_per_address_hour", 1)
        find(client, "SZRX1")
        assert find(client, case.number).status_code == 429

    def test_takes_a_number_of_an_address_without_believing_it(self, city, client):
        page = client.get(reverse("public:track"), {"number": "<script>"})
        assert "<script>" not in page.content.decode()

    def test_survives_hostile_input(self, city, client):
        client.raise_request_exception = False
        for value in HOSTILE:
            assert find(client, value, value).status_code in (400, 409, 429), value


class TestThePrivateLink:
    def test_opens_its_case_and_no_other(self, case, client):
        key = signing.dumps(case.number, salt=LINK_SALT)
        assert client.get(reverse("public:track_link", args=[key])).url == f"/track/{case.number}/"
        assert list(client.session["tracked"]) == [case.number]

    @pytest.mark.parametrize("salt", ["report", "other"])
    def test_that_was_not_made_for_it_opens_nothing(self, case, client, salt):
        key = signing.dumps(case.number, salt=salt)
        assert client.get(reverse("public:track_link", args=[key])).url == reverse("public:track")

    def test_runs_out(self, case, client):
        key = signing.dumps(case.number, salt=LINK_SALT)
        limit("public.track_link_days", 0)
        assert client.get(reverse("public:track_link", args=[key])).url == reverse("public:track")


class TestAFollowedCase:
    @pytest.fixture(autouse=True)
    def found(self, case, client):
        find(client, case.number)

    def test_takes_words_and_pictures(self, case, client):
        file = SimpleUploadedFile("a.png", PNG, "image/png")
        assert step(client, "add", case, text="还有一盏", files=[file]).url == f"/track/{case.number}/"
        found = Supplement.objects.get()
        assert (found.text, found.via, found.added_by) == ("还有一盏", "track", "citizen:track")
        assert case.attachments.get().added_by == "citizen:track"

    def test_keeps_what_was_typed_when_a_file_is_refused(self, case, client):
        file = SimpleUploadedFile("a.exe", b"MZ\x90\x00" * 40)
        answer = step(client, "add", case, text="还有一盏", files=[file])
        assert answer.status_code == 400
        assert "还有一盏" in answer.content.decode()
        assert not Supplement.objects.exists()

    def test_is_asked_about_once_a_day(self, case, client):
        step(client, "urge", case)
        step(client, "urge", case)
        assert [row.kind for row in Supplement.objects.all()] == ["urged"]

    def test_is_withdrawn(self, case, client):
        assert step(client, "withdraw", case, reason="").status_code == 400
        assert step(client, "withdraw", case, reason="修好了").status_code == 302
        assert Case.objects.get(pk=case.pk).state == "void"
        answer = step(client, "withdraw", case, reason="修好了")
        assert answer.status_code == 409

    def test_is_closed_on_this_device(self, case, client):
        step(client, "leave", case)
        assert step(client, "add", case, text="还有一盏").url == reverse("public:track")
        assert not Supplement.objects.exists()

    def test_stays_open_for_a_while_only(self, case, client):
        Parameter.objects.filter(key="public.track_minutes").update(value=0)
        limit("public.track_minutes", 0)
        find(client, case.number)
        assert step(client, "add", case, text="还有一盏").url == reverse("public:track")

    def test_gives_nothing_of_another_case(self, city, client):
        other = make_case(phone="13900000000")
        for name in ("add", "urge", "withdraw", "rate", "leave"):
            assert step(client, name, other, text="还有一盏", reason="不要").url == reverse("public:track")
        assert Case.objects.get(pk=other.pk).state == "awaiting_dispatch"

    def test_survives_hostile_input(self, case, client):
        client.raise_request_exception = False
        for value in HOSTILE:
            for name, field in (("add", "text"), ("withdraw", "reason"), ("rate", "overall"), ("rate", "text")):
                answer = step(client, name, case, **{field: value})
                assert answer.status_code < 500, (name, value)
                assert "<script>alert" not in answer.content.decode()


class TestRating:
    def test_is_possible_from_the_followed_case(self, answered, client):
        find(client, answered.number)
        assert step(client, "rate", answered, overall="5", speed="4", text="很快").status_code == 302
        assert (Evaluation.objects.get().overall, Evaluation.objects.get().via) == (5, "track")
        assert step(client, "rate", answered, overall="5").status_code == 409

    def test_needs_the_overall_score(self, answered, client):
        find(client, answered.number)
        for overall in ("", "6", "0", "x", "5.5"):
            assert step(client, "rate", answered, overall=overall).status_code == 400
        assert not Evaluation.objects.exists()

    def test_by_a_link_works_once_and_opens_nothing_else(self, city, answered, client):
        _link, secret = create_rating_link(answered.pk, by=Actor.staff(city.staff["agent"]), now=NOW)
        address = reverse("public:rate_link", args=[secret])
        assert "工作日" not in client.get(address).content.decode()
        assert client.post(address, {"overall": "4"}).status_code == 200
        assert Evaluation.objects.get().via == "link"
        assert client.get(address).status_code == 409
        assert client.post(address, {"overall": "1"}).status_code == 409
        assert "tracked" not in client.session

    def test_by_a_link_that_does_not_exist_is_not_found(self, city, client):
        assert client.get(reverse("public:rate_link", args=["x" * 200])).status_code == 404

    def test_by_a_link_is_over_when_the_case_was_rated_otherwise(self, city, answered, client):
        _link, secret = create_rating_link(answered.pk, by=Actor.staff(city.staff["agent"]), now=NOW)
        evaluate_case(answered.pk, Scores(3), via="track", by=Actor.citizen("track"), now=NOW)
        assert client.get(reverse("public:rate_link", args=[secret])).status_code == 409


def test_a_withdrawn_case_takes_nothing_more(case, client):
    withdraw_case(case.pk, reason="修好了", via="track", by=Actor.citizen("track"), now=NOW)
    find(client, case.number)
    assert step(client, "add", case, text="还有一盏").status_code == 409
    assert step(client, "rate", case, overall="5").status_code == 409
