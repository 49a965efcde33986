"""The pages of what comes after closing: the desk of call-backs, the desk of doubted closings, the case page."""

import pytest
from django.test import Client
from django.urls import reverse

from dispatch.choices import DoubtKind
from dispatch.models import CallBack, ClosureCheck
from dispatch.selectors.tracking import get_tracking
from dispatch.services import archive_some, open_check
from dispatch.tests.after import DAY, HOUR, close, closed_case, make_people, rate
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def people(city):
    return make_people(city)


@pytest.fixture
def case(city, people) -> Case:
    """Closed long ago by the clock on the wall, so that its call is due now."""
    return closed_case(city, people)


@pytest.fixture
def call(case) -> CallBack:
    CallBack.objects.filter(case=case).update(ready_at=NOON)
    return CallBack.objects.get(case=case)


def post(client: Client, name: str, *args, **data):
    return client.post(reverse(f"dispatch:{name}", args=args), data)


@pytest.fixture
def desk(call, people, monkeypatch) -> Client:
    """The browser of the agent, who lives on the day after closing."""
    from dispatch.views import call_backs

    monkeypatch.setattr(call_backs.timezone, "now", lambda: NOON + DAY)
    return client_of(people.caller.user, "en")


class TestCallDesk:
    def test_shows_whom_to_call_and_never_a_number(self, desk, call):
        page = desk.get(reverse("dispatch:call_backs")).content.decode()
        assert call.case.title in page
        assert PHONE not in page
        post(desk, "call_back_next")
        page = desk.get(reverse("dispatch:call_backs")).content.decode()
        assert "138****8000" in page
        assert PHONE not in page
        assert "纸箱已清走" in page

    def test_shows_the_number_for_a_while_and_records_the_look(self, desk, call):
        post(desk, "call_back_claim", call.pk)
        answer = post(desk, "call_back_caller", call.pk)
        assert PHONE in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert AuditEntry.objects.filter(object_id=call.case_id, action="citizen.viewed").count() == 1

    def test_shows_no_number_of_a_call_that_is_not_taken(self, desk, call):
        answer = post(desk, "call_back_caller", call.pk)
        assert answer.status_code == 409
        assert PHONE not in answer.content.decode()

    def test_records_and_takes_the_next_call(self, desk, call, city, people):
        other = closed_case(city, people, phone="13800138001", now=NOON + HOUR)
        CallBack.objects.filter(case=other).update(ready_at=NOON)
        post(desk, "call_back_claim", call.pk)
        answer = post(
            desk, "call_back_record", call.pk, result="reached", is_solved="yes", is_told="yes", overall="5", text="好"
        )
        assert answer.status_code == 302
        call.refresh_from_db()
        assert (call.state, call.is_solved) == ("reached", True)
        assert CallBack.objects.get(case=other).claimed_by == people.caller.user

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"result": "reached"},
            {"result": "reached", "is_solved": "perhaps", "is_told": "yes"},
            {"result": "reached", "is_solved": "yes", "is_told": "yes", "overall": "9"},
            {"result": "reached", "is_solved": "yes", "is_told": "yes", "speed": "3"},
            {"result": "refused", "text": "长" * 501},
            {"result": "\ud800", "text": "a\x00b"},
        ],
    )
    def test_keeps_what_was_typed_when_something_is_wrong(self, desk, call, given):
        post(desk, "call_back_claim", call.pk)
        answer = desk.post(
            reverse("dispatch:call_back_record", args=[call.pk]),
            {key: value.encode("utf-8", "surrogatepass") for key, value in given.items()},
        )
        assert answer.status_code in (400, 422)
        call.refresh_from_db()
        assert (call.state, call.tries) == ("waiting", 0)

    def test_two_agents_are_told_of_each_other(self, desk, call, people):
        post(desk, "call_back_claim", call.pk)
        other = client_of(people.other_caller.user, "en")
        page = other.post(reverse("dispatch:call_back_claim", args=[call.pk]), follow=True).content.decode()
        assert "after_caller makes this call" in page


