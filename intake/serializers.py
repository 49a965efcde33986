"""The shapes that the channel API takes and gives. They validate; services save."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from rest_framework import serializers

from .choices import AttachmentKind, CallState, LeadKind, ReplyWay, RequestType, SupplementKind, Urgency
from .limits import (
    ADDRESS_LIMIT,
    CONTENT_LIMIT,
    EVALUATION_LIMIT,
    NAME_LIMIT,
    SUPPLEMENT_LIMIT,
    TITLE_LIMIT,
    WISH_LIMIT,
)
from .models import Attachment, Call, Case, Channel, Evaluation, Lead, Supplement
from .selectors import Stage
from .services import NewCase
from .workflow import LEAD_STATES, STATES

STATE_WORDS = dict(STATES)


class NewCaseSerializer(serializers.Serializer):
    """A request as a channel sends it."""

    title = serializers.CharField(max_length=TITLE_LIMIT, required=False, allow_blank=True)
    content = serializers.CharField(max_length=CONTENT_LIMIT, min_length=2)
    request_type = serializers.ChoiceField(RequestType.choices, required=False, help_text="Default: the channel's own")
    urgency = serializers.ChoiceField(Urgency.choices, required=False, help_text="Default: the channel's own")
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
    needs_callback = serializers.BooleanField(required=False, help_text="The citizen wants a call after the end")
    accept = serializers.BooleanField(required=False, help_text="false: wait for an agent to accept it")

    @staticmethod
    def to_new_case(channel: Channel, given: dict) -> NewCase:
        """Return what the service takes."""
        return NewCase(channel=channel.code, **({"request_type": channel.default_type} | given))


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


class StageSerializer(serializers.Serializer):
    """One step of the way of a case, as the citizen may know it."""

    state = serializers.ChoiceField(STATES)
    state_text = serializers.CharField()
    at = serializers.DateTimeField()


class CaseDetailSerializer(CaseStatusSerializer):
    """A case with the stages it went through, the oldest first."""

    stages = StageSerializer(many=True)


class CaseListQuery(serializers.Serializer):
    """Which of its own cases a channel asks for."""

    since = serializers.DateTimeField(required=False, help_text="Registered at this moment or later")
    until = serializers.DateTimeField(required=False, help_text="Registered before this moment")
    external_id = serializers.CharField(max_length=60, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = serializers.CharField(max_length=500, required=False)


class CasePageSerializer(serializers.Serializer):
    """One page of cases."""

    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page")
    results = CaseStatusSerializer(many=True)


def case_status(case: Case) -> dict:
    """Return what CaseStatusSerializer describes; made by hand, for it is made for every request."""
    return {
        "number": case.number,
        "external_id": case.external_id,
        "state": case.state,
        "state_text": str(STATE_WORDS[case.state]),
        "title": case.title,
        "request_type": case.request_type,
        "urgency": case.urgency,
        "area": case.area.code if case.area else None,
        "item": case.item.code if case.item else None,
        "round": case.round,
        **{name: _local(getattr(case, name)) for name in ("registered_at", "accepted_at", "due_at", "closed_at")},
        "refusal_reason": case.refusal_reason,
    }


def case_detail(case: Case, stages: list[Stage]) -> dict:
    """Return what CaseDetailSerializer describes."""
    told = [{"state": stage.state, "state_text": stage.text, "at": _local(stage.at)} for stage in stages]
    return {**case_status(case), "stages": told}


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


class NewSupplementSerializer(serializers.Serializer):
    """What a citizen adds."""

    kind = serializers.ChoiceField(
        [(kind.value, kind.label) for kind in (SupplementKind.ADDED, SupplementKind.URGED)],
        default=SupplementKind.ADDED.value,
    )
    text = serializers.CharField(
        max_length=SUPPLEMENT_LIMIT, allow_blank=True, default="", help_text="May be empty when kind is urged"
    )


class SupplementSerializer(serializers.Serializer):
    """An addition that was taken."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(SupplementKind.choices)
    added_at = serializers.DateTimeField()


