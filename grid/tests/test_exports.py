"""Files of long lists: offered instead of a refusal, written with the sight of who asked, fetched by nobody else."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from grid.models import ListExport
from grid.services.exports import ask_export, job_name, make_exports
from grid.tests.factories import grant, make_staff, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused
from shenzhen_gov.core.jobs import run_job
from shenzhen_gov.core.lists import export
from shenzhen_gov.core.models import Parameter

NOW = timezone.now()
LIST = "/system/audit/"


@pytest.fixture
def city(db, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    city = small_city()
    call_command("load_parameters", verbosity=0)
    city.one = grant(make_staff("one_administrator", city.centre), "administrator", city.centre)
    city.by = Actor.staff(city.one)
    return city


def client_of(user):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def asked(city, address=LIST, **given):
    return ask_export(address, **({"language": "en", "by": city.by, "now": NOW} | given))


def test_a_list_too_long_for_a_file_at_once_leads_to_the_page_that_offers_it(city, monkeypatch):
    monkeypatch.setattr(export, "EXPORT_LIMIT", 0)
    asked(city)  # an entry of the audit log
    answer = client_of(city.one).get(LIST, {"export": "xlsx", "cursor": "x", "action": "export.asked"})
    assert answer.status_code == 302
    assert answer.url == f"{reverse('grid:exports')}?of={quote(LIST + '?action=export.asked', safe='')}"
    assert "Write the file" in client_of(city.one).get(answer.url).content.decode()


def test_a_file_is_written_with_every_row_and_fetched_by_nobody_else(city):
    export = asked(city)
    assert make_exports(now=NOW) == 1
    export.refresh_from_db()
    assert export.ended_at is not None
    assert export.rows >= 1
    answer = client_of(city.one).get(reverse("grid:export_file", args=[export.pk]))
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    assert len(book.get_sheet_by_index(0).to_python()) == export.rows + 1
    other = grant(make_staff("other_administrator", city.centre), "administrator", city.centre)
    assert client_of(other).get(reverse("grid:export_file", args=[export.pk])).status_code == 404
    assert make_exports(now=NOW) == 0


def test_the_page_shows_what_waits_and_what_can_be_fetched(city):
    client = client_of(city.one)
    assert client.post(reverse("grid:exports"), {"of": LIST}).status_code == 302
    assert "begins within a minute" in client.get(reverse("grid:exports")).content.decode()
    make_exports(now=NOW)
    body = client.get(reverse("grid:exports")).content.decode()
    assert "Fetch" in body
    assert "hx-get" not in body.split('id="exports"')[1].split(">")[0]


def test_the_page_tells_how_many_rows_are_written_so_far(city):
    with run_job(job_name(asked(city).pk), now=NOW) as job:
        job.progress(4321)
        body = client_of(city.one).get(reverse("grid:exports")).content.decode()
    assert "4321" in body
    assert "is being written" in body


def test_who_may_not_open_the_list_any_more_is_told_so_and_gets_no_file(city):
    stranger = make_staff("stranger", city.centre)
    export = asked(city, by=Actor.staff(stranger))
    assert make_exports(now=NOW) == 1
    export.refresh_from_db()
    assert not export.file
    assert export.problem
    assert client_of(stranger).get(reverse("grid:export_file", args=[export.pk])).status_code == 404


def test_a_list_longer_than_a_sheet_is_refused_with_the_reason(city):
    Parameter.objects.filter(key="export.most_rows").update(value=0)
    export = asked(city)
    make_exports(now=NOW)
    export.refresh_from_db()
    assert "narrow the filter" in export.problem
    assert not export.file


def test_the_same_wish_is_one_and_nobody_waits_for_many(city):
    assert asked(city).pk == asked(city).pk
    for number in range(2):
        asked(city, f"{LIST}?action={number}")
    with pytest.raises(Refused):
        asked(city, f"{LIST}?action=x")
    assert (
        "still being made"
        in client_of(city.one).post(reverse("grid:exports"), {"of": f"{LIST}?action=y"}, follow=True).content.decode()
    )


def test_only_lists_are_written_and_only_for_people(city):
    for address in (
        "", "x", "/", "/messages/", "/no-such-page/", "//elsewhere/system/audit/", "http://elsewhere/system/audit/",
        "/system/audit/\x00", "/exports/", LIST + "?" + "x" * 3000, "http://[", "\ud800",
    ):  # fmt: skip
        with pytest.raises(BadInput):
            asked(city, address)
    assert client_of(city.one).post(reverse("grid:exports"), {"of": "//x"}).status_code == 400
    assert client_of(city.one).get(reverse("grid:exports"), {"of": "//x"}).status_code == 200
    with pytest.raises(NotAllowed):
        asked(city, by=Actor.system("x"))
    with pytest.raises(BadInput):
        asked(city, language="xx")


def test_files_are_removed_when_they_were_kept_long_enough(city):
    export = asked(city)
    make_exports(now=NOW)
    export.refresh_from_db()
    storage, name = export.file.storage, export.file.name
    make_exports(now=NOW + timedelta(days=6))
    assert storage.exists(name)
    make_exports(now=NOW + timedelta(days=9))
    assert not storage.exists(name)
    assert not ListExport.objects.exists()
