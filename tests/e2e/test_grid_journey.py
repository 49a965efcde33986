"""The last kilometre on phones: a citizen scans a code, the secretary sends the grid, an officer mends it, it is rated.

And beside it the officer's own day: at a point of the round, something found, solved and closed in one step.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from .people import CHINESE, ENGLISH, PHONE, Person, languages
from .test_citizen import (
    TOO_SMALL,
    Citizen,
    citizen_rates,
    citizen_reports,
    dispatcher_dispatches,
    follow,
    secretary_hangs_up_a_code,
)
from .test_citizen import WORDS as CITIZEN_WORDS
from .test_journey import WORDS as STAFF_WORDS
from .test_journey import case_page, photo, reviewer_approves

pytestmark = pytest.mark.e2e

TEAM = "第一网格"
ITEM = "S0101002"  # 楼道疏散通道杂物堵塞: communities answer
DONE = "网格员到场劝导，清走纸箱和旧家具，楼道已通畅。"
LOBBY = {"longitude": 114.0291, "latitude": 22.6120}  # 10 m from the first point of the sample plan
MAIN_TOO_SMALL = TOO_SMALL.replace("document.querySelectorAll(", "document.querySelector('main').querySelectorAll(")


@dataclass(frozen=True)
class Words:
    """What the officer reads."""

    handed_down: str
    solved: tuple[str, str]  # closed at once, or drawn for review


WORDS = {
    CHINESE: Words("待签收", ("并办结", "审核后办结")),
    ENGLISH: Words("To be signed", ("found, solved and closed", "it is reviewed")),
}


@pytest.fixture(params=languages(ENGLISH))
def city(request, browser, portal, screenshots):
    """Yield (language, a function that sends staff with a phone, one that makes a citizen)."""
    everybody: list = []

    def staff(username: str) -> Person:
        person = Person(browser, portal, username, request.param, screenshots)
        everybody.append(person)
        return person.log_in()

    def citizen() -> Citizen:
        everybody.append(Citizen(browser, portal, request.param, screenshots))
        return everybody[-1]

    yield request.param, staff, citizen
    for person in everybody:
        person.leave() if isinstance(person, Person) else person.context.close()


def on_a_phone(person: Person) -> Person:
    """Give somebody a phone in the hand, at the lobby."""
    person.page.set_viewport_size(PHONE)
    person.context.grant_permissions(["geolocation"])
    person.context.set_geolocation(LOBBY)
    return person


def look(person: Person, name: str) -> None:
    """Leave a picture; nothing sticks out, what is pressed is large enough."""
    person.picture(f"grid-{name}")
    assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def test_from_the_code_in_the_hall_to_the_grid_officer_and_back_to_the_citizen(city):
    language, staff, make_citizen = city
    words, staff_words = WORDS[language], STAFF_WORDS[language]
    secretary = staff("secretary")
    address = secretary_hangs_up_a_code(secretary)
    citizen = make_citizen()
    number = citizen_reports(citizen, address)
    dispatcher_dispatches(staff("dispatcher_city"), number)
    secretary_sends_the_grid(on_a_phone(secretary), number, staff_words.handling, words)
    officer_reports(on_a_phone(staff("grid_officer")), number, staff_words)
    street = staff("reviewer_street")
    reviewer_approves(street, number, staff_words, last=False)  # the team's report, for the community
    reviewer_approves(street, number, staff_words, last=False)  # the community's own
    reviewer_approves(staff("reviewer_district"), number, staff_words, last=True)
    follow(citizen, number)
    citizen_rates(citizen, number, CITIZEN_WORDS[language])


def test_a_round_with_something_found_and_solved_on_the_spot(city):
    language, staff, _citizen = city
    officer = on_a_phone(staff("grid_officer"))
    officer_is_at_a_point(officer)
    officer_solves(officer, WORDS[language])


def secretary_sends_the_grid(secretary: Person, number: str, handling: str, words: Words) -> None:
    """Sign the case and hand it to the team of the cell."""
    page, sign = secretary.page, "form[action$='/sign/'] button"
    for _try in range(60):  # until the dispatcher's step has arrived
        secretary.open(case_page(number))
        if page.locator(sign).count():
            break
        page.wait_for_timeout(500)
    page.click(sign)
    secretary.see(".case-hd", handling)
    secretary.open(f"{case_page(number)}?do=hand_down")
    choice = page.locator("#step select[name=unit_id] option", has_text=TEAM).first
    page.select_option("#step select[name=unit_id]", value=choice.get_attribute("value"))
    look(secretary, "1-hand-down")
    page.click("#step button.btn.p")
    secretary.see(".case-hd", words.handed_down)


def officer_reports(officer: Person, number: str, words) -> None:
    """Sign, call the citizen, mend it, report with photos."""
    page = officer.page
    officer.open(reverse("dispatch:queue"))
    look(officer, "2-officer-queue")
    officer.open(case_page(number))
    page.click("form[action$='/sign/'] button")
    officer.see(".case-hd", words.handling)
    officer.open(f"{case_page(number)}?do=contact")
    page.check("input[name=result][value=reached]")
    page.fill("textarea[name=note]", "已与诉求人通话，马上到场。")
    page.click("#step button.btn.p")
    page.wait_for_selector("a[href*='do=report']")  # offered once the contact is written
    officer.open(f"{case_page(number)}?do=report")
    page.fill("textarea[name=text]", DONE)
    page.select_option("select[name=told_way]", "phone")
    page.set_input_files("input[name=before]", photo("before", boxes=8))
    page.set_input_files("input[name=after]", photo("after", boxes=0))
    look(officer, "3-officer-report")
    page.click("#step button.btn.p")
    officer.see(".case-hd", words.under_review)
    look(officer, "4-officer-reported")


def officer_is_at_a_point(officer: Person) -> None:
    """Begin at the start page, open the round that is on, press the button at the next point."""
    page = officer.page
    officer.open(reverse("grid:round_today"))
    look(officer, "5-today")
    assert page.evaluate(MAIN_TOO_SMALL) == []
    page.locator(".round-card", has_text="龙悦居").click()
    before = page.locator(".stop.passed").count()
    page.click(".stop.now .here")
    page.locator(".stop.passed").nth(before).wait_for()
    look(officer, "6-round")
    assert page.evaluate(MAIN_TOO_SMALL) == []


def officer_solves(officer: Person, words: Words) -> None:
    """Photograph, mend, photograph, send; it is a case, closed or drawn for review."""
    page = officer.page
    page.locator(".round-do a").last.click()
    page.set_input_files("input[name=before]", photo("before", boxes=4))
    page.set_input_files("input[name=after]", photo("after", boxes=0))
    page.locator(".photo-take img").nth(1).wait_for()
    page.fill("#id_item", ITEM)
    page.fill("textarea[name=content]", "二楼楼道堆着纸箱")
    page.fill("textarea[name=done]", DONE)
    look(officer, "7-solve")
    assert page.evaluate(MAIN_TOO_SMALL) == []
    page.click(".send")
    page.wait_for_selector(".found-row")
    said = page.inner_text("#notices")
    assert any(word in said for word in words.solved), said
    look(officer, "8-found")
