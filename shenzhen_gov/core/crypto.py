"""Personal data at rest: AES-256-GCM fields and a blind index to find a value without decrypting.

Keys come from the environment (FIELD_KEYS, comma-separated base64 of 32 bytes): the first encrypts, all decrypt.
A stored value is `version(1) | key id(4) | nonce(12) | ciphertext+tag`, bound to its column by the associated data, so
that a value moved to another column does not decrypt. `rotate_keys` re-encrypts after a new first key.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

VERSION = b"\x01"
SHORTEST = 1 + 4 + 12 + 16  # an empty text


class Undecryptable(Exception):
    """The value was written with a key that is no longer given, or was altered."""


@lru_cache(maxsize=4)
def _keys(setting: str) -> dict[bytes, bytes]:
    """Return key id -> key, in the order given."""
    keys = {}
    for number, text in enumerate(filter(None, setting.split(",")), start=1):
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise ImproperlyConfigured(f"FIELD_KEYS: key {number} is not base64") from error
        if len(key) != 32:
            raise ImproperlyConfigured(f"FIELD_KEYS: key {number} has {len(key)} bytes, 32 are needed")
        keys[hashlib.sha256(key).digest()[:4]] = key
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS: no key given")
    return keys


def encrypt(text: str, context: str) -> bytes:
    """Encrypt `text` with the first key; `context` names the column."""
    key_id, key = next(iter(_keys(settings.FIELD_KEYS).items()))
    nonce = os.urandom(12)
    return VERSION + key_id + nonce + AESGCM(key).encrypt(nonce, text.encode(), context.encode())


def decrypt(data: bytes, context: str) -> str:
    """Decrypt what `encrypt` wrote for the same `context`; raises Undecryptable."""
    if data[:1] != VERSION or len(data) < SHORTEST:
        raise Undecryptable(f"{context}: the stored value was altered")
    key = _keys(settings.FIELD_KEYS).get(data[1:5])
    if key is None:
        raise Undecryptable(f"{context}: written with a key that is not in FIELD_KEYS")
    try:
        return AESGCM(key).decrypt(data[5:17], data[17:], context.encode()).decode()
    except InvalidTag as error:
        raise Undecryptable(f"{context}: the stored value was altered") from error


def current_key_id() -> bytes:
    """Return the id of the key that encrypts."""
    return next(iter(_keys(settings.FIELD_KEYS)))


def is_current(data: bytes) -> bool:
    """Whether `data` was written with the first key."""
    return data[1:5] == current_key_id()


def blind_index(text: str) -> str:
    """Return the index value to store for `text` (HMAC with a key derived from the first key)."""
    return blind_indexes(text)[0]


def blind_indexes(text: str) -> list[str]:
    """Return the index values to search for: one a key, so that look-up works half-way through a rotation."""
    return [
        hmac.new(hmac.digest(key, b"blind-index", "sha256"), text.encode(), "sha256").hexdigest()[:40]
        for key in _keys(settings.FIELD_KEYS).values()
    ]


class EncryptedTextField(models.BinaryField):
    """A text column stored encrypted. It cannot be filtered on; keep a blind index beside it."""

    description = "Encrypted text"
    # what the type checker sees: text goes in and comes out
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]
    empty_values = [None, "", b""]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        """Return the name of the column, which the ciphertext is bound to."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_default(self):
        """Return a text, as every other text column does."""
        return super().get_default() or ""

    def get_db_prep_value(self, value, connection, prepared=False):
        """Encrypt on the way in; an empty text stays empty. Raises TypeError for anything that is no text."""
        if value and not isinstance(value, str):
            raise TypeError(f"{self.context} takes a text, not {type(value).__name__}")
        data = encrypt(value, self.context) if value else b""
        return super().get_db_prep_value(data, connection, prepared)

    def get_lookup(self, lookup_name) -> None:
        """Know no look-up: each encryption of a text is different, so a filter would find nothing and not say so."""

    def from_db_value(self, value, expression, connection):
        """Decrypt on the way out."""
        return decrypt(bytes(value), self.context) if value else ""

    def to_python(self, value):
        """Texts stay texts."""
        return value

    def value_to_string(self, obj):
        """Refuse to be dumped in the clear."""
        raise TypeError(f"{self.context} is encrypted and is not serialised")
