"""The view: JSON in, four inserts in one transaction, JSON out."""

import json
import uuid
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from .models import PlainCase, PlainClock, PlainLog, PlainWorkOrder


def create(request: HttpRequest) -> JsonResponse:
    """Write a case, a work order, a clock and a log line."""
    if request.method != "POST":
        return JsonResponse({})
    data, now = json.loads(request.body), timezone.now()
    with transaction.atomic():
        case = PlainCase.objects.create(
            number=uuid.uuid4().hex,
            title=data["content"][:60],
            content=data["content"],
            area=data["area"],
            item=data["item"],
            created_at=now,
        )
        PlainWorkOrder.objects.create(case=case, unit=data["area"], state="pending_sign")
        PlainClock.objects.create(case=case, due_at=now + timedelta(days=5))
        PlainLog.objects.create(case=case, text="registered", at=now)
    return JsonResponse({"number": case.number}, status=201)


urlpatterns = [path("", create), path("api/v1/cases", create)]
