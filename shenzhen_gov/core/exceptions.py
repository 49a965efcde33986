"""Named refusals. Every refused action raises one; its text is what the screen shows."""

from django.utils.functional import Promise


class Refused(Exception):
    """An action was refused for a reason the user may read.

    `text` is translated on display; `field` names the form field at fault, where one is; `status` is the HTTP status.
    """

    status = 409
    code = "refused"

    def __init__(self, text: str | Promise, *, field: str | None = None):
        super().__init__(text)
        self.text = text
        self.field = field

    def __str__(self) -> str:
        return str(self.text)


class BadInput(Refused):
    """What was entered is wrong; `field` (or `row` in the text) says where."""

    status = 400
    code = "bad_input"


class IllegalMove(Refused):
    """The life cycle does not allow this step from the present state."""

    code = "illegal_move"


class StalePage(Refused):
    """Somebody else changed the record after the page was shown."""

    code = "stale_page"


class NotAllowed(Refused):
    """Inside one's territory, but without the role for it."""

    status = 403
    code = "not_allowed"


class OutOfSight(Refused):
    """Outside one's territory: answered exactly like something that does not exist."""

    status = 404
    code = "not_found"
