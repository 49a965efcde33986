"""From the first word to the closed case, as people see it: the story the portal is for, in both languages."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageDraw

from shenzhen_gov.core import audit

from .people import CHINESE, ENGLISH, Person, languages

pytestmark = pytest.mark.e2e

CONTENT = "民治街道北站社区龙悦居3期5栋，二楼楼道里堆满纸箱和旧家具，走路都要侧着身子，担心失火，希望尽快清理。"
ITEM = "S0101002"  # 楼道疏散通道杂物堵塞: communities answer
COMMUNITY = "北站社区"


@dataclass(frozen=True)
class Words:
    """What the pages must say."""

    to_sign: str
    handling: str
    under_review: str
    closed: str
    reason: str


WORDS = {
    CHINESE: Words("待签收", "处置中", "待审核", "已办结", "职责清单"),
    ENGLISH: Words("To be signed", "Handling", "Under review", "Closed", "Duty list:"),
}
STEPS = (
    "case.registered", "case.accepted", "case.marked", "case.dispatched", "work_order.signed", "work_order.contacted",
    "work_order.reported", "work_order.approved", "work_order.approved", "case.closed",
)  # fmt: skip


@pytest.fixture(params=languages(CHINESE))
def staff(request, browser, portal, screenshots):
    """Yield a function that sends somebody to a browser; at the end nobody's browser may have complained."""
    people = []

    def enter(username: str) -> Person:
        people.append(Person(browser, portal, username, request.param, screenshots).log_in())
        return people[-1]

    enter.language = request.param
    yield enter
    for person in people:
        person.leave()


def case_page(number: str) -> str:
    """Return the address of a case."""
    return reverse("dispatch:case", args=[number])


def photo(name: str, boxes: int) -> dict:
    """Return a picture as a phone takes it: a corridor with this many cartons in it."""
    image = Image.new("RGB", (1280, 960), "#d9dde3")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 960), (1280, 960), (860, 520), (420, 520)], fill="#9aa3ad")  # floor
    draw.polygon([(0, 0), (420, 180), (420, 520), (0, 960)], fill="#c3c9d1")  # wall
    draw.rectangle((560, 250, 720, 520), fill="#7d8894")  # door
    for number in range(boxes):
        left, top = 700 + 90 * (number % 3), 640 - 110 * (number // 3)
        draw.rectangle((left, top, left + 150, top + 130), fill="#b98b54", outline="#7a5a33", width=6)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def test_a_call_becomes_a_case_that_is_dispatched_signed_handled_reviewed_and_closed(staff):
    words = WORDS[staff.language]
    number = agent_registers(staff("agent"), words)
    secretary = staff("secretary")
    secretary_signs(secretary, number, words)
    secretary_contacts_and_reports(secretary, number, words)
    reviewer_approves(staff("reviewer_street"), number, words, last=False)
    reviewer_approves(staff("reviewer_district"), number, words, last=True)
    everything_is_told(secretary, number, words)


def agent_registers(agent: Person, words: Words) -> str:
    """Type what the caller says, take the item that was found, register; read out number, unit and reason."""
    page = agent.page
    page.wait_for_selector("#register")
    agent.picture("1-register-empty")
    page.fill("#id_phone", "13800138000")
    page.fill("#id_name", "陈女士")
    page.click("#id_content")
    page.keyboard.type(CONTENT)
    agent.see("#place-hint", COMMUNITY)
    page.click(f"#items [data-item={ITEM}]")
    agent.see("#destination", COMMUNITY)
    agent.picture("2-register")
    page.keyboard.press("Control+Enter")
    number = page.wait_for_selector("[data-copy]").get_attribute("data-copy")
    told = agent.see("#progress", COMMUNITY)
    assert number.startswith("SZRX")
    assert words.to_sign in told
    agent.see("#progress", words.reason)
    agent.picture("3-registered")
    return number


def secretary_signs(secretary: Person, number: str, words: Words) -> None:
    """Find the case on the start page and take it on; the case opens beside the list."""
    page, queue = secretary.page, f"{reverse('dispatch:queue')}?tab=sign"
    page.wait_for_selector("#desk-list")
    assert words.to_sign in secretary.see("#desk-list .tabs")
    secretary.open(queue)
    row = f"tr[data-case*='{number}']"
    secretary.see(row)
    page.click(f"{row} a[data-dock]")
    secretary.see(f"#dock #case[data-number={number}]")
    secretary.picture("4-queue")
    secretary.on_the_phone(queue, "4-queue")
    page.click("#dock form[action$='/sign/'] button")
    secretary.see("#dock .case-hd", words.handling)


def secretary_contacts_and_reports(secretary: Person, number: str, words: Words) -> None:
    """Call the citizen, then report what was done, with pictures."""
    page = secretary.page
    secretary.open(case_page(number))
    page.click("a[data-key=C]")
    page.check("input[name=result][value=reached]")
    page.fill("textarea[name=note]", "已与诉求人通话，约定下午到场。")
    secretary.picture("5-contact")
    page.click("#step button.btn.p")
    page.click("a[data-key=R]:not([aria-current])")
    page.fill("textarea[name=text]", "下午到场清走纸箱和旧家具两车，已书面告知业主。")
    page.select_option("select[name=told_way]", "phone")
    page.set_input_files("input[name=before]", photo("before", boxes=8))
    page.set_input_files("input[name=after]", photo("after", boxes=0))
    secretary.picture("6-report")
    secretary.on_the_phone(f"{case_page(number)}?do=report", "6-report")
    page.click("#step button.btn.p")
    secretary.see(".case-hd", words.under_review)
    secretary.picture("7-reported")


def reviewer_approves(reviewer: Person, number: str, words: Words, *, last: bool) -> None:
    """Open the report from the desk, check every criterion, approve."""
    page = reviewer.page
    reviewer.open(f"{reverse('dispatch:review')}?tab=waiting")
    page.click(f"tr[data-case*='{number}'] a[data-dock]")
    reviewer.see(f"#dock #case[data-number={number}] #step")
    boxes = page.locator("#dock input[name=criteria]")
    for place in range(boxes.count()):
        boxes.nth(place).check()
    reviewer.picture("9-last-review" if last else "8-review")
    page.click("#dock #step button.btn.p")
    reviewer.see("#dock .case-hd", words.closed if last else words.under_review)


def everything_is_told(secretary: Person, number: str, words: Words) -> None:
    """The closed case tells every step, in order, and shows the pictures."""
    secretary.open(case_page(number))
    secretary.see(".case-hd", words.closed)
    with translation.override(secretary.language):
        steps = [str(audit.ACTIONS[step]) for step in STEPS]
    assert secretary.page.locator(".timeline li.done b").all_inner_texts() == steps
    assert secretary.page.locator("#case img").count() >= 2
    secretary.picture("10-closed")
    secretary.on_the_phone(case_page(number), "10-closed")
