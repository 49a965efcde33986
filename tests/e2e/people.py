"""Somebody at a browser: logs in, clicks, looks; and what the browser itself had to complain about."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from grid.sample import PASSWORD

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
CHINESE, ENGLISH = "zh-hans", "en"
# `make e2e` walks every journey in both languages; `make test` in one, some in this and some in that.
EVERY_LANGUAGE = bool(os.environ.get("EVERY_LANGUAGE"))
LONGEST = 30_000  # milliseconds for anything to appear; the first search builds an index
expect.set_options(timeout=LONGEST)


def languages(otherwise: str) -> list[str]:
    """Return the languages a journey is walked in: both, or the one named where time is short."""
    return [CHINESE, ENGLISH] if EVERY_LANGUAGE else [otherwise]


class Person:
    """One member of staff in a browser of their own, in one language."""

    def __init__(self, browser, portal: str, username: str, language: str, folder: Path):
        self.portal, self.username, self.language, self.folder = portal, username, language, folder
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
        self.context.set_default_timeout(LONGEST)
        self.context.route("**/*", self._only_the_portal)
        self.page = self._watched(self.context.new_page())

    def log_in(self) -> Person:
        """Choose the language, log in, and arrive on the start page of one's role."""
        self.page.goto(f"{self.portal}/")
        if self.language != CHINESE:
            self.page.click(f"button[name=language][value={self.language}]")
        self.page.fill("input[name=username]", self.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button.btn.p, form button.btn.p")
        self.page.wait_for_url(lambda url: "login" not in url)
        return self

    def open(self, address: str) -> None:
        """Go to a page of the portal."""
        answer = self.page.goto(f"{self.portal}{address}")
        assert answer.ok, f"{address}: {answer.status}"

    def see(self, selector: str, text: str = "") -> str:
        """Wait until something with this text is there and return all of its text."""
        found = self.page.locator(selector).filter(has_text=text).first
        found.wait_for()
        return found.inner_text()

    def picture(self, name: str) -> None:
        """Leave a screenshot for people to look at."""
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=self.folder / f"{name}-{self.language}.png")

    def on_the_phone(self, address: str, name: str) -> None:
        """Look at a page on a phone and leave a screenshot; nothing may stick out at the side."""
        page = self._watched(self.context.new_page())
        page.set_viewport_size(PHONE)
        page.goto(f"{self.portal}{address}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=self.folder / f"{name}-phone-{self.language}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{address} is {wide} px wide on a phone of {PHONE['width']} px"
        page.close()

    def leave(self) -> None:
        """Close the browser; whatever it complained about fails the test."""
        self.context.close()
        assert not self.complaints, f"{self.username}: {self.complaints}"

    def _watched(self, page):
        page.on("console", lambda said: said.type == "error" and self.complaints.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _only_the_portal(self, route) -> None:
        """Let requests to the portal through; any other host is refused and noted."""
        address = route.request.url
        if urlsplit(address).netloc == urlsplit(self.portal).netloc:
            route.continue_()
        else:
            self.complaints.append(f"asked another host: {address}")
            route.abort()
