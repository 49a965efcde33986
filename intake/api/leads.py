"""Leads, as devices and other systems tell them."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.choices import ChannelRight
from intake.serializers import LeadSerializer, NewLeadSerializer, lead_data
from intake.services import NewLead, report_lead
from shenzhen_gov.core.api import checked
from shenzhen_gov.core.parsers import BoundedJSONParser

from .base import REFUSALS, SIGNED, ChannelView


class LeadsView(ChannelView):
    """Leads of a channel."""

    parser_classes = [BoundedJSONParser]
    rights = {"POST": ChannelRight.LEADS}

    @extend_schema(
        operation_id="report_lead",
        request=NewLeadSerializer,
        parameters=SIGNED,
        responses={201: LeadSerializer, 200: LeadSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Tell a lead: 201 when it is new; 200 when this matter at this place is known, which is counted."""
        lead = NewLead(channel=self.channel.code, **checked(NewLeadSerializer, request.data))
        told = report_lead(lead, by=self.by, now=timezone.now())
        return Response(lead_data(told.lead), status=201 if told.created else 200)
