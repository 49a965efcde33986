"""What may stand in an address: `<number:number>` is the number of a case."""

from django.urls import register_converter


class CaseNumber:
    """The number of a case: letters and digits, own or imported."""

    regex = "[A-Za-z0-9-]{4,24}"

    def to_python(self, value: str) -> str:
        """Return the number as it is stored."""
        return value

    def to_url(self, value: str) -> str:
        """Return the number as it stands in the address."""
        return str(value)


register_converter(CaseNumber, "number")
