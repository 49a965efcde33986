"""Words of intake."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shenzhen_gov.core import audit


class RequestType(models.TextChoices):
    """What somebody wants."""

    CONSULT = "consult", _("Question")
    HELP = "help", _("Request for help")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", _("Report of an offence")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    OTHER = "other", _("Other")


class Urgency(models.TextChoices):
    """How fast."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    EMERGENCY = "emergency", _("Emergency")


class ReplyWay(models.TextChoices):
    """How the citizen wants to be told, and was told."""

    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    LETTER = "letter", _("Letter")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("E-mail")
    OTHER = "other", _("Other way")
    NOT_NEEDED = "not_needed", _("Not needed")
    UNREACHABLE = "unreachable", _("Could not be reached")


class AttachmentKind(models.TextChoices):
    """What a file shows."""

    EVIDENCE = "evidence", _("Evidence")
    BEFORE = "before", _("Before handling")
    AFTER = "after", _("After handling")
    REPLY = "reply", _("Reply")
    REQUEST = "request", _("Evidence of a request")


class PlaceSource(models.TextChoices):
    """How the place was found."""

    CHOSEN = "chosen", _("Chosen by a person")
    HOUSE_CODE = "house_code", _("House code")
    POINT = "point", _("Point on the map")
    TEXT = "text", _("Place names in the text")
    IMPORTED = "imported", _("Imported")
    UNKNOWN = "unknown", _("Unknown")


class ChannelRight(models.TextChoices):
    """What an outside system may do through its channel."""

    CREATE = "create", _("Register cases")
    SUPPLEMENT = "supplement", _("Add to cases")
    ATTACH = "attach", _("Add files")
    WITHDRAW = "withdraw", _("Withdraw cases")
    STATUS = "status", _("Ask how cases stand")
    EVALUATE = "evaluate", _("Evaluate cases")
    CALLS = "calls", _("Tell calls")
    LEADS = "leads", _("Tell leads")


class CallState(models.TextChoices):
    """Where a telephone call is."""

    RINGING = "ringing", _("Ringing")
    TALKING = "talking", _("Talking")
    ENDED = "ended", _("Ended")
    MISSED = "missed", _("Missed")


class StandardTextKind(models.TextChoices):
    """Where a standard text is used."""

    CONTENT = "content", _("Content")
    WISH = "wish", _("Wish")
    ANSWER = "answer", _("Answer")


class Via(models.TextChoices):
    """Through what somebody said something."""

    AGENT = "agent", _("Agent")
    CHANNEL = "channel", _("Channel")
    TRACK = "track", _("Tracking page")
    LINK = "link", _("Link")
    CALL_BACK = "call_back", _("Call-back")


class SupplementKind(models.TextChoices):
    """What an addition is."""

    ADDED = "added", _("Addition")
    URGED = "urged", _("Asks where it stands")
    WITHDRAWN = "withdrawn", _("Wants to withdraw")


class LinkKind(models.TextChoices):
    """What two linked cases have in common."""

    SAME_MATTER = "same_matter", _("Same matter")
    REPEAT = "repeat", _("Same person again")
    SPLIT = "split", _("Split off: another matter of the same request")


class PlaceNameKind(models.TextChoices):
    """What a place name names."""

    ESTATE = "estate", _("Estate")
    ROAD = "road", _("Road")
    BUILDING = "building", _("Building")
    STATION = "station", _("Station")
    ALIAS = "alias", _("Other name of an area")


class HintKind(models.TextChoices):
    """What a word may speak for."""

    URGENCY = "urgency", _("Urgency")
    REQUEST_TYPE = "request_type", _("Kind of request")
    VETO = "veto", _("A person decides")
    RISK = "risk", _("Early warning")


class RiskTopic(models.TextChoices):
    """What must be known at once, whatever becomes of the single request (治未病: 苗头性、风险性诉求)."""

    GAS = "gas", pgettext_lazy("risk", "Gas leak")
    FIRE = "fire", pgettext_lazy("risk", "Fire or explosion")
    COLLAPSE = "collapse", pgettext_lazy("risk", "Collapse or landslide")
    HEALTH = "health", pgettext_lazy("risk", "Poisoning or epidemic")
    WATER = "water", pgettext_lazy("risk", "Foul drinking water")
    CROWD = "crowd", pgettext_lazy("risk", "Crowds, petitions, blockades")
    DESPAIR = "despair", pgettext_lazy("risk", "Threat to oneself or others")
    WAGES = "wages", pgettext_lazy("risk", "Unpaid wages of many")
    FRAUD = "fraud", pgettext_lazy("risk", "Absconding, unfinished housing")


class Veto(models.TextChoices):
    """What in a text keeps a machine from deciding where it goes."""

    MINOR = "minor", _("Concerns a minor")


class ConfirmedBy(models.TextChoices):
    """Who said which item a case is."""

    AGENT = "agent", _("Agent")
    DISPATCHER = "dispatcher", _("Dispatcher")
    IMPORT = "import", _("Import")


class OutcomeKind(models.TextChoices):
    """What becomes of a request at the desk."""

    DISPATCH = "dispatch", _("Accept and dispatch")
    ANSWER = "answer", _("Answer on the spot")
    REFUSE = "refuse", _("Propose not to accept")
    HANDOFF = "handoff", _("Hand to 110, 119 or 120")


class EmergencyService(models.TextChoices):
    """Whom an emergency is handed to."""

    POLICE = "110", _("Police 110")
    FIRE = "119", _("Fire service 119")
    AMBULANCE = "120", _("Ambulance 120")


