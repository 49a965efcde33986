import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from grid import inbox
from grid.choices import Act, MessageState, MessageWay
from grid.files import read_message_templates
from grid.models import Message, MessageTemplate
from grid.services import (
    Receiver,
    TemplateRow,
    deliver_messages,
    drop_message,
    forget_messages,
    load_message_templates,
    mark_seen,
    retry_message,
    save_message_template,
    send_message,
)
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.kept import forget_all

from .factories import grant, make_staff, small_city

SYSTEM = Actor.system("test")
NOW = timezone.now()


@pytest.fixture
def city(db):
    city = small_city()
    rows = [
        TemplateRow("urged", ["portal"], "催办", "Urged", "{number} 被催办", "{number} is urged", ["number"], "test"),
        TemplateRow("told", ["sms"], "告知", "Told", "您的诉求 {number}", "Your request {number}", ["number"], "test"),
        TemplateRow("both", ["portal", "mail"], "通报", "Circular", "{title}", "{title}", ["title"], "test"),
    ]
    load_message_templates(rows, by=SYSTEM, now=NOW)
    call_command("load_parameters", stdout=StringIO())
    return city


@pytest.fixture
def handler(city):
    return grant(make_staff("reader", city.centre), "agent", city.centre)


def send(template="urged", *to, **facts):
    return send_message(template, to, facts=facts, now=NOW, about="SZ1")


class TestWriting:
    def test_fills_both_languages_as_they_are_now(self, city):
        assert send("urged", Receiver(unit_id=city.centre.pk, act="view_case"), number="SZ1") == 1
        message = Message.objects.get()
        assert (message.text, message.text_en, message.state) == ("SZ1 被催办", "SZ1 is urged", "sent")
        with override("en"):
            assert message.shown_text == "SZ1 is urged"

    def test_a_template_changed_later_rewrites_nothing(self, city):
        send("urged", Receiver(unit_id=city.centre.pk, act="view_case"), number="SZ1")
        row = TemplateRow("urged", ["portal"], "新", "New", "改了", "changed", ["number"], "test")
        save_message_template(row, by=SYSTEM, now=NOW)
        assert Message.objects.get().text == "SZ1 被催办"

    def test_one_taken_out_of_use_or_unknown_writes_none(self, city):
        MessageTemplate.objects.filter(key="urged").update(is_active=False)
        forget_all()
        to = Receiver(unit_id=city.centre.pk, act="view_case")
        assert send("urged", to, number="1") == send("nothing_like_it", to) == 0

    def test_an_outsider_gets_no_message_in_the_portal(self, city):
        assert send("both", Receiver(mail="a@example.org"), title="x") == 1
        assert Message.objects.get().way == MessageWay.MAIL

    def test_a_missing_fact_is_a_dash_and_a_fact_is_no_pattern(self, city):
        send("urged", Receiver(unit_id=city.centre.pk, act="view_case"))
        send("urged", Receiver(unit_id=city.centre.pk, act="view_case"), number="{number.__class__}")
        assert [row.text for row in Message.objects.order_by("id")] == ["— 被催办", "{number.__class__} 被催办"]

    def test_a_label_is_said_in_both_languages(self, city):
        send("urged", Receiver(unit_id=city.centre.pk, act="view_case"), number=Act.HANDLE_CASE.label)
        message = Message.objects.get()
        assert (message.text, message.text_en) == ("承办工单 被催办", "Handle work orders is urged")

    def test_numbers_are_stored_encrypted(self, city):
        send("told", Receiver(phone="13812342207"), number="SZ1")
        with connection.cursor() as cursor:
            cursor.execute("SELECT address FROM grid_message")
            assert b"13812342207" not in bytes(cursor.fetchone()[0])
        assert Message.objects.get().address == "13812342207"


