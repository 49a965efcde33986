"""Sample places 样例: invented buildings and outlines of two communities, so that search and map have something."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid.files import DATA
from grid.models import AreaOutline
from grid.sample import LABEL
from grid.services.outlines import import_outlines
from grid.services.place_imports import import_places
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused


@transaction.atomic
def create_sample_places(*, by: Actor, now: datetime) -> int:
    """Bring the sample buildings in, and the outlines unless there are any; return how many buildings are new."""
    if not settings.SAMPLE_SETUP:
        raise Refused(_("Sample data is refused: these settings are not of a sample set-up."))
    if not AreaOutline.objects.exists():
        import_outlines((DATA / "sample_outlines.geojson").read_bytes(), source=LABEL, by=by, now=now)
    with (DATA / "sample_buildings.csv").open("rb") as file:
        return import_places("sample_buildings.csv", file, source=LABEL, by=by, now=now).added
