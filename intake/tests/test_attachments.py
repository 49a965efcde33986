import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from intake.models import Attachment, Case, ReportPoint
from intake.services import Upload, add_attachment, move_case, register_once
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.files import clean_picture
from shenzhen_gov.core.models import AuditEntry, Parameter

from .factories import SYSTEM, city_with_channels, make_case, new_case

NOW = timezone.now()


def picture(kind="JPEG", size=(64, 48), **saved) -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **saved)
    return out.getvalue()


def notes_with_place() -> Image.Exif:
    """Return what a phone writes: orientation, time, maker, and where the photo was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x0132], exif[0x010F] = 6, "2026:11:20 09:42:18", "Phone"
    exif[0x8298] = "private person"
    exif[0x8825] = {1: "N", 2: (22.0, 36.0, 0.0), 3: "E", 4: (114.0, 1.0, 0.0)}
    return exif


def upload(data: bytes, name="现场.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def stored_files(folder="cases") -> set[str]:
    """Return the names of everything stored."""
    if not default_storage.exists(folder):
        return set()
    folders, files = default_storage.listdir(folder)
    return {f"{folder}/{file}" for file in files}.union(*(stored_files(f"{folder}/{inner}") for inner in folders))


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


def mp4(brand: bytes = b"isom", size: int = 40) -> bytes:
    """Return what looks like the start of a film."""
    return b"\0\0\0\x18ftyp" + brand + bytes(size)


class TestAnAttachment:
    def test_is_stored_under_its_hash_and_logged(self, city, agent):
        case = make_case()
        attachment = add_attachment(case.pk, "before", upload(picture()), by=agent, now=NOW)
        assert attachment.sha256 in attachment.file.name
        assert "现场" not in attachment.file.name
        assert (attachment.content_type, attachment.name, attachment.kind) == ("image/jpeg", "现场.jpg", "before")
        assert attachment.file.read() == clean_picture(io.BytesIO(picture())).data
        assert Image.open(attachment.thumbnail).format == "WEBP"
        entry = AuditEntry.objects.get(object_id=case.pk, action="case.attachment_added")
        assert entry.changes["sha256"] == attachment.sha256

    def test_added_twice_is_one(self, city, agent):
        case = make_case()
        first = add_attachment(case.pk, "evidence", upload(picture()), by=agent, now=NOW)
        assert add_attachment(case.pk, "evidence", upload(picture()), by=agent, now=NOW) == first
        other = add_attachment(case.pk, "after", upload(picture()), by=agent, now=NOW)
        assert Attachment.objects.count() == 2
        assert other.file.name == first.file.name

    def test_too_large_is_refused_by_name_and_size(self, city, agent):
        case = make_case()
        with pytest.raises(BadInput, match=r"夜景\.jpg.*30\.0 MB.*20 MB") as refusal:
            add_attachment(case.pk, "evidence", upload(picture() + bytes(30 * 2**20), "夜景.jpg"), by=agent, now=NOW)
        assert refusal.value.field == "files"
        assert not Attachment.objects.exists()

    def test_size_limit_is_a_parameter(self, city, agent):
        Parameter.objects.filter(key="attachment.max_bytes").update(value=100)
        parameters.forget()
        with pytest.raises(BadInput):
            add_attachment(make_case().pk, "evidence", upload(picture()), by=agent, now=NOW)
        parameters.forget()

    def test_of_an_unknown_kind_is_refused(self, city, agent):
        with pytest.raises(BadInput) as refusal:
            add_attachment(make_case().pk, "selfie", upload(picture()), by=agent, now=NOW)
        assert refusal.value.field == "kind"

    def test_more_than_a_case_may_have_is_refused(self, city, agent):
        Parameter.objects.filter(key="attachment.max_per_case").update(value=1)
        parameters.forget()
        case = make_case()
        add_attachment(case.pk, "evidence", upload(picture()), by=agent, now=NOW)
        with pytest.raises(BadInput, match="At most 1"):
            add_attachment(case.pk, "evidence", upload(picture(size=(10, 10))), by=agent, now=NOW)
        parameters.forget()

    def test_of_an_ended_case_is_refused(self, city, agent):
        case = make_case()
        for move in ("dispatch", "report", "close"):
            move_case(case, move, action="case.imported", by=SYSTEM, now=NOW)
        with pytest.raises(IllegalMove):
            add_attachment(case.pk, "evidence", upload(picture()), by=agent, now=NOW)

    def test_needs_a_role_that_works_on_cases(self, city):
        case = make_case(area=city.districts[0].code)
        with pytest.raises(NotAllowed):
            add_attachment(case.pk, "evidence", upload(picture()), by=Actor.staff(city.staff["leader"]), now=NOW)
        with pytest.raises(OutOfSight):
            add_attachment(case.pk, "evidence", upload(picture()), by=Actor.staff(city.staff["other_handler"]), now=NOW)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd.jpg", "passwd.jpg"),
            ("C:\\照片\\现场.jpg", "现场.jpg"),
            ("a\x00b\n.jpg", "ab.jpg"),
            ("长" * 200 + ".jpeg", "长" * 114 + "….jpeg"),
            ("发票.exe", "发票.jpg"),
            ("第3.5号楼", "第3.5号楼.jpg"),
            ("gpj.\u202eexe", "gpj.jpg"),
            ("....", "file.jpg"),
        ],
    )
    def test_keeps_a_harmless_name(self, city, agent, given, kept):
        file = upload(picture())
        file._name = given
        assert add_attachment(make_case().pk, "evidence", file, by=agent, now=NOW).name == kept


class TestLimits:
    @pytest.fixture(autouse=True)
    def fresh(self):
        yield
        parameters.forget()

    @staticmethod
    def limit(key, value):
        Parameter.objects.filter(key=key).update(value=value)
        parameters.forget()

    def test_a_film_may_be_larger_than_a_picture(self, city, agent):
        self.limit("attachment.max_bytes", 100)
        case = make_case()
        add_attachment(case.pk, "evidence", upload(mp4(size=200), "现场.mp4"), by=agent, now=NOW)
        with pytest.raises(BadInput, match="at most"):
            add_attachment(case.pk, "evidence", upload(picture()), by=agent, now=NOW)

    def test_films_are_counted_by_themselves(self, city, agent):
        self.limit("attachment.max_videos_per_case", 1)
        case = make_case()
        add_attachment(case.pk, "evidence", upload(mp4(), "1.mp4"), by=agent, now=NOW)
        with pytest.raises(BadInput, match="At most 1 files of this kind") as refusal:
            add_attachment(case.pk, "evidence", upload(mp4(size=41), "2.mp4"), by=agent, now=NOW)
        assert refusal.value.field == "files"
        add_attachment(case.pk, "evidence", upload(picture()), by=agent, now=NOW)

    def test_all_files_of_a_case_together_have_a_limit(self, city, agent):
        self.limit("attachment.max_bytes_per_case", 300)
        case = make_case()
        add_attachment(case.pk, "evidence", upload(mp4(size=200), "1.mp4"), by=agent, now=NOW)
        before = stored_files()
        with pytest.raises(BadInput, match="together"):
            add_attachment(case.pk, "evidence", upload(mp4(size=201), "2.mp4"), by=agent, now=NOW)
        assert stored_files() == before


class TestThePlaceOfAPhoto:
    def test_is_forgotten_unless_the_sender_lets_us_keep_it(self, city, agent):
        case, photo = make_case(), picture(exif=notes_with_place())
        forgotten = add_attachment(case.pk, "evidence", upload(photo), by=agent, now=NOW)
        kept = add_attachment(case.pk, "before", upload(photo), by=agent, now=NOW, keep_place=True)
        assert (forgotten.longitude, forgotten.latitude) == (None, None)
        assert (kept.longitude, kept.latitude) == (114.016667, 22.6)

    def test_is_offered_before_it_is_dropped_with_the_area_of_a_qr_point_near_by(self, client, city):
        area = city.districts[0]
        ReportPoint.objects.create(
            code="x", name="x", area=area, address="x", longitude=114.0170, latitude=22.6003, created_at=NOW
        )
        answer = client.post(reverse("public:photo_place"), {"file": upload(picture(exif=notes_with_place()))})
        assert answer.json() == {
            "longitude": 114.016667,
            "latitude": 22.6,
            "area": {"code": area.code, "name": area.name},
        }

    @pytest.mark.parametrize("data", [picture(), b"nonsense", b"", None])
    def test_is_nothing_where_the_file_does_not_say(self, client, city, data):
        sent = {} if data is None else {"file": upload(data)}
        assert client.post(reverse("public:photo_place"), sent).json()["longitude"] is None


class TestSending:
    @pytest.fixture
    def film(self, city, agent, client):
        client.force_login(city.staff["agent"])
        return add_attachment(make_case().pk, "evidence", upload(mp4(size=1000), "现场.mp4"), by=agent, now=NOW)

    def test_a_film_is_played_in_the_page_and_can_run_no_script(self, client, film):
        answer = client.get(reverse("intake:attachment", args=[film.pk]))
        assert answer["Content-Type"] == "video/mp4"
        assert answer["Content-Disposition"].startswith("inline")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Accept-Ranges"] == "bytes"

    @pytest.mark.parametrize(
        ("asked", "status", "said", "length"),
        [
            ("bytes=0-9", 206, "bytes 0-9/{size}", 10),
            ("bytes=1000-", 206, "bytes 1000-{last}/{size}", 12),
            ("bytes=-5", 206, "bytes {tail}-{last}/{size}", 5),
            ("bytes=0-99999", 206, "bytes 0-{last}/{size}", 1012),
            ("bytes=99999-", 416, "bytes */{size}", 0),
            ("bytes=9-3", 416, "bytes */{size}", 0),
            ("bytes=-0", 416, "bytes */{size}", 0),
            ("bytes=0-1,4-5", 200, None, 1012),
            ("lines=0-1", 200, None, 1012),
            ("bytes=-", 200, None, 1012),
        ],
    )
    def test_a_player_gets_the_part_it_asks_for(self, client, film, asked, status, said, length):
        answer = client.get(reverse("intake:attachment", args=[film.pk]), headers={"Range": asked})
        size = 1012
        assert answer.status_code == status
        assert answer.get("Content-Range") == (said and said.format(size=size, last=size - 1, tail=size - 5))
        assert len(b"".join(answer)) == length

    def test_what_the_browser_has_is_not_sent_again(self, client, film):
        address = reverse("intake:attachment", args=[film.pk])
        tag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        changed = client.get(address, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
        assert changed.status_code == 200

    def test_a_page_behind_a_picture_is_gone_and_a_paper_is_saved_not_shown(self, client, city, agent, film):
        case = make_case()
        html = b"<script>alert(1)</script>"
        photo = add_attachment(case.pk, "evidence", upload(picture() + html, "x.html"), by=agent, now=NOW)
        paper = add_attachment(case.pk, "evidence", upload(b"%PDF-1.4\n" + html, "x.html"), by=agent, now=NOW)
        assert b"script" not in photo.file.read()
        answer = client.get(reverse("intake:attachment", args=[paper.pk]))
        assert answer["Content-Disposition"].startswith('attachment; filename="x.pdf"')
        assert answer["Content-Type"] == "application/pdf"

    def test_a_picture_has_a_small_one(self, client, city, agent, film):
        photo = add_attachment(make_case().pk, "evidence", upload(picture(size=(900, 600))), by=agent, now=NOW)
        answer = client.get(reverse("intake:thumbnail", args=[photo.pk]))
        small = Image.open(io.BytesIO(b"".join(answer)))
        assert (small.format, small.size) == ("WEBP", (320, 213))

    def test_a_file_with_a_virus_or_past_its_time_is_not_sent(self, client, film):
        address = reverse("intake:attachment", args=[film.pk])
        Attachment.objects.update(scan="infected")
        assert client.get(address).status_code == 409
        Attachment.objects.update(scan="clean", file="")
        assert client.get(address).status_code == 409


class TestRegisteringWithFiles:
    def test_stores_case_and_files_together(self, city, agent):
        files = [Upload(upload(picture())), Upload(upload(b"%PDF-1.4", "合同.pdf"))]
        case = register_once(new_case(), by=agent, now=NOW, files=files).case
        assert sorted(case.attachments.values_list("name", flat=True)) == ["合同.pdf", "现场.jpg"]

    def test_leaves_no_file_behind_when_the_case_is_refused(self, city, agent):
        register_once(new_case(external_id="X1"), by=agent, now=NOW)
        before = stored_files()
        with pytest.raises(Refused):
            register_once(new_case(external_id="X1"), by=agent, now=NOW, files=[Upload(upload(picture()))])
        assert stored_files() == before

    def test_stores_nothing_when_one_file_is_bad(self, city, agent):
        files = [Upload(upload(picture())), Upload(upload(b"MZ program", "照片.jpg"))]
        with pytest.raises(BadInput, match=r"照片\.jpg"):
            register_once(new_case(), by=agent, now=NOW, files=files)
        assert not Case.objects.exists()
        assert not Attachment.objects.exists()
