"""An evening of the list office: 935 changes from Excel, seen beforehand, approved by others, in force, taken back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from bench import databases
from bench.stack import running
from shenzhen_gov.launcher import prepare

from .list_files import COUNTS, MOVED, RETIMED, changed_list
from .people import CHINESE, ENGLISH, Person

pytestmark = pytest.mark.e2e

COMMUNITY, BUREAU = "北站社区", "龙华区城市管理"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY_AHEAD = {"CLOCK_AHEAD_HOURS": "24"}


@dataclass
class Office:
    """The portal of the story, which is stopped and started again on the next day, and the people at it."""

    browser: object
    env: dict[str, str]
    folder: Path
    screenshots: Path
    url: str = ""
    people: list[Person] = field(default_factory=list)

    @contextmanager
    def on(self, **env: str) -> Iterator[None]:
        """Run the portal, with the clock where `env` says; at the end no browser may have complained."""
        self.env |= env
        with running(self.env, self.folder) as stack:
            self.url = stack.url
            yield
            for person in self.people:
                person.leave()
            self.people.clear()

    def enter(self, username: str, language: str = CHINESE) -> Person:
        """Let somebody log in."""
        self.people.append(Person(self.browser, self.url, username, language, self.screenshots).log_in())
        return self.people[-1]

    def run(self, task: str) -> None:
        """Do at once what happens by the clock."""
        code = f"from importlib import import_module as m; m({task.rpartition('.')[0]!r}).{task.rpartition('.')[2]}()"
        prepare.manage(self.env, "shell", "-c", code)


@pytest.fixture
def office(browser, screenshots, worker_id, tmp_path, static_files) -> Iterator[Office]:
    """Return a portal with the sample city on a database of its own."""
    (tmp_path / "log").mkdir()
    (tmp_path / "static").symlink_to(static_files)
    given = {"DJANGO_SETTINGS_MODULE": prepare.SAMPLE_SETTINGS, "VAR_DIR": str(tmp_path), "BROKER_URL": ""}
    env = dict(prepare.child_env(given))
    patch = pytest.MonkeyPatch()
    patch.setenv("VAR_DIR", str(tmp_path))
    try:
        with databases.database(os.environ["DATABASE_URL"], f"e2e_list_{worker_id}", env) as url:
            env["DATABASE_URL"] = url
            yield Office(browser, env, tmp_path, screenshots)
    finally:
        patch.undo()


def test_935_changes_are_entered_previewed_approved_in_force_tomorrow_and_taken_back(office):
    with office.on():
        agent = office.enter("agent")
        moved, retimed = register(agent, MOVED, COMMUNITY), register(agent, RETIMED)
        number = editor_enters(office.enter("duty_editor_city"))
        editor_looks_ahead(office.people[-1], number)
        reviewer_passes(office.enter("duty_reviewer_city"), number)
        manager_approves(office.enter("duty_manager"), number)
        in_english(office, number)
    with office.on(**DAY_AHEAD):
        office.run("dutylist.tasks.publish_due")
        office.run("dispatch.tasks.follow_batches")
        manager = office.enter("duty_manager")
        assert BUREAU in where_is(manager, moved)
        assert version_of(manager, retimed) == 1
        fresh = register(office.enter("agent"), MOVED, BUREAU)
        assert version_of(manager, fresh) == 2
        inverse = manager_takes_back(manager, number)
        manager_approves(office.enter("duty_manager_deputy"), inverse)
        office.run("dispatch.tasks.follow_batches")
        assert COMMUNITY in where_is(manager, moved)
        register(office.enter("agent"), MOVED, COMMUNITY)
        manager.open(reverse("dutylist:batches"))
        manager.picture("20-ledger")


def test_an_editor_of_a_district_reads_no_batch_of_the_city_and_opens_one_of_the_own_list(office):
    with office.on():
        city = office.enter("duty_editor_city")
        number = open_batch(city, "市级批次")
        district = office.enter("duty_editor")
        answer = district.page.request.get(f"{office.url}{batch_page(number)}")
        assert answer.status == 404
        own = open_batch(district, "龙华区细化批次")
        district.open(batch_page(own))
        district.see("main", "龙华区")
        district.on_the_phone(batch_page(own), "21-district-batch")


def batch_page(number: str) -> str:
    """Return the address of a batch."""
    return reverse("dutylist:batch", args=[number])


def register(agent: Person, item: str, unit: str = "") -> str:
    """Register a case about an item in the community and return its number, once it was dispatched to `unit`."""
    page = agent.page
    agent.open(reverse("intake:register"))
    page.fill("#id_phone", "13800138000")
    page.fill("#id_content", "民治街道北站社区龙悦居3期5栋，二楼楼道里堆满纸箱，消防车通道也被堵住了。")
    page.click(f"#items [data-item={item}]")
    agent.see("#destination", unit or "消防")
    page.keyboard.press("Control+Enter")
    number = page.wait_for_selector("[data-copy]").get_attribute("data-copy")
    agent.see("#progress", unit)
    return number


def open_batch(editor: Person, title: str) -> str:
    """Open a batch for tomorrow and return its number."""
    page = editor.page
    editor.open(reverse("dutylist:batch_new"))
    page.fill("input[name=title]", title)
    page.fill("textarea[name=reason]", "户外灯光与楼道堆物职责调整")
    page.fill("input[name=document]", "深编办〔2026〕18号（样例）")
    page.fill("input[name=effective_on]", (timezone.localdate() + timedelta(days=1)).isoformat())
    page.click("main form button.btn.p")
    page.wait_for_url(re.compile(r"/batches/[\w-]+/$"))
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def editor_enters(editor: Person) -> str:
    """Upload the changed list: three faults, all named, nothing taken over; then all of it."""
    number = open_batch(editor, "2026 年第 18 批职责清单调整")
    page, addresses = editor.page, {"args": [number]}
    listed = page.request.get(editor.portal + reverse("dutylist:batch_list", **addresses)).body()
    editor.open(reverse("dutylist:batch_import", **addresses))
    upload(editor, changed_list(listed, faulty=True))
    for told in ("“五”", "S9999999", "no_such_function"):
        editor.see("main", told)
    editor.picture("11-faults")
    marked = page.request.get(editor.portal + reverse("dutylist:batch_marked", **addresses))
    assert marked.headers["content-type"] == WORKBOOK
    upload(editor, changed_list(listed, faulty=False))
    page.wait_for_url(lambda url: url.endswith(batch_page(number)))
    for kind, count in COUNTS.items():
        assert re.search(rf"{kind}\s*{count}", editor.see("main", str(sum(COUNTS.values())))), kind
    return number


def upload(editor: Person, book: bytes) -> None:
    """Upload a workbook that replaces what the list says."""
    file = {"name": "changes.xlsx", "mimeType": WORKBOOK, "buffer": book}
    editor.page.set_input_files("main input[type=file]", file)
    editor.page.check("input[name=mode][value=overwrite]")
    editor.page.click("main form button.btn.p")
    editor.page.wait_for_load_state("networkidle")


def editor_looks_ahead(editor: Person, number: str) -> None:
    """Check, replay the last 90 days, then submit."""
    page = editor.page
    with page.expect_response(lambda answer: answer.url.endswith("/check/")):
        page.keyboard.press("c")
    page.wait_for_load_state("networkidle")
    page.select_option(".replay-form select[name=period]", "90")
    page.click(".replay-form button")
    editor.see(".effect-replay", "%")
    editor.open(f"{batch_page(number)}?line={MOVED}")
    editor.picture("12-previewed")
    page.click("#act button.p")
    page.wait_for_load_state("networkidle")


def reviewer_passes(reviewer: Person, number: str) -> None:
    """Pass the first review."""
    reviewer.open(batch_page(number))
    reviewer.picture("13-first-review")
    reviewer.page.click("#act button.p")
    reviewer.page.wait_for_load_state("networkidle")


def manager_approves(manager: Person, number: str) -> None:
    """Approve, giving the reason where the gate is shut."""
    page = manager.page
    manager.open(batch_page(number))
    manager.picture(f"14-approval-{number}")
    override = page.locator("#act details.override")
    if override.count():
        override.locator("summary").click()
        override.locator("[name=override]").fill("样例城市办结件太少，移交比例不具代表性，已人工核对。")
        override.locator("button").click()
    else:
        page.click("#act button.p")
    page.wait_for_load_state("networkidle")
    manager.picture(f"15-approved-{number}")


def in_english(office: Office, number: str) -> None:
    """Leave pictures of the same pages in English."""
    reader = office.enter("duty_manager", ENGLISH)
    for name, address in (
        ("16-batch", batch_page(number)),
        ("17-ledger", reverse("dutylist:batches")),
        ("18-list", reverse("dutylist:list")),
        ("19-item", reverse("dutylist:item", args=[MOVED])),
    ):
        reader.open(address)
        reader.picture(name)


def where_is(person: Person, number: str) -> str:
    """Return what the head of the case's page says."""
    person.open(reverse("dispatch:case", args=[number]))
    return person.see(".case-hd")


def version_of(person: Person, number: str) -> int:
    """Return the version of the item that the case was dispatched under, as its page tells."""
    person.open(reverse("dispatch:case", args=[number]))
    return int(re.search(r"\d+", person.see(".quote h3"))[0])


def manager_takes_back(manager: Person, number: str) -> str:
    """Ask for the rollback and return the number of the inverse batch."""
    page = manager.page
    manager.open(batch_page(number))
    manager.picture("18-published")
    page.fill("#act [name=reason]", "移交后社区反映衔接不畅，先恢复原分工。")
    page.click("#act button[formaction*='roll_back']")
    page.wait_for_load_state("networkidle")
    return page.url.rstrip("/").rsplit("/", 1)[-1]
