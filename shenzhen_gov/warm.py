"""What a web process prepares before the first caller needs it."""

import gc
import logging
import threading

from django.db import DatabaseError, connections

from shenzhen_gov.core.exceptions import Refused

# A request leaves some two hundred objects in circles behind. Looking for them every 700 objects, as Python does by
# itself, costs more than the megabyte they take meanwhile; every 50,000 it holds callers up for a tenth of a second.
SEARCH_FOR_GARBAGE = (3_000, 20, 20)
logger = logging.getLogger(__name__)


def warm_up_in_background() -> None:
    """Build what suggests duty items and places beside the start: nobody waits for it while a citizen talks."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    from django.utils import timezone

    from intake.location import find_place
    from intake.selectors import suggest_items

    try:
        suggest_items("路灯", on=timezone.localdate())
        find_place("", "路灯")
    except (DatabaseError, Refused) as error:  # not migrated or loaded yet, or away: the first search will build it
        logger.info("not warmed up: %s", error)
    finally:
        connections.close_all()
        gc.freeze()  # what stays for good is not looked through again: that would hold all callers up for 0.2 s
        gc.set_threshold(*SEARCH_FOR_GARBAGE)
