"""Three calls at the agent's desk, by keyboard only: keys and seconds are counted; drafts outlive a browser."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from .people import CHINESE, DESK, Person

pytestmark = pytest.mark.e2e

LAMP = "龙华区民治街道北站社区龙悦居3期5栋楼下路灯整夜不亮，连续4盏，晚上很黑，请尽快修复。"
QUESTION = "来电人咨询路灯不亮怎样报修，多久可以修好。"
AGAIN = "龙华区民治街道北站社区龙悦居3期5栋楼下路灯还是整夜不亮。"
NUMBER = re.compile(r"SZ[A-Z]{2}\d{18}")


class Keyboard:
    """An agent who has no mouse. Content typed and key presses are counted apart."""

    def __init__(self, person: Person):
        self.page, self.presses, self.typed = person.page, 0, 0
        self.began = time.monotonic()

    def press(self, key: str) -> None:
        """Press one key or chord."""
        self.presses += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type what the caller says."""
        self.typed += len(text)
        self.page.keyboard.type(text)

    def done(self, what: str, most: int, record) -> None:
        """Print what it took; more key presses than `most` are a step back."""
        seconds = time.monotonic() - self.began
        text = f"{what}: {self.presses} keys besides {self.typed} characters, {seconds:.1f} s"
        print(text)  # noqa: T201 - the measured figure is what the test is for
        record(what, text)
        assert self.presses <= most, text


class Telephone:
    """The telephone system: tells calls through the API, with a key of the hotline's channel."""

    def __init__(self, portal: str, token: str):
        self.portal, self.token, self.calls = portal, token, 0

    def ring(self, phone: str, agent: str = "agent") -> str:
        """Put a call through to an agent, and return its number."""
        self.calls += 1
        call = f"e2e-{time.time_ns()}-{self.calls}"
        self.tell(call, "talking", phone, agent)
        return call

    def tell(self, call: str, state: str, phone: str = "", agent: str = "") -> None:
        """Send one event."""
        event = {
            "external_id": call,
            "state": state,
            "phone": phone,
            "agent": agent,
            "at": datetime.now(UTC).isoformat(),
        }
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        sent = json.dumps({name: value for name, value in event.items() if value}).encode()
        request = urllib.request.Request(f"{self.portal}/api/v1/calls", sent, headers)  # noqa: S310 - our own portal
        try:
            urllib.request.urlopen(request, timeout=30).close()  # noqa: S310
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.code}: {error.read().decode()}") from error


@pytest.fixture
def agent(browser, portal, screenshots):
    """Yield an agent at the desk; at the end the browser may have complained about nothing."""
    person = Person(browser, portal, "agent", CHINESE, screenshots).log_in()
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.open("/intake/register/")
    person.see("#tabs [role=tab]")
    yield person
    for _tab in range(person.page.locator("#tabs [role=tab]").count()):
        person.page.keyboard.press("Alt+w")  # leave a clean desk to the next test
    person.page.wait_for_timeout(500)
    person.leave()


@pytest.fixture(scope="module")
def telephone(browser, portal, screenshots):
    """Yield a telephone system whose key an administrator made in the admin."""
    person = Person(browser, portal, "administrator", CHINESE, screenshots).log_in()
    page = person.page
    person.open("/admin/intake/channeltoken/add/")
    page.select_option("select[name=channel]", label="12345热线")
    page.click("[name=_save]")
    page.wait_for_url("**/channeltoken/")
    key = re.search(r"[\w-]{43}", page.inner_text("body")).group()
    person.context.close()
    return Telephone(portal, key)


def look(person: Person, name: str) -> None:
    """Leave a screenshot; the page is never idle, it asks all the time."""
    person.page.screenshot(path=person.folder / f"{name}-{person.language}.png")


def registered(person: Person) -> str:
    """Return the number that is to be read out."""
    shown = person.page.locator("#done #number")
    shown.wait_for()
    return NUMBER.search(re.sub(r"\s", "", shown.inner_text())).group()


