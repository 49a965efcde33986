"""What finds cases by their words, written after the case by a sweep so that registering and moving cost nothing."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from .cases import Case


@models.CharField.register_lookup
class BeginsWith(models.Lookup):
    """Whether an ASCII text begins with another, asked as a range of the pattern index.

    `startswith` becomes LIKE with a parameter, and a prepared statement's general plan reads the whole table for it.
    """

    lookup_name = "begins_with"

    def as_sql(self, compiler, connection):
        """Return the range from the text to the last that begins with it; ~ comes after letters and digits."""
        left, left_params = self.process_lhs(compiler, connection)
        _right, right_params = self.process_rhs(compiler, connection)
        prefix = right_params[0]
        return f"({left} ~>=~ %s AND {left} ~<~ %s)", [*left_params, prefix, *left_params, f"{prefix}~"]


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
