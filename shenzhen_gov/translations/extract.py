"""Collects the translatable texts of the portal, and of installed packages that ship no Chinese."""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import django
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.conf import settings
from django.template.exceptions import TemplateSyntaxError
from django.utils.translation.template import templatize

Key = tuple[str | None, str]  # (context, msgid)

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
OWN_FOLDERS = ("shenzhen_gov", "grid", "dutylist", "intake", "dispatch", "analytics", "templates")
SUFFIXES = {".py", ".html", ".txt"}
LEFT_OUT = {"tests", "testing", "migrations", "launcher", "__pycache__", "locale", "static"}
# Packages whose texts users see and which have no (or no complete) zh-hans catalogue of their own.
PACKAGES = ("unfold", "axes", "django_otp", "django_filters", "guardian", "django_tables2")
PACKAGES_WITH_CATALOGUES = ("django_celery_beat", "rest_framework")


@dataclass
class Text:
    """One text to translate: its plural where it has one, and the files it occurs in."""

    key: Key
    plural: str | None = None
    places: set[str] = field(default_factory=set)

    @property
    def id(self) -> str | tuple[str, str]:
        """Return the msgid in Babel's form: a pair when there is a plural."""
        return (self.key[1], self.plural) if self.plural else self.key[1]


class Unreadable(Exception):
    """A source file that could not be read for texts; names the file."""


def own_texts(root: Path) -> dict[Key, Text]:
    """Return the texts of the portal itself. Raises Unreadable naming a template or module that does not parse."""
    found: dict[Key, Text] = {}
    for folder in OWN_FOLDERS:
        _collect(found, root / folder, lambda path: path.relative_to(root).as_posix())
    return found


def package_texts() -> dict[Key, Text]:
    """Return the texts of installed packages that nobody has translated into zh-hans."""
    found: dict[Key, Text] = {}
    for name in PACKAGES:
        folder = _folder_of(name)
        if folder:
            _collect(found, folder, partial(_package_place, folder.parent))
    known = _translated_elsewhere()
    return {key: text for key, text in found.items() if key[1] and key not in known}


def _package_place(base: Path, path: Path) -> str:
    return f"site-packages/{path.relative_to(base).as_posix()}"


def _is_installed(path: Path) -> bool:
    """Whether a package's file belongs to a part of it that the portal uses."""
    parts = path.parts
    for folder, package in (("contrib", "unfold.contrib"), ("plugins", "django_otp.plugins")):
        if folder in parts[:-2]:
            return f"{package}.{parts[parts.index(folder) + 1]}" in settings.INSTALLED_APPS
    return not {"unfold_crispy", "admin111"} & set(parts)


def _collect(found: dict[Key, Text], folder: Path, name_of) -> None:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.suffix in SUFFIXES and not LEFT_OUT & set(inner.parts) and _is_installed(inner):
            for context, singular, plural in _messages_of(path):
                text = found.setdefault((context, singular), Text((context, singular)))
                text.plural = text.plural or plural
                text.places.add(name_of(path))


def _messages_of(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    try:
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if path.suffix == ".txt" and "{%" not in source:
                return
            source = _unindented(templatize(source, origin=str(path)))
        # Materialised, so that a file which does not parse is reported with its name.
        rows = list(extract("python", BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}))
    except (SyntaxError, TemplateSyntaxError, UnicodeDecodeError, ValueError) as error:
        raise Unreadable(f"{path}: {error}") from error
    for _line, message, _comments, context in rows:
        singular, plural = message[:2] if isinstance(message, tuple) else (message, None)
        if singular:
            yield context, singular, plural


def _unindented(source: str) -> str:
    """Drop the indentation that templates have and Python's tokenizer would stumble over."""
    return "\n".join(line.lstrip() for line in source.splitlines())


def _folder_of(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _translated_elsewhere() -> set[Key]:
    """Return the keys that Django or a package translates into zh-hans itself."""
    known: set[Key] = set()
    folders = [Path(django.__file__).parent]
    folders += [folder for name in (*PACKAGES, *PACKAGES_WITH_CATALOGUES) if (folder := _folder_of(name))]
    for folder in folders:
        for compiled in folder.rglob("locale/zh_Hans/LC_MESSAGES/django.mo"):
            with compiled.open("rb") as file:
                known |= set(_keys(gettext_module.GNUTranslations(file)._catalog))  # type: ignore[attr-defined]
    return known


def _keys(catalogue: dict) -> Iterable[Key]:
    for raw, translated in catalogue.items():
        text = raw[0] if isinstance(raw, tuple) else raw
        if text and translated:
            context, separator, singular = text.rpartition("\x04")
            yield (context if separator else None, singular)