class DeliveryState(models.TextChoices):
    """Where a call-back to a channel is."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    STUCK = "stuck", _("Stuck")
    DROPPED = "dropped", _("Given up")


class LeadKind(models.TextChoices):
    """Where a lead comes from."""

    SENSOR = "sensor", _("Sensor")
    CAMERA = "camera", _("Camera")
    DRONE = "drone", _("Drone")
    MEDIA = "media", _("Media")
    PATROL = "patrol", _("Patrol")
    MEETING = "meeting", _("Meeting")


class IdentityState(models.TextChoices):
    """How a request to see an identity stands."""

    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class ScanState(models.TextChoices):
    """What the virus scanner said of a file."""

    NOT_SCANNED = "none", _("Not scanned")
    CLEAN = "clean", _("Clean")
    INFECTED = "infected", _("Infected")


class RetentionKind(models.TextChoices):
    """What a retention run does: counts what is due, or anonymises it."""

    PREVIEW = "preview", _("Preview")
    CARRY_OUT = "carry_out", _("Anonymise")


class LookupKind(models.TextChoices):
    """What a register is asked about."""

    PERSON = "person", pgettext_lazy("lookup", "Person")
    HOUSE = "house", pgettext_lazy("lookup", "House")
    FIRM = "firm", pgettext_lazy("lookup", "Firm")


class LookupMask(models.TextChoices):
    """How a field of an answer is shown."""

    PLAIN = "plain", pgettext_lazy("mask", "As it is")
    NAME = "name", pgettext_lazy("mask", "Name")
    PHONE = "phone", pgettext_lazy("mask", "Phone")
    NUMBER = "number", pgettext_lazy("mask", "Number")


class LookupOutcome(models.TextChoices):
    """How a look-up ended."""

    ASKED = "asked", pgettext_lazy("lookup", "Asked")
    FOUND = "found", pgettext_lazy("lookup", "Found")
    NONE = "none", pgettext_lazy("lookup", "Nothing found")
    FAILED = "failed", pgettext_lazy("lookup", "No answer")


audit.register(
    {
        "case.registered": _("Case registered"),
        "case.accepted": _("Accepted"),
        "case.answered": _("Answered on the spot"),
        "case.refused": _("Not accepted"),
        "lookup.asked": _("Another register asked"),
        "lookup.answered": _("Another register answered"),
        "lookup_connector.changed": _("Look-up connector changed"),
        "case.area_recut": _("Area cut anew: the case lies in another one"),
        "case.refusal_proposed": _("Refusal proposed"),
        "case.refusal_declined": _("Refusal declined"),
        "case.handed_over": _("Handed to an emergency service"),
        "refusal_reason.changed": _("Reason for refusing changed"),
        "article.drafted": _("Article drafted"),
        "article.edited": _("Article edited"),
        "article.submit": _("Article submitted for review"),
        "article.return": _("Article sent back"),
        "article.publish": _("Article put online"),
        "article.take_off": _("Article taken offline"),
        "article.expire": _("Article expired"),
        "article.replace": _("Article replaced by a newer version"),
        "article.discard": _("Draft of an article discarded"),
        "article.correction_raised": _("Mistake in an article reported"),
        "article.correction_answered": _("Report of a mistake answered"),
        "case.reclassified": _("Classification changed"),
        "case.marked": _("Marked by a dispatch rule"),
        "case.imported": _("Imported"),
        "case.linked": _("Case linked"),
        "case.split": _("Split into several cases"),
        "case.split_off": _("Split off from another case"),
        "case.unlinked": _("Link undone"),
        "case.attachment_added": _("Attachment added"),
        "case.supplemented": _("Addition by the citizen"),
        "case.urged_by_citizen": _("The citizen asks where it stands"),
        "case.withdrawal_asked": _("The citizen wants to withdraw"),
        "case.withdrawn": _("Withdrawn by the citizen"),
        "case.evaluated": _("Evaluated"),
        "case.rating_link_created": _("Link to rate created"),
        "case.screened": _("Put before a person by the screening"),
        "point.created": _("QR point created"),
        "point.changed": _("QR point changed"),
        "theme.changed": _("Theme changed"),
        "screening_word.changed": _("Screening word changed"),
        "case.attachment_scanned": _("Virus found in an attachment"),
        "citizen.viewed": _("Citizen's identity viewed"),
        "identity.asked": _("Asked to see a confidential caller"),
        "identity.granted": _("Sight of a confidential caller granted"),
        "identity.refused": _("Sight of a confidential caller refused"),
        "retention.asked": _("Retention run asked for"),
        "retention.carried_out": _("Old personal data anonymised"),
        "lead.found": _("Lead found"),
        "lead.seen_again": _("Reported again"),
        "lead.verified": _("Lead confirmed"),
        "lead.dismissed": _("Lead not confirmed"),
        "lead.reopened": _("Lead to be verified again"),
        "lead.filed": _("Lead filed as a case"),
        "lead.finished": _("Lead followed to the end"),
        "call.told": _("Telephone call"),
        "seat.changed": _("Seat changed"),
        "standard_text.changed": _("Standard text changed"),
        "place_name.changed": _("Place name changed"),
        "place_names.loaded": _("Place names loaded"),
        "hint_word.changed": _("Hint word changed"),
        "delivery.retried": _("Call-back sent again"),
        "delivery.dropped": _("Call-back given up"),
        "item.filed": _("Item of a meeting or visit handed on"),
        "case.mediation_opened": _("Referred to an adviser for mediation"),
        "case.mediation_settled": _("Settled by mediation"),
        "case.mediation_failed": _("Mediation failed"),
        "case.counter_noted": _("Taken at the counter of a service site"),
        "channel.changed": _("Channel changed"),
        "channel.token_created": _("Channel key created"),
        "channel.token_revoked": _("Channel key revoked"),
    }
)