class TestCheckDesk:
    @pytest.fixture
    def check(self, case) -> ClosureCheck:
        return open_check(case.pk, 1, DoubtKind.SAME_MATTER, {"case": case.number, "score": 0.8}, now=NOON + DAY)

    def test_shows_the_evidence_beside_the_report_and_decides(self, check, people):
        browser = client_of(people.street.user, "en")
        page = browser.get(reverse("dispatch:checks")).content.decode()
        for words in (check.case.title, "纸箱已清走", "titles 80 % alike"):
            assert words in page
        answer = post(browser, "check_decide", check.pk, row_version=1, decision="confirm", opinion="现场仍堆满纸箱")
        assert answer.status_code == 302
        check.refresh_from_db()
        assert (check.state, check.opinion) == ("confirmed", "现场仍堆满纸箱")
        assert Case.objects.get(pk=check.case_id).round == 2

    def test_refuses_without_an_opinion_and_keeps_the_page(self, check, people):
        browser = client_of(people.street.user, "en")
        answer = post(browser, "check_decide", check.pk, row_version=1, decision="dismiss", opinion="")
        assert answer.status_code == 422
        assert "Give the reason of your decision." in answer.content.decode()

    def test_an_older_page_is_shown_afresh(self, check, people):
        open_check(check.case_id, 1, DoubtKind.NOT_SOLVED, {"call_back": 1}, now=NOON + DAY)
        browser = client_of(people.street.user, "en")
        answer = post(browser, "check_decide", check.pk, row_version=1, decision="dismiss", opinion="已核实无误")
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "已核实无误" in page
        assert 'name="row_version" value="2"' in page

    def test_an_unknown_number_in_the_address_shows_the_first(self, check, people):
        browser = client_of(people.street.user)
        for odd in ("99999999999999999999", "x", "-1", "0"):
            assert browser.get(reverse("dispatch:checks"), {"check": odd}).status_code == 200

    def test_another_level_sees_no_form(self, check, city):
        browser = client_of(city.staff["city_dispatcher"], "en")
        assert check.case.title in browser.get(reverse("dispatch:checks")).content.decode()
        elsewhere = grant(make_staff("elsewhere", city.offices[1][0]), "reviewer", city.offices[1][0])
        assert check.case.title not in client_of(elsewhere).get(reverse("dispatch:checks")).content.decode()


class TestCasePage:
    def more_of(self, user, case) -> str:
        return client_of(user, "en").get(reverse("dispatch:case_more", args=[case.number])).content.decode()

    def test_shows_rounds_calls_and_checks(self, case, people):
        open_check(case.pk, 1, DoubtKind.TEMPLATE, {"count": 7, "cases": ["SZ1"]}, now=NOON + DAY)
        rate(case, 1, now=NOON + DAY)
        page = self.more_of(people.street.user, case)
        for words in ("Rounds and call-backs", "Not satisfied", "No longer needed", "7 other reports read the same"):
            assert words in page

    def test_a_supervisor_redoes_and_a_reviewer_annotates_at_the_case(self, case, people):
        supervisor = client_of(people.supervisor.user, "en")
        answer = supervisor.post(
            reverse("dispatch:act_on_case", args=[case.pk, "redo"]),
            {"row_version": case.row_version, "reason": "现场仍有纸箱"},
        )
        assert answer.status_code == 302
        case.refresh_from_db()
        assert case.round == 2
        close(case, people, now=NOON + DAY)
        archive_some(by=SYSTEM, now=NOON + 20 * DAY)
        case.refresh_from_db()
        answer = client_of(people.street.user, "en").post(
            reverse("dispatch:act_on_case", args=[case.pk, "annotate"]),
            {"row_version": case.row_version, "text": "市民致谢"},
        )
        assert answer.status_code == 302
        assert "市民致谢" in self.more_of(people.street.user, case)


class TestTracking:
    def seen(self, case):
        return get_tracking(Case.objects.select_related("channel", "citizen").get(pk=case.pk), now=NOON + 2 * DAY)

    def test_earlier_rounds_are_told_with_their_answer_and_score(self, case, people):
        assert self.seen(case).earlier == []
        rate(case, 2, now=NOON + DAY)
        (one,) = self.seen(case).earlier
        assert (one.number, one.overall, one.reply) == (1, 2, "纸箱已清走，楼道通畅。")
        assert self.seen(case).reply == ""

    def test_of_a_secret_case_only_that_there_was_a_round(self, case):
        rate(case, 2, now=NOON + DAY)
        Case.objects.filter(pk=case.pk).update(is_secret=True)
        (one,) = self.seen(case).earlier
        assert one.reply == ""
