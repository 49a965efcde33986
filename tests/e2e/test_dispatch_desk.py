"""Five cases dispatched by keys only, timed; two dispatchers in two browsers never get the same case; one is split."""

from __future__ import annotations

import json
import re
import time
import urllib.request

import pytest

from .people import CHINESE, ENGLISH, Person

pytestmark = pytest.mark.e2e

AREA = "440309002021"
DESK = "/dispatch/desk/"
MATTERS = (
    "楼下工地夜里打桩，吵得睡不着。", "路口井盖松动，车一过就响。", "小区水管漏水，流了一地。",
    "公交站牌倒了，压住盲道。", "烧烤摊油烟呛人，开不了窗。", "路边共享单车乱停，挡住人行道。",
    "河里有人倒泥头。", "楼顶广告灯整夜闪。",
)  # fmt: skip
TWO_MATTERS = "一是楼道灯坏了好几天没人修；二是楼下垃圾桶满了没人清运。"


class Keys:
    """A dispatcher who has no mouse."""

    def __init__(self, person: Person):
        self.page = person.page

    def case(self) -> str:
        """Return the number of the case on the desk."""
        return self.page.locator(".middle .case-where a").first.inner_text()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def press_and_slide(self, *keys: str) -> None:
        """Press keys and wait until another case lies on the desk, or none."""
        before = self.page.locator("#h-case").element_handle()
        self.press(*keys)
        self.page.wait_for_function("before => !before.isConnected", arg=before)


@pytest.fixture(scope="module")
def key(browser, portal, screenshots) -> str:
    """Return a key of the hotline's channel, made by an administrator."""
    person = Person(browser, portal, "administrator", CHINESE, screenshots).log_in()
    person.open("/admin/intake/channeltoken/add/")
    person.page.select_option("select[name=channel]", label="12345热线")
    person.page.click("[name=_save]")
    person.page.wait_for_url("**/channeltoken/")
    found = re.search(r"[\w-]{43}", person.page.inner_text("body")).group()
    person.context.close()
    return found


def register(portal: str, key: str, *texts: str) -> None:
    """Register cases without a duty item: each needs a person. Sensitive ones do whatever the machine has learned."""
    for text in texts:
        sent = json.dumps({"content": text, "request_type": "complaint", "area": AREA, "is_sensitive": True}).encode()
        headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = f"e2e-{time.time_ns()}"
        request = urllib.request.Request(f"{portal}/api/v1/cases", sent, headers)  # noqa: S310 - our own portal
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


def until_waiting(person: Person, most: int, words: str = "") -> None:
    """Open the desk until so many cases (with these words) wait there: a worker puts them on it."""
    for _try in range(60):
        person.open(DESK)
        if person.page.locator("[data-waiting]", has_text=words).count() >= most:
            return
        person.page.wait_for_timeout(500)
    raise AssertionError("the cases did not reach the desk")


@pytest.fixture
def one(browser, portal, screenshots):
    """Yield the city's dispatcher in a browser."""
    person = Person(browser, portal, "dispatcher_city", CHINESE, screenshots).log_in()
    yield person
    person.leave()


@pytest.fixture
def two(browser, portal, screenshots):
    """Yield the dispatch manager in a browser, in English."""
    person = Person(browser, portal, "dispatch_manager", ENGLISH, screenshots).log_in()
    yield person
    person.leave()


def test_five_cases_are_dispatched_by_keys_only(one, portal, key, record_property):
    register(portal, key, *MATTERS)
    until_waiting(one, len(MATTERS))
    keys, seen = Keys(one), set()
    one.picture("dispatch-desk")
    began = time.monotonic()
    for turn in range(5):
        seen.add(keys.case())
        one.page.locator(".candidate").first.wait_for()
        keys.press_and_slide(str(turn % 2 + 1), "Enter")
    seconds = (time.monotonic() - began) / 5
    text = f"a case dispatched by two keys: {seconds:.2f} s"
    print(text)  # noqa: T201 - the measured figure is what the test is for
    record_property("dispatch by keys", text)
    assert len(seen) == 5
    one.see("#last-sent a", "已派")
    one.picture("dispatch-desk-sent")
    before = keys.case()
    keys.press_and_slide("n")
    assert keys.case() != before
    keys.press("?")
    one.see("#keys[open]", "Enter")
    one.picture("dispatch-desk-keys")
    keys.press("Escape")
    one.on_the_phone(DESK, "dispatch-desk")


def test_two_dispatchers_never_see_the_same_case(one, two, portal, key):
    register(portal, key, *MATTERS[:6])
    until_waiting(one, 6)
    two.open(DESK)
    first, second, seen = Keys(one), Keys(two), []
    for _turn in range(3):
        seen += [first.case(), second.case()]
        first.press_and_slide("1", "Enter")
        second.press_and_slide("1", "Enter")
    assert len(seen) == len(set(seen)), seen
    two.open(f"{DESK}?case={first.case()}")
    two.see(".held", "is looking at this case")
    two.picture("dispatch-desk-held")
    assert not two.page.locator("#send").count()
    second.press_and_slide("t")
    two.page.locator("#send").wait_for()
    one.open(f"{DESK}?case={second.case()}")
    one.see(".held")
    assert not one.page.locator("#send").count()


def test_a_request_about_two_matters_is_split_by_keys(one, portal, key):
    register(portal, key, TWO_MATTERS)
    until_waiting(one, 1, "楼道灯")
    row = one.page.locator("[data-waiting]", has_text="楼道灯").first
    one.open(row.get_attribute("href"))
    keys = Keys(one)
    number = keys.case()
    keys.press("s")
    one.page.locator("#split").wait_for()
    assert one.page.input_value("[name=part-1-content]").startswith("二是")
    one.picture("dispatch-split")
    keys.press("Control+Enter")
    one.see("#notices", "已拆分")
    assert keys.case() == number
