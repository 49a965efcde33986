"""What every API does alike: checks what was sent, and refuses as {code, detail, field}."""

from functools import cache

from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from .exceptions import BadInput, Refused


class ErrorSerializer(serializers.Serializer):
    """What every refusal looks like."""

    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(allow_null=True)


def checked(serializer: type[serializers.Serializer], data) -> dict:
    """Return what was sent, checked. Raises ValidationError, which names the field at fault.

    One serializer checks what everybody sends: making one copies all its fields, which costs more than checking.
    """
    return _checker(serializer).run_validation(data)  # type: ignore[arg-type]  # the package has no types


@cache
def _checker(serializer: type[serializers.Serializer]) -> serializers.Serializer:
    return serializer()


def exception_handler(error, context):
    """Answer every refusal in the same shape; leave what nobody foresaw to Django.

    A view whose fields are called otherwise than the service's says so in `field_names`.
    """
    if isinstance(error, Refused):
        set_rollback()
        field = getattr(context["view"], "field_names", {}).get(error.field, error.field)
        return Response({"code": error.code, "detail": str(error), "field": field}, status=error.status)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = _invalid(response.data)
    else:
        code = error.get_codes() if isinstance(error, APIException) else "not_found"
        response.data = {"code": code, "detail": str(response.data["detail"]), "field": None}
    return response


def _invalid(data) -> dict:
    """Return the first error with its field, and all of them beside it."""
    errors = data if isinstance(data, dict) else {"non_field_errors": data}
    field, first = next(iter(errors.items()))
    while isinstance(first, (list, dict)):
        first = first[0] if isinstance(first, list) else next(iter(first.values()))
    named = None if field == "non_field_errors" else field
    return {"code": BadInput.code, "detail": str(first), "field": named, "errors": errors}
