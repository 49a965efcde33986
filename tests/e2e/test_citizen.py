"""A citizen on a phone: scans the code in the hall, reports with a photo, follows the case, and rates how it went."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from .people import CHINESE, ENGLISH, LONGEST, PHONE, Person, languages
from .test_journey import WORDS as STAFF_WORDS
from .test_journey import photo, reviewer_approves, secretary_contacts_and_reports, secretary_signs

pytestmark = pytest.mark.e2e

CONTENT = "二楼楼道里堆满纸箱和旧家具，走路都要侧着身子，担心失火"
ITEM_WORDS = "楼道疏散通道杂物堵塞"
COMMUNITY = "北站社区"
TARGET = 44  # CSS pixels
TOO_SMALL = f"""
[...document.querySelectorAll("a, button, summary, input:not([type=hidden]), textarea")]
  .filter((one) => one.offsetParent && !one.closest(".trap, .skip, .vh") && !one.matches(".vh, .skip"))
  .filter((one) => one.getBoundingClientRect().height < {TARGET} && !one.closest("label, p.place, .link"))
  .map((one) => one.outerHTML.slice(0, 90))
"""


@dataclass(frozen=True)
class Words:
    """What the citizen reads."""

    finding: str
    handling: str
    done: str
    thanks: str


WORDS = {
    CHINESE: Words("正在为您的诉求确定责任单位", "您的诉求正在办理", "您的诉求已办结", "感谢您的评价"),
    ENGLISH: Words("We are finding the unit", "Your request is being handled", "has been dealt with", "Thank you for"),
}


class Citizen:
    """Somebody without an account, with a phone that runs scripts or does not."""

    def __init__(self, browser, portal: str, language: str, folder, *, scripts: bool = True):
        self.portal, self.language, self.folder = portal, language, folder
        self.context = browser.new_context(
            viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True, java_script_enabled=scripts
        )
        self.context.set_default_timeout(LONGEST)
        cookie = {"name": "django_language", "value": language, "url": portal}
        self.context.add_cookies([cookie])
        self.page = self.context.new_page()
        self.runs_scripts = scripts

    def open(self, address: str) -> None:
        """Go to a page; nothing may stick out, everything to be pressed is large enough, and the page is light."""
        received: list[int] = []
        self.page.on("response", lambda response: received.append(int(response.headers.get("content-length", 0))))
        self.page.goto(f"{self.portal}{address}")
        self.check()
        assert sum(received) < 100_000

    def check(self) -> None:
        """Look at the page with a ruler."""
        if self.runs_scripts:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert self.page.evaluate(TOO_SMALL) == []

    def see(self, text: str) -> None:
        """Wait for words on the page."""
        self.page.get_by_text(text).first.wait_for()

    def picture(self, name: str) -> None:
        """Leave a screenshot for people to look at."""
        self.page.screenshot(path=self.folder / f"citizen-{name}-{self.language}.png", full_page=True)


@pytest.fixture(params=languages(ENGLISH))
def scene(request, browser, portal, screenshots):
    """Yield (language, a function that sends staff to a browser, a function that makes a citizen)."""
    everybody: list = []

    def staff(username: str) -> Person:
        everybody.append(Person(browser, portal, username, request.param, screenshots).log_in())
        return everybody[-1]

    def citizen(**given) -> Citizen:
        everybody.append(Citizen(browser, portal, request.param, screenshots, **given))
        return everybody[-1]

    yield request.param, staff, citizen
    for person in everybody:
        person.leave() if isinstance(person, Person) else person.context.close()


def test_a_scanned_code_becomes_a_case_that_is_followed_handled_and_rated(scene):
    language, staff, make_citizen = scene
    words, staff_words = WORDS[language], STAFF_WORDS[language]
    secretary = staff("secretary")
    address = secretary_hangs_up_a_code(secretary)
    citizen = make_citizen()
    number = citizen_reports(citizen, address)
    citizen.open(reverse("tracking:case", args=[number]))
    citizen.see(words.finding)
    dispatcher_dispatches(staff("dispatcher_city"), number)
    secretary.open(reverse("dispatch:queue"))
    secretary_signs(secretary, number, staff_words)
    other_phone = make_citizen()
    follow(other_phone, number)
    other_phone.see(words.handling)
    other_phone.see(COMMUNITY)
    secretary_contacts_and_reports(secretary, number, staff_words)
    reviewer_approves(staff("reviewer_street"), number, staff_words, last=False)
    reviewer_approves(staff("reviewer_district"), number, staff_words, last=True)
    citizen_rates(other_phone, number, words)


def test_reporting_and_following_need_no_script(scene):
    language, _staff, make_citizen = scene
    citizen = make_citizen(scripts=False)
    page = citizen.page
    citizen.open(reverse("public:report"))
    page.wait_for_timeout(2_500)  # who sends within two seconds is asked to press again
    page.fill("textarea[name=content]", CONTENT)
    page.fill("input[name=phone]", "12")
    page.click("button.primary")
    page.wait_for_selector(".field .error")
    assert page.input_value("textarea[name=content]") == CONTENT
    page.fill("input[name=phone]", "13912348888")
    page.click("button.primary")
    number = page.inner_text("[data-number]")
    page.click(f"a[href='{reverse('tracking:case', args=[number])}']")
    citizen.see(WORDS[language].finding)
    page.click(f"a[href='{reverse('public:add', args=[number])}']")
    page.fill("textarea[name=text]", "还有两辆旧自行车")
    page.click("button.primary")
    page.wait_for_selector(".note.ok")


def secretary_hangs_up_a_code(secretary: Person) -> str:
    """Make a QR point for a building and return the address in its code."""
    page = secretary.page
    secretary.open(reverse("intake:point_new"))
    page.fill("input[name=name]", "龙悦居 5 栋大堂")
    page.fill("input[name=area]", COMMUNITY)
    page.fill("input[name=address]", "民治街道龙悦居3期5栋")
    page.click(".card-foot button")
    page.wait_for_selector(".sheet svg")
    secretary.picture("citizen-0-sheet")
    return reverse("public:report_at", args=[page.url.rsplit("=", 1)[1]])


def citizen_reports(citizen: Citizen, address: str) -> str:
    """Write what is wrong, take a photo, leave a phone number, send; return the number."""
    page = citizen.page
    citizen.open(address)
    citizen.see("龙悦居 5 栋大堂")
    page.fill("textarea[name=content]", CONTENT)
    page.set_input_files("input[name=files] >> nth=0", photo("楼道", boxes=6))
    page.wait_for_selector("[data-chosen] img")
    page.fill("input[name=phone]", "13912346666")
    citizen.picture("1-report")
    page.wait_for_timeout(1_500)
    page.click("button.primary")
    page.wait_for_selector("[data-number]")
    citizen.check()
    citizen.picture("2-sent")
    return page.inner_text("[data-number]")


def dispatcher_dispatches(dispatcher: Person, number: str) -> None:
    """Take the item that fits and send the case where the list says."""
    page = dispatcher.page
    for _try in range(60):  # until the machine has looked at it and left it to a person
        dispatcher.open(f"{reverse('dispatch:unmatched')}?case={number}")
        if page.locator("main").get_by_text(number).count():
            break
        page.wait_for_timeout(500)
    page.wait_for_selector("#send")
    page.click(f"#candidates button:has-text('{ITEM_WORDS}')")
    page.click("#send button[type=submit]")
    dispatcher.open(reverse("dispatch:case", args=[number]))
    dispatcher.see(".case-hd", COMMUNITY)


def follow(citizen: Citizen, number: str) -> None:
    """Find the case by its number and the last four digits."""
    page = citizen.page
    citizen.open(reverse("public:track"))
    page.fill("input[name=number]", number.lower())
    page.fill("input[name=digits]", "6666")
    page.click("button.primary")
    page.wait_for_selector(".stages")
    citizen.check()
    citizen.picture("3-followed")


def citizen_rates(citizen: Citizen, number: str, words: Words) -> None:
    """Read the answer, then rate it."""
    page = citizen.page
    citizen.open(reverse("tracking:case", args=[number]))
    citizen.see(words.done)
    citizen.see("清走纸箱")
    citizen.picture("4-answered")
    page.click(f"a[href='{reverse('public:rate', args=[number])}']")
    page.check("input[name=overall][value='5']", force=True)
    page.check("input[name=speed][value='4']", force=True)
    citizen.check()
    citizen.picture("5-rate")
    page.click("button.primary")
    citizen.see(words.thanks)
    citizen.picture("6-rated")
