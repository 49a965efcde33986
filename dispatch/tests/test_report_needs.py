"""What the form of a report says it must hold; the checks of the service stay the judge."""

from io import StringIO

import pytest
from django.core.management import call_command

from dispatch.models import WorkOrder
from dispatch.services import record_contact, report, sign, tell_citizen
from dispatch.services.report_needs import report_needs
from dispatch.tests.desks import client_of, dispatched, page_of
from dispatch.tests.world import NOON, make_world
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models import Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    found = make_world()
    call_command("load_closing_criteria", stdout=StringIO())
    return found


def at_work(city, **given):
    """Return a work order that is signed and contacted, and who has it."""
    (order,) = dispatched(city, 1, now=NOON, **given)
    by = Actor.staff(city.staff["community_secretary"])
    sign(order.pk, by=by, now=NOON)
    record_contact(order.pk, way="phone", result="reached", by=by, now=NOON)
    return WorkOrder.objects.select_related("case__item_version", "unit").get(pk=order.pk), by


def fields(order):
    return {need.fields[0]: need for need in report_needs(order, NOON)}


def set_least(count):
    Parameter.objects.filter(key="report.least_text").update(value=count)
    parameters.forget()


class TestWhatIsNeeded:
    def test_is_the_text_and_that_the_citizen_is_told(self, city):
        order, _ = at_work(city)
        assert set(fields(order)) == {"text", "told_way"}

    def test_of_a_complaint_is_the_day_and_the_result_as_well(self, city):
        order, _ = at_work(city, request_type="complaint")
        assert {"done_on", "result"} <= set(fields(order))

    def test_of_a_suggestion_is_what_became_of_it_and_why_unless_it_was_adopted(self, city):
        order, _ = at_work(city, request_type="suggestion")
        needs = fields(order)
        assert "adoption" in needs
        assert needs["adoption_reason"].unless == ("adoption", "adopted")

    def test_counts_what_was_told_separately(self, city):
        order, by = at_work(city)
        assert not fields(order)["told_way"].is_met
        tell_citizen(order.pk, kind="result", way="phone", by=by, now=NOON)
        assert fields(order)["told_way"].is_met


class TestTheLeastText:
    def test_is_shown_and_held_by_the_service(self, city):
        set_least(10)
        order, by = at_work(city)
        assert fields(order)["text"].least == 10
        with pytest.raises(BadInput) as refused:
            report(order.pk, text="已清走。", told_way="phone", by=by, now=NOON)
        assert (refused.value.field, "10" in str(refused.value)) == ("text", True)
        report(order.pk, text="楼道纸箱已全部清走，通道畅通。", told_way="phone", by=by, now=NOON)


class TestThePage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_lists_it_beside_the_form_without_any_script(self, city, language):
        order, by = at_work(city, request_type="complaint")
        page = page_of(by.user, "case", order.case.number, language=language, do="report")
        text = page.content.decode()
        assert "data-needs" in text
        for name in ("text", "done_on", "result", "told_way"):
            assert f'data-fields="{name}"' in text

    def test_stays_with_what_was_typed_when_the_server_refuses(self, city):
        set_least(10)
        order, by = at_work(city)
        answer = client_of(by.user).post(
            f"/dispatch/work-orders/{order.pk}/report/", {"row_version": order.row_version, "text": "已清走。"}
        )
        assert answer.status_code == 400
        assert "已清走。" in answer.content.decode()
        assert "data-needs" in answer.content.decode()
