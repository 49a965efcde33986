"""The sections below a case: shown to who sees the case, each only when it has something to show."""

from django.test import Client, TestCase
from django.urls import reverse

from intake.tests.factories import city_with_channels, make_case


class CaseMore(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.city = city_with_channels()
        cls.case = make_case(area=cls.city.communities[0][0][0].code)

    def ask(self, who, case=None):
        client = Client()
        client.force_login(self.city.staff[who])
        return client.get(reverse("intake:case_more", args=[(case or self.case).number]))

    def test_is_a_fragment_for_who_sees_the_case(self):
        response = self.ask("agent")
        assert response.status_code == 200
        assert "<html" not in response.content.decode()

    def test_shows_no_section_that_has_nothing_to_show(self):
        assert "<section" not in self.ask("agent").content.decode()

    def test_is_not_found_by_who_works_elsewhere(self):
        assert self.ask("other_handler").status_code == 404
