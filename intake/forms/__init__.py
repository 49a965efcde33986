"""The shape of what people enter. Forms validate; services save."""

from .citizens import PurposeForm
from .registering import AssistForm, RegisterForm

__all__ = ["AssistForm", "PurposeForm", "RegisterForm"]
