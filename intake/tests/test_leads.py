"""Leads: reported once however often, verified, filed as a case without a caller, followed to the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.models import Case, Channel, Lead
from intake.services import (
    NewLead,
    create_channel_token,
    dismiss_lead,
    file_lead,
    finish_leads,
    report_lead,
    verify_lead,
)
from intake.services.moves import move_case
from intake.tests.factories import SYSTEM, city_with_channels
from intake.workflow import AWAITING_DISPATCH, LEAD_DISMISSED, LEAD_DONE, LEAD_FILED, LEAD_FOUND, LEAD_VERIFIED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

NOW = timezone.now()


@pytest.fixture
def city(db):
    city = city_with_channels()
    city.officer = grant(make_staff("lead_one"), ["verify_lead", "register_case", "view_case"], city.centres[0])
    city.other = grant(make_staff("lead_two"), ["verify_lead", "register_case", "view_case"], city.centres[1])
    city.by = Actor.staff(city.officer)
    city.community = city.communities[0][0][0]
    return city


def told(city, *, by=SYSTEM, **given):
    values = {
        "channel": "sensor", "kind": "sensor", "content": "井盖倾斜报警", "area": city.community.code,
        "longitude": 114.03, "latitude": 22.61,
    }  # fmt: skip
    return report_lead(NewLead(**(values | given)), by=by, now=NOW)


class TestReporting:
    def test_makes_a_lead_that_the_district_centre_answers_for(self, city):
        done = told(city)
        assert (done.created, done.lead.state, done.lead.holder) == (True, LEAD_FOUND, city.centres[0])
        assert AuditEntry.objects.filter(action="lead.found", object_id=done.lead.pk).exists()

    def test_the_same_outside_number_again_changes_nothing(self, city):
        first = told(city, external_id="D-1").lead
        again = told(city, external_id="D-1")
        assert (again.created, again.lead.pk, again.lead.times_seen) == (False, first.pk, 1)

    def test_the_same_matter_a_few_metres_away_is_counted(self, city):
        first = told(city, external_id="D-1").lead
        again = told(city, external_id="D-2", longitude=114.0305)
        assert (again.created, again.lead.pk, again.lead.times_seen) == (False, first.pk, 2)

    @pytest.mark.parametrize(
        "other",
        [{"longitude": 114.05}, {"content": "井盖缺失报警"}, {"kind": "camera"}, {"longitude": None, "latitude": None}],
    )
    def test_another_place_matter_or_kind_is_another_lead(self, city, other):
        told(city)
        assert told(city, **other).created

    def test_one_that_was_not_confirmed_is_looked_at_again_when_it_keeps_coming(self, city):
        lead = told(city).lead
        dismiss_lead(lead.pk, finding="现场井盖完好", by=city.by, now=NOW)
        states = [told(city).lead.state for _ in range(2)]
        assert states == [LEAD_DISMISSED, LEAD_FOUND]

    def test_the_place_is_read_from_the_text(self, city):
        lead = told(city, area="", longitude=None, latitude=None, content=f"{city.community.name}路面塌陷").lead
        assert lead.area == city.community

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"content": " "}, "content"),
            ({"content": "a\x00b"}, "content"),
            ({"kind": "gossip"}, "kind"),
            ({"area": "999"}, "area"),
            ({"item": "none"}, "item"),
            ({"link": "javascript:alert(1)"}, "link"),
            ({"latitude": 91.0}, "latitude"),
            ({"latitude": float("nan")}, "latitude"),
            ({"channel": "nowhere"}, "channel"),
            ({"urgency": "soon"}, "urgency"),
            ({"external_id": "x" * 81}, "external_id"),
        ],
    )
    def test_refuses_what_cannot_be_naming_the_field(self, city, given, field):
        with pytest.raises(BadInput) as refused:
            told(city, **given)
        assert (refused.value.field, Lead.objects.count()) == (field, 0)

    def test_a_channel_needs_the_right_and_is_told_what_became_of_it(self, city, client):
        channel = Channel.objects.get(code="sensor")
        _token, key = create_channel_token(channel.pk, by=SYSTEM, now=NOW)
        answers = []
        for rights in (["create"], ["leads"], ["leads"]):
            Channel.objects.filter(pk=channel.pk).update(rights=rights, needs_signature=False)
            answers.append(
                client.post(
                    reverse("intake_api:leads"),
                    {"kind": "sensor", "content": "水位超限", "longitude": 114.03, "latitude": 22.61},
                    content_type="application/json",
                    headers={"Authorization": f"Token {key}"},
                )
            )
        assert [answer.status_code for answer in answers] == [403, 201, 200]
        assert answers[2].json()["times_seen"] == 2


class TestTheWayToACase:
    def test_verified_filed_and_followed_to_the_end(self, city):
        lead = told(city).lead
        verify_lead(lead.pk, finding="现场核实井盖松动", item=city.item.item.code, by=city.by, now=NOW)
        case = file_lead(lead.pk, by=city.by, now=NOW)
        lead.refresh_from_db()
        assert (lead.state, lead.case, case.citizen, case.state) == (LEAD_FILED, case, None, AWAITING_DISPATCH)
        assert (case.item, case.area, case.longitude) == (city.item.item, city.community, 114.03)
        assert finish_leads(by=SYSTEM, now=NOW) == 0
        Case.objects.filter(pk=case.pk).update(state="under_review")
        case.refresh_from_db()
        move_case(case, "close", action="case.answered", by=SYSTEM, now=NOW)
        assert finish_leads(by=SYSTEM, now=NOW) == 1
        lead.refresh_from_db()
        assert lead.state == LEAD_DONE
        assert finish_leads(by=SYSTEM, now=NOW) == 0

    def test_filed_twice_is_one_case(self, city):
        lead = told(city).lead
        verify_lead(lead.pk, finding="现场核实井盖松动", by=city.by, now=NOW)
        file_lead(lead.pk, by=city.by, now=NOW)
        with pytest.raises(IllegalMove):
            file_lead(lead.pk, by=city.by, now=NOW)
        assert Case.objects.count() == 1

    def test_needs_somebody_to_have_looked(self, city):
        lead = told(city).lead
        with pytest.raises(IllegalMove):
            file_lead(lead.pk, by=city.by, now=NOW)
        with pytest.raises(BadInput) as refused:
            verify_lead(lead.pk, finding="ok", by=city.by, now=NOW)
        assert refused.value.field == "finding"

    def test_is_refused_on_a_stale_page(self, city):
        lead = told(city).lead
        verify_lead(lead.pk, finding="现场核实井盖松动", row_version=lead.row_version, by=city.by, now=NOW)
        with pytest.raises(StalePage):
            dismiss_lead(lead.pk, finding="现场井盖完好", row_version=lead.row_version, by=city.by, now=NOW)

    def test_another_district_does_not_see_it(self, city):
        lead = told(city).lead
        with pytest.raises(OutOfSight):
            verify_lead(lead.pk, finding="现场核实井盖松动", by=Actor.staff(city.other), now=NOW)

    def test_without_the_act_it_is_refused_with_the_reason(self, city):
        lead = told(city).lead
        viewer = grant(make_staff("viewer"), ["view_case"], city.centres[0])
        with pytest.raises(NotAllowed, match="Verify leads"):
            verify_lead(lead.pk, finding="现场核实井盖松动", by=Actor.staff(viewer), now=NOW)

    def test_old_leads_are_not_the_same_matter(self, city):
        lead = told(city).lead
        Lead.objects.filter(pk=lead.pk).update(last_seen_at=NOW - timedelta(days=8))
        assert told(city).created


class TestThePages:
    @pytest.fixture
    def page(self, city, client):
        client.force_login(city.officer)
        client.cookies["django_language"] = "en"
        return client

    def test_lead_from_entering_to_the_case(self, city, page):
        sent = {"kind": "patrol", "content": "路面塌陷约一米", "area": city.community.name, "urgency": "urgent"}
        made = page.post(reverse("intake:lead_new"), sent)
        lead = Lead.objects.get()
        assert made.url == reverse("intake:lead", args=[lead.number])
        assert lead.number in page.get(reverse("intake:leads")).content.decode()
        page.post(made.url, {"move": "verify", "finding": "现场已看到塌陷", "row_version": 1})
        done = page.post(made.url, {"move": "file", "row_version": 2}, follow=True)
        lead.refresh_from_db()
        assert lead.state == LEAD_FILED
        assert lead.case.number in done.content.decode()

    def test_keep_what_was_typed_beside_the_error(self, city, page):
        answer = page.post(
            reverse("intake:lead_new"), {"kind": "patrol", "content": "<b>洞</b>x", "area": "没有的地方"}
        )
        assert answer.status_code == 422
        assert "&lt;b&gt;洞" in answer.content.decode()
        assert Lead.objects.count() == 0

    def test_say_what_is_missing(self, city, page):
        lead = told(city).lead
        answer = page.post(reverse("intake:lead", args=[lead.number]), {"move": "verify", "row_version": 1})
        assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"finding"})
        lead.refresh_from_db()
        assert lead.state not in (LEAD_VERIFIED, LEAD_DISMISSED)

    def test_do_not_exist_for_another_district(self, city, client):
        lead = told(city).lead
        client.force_login(city.other)
        assert client.get(reverse("intake:lead", args=[lead.number])).status_code == 404
        assert lead.number not in client.get(reverse("intake:leads")).content.decode()
