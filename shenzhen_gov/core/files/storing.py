"""Looking into an upload, and storing it by the hash of its content without ever holding a film in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile, File
from django.db.models import Model
from django.utils.translation import gettext as _

from shenzhen_gov.core import scanning
from shenzhen_gov.core.exceptions import BadInput

from .kinds import HEAD, Family, Unreadable, family_of, sniff
from .names import right_name, tidy_name
from .pictures import clean_picture

CHUNK = 64 * 1024


@dataclass
class Inspected:
    """A file that was looked into: what it is, and its content as it will be stored.

    `place` (longitude, latitude) and `taken` are what a photo said before its notes were dropped; `is_scanned` whether
    a virus scanner saw it.
    """

    name: str
    content_type: str
    sha256: str
    size: int
    content: File  # an upload on the disk is moved to its place, never read into memory
    is_scanned: bool
    thumbnail: bytes = b""
    place: tuple[float, float] | None = None
    taken: str = ""
    stored: list[tuple[Any, str]] = field(default_factory=list)  # (storage, name) written for it by this process


def inspect(file: Any, most_bytes: int | Mapping[Family, int], *, field: str = "files") -> Inspected:
    """Return the uploaded file, looked into, scanned, and a picture made anew.

    `most_bytes` is one limit, or one a family of files. Raises BadInput naming the file and what is wrong with it.
    """
    name = tidy_name(file.name)
    try:
        file.seek(0)
        found = sniff(file.read(HEAD))
        _check_size(file, name, most_bytes if isinstance(most_bytes, int) else most_bytes[family_of(found)], field)
        is_scanned = _scan(file)
        return _as_stored(file, name, found, is_scanned=is_scanned)
    except Unreadable as error:
        raise BadInput(f"“{name}”: {error}", field=field) from error


def store_content(row: Model, inspected: Inspected) -> None:
    """Write the content under its hash for the file field `file` of `row`; what is there already is the same."""
    _store(row, "file", inspected, inspected.content)


def store_thumbnail(row: Model, inspected: Inspected) -> None:
    """Write the small picture, if there is one, for the file field `thumbnail` of `row`."""
    if inspected.thumbnail:
        _store(row, "thumbnail", inspected, ContentFile(inspected.thumbnail))


@contextmanager
def all_or_nothing(files: Iterable[Inspected]) -> Iterator[None]:
    """Remove from the storage what was written for `files` when the work inside fails: the rows are rolled back."""
    try:
        yield
    except BaseException:
        for storage, name in (written for file in files for written in file.stored):
            storage.delete(name)
        raise


def _store(row: Any, name: str, inspected: Inspected, content: File) -> None:
    of: Any = row._meta.get_field(name)
    stored = of.generate_filename(row, inspected.name)
    if not of.storage.exists(stored):
        content.seek(0)
        stored = of.storage.save(stored, content)
        inspected.stored.append((of.storage, stored))
    getattr(row, name).name = stored


def _check_size(file: Any, name: str, most: int, field: str) -> None:
    if file.size > most:
        text = _("“%(name)s” has %(size)s MB; a file may have at most %(limit)s MB.")
        sizes = {"size": f"{file.size / 2**20:.1f}", "limit": f"{most / 2**20:g}"}
        raise BadInput(text % {"name": name, **sizes}, field=field)


def _scan(file: Any) -> bool:
    try:
        return scanning.scan(file)
    except scanning.Infected as error:
        raise Unreadable(_("the virus scanner found “%(virus)s” in it.") % {"virus": error.virus}) from error
    except scanning.ScannerDown as error:
        raise Unreadable(_("files cannot be scanned for viruses at the moment; send it again later.")) from error


def _as_stored(file: Any, name: str, content_type: str, *, is_scanned: bool) -> Inspected:
    if content_type != "image/*":
        named = right_name(name, content_type)
        return Inspected(named, content_type, _hash(file), file.size, file, is_scanned)
    made = clean_picture(file)
    return Inspected(
        name=right_name(name, made.content_type),
        content_type=made.content_type,
        sha256=hashlib.sha256(made.data).hexdigest(),
        size=len(made.data),
        content=ContentFile(made.data),
        is_scanned=is_scanned,
        thumbnail=made.thumbnail,
        place=made.place,
        taken=made.taken,
    )


def _hash(file: Any) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
