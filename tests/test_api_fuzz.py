"""Generated requests over every operation the API describes: bad input is refused, never an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from dispatch.tests.world import make_world, new_case
from intake import throttling
from intake.choices import ChannelRight
from intake.models import Channel
from intake.services import create_channel_token
from intake.tests.factories import SYSTEM
from shenzhen_gov.core import parameters
from shenzhen_gov.core.models import Parameter

EXAMPLES = 8
FORGIVING = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# What a server may answer to anything at all; 501 and the like are errors of ours.
REFUSED_OR_DONE = {200, 201, 202, 204, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 429}


@pytest.fixture
def described(db):
    """The operations as the API describes them, to be answered by the whole application."""
    schema = schemathesis.openapi.from_dict(Client().get("/api/schema/?format=json").json())
    schema.app = get_wsgi_application()
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def one_connection(described):
    """Keep the connection of the test's transaction open over requests, as Django's own client does while it asks."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(db, one_connection):
    city = make_world()
    case = new_case(city)
    Channel.objects.filter(pk=case.channel_id).update(rights=ChannelRight.values, quota=1_000_000, is_listed=True)
    Parameter.objects.filter(key="open311.requests_per_minute").update(value=1_000_000)
    parameters.forget()
    cache.clear()
    throttling.meter.forget()
    _token, city.key = create_channel_token(case.channel_id, by=SYSTEM, now=timezone.now())
    city.known = {"number": case.number, "code": case.item.code, "format": "json"}
    return city


def strategies(operation, known: dict) -> Iterator:
    """Yield well-formed and malformed requests, and well-formed ones about things that exist."""
    names = {parameter.name for parameter in operation.path_parameters}
    yield operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    if names and names <= known.keys():
        yield operation.as_strategy(
            generation_mode=GenerationMode.POSITIVE, path_parameters={name: known[name] for name in names}
        )


def test_no_operation_answers_with_an_error_of_ours(world, described):
    wrong: list[str] = []
    answered = set()
    for operation in described:
        statuses = [one for way in strategies(operation, world.known) for one in ask(operation, way, world.key, wrong)]
        assert statuses, f"nothing could be generated for {operation.label}"
        answered |= set(statuses)
    assert not wrong, "\n".join(wrong)
    assert answered >= {200, 201, 400, 404}, "the requests never got as far as the services"


def ask(operation, strategy, key: str, wrong: list[str]) -> list[int]:
    """Send what a strategy generates, note what was answered wrongly, and return the answers' statuses."""
    sent: list[int] = []

    @FORGIVING
    @given(case=strategy)
    def send(case):
        response = case.call(headers={"Authorization": f"Token {key}", "Idempotency-Key": f"fuzz-{len(sent)}"})
        sent.append(response.status_code)
        if response.status_code not in REFUSED_OR_DONE:
            wrong.append(f"{operation.label} answered {response.status_code}: {case.as_curl_command()[:600]}")
            return
        try:
            operation.validate_response(response)
        except AssertionError as error:
            wrong.append(f"{operation.label}: {str(error)[:400]}")

    with suppress(Unsatisfiable):  # nothing of some operations can be malformed
        send()
    return sent
