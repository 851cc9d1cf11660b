"""From the assignment to the archive: changes of person, results, checks, calls, typical cases."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChangeReason(models.TextChoices):
    RECIPIENT_ASKS = "recipient_asks", _("the recipient asks")
    CONFLICT = "conflict", _("conflict of interest")
    ILL_OR_AWAY = "ill_or_away", _("illness or absence")
    LICENCE = "licence", _("licence ended")
    OTHER = "other", pgettext_lazy("change of person", "other")


class ChangeGround(models.TextChoices):
    """Why another person is asked for (form 16)."""

    NOT_PERFORMING = "not_performing", _("does not do what the law asks of them")
    CONFLICT = "conflict", _("conflict of interest")
    ILL_OR_AWAY = "ill_or_away", _("illness or absence")
    LICENCE = "licence", _("licence ended")
    OTHER = "other", pgettext_lazy("change of person", "other")


class ChangeAsker(models.TextChoices):
    """Who asks that another person handles the case (form 16)."""

    RECIPIENT = "recipient", _("the recipient")
    AGENT = "agent", _("the recipient's agent")
    HANDLER = "handler", _("who handles it")
    UNIT = "unit", _("the handler's unit")


class ChangeOutcome(models.TextChoices):
    """What became of a request to change the person."""

    GRANTED = "granted", pgettext_lazy("change of person", "granted")
    REFUSED = "refused", pgettext_lazy("change of person", "refused")
    # The case ended before anybody decided.
    LAPSED = "lapsed", pgettext_lazy("change of person", "the case ended first")


class CaseResult(models.TextChoices):
    """Results as the returns count them (rules 6.4)."""

    WON = "won", _("won")
    LOST = "lost", _("lost")
    MEDIATED = "mediated", _("settled by mediation")
    SETTLED = "settled", _("settled out of court")
    AWARD = "award", _("labour award")
    DROPPED = "dropped", _("suit withdrawn")
    OTHER = "other", pgettext_lazy("result", "other")


class FileCheck(models.TextChoices):
    EXCELLENT = "excellent", _("excellent")
    GOOD = "good", _("good")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("not passed")


class Reached(models.TextChoices):
    YES = "yes", pgettext_lazy("call", "reached")
    NO_ANSWER = "no_answer", _("no answer")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    DECLINED = "declined", _("would not talk")


class TypicalCaseState(models.TextChoices):
    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("for review")
    PUBLISHED = "published", _("published in the county")
    DECLINED = "declined", _("not accepted")
