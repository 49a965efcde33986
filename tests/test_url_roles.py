"""Every address answers every kind of person as the committed table says; an address missing from it fails."""

from django.db import transaction
from django.urls import NoReverseMatch, reverse

from tests.url_table import BY_RULE, addresses, read_table
from tests.url_world import UrlWorld

CONTENT = "纸箱"  # a word of the case


class UrlRoles(UrlWorld):
    """What each person gets, by the table."""

    def answer(self, row, who: str) -> str:
        """Return the status, or `login` for a way to the log-in page; nothing stays changed.

        Whoever is of another district, holds no role or is not signed in reads nothing of the case on any page.
        """
        client = self.client_of(who)
        with transaction.atomic():
            send = client.post if row.method == "POST" else client.get
            response = send(row.address(self.facts), row.data(self.facts))
            transaction.set_rollback(True)
        if who in {"anonymous", "nobody"} or who.startswith("other_"):
            assert CONTENT not in response.content.decode(errors="replace"), f"{row.url} shows the case to {who}"
        to_login = response.status_code == 302 and response.url.startswith(f"{reverse('login')}?next=")
        return "login" if to_login else str(response.status_code)

    def test_each_person_gets_what_the_table_says(self):
        wrong = []
        for row in read_table():
            for who, expected in row.people:
                if (got := self.answer(row, who)) != expected:
                    wrong.append(f"{row.method} {row.url}: {who} got {got}, not {expected}")
        assert not wrong, "\n".join(wrong)

    def test_a_wrong_method_is_never_an_error_of_ours(self):
        for row in read_table():
            for who in ("anonymous", "community_secretary", "administrator"):
                client = self.client_of(who)
                with transaction.atomic():
                    other = client.get if row.method == "POST" else client.post
                    status = other(row.address(self.facts)).status_code
                    transaction.set_rollback(True)
                assert status < 500, f"{row.url} {who} {status}"

    def test_every_page_of_the_admin_is_shut_to_all_but_administrators(self):
        shut, seen = [], 0
        for name, _route in addresses():
            if not name.startswith("admin:"):
                continue
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue  # a page about one row; the lists before it are shut
            seen += 1
            for who in ("anonymous", "handler", "city_dispatcher", "leader"):
                status = self.client_of(who).get(address).status_code
                if status not in {302, 403, 404} and name != "admin:jsi18n":
                    shut.append(f"{name}: {who} {status}")
            assert self.client_of("root").get(address).status_code < 500, name
        assert seen > 10
        assert not shut, "\n".join(shut)


def test_every_address_stands_in_the_table():
    listed = {row.url for row in read_table()}
    present = {name for name, _route in addresses() if not name.startswith(BY_RULE)}
    assert present - listed == set(), "add a row to tests/url_roles.csv"
    assert listed - present == set(), "these addresses are gone"


def test_every_row_names_four_kinds_of_people():
    for row in read_table():
        assert len(row.people) == 4
        assert all(who and expected for who, expected in row.people), row.url
