"""What became of applications in a month: received, granted, refused, closed (rules 4.6)."""

from datetime import datetime, time

from django.db.models import Count, DateField, F, Q, Value
from django.db.models.functions import TruncMonth
from django.utils import timezone

from stations.models import Station

from ..models import Application, Closing, Decision
from ..periods import last_day, months_from, next_month
from ..terms import CaseStep, DecisionKind, DecisionState
from .figures import CaseLine

DECISIONS = {
    CaseStep.GRANTED: (DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST),
    CaseStep.REFUSED: (DecisionKind.REFUSE,),
}


def midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def made(step):
    """The decisions that are this step."""
    return Decision.objects.filter(state=DecisionState.MADE, kind__in=DECISIONS[step])


def case_lines(place, month):
    """Return a `CaseLine` for each step, in one query.

    A station counts what it took in and its county still has, a county what its center is responsible
    for: just what their lists of applications hold. One application counts once in a step.
    """
    before = months_from(month, -1)
    begins, ends = midnight(before), midnight(next_month(month))
    received = Application.objects.filter(
        _of(place), received_at__gte=begins, received_at__lt=ends
    )
    closed = Closing.objects.filter(
        _of(place, "application__"), closed_on__gte=before, closed_on__lt=next_month(month)
    )
    parts = [_counted(CaseStep.RECEIVED, received, "received_at", "pk")]
    for step in DECISIONS:
        rows = made(step).filter(
            _of(place, "application__"), made_at__gte=begins, made_at__lt=ends
        )
        parts.append(_counted(step, rows, "made_at", "application"))
    parts.append(_counted(CaseStep.CLOSED, closed, "closed_on", "application"))
    first, *others = parts
    counts = {(step, day): n for step, day, n in first.union(*others, all=True)}
    here = {"station": place.pk} if isinstance(place, Station) else {}
    days = {"from": month.isoformat(), "to": last_day(month).isoformat()}
    return tuple(
        CaseLine(
            step=step.value,
            count=counts.get((step.value, month), 0),
            before=counts.get((step.value, before), 0),
            filters={"step": step.value, "group": "all"} | here | days,
        )
        for step in CaseStep
    )


def _of(place, prefix=""):
    if isinstance(place, Station):
        return Q(
            **{f"{prefix}station": place, f"{prefix}county": F(f"{prefix}station__county")}
        )
    return Q(**{f"{prefix}county": place})


def _counted(step, rows, moment, what):
    """(step, first of the month, how many) of the rows by the month of a moment."""
    return (
        rows.order_by()
        .values(
            step=Value(step.value),
            month=TruncMonth(moment, output_field=DateField()),
        )
        .annotate(n=Count(what, distinct=True))
        .values_list("step", "month", "n")
    )
