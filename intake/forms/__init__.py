"""The shape of what people enter. Forms validate; services save."""

from .citizens import DecisionForm, PurposeForm
from .registering import DRAFT_FIELDS, AssistForm, RegisterForm

__all__ = ["DRAFT_FIELDS", "AssistForm", "DecisionForm", "PurposeForm", "RegisterForm"]
