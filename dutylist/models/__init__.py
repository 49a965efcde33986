"""The duty list and the batches that change it."""

from .batches import Batch, BatchLine, BatchPreview
from .documents import Document
from .items import CatalogueEntry, Item, ItemVersion, Responsibility
from .objections import Objection, ObjectionStep
from .plans import UnitPlan

__all__ = [
    "Batch",
    "BatchLine",
    "BatchPreview",
    "CatalogueEntry",
    "Document",
    "Item",
    "ItemVersion",
    "Objection",
    "ObjectionStep",
    "Responsibility",
    "UnitPlan",
]
