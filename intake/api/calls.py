"""Telephone calls, as the telephone system of a channel tells them."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.choices import ChannelRight
from intake.serializers import CallSerializer, NewCallSerializer, call_data
from intake.services import CallEvent, record_call
from shenzhen_gov.core.api import checked
from shenzhen_gov.core.parsers import BoundedJSONParser

from .base import REFUSALS, SIGNED, ChannelView


class CallsView(ChannelView):
    """Events of calls."""

    parser_classes = [BoundedJSONParser]
    rights = {"POST": ChannelRight.CALLS}

    @extend_schema(
        operation_id="record_call",
        request=NewCallSerializer,
        parameters=SIGNED,
        responses={200: CallSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Tell an event of a call; the same event again, or an older one, changes nothing."""
        event = CallEvent(**checked(NewCallSerializer, request.data))
        call = record_call(event, channel_id=self.channel.pk, by=self.by, now=timezone.now())
        return Response(call_data(call))
