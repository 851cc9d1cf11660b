"""Terms of early signs of group disputes (苗头预警)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignRule(models.TextChoices):
    """What the entries and applications of one sign have in common."""

    OPPONENT = "opponent", _("one opponent")
    VILLAGE = "village", _("land of one village")
    TOPIC = "topic", _("one watched topic")
    GROUP = "group", _("came as a group")
    MARKED = "marked", _("marked as sensitive")


class SignState(models.TextChoices):
    """How far the bureau is with a sign. `SETTLED` ones wait for nobody until they grow."""

    FOUND = "found", pgettext_lazy("sign", "found")
    SEEN = "seen", pgettext_lazy("sign", "looked at")
    REPORTED = "reported", pgettext_lazy("sign", "reported")
    DISMISSED = "dismissed", pgettext_lazy("sign", "dismissed")


SETTLED = {SignState.REPORTED, SignState.DISMISSED}


class SignMove(models.TextChoices):
    """What happened to a sign: by the nightly rules, or by a person."""

    FIND = "find", pgettext_lazy("sign", "found by the rules")
    GROW = "grow", pgettext_lazy("sign", "grew graver")
    LOOK = "look", pgettext_lazy("sign", "looked at")
    REPORT = "report", pgettext_lazy("sign", "reported")
    FOLLOW_UP = "follow_up", pgettext_lazy("sign", "reported further")
    DISMISS = "dismiss", pgettext_lazy("sign", "dismissed")
