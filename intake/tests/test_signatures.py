import hashlib
import hmac
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.models import Case, Channel, ChannelToken
from intake.services import create_channel_token
from intake.signatures import sign

from .api_client import CASES, ChannelClient
from .factories import SYSTEM, city_with_channels

BODY = {"content": "龙华区民治街道路灯不亮", "request_type": "help"}


@pytest.fixture
def client(db):
    city_with_channels()
    return ChannelClient(needs_signature=True)


class TestASignedCall:
    def test_is_taken(self, client):
        response = client.signed(CASES, BODY)
        assert response.status_code == 201, response.json()

    def test_sent_again_by_somebody_who_listened_makes_no_second_case(self, client):
        answers = [client.signed(CASES, BODY) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"body": b'{"content": "something else", "request_type": "help"}'},
            {"key_sent": "another key"},
            {"secret": "guessed"},
        ],
    )
    def test_with_anything_changed_is_refused(self, client, changed):
        response = client.signed(CASES, BODY, **changed)
        assert (response.status_code, response.json()["code"]) == (401, "bad_signature")
        assert not Case.objects.exists()

    @pytest.mark.parametrize("seconds", [-301, 301, 10**9])
    def test_of_another_time_is_refused(self, client, seconds):
        response = client.signed(CASES, BODY, at=time.time() + seconds)
        assert (response.status_code, response.json()["code"]) == (401, "bad_signature")

    def test_for_another_address_is_refused(self, client):
        number = client.signed(CASES, BODY).json()["number"]
        stamp = str(int(time.time()))
        digest = hashlib.sha256(b"").hexdigest()
        given = {"timestamp": stamp, "method": "GET", "key": "", "body_hash": digest}
        good = sign(client.token.secret, path=f"{CASES}/{number}", **given)
        bad = sign(client.token.secret, path=CASES, **given)
        answers = [
            client.get(f"{CASES}/{number}", headers={"X-Timestamp": stamp, "X-Signature": signature})
            for signature in (good, bad)
        ]
        assert [answer.status_code for answer in answers] == [200, 401]

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Timestamp": "now", "X-Signature": "00"},
            {"X-Timestamp": "9" * 400, "X-Signature": "00"},
            {"X-Timestamp": "١٢٣", "X-Signature": "00"},
            {"X-Timestamp": "1", "X-Signature": "\xff\xfe"},
        ],
    )
    def test_without_good_headers_is_refused(self, client, headers):
        response = client.send(CASES, BODY, **headers)
        assert (response.status_code, response.json()["code"]) == (401, "bad_signature")

    def test_with_a_file_is_signed_by_the_file(self, client):
        from .test_attachments import picture

        number, data, stamp = client.signed(CASES, BODY).json()["number"], picture(), str(int(time.time()))
        path = f"{CASES}/{number}/attachments"
        signature = sign(
            client.token.secret,
            timestamp=stamp,
            method="POST",
            path=path,
            key="",
            body_hash=hashlib.sha256(data).hexdigest(),
        )
        headers = {"X-Timestamp": stamp, "X-Signature": signature}
        sent = [
            client.post(path, {"file": SimpleUploadedFile("现场.jpg", content)}, format="multipart", headers=headers)
            for content in (data, data + b"x")
        ]
        assert [answer.status_code for answer in sent] == [201, 401]


def test_a_channel_that_need_not_sign_may_and_is_held_to_it(db):
    city_with_channels()
    client = ChannelClient()
    assert client.signed(CASES, BODY).status_code == 201
    assert client.signed(CASES, BODY, secret="guessed").status_code == 401


def test_a_key_from_before_keys_could_sign_is_told_so(db):
    city_with_channels()
    client = ChannelClient(needs_signature=True)
    ChannelToken.objects.update(secret="")
    response = client.signed(CASES, BODY)
    assert response.status_code == 401
    assert "new one" in response.json()["detail"]


def test_the_signature_is_what_the_page_for_channels_says():
    text = b"1700000000\nPOST\n/api/v1/cases?x=1\nkey-1\n" + hashlib.sha256(b"{}").hexdigest().encode()
    told = sign(
        "secret",
        timestamp="1700000000",
        method="post",
        path="/api/v1/cases?x=1",
        key="key-1",
        body_hash=hashlib.sha256(b"{}").hexdigest(),
    )
    assert told == hmac.new(b"secret", text, "sha256").hexdigest()


def test_the_secret_is_stored_encrypted_and_is_not_the_key(db):
    city_with_channels()
    token, key = create_channel_token(Channel.objects.get(code="wechat").pk, by=SYSTEM, now=timezone.now())
    assert token.secret
    assert token.secret != key
    assert ChannelToken.objects.get(pk=token.pk).secret == token.secret
