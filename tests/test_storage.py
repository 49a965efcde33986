"""Files in an S3-compatible store, tried against a small one on this machine."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from intake.models import Attachment
from intake.services import add_attachment
from intake.tests.factories import city_with_channels, make_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.settings.env import storage, store_origin

NOW = timezone.now()
FILM = b"\0\0\0\x18ftypisom" + bytes(1000)


class Store(BaseHTTPRequestHandler):
    """What an S3 store does with single objects; every request must be signed."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        self.server.objects[self.path.split("?")[0]] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_GET(self):
        data = self.server.objects.get(self.path.split("?")[0])
        self.answer(404 if data is None else 200, data or b"")

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        self.server.objects.pop(self.path.split("?")[0], None)
        self.answer(204)

    def answer(self, status, data=b""):
        is_signed = "Authorization" in self.headers or "X-Amz-Signature" in self.path
        self.send_response(status if is_signed else 403)
        self.send_header("Content-Length", str(len(data) if is_signed else 0))
        self.send_header("ETag", '"x"')
        self.end_headers()
        if self.command != "HEAD" and is_signed:
            self.wfile.write(data)

    def log_message(self, *_args):
        pass


@pytest.fixture
def store(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.objects = {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"s3://files/portal?endpoint=http://127.0.0.1:{server.server_port}&region=cn-south-1"
    with override_settings(STORAGES={**storages.backends, "default": storage(url)}):
        yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def film(db, store):
    city = city_with_channels()
    agent = Actor.staff(city.staff["agent"])
    file = add_attachment(make_case().pk, "evidence", SimpleUploadedFile("现场.mp4", FILM), by=agent, now=NOW)
    file.agent = agent.user
    return file


def test_a_file_lies_in_the_store_under_its_hash(store, film):
    assert store.objects == {f"/files/portal/{film.file.name}": FILM}
    assert film.sha256 in film.file.name


def test_who_may_see_the_case_is_sent_to_an_address_good_for_a_minute(client, store, film):
    client.force_login(film.agent)
    answer = client.get(reverse("intake:attachment", args=[film.pk]))
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]
    address = urlsplit(answer.url)
    given = parse_qs(address.query)
    assert address.path == f"/files/portal/{film.file.name}"
    assert given["X-Amz-Expires"] == ["60"]
    assert given["response-content-type"] == ["video/mp4"]
    assert given["response-content-disposition"][0].startswith("inline")


def test_who_may_not_see_the_case_gets_no_address(client, film):
    assert client.get(reverse("intake:attachment", args=[film.pk])).url.startswith(reverse("login"))


def test_nothing_stays_in_the_store_when_the_row_is_refused(store, film, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise BadInput("no")

    monkeypatch.setattr(Attachment, "save", refuse)
    before = dict(store.objects)
    with pytest.raises(BadInput), transaction.atomic():
        add_attachment(
            film.case_id, "evidence", SimpleUploadedFile("2.mp4", FILM + b"2"), by=Actor.staff(film.agent), now=NOW
        )
    assert store.objects == before


def test_the_folder_is_the_default_and_wrong_addresses_are_named():
    assert storage("")["BACKEND"].endswith("FileSystemStorage")
    assert store_origin(storage("")) == []
    for wrong in ("ftp://x/y", "s3://", "s3://b?bucket=2"):
        with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
            storage(wrong)


def test_the_content_policy_lets_browsers_load_from_the_store():
    assert store_origin(storage("s3://b?endpoint=https://store.example:9000")) == ["https://store.example:9000"]
    assert store_origin(storage("s3://b?region=eu-west-1")) == ["https://s3.eu-west-1.amazonaws.com"]
