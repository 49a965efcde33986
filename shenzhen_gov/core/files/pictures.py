"""Pictures are decoded and encoded anew: nothing of the file as it came is stored, so nothing can hide in it.

Orientation is applied, the longest side bounded, the first frame kept. Place and time of a photo are read before they
are dropped, for the sender may want to say where it was taken. Why encoded anew and not cut: docs/adr/0007.
"""

from __future__ import annotations

import io
import math
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .kinds import OPENED, Unreadable

LONGEST_SIDE = 4096  # pixels; larger pictures are made smaller
QUALITY = 90
MOST_PIXELS = 36_000_000  # decoded whole: 110 MB
MOST_PIXELS_JPEG = 120_000_000  # decoded at a half, a quarter or an eighth of its size when larger than is kept
THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 320, 70
EXIF_PART, GPS_PART, TIME_TAKEN = 0x8769, 0x8825, 0x9003
DAMAGED = (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError, MemoryError)
# One picture at a time in a process: a worker's memory is bounded by one decoded picture, whatever its threads do.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class CleanPicture:
    """A picture made anew, its thumbnail, and what the file said of place (longitude, latitude in WGS 84) and time."""

    content_type: str
    data: bytes
    thumbnail: bytes
    place: tuple[float, float] | None
    taken: str


def clean_picture(file: BinaryIO) -> CleanPicture:
    """Return the picture decoded and encoded anew. Raises Unreadable when it is no picture, damaged or too large."""
    with _one_at_a_time, _reading(), _opened(file) as picture:
        kind = OPENED[picture.format or ""]
        place, taken = _place(picture), _taken(picture)
        whole = _decoded(picture, kind)
        data = _encoded(whole, kind)
        whole.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
        small = io.BytesIO()
        whole.save(small, "WEBP", quality=THUMBNAIL_QUALITY, method=2)
    return CleanPicture(f"image/{kind.lower()}", data, small.getvalue(), place, taken)


def location_of(file: BinaryIO) -> tuple[float, float] | None:
    """Return (longitude, latitude) in WGS 84 that a photo carries, None when it carries none or is no picture."""
    file.seek(0)
    try:
        with _reading(), _opened(file) as picture:
            return _place(picture)
    except Unreadable:
        return None
    finally:
        file.seek(0)


@contextmanager
def _reading() -> Iterator[None]:
    """Say of whatever a damaged or hostile picture makes the decoder do that the picture cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError as error:
            raise Unreadable(_("the picture has too many pixels.")) from error
        except (UnidentifiedImageError, *DAMAGED) as error:
            raise Unreadable(_("the picture is damaged and cannot be read.")) from error


def _opened(file: BinaryIO) -> Image.Image:
    file.seek(0)
    return Image.open(file, formats=["JPEG", "PNG", "GIF", "WEBP", "AVIF"])


def _decoded(picture: Image.Image, kind: str) -> Image.Image:
    """Return the first frame upright, in a mode that can be stored, no longer than the longest side."""
    is_jpeg = picture.format in ("JPEG", "MPO")
    if picture.width * picture.height > (MOST_PIXELS_JPEG if is_jpeg else MOST_PIXELS):
        raise Unreadable(_("the picture has too many pixels."))
    if is_jpeg:
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    ImageOps.exif_transpose(picture, in_place=True)
    has_alpha = kind != "JPEG" and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info)
    mode = "RGBA" if has_alpha else "RGB"
    flat = picture if picture.mode == mode else picture.convert(mode)  # a copy of a large picture is 100 MB
    flat.info = {}  # some of it would be written again
    if max(flat.size) > LONGEST_SIDE:
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return flat


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        picture.save(out, kind, quality=QUALITY, progressive=False)
    elif kind == "WEBP":
        picture.save(out, kind, quality=QUALITY, method=2)
    else:
        picture.save(out, kind, compress_level=4)
    return out.getvalue()


def _place(picture: Image.Image) -> tuple[float, float] | None:
    """Return the place in the notes; anything strange in them counts as none."""
    with suppress(Exception):
        notes = picture.getexif().get_ifd(GPS_PART)
        latitude, longitude = _degrees(notes[2], notes[1], "S"), _degrees(notes[4], notes[3], "W")
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0):
            return round(longitude, 6), round(latitude, 6)
    return None


def _degrees(parts: Any, side: str, negative: str) -> float:
    degrees = sum(float(part) / 60**place for place, part in enumerate(parts))
    if not math.isfinite(degrees):
        raise ValueError(degrees)
    return -degrees if str(side).strip("\0 ").upper() == negative else degrees


def _taken(picture: Image.Image) -> str:
    """Return when the photo says it was taken, as the camera wrote it (2026:11:20 09:42:18); empty when it says not."""
    with suppress(Exception):
        notes = picture.getexif()
        text = str(notes.get_ifd(EXIF_PART).get(TIME_TAKEN) or notes.get(0x0132) or "")
        return text[:19] if text[:1].isdigit() and text.isascii() and text.isprintable() else ""
    return ""
