"""Encryption of personal data: what is stored, who can read it, and what altered data does."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from shenzhen_gov.core.crypto import Undecryptable, blind_index, blind_indexes, decrypt, encrypt, is_current

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
PHONE = "13912345678"


@pytest.fixture
def keys(settings):
    def use(*given):
        settings.FIELD_KEYS = ",".join(given)

    use(OLD)
    return use


class TestEncrypt:
    @given(text=st.text(min_size=1))
    def test_what_goes_in_comes_out(self, text):
        assert decrypt(encrypt(text, "a.b"), "a.b") == text

    def test_the_text_is_not_in_what_is_stored(self, keys):
        assert PHONE.encode() not in encrypt(PHONE, "a.b")

    def test_the_same_text_is_stored_differently_each_time(self, keys):
        assert encrypt(PHONE, "a.b") != encrypt(PHONE, "a.b")

    def test_another_key_does_not_decrypt(self, keys):
        data = encrypt(PHONE, "a.b")
        keys(NEW)
        with pytest.raises(Undecryptable, match=r"a\.b.*not in FIELD_KEYS"):
            decrypt(data, "a.b")

    def test_any_altered_byte_is_noticed(self, keys):
        data = encrypt(PHONE, "a.b")
        for place in range(len(data)):
            altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            with pytest.raises(Undecryptable):
                decrypt(altered, "a.b")

    def test_any_cut_off_end_is_noticed(self, keys):
        data = encrypt(PHONE, "a.b")
        for length in range(len(data)):
            with pytest.raises(Undecryptable):
                decrypt(data[:length], "a.b")

    def test_a_value_moved_to_another_column_does_not_decrypt(self, keys):
        with pytest.raises(Undecryptable, match=r"a\.c"):
            decrypt(encrypt(PHONE, "a.b"), "a.c")

    def test_half_way_through_a_rotation_both_keys_decrypt_and_the_first_encrypts(self, keys):
        old = encrypt(PHONE, "a.b")
        keys(NEW, OLD)
        new = encrypt(PHONE, "a.b")
        assert decrypt(old, "a.b") == decrypt(new, "a.b") == PHONE
        assert (is_current(old), is_current(new)) == (False, True)


class TestBlindIndex:
    def test_is_the_same_for_the_same_text_and_key(self, keys):
        assert blind_index(PHONE) == blind_index(PHONE)
        assert blind_index(PHONE) != blind_index(PHONE[:-1])
        assert PHONE not in blind_index(PHONE)

    def test_cannot_be_worked_out_without_the_key(self, keys):
        before = blind_index(PHONE)
        keys(NEW)
        assert blind_index(PHONE) != before

    def test_half_way_through_a_rotation_a_look_up_tries_both(self, keys):
        before = blind_index(PHONE)
        keys(NEW, OLD)
        assert before in blind_indexes(PHONE)
        assert blind_indexes(PHONE)[0] == blind_index(PHONE)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("", "no key"),
        ("not base64!", "key 1 is not base64"),
        (f"{OLD},c2hvcnQ=", "key 2 has 5 bytes"),
    ],
)
def test_a_wrong_key_setting_is_named_and_never_shown(settings, setting, reason):
    settings.FIELD_KEYS = setting
    with pytest.raises(ImproperlyConfigured, match=reason) as caught:
        encrypt(PHONE, "a.b")
    assert OLD not in str(caught.value)
