"""The tables of the ground floor that day seals go over."""

from django.utils.translation import gettext_lazy as _

from ..models import (
    DutyChange,
    Look,
    ParticularsChange,
    SealAmendment,
    SubsidyRow,
    SubsidySheet,
)
from ..models.retention import RetentionRule
from .tables import sealed

sealed(Look, _("log of who looked"), at="at", words=["reason"])
sealed(DutyChange, _("changes of duty"), at="changed_at", words=["reason"])
sealed(SubsidySheet, _("duty subsidies settled"), at="locked_at")
sealed(SubsidyRow, _("lines of duty subsidies"), at="sheet__locked_at", words=["name"])
sealed(
    ParticularsChange,
    _("changes of particulars"),
    at="changed_at",
    words=["old_value", "new_value", "reason"],
)
sealed(RetentionRule, _("times of keeping"), at="set_at", words=["why"])
sealed(SealAmendment, _("amendments of seals"), at="made_at", words=["why"])
