"""Where SMS and mail go out. A gateway takes one message at a time and raises NotTaken with the reason when it cannot.

Which one serves a way is a setting (MESSAGE_GATEWAYS: way → dotted path). Another provider is a class with `send`.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from shenzhen_gov.core import http
from shenzhen_gov.core.exceptions import BadInput

logger = logging.getLogger(__name__)
TIMEOUT = 5.0


class NotTaken(Exception):
    """The gateway did not take the message; the text says why."""


class Gateway(Protocol):
    """What every gateway does. `key` names the message: a provider that was given it twice sends it once."""

    def send(self, to: list[str], title: str, text: str, *, key: str) -> None:
        """Hand one message over, or raise NotTaken."""


class ConsoleGateway:
    """For trying out: the log says that a message went, not to whom and not what it said."""

    def send(self, to: list[str], title: str, text: str, *, key: str) -> None:
        """Write a line into the log."""
        logger.info("message %s to %s addresses", key, len(to))


class FileGateway:
    """One JSON line a message in MESSAGE_FILE; for development and for gateways that read a folder."""

    def send(self, to: list[str], title: str, text: str, *, key: str) -> None:
        """Append the message."""
        path = Path(settings.MESSAGE_FILE)
        line = json.dumps({"key": key, "to": to, "title": title, "text": text}, ensure_ascii=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise NotTaken(str(error)) from error


class HttpGateway:
    """A provider's address that takes JSON: {key, to, text}; anything but 2xx is a refusal."""

    def send(self, to: list[str], title: str, text: str, *, key: str) -> None:
        """POST the message to MESSAGE_URL."""
        headers = {"Authorization": f"Bearer {settings.MESSAGE_TOKEN}"} if settings.MESSAGE_TOKEN else {}
        try:
            answer = http.post_json(settings.MESSAGE_URL, {"key": key, "to": to, "text": text}, headers, TIMEOUT)
        except (http.CallFailed, BadInput) as error:
            raise NotTaken(str(error)) from error
        if not answer.is_ok:
            raise NotTaken(str(answer.status))


class MailGateway:
    """Django's mail: server and account by EMAIL_URL's settings."""

    def send(self, to: list[str], title: str, text: str, *, key: str) -> None:
        """Send one mail; the receivers do not see each other."""
        try:
            for address in to:
                send_mail(title, text, None, [address])
        except OSError as error:  # SMTPException is one
            raise NotTaken(str(error)) from error


def gateway_for(way: str) -> Gateway:
    """Return the gateway of a way."""
    return import_string(settings.MESSAGE_GATEWAYS[way])()
