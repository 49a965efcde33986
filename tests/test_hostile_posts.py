"""Hostile posts at every form that takes what somebody types: never a 500, never a stored script.

Two thousand with every run of the tests, ten thousand with HOSTILE_POSTS=10000. The posts are made from a seed, so a
failure comes again. They are sent as raw bytes: what a browser never sends is sent as well (half characters, NUL,
broken multipart, fields twice, files where a text belongs).
"""

from __future__ import annotations

import os
import random
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dispatch.services import dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from intake.models import Case, Lead

POSTS, ROUNDS = int(os.environ.get("HOSTILE_POSTS", "2000")), 10
SCRIPT = '<script>alert("x")</script>'
VALUES = (
    SCRIPT.encode(),
    b"<img src=x onerror=alert(1)>",
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",  # half of a pair
    b"\xff\xfe\xfa",
    b"\xe2\x80\xae\xe6\x96\x87\xe5\xad\x97",  # right to left
    b'=HYPERLINK("http://x","y")',
    b"@SUM(1+1)*cmd|' /C calc'!A0",
    b"' OR 1=1 --",
    b"%27%3B%00",
    b"../../../../etc/passwd",
    b"{{ 7*7 }}{% load x %}",
    b"9" * 400,
    b"-1",
    b"1e309",
    b"NaN",
    b"null",
    b"[]",
    b"true",
    "路灯".encode() * 40_000,
    "𠮷👩‍👩‍👧".encode() * 50,
    b" " * 5_000,
    b"",
    b"hotline",
    b"complaint",
    b"13800138000",
    "龙华区民治街道路灯不亮".encode(),
    b"2026-02-30",
    b"9999-12-31T23:59:59+99:99",
)
NAMES = (
    "content", "title", "phone", "name", "area", "address", "house_code", "item", "channel", "request_type", "urgency",
    "reply_way", "wish", "key", "search", "q", "outcome", "article", "answer", "reason", "told_way", "service",
    "reference", "note", "kind", "link", "move", "finding", "row_version", "mode", "do", "file", "files", "text",
    "number", "tail", "overall", "speed", "effect", "experience", "feedback", "longitude", "latitude", "revision",
    "fields", "extension", "purpose", "case", "link_to", "score", "theme", "code", "username", "password", "language",
    "next", "area[0][x]", "__proto__", "csrfmiddlewaretoken",
)  # fmt: skip


# What every form would take: most posts are these values with a few of them spoilt, so that they get far in.
GOOD = {
    "content": f"龙华区民治街道路灯不亮{SCRIPT}", "title": SCRIPT, "name": SCRIPT, "phone": "13800138000",
    "channel": "hotline", "request_type": "help", "urgency": "normal", "reply_way": "phone", "wish": SCRIPT,
    "address": SCRIPT, "kind": "patrol", "mode": "good", "do": "register", "outcome": "dispatch", "told_way": "phone",
    "text": SCRIPT, "purpose": SCRIPT, "revision": "0", "extension": SCRIPT[:20], "fields": "{}", "language": "en",
}  # fmt: skip


@pytest.fixture
def city(db):
    city = make_world()
    case = new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    city.number = case.number
    return city


def doors(city) -> list[tuple[str, str]]:
    """Return (who, address) of every form."""
    case = city.number
    return [
        ("agent", reverse("intake:register")),
        ("agent", reverse("intake:assist")),
        ("agent", reverse("intake:caller")),
        ("agent", reverse("intake:pulse")),
        ("agent", reverse("intake:seat")),
        ("agent", reverse("intake:outcome")),
        ("agent", reverse("intake:draft", args=["a" * 32])),
        ("agent", reverse("intake:urge", args=[case])),
        ("agent", reverse("intake:sheet")),
        ("agent", reverse("intake:lead_new")),
        ("agent", reverse("intake:identity", args=[case])),
        ("agent", reverse("dispatch:search")),
        ("", reverse("login")),
        ("", reverse("set_language")),
        *(("", address) for address in public_doors()),
    ]


def public_doors() -> list[str]:
    """Return the addresses of the forms that need no log-in."""
    return [reverse("public:report"), reverse("public:track")]


def body(chance: random.Random) -> tuple[bytes, str]:
    """Return a body and its content type."""
    pairs = [(chance.choice(NAMES), value(chance)) for _n in range(chance.randrange(14))]
    if chance.random() < 0.6:
        spoilt = dict(pairs[: chance.randrange(4)])
        good = {name: text.encode() for name, text in GOOD.items()} | {
            "key": f"{chance.getrandbits(128):032x}".encode()
        }
        pairs = list((good | spoilt).items())
    kind = chance.random()
    if kind < 0.6:
        joined = b"&".join(f"{name}={quote_from_bytes(data)}".encode() for name, data in pairs)
        return joined, "application/x-www-form-urlencoded"
    if kind < 0.9:
        return multipart(pairs, chance), "multipart/form-data; boundary=X"
    if kind < 0.95:
        return b"{" * chance.randrange(3_000), "application/json"
    return chance.randbytes(chance.randrange(2_000)), chance.choice(["text/plain", "multipart/form-data", "", "x/y; z"])


def value(chance: random.Random) -> bytes:
    """Return one value; mostly from the list, sometimes noise."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(200))
    one = chance.choice(VALUES)
    return one if len(one) < 10_000 or chance.random() < 0.1 else one[:999]


def multipart(pairs: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """Return a multipart body: some parts are files, some bodies end in the middle."""
    parts = []
    for name, data in pairs:
        file = f'; filename="{chance.choice(["a.jpg", "../x.php", "<b>.svg", "", "名" * 300])}"'
        head = f'--X\r\nContent-Disposition: form-data; name="{name}"{file if chance.random() < 0.4 else ""}\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    whole = b"".join(parts) + b"--X--\r\n"
    return whole if chance.random() < 0.8 else whole[: chance.randrange(len(whole))]


@pytest.mark.parametrize("part", range(ROUNDS))
def test_no_post_is_an_error_of_ours_or_leaves_a_script(city, part):
    chance, wrong = random.Random(part), []
    clients = {who: Client(raise_request_exception=False) for who in ("", "agent")}
    clients["agent"].force_login(city.staff["agent"])
    forms = doors(city)
    for number in range(POSTS // ROUNDS):
        who, address = forms[number % len(forms)]
        data, content_type = body(chance)
        with transaction.atomic():  # one broken transaction would hide the errors that come after it
            answer = clients[who].generic("POST", address, data, content_type=content_type)
        if answer.status_code >= 500:
            wrong.append((address, answer.status_code, data[:300]))
        if SCRIPT.encode() in getattr(answer, "content", b""):
            wrong.append((address, "script", data[:300]))
    assert not wrong, wrong[:5]
    assert not scripts_shown(city, clients["agent"])


def scripts_shown(city, agent: Client) -> list[str]:
    """Return the pages that show a stored script as a script."""
    pages = [reverse("dispatch:cases"), reverse("intake:leads")]
    pages += [reverse("intake:registered", args=[number]) for number in Case.objects.values_list("number", flat=True)]
    pages += [reverse("intake:lead", args=[number]) for number in Lead.objects.values_list("number", flat=True)]
    return [page for page in pages if SCRIPT.encode() in agent.get(page).content]
