"""The shapes that the channel API takes and gives. They validate; services save."""

from __future__ import annotations

from rest_framework import serializers

from .choices import AttachmentKind, ReplyWay, RequestType, Urgency
from .limits import ADDRESS_LIMIT, CONTENT_LIMIT, NAME_LIMIT, TITLE_LIMIT, WISH_LIMIT
from .models import Attachment, Case
from .services import NewCase


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


class CaseStatusSerializer(serializers.ModelSerializer):
    """What a channel sees of its own case: no handler, no other person."""

    state_text = serializers.CharField(source="get_state_display", read_only=True)
    area = serializers.CharField(source="area.code", default=None, read_only=True)
    item = serializers.CharField(source="item.code", default=None, read_only=True)

    class Meta:
        model = Case
        fields = [
            "number", "external_id", "state", "state_text", "title", "request_type", "urgency", "area", "item", "round",
            "registered_at", "accepted_at", "due_at", "closed_at", "refusal_reason",
        ]
        read_only_fields = fields


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


class ErrorSerializer(serializers.Serializer):
    """What every refusal looks like."""

    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(allow_null=True)
