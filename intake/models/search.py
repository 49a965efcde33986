"""What finds cases by their words, written after the case by a sweep so that registering and moving cost nothing."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from .cases import Case


class CaseText(models.Model):
    """The pairs of characters of a case's texts, as numbers (intake/text_keys.py), and its number backwards.

    A table of its own and never changed: on the case itself every move would write the whole index entry again.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    backwards = models.CharField(max_length=24)  # numbers are read out from the end: …0042 is a prefix here
    keys = ArrayField(models.IntegerField())

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="case_text_keys"),
            models.Index(fields=["backwards"], name="case_text_number", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
