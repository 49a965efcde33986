"""Lists as files that a worker writes: asked for by one person, read with that one's sight, fetched by nobody else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from grid.models import ListExport, Staff
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused
from shenzhen_gov.core.jobs import Job, run_job
from shenzhen_gov.core.lists.background import find_export, rows_at
from shenzhen_gov.core.lists.export import write_workbook
from shenzhen_gov.core.parameters import get_parameter

JOB = "export_list"
MOST_WAITING = 3
CLEARED_AT_ONCE = 100


@transaction.atomic
def ask_export(address: str, *, language: str, by: Actor, now: datetime) -> ListExport:
    """Wish for a list as a file; asked for already and not yet made, it is the same wish.

    Raises BadInput for an address that is no list, Refused for more than MOST_WAITING wishes of one person.
    """
    if by.user is None:
        raise NotAllowed(_("Files of lists are made for people."))
    match, _query, name = find_export(address)
    if language not in dict(settings.LANGUAGES):
        raise BadInput(_("There is no such language."), field="language")
    Staff.objects.select_for_update(of=("self",)).get(pk=by.user.pk)  # one wish after the other
    waiting = ListExport.objects.filter(asked_by=by.user, ended_at=None)
    same = waiting.filter(address=address, language=language).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_WAITING:
        raise Refused(_("%(count)s of your files are still being made; wait for one.") % {"count": MOST_WAITING})
    export = ListExport.objects.create(address=address, name=name, language=language, asked_by=by.user, asked_at=now)
    audit.record("export.asked", export, by=by, now=now, changes={"list": match.view_name})
    return export


def make_exports(*, now: datetime) -> int:
    """Write the files that are waited for, oldest first, and forget old ones; returns how many were written.

    The wish stays locked while its file is written: no other worker does, too, and one that was killed is found again.
    """
    done, last = 0, 0
    while (row := ListExport.objects.filter(ended_at=None, pk__gt=last).order_by("pk").first()) is not None:
        last = row.pk
        done += _make(row, now)
    _forget_old(now)
    return done


def job_name(export_id: int) -> str:
    """Return the name of the job run that shows how far a file is."""
    return f"{JOB} {export_id}"


def _make(row: ListExport, now: datetime) -> bool:
    by = Actor.staff(row.asked_by)
    asked = ListExport.objects.filter(pk=row.pk, ended_at=None)
    try:
        with run_job(job_name(row.pk), by=by, now=now, quiet=True) as job, transaction.atomic():
            export = asked.select_for_update(skip_locked=True, of=("self",)).first()
            if export is None:
                return False
            with translation.override(export.language):
                _write(export, job)
            export.ended_at = timezone.now()
            export.save()
            audit.record("export.made", export, by=by, now=now, changes={"rows": export.rows})
    except Refused as refusal:
        asked.update(ended_at=now, problem=str(refusal))
    except Exception:
        asked.update(ended_at=now, problem=_("It could not be written; the administrators see why."))
        raise
    return True


def _write(export: ListExport, job: Job) -> None:
    """Write the rows that the person sees now into a file."""
    if not export.asked_by.is_active:
        raise NotAllowed(_("This account is no longer in use."))
    with tempfile.TemporaryFile() as file:
        write_workbook(file, _counted(rows_at(export.address, export.asked_by), export, job))
        file.seek(0)
        export.file.save(f"{uuid4().hex}.xlsx", File(file), save=False)


def _counted(rows: Iterator[list], export: ListExport, job: Job) -> Iterator[list]:
    """Pass the rows on, counting all but the heading. Raises Refused beyond what one sheet holds."""
    most = int(get_parameter("export.most_rows", timezone.localdate()))
    for export.rows, row in enumerate(rows):
        if export.rows > most:
            text = _("These are more than %(limit)s rows, which no sheet holds. Please narrow the filter.")
            raise Refused(text % {"limit": f"{most:,}"})
        if export.rows % 1000 == 0:
            job.progress(export.rows)
        yield row


def _forget_old(now: datetime) -> None:
    """Remove files that were kept long enough, with their rows."""
    kept = timedelta(days=int(get_parameter("export.keep_days", timezone.localdate(now))))
    old = list(ListExport.objects.filter(ended_at__lt=now - kept).order_by("pk")[:CLEARED_AT_ONCE])
    for export in old:
        if export.file:
            export.file.delete(save=False)
    ListExport.objects.filter(pk__in=[export.pk for export in old]).delete()
