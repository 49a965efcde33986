"""What an uploaded file really is, told from its bytes, and the same file without what it says about the sender.

Photos lose every note but the orientation and the time: place, device number, preview and editing history go. The
picture data itself is not touched, so evidence stays what it was. Files are stored under the hash of their content.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from .exceptions import BadInput

NAME_LENGTH = 120
MOST_PIXELS = 120_000_000
KEPT_NOTES = (0x0112, 0x0132, 0x010F, 0x0110)  # orientation, time, maker, model
TIME_TAKEN, EXIF_PART = 0x9003, 0x8769
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_NOTES = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
# Two bytes of a marker; zero and restart markers (D0–D7) belong to the coded picture.
NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
END_OF_PICTURE = 0xD9
IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class Unreadable(Exception):
    """The file is of no accepted type, or damaged; the text says which."""


@dataclass(frozen=True)
class Inspected:
    """A file that was looked into: what it is, and its bytes as they will be stored."""

    name: str
    content_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Return the hash the file is found by."""
        return hashlib.sha256(self.data).hexdigest()


def inspect(file: Any, most_bytes: int, *, field: str = "files") -> Inspected:
    """Return the uploaded file, looked into and cleaned. Raises BadInput naming the file and what is wrong with it."""
    name = _tidy_name(file.name)
    if file.size > most_bytes:
        text = _("“%(name)s” has %(size)s MB; a file may have at most %(limit)s MB.")
        sizes = {"size": f"{file.size / 2**20:.1f}", "limit": f"{most_bytes / 2**20:g}"}
        raise BadInput(text % {"name": name, **sizes}, field=field)
    try:
        content_type, data = clean_media(file.read())
    except Unreadable as error:
        raise BadInput(f"“{name}”: {error}", field=field) from error
    return Inspected(name, content_type, data)


def store_content(row: Model, inspected: Inspected) -> None:
    """Write the bytes under their hash for the file field `file` of `row`; what is there already is the same."""
    field: Any = row._meta.get_field("file")
    stored = field.generate_filename(row, inspected.name)
    if not field.storage.exists(stored):
        stored = field.storage.save(stored, ContentFile(inspected.data))
    row.file.name = stored  # type: ignore[attr-defined]


def clean_media(data: bytes) -> tuple[str, bytes]:
    """Return (content type, bytes to store). Raises Unreadable with the reason."""
    if not data:
        raise Unreadable(_("the file is empty."))
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise Unreadable(_("photos in HEIC format cannot be shown everywhere; send it as JPEG."))
    if data.startswith(b"%PDF-"):
        return "application/pdf", data
    if data[4:8] == b"ftyp":
        return "video/mp4", data
    if data.startswith(b"ID3") or (data[0] == 0xFF and len(data) > 1 and data[1] & 0xE6 == 0xE2):
        return "audio/mpeg", data
    return _clean_image(data)


def _clean_image(data: bytes) -> tuple[str, bytes]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=list(IMAGES))
            kind, pixels = picture.format, picture.width * picture.height
            picture.verify()  # leaves the picture unusable; the notes are read from it opened again
            notes = _kept_notes(Image.open(io.BytesIO(data), formats=list(IMAGES)))
    except UnidentifiedImageError as error:
        raise Unreadable(_("only JPEG, PNG, WebP, PDF, MP4 and MP3 files are taken.")) from error
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise Unreadable(_("the picture is damaged and cannot be read.")) from error
    if pixels > MOST_PIXELS:
        raise Unreadable(_("the picture has too many pixels."))
    clean = {"JPEG": _clean_jpeg, "PNG": _clean_png, "WEBP": _clean_webp}[kind or ""]
    return IMAGES[kind or ""], clean(data, notes)


def _kept_notes(picture: Image.Image) -> bytes:
    """Return the notes that may stay, as an Exif block; empty when there are none."""
    given, kept = picture.getexif(), Image.Exif()
    for tag in KEPT_NOTES:
        if tag in given:
            kept[tag] = given[tag]
    taken = given.get_ifd(EXIF_PART).get(TIME_TAKEN)
    if taken and 0x0132 not in kept:
        kept[0x0132] = taken
    return kept.tobytes() if len(kept) else b""


def _clean_jpeg(data: bytes, notes: bytes) -> bytes:
    """Keep the picture, its colour profile and density; drop every other segment and what is behind the picture's end.

    Behind the end, phones put second pictures and films with notes of their own.
    """
    kept = [data[:2]]
    if notes:
        kept.append(b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes)
    position = 2
    while (marked := NEXT_MARKER.search(data, position)) is not None:
        start, marker = marked.end() - 2, data[marked.end() - 1]
        kept.append(data[position : marked.start()])  # the coded picture in front of the marker
        if marker == END_OF_PICTURE:
            break
        position = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
        if not _is_note(marker, data[start + 4 : position]):
            kept.append(data[start:position])
    return b"".join([*kept, bytes([0xFF, END_OF_PICTURE])])


def _is_note(marker: int, content: bytes) -> bool:
    """Whether a segment is a comment (0xFE) or an application's own (0xE1–0xEF) but Adobe's colour and a profile."""
    return marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE and not content.startswith(b"ICC_PROFILE\0"))


def _clean_png(data: bytes, notes: bytes) -> bytes:
    kept, position = [PNG_START], len(PNG_START)
    while position + 12 <= len(data):
        size = 12 + struct.unpack(">I", data[position : position + 4])[0]
        name = data[position + 4 : position + 8]
        if name not in PNG_NOTES:
            kept.append(data[position : position + size])
        if name == b"IHDR" and notes:
            block = b"eXIf" + notes.removeprefix(b"Exif\0\0")
            kept.append(struct.pack(">I", len(block) - 4) + block + struct.pack(">I", zlib.crc32(block)))
        if name == b"IEND":
            break
        position += size
    return b"".join(kept)


def _clean_webp(data: bytes, _notes: bytes) -> bytes:
    """Drop Exif and XMP and say so in the header (bits 3 and 2 of VP8X)."""
    kept, position = [], 12
    while position + 8 <= len(data):
        name, size = data[position : position + 4], struct.unpack("<I", data[position + 4 : position + 8])[0]
        chunk = data[position : position + 8 + size + size % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0b1100]) + chunk[9:]
        if name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        position += 8 + size + size % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _tidy_name(name: str | None) -> str:
    """Return the sender's file name without folders and control characters, its ending kept when it is too long."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(character for character in last if character.isprintable()).strip() or "file"
    stem, dot, ending = text.rpartition(".")
    if len(text) <= NAME_LENGTH:
        return text
    return f"{stem[: NAME_LENGTH - len(ending) - 2]}…{dot}{ending}" if len(ending) < 10 else text[:NAME_LENGTH]
