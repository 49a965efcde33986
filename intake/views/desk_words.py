"""What the scripts of the desk say; handed to the page as data, so that they are translated like everything else."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DESK_WORDS = {
    "toMend": _("to mend"),
    "toFill": _("still to fill in:"),
    "content": _("What it is about"),
    "ringing": _("Ringing"),
    "talking": _("Talking"),
    "ended": _("After the call"),
    "missed": _("Missed"),
    "registered": pgettext_lazy("tab", "Registered"),
    "newTab": _("New request"),
    "saved": _("Draft saved"),
    "saving": _("Saving the draft …"),
    "notSaved": _("The draft is not saved yet; it is tried again."),
    "elsewhere": _(
        "This draft was changed on another machine. The newer one is shown; yours is kept in a tab of its own."
    ),
    "gone": _("This draft was registered or thrown away on another machine; it is closed here."),
    "typedOn": _("This draft was closed on another machine while you typed. What you typed is kept as a new draft."),
    "discard": _("Throw away this draft? What you typed is lost."),
    "present": _("Also open at:"),
    "noCase": _("There is no open case of this caller to urge."),
    "noLink": _("There is no case to link to."),
    "noTexts": _("No standard text fits."),
    "lost": _("You are signed out or this page is too old. Nothing is lost: sign in in another tab, then send again."),
    "offline": _(
        "The server did not answer. Nothing is lost: please send again. The same request never becomes two cases."
    ),
}
