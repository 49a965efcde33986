"""The page of a case, and the steps taken on it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dispatch.forms import split_criteria
from dispatch.models import Contact, Report, Review, WorkOrder
from dispatch.services import dispatch_awaiting, dispatch_by_hand, record_contact, sign
from dispatch.tests.desks import PNG, client_of, dispatched, page_of, reported
from dispatch.tests.world import SYSTEM, make_world, new_case
from dispatch.workflow import HANDED_DOWN, HANDLING, PENDING_SIGN, UNDER_REVIEW
from grid.tests.factories import grant, make_staff
from intake.models import Attachment
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return city.staff["community_secretary"]


@pytest.fixture
def order(city):
    return dispatched(
        city, 1, now=timezone.now() - timedelta(minutes=30), title="楼道堆物", content="堆满纸箱 " + SCRIPT
    )[0]


def take(user, order, step, *, language="en", headers=None, **given):
    """Send the form of a step as the page would."""
    data = {"row_version": order.row_version} | given
    return client_of(user, language).post(reverse("dispatch:act", args=[order.pk, step]), data, headers=headers or {})


def text_of(response) -> str:
    return response.content.decode()


def shown(response) -> str:
    """Return the words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


class TestTheDoor:
    def test_leads_to_log_in_without_a_user(self, order):
        assert page_of(None, "case", order.case.number).url.startswith(reverse("login"))

    def test_is_not_there_for_another_district(self, city, order):
        assert page_of(city.staff["other_secretary"], "case", order.case.number).status_code == 404
        assert take(city.staff["other_secretary"], order, "sign").status_code == 404

    def test_is_not_there_for_a_number_nobody_has(self, secretary):
        assert page_of(secretary, "case", "SZRX0000").status_code == 404

    def test_opens_to_everybody_whose_territory_it_is_in(self, city, order):
        for name in ("community_secretary", "reviewer", "district_reviewer", "agent", "leader", "root"):
            assert page_of(city.staff[name], "case", order.case.number).status_code == 200, name

    def test_refuses_a_step_to_the_wrong_role_with_the_reason(self, city, order):
        response = take(city.staff["reviewer"], order, "sign")
        assert response.status_code == 403
        assert "Handle work orders" in text_of(response)
        order.refresh_from_db()
        assert order.state == PENDING_SIGN

    def test_knows_no_step_that_does_not_exist(self, secretary, order):
        assert take(secretary, order, "fly").status_code == 404

    def test_takes_steps_by_post_only(self, secretary, order):
        assert client_of(secretary).get(reverse("dispatch:act", args=[order.pk, "sign"])).status_code == 405


