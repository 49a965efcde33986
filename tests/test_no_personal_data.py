"""Nobody's name or number stands in any answer, export or log, but where it was asked for with a purpose."""

import io
import logging
import zipfile

from django.db import transaction
from django.urls import reverse

from intake.models import Citizen
from shenzhen_gov.core.models import AuditEntry
from tests.url_table import addresses, read_table
from tests.url_world import UrlWorld

NAME, PHONE, ADDRESS, NUMBER = "欧阳莎莎", "13987650123", "阳光花园9栋901", "440301199001011234"
MARKED = [text.encode() for text in (NAME, PHONE, NUMBER, ADDRESS)]


def marks_in(content: bytes) -> list[str]:
    return [mark.decode() for mark in MARKED if mark in content]


class NoPersonalData(UrlWorld):
    """The world of the table of addresses, every citizen of it with a marked name, number and address."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        for citizen in Citizen.objects.all():
            citizen.name, citizen.phone, citizen.address, citizen.identity_number = NAME, PHONE, ADDRESS, NUMBER
            citizen.save()

    @staticmethod
    def let_in(row):
        """Return the people whom an address answers with a page, and one of those it turns away."""
        inside = {who for who, expected in row.people if expected == "200"}
        outside = sorted({who for who, _expected in row.people} - inside)
        return inside | set(outside[:1])

    def test_stands_in_no_answer_of_any_address(self):
        wrong = []
        for row in read_table():
            for who in self.let_in(row) | {"root", "agent"}:
                client = self.client_of(who)
                with transaction.atomic():
                    send = client.post if row.method == "POST" else client.get
                    answer = send(row.address(self.facts), row.data(self.facts))
                    content = b"".join(answer) if answer.streaming else answer.content
                    transaction.set_rollback(True)
                headers = str(answer.headers).encode()
                wrong += [f"{row.url} {who}: {mark}" for mark in marks_in(content + headers)]
        assert not wrong, "\n".join(wrong)

    def test_stands_in_no_list_of_the_admin(self):
        client, wrong = self.client_of("root"), []
        for name, _route in addresses():
            if name.startswith("admin:") and name.endswith("_changelist"):
                wrong += [f"{name}: {mark}" for mark in marks_in(client.get(reverse(name)).content)]
        assert not wrong, "\n".join(wrong)

    def test_stands_in_no_export(self):
        for name, who in (("dispatch:cases", "city_dispatcher"), ("dispatch:queue", "community_secretary")):
            answer = self.client_of(who).get(reverse(name), {"export": "xlsx"})
            content = b"".join(answer) if answer.streaming else answer.content
            if content[:2] == b"PK":
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    content = b"".join(book.read(part) for part in book.namelist())
            assert not marks_in(content), name

    def test_is_shown_to_who_says_why_and_stands_in_no_log_of_it(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger("test").info("begins")
            client = self.client_of("community_secretary")
            address = reverse("intake:identity", args=[self.facts["case"]])
            assert not marks_in(client.get(address).content)
            shown = client.post(address, {"purpose": "联系诉求人核实情况"}).content
            assert marks_in(shown) == [NAME, PHONE, NUMBER, ADDRESS]
        assert not marks_in("\n".join(logs.output).encode())
        for entry in AuditEntry.objects.all():
            assert not marks_in(f"{entry.object_text} {entry.changes} {entry.note}".encode())
