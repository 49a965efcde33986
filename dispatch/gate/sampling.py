"""Which automatic cases a person looks at: drawn by the number of the case, so that asking twice changes nothing."""

from hashlib import blake2b

PARTS = 1 << 32


def is_sampled(number: str, share: float) -> bool:
    """Whether the case with this number is in the sample; `share` between 0 and 1 of all are."""
    drawn = int.from_bytes(blake2b(number.encode(), digest_size=4, person=b"audit sample").digest())
    return bool(number) and drawn < share * PARTS
