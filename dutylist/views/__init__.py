"""Pages of the duty list: the list and its items, batches and their lines."""

from .compare import Compare
from .items import DutyList, item
from .units import UnitDuties, my_unit

__all__ = ["Compare", "DutyList", "UnitDuties", "item", "my_unit"]
