import io
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from intake.models import Attachment, Case
from intake.services import Upload, add_attachment, move_case, register_once
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.files import Unreadable, clean_media
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


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


class TestCleaning:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_takes_the_place_out_of_a_photo_and_leaves_the_picture(self, kind):
        data = picture(kind, exif=notes_with_place(), **({"xmp": b"<x:gps>secret</x:gps>"} if kind != "PNG" else {}))
        content_type, clean = clean_media(data)
        before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean))
        assert content_type == f"image/{kind.lower()}"
        assert before.getexif().get_ifd(0x8825)
        assert not after.getexif().get_ifd(0x8825)
        assert b"private person" not in clean
        assert b"secret" not in clean
        assert before.tobytes() == after.tobytes()

    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_keeps_orientation_and_time(self, kind):
        _type, clean = clean_media(picture(kind, exif=notes_with_place()))
        exif = Image.open(io.BytesIO(clean)).getexif()
        assert (exif[0x0112], exif[0x0132]) == (6, "2026:11:20 09:42:18")

    def test_keeps_a_progressive_jpeg_and_its_colour_profile(self):
        data = picture(progressive=True, icc_profile=b"profile" * 20, exif=notes_with_place())
        clean = Image.open(io.BytesIO(clean_media(data)[1]))
        assert clean.info["icc_profile"] == b"profile" * 20
        assert clean.info["progressive"]
        clean.load()

    def test_drops_what_a_phone_hides_behind_the_picture(self):
        data = picture() + picture(exif=notes_with_place()) + b"motion photo"
        clean = clean_media(data)[1]
        assert b"motion photo" not in clean
        assert clean.count(b"\xff\xd8\xff") == 1

    @pytest.mark.parametrize(
        ("data", "content_type"),
        [
            (b"%PDF-1.7\n...", "application/pdf"),
            (b"\0\0\0\x18ftypmp42....", "video/mp4"),
            (b"ID3\x04....", "audio/mpeg"),
            (b"\xff\xfb\x90\x64....", "audio/mpeg"),
        ],
    )
    def test_knows_the_other_types_by_their_first_bytes(self, data, content_type):
        assert clean_media(data) == (content_type, data)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b"MZ\x90\0 a program", "only JPEG"),
            (b"<script>alert(1)</script>", "only JPEG"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "only JPEG"),
            (b"GIF89a....", "only JPEG"),
            (b"\0\0\0\x18ftypheic....", "HEIC"),
            (picture()[:40], "only JPEG|damaged"),
            (b"\xff\xd8\xff\xe0 not really", "only JPEG|damaged"),
            (picture("PNG")[:60], "damaged"),
        ],
    )
    def test_refuses_everything_else_with_the_reason(self, data, reason):
        with pytest.raises(Unreadable, match=reason):
            clean_media(data)

    def test_refuses_a_picture_made_to_fill_the_memory(self):
        header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"
        body = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
        import zlib

        bomb = header + body + struct.pack(">I", zlib.crc32(b"IHDR" + body))
        with pytest.raises(Unreadable):
            clean_media(bomb + picture("PNG")[33:])


class TestAnAttachment:
    def test_is_stored_under_its_hash_and_logged(self, city, agent):
        case = make_case()
        attachment = add_attachment(case.pk, "before", upload(picture()), by=agent, now=NOW)
        assert attachment.sha256 in attachment.file.name
        assert "现场" not in attachment.file.name
        assert (attachment.content_type, attachment.name, attachment.kind) == ("image/jpeg", "现场.jpg", "before")
        assert attachment.file.read() == clean_media(picture())[1]
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
            add_attachment(case.pk, "evidence", upload(bytes(30 * 2**20), "夜景.jpg"), by=agent, now=NOW)
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
        ],
    )
    def test_keeps_a_harmless_name(self, city, agent, given, kept):
        file = upload(picture())
        file._name = given
        assert add_attachment(make_case().pk, "evidence", file, by=agent, now=NOW).name == kept


class TestRegisteringWithFiles:
    def test_stores_case_and_files_together(self, city, agent):
        files = [Upload(upload(picture())), Upload(upload(b"%PDF-1.4", "合同.pdf"))]
        case = register_once(new_case(), by=agent, now=NOW, files=files).case
        assert sorted(case.attachments.values_list("name", flat=True)) == ["合同.pdf", "现场.jpg"]

    def test_stores_nothing_when_one_file_is_bad(self, city, agent):
        files = [Upload(upload(picture())), Upload(upload(b"MZ program", "照片.jpg"))]
        with pytest.raises(BadInput, match=r"照片\.jpg"):
            register_once(new_case(), by=agent, now=NOW, files=files)
        assert not Case.objects.exists()
        assert not Attachment.objects.exists()
