"""The community desk on a phone: taking back, and a report that a broken line cannot lose or double."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from django.urls import reverse
from PIL import Image

from .people import CHINESE, ENGLISH, PHONE, Person, languages
from .test_citizen import TOO_SMALL
from .test_journey import photo

pytestmark = pytest.mark.e2e

TEXT = "下午到场清走纸箱两车，楼道已通畅。"
BROKEN = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "htmx:sendError",
    "htmx:afterRequest",
)  # what a browser says when the line is cut: meant here
WIDEST = 1600  # pixels of a photo after the browser made it small


@dataclass(frozen=True)
class Words:
    """What the pages must say."""

    handling: str
    under_review: str
    waiting: str
    reported: str


WORDS = {
    CHINESE: Words("处置中", "待审核", "尚未发出", "已反馈"),
    ENGLISH: Words("Handling", "Under review", "Not sent yet", "Reported done"),
}


@pytest.fixture(params=languages(CHINESE))
def secretary(request, browser, portal, screenshots):
    """Yield the secretary with a phone; the line may be cut, nothing else may be complained about."""
    person = Person(browser, portal, "secretary", request.param, screenshots)
    person.page.set_viewport_size(PHONE)
    yield person.log_in()
    person.complaints[:] = [said for said in person.complaints if not any(word in said for word in BROKEN)]
    person.leave()


def test_a_report_survives_a_broken_line_and_arrives_once(secretary):
    page, words = secretary.page, WORDS[secretary.language]
    number = signs_takes_back_and_signs_again(secretary)
    contacts(secretary, number)
    fill_in_report(secretary, number)
    if secretary.language == CHINESE:
        secretary.context.set_offline(True)  # it never leaves the phone
    else:
        page.route("**/report/", lose_the_answer)  # it arrives, and nobody learns of it
    page.click("#step button.btn.p")
    secretary.see("#unsent", words.waiting)
    page.screenshot(path=secretary.folder / f"community-3-not-sent-{secretary.language}.png")
    page.close()
    secretary.context.set_offline(False)
    again = secretary.page = watched_page(secretary)
    secretary.open(reverse("dispatch:community"))
    again.wait_for_selector("#unsent .sent")
    assert again.locator("#unsent > :not(.sent)").count() == 0
    secretary.open(reverse("dispatch:case", args=[number]))
    secretary.see(".case-hd", words.under_review)
    assert again.locator(".timeline li.done b", has_text=words.reported).count() == 1
    secretary.picture("community-4-arrived")
    again.click(".undo button")
    secretary.see(".case-hd", words.handling)


def signs_takes_back_and_signs_again(secretary: Person) -> str:
    """Sign all that waits, think better of it within the minute, sign one."""
    page, words = secretary.page, WORDS[secretary.language]
    secretary.open(f"{reverse('dispatch:community')}?tab=sign")
    looks_like_a_phone_page(secretary)
    secretary.picture("community-1-desk")
    waiting = page.locator("tr[data-case]").count()
    number = page.locator("tr[data-case]").first.get_attribute("data-case").strip("/").rsplit("/", 1)[1]
    page.click("form.sign-all button")
    page.wait_for_selector(".undo [data-left]")
    secretary.picture("community-2-undo")
    page.click(".undo button")
    page.wait_for_selector(f"tr[data-case*='{number}']")
    assert page.locator("tr[data-case]").count() == waiting
    page.click(f"tr[data-case*='{number}'] .c-act form button")
    secretary.see(".case-hd", words.handling)
    return number


def contacts(secretary: Person, number: str) -> None:
    """Write down that the citizen was reached."""
    page = secretary.page
    secretary.open(f"{reverse('dispatch:case', args=[number])}?do=contact")
    page.check("input[name=result][value=reached]", force=True)
    page.fill("textarea[name=note]", "已与诉求人通话。")
    page.click("#step button.btn.p")
    page.wait_for_selector("a[href*='do=report']")


def fill_in_report(secretary: Person, number: str) -> None:
    """Write what was done and take a photo, which the browser makes small."""
    page = secretary.page
    secretary.open(f"{reverse('dispatch:case', args=[number])}?do=report")
    page.fill("textarea[name=text]", TEXT)
    page.select_option("select[name=told_way]", "phone")
    if page.locator("textarea[name=result]").count():
        page.fill("textarea[name=result]", "已清走")
    for name in ("before", "after"):
        page.set_input_files(f"input[name={name}]", large_photo(name))
    width = page.evaluate(
        """async () => {
            const form = document.querySelector('#step');
            await form.photosReady;
            return (await createImageBitmap(form.elements.after.files[0])).width;
        }"""
    )
    assert width == WIDEST
    looks_like_a_phone_page(secretary)


def large_photo(name: str) -> dict:
    """Return a picture as large as phones take them."""
    small = photo(name, boxes=3)
    image = Image.open(io.BytesIO(small["buffer"])).resize((4000, 3000))
    noise = Image.effect_noise(image.size, 60).convert("RGB")
    written = io.BytesIO()
    Image.blend(image, noise, 0.2).save(written, "JPEG", quality=90)
    return small | {"buffer": written.getvalue()}


def lose_the_answer(route) -> None:
    """Let the request through, and cut the line before the answer."""
    route.fetch()
    route.abort()


def watched_page(secretary: Person):
    """Open another page in the same browser, as after a restart."""
    page = secretary._watched(secretary.context.new_page())
    page.set_viewport_size(PHONE)
    return page


def looks_like_a_phone_page(secretary: Person) -> None:
    """Nothing sticks out at the side, and what a thumb presses in the page is large enough."""
    page = secretary.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = [html for html in page.evaluate(TOO_SMALL) if "phone-bar" in html or 'class="btn' in html]
    assert small == []
