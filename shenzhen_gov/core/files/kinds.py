"""The types of file that are taken, told from the first bytes. The name of a file says nothing about it."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

HEAD = 512  # bytes that tell the type
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
EBML = b"\x1a\x45\xdf\xa3"


class Family(StrEnum):
    """What a file is for who looks at it; limits are set by it."""

    PICTURE = "picture"
    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"


# content type → endings a name may have; the first is the one it is given
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov",),
    "video/3gpp": (".3gp",),
    "video/webm": (".webm",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "audio/amr": (".amr",),
    "audio/wav": (".wav",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
}
PICTURE_TYPES = tuple(kind for kind in ENDINGS if kind.startswith("image/"))
PLAYED_TYPES = tuple(kind for kind in ENDINGS if kind.startswith(("video/", "audio/")))
# What Pillow is asked to open, by its own names; what each is stored as.
OPENED = {"JPEG": "JPEG", "MPO": "JPEG", "AVIF": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}


class Unreadable(Exception):
    """The file is of no accepted type, or damaged; the text says which."""


def family_of(content_type: str) -> Family:
    """Return what family a content type belongs to."""
    start = content_type.split("/")[0]
    return {"image": Family.PICTURE, "video": Family.VIDEO, "audio": Family.AUDIO}.get(start, Family.DOCUMENT)


def sniff(head: bytes) -> str:
    """Return the content type told by the first bytes; any picture is `image/*`. Raises Unreadable with the reason."""
    if not head:
        raise Unreadable(_("the file is empty."))
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    for start, content_type in ((b"%PDF-", "application/pdf"), (b"OggS\0", "audio/ogg"), (b"ID3", "audio/mpeg")):
        if head.startswith(start):
            return content_type
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr"
    if head.startswith(EBML) and b"webm" in head[:64]:
        return "video/webm"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    return "audio/mpeg" if _is_mp3_frame(head) else _picture(head)


def _by_brand(brand: bytes) -> str:
    if brand in HEIC_BRANDS:
        raise Unreadable(_("photos in HEIC format cannot be shown everywhere; send it as JPEG."))
    if brand in (b"avif", b"avis"):
        return "image/*"
    if brand.startswith((b"M4A", b"M4B")):
        return "audio/mp4"
    if brand.startswith(b"3g"):
        return "video/3gpp"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _is_mp3_frame(head: bytes) -> bool:
    """Whether the first four bytes are the header of an MPEG layer 3 frame with a real bit rate and sample rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return False
    return head[2] >> 4 not in (0x0, 0xF) and head[2] & 0x0C != 0x0C


def _picture(head: bytes) -> str:
    webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    if webp or head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return "image/*"
    raise Unreadable(
        _(
            "only pictures (JPEG, PNG, WebP), PDF, video (MP4, MOV, WebM) and voice files (MP3, M4A, AMR, WAV, OGG) "
            "are taken."
        )
    )
