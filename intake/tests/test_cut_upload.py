"""An upload that ends in the middle: nothing is stored, in the database, in the storage or in the temp folder."""

import socket
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.models import Attachment, Case
from intake.services import create_channel_token
from intake.tests.factories import SYSTEM, city_with_channels, make_case

from .test_attachments import stored_files

MB = 2**20
FILM = b"\0\0\0\x18ftypisom" + bytes(4 * MB)
pytestmark = pytest.mark.django_db(transaction=True)


def part(name: str, content: bytes, filename: str = "") -> bytes:
    ending = f'; filename="{filename}"\r\nContent-Type: video/mp4' if filename else ""
    return f'--cut\r\nContent-Disposition: form-data; name="{name}"{ending}\r\n\r\n'.encode() + content + b"\r\n"


def send(url: str, headers: dict[str, str], body: bytes, sent: int) -> str:
    """Send the head and `sent` bytes of the body, end there, and return the status line of the answer."""
    address = urlsplit(url)
    lines = [f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: multipart/form-data; boundary=cut", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body[:sent])
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while data := connection.recv(65536):
            answer += data
    return answer.split(b"\r\n")[0].decode()


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


def test_over_the_page_leaves_nothing(live_server, folder):
    city, before = city_with_channels(), stored_files()
    agent = Client()
    agent.force_login(city.staff["agent"])
    token = "a" * 32
    cookies = f"{project.SESSION_COOKIE_NAME}={agent.cookies[project.SESSION_COOKIE_NAME].value}; csrftoken={token}"
    fields = {"key": "k1", "channel": "hotline", "content": "路灯整夜不亮", "request_type": "help", "urgency": "normal"}
    body = part("csrfmiddlewaretoken", token.encode())
    body += b"".join(part(name, value.encode()) for name, value in (fields | {"reply_way": "phone"}).items())
    body += part("files", FILM, "现场.mp4") + b"--cut--\r\n"
    address = live_server.url + reverse("intake:register")
    assert " 4" in send(address, {"Cookie": cookies}, body, len(body) - 2 * MB)
    assert not Case.objects.exists()
    assert stored_files() == before
    assert list(folder.iterdir()) == []
    assert " 302" in send(address, {"Cookie": cookies}, body, len(body))
    assert Attachment.objects.get().size == len(FILM)


def test_over_the_api_leaves_nothing(live_server, folder):
    city_with_channels()
    case, before = make_case(), stored_files()
    _token, key = create_channel_token(case.channel_id, note="test", by=SYSTEM, now=timezone.now())
    body = part("file", FILM, "现场.mp4") + b"--cut--\r\n"
    address = live_server.url + reverse("intake_api:attachments", args=[case.number])
    assert " 4" in send(address, {"Authorization": f"Token {key}"}, body, len(body) - 2 * MB)
    assert not Attachment.objects.exists()
    assert stored_files() == before
    assert list(folder.iterdir()) == []
