"""Every write of the duty list."""

from dutylist.catalogue_file import CatalogueRow

from . import needs
from .catalogue import Loaded, NewResponsibility, assign_by_function, enter_catalogue, set_responsibilities

__all__ = [
    "CatalogueRow",
    "Loaded",
    "NewResponsibility",
    "assign_by_function",
    "enter_catalogue",
    "needs",
    "set_responsibilities",
]
