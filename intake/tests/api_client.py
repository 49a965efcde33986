"""A client of the channel API for tests."""

from __future__ import annotations

import hashlib
import json
import time
from itertools import count

from django.utils import timezone
from rest_framework.test import APIClient

from intake.models import Channel
from intake.services import create_channel_token
from intake.signatures import sign

from .factories import SYSTEM

CASES = "/api/v1/cases"
_keys = count(1)


class ChannelClient(APIClient):
    """Calls with a new key of a channel, with an Idempotency-Key of its own each time unless one is given."""

    def __init__(self, code: str = "wechat", **fields):
        Channel.objects.filter(code=code).update(**fields)
        self.channel = Channel.objects.get(code=code)
        self.token, self.api_key = create_channel_token(self.channel.pk, by=SYSTEM, now=timezone.now())
        super().__init__(HTTP_AUTHORIZATION=f"Token {self.api_key}", HTTP_ACCEPT_LANGUAGE="en")

    def send(self, path: str, data, key: str | None = None, **headers):
        """POST JSON."""
        given = {"Idempotency-Key": key or f"auto-{next(_keys)}", **headers}
        return self.post(path, json.dumps(data), content_type="application/json", headers=given)

    def register(self, key: str | None = None, **given):
        """Register a case."""
        return self.send(CASES, {"content": "龙华区民治街道路灯不亮", "request_type": "help"} | given, key)

    def signed(self, path: str, data, *, key: str = "signed", at: float | None = None, **changed):
        """POST signed JSON; `changed` puts in something else than what was signed (`body`, `key`, `secret`)."""
        body = json.dumps(data).encode()
        stamp = str(int(at if at is not None else time.time()))
        secret = changed.get("secret", self.token.secret)
        digest = hashlib.sha256(body).hexdigest()
        signature = sign(secret, timestamp=stamp, method="POST", path=path, key=key, body_hash=digest)
        headers = {
            "X-Timestamp": stamp,
            "X-Signature": signature,
            "Idempotency-Key": changed.get("key_sent", key),
        }
        return self.post(path, changed.get("body", body), content_type="application/json", headers=headers)
