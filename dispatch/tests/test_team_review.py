"""A community reviews what its own team of the grid reports before it goes up, and never its own work."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from dispatch.models import Finding, Report, Review, WorkOrder
from dispatch.selectors import TABS, count_tabs, get_own_units, get_reviewing_units, get_steps, of_units, with_reviews
from dispatch.services import NewFinding, approve, send_back, solve_on_spot
from dispatch.tests.desks import page_of
from dispatch.tests.teams import handed_to_team, make_team_world, reported_by_team
from dispatch.tests.world import NOON
from dispatch.workflow import DONE, HANDLING, UNDER_REVIEW
from intake.workflow import CLOSED
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight
from shenzhen_gov.core.models import Parameter

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def city(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_team_world()


@pytest.fixture
def pair(city):
    parent, child = handed_to_team(city)[0]
    return parent, reported_by_team(child, city.officer, now=LATER)


def set_parameter(key, value):
    Parameter.objects.filter(key=key).update(value=value)
    parameters.forget()


def jpeg(name, colour):
    written = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


def solved(city, by):
    set_parameter("on_spot.review_share", 1)
    new = NewFinding(content="二楼楼道里堆着纸箱。", area=city.cells[0].code, item="T01", address="5栋2楼")
    photos = {"before": [jpeg("a.jpg", "red")], "after": [jpeg("b.jpg", "green")]}
    return solve_on_spot(new, done="当场劝导清走。", **photos, by=by, now=NOON).case


class TestTheReportOfATeam:
    def test_lies_before_its_community(self, city, pair):
        _, child = pair
        assert (child.state, child.review_unit) == (UNDER_REVIEW, city.stations[0][0][0])

    def test_goes_up_in_the_name_of_the_community_once_approved_and_is_closed_above(self, city, pair):
        parent, child = pair
        approve(child.pk, by=city.secretary, now=LATER)
        parent.refresh_from_db()
        assert WorkOrder.objects.get(pk=child.pk).state == DONE
        assert (parent.state, parent.review_unit) == (UNDER_REVIEW, city.offices[0][0])
        assert Report.objects.get(work_order=parent).text == "纸箱已清走，楼道通畅。"
        approve(parent.pk, by=city.street, now=LATER)
        approve(parent.pk, by=city.district, now=LATER)
        parent.case.refresh_from_db()
        assert parent.case.state == CLOSED

    def test_goes_back_to_the_team_with_the_reason(self, city, pair):
        parent, child = pair
        send_back(child.pk, reason="not_handled", opinion="楼梯间还有杂物。", by=city.secretary, now=LATER)
        child.refresh_from_db()
        parent.refresh_from_db()
        assert (child.state, parent.state) == (HANDLING, "handed_down")
        assert Review.objects.get().unit == city.stations[0][0][0]

    def test_is_not_reviewed_by_the_officer_nor_by_another_community(self, city, pair):
        with pytest.raises(NotAllowed):
            approve(pair[1].pk, by=city.officer, now=LATER)
        with pytest.raises(OutOfSight):
            approve(pair[1].pk, by=Actor.staff(city.staff["other_secretary"]), now=LATER)

    def test_may_still_be_reviewed_by_the_street(self, city, pair):
        approve(pair[1].pk, by=city.street, now=LATER)
        assert WorkOrder.objects.get(pk=pair[1].pk).state == DONE

    def test_goes_to_the_street_at_once_where_communities_do_not_review(self, city):
        set_parameter("review.lowest_level", 3)
        _, child = handed_to_team(city)[0]
        reported_by_team(child, city.officer, now=LATER)
        assert child.review_unit == city.offices[0][0]
        with pytest.raises(NotAllowed):
            approve(child.pk, by=city.secretary, now=LATER)
        approve(child.pk, by=city.street, now=LATER)


class TestOnesOwnWork:
    def test_is_reviewed_by_somebody_else(self, city):
        parent, child = handed_to_team(city)[0]
        reported_by_team(child, city.secretary, now=LATER)
        for step in (approve, lambda pk, **given: send_back(pk, reason="not_handled", opinion="重做", **given)):
            with pytest.raises(NotAllowed) as refused:
                step(child.pk, by=city.secretary, now=LATER)
            assert "yourself" in str(refused.value) or "本人" in str(refused.value)
        approve(child.pk, by=city.street, now=LATER)
        parent.refresh_from_db()
        assert parent.state == UNDER_REVIEW

    def test_shows_the_button_off_with_the_reason(self, city):
        _, child = handed_to_team(city)[0]
        reported_by_team(child, city.secretary, now=LATER)
        steps = {step.name: step for step in get_steps(child, city.secretary)}
        assert not steps["approve"].allowed
        assert steps["approve"].reason

    def test_is_open_to_whoever_did_not_handle_it(self, city, pair):
        steps = {step.name: step for step in get_steps(pair[1], city.secretary)}
        assert steps["approve"].allowed


class TestWhatATeamSolvedOnTheSpot:
    def test_is_reviewed_by_the_community_and_goes_up(self, city):
        case = solved(city, city.officer)
        order = WorkOrder.objects.get(case=case)
        assert order.review_unit == city.stations[0][0][0]
        approve(order.pk, by=city.secretary, now=LATER)
        order.refresh_from_db()
        assert (order.state, order.review_unit) == (UNDER_REVIEW, city.offices[0][0])

    def test_found_by_the_secretary_is_reviewed_by_the_street(self, city):
        order = WorkOrder.objects.get(case=solved(city, city.secretary))
        assert Finding.objects.get().found_by == city.staff["community_secretary"]
        with pytest.raises(NotAllowed):
            approve(order.pk, by=city.secretary, now=LATER)
        approve(order.pk, by=city.street, now=LATER)


class TestTheTabOfTheDesk:
    def test_holds_what_waits_for_ones_review(self, city, pair):
        user = city.staff["community_secretary"]
        tabs = with_reviews(TABS, get_reviewing_units(user))
        assert count_tabs(tabs, of_units(get_own_units(user)), LATER, user)["review"] == 1
        page = page_of(user, "community", tab="review")
        assert [row.pk for row in page.context["rows"]] == [pair[1].pk]
        assert "do=approve" in page.content.decode()

    def test_does_not_hold_what_the_street_reviews(self, city, pair):
        approve(pair[1].pk, by=city.secretary, now=LATER)
        assert page_of(city.staff["community_secretary"], "community", tab="review").context["rows"] == []

    def test_is_not_there_for_whoever_reviews_nothing(self, city, pair):
        assert with_reviews(TABS, get_reviewing_units(city.staff["officer"])) == TABS

    def test_opens_the_day_where_nothing_is_overdue_or_to_be_signed(self, city, pair):
        assert page_of(city.staff["community_secretary"], "community").context["tab"].code in ("overdue", "review")
