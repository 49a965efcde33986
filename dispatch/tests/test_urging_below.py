"""催办下级: whoever handed a case down urges the unit below, not more often than the pause allows."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from dispatch.models import Urge
from dispatch.selectors import get_steps
from dispatch.services import NoNeedToUrge, urge_below, urge_below_many
from dispatch.tests.desks import client_of, page_of
from dispatch.tests.teams import handed_to_team, make_team_world, reported_by_team
from dispatch.tests.world import NOON
from grid.models import Message
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city():
    return make_team_world()


@pytest.fixture
def pair(city):
    return handed_to_team(city)[0]


class TestUrgingTheTeam:
    def test_tells_the_team_and_stands_in_the_timeline(self, city, pair):
        call_command("load_message_templates", stdout=StringIO())
        parent, _ = pair
        urge = urge_below(parent.pk, text="居民又来电话了。", by=city.secretary, now=NOON)
        assert (urge.unit, urge.case, urge.text) == (city.team, parent.case, "居民又来电话了。")
        assert Message.objects.filter(template__key="case_urged", unit=city.team, way="portal").count() == 1
        assert AuditEntry.objects.filter(action="case.urged", object_id=str(parent.case_id)).count() == 1

    def test_says_the_usual_words_where_none_are_written(self, city, pair):
        assert urge_below(pair[0].pk, by=city.secretary, now=NOON).text

    def test_is_refused_within_the_pause_with_the_time_and_allowed_after_it(self, city, pair):
        parent, _ = pair
        urge_below(parent.pk, by=city.secretary, now=NOON)
        with pytest.raises(NoNeedToUrge) as refused:
            urge_below(parent.pk, by=city.secretary, now=NOON + 29 * MINUTE)
        at = timezone.localtime(NOON + 30 * MINUTE)
        assert f"{at:%H:%M}" in str(refused.value)
        urge_below(parent.pk, by=city.secretary, now=NOON + 30 * MINUTE)
        assert Urge.objects.count() == 2

    def test_takes_the_pause_from_the_parameter(self, city, pair):
        Parameter.objects.filter(key="urge.pause_minutes").update(value=5)
        parameters.forget()
        urge_below(pair[0].pk, by=city.secretary, now=NOON)
        urge_below(pair[0].pk, by=city.secretary, now=NOON + 5 * MINUTE)

    def test_spares_a_team_that_has_reported(self, city, pair):
        reported_by_team(pair[1], city.officer, now=NOON)
        with pytest.raises(NoNeedToUrge):
            urge_below(pair[0].pk, by=city.secretary, now=NOON)

    def test_needs_something_that_was_handed_down(self, city, pair):
        with pytest.raises((IllegalMove, NotAllowed)):
            urge_below(pair[1].pk, by=city.secretary, now=NOON)

    def test_is_for_whoever_hands_down_there(self, city, pair):
        with pytest.raises(NotAllowed):
            urge_below(pair[0].pk, by=city.street, now=NOON)
        for stranger in (city.officer, Actor.staff(city.staff["other_secretary"])):
            with pytest.raises(OutOfSight):
                urge_below(pair[0].pk, by=stranger, now=NOON)

    @pytest.mark.parametrize("text", ["字" * 501, "a\x00b", "\ud800"])
    def test_refuses_words_that_cannot_be_kept(self, city, pair, text):
        with pytest.raises(BadInput) as refused:
            urge_below(pair[0].pk, text=text, by=city.secretary, now=NOON)
        assert refused.value.field == "text"
        assert not Urge.objects.exists()

    def test_is_a_button_of_the_case_named_for_the_officer(self, city, pair):
        steps = {step.name: step for step in get_steps(pair[0], city.secretary)}
        assert steps["urge_below"].allowed
        assert str(steps["urge_below"].label) in ("Urge the grid officer", "催办网格员")


class TestUrgingSeveral:
    def test_spares_whoever_was_urged_a_short_while_ago(self, city):
        pairs = handed_to_team(city, count=3)
        ids = [parent.pk for parent, _ in pairs]
        urge_below(ids[0], by=city.secretary, now=NOON)
        assert urge_below_many(ids, by=city.secretary, now=NOON + MINUTE) == (2, 1)
        assert Urge.objects.count() == 3

    def test_urges_nobody_when_one_of_them_is_somebody_elses(self, city):
        pairs = handed_to_team(city, count=2)
        with pytest.raises(IllegalMove):
            urge_below_many([pairs[0][0].pk, pairs[1][1].pk], by=city.secretary, now=NOON)
        assert not Urge.objects.exists()

    def test_wants_something_ticked_and_not_too_much(self, city):
        for ids in ([], range(1, 500)):
            with pytest.raises(BadInput):
                urge_below_many(list(ids), by=city.secretary, now=NOON)


class TestTheDesk:
    def test_offers_it_on_the_card_for_the_page_and_for_the_ticked(self, city, pair):
        page = page_of(city.staff["community_secretary"], "community", language="en", tab="elsewhere")
        text = page.content.decode()
        assert page.context["to_urge"] == [pair[0].pk]
        assert text.count(reverse("dispatch:urge_below")) == 3
        assert "Urge the grid officer" in text

    def test_does_not_offer_it_where_nothing_was_handed_down(self, city):
        page = page_of(city.staff["community_secretary"], "community", tab="elsewhere")
        assert reverse("dispatch:urge_below") not in page.content.decode()

    def test_weighs_little_with_a_full_page(self, city):
        handed_to_team(city, count=26)
        page = page_of(city.staff["community_secretary"], "community", language="en", tab="elsewhere")
        assert len(page.context["to_urge"]) == 25
        assert len(page.content) < 100_000

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_urges_and_says_so(self, city, pair, language):
        browser = client_of(city.staff["community_secretary"], language)
        back = reverse("dispatch:community") + "?tab=elsewhere"
        answer = browser.post(reverse("dispatch:urge_below"), {"ids": [pair[0].pk], "next": back})
        assert (answer.status_code, answer.url) == (302, back)
        assert Urge.objects.get().unit == city.team
        browser.post(reverse("dispatch:urge_below"), {"ids": [pair[0].pk], "next": back})
        assert Urge.objects.count() == 1

    @pytest.mark.parametrize("ids", [[], ["x"], ["9" * 40], ["-1"], ["\x00"]])
    def test_never_breaks_on_what_is_no_row(self, city, pair, ids):
        browser = client_of(city.staff["community_secretary"])
        answer = browser.post(reverse("dispatch:urge_below"), {"ids": ids})
        assert answer.status_code in (302, 404)
        assert not Urge.objects.exists()
        assert answer.status_code == 404 or list(get_messages(answer.wsgi_request))
