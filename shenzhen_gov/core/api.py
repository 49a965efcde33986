"""What every API answers with when it refuses."""

from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from .exceptions import Refused


def exception_handler(error, context):
    """Answer a Refused as {code, detail, field}; leave the rest to REST framework."""
    if isinstance(error, Refused):
        set_rollback()
        return Response({"code": error.code, "detail": str(error), "field": error.field}, status=error.status)
    return drf_exception_handler(error, context)
