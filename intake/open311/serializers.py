"""The shapes that GeoReport takes and gives."""

from __future__ import annotations

from rest_framework import serializers

from intake.choices import ReplyWay
from intake.limits import ADDRESS_LIMIT, CONTENT_LIMIT, NAME_LIMIT, SUPPLEMENT_LIMIT
from intake.models import Channel
from intake.services import NewCase

IDS = r"^[A-Za-z0-9_,\s-]*$"
MOST_IDS = 50


def listed(text: str) -> list[str]:
    """Return the entries of a list with commas."""
    return [part for part in (one.strip() for one in text.split(",")) if part]


class JurisdictionQuery(serializers.Serializer):
    """What every question may say; there is one jurisdiction, so it changes nothing."""

    jurisdiction_id = serializers.CharField(required=False, max_length=60)


class RequestsQuery(JurisdictionQuery):
    """Which requests are asked for."""

    service_request_id = serializers.RegexField(IDS, required=False, max_length=1_500)
    service_code = serializers.RegexField(IDS, required=False, max_length=1_500)
    start_date = serializers.DateTimeField(required=False)
    end_date = serializers.DateTimeField(required=False)
    status = serializers.ChoiceField(["open", "closed"], required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = serializers.RegexField(r"^\d{1,16}-\d{1,18}$", required=False)


class UpdatesQuery(JurisdictionQuery):
    """Which updates are asked for; of the last day unless something else is said."""

    service_request_id = serializers.RegexField(IDS, required=False, max_length=1_500)
    start_date = serializers.DateTimeField(required=False)
    end_date = serializers.DateTimeField(required=False)
    cursor = serializers.RegexField(r"^\d{1,18}$", required=False)


class NewRequest(JurisdictionQuery):
    """A request as GeoReport sends it. Names, phone and e-mail are stored encrypted and never shown."""

    api_key = serializers.CharField(max_length=200, required=False, help_text="Or: Authorization: Token <key>")
    service_code = serializers.CharField(max_length=40)
    description = serializers.CharField(max_length=CONTENT_LIMIT - 400, min_length=2)
    lat = serializers.FloatField(required=False)
    long = serializers.FloatField(required=False)
    address_string = serializers.CharField(max_length=ADDRESS_LIMIT, required=False, allow_blank=True)
    address_id = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="House code")
    first_name = serializers.CharField(max_length=NAME_LIMIT // 2, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=NAME_LIMIT // 2, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True, help_text="Not kept")
    device_id = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Not kept")
    account_id = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Not kept")
    media_url = serializers.URLField(max_length=300, required=False, allow_blank=True)

    def validate(self, attrs: dict) -> dict:
        """Ask for a place: a point, an address, or a house code."""
        if not ("lat" in attrs and "long" in attrs) and not attrs.get("address_string") and not attrs.get("address_id"):
            raise serializers.ValidationError({"lat": ["lat and long, address_string or address_id is required"]})
        return attrs

    @staticmethod
    def to_new_case(channel: Channel, given: dict) -> NewCase:
        """Return what the service takes. A family name stands before a Chinese given name."""
        content = given["description"]
        if given.get("media_url"):
            content = f"{content}\n{given['media_url']}"
        return NewCase(
            channel=channel.code,
            content=content,
            request_type=channel.default_type,
            item=given["service_code"],
            latitude=given.get("lat"),
            longitude=given.get("long"),
            address=given.get("address_string", ""),
            house_code=given.get("address_id", ""),
            name=f"{given.get('last_name', '')}{given.get('first_name', '')}",
            phone=given.get("phone", ""),
            reply_way=ReplyWay.PHONE if given.get("phone") else ReplyWay.NOT_NEEDED,
        )


class NewUpdate(JurisdictionQuery):
    """An addition to one of the sender's own requests."""

    api_key = serializers.CharField(max_length=200, required=False, help_text="Or: Authorization: Token <key>")
    service_request_id = serializers.RegexField(r"^[A-Za-z0-9-]{4,24}$")
    description = serializers.CharField(max_length=SUPPLEMENT_LIMIT, min_length=2)


class ServiceRecord(serializers.Serializer):
    """A service."""

    service_code = serializers.CharField()
    service_name = serializers.CharField()
    description = serializers.CharField()
    metadata = serializers.BooleanField()
    type = serializers.CharField()
    keywords = serializers.CharField(allow_blank=True)
    group = serializers.CharField()


class ServiceDefinition(serializers.Serializer):
    """The questions of a service: there are none beyond the usual ones."""

    service_code = serializers.CharField()
    attributes = serializers.ListField(child=serializers.DictField())


class RequestRecord(serializers.Serializer):
    """A request as the public sees it."""

    service_request_id = serializers.CharField()
    status = serializers.ChoiceField(["open", "closed"])
    status_notes = serializers.CharField()
    service_name = serializers.CharField(allow_blank=True)
    service_code = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    agency_responsible = serializers.CharField(allow_blank=True)
    service_notice = serializers.CharField(allow_blank=True)
    requested_datetime = serializers.DateTimeField()
    updated_datetime = serializers.DateTimeField()
    expected_datetime = serializers.DateTimeField(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    address_id = serializers.CharField(allow_null=True)
    zipcode = serializers.CharField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    long = serializers.FloatField(allow_null=True)
    media_url = serializers.CharField(allow_null=True)


class Receipt(serializers.Serializer):
    """What a sender gets for a new request."""

    service_request_id = serializers.CharField()
    service_notice = serializers.CharField()
    account_id = serializers.CharField(allow_null=True)


class TokenRecord(serializers.Serializer):
    """The request behind a token: numbers are given at once, so both are the same."""

    service_request_id = serializers.CharField()
    token = serializers.CharField()


class UpdateRecord(serializers.Serializer):
    """A change of state of a request."""

    update_id = serializers.CharField()
    service_request_id = serializers.CharField()
    status = serializers.ChoiceField(["open", "closed"])
    updated_datetime = serializers.DateTimeField()
    description = serializers.CharField()
    media_url = serializers.CharField(allow_null=True)


class UpdateReceipt(serializers.Serializer):
    """The number of an addition."""

    update_id = serializers.CharField()


class EndpointRecord(serializers.Serializer):
    """An interface."""

    specification = serializers.CharField()
    url = serializers.CharField()
    changeset = serializers.CharField()
    type = serializers.CharField()
    formats = serializers.ListField(child=serializers.CharField())


class Discovery(serializers.Serializer):
    """Where the interfaces are."""

    changeset = serializers.CharField()
    contact = serializers.CharField()
    key_service = serializers.CharField()
    endpoints = EndpointRecord(many=True)


class ErrorRecord(serializers.Serializer):
    """A refusal as GeoReport writes it."""

    code = serializers.IntegerField()
    description = serializers.CharField()