def supplement_data(supplement: Supplement) -> dict:
    """Return what SupplementSerializer describes."""
    return {"id": supplement.pk, "kind": str(supplement.kind), "added_at": _local(supplement.added_at)}


class NewWithdrawalSerializer(serializers.Serializer):
    """Why a case is withdrawn."""

    reason = serializers.CharField(max_length=300, min_length=2)


class NewEvaluationSerializer(serializers.Serializer):
    """Scores from 1 (bad) to 5 (good)."""

    overall = serializers.IntegerField(min_value=1, max_value=5)
    speed = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    effect = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    experience = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    feedback = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    text = serializers.CharField(max_length=EVALUATION_LIMIT, required=False, allow_blank=True)


class EvaluationSerializer(serializers.Serializer):
    """An evaluation that was taken."""

    round = serializers.IntegerField()
    overall = serializers.IntegerField()
    evaluated_at = serializers.DateTimeField()


def evaluation_data(evaluation: Evaluation) -> dict:
    """Return what EvaluationSerializer describes."""
    return {
        "round": evaluation.round,
        "overall": evaluation.overall,
        "evaluated_at": _local(evaluation.evaluated_at),
    }


class NewCallSerializer(serializers.Serializer):
    """One event of a telephone call."""

    external_id = serializers.CharField(max_length=80, help_text="The telephone system's number of the call")
    state = serializers.ChoiceField(CallState.choices)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    agent = serializers.CharField(max_length=150, required=False, allow_blank=True, help_text="User name")
    extension = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="Finds the agent when `agent` is empty"
    )
    at = serializers.DateTimeField(required=False, help_text="When it happened; default: now")
    recording = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CallSerializer(serializers.Serializer):
    """A call as it stands; the number is not sent back."""

    external_id = serializers.CharField()
    state = serializers.ChoiceField(CallState.choices)
    agent = serializers.CharField(allow_null=True, help_text="User name of whoever's screen shows it")
    rang_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


def call_data(call: Call) -> dict:
    """Return what CallSerializer describes."""
    return {
        "external_id": call.external_id,
        "state": str(call.state),
        "agent": call.agent.get_username() if call.agent else None,
        **{name: _local(getattr(call, name)) for name in ("rang_at", "answered_at", "ended_at")},
    }


class NewLeadSerializer(serializers.Serializer):
    """What a device, a patrol or an editorial office found."""

    kind = serializers.ChoiceField(LeadKind.choices)
    content = serializers.CharField(max_length=CONTENT_LIMIT, min_length=2)
    title = serializers.CharField(max_length=TITLE_LIMIT, required=False, allow_blank=True)
    external_id = serializers.CharField(max_length=80, required=False, allow_blank=True, help_text="Your own number")
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    area = serializers.CharField(max_length=20, required=False, allow_blank=True, help_text="Official code of the area")
    address = serializers.CharField(max_length=ADDRESS_LIMIT, required=False, allow_blank=True)
    longitude = serializers.FloatField(required=False, allow_null=True)
    latitude = serializers.FloatField(required=False, allow_null=True)
    item = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Code of the duty item")
    urgency = serializers.ChoiceField(Urgency.choices, required=False, help_text="Default: the channel's own")
    found_at = serializers.DateTimeField(required=False, help_text="When it was found; default: now")


class LeadSerializer(serializers.Serializer):
    """A lead as it stands, with the case it became."""

    number = serializers.CharField()
    state = serializers.ChoiceField(LEAD_STATES)
    times_seen = serializers.IntegerField(help_text="How often this matter was told at this place")
    case = serializers.CharField(allow_null=True)


def lead_data(lead: Lead) -> dict:
    """Return what LeadSerializer describes."""
    return {
        "number": lead.number,
        "state": lead.state,
        "times_seen": lead.times_seen,
        "case": lead.case.number if lead.case else None,
    }
