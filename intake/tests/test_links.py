"""Cases about one matter are linked under a main one; nobody loses a case, and nothing merges by itself."""

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.models import CaseLink
from intake.services import link_cases, undo_link
from intake.tests.factories import SYSTEM, city_with_channels, make_case
from intake.workflow import AWAITING_DISPATCH
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

NOW = timezone.now()


class Linking(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.city = city_with_channels()
        area = cls.city.communities[0][0][0].code
        cls.a, cls.b, cls.c = (make_case(area=area, item=cls.city.item.item.code) for _n in range(3))
        cls.far = make_case(area=cls.city.communities[1][0][0].code)
        cls.by = Actor.staff(cls.city.staff["city_dispatcher"])

    def link(self, main, secondary, **given):
        return link_cases(main.pk, secondary.pk, **({"by": self.by, "now": NOW} | given))

    def mains(self):
        return dict(CaseLink.objects.filter(undone_at=None).values_list("secondary", "main"))

    def test_keeps_both_cases_as_they_were(self):
        self.link(self.a, self.b, score=0.61, reasons={"days": 1})
        for case in (self.a, self.b):
            version = case.row_version
            case.refresh_from_db()
            assert (case.state, case.row_version) == (AWAITING_DISPATCH, version)

    def test_is_an_entry_of_both_cases(self):
        self.link(self.a, self.b)
        entries = AuditEntry.objects.filter(action="case.linked")
        assert {entry.object_id for entry in entries} == {self.a.pk, self.b.pk}
        assert {entry.changes["main"] for entry in entries} == {self.a.number}

    def test_twice_is_one_link(self):
        assert self.link(self.a, self.b).pk == self.link(self.a, self.b).pk
        assert AuditEntry.objects.filter(action="case.linked").count() == 2

    def test_the_other_way_round_keeps_the_link_that_is_there(self):
        assert self.link(self.a, self.b).pk == self.link(self.b, self.a).pk
        assert self.mains() == {self.b.pk: self.a.pk}

    def test_a_secondary_of_a_secondary_goes_to_its_main_case(self):
        self.link(self.a, self.b)
        self.link(self.b, self.c)
        assert self.mains() == {self.b.pk: self.a.pk, self.c.pk: self.a.pk}

    def test_a_main_case_that_becomes_secondary_brings_its_own_along(self):
        self.link(self.b, self.c)
        self.link(self.a, self.b)
        assert self.mains() == {self.b.pk: self.a.pk, self.c.pk: self.a.pk}
        assert CaseLink.objects.filter(undone_at__isnull=False).count() == 1

    def test_a_case_has_one_main_case(self):
        self.link(self.a, self.c)
        with pytest.raises(Refused) as refusal:
            self.link(self.b, self.c)
        assert refusal.value.field == "other"
        assert self.a.number in str(refusal.value)

    def test_a_case_is_not_linked_to_itself(self):
        with pytest.raises(BadInput):
            self.link(self.a, self.a)

    def test_undone_can_be_linked_again(self):
        undo_link(self.link(self.a, self.b).pk, by=self.by, now=NOW)
        assert self.mains() == {}
        assert AuditEntry.objects.filter(action="case.unlinked").count() == 2
        self.link(self.b, self.a)
        assert self.mains() == {self.a.pk: self.b.pk}

    def test_undoing_twice_changes_nothing(self):
        link = self.link(self.a, self.b)
        for _n in range(2):
            undo_link(link.pk, by=self.by, now=NOW)
        assert AuditEntry.objects.filter(action="case.unlinked").count() == 2

    def test_both_cases_are_seen_by_who_links_them(self):
        city = self.city
        district = Actor.staff(city.staff["district_dispatcher"])
        self.link(self.a, self.b, by=district)
        with pytest.raises(OutOfSight):
            self.link(self.a, self.far, by=district)
        elsewhere = grant(make_staff("elsewhere", city.centres[1]), "district_dispatcher", city.centres[1])
        with pytest.raises(OutOfSight):
            undo_link(CaseLink.objects.get().pk, by=Actor.staff(elsewhere), now=NOW)

    def test_takes_a_dispatcher_or_an_agent(self):
        self.link(self.a, self.b, by=Actor.staff(self.city.staff["agent"]))
        for by in (Actor.staff(self.city.staff["reviewer"]), SYSTEM):
            with pytest.raises(NotAllowed):
                self.link(self.a, self.c, by=by)

    def test_a_case_that_is_not_there_is_not_found(self):
        with pytest.raises(OutOfSight):
            link_cases(self.a.pk, 10**12, by=self.by, now=NOW)

    def client_of(self, who):
        client = Client()
        client.force_login(self.city.staff[who])
        return client

    def test_one_press_on_the_page_makes_the_earlier_case_the_main_one(self):
        address = reverse("intake:link", args=[self.b.number])
        response = self.client_of("city_dispatcher").post(
            address, {"other": self.a.number}, headers={"HX-Request": "true"}
        )
        assert response.status_code == 200
        assert self.mains() == {self.b.pk: self.a.pk}
        link = CaseLink.objects.get()
        assert link.score > 0.9
        assert link.reasons["item"] is True
        assert self.a.number in response.content.decode()

    def test_the_page_undoes_only_links_of_its_own_case(self):
        link = self.link(self.a, self.b)
        client = self.client_of("city_dispatcher")
        assert client.post(reverse("intake:undo_link", args=[self.c.number, link.pk])).status_code == 404
        client.post(reverse("intake:undo_link", args=[self.a.number, link.pk]), headers={"HX-Request": "true"})
        assert self.mains() == {}

    def test_a_number_out_of_sight_is_refused_like_one_that_is_not_there(self):
        client = self.client_of("district_dispatcher")
        address = reverse("intake:link", args=[self.a.number])
        for other in (self.far.number, "SZXX0000", "", "\x00", "😀"):
            assert client.post(address, {"other": other}).status_code == 400
        assert self.mains() == {}
