"""The tables of casework that day seals go over (`stations.seals`)."""

from django.utils.translation import gettext_lazy as _

from stations.seals.tables import sealed

from .models import (
    ApplicationEvent,
    ComplaintEvent,
    CooperationEvent,
    Correction,
    DeadlineChange,
    Decision,
    EarlySignEvent,
    FileReview,
    HouseholdVersion,
    RegisterEntry,
    ReportEvent,
    ReportIssue,
)

# An entry is corrected, its place in the register never: number, who recorded it and when.
sealed(
    RegisterEntry,
    _("entries of the register"),
    at="recorded_at",
    frame=["id", "station_id", "channel", "year", "serial", "recorded_by_id", "recorded_at"],
)
sealed(
    Correction,
    _("corrections of the register"),
    at="corrected_at",
    words=["old_value", "new_value", "reason"],
)
# What a decision says from the day it is made; papers and service come after it.
sealed(
    Decision,
    _("decisions"),
    at="made_at",
    frame=[
        *("id", "application_id", "kind", "state", "grounds", "rules_version", "standard"),
        *("proposed_by_id", "proposed_at", "made_by_id", "made_at"),
    ],
    words=["reason"],
)
sealed(ApplicationEvent, _("moves of applications"), at="made_at", words=["note"])
sealed(
    HouseholdVersion,
    _("earlier household tables"),
    at="replaced_at",
    words=["content", "why"],
)
sealed(DeadlineChange, _("changes of time limits"), at="changed_at", words=["why"])
sealed(FileReview, _("checks of files"), at="recorded_at", words=["words"])
sealed(CooperationEvent, _("moves of cooperation letters"), at="made_at", words=["note"])
sealed(ComplaintEvent, _("moves of complaints"), at="made_at", words=["note"])
sealed(ReportEvent, _("moves of monthly analyses"), at="made_at", words=["note"])
sealed(
    ReportIssue,
    _("issues of monthly analyses"),
    at="sent_at",
    words=["comment", "signals_text", "typical_cases", "suggestions"],
)
sealed(EarlySignEvent, _("moves of early signs"), at="at", words=["note"])
