"""What a search finds a building by: the pairs of characters of its texts, in the block of its community.

So a search asks the blocks of one's own territory only, and for the whole city one after the other until it has enough.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from shenzhen_gov.core.pairs import in_block, pairs_of

COMMUNITY_DIGITS = 12
BLOCKS = 256  # three communities or so share one: few enough that the whole city is asked at once


def block_of(area_code: str) -> int:
    """Return the block of a community, and of the cells in it."""
    return zlib.crc32(area_code[:COMMUNITY_DIGITS].encode()) % BLOCKS


def building_keys(area_code: str, name: str, address: str) -> list[int]:
    """Return what is indexed for a building."""
    block = block_of(area_code)
    return [in_block(block, pair) for pair in pairs_of([f"{name}/{address}"])]


def keys_in(blocks: Iterable[int], pairs: Iterable[int]) -> list[list[int]]:
    """Return for each pair its keys in these blocks: every block holds as many keys as another."""
    blocks = list(blocks)
    return [[in_block(block, pair) for block in blocks] for pair in pairs]
