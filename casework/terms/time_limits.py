"""How a time limit is counted, why it stands still, and what tells of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PauseReason(models.TextChoices):
    """The only reasons for which the seven days stand still (rules 2.1)."""

    SUPPLEMENT = "supplement", _("documents are being supplied")
    CROSS_REGION = "cross_region", _("another region is checking")


class Counting(models.TextChoices):
    """How a time limit is counted (rules 9.1)."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")
    HOURS = "hours", _("hours")


class NoticeKind(models.TextChoices):
    """What a task on a desk is."""

    WARNING = "warning", pgettext_lazy("notice", "time limit")
    MOVE = "move", pgettext_lazy("notice", "has come")
    URGENT = "urgent", pgettext_lazy("notice", "urgent")
    CALL = "call", pgettext_lazy("notice", "telephone")
    # Handed to the messenger; becomes a call when it cannot be delivered.
    MESSAGE = "message", pgettext_lazy("notice", "message")
