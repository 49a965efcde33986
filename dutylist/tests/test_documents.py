"""Files of items, objections and batches: what is taken, and who may read them."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from dutylist.models import Document, Item
from dutylist.services import NewBatch, add_batch_document, add_item_document, discard, open_batch
from dutylist.tests.world import NOON, SYSTEM, make_list
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def item(city):
    return Item.objects.get(code="T01")


def pdf(text=b"decision", name="决定.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 " + text)


def picture():
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, "PNG")
    return SimpleUploadedFile("图.png", data.getvalue())


def staff(city, name):
    return Actor.staff(city.staff[name])


def read(user, document):
    client = Client()
    client.force_login(user)
    return client.get(reverse("dutylist:document", args=[document.pk]))


class TestADocumentOfAnItem:
    def test_is_kept_with_name_hash_and_who_added_it(self, city, item):
        by = staff(city, "duty_manager")
        document = add_item_document(item.pk, pdf(), by=by, now=NOON)
        assert (document.name, document.content_type, document.added_by) == ("决定.pdf", "application/pdf", by.name)
        assert document.sha256 in document.file.name
        assert "决定" not in document.file.name
        entry = AuditEntry.objects.get(action="item.document_added")
        assert entry.object_id == item.pk

    def test_is_kept_once_however_often_it_is_sent(self, city, item):
        by = staff(city, "duty_manager")
        first = add_item_document(item.pk, pdf(), by=by, now=NOON)
        assert add_item_document(item.pk, pdf(name="again.pdf"), by=by, now=NOON) == first
        assert Document.objects.count() == 1

    @pytest.mark.parametrize(
        ("file", "reason"),
        [
            (SimpleUploadedFile("x.exe", b"MZ...."), "x.exe"),
            (SimpleUploadedFile("leer.pdf", b""), "leer.pdf"),
            (SimpleUploadedFile("lied.mp3", b"ID3 music"), "PDF"),
        ],
    )
    def test_is_refused_by_name_when_it_is_no_document(self, city, item, file, reason):
        with pytest.raises(BadInput, match=reason) as refusal:
            add_item_document(item.pk, file, by=staff(city, "duty_manager"), now=NOON)
        assert refusal.value.field == "files"
        assert not Document.objects.exists()

    def test_is_added_by_nobody_without_the_act_for_the_list(self, city, item):
        with pytest.raises(NotAllowed, match="职责清单"):
            add_item_document(item.pk, pdf(), by=staff(city, "duty_editor"), now=NOON)

    def test_is_out_of_sight_for_people_without_a_role(self, city, item):
        with pytest.raises(OutOfSight):
            add_item_document(item.pk, pdf(), by=staff(city, "nobody"), now=NOON)

    def test_is_read_by_whoever_reads_the_list(self, city, item):
        document = add_item_document(item.pk, picture(), by=staff(city, "duty_manager"), now=NOON)
        response = read(city.staff["other_handler"], document)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]
        assert read(city.staff["nobody"], document).status_code == 404


class TestADocumentOfABatch:
    @pytest.fixture
    def batch(self, city):
        by = grant(make_staff("editor", city.centres[0]), "duty_editor", city.centres[0])
        self.by = Actor.staff(by)
        data = NewBatch(title="区级调整", owner_area_id=city.districts[0].pk, effective_on=date(2026, 12, 1))
        return open_batch(data, by=self.by, now=NOON)

    def test_is_read_in_its_district_and_by_the_city_alone(self, city, batch):
        document = add_batch_document(batch.pk, pdf(), by=self.by, now=NOON)
        assert read(city.staff["duty_reviewer"], document).status_code == 200
        assert read(city.staff["duty_manager"], document).status_code == 200
        assert read(city.staff["other_handler"], document).status_code == 404

    def test_is_not_added_from_another_district(self, city, batch):
        other = grant(make_staff("other", city.centres[1]), "duty_editor", city.centres[1])
        with pytest.raises(OutOfSight):
            add_batch_document(batch.pk, pdf(), by=Actor.staff(other), now=NOON)

    def test_is_not_added_to_a_batch_that_has_ended(self, city, batch):
        discard(batch.pk, row_version=batch.row_version, by=self.by, now=NOON)
        with pytest.raises(IllegalMove):
            add_batch_document(batch.pk, pdf(), by=self.by, now=NOON)


def test_no_more_files_are_taken_than_the_parameter_says(city, item):
    by = staff(city, "duty_manager")
    for number in range(20):
        add_item_document(item.pk, pdf(b"%d" % number), by=by, now=NOON)
    with pytest.raises(BadInput, match="20"):
        add_item_document(item.pk, pdf(b"one more"), by=by, now=NOON)
    add_item_document(item.pk, pdf(b"3"), by=by, now=NOON)  # a file that is there already is no further one


def test_the_system_adds_nothing_by_accident(item):
    with pytest.raises((NotAllowed, OutOfSight)):
        add_item_document(item.pk, pdf(), by=SYSTEM, now=NOON)
