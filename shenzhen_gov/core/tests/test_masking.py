import pytest

from shenzhen_gov.core.masking import mask_name, mask_phone


class TestMasking:
    @pytest.mark.parametrize(
        ("phone", "shown"),
        [
            ("13912341234", "139****1234"),
            ("075523456613", "075*****6613"),
            ("26613000", "26**3000"),
            ("+85291234567", "+85*****4567"),
            ("12345", "***45"),
            ("", ""),
        ],
    )
    def test_hides_the_middle_of_a_number(self, phone, shown):
        assert mask_phone(phone) == shown

    @pytest.mark.parametrize(("name", "shown"), [("陈立", "陈**"), ("欧阳修文", "欧**"), ("陈", "陈**"), ("", "")])
    def test_hides_all_of_a_name_but_its_first_character(self, name, shown):
        assert mask_name(name) == shown