class TestThePage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_renders_in_both_languages(self, secretary, order, language):
        assert page_of(secretary, "case", order.case.number, language=language).status_code == 200

    def test_shows_where_the_case_is(self, secretary, order):
        assert page_of(secretary, "case", order.case.number).context["page"].label.endswith(order.unit.name)

    def test_shows_a_script_as_text(self, secretary, order):
        text = text_of(page_of(secretary, "case", order.case.number))
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text

    def test_never_shows_who_asked(self, city, order):
        for name in ("community_secretary", "agent", "root"):
            text = text_of(page_of(city.staff[name], "case", order.case.number))
            assert "13800138000" not in text
            assert "陈某" not in text

    def test_says_why_the_case_is_here(self, secretary, order):
        text = shown(page_of(secretary, "case", order.case.number, language="en"))
        assert "Why here" in text
        assert order.unit.name in text

    def test_fills_the_next_legal_step_only(self, city, secretary, order):
        def filled():
            steps = page_of(secretary, "case", order.case.number).context["own_steps"]
            return [step.name for step in steps if step.is_next]

        by = Actor.staff(secretary)
        assert filled() == ["sign"]
        sign(order.pk, by=by, now=timezone.now())
        assert filled() == ["contact"]
        record_contact(order.pk, way="phone", result="reached", by=by, now=timezone.now())
        assert filled() == ["report"]

    def test_says_beside_a_button_why_it_is_off(self, secretary, order):
        sign(order.pk, by=Actor.staff(secretary), now=timezone.now())
        response = page_of(secretary, "case", order.case.number, language="en")
        reasons = {step.name: str(step.reason) for step in response.context["own_steps"] if not step.allowed}
        assert set(reasons) == {"report"}
        assert all(reason in text_of(response) for reason in reasons.values())
        assert "has not been contacted" in reasons["report"]

    def test_offers_no_button_to_somebody_who_only_sees(self, city, order):
        response = page_of(city.staff["leader"], "case", order.case.number, language="en")
        assert response.context["own_steps"] == []
        assert "Your roles here do not include" in text_of(response)

    def test_costs_the_same_however_much_happened(self, city, secretary, order):
        counts = []
        client = client_of(secretary)
        address = reverse("dispatch:case", args=[order.case.number])
        for times in (1, 8):
            for number in range(times):
                if number == 0 and len(counts) == 0:
                    sign(order.pk, by=Actor.staff(secretary), now=timezone.now())
                record_contact(order.pk, way="phone", result="reached", by=Actor.staff(secretary), now=timezone.now())
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 15

    def test_is_a_fragment_for_htmx(self, secretary, order):
        response = client_of(secretary).get(reverse("dispatch:case", args=[order.case.number]), headers=HTMX)
        assert "<html" not in text_of(response)
        assert 'id="case"' in text_of(response)


class TestSigning:
    def test_moves_on_to_the_contact(self, secretary, order):
        response = take(secretary, order, "sign")
        assert response.url == reverse("dispatch:case", args=[order.case.number])
        order.refresh_from_db()
        assert order.state == HANDLING

    def test_tells_the_list_beside_it(self, secretary, order):
        response = take(secretary, order, "sign", headers=HTMX)
        assert response.headers["HX-Trigger"] == "desk-changed"
        assert "Signed" in text_of(response)

    def test_twice_says_why_not(self, secretary, order):
        take(secretary, order, "sign")
        order.refresh_from_db()
        response = take(secretary, order, "sign")
        assert response.status_code == 409
        assert "not possible while the state is" in shown(response)


class TestAStalePage:
    def test_is_shown_fresh_with_what_was_typed(self, secretary, order):
        sign(order.pk, by=Actor.staff(secretary), now=timezone.now())
        response = take(secretary, order, "contact", way="phone", result="reached", note="市民说明天再谈")
        assert response.status_code == 409
        assert "meanwhile" in shown(response)
        assert "市民说明天再谈" in text_of(response)
        assert Contact.objects.count() == 0
        fresh = response.context["form"]["row_version"].value()
        assert int(fresh) == WorkOrder.objects.get().row_version

    def test_can_be_sent_again_as_it_is_shown(self, secretary, order):
        sign(order.pk, by=Actor.staff(secretary), now=timezone.now())
        stale = take(secretary, order, "contact", way="phone", result="reached", note="再谈")
        fresh = stale.context["form"]["row_version"].value()
        assert (
            take(secretary, order, "contact", way="phone", result="reached", note="再谈", row_version=fresh).status_code
            == 302
        )
        assert Contact.objects.get().note == "再谈"


class TestTheContact:
    def test_is_recorded(self, secretary, order):
        order = sign(order.pk, by=Actor.staff(secretary), now=timezone.now())
        take(secretary, order, "contact", way="sms", result="reached", note="约好下午上门")
        assert (Contact.objects.get().way, Contact.objects.get().result) == ("sms", "reached")

    def test_that_failed_says_what_was_tried(self, secretary, order):
        order = sign(order.pk, by=Actor.staff(secretary), now=timezone.now())
        response = take(secretary, order, "contact", way="phone", result="unreachable")
        assert response.status_code == 422
        assert "note" in response.context["form"].errors
        assert Contact.objects.count() == 0


