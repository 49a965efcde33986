"""`manage.py load_catalogue`: enter or renew the duty list from a CSV or Excel file, or a folder of CSV files."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from dutylist.catalogue_file import read_catalogue
from dutylist.choices import Source
from dutylist.services import assign_by_function, enter_catalogue
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample_catalogue"


class Command(BaseCommand):
    """Idempotent: equal rows are left alone, changed rows become new versions, one bad row refuses the whole file."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare the arguments."""
        parser.add_argument("path", nargs="?", type=Path, default=SAMPLE, help="file or folder; default: the sample")
        parser.add_argument("--source", choices=Source.values, default=Source.SAMPLE)
        parser.add_argument("--owner", default="440300", help="official code of the area whose list it is")
        parser.add_argument("--from", dest="effective_from", type=date.fromisoformat, default=date(2018, 1, 1))
        parser.add_argument("--assign", action="store_true", help="make units responsible by the lead function")

    def handle(self, *args, path, source, owner, effective_from, assign, **options):
        """Read, check, write; all or nothing."""
        now, by = timezone.now(), Actor.system("load_catalogue")
        area = Area.objects.filter(code=owner).first()
        if area is None:
            raise CommandError(f"--owner: there is no area with the code {owner}")
        try:
            rows = read_catalogue(path)
            with transaction.atomic():
                loaded = enter_catalogue(
                    rows, source=source, owner_area_id=area.pk, effective_from=effective_from, by=by, now=now
                )
                today = timezone.localdate(now)
                assigned = assign_by_function(rows, loaded.version_ids, on=today, by=by, now=now) if assign else 0
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"items: {loaded.added} added, {loaded.changed} changed, {loaded.unchanged} unchanged; "
            f"{assigned} responsibility rows"
        )