def test_three_calls_by_keyboard_only(agent, telephone, record_property):
    page = agent.page

    # a: a street lamp, dispatched
    began = time.monotonic()
    call = telephone.ring("13812342207")
    page.locator(".desk-tab.talking").wait_for()
    text = f"pop-up {1000 * (time.monotonic() - began):.0f} ms after the event was sent"
    print(text)  # noqa: T201 - aim: 1,000 ms, read by people; a busy machine fails no test
    record_property("pop-up", text)
    expect(page.locator("#id_phone")).to_have_value("13812342207")
    keys = Keyboard(agent)
    keys.type(LAMP)
    agent.see("#items [data-key='1']")
    agent.see("#place-hint .chip", "北站社区")
    keys.press("Alt+1")
    agent.see("#destination", "将派往")
    look(agent, "desk-call")
    keys.press("Control+Enter")
    first = registered(agent)
    keys.done("street lamp, dispatched", 4, record_property)
    look(agent, "desk-number")
    telephone.tell(call, "ended")
    page.keyboard.press("Enter")
    page.wait_for_selector("#entry:not([hidden])")

    # b: a question, answered on the spot from an article
    telephone.ring("13912345678")
    page.locator(".desk-tab.talking").wait_for()
    expect(page.locator("#id_phone")).to_have_value("13912345678")
    keys = Keyboard(agent)
    keys.type(QUESTION)
    agent.see("#articles [data-article]")
    keys.press("Alt+K")
    agent.see("#outcome .quote")
    look(agent, "desk-answer")
    keys.press("Control+Enter")
    second = registered(agent)
    keys.done("question, answered from an article", 4, record_property)
    agent.see("#done", "即时")
    keys.press("Enter")
    page.wait_for_selector("#entry:not([hidden])")

    # c: the first caller again, same matter: urged, and the new case linked
    telephone.ring("13812342207")
    page.locator(".desk-tab.talking").wait_for()
    agent.see("#caller [data-urge]")
    keys = Keyboard(agent)
    keys.press("Alt+U")
    agent.see("#notices", first)
    keys.type(AGAIN)
    keys.press("Alt+G")
    agent.see("#linked", first)
    agent.see("#items [data-key='1']")
    keys.press("Alt+1")
    look(agent, "desk-again")
    keys.press("Control+Enter")
    third = registered(agent)
    keys.done("same matter again, urged and linked", 6, record_property)
    assert len({first, second, third}) == 3


def test_a_draft_outlives_the_browser(agent, browser, portal, screenshots):
    agent.page.keyboard.press("Alt+n")
    half = f"{time.time_ns() // 10**6 % 10**6}写到一半的诉求"
    agent.page.keyboard.type(half)
    agent.see("#saved", "草稿已保存")
    other = Person(browser, portal, "agent", CHINESE, screenshots).log_in()
    other.open("/intake/register/")
    other.page.locator("[role=tab]", has_text=half[:12]).click()
    assert other.page.input_value("#id_content") == half
    other.page.keyboard.press("End")
    other.page.keyboard.type("有积水")
    other.see("#saved", "草稿已保存")
    expect(agent.page.locator("#id_content")).to_have_value(f"{half}有积水")
    other.leave()


def test_two_calls_stand_in_tabs_and_take_no_words_from_each_other(agent, telephone):
    page = agent.page
    page.keyboard.press("Alt+n")
    page.keyboard.type("第一位来电人说的话")
    telephone.ring("13700001111")
    tab = page.locator(".desk-tab.talking", has_text="137****1111")
    tab.wait_for()
    page.keyboard.type("，还在说")
    assert page.input_value("#id_content") == "第一位来电人说的话，还在说"
    page.keyboard.press("F2")
    expect(page.locator("#id_phone")).to_have_value("13700001111")
    assert page.input_value("#id_content") == ""
    for width in (DESK["width"], 1024):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollHeight") <= 768


def test_the_keys_are_listed(agent):
    agent.page.keyboard.press("Control+/")
    agent.see("#keys[open]", "Ctrl+Enter")
    look(agent, "desk-keys")
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("F8")
    assert agent.page.evaluate("document.activeElement.name") == "content"
    agent.on_the_phone("/intake/register/", "desk")
