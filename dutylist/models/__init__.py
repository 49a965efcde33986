"""The duty list and the batches that change it."""

from .batches import Batch, BatchLine, BatchPreview
from .items import CatalogueEntry, Item, ItemVersion, Responsibility

__all__ = ["Batch", "BatchLine", "BatchPreview", "CatalogueEntry", "Item", "ItemVersion", "Responsibility"]
