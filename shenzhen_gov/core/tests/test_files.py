import io
import struct
import zlib
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import translation
from PIL import Image

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.files import Unreadable, clean_picture, inspect, location_of
from shenzhen_gov.core.files.kinds import sniff
from shenzhen_gov.core.files.uploads import BoundedTemporaryHandler

MB = 2**20


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def picture(kind="JPEG", size=(64, 48), mode="RGB", **saved) -> bytes:
    """Return a small picture, red above and blue below."""
    drawn = Image.new("RGB", size, (200, 30, 30))
    drawn.paste((30, 30, 200), (0, size[1] // 2, size[0], size[1]))
    out = io.BytesIO()
    drawn.convert(mode).save(out, kind, **saved)
    return out.getvalue()


def notes_with_place() -> Image.Exif:
    """Return what a phone writes: orientation, time, maker, and where the photo was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x0132], exif[0x010F] = 6, "2026:11:20 09:42:18", "Phone"
    exif[0x8298] = "private person"
    exif[0x8825] = {1: "N", 2: (22.0, 36.0, 0.0), 3: "E", 4: (114.0, 1.0, 0.0)}
    return exif


def made_anew(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(clean_picture(io.BytesIO(data)).data))


def png_bomb(side: int) -> bytes:
    """Return a PNG of a few bytes that says it has `side` × `side` pixels."""
    body = struct.pack(">II5B", side, side, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + b"IHDR" + body + struct.pack(">I", zlib.crc32(b"IHDR" + body))
    return b"\x89PNG\r\n\x1a\n" + header + picture("PNG")[33:]


class TestAPicture:
    @pytest.mark.parametrize(("kind", "stored"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("AVIF", "JPEG")])
    def test_is_stored_without_what_it_said_of_its_sender(self, kind, stored):
        data = picture(kind, exif=notes_with_place(), **({"xmp": b"<x:gps>secret</x:gps>"} if kind != "PNG" else {}))
        made = clean_picture(io.BytesIO(data))
        after = Image.open(io.BytesIO(made.data))
        assert (after.format, made.content_type) == (stored, f"image/{stored.lower()}")
        assert not after.getexif()
        assert b"private person" not in made.data
        assert b"secret" not in made.data

    def test_is_upright_after_its_orientation_is_gone(self):
        after = made_anew(picture(size=(60, 40), exif=notes_with_place())).convert("RGB")
        assert after.size == (40, 60)
        left, right = after.getpixel((4, 30)), after.getpixel((35, 30))
        assert left[2] > left[0]
        assert right[0] > right[2]

    def test_says_place_and_time_before_they_are_dropped(self):
        made = clean_picture(io.BytesIO(picture(exif=notes_with_place())))
        assert (made.place, made.taken) == ((114.016667, 22.6), "2026:11:20 09:42:18")
        assert location_of(io.BytesIO(picture(exif=notes_with_place()))) == (114.016667, 22.6)

    def test_in_the_south_west_has_negative_degrees(self):
        exif = Image.Exif()
        exif[0x8825] = {1: "S", 2: (33.0, 30.0, 0.0), 3: "W", 4: (70.0, 45.0, 36.0)}
        assert location_of(io.BytesIO(picture(exif=exif))) == (-70.76, -33.5)

    @pytest.mark.parametrize(
        "gps", [{}, {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)}, {1: "N", 2: (1.0,)}]
    )
    def test_with_a_strange_place_has_none(self, gps):
        exif = Image.Exif()
        exif[0x8825] = gps
        assert location_of(io.BytesIO(picture(exif=exif))) is None

    def test_keeps_nothing_that_was_hidden_behind_it(self):
        made = clean_picture(io.BytesIO(picture() + picture(exif=notes_with_place()) + b"<script>motion photo"))
        assert b"motion photo" not in made.data
        assert made.data.count(b"\xff\xd8\xff") == 1

    def test_that_moves_is_stored_still(self):
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")])
        after = made_anew(out.getvalue())
        assert (after.format, getattr(after, "n_frames", 1)) == ("PNG", 1)

    @pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "L", "1"])
    def test_of_any_mode_can_be_stored(self, mode):
        made_anew(picture("PNG", mode=mode)).load()

    def test_keeps_its_transparency(self):
        assert made_anew(picture("PNG", mode="RGBA")).mode == "RGBA"

    def test_too_long_is_made_smaller_and_has_a_thumbnail(self):
        made = clean_picture(io.BytesIO(picture(size=(5000, 100))))
        assert Image.open(io.BytesIO(made.data)).size == (4096, 82)
        small = Image.open(io.BytesIO(made.thumbnail))
        assert (small.format, small.width) == ("WEBP", 320)

    @pytest.mark.parametrize("side", [7_000, 60_000])
    def test_made_to_fill_the_memory_is_refused(self, side):
        with pytest.raises(Unreadable, match="too many pixels|damaged"):
            clean_picture(io.BytesIO(png_bomb(side)))

    @pytest.mark.parametrize(
        "data", [picture()[:300], picture("PNG")[:60], b"\xff\xd8\xff\xe0 not really", b"RIFF....WEBP"]
    )
    def test_cut_short_is_refused(self, data):
        with pytest.raises(Unreadable, match="damaged"):
            clean_picture(io.BytesIO(data))

    def test_of_two_cameras_in_one_file_is_the_first(self):
        out = io.BytesIO()
        first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
        first.save(out, "MPO", save_all=True, append_images=[second])
        assert Image.open(io.BytesIO(out.getvalue())).format == "MPO"
        assert made_anew(out.getvalue()).getpixel((5, 5))[0] > 200


class TestTheType:
    @pytest.mark.parametrize(
        ("head", "content_type"),
        [
            (b"%PDF-1.7\n...", "application/pdf"),
            (b"\0\0\0\x18ftypmp42....", "video/mp4"),
            (b"\0\0\0\x14ftypqt  ....", "video/quicktime"),
            (b"\0\0\0\x14ftyp3gp5....", "video/3gpp"),
            (b"\0\0\0\x14ftypM4A ....", "audio/mp4"),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01B\x82\x84webm", "video/webm"),
            (b"ID3\x04....", "audio/mpeg"),
            (b"\xff\xfb\x90\x64....", "audio/mpeg"),
            (b"#!AMR\n....", "audio/amr"),
            (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
            (b"OggS\0\x02....", "audio/ogg"),
            (picture(), "image/*"),
        ],
    )
    def test_is_told_by_the_first_bytes(self, head, content_type):
        assert sniff(head) == content_type

    @pytest.mark.parametrize(
        ("head", "reason"),
        [
            (b"", "empty"),
            (b"MZ\x90\0 a program", "only pictures"),
            (b"\x7fELF", "only pictures"),
            (b"PK\x03\x04 zip or Office", "only pictures"),
            (b"\xd0\xcf\x11\xe0 old Office", "only pictures"),
            (b"<script>alert(1)</script>", "only pictures"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "only pictures"),
            (b"\x1a\x45\xdf\xa3 matroska", "only pictures"),
            (b"\xff\xff\xff\xff", "only pictures"),
            (b"\0\0\0\x18ftypheic....", "HEIC"),
        ],
    )
    def test_that_is_not_taken_is_refused_with_the_reason(self, head, reason):
        with pytest.raises(Unreadable, match=reason):
            sniff(head)


class TestAnUpload:
    def test_on_the_disk_is_hashed_and_never_read_into_memory(self):
        with TemporaryUploadedFile("v.mp4", "video/mp4", 0, None) as file:
            file.write(b"\0\0\0\x18ftypisom" + bytes(3 * MB))
            file.size = file.tell()
            asked = []
            kept, read = file.file, file.file.read
            file.file = SimpleNamespace(seek=kept.seek, read=lambda size=-1: asked.append(size) or read(size))
            found = inspect(file, 10 * MB)
            file.file = kept
            assert (found.content_type, found.size, len(found.sha256)) == ("video/mp4", 3 * MB + 12, 64)
            assert max(asked) <= 64 * 1024
            assert min(asked) > 0

    def test_of_the_wrong_name_gets_the_right_one(self):
        assert inspect(SimpleUploadedFile("x.pdf", picture()), MB).name == "x.jpg"

    def test_larger_than_anything_is_counted_but_not_kept(self, settings):
        settings.UPLOAD_MOST_BYTES = 100
        handler = BoundedTemporaryHandler()
        handler.new_file("files", "v.mp4", "video/mp4", None, None)
        for start in range(0, 1000, 50):
            handler.receive_data_chunk(b"\0\0\0\x18ftypisom" + bytes(38), start)
        with handler.file_complete(1000) as file:
            assert (file.size, file.tell() or len(file.read())) == (1000, 100)
            with pytest.raises(BadInput, match="at most"):
                inspect(file, 500)
