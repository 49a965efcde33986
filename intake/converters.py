"""What may stand in an address."""


class CaseNumber:
    """The number of a case: letters and digits, own or imported."""

    regex = "[A-Za-z0-9-]{4,24}"

    def to_python(self, value: str) -> str:
        """Return the number as it is stored."""
        return value

    def to_url(self, value: str) -> str:
        """Return the number as it stands in the address."""
        return str(value)