class TestHandingDown:
    def test_offers_the_unit_nearest_to_the_place(self, city):
        boss = grant(make_staff("boss", city.centres[0]), "district_dispatcher", city.centres[0])
        order = by_hand(city, city.centres[0])
        sign(order.pk, by=Actor.staff(boss), now=timezone.now())
        response = page_of(boss, "case", order.case.number, do="hand_down")
        form = response.context["form"]
        assert form["unit_id"].value() == city.stations[0][0][0].pk
        assert city.stations[1][0][0].pk not in [value for value, _ in form.fields["unit_id"].choices]

    def test_gives_the_case_to_the_unit(self, city):
        boss = grant(make_staff("boss", city.offices[0][0]), "community_secretary", city.offices[0][0])
        order = by_hand(city, city.offices[0][0])
        order = sign(order.pk, by=Actor.staff(boss), now=timezone.now())
        assert take(boss, order, "hand_down", unit_id=city.stations[0][0][0].pk, note="请办理").status_code == 302
        order.refresh_from_db()
        assert order.state == HANDED_DOWN
        page = page_of(boss, "case", order.case.number)
        assert page.context["page"].label.endswith(city.stations[0][0][0].name)
        assert len(page.context["page"].work_orders) == 2

    def test_refuses_a_foreign_unit_at_the_field(self, city):
        boss = grant(make_staff("boss", city.offices[0][0]), "community_secretary", city.offices[0][0])
        order = sign(by_hand(city, city.offices[0][0]).pk, by=Actor.staff(boss), now=timezone.now())
        response = take(boss, order, "hand_down", unit_id=city.stations[1][0][0].pk, note="记住这句")
        assert response.status_code == 422
        assert "unit_id" in response.context["form"].errors
        assert "记住这句" in text_of(response)


class TestTheReport:
    def test_goes_to_review_with_its_pictures(self, secretary, order):
        order = contacted(secretary, order)
        response = take(
            secretary,
            order,
            "report",
            text="已清理。",
            told_way="phone",
            before=SimpleUploadedFile("a.png", PNG, "image/png"),
            after=SimpleUploadedFile("b.png", PNG, "image/png"),
        )
        assert response.status_code == 302
        assert [file.kind for file in Report.objects.get().photos.order_by("id")] == ["before", "after"]
        order.refresh_from_db()
        assert order.state == UNDER_REVIEW

    def test_without_words_is_refused_at_the_field_and_keeps_the_rest(self, secretary, order):
        order = contacted(secretary, order)
        response = take(secretary, order, "report", text="", told_way="sms")
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["text"]
        assert response.context["form"]["told_way"].value() == "sms"
        assert Report.objects.count() == 0

    def test_of_a_facility_without_pictures_says_what_is_missing(self, city):
        handler = city.staff["handler"]
        order = contacted(handler, dispatched(city, 1, now=timezone.now(), item="T02")[0])
        page = page_of(handler, "case", order.case.number, do="report")
        assert page.context["form"] is not None
        response = take(handler, order, "report", text="已修好。", told_way="phone")
        assert response.status_code == 409
        assert "photos from before and after" in shown(response)
        assert "已修好。" in text_of(response)

    def test_that_fails_leaves_no_picture_behind(self, city):
        handler = city.staff["handler"]
        order = contacted(handler, dispatched(city, 1, now=timezone.now(), item="T02")[0])
        take(handler, order, "report", text="已修好。", before=SimpleUploadedFile("a.png", PNG, "image/png"))
        assert Attachment.objects.count() == 0

    def test_with_a_file_that_is_no_picture_is_refused(self, secretary, order):
        order = contacted(secretary, order)
        file = SimpleUploadedFile("a.png", b"MZ not a picture", "image/png")
        response = take(secretary, order, "report", text="已清理。", after=file)
        assert response.status_code in (400, 409, 422)
        assert Report.objects.count() == 0
        assert "已清理。" in text_of(response)


