"""What the station proposes, what the center and the bureau decide, and on which grounds.

Law: 《法律援助法》 (LAL). The numbering of grounds is ours; the articles are the law's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Conclusion(models.TextChoices):
    """What the station proposes (初审意见). It forwards also when it proposes to refuse."""

    GRANT = "grant", _("propose to grant")
    REFUSE = "refuse", _("propose to refuse")
    PROVIDE_FIRST = "provide_first", _("propose to provide aid first")
    PASS_ON = "pass_on", _("propose to pass on")


class RefusalGround(models.TextChoices):
    """Why aid is refused, as the returns count it (rules 6.4)."""

    OUT_OF_SCOPE = "out_of_scope", _("the matter is not within legal aid")
    NO_HARDSHIP = "no_hardship", _("the standard of hardship is not met")
    NOT_ELIGIBLE = "not_eligible", _("not a person who may apply")
    HAS_AGENT = "has_agent", _("already has an agent")
    OTHER = "other", pgettext_lazy("refusal", "other")


class ProvideFirstGround(models.TextChoices):
    """When aid comes first and papers later: LAL 44."""

    LIMITATION = "44-1", _("less than seven days are left of a limitation or period")
    PRESERVATION = "44-2", _("preservation or advance execution is needed at once")
    OTHER = "44-3", pgettext_lazy("provide first", "other by law")


class TerminationGround(models.TextChoices):
    """Why aid ends early: LAL 48, eight grounds."""

    DECEIT = "48-1", _("obtained by deceit")
    HIDES_FACTS = "48-2", _("hides important facts or gives false evidence")
    ILLEGAL_USE = "48-3", _("uses the aid for illegal acts")
    NO_LONGER_POOR = "48-4", _("no longer in hardship")
    CASE_ENDED = "48-5", _("the case has ended or been withdrawn")
    OWN_AGENT = "48-6", _("has engaged an agent")
    ASKS_TO_END = "48-7", _("asks to end it with good reason")
    OTHER = "48-8", pgettext_lazy("termination", "other by law")


class ReturnReason(models.TextChoices):
    """Why the center sends an application back to its station."""

    OPINION_INCOMPLETE = "opinion_incomplete", _("the opinion is incomplete")
    FACTS_UNCLEAR = "facts_unclear", _("facts are unclear")
    PAPERS_UNREADABLE = "papers_unreadable", _("papers cannot be read")
    WRONG_TRACK = "wrong_track", _("hardship is on the wrong track")
    OTHER = "other", pgettext_lazy("return", "other")


class DecisionKind(models.TextChoices):
    GRANT = "grant", _("grant")
    PROVIDE_FIRST = "provide_first", _("aid first, papers later")
    REFUSE = "refuse", _("refusal")
    TERMINATE = "terminate", _("termination")


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    MADE = "made", _("made")
    DECLINED = "declined", _("declined")


class ObjectionOutcome(models.TextChoices):
    """What the bureau says to an objection: LAL 49."""

    UPHELD = "upheld", _("decision upheld")
    CORRECTED = "corrected", _("correction ordered")