class TestTemplates:
    def test_those_shipped_load_twice_and_change_nothing_the_second_time(self, db):
        small_city()
        rows = read_message_templates()
        assert len(load_message_templates(rows, by=SYSTEM, now=NOW)) == len(rows)
        assert load_message_templates(rows, by=SYSTEM, now=NOW) == []
        out = StringIO()
        call_command("load_message_templates", stdout=out)
        assert len(out.getvalue().splitlines()) == 1  # the sum, and no row that changed

    def test_a_name_that_is_no_fact_is_refused_at_its_field(self, city):
        row = TemplateRow("urged", ["portal"], "催办", "Urged", "{phone}", "x", ["number"], "test")
        with pytest.raises(BadInput) as refusal:
            save_message_template(row, by=SYSTEM, now=NOW)
        assert refusal.value.field == "text"

    def test_an_unknown_way_is_refused(self, city):
        row = TemplateRow("urged", ["pigeon"], "催办", "Urged", "x", "x", [], "test")
        with pytest.raises(BadInput) as refusal:
            save_message_template(row, by=SYSTEM, now=NOW)
        assert refusal.value.field == "ways"


class TestDelivering:
    @pytest.fixture
    def folder(self, settings, tmp_path):
        settings.MESSAGE_FILE = tmp_path / "messages.jsonl"
        settings.MESSAGE_GATEWAYS = dict.fromkeys(("sms", "mail"), "grid.gateways.FileGateway")
        return settings.MESSAGE_FILE

    def test_sends_each_once(self, city, folder):
        send("told", Receiver(phone="13812342207"), number="SZ1")
        assert (deliver_messages(now=NOW), deliver_messages(now=NOW)) == (1, 0)
        line = json.loads(folder.read_text())
        assert (line["to"], line["text"]) == (["13812342207"], "您的诉求 SZ1")
        assert Message.objects.get().state == MessageState.SENT

    def test_one_that_is_not_taken_waits_longer_and_is_stuck_in_the_end(self, city, folder):
        folder.mkdir()  # nothing can be written there
        send("told", Receiver(phone="13812342207"), number="SZ1")
        pauses, now = [], NOW
        for _try in range(12):
            assert deliver_messages(now=now) == 1
            message = Message.objects.get()
            pauses.append(message.next_try_at - now)
            now = message.next_try_at
        assert pauses[0] == timedelta(seconds=60)
        assert pauses == sorted(pauses)
        assert (message.state, message.tries) == (MessageState.STUCK, 12)
        assert message.problem
        assert deliver_messages(now=now + timedelta(days=9)) == 0

    def test_a_stuck_one_is_sent_again_or_given_up_by_hand(self, city, folder):
        send("told", Receiver(phone="13812342207"), number="SZ1")
        Message.objects.update(state=MessageState.STUCK)
        pk = Message.objects.get().pk
        retry_message(pk, by=SYSTEM, now=NOW)
        assert deliver_messages(now=NOW) == 1
        with pytest.raises(IllegalMove):
            drop_message(pk, by=SYSTEM, now=NOW)

    def test_a_worker_that_died_leaves_it_to_the_next_one(self, city, folder, monkeypatch):
        send("told", Receiver(phone="13812342207"), number="SZ1")
        monkeypatch.setattr("grid.services.messages._deliver", lambda *_given: None)  # dies before it is sent
        deliver_messages(now=NOW)
        monkeypatch.undo()
        assert deliver_messages(now=NOW + timedelta(minutes=4)) == 0
        assert deliver_messages(now=NOW + timedelta(minutes=6)) == 1
        assert Message.objects.get().state == MessageState.SENT

    def test_a_provider_is_given_each_under_its_key_and_its_refusal_is_kept(self, city, settings):
        heard, answers = [], iter([503, 200])

        class Provider(BaseHTTPRequestHandler):
            def do_POST(self):
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                heard.append((self.headers["Authorization"], given))
                self.send_response(next(answers))
                self.end_headers()

            def log_message(self, *_given):
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Provider)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MESSAGE_GATEWAYS = {"sms": "grid.gateways.HttpGateway"}
        settings.MESSAGE_URL, settings.MESSAGE_TOKEN = f"http://127.0.0.1:{server.server_port}/send", "secret"
        settings.OUTBOUND_HOSTS = ["127.0.0.1"]
        try:
            send("told", Receiver(phone="13812342207"), number="SZ1")
            deliver_messages(now=NOW)
            assert (Message.objects.get().state, Message.objects.get().problem) == (MessageState.WAITING, "503")
            deliver_messages(now=Message.objects.get().next_try_at)
        finally:
            server.shutdown()
            server.server_close()
        message = Message.objects.get()
        told = {"key": f"message-{message.pk}", "to": ["13812342207"], "text": "您的诉求 SZ1"}
        assert heard == [("Bearer secret", told), ("Bearer secret", told)]
        assert message.state == MessageState.SENT

    def test_mail_goes_out_one_for_each(self, city, settings, mailoutbox):
        settings.MESSAGE_GATEWAYS = {"mail": "grid.gateways.MailGateway"}
        send("both", Receiver(mail="a@example.org"), title="七月")
        deliver_messages(now=NOW)
        assert [(mail.to, mail.subject, mail.body) for mail in mailoutbox] == [(["a@example.org"], "通报", "七月")]

    def test_mail_to_a_unit_goes_to_whoever_holds_the_act_there(self, city, folder, handler):
        handler.email = "reader@example.org"
        handler.save()
        make_staff("other", city.centre, email="other@example.org")
        send("both", Receiver(unit_id=city.centre.pk, act=Act.REGISTER_CASE), title="x")
        deliver_messages(now=NOW)
        assert json.loads(folder.read_text())["to"] == ["reader@example.org"]

    def test_old_ones_are_forgotten_but_not_what_still_waits(self, city):
        for template, to in (("urged", Receiver(unit_id=city.centre.pk)), ("told", Receiver(phone="13812342207"))):
            send(template, to, number="1")
        assert forget_messages(now=NOW + timedelta(days=181)) == 1
        assert Message.objects.get().way == MessageWay.SMS


