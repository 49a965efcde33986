"""The needs named in dutylist/workflow.py: each answers None when met, else the reason why not."""

from django.utils.translation import gettext as _

from dutylist.models import Batch, Objection
from dutylist.workflow import BATCH, CITY_MANAGE, DISCARDED, OBJECTION


@BATCH.need("has_lines")
def has_lines(batch: Batch):
    """A batch without lines has nothing to review."""
    return None if batch.lines.exists() else _("The batch has no lines yet.")


@OBJECTION.need("on_the_city_list")
def on_the_city_list(objection: Objection):
    """What a district's own list says is settled in the district."""
    return None if _is_city_item(objection) else _("The item is on the district's own list: it is decided here.")


@OBJECTION.need("decided_here")
def decided_here(objection: Objection):
    """What the city's list says is settled by the city."""
    if objection.state == CITY_MANAGE or not _is_city_item(objection):
        return None
    return _("The item is on the city's list: the city decides. Pass it on.")


@OBJECTION.need("not_taken")
def not_taken(objection: Objection):
    """An objection goes into one batch; a discarded batch frees it."""
    if objection.batch is None or objection.batch.state == DISCARDED:
        return None
    return _("It was taken into batch %(number)s already.") % {"number": objection.batch}


def _is_city_item(objection: Objection) -> bool:
    return objection.item.owner_area.parent_id is None
