"""Reading one's own exports of lists."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grid.models import ListExport
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.models import JobRun

MOST_SHOWN = 50


@dataclass(frozen=True)
class OwnExport:
    """A wish with how many rows are written so far, while it waits."""

    export: ListExport
    done: int

    @property
    def waits(self) -> bool:
        """Whether it is not made yet."""
        return self.export.ended_at is None


def own_exports(user, job_names) -> list[OwnExport]:
    """Return the newest exports of `user`; `job_names` gives the name of the job run of an id."""
    rows = list(ListExport.objects.filter(asked_by=user.pk).order_by("-pk")[:MOST_SHOWN])
    names = {job_names(row.pk): row.pk for row in rows if row.ended_at is None}
    runs = JobRun.objects.filter(job__in=names).order_by("pk").values_list("job", "done") if names else ()
    done = {names[job]: count for job, count in runs}
    return [OwnExport(row, done.get(row.pk, 0)) for row in rows]


def own_export(user, export_id: int) -> ListExport:
    """Return an export of one's own that has its file. Raises OutOfSight."""
    found = ListExport.objects.filter(pk=export_id, asked_by=user.pk).exclude(file="").first()
    if found is None:
        raise OutOfSight(_("Not found."))
    return found
