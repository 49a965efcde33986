"""The shapes that the channel API takes and gives. They validate; services save."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from rest_framework import serializers

from .choices import AttachmentKind, ReplyWay, RequestType, Urgency
from .limits import ADDRESS_LIMIT, CONTENT_LIMIT, NAME_LIMIT, TITLE_LIMIT, WISH_LIMIT
from .models import Attachment, Case
from .services import NewCase
from .workflow import STATES


class NewCaseSerializer(serializers.Serializer):
    """A request as a channel sends it."""

    title = serializers.CharField(max_length=TITLE_LIMIT, required=False, allow_blank=True)
    content = serializers.CharField(max_length=CONTENT_LIMIT, min_length=2)
    request_type = serializers.ChoiceField(RequestType.choices)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    wish = serializers.CharField(max_length=WISH_LIMIT, required=False, allow_blank=True)
    reply_way = serializers.ChoiceField(ReplyWay.choices, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    name = serializers.CharField(max_length=NAME_LIMIT, required=False, allow_blank=True)
    wants_secrecy = serializers.BooleanField(required=False)
    area = serializers.CharField(max_length=20, required=False, allow_blank=True, help_text="Official code of the area")
    house_code = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="19 or 25 characters")
    address = serializers.CharField(max_length=ADDRESS_LIMIT, required=False, allow_blank=True)
    longitude = serializers.FloatField(required=False, allow_null=True)
    latitude = serializers.FloatField(required=False, allow_null=True)
    item = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Code of the duty item")
    external_id = serializers.CharField(max_length=60, required=False, allow_blank=True)
    is_secret = serializers.BooleanField(required=False)
    is_sensitive = serializers.BooleanField(required=False)
    accept = serializers.BooleanField(required=False, help_text="false: wait for an agent to accept it")

    def to_new_case(self, channel: str) -> NewCase:
        """Return what the service takes."""
        return NewCase(channel=channel, **self.validated_data)


class CaseStatusSerializer(serializers.Serializer):
    """What a channel sees of its own case: no handler, no other person."""

    number = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(STATES)
    state_text = serializers.CharField()
    title = serializers.CharField()
    request_type = serializers.ChoiceField(RequestType.choices)
    urgency = serializers.ChoiceField(Urgency.choices)
    area = serializers.CharField(allow_null=True, help_text="Official code of the area")
    item = serializers.CharField(allow_null=True, help_text="Code of the duty item")
    round = serializers.IntegerField()
    registered_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    refusal_reason = serializers.CharField(allow_blank=True)


def case_status(case: Case) -> dict:
    """Return what CaseStatusSerializer describes; made by hand, for it is made for every request."""
    return {
        "number": case.number,
        "external_id": case.external_id,
        "state": case.state,
        "state_text": case.get_state_display(),
        "title": case.title,
        "request_type": case.request_type,
        "urgency": case.urgency,
        "area": case.area.code if case.area else None,
        "item": case.item.code if case.item else None,
        "round": case.round,
        **{name: _local(getattr(case, name)) for name in ("registered_at", "accepted_at", "due_at", "closed_at")},
        "refusal_reason": case.refusal_reason,
    }


def _local(moment: datetime | None) -> str | None:
    """Return a moment as the API writes it: ISO 8601 with the offset of Shenzhen."""
    return timezone.localtime(moment).isoformat() if moment else None


class NewAttachmentSerializer(serializers.Serializer):
    """A file for a case."""

    file = serializers.FileField(max_length=400)
    kind = serializers.ChoiceField(AttachmentKind.choices, required=False, default=AttachmentKind.EVIDENCE)


class AttachmentSerializer(serializers.ModelSerializer):
    """A stored file."""

    class Meta:
        model = Attachment
        fields = ["id", "kind", "name", "content_type", "size", "sha256", "added_at"]
        read_only_fields = fields
