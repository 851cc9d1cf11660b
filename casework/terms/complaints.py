"""The terms of complaints 投诉 (Order 149, rules 4.8) and of what visitors say at the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ComplaintManner(models.TextChoices):
    """How a complaint came; what was spoken is written down and read back."""

    ORAL = "oral", pgettext_lazy("complaint", "spoken, at the desk")
    WRITTEN = "written", pgettext_lazy("complaint", "in writing, handed over")
    LETTER = "letter", pgettext_lazy("complaint", "letter")
    FAX = "fax", pgettext_lazy("complaint", "fax")
    EMAIL = "email", pgettext_lazy("complaint", "e-mail")
    PHONE = "phone", pgettext_lazy("complaint", "by telephone")
    WEB = "web", pgettext_lazy("complaint", "from the public page")


class ComplaintPlace(models.TextChoices):
    """Where a complaint was taken in; it is handled by the bureau alone."""

    STATION = "station", _("workstation")
    CENTER = "center", _("legal-aid center")
    BUREAU = "bureau", _("judicial bureau")
    WEB = "web", _("public page")


class ComplaintRelation(models.TextChoices):
    """Who may complain: applicant, recipient, interested party."""

    APPLICANT = "applicant", _("applicant")
    RECIPIENT = "recipient", _("recipient")
    INTERESTED = "interested", _("interested party")


class ComplaintTarget(models.TextChoices):
    """Whom it is against."""

    STATION = "station", _("workstation")
    CENTER = "center", _("legal-aid center")
    UNIT = "unit", _("law firm or legal-service office")
    WORKER = "worker", _("legal-aid worker")
    STAFF = "staff", _("staff of a station, the center or the bureau")
    OTHER = "other", pgettext_lazy("complaint", "somebody else, in words")


class GroundClass(models.TextChoices):
    """The four classes of the official statistics (rules 4.8)."""

    PROCEDURE = "procedure", _("improper acceptance, review or assignment")
    NEGLECT = "neglect", _("neglect or stopping of work")
    TAKING = "taking", _("taking of money or property")
    OTHER = "other", pgettext_lazy("complaint", "other ground")


class ComplaintStatus(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("complaint", "received")
    FORWARDED = "forwarded", pgettext_lazy("complaint", "forwarded to the bureau")
    SUPPLEMENTING = "supplementing", pgettext_lazy("complaint", "to be completed")
    ACCEPTED = "accepted", pgettext_lazy("complaint", "accepted, being investigated")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("complaint", "not accepted")
    MERGED = "merged", pgettext_lazy("complaint", "merged")
    ENTRUSTED = "entrusted", pgettext_lazy("complaint", "entrusted for investigation")
    FOUND = "found", pgettext_lazy("complaint", "investigated")
    DECIDED = "decided", pgettext_lazy("complaint", "decided")
    REPLIED = "replied", pgettext_lazy("complaint", "replied")
    CLOSED = "closed", pgettext_lazy("complaint", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "withdrawn")


# Nothing more is decided of these.
COMPLAINT_ENDED = frozenset(
    {
        ComplaintStatus.NOT_ACCEPTED,
        ComplaintStatus.MERGED,
        ComplaintStatus.CLOSED,
        ComplaintStatus.WITHDRAWN,
    }
)


class ComplaintMove(models.TextChoices):
    TAKE = "take", pgettext_lazy("complaint", "taken in")
    FORWARD = "forward", pgettext_lazy("complaint", "forwarded to the bureau")
    CLASSIFY = "classify", pgettext_lazy("complaint", "whom and what it is about set right")
    ASK = "ask", pgettext_lazy("complaint", "told once what is missing")
    SUPPLY = "supply", pgettext_lazy("complaint", "completed")
    ACCEPT = "accept", pgettext_lazy("complaint", "accepted")
    NOT_ACCEPT = "not_accept", pgettext_lazy("complaint", "not accepted")
    MERGE = "merge", pgettext_lazy("complaint", "merged into another")
    ENTRUST = "entrust", pgettext_lazy("complaint", "investigation entrusted")
    QUESTION = "question", pgettext_lazy("complaint", "the center was asked to answer")
    ANSWER = "answer", pgettext_lazy("complaint", "the center answered")
    FIND = "find", pgettext_lazy("complaint", "findings written down")
    EXTEND = "extend", pgettext_lazy("complaint", "time extended")
    PROPOSE = "propose", pgettext_lazy("complaint", "proposed to a second person")
    DECLINE = "decline", pgettext_lazy("complaint", "proposal sent back")
    DECIDE = "decide", pgettext_lazy("complaint", "decided")
    REPLY = "reply", pgettext_lazy("complaint", "reply served")
    CLOSE = "close", pgettext_lazy("complaint", "closed")
    WITHDRAW = "withdraw", pgettext_lazy("complaint", "withdrawn")
    NOTE_REVIEW = "note_review", pgettext_lazy("complaint", "reconsideration or suit noted")
    RECOUNT = "recount", pgettext_lazy("complaint", "due day moved")


class ProposalKind(models.TextChoices):
    """What one person of the bureau proposes and another decides."""

    NOT_ACCEPT = "not_accept", pgettext_lazy("complaint", "not to accept it")
    EXTEND = "extend", pgettext_lazy("complaint", "to extend the time once")
    DECIDE = "decide", pgettext_lazy("complaint", "the decision")


class ComplaintOutcome(models.TextChoices):
    """How a complaint ended, as the official statistics ask (rules 4.8)."""

    PUNISHED = "punished", _("substantiated: punishment or discipline")
    CORRECTED = "corrected", _("substantiated: criticism or ordered correction")
    UNFOUNDED = "unfounded", _("unfounded")
    UNPROVABLE = "unprovable", _("cannot be proved")


SUBSTANTIATED = frozenset({ComplaintOutcome.PUNISHED, ComplaintOutcome.CORRECTED})


class ReviewKind(models.TextChoices):
    """What the complainant brought against the reply."""

    RECONSIDERATION = "reconsideration", _("administrative reconsideration")
    SUIT = "suit", _("administrative suit")


class ComplaintPaperKind(models.TextChoices):
    """The papers of a complaint; all but the entrustment go to the complainant."""

    RECEIPT = "receipt", _("acknowledgement of the complaint")
    NOTICE = "notice", _("notice of what is missing")
    ACCEPTANCE = "acceptance", _("notice of acceptance")
    NON_ACCEPTANCE = "non_acceptance", _("notice of non-acceptance")
    ENTRUSTMENT = "entrustment", _("letter of entrustment")
    EXTENSION = "extension", _("notice of extension")
    REPLY = "reply", _("reply to the complaint")


class SatisfactionSource(models.TextChoices):
    """A visit's own code, or nobody knows who at the desk; counted apart."""

    CODE = "code", _("by the code of a visit")
    DESK = "desk", _("at the desk, without a code")
