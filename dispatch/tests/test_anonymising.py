"""What units wrote about an old case names nobody once its citizen is anonymised."""

from datetime import timedelta

import pytest

from dispatch.models import CaseRequest, Report, WorkOrder
from dispatch.services import anonymise_texts, dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from intake.models import Case, Citizen
from intake.services.anonymising import anonymise_citizens

NAME, PHONE = "钱多多", "13912345678"


@pytest.fixture
def case(db):
    city = make_world()
    case = new_case(city, name=NAME, phone=PHONE)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get(case=case.pk)
    text = f"已联系{NAME}（{PHONE}），路灯修好了"
    Report.objects.create(work_order=order, text=text, at=NOON, by="handler")
    CaseRequest.objects.create(
        case_id=case.pk, work_order=order, kind="return", asked_by_unit=order.unit, deciding_unit=order.unit,
        asked_by="handler", asked_at=NOON, reason=text, asked_value={"to": [NAME, {"phone": PHONE}]},
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOON)
    return case


def test_texts_and_what_was_asked_for_lose_name_and_number(case):
    Citizen.objects.update(created_at=NOON - timedelta(days=1))
    assert anonymise_citizens([case.citizen_id], NOON + timedelta(days=1), remove_files=False, now=NOON) == [case.pk]
    said = [Report.objects.get().text, CaseRequest.objects.get().reason, str(CaseRequest.objects.get().asked_value)]
    assert not [text for text in said if NAME in text or PHONE in text]
    assert "路灯修好了" in said[0]


def test_twice_changes_nothing_more(case):
    assert anonymise_texts([case.pk], {case.pk: NAME}) == 2
    assert anonymise_texts([case.pk], {case.pk: NAME}) == 0


def test_another_case_keeps_its_texts(case):
    assert anonymise_texts([case.pk + 1], {}) == 0
