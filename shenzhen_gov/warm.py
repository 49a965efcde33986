"""What a web process prepares before the first caller needs it."""

import logging
import threading

from django.db import DatabaseError, connections

logger = logging.getLogger(__name__)


def warm_up_in_background() -> None:
    """Build the index of duty items beside the start, so that nobody waits for it while a citizen talks."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    from django.utils import timezone

    from dutylist.selectors import search_items

    try:
        search_items("路灯", on=timezone.localdate())
    except DatabaseError as error:  # not migrated yet, or away: the first search will build it
        logger.info("not warmed up: %s", error)
    finally:
        connections.close_all()
