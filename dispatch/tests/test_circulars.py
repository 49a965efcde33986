"""Published circulars as units read them: whom they name, who has read them, what a foreign territory sees."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from dispatch.models import CircularReading
from dispatch.services import circulate, publish_circular, read_circular
from dispatch.tests.desks import client_of, dispatched, page_of
from dispatch.tests.world import make_world
from grid.models import Message
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, OutOfSight

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def city():
    call_command("load_message_templates", stdout=StringIO())
    return make_world()


@pytest.fixture
def draft(city, now):
    """A draft that names a case of the first community, and one of the first community of the second district."""
    orders = dispatched(city, 1, now=now - timedelta(days=2))
    orders += dispatched(city, 1, now=now - timedelta(days=1), area=city.communities[1][0][0].code, phone="13800138009")
    by = Actor.staff(city.staff["supervisor"])
    return [circulate(order.case_id, by=by, now=now) for order in orders][0].circular


@pytest.fixture
def published(city, draft, now):
    return publish_circular(draft.pk, by=Actor.staff(city.staff["supervisor"]), now=now)


@pytest.fixture
def far(city):
    """Who handles for the community of the second district that is named."""
    user = make_staff("far")
    grant(user, "community_secretary", city.stations[1][0][0])
    return user


def text_of(user, *args, name="circulars", **query):
    return page_of(user, name, *args, language="en", **query).content.decode()


def test_a_draft_is_not_in_the_list_and_a_published_one_is(city, draft, now):
    secretary = city.staff["community_secretary"]
    assert "No circular is published yet" in text_of(secretary)
    publish_circular(draft.pk, by=Actor.staff(city.staff["supervisor"]), now=now)
    page = text_of(secretary)
    assert draft.title in page
    assert "to be read" in page


def test_the_named_units_are_told_where_to_read_it(published):
    links = set(Message.objects.filter(template__key="circular").values_list("link", flat=True))
    assert links == {reverse("dispatch:circular", args=[published.pk])}


def test_a_unit_reads_its_own_cases_first_and_all_when_asked(city, published):
    own, other = published.lines.order_by("id")
    secretary = city.staff["community_secretary"]
    page = text_of(secretary, published.pk, name="circular")
    assert own.case.number in page
    assert other.case.number not in page
    page = text_of(secretary, published.pk, name="circular", which="all")
    assert other.case.number in page
    assert reverse("dispatch:case", args=[own.case.number]) in page
    assert reverse("dispatch:case", args=[other.case.number]) not in page


def test_each_named_unit_says_once_that_it_has_read_it(city, published, far, now):
    secretary = city.staff["community_secretary"]
    assert "My unit has read it" in text_of(secretary, published.pk, name="circular")
    answer = client_of(secretary, "en").post(reverse("dispatch:circular_read", args=[published.pk]))
    assert answer.status_code == 302
    page = text_of(secretary, published.pk, name="circular")
    assert "My unit has read it" not in page
    assert "1 of 2 named units have read it" in page
    with pytest.raises(IllegalMove):
        read_circular(published.pk, by=Actor.staff(secretary), now=now)
    read_circular(published.pk, by=Actor.staff(far), now=now)
    assert CircularReading.objects.count() == 2


def test_who_answers_for_no_named_unit_cannot_say_so_and_a_draft_cannot_be_read(city, draft, now):
    supervisor = Actor.staff(city.staff["supervisor"])
    with pytest.raises(IllegalMove):
        read_circular(draft.pk, by=supervisor, now=now)
    with pytest.raises(OutOfSight):
        read_circular(draft.pk, by=Actor.staff(city.staff["community_secretary"]), now=now)
    publish_circular(draft.pk, by=supervisor, now=now)
    with pytest.raises(NotAllowed):
        read_circular(draft.pk, by=supervisor, now=now)


def test_supervisors_see_which_units_of_their_territory_have_not_read_it(city, published, now):
    read_circular(published.pk, by=Actor.staff(city.staff["community_secretary"]), now=now)
    page = text_of(city.staff["supervisor"], published.pk, name="circular")
    first, second = (str(line.unit) for line in published.lines.order_by("id"))
    assert page.index(second) < page.index(first)  # who has not read it stands first
    assert city.staff["community_secretary"].get_full_name() in page


def test_the_list_is_narrowed_to_what_names_ones_units_and_what_is_unread(city, published, now):
    bystander = make_staff("bystander")
    grant(bystander, "community_secretary", city.stations[0][0][1])
    assert published.title in text_of(bystander)
    assert published.title not in text_of(bystander, which="named")
    secretary = city.staff["community_secretary"]
    assert published.title in text_of(secretary, which="named")
    assert published.title in text_of(secretary, which="unread")
    read_circular(published.pk, by=Actor.staff(secretary), now=now)
    assert published.title not in text_of(secretary, which="unread")
    assert "read by my unit" in text_of(secretary)
    assert page_of(secretary, "circulars", export="xlsx").status_code == 200


def test_the_list_is_for_who_works_on_cases(city, published):
    assert page_of(make_staff("idle"), "circulars").status_code == 403
