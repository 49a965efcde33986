"""社区发令、部门执行 on phones: the secretary calls two departments, both come and report, the orders are closed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from .people import CHINESE, ENGLISH, PHONE, Person, languages

pytestmark = pytest.mark.e2e

DEPARTMENTS = {  # account → what its department is called in the list to choose from
    "handler": "龙华区城市管理",
    "handler_enforcement": "民治街道综合行政执法",
}
CAME = {"handler": "张伟明、李工", "handler_enforcement": "杨帆"}
RESULTS = {"handler": "已责令商户撤除占道物品。", "handler_enforcement": "现场清理完毕，已立案一宗。"}


@dataclass(frozen=True)
class Words:
    """What the pages must say."""

    handling: str
    done: str


WORDS = {CHINESE: Words("处置中", "完成"), ENGLISH: Words("Handling", "Done")}


@pytest.fixture(params=languages(CHINESE))
def enter(request, browser, portal, screenshots):
    """Yield a function that gives somebody a phone; at the end nobody's browser may have complained."""
    people = []

    def log_in(username: str) -> Person:
        person = Person(browser, portal, username, request.param, screenshots)
        person.page.set_viewport_size(PHONE)
        people.append(person.log_in())
        return person

    log_in.words = WORDS[request.param]
    yield log_in
    for person in people:
        person.leave()


def test_an_order_to_the_spot_is_answered_by_two_departments(enter):
    secretary = enter("secretary")
    number = secretary_takes_a_case(secretary, enter.words)
    secretary_orders(secretary, number)
    for username in DEPARTMENTS:
        department_comes_and_reports(enter(username), number)
    sheet = secretary_reads_who_came(secretary, number)
    for _department in DEPARTMENTS:
        secretary_closes_one(secretary, number)
    secretary.open(sheet)
    for result in RESULTS.values():
        secretary.see("article", result)
    assert secretary.page.locator("article tbody .mut.sm", has_text=enter.words.done).count() == len(DEPARTMENTS)


def secretary_takes_a_case(secretary: Person, words: Words) -> str:
    """Sign the first case that waits; return its number."""
    page = secretary.page
    secretary.open(f"{reverse('dispatch:community')}?tab=sign")
    row = page.locator("tr[data-case]").first
    number = row.get_attribute("data-case").strip("/").rsplit("/", 1)[1]
    row.locator(".c-act form button").click()
    secretary.see(".case-hd", words.handling)
    return number


def secretary_orders(secretary: Person, number: str) -> None:
    """Call both departments to the place."""
    page = secretary.page
    secretary.open(f"{reverse('dispatch:case', args=[number])}?do=order")
    for name in DEPARTMENTS.values():
        page.locator("#step .unit_ids label", has_text=name).first.locator("input").check(force=True)
    page.fill("#step [name=task]", "现场查看并清理占道物品")
    page.fill("#step [name=place]", "龙悦居三期西门")
    fits(secretary)
    secretary.picture("spot-1-order")
    page.click("#step button.btn.p")
    page.wait_for_selector("#step", state="detached")


def department_comes_and_reports(person: Person, number: str) -> None:
    """Find the order, note who came, write what was done."""
    page = person.page
    person.open(f"{reverse('dispatch:orders')}?side=of&tab=to_arrive")
    fits(person)
    row = page.locator(".co-rows li", has=page.locator(f"a[href*='{number}']"))
    row.locator("a[href*='do=arrive']").click()
    page.fill("#step [name=names]", CAME[person.username])
    fits(person)
    person.picture(f"spot-2-arrive-{person.username}")
    page.click("#step button.btn.p")
    page.wait_for_selector("#step", state="detached")
    person.open(f"{reverse('dispatch:orders')}?side=of&tab=at_work")
    row = page.locator(".co-rows li", has=page.locator(f"a[href*='{number}']"))
    row.locator("a[href*='do=report']").click()
    page.fill("#step [name=text]", RESULTS[person.username])
    fits(person)
    page.click("#step button.btn.p")
    page.wait_for_selector("#step", state="detached")


def secretary_reads_who_came(secretary: Person, number: str) -> str:
    """Open the order sheet: everybody who came is on it by name. Returns its address."""
    page = secretary.page
    secretary.open(f"{reverse('dispatch:orders')}?side=by&tab=to_judge")
    row = page.locator(".co-rows li", has=page.locator(f"a[href*='{number}']")).first
    address = row.locator("a.btn.g").get_attribute("href")
    secretary.open(address)
    for names in CAME.values():
        for name in names.split("、"):
            secretary.see("article", name)
    secretary.picture("spot-3-sheet")
    return address


def secretary_closes_one(secretary: Person, number: str) -> None:
    """Close the order of one department that has reported."""
    page = secretary.page
    secretary.open(f"{reverse('dispatch:orders')}?side=by&tab=to_judge")
    row = page.locator(".co-rows li", has=page.locator(f"a[href*='{number}']")).first
    row.locator("a[href*='do=close_spot']").click()
    page.click("#step button.btn.p")
    page.wait_for_selector("#step", state="detached")


def fits(person: Person) -> None:
    """Nothing sticks out at the side of the phone."""
    assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
