"""What a channel says about its own cases later on: additions, withdrawing, scores. Each has an Idempotency-Key."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.choices import ChannelRight, Via
from intake.serializers import (
    CaseStatusSerializer,
    EvaluationSerializer,
    NewEvaluationSerializer,
    NewSupplementSerializer,
    NewWithdrawalSerializer,
    SupplementSerializer,
    case_status,
    evaluation_data,
    supplement_data,
)
from intake.services import Scores, add_supplement, evaluate_case, withdraw_case
from shenzhen_gov.core.api import checked
from shenzhen_gov.core.parsers import BoundedJSONParser

from .base import REFUSALS, WITH_KEY, ChannelView


class SupplementsView(ChannelView):
    """Additions to a case."""

    parser_classes = [BoundedJSONParser]
    rights = {"POST": ChannelRight.SUPPLEMENT}

    @extend_schema(
        operation_id="add_supplement",
        request=NewSupplementSerializer,
        parameters=WITH_KEY,
        responses={201: SupplementSerializer, 200: SupplementSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Add to an open case what the citizen says, or that they ask where it stands: 200 when it was told before."""
        case, given = self.own_case(number), checked(NewSupplementSerializer, request.data)

        def add() -> dict:
            return supplement_data(
                add_supplement(
                    case.pk, given["text"], kind=given["kind"], via=Via.CHANNEL, by=self.by, now=timezone.now()
                )
            )

        answer, is_new = self.once("supplement", case, given, add)
        return Response(answer, status=201 if is_new else 200)


class WithdrawalView(ChannelView):
    """Withdrawing a case."""

    parser_classes = [BoundedJSONParser]
    rights = {"POST": ChannelRight.WITHDRAW}

    @extend_schema(
        operation_id="withdraw_case",
        request=NewWithdrawalSerializer,
        parameters=WITH_KEY,
        responses={200: CaseStatusSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Withdraw a case: before it is dispatched it becomes void; later on its unit is told and decides."""
        case, given = self.own_case(number), checked(NewWithdrawalSerializer, request.data)

        def withdraw() -> dict:
            done = withdraw_case(case.pk, reason=given["reason"], via=Via.CHANNEL, by=self.by, now=timezone.now())
            return case_status(done)

        return Response(self.once("withdraw", case, given, withdraw)[0])


class EvaluationView(ChannelView):
    """What the citizen thinks of a case that ended."""

    parser_classes = [BoundedJSONParser]
    rights = {"POST": ChannelRight.EVALUATE}

    @extend_schema(
        operation_id="evaluate_case",
        request=NewEvaluationSerializer,
        parameters=WITH_KEY,
        responses={201: EvaluationSerializer, 200: EvaluationSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Rate the present round of a case that ended, once: 200 when it was told before."""
        case, given = self.own_case(number), checked(NewEvaluationSerializer, request.data)

        def evaluate() -> dict:
            scores = Scores(**given)
            return evaluation_data(evaluate_case(case.pk, scores, via=Via.CHANNEL, by=self.by, now=timezone.now()))

        answer, is_new = self.once("evaluate", case, given, evaluate)
        return Response(answer, status=201 if is_new else 200)
