"""The page of the message set is in line with it, and the client runs without Django."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dispatch.choices import ContactResult, ExchangeKind, SendBackReason, Verdict
from dispatch.exchange import messages
from dispatch.exchange.documentation import path, render
from intake.choices import ReplyWay, RequestType, Urgency


def test_the_page_is_up_to_date():
    call_command("render_exchange", "--check")


def test_a_stale_page_is_found_and_mended(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text(path().read_text().replace("| `sign` |", "| `signed` |"))
    monkeypatch.setattr("dispatch.management.commands.render_exchange.path", lambda: page)
    with pytest.raises(CommandError):
        call_command("render_exchange", "--check")
    call_command("render_exchange")
    call_command("render_exchange", "--check")
    with pytest.raises(ValueError, match="no part"):
        render("")


@pytest.mark.parametrize(
    ("words", "vocabulary"),
    [
        (messages.REQUEST_TYPES, RequestType), (messages.URGENCIES, Urgency), (messages.WAYS, ReplyWay),
        (messages.CONTACT_RESULTS, ContactResult), (messages.VERDICTS, Verdict),
        (("", *messages.SEND_BACK_REASONS), SendBackReason), (tuple(messages.KINDS), ExchangeKind),
    ],
)  # fmt: skip
def test_the_words_of_the_message_set_are_those_of_the_portal(words, vocabulary):
    assert set(words) == set(vocabulary.values)


def test_the_client_needs_nothing_but_python():
    code = (
        "import sys, dispatch.exchange.client, dispatch.exchange.schema;"
        "assert not {'django', 'rest_framework'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(settings.BASE_DIR)!r}); {code}"]
    )
    assert done.returncode == 0
