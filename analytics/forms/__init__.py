"""The shape of what people enter, a file for each subject. Forms validate; services save."""

from .radar import DismissForm

__all__ = ["DismissForm"]