class TestTheReview:
    @pytest.fixture
    def waiting(self, city, order):
        return reported(city, order, now=timezone.now())

    def test_asks_for_every_closing_criterion(self, city, waiting, monkeypatch):
        monkeypatch.setattr("dispatch.views.cases.forms.split_criteria", lambda text: ["已清理", "已告知"])
        reviewer = city.staff["reviewer"]
        response = take(reviewer, waiting, "approve", criteria=["0"], opinion="同意")
        assert response.status_code == 422
        assert "1 of 2 criteria" in shown(response)
        assert take(reviewer, waiting, "approve", criteria=["0", "1"], opinion="同意").status_code == 302
        assert Review.objects.get().verdict == "approved"

    def test_sends_back_with_a_reason(self, city, waiting):
        response = take(city.staff["reviewer"], waiting, "send_back", reason="no_photos", opinion="请补充照片")
        assert response.status_code == 302
        waiting.refresh_from_db()
        assert waiting.state == HANDLING
        page = page_of(city.staff["community_secretary"], "case", waiting.case.number)
        assert "请补充照片" in text_of(page)

    def test_does_not_send_back_without_one(self, city, waiting):
        response = take(city.staff["reviewer"], waiting, "send_back", reason="", opinion="")
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"reason", "opinion"}

    def test_is_not_for_the_handler(self, city, waiting):
        assert take(city.staff["community_secretary"], waiting, "approve").status_code == 403

    def test_ends_the_case_at_the_last_level(self, city, waiting):
        for name in ("reviewer", "district_reviewer"):
            waiting.refresh_from_db()
            assert take(city.staff[name], waiting, "approve", opinion="同意").status_code == 302
        page = page_of(city.staff["agent"], "case", waiting.case.number)
        assert page.context["case"].state == "closed"
        assert page.context["page"].tone == "ok"
        assert page.context["steps"] == []


class TestClosingCriteria:
    def test_are_taken_one_by_one(self):
        assert split_criteria("已清理；已告知市民。\n附照片") == ["已清理", "已告知市民", "附照片"]

    def test_may_be_none(self):
        assert split_criteria("") == []


class TestProgress:
    def test_asks_again_until_the_case_is_dispatched(self, city):
        case = new_case(city, now=timezone.now())
        agent = city.staff["agent"]
        assert "hx-trigger" in text_of(page_of(agent, "progress", case.number))
        dispatch_awaiting(by=SYSTEM, now=timezone.now())
        after = text_of(page_of(agent, "progress", case.number))
        assert "hx-trigger" not in after
        assert city.stations[0][0][0].name in after

    def test_stops_asking_when_a_person_is_needed(self, city):
        case = new_case(city, now=timezone.now(), item="")
        dispatch_awaiting(by=SYSTEM, now=timezone.now())
        after = page_of(city.staff["agent"], "progress", case.number, language="en")
        assert "hx-trigger" not in text_of(after)
        assert "A dispatcher of" in shown(after)

    def test_is_hidden_from_other_districts(self, city, order):
        assert page_of(city.staff["other_secretary"], "progress", order.case.number).status_code == 404


class TestSearch:
    def test_goes_to_the_case_by_its_number_and_by_a_work_orders(self, secretary, order):
        for text in (order.case.number, order.number, f" {order.case.number.lower()} "):
            assert page_of(secretary, "search", q=text).url == reverse("dispatch:case", args=[order.case.number])

    def test_takes_any_words(self, secretary):
        for text in ("", "x", "%" * 200, SCRIPT, "’"):
            assert page_of(secretary, "search", q=text).status_code == 200


def contacted(user, order):
    """Sign a work order and contact the citizen."""
    by = Actor.staff(user)
    sign(order.pk, by=by, now=timezone.now())
    record_contact(order.pk, way="phone", result="reached", by=by, now=timezone.now())
    return WorkOrder.objects.get(pk=order.pk)


def by_hand(city, unit):
    """Make a case whose work order is at `unit`, as a dispatcher would."""
    case = new_case(city, now=timezone.now(), item="")
    dispatch_awaiting(by=SYSTEM, now=timezone.now())
    return dispatch_by_hand(
        case.pk, unit_id=unit.pk, note="试", by=Actor.staff(city.staff["city_dispatcher"]), now=timezone.now()
    )