class TestTheInbox:
    def test_shows_what_is_for_oneself_and_for_ones_post_and_nothing_else(self, city, handler):
        below = city.communities[0][0][0]
        send("urged", Receiver(user_id=handler.pk), number="own")
        send("urged", Receiver(unit_id=city.centre.pk, act=Act.REGISTER_CASE), number="post")
        send("urged", Receiver(unit_id=city.centre.pk, act=Act.DISPATCH_CASE), number="other act")
        send("urged", Receiver(user_id=make_staff("other", city.centre).pk), number="other person")
        assert below
        assert [row.text[:4].strip() for row in inbox.get_inbox(handler)] == ["post", "own"]
        assert inbox.count_unseen(handler) == 2

    def test_looking_at_it_empties_the_bell(self, city, handler, client):
        send("urged", Receiver(user_id=handler.pk), number="SZ1")
        client.force_login(handler)
        assert b"bell-count" in client.get(reverse("grid:messages_count")).content
        assert "SZ1 被催办" in client.get(reverse("grid:messages")).content.decode()
        assert b"bell-count" not in client.get(reverse("grid:messages_count")).content

    def test_an_older_page_takes_nothing_back(self, city, handler):
        mark_seen(9, by=Actor.staff(handler))
        mark_seen(4, by=Actor.staff(handler))
        assert inbox.get_seen(handler) == 9

    def test_goes_on_where_the_page_ended(self, city, handler, client):
        for number in range(inbox.SHOWN + 2):
            send("urged", Receiver(user_id=handler.pk), number=f"n{number}.")
        client.force_login(handler)
        page = client.get(reverse("grid:messages"))
        later = client.get(reverse("grid:messages"), {"before": page.context["older"]}).content.decode()
        assert "n1." in later
        assert "n2." not in later
        assert client.get(reverse("grid:messages"), {"before": "²x"}).status_code == 200
