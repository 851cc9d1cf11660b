"""The tables of the assessment that day seals go over (`stations.seals`)."""

from django.utils.translation import gettext_lazy as _

from stations.seals.tables import sealed

from .models import (
    DemonstrationEvent,
    DemonstrationPlan,
    ScoreChange,
    SheetEvent,
    YearEvent,
)

sealed(YearEvent, _("moves of assessment years"), at="made_at", words=["note"])
sealed(SheetEvent, _("moves of assessment sheets"), at="made_at", words=["note"])
sealed(ScoreChange, _("changes of points"), at="made_at", words=["reason"])
sealed(DemonstrationPlan, _("plans of demonstration stations"), at="set_at", words=["words"])
sealed(DemonstrationEvent, _("moves of demonstration stations"), at="at", words=["note"])
