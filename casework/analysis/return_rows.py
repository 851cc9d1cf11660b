"""The rows that the statistical returns count: of which source, in which period, for whom.

Two counting rules are declared: an application counts where it was taken in, or where a center is
responsible for it.
"""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy

from stations.models import AidUnit, AidWorker, County, Station
from stations.upkeep import publicity, training_years

from ..models import (
    Application,
    ApplicationEvent,
    Closing,
    Complaint,
    Decision,
    Party,
    RegisterEntry,
)
from ..terms import AidKind, ApplicationMove, DecisionKind, DecisionState, PartySide


class Rule(TextChoices):
    """For whom an application counts when another county than its station's is responsible."""

    INTAKE = "intake", gettext_lazy("by the county that took it in")
    RESPONSIBLE = "responsible", gettext_lazy("by the county responsible for it")


@dataclass(frozen=True)
class Scope:
    """Whose return it is: one county with its stations, or several counties of a city."""

    counties: tuple[County, ...]
    rule: Rule

    @property
    def is_county(self):
        return len(self.counties) == 1


# ── The rows of each source ─────────────────────────────────────────────────────────────


class _Age(Func):
    """Whole years from a birth date to a day."""

    template = "extract(year FROM age(%(expressions)s))"
    output_field = FloatField()


def rows_of(source, period, scope):
    """The rows of a source in a period and scope, each with the `unit_key` it belongs to."""
    return _SOURCES[source](period, scope)


def _moments(field, period):
    """Between the midnights in which a period begins and ends."""
    begins, ends = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (period.first, period.end)
    )
    return {f"{field}__gte": begins, f"{field}__lt": ends}


def _days(field, period):
    return {f"{field}__gte": period.first, f"{field}__lt": period.end}


def _of_stations(rows, scope, prefix=""):
    county = f"{prefix}station__county"
    unit = f"{prefix}station_id" if scope.is_county else f"{county}_id"
    return rows.filter(**{f"{county}__in": scope.counties}).annotate(unit_key=F(unit))


def _of_applications(rows, scope, prefix="application__"):
    """By the declared rule: the county whose station took it in, or the one responsible."""
    if scope.rule == Rule.INTAKE:
        return _of_stations(rows, scope, prefix)
    rows = rows.filter(**{f"{prefix}county__in": scope.counties})
    return rows.annotate(
        unit_key=F(f"{prefix}station_id" if scope.is_county else f"{prefix}county_id")
    )


def _of_county(rows, scope, county):
    unit = Value(None, IntegerField()) if scope.is_county else F(f"{county}_id")
    return rows.filter(**{f"{county}__in": scope.counties}).annotate(unit_key=unit)


def _entries(period, scope):
    entries = RegisterEntry.objects.counted().filter(**_days("occurred_on", period))
    return _of_stations(entries, scope)


def _received(period, scope):
    applications = Application.objects.filter(**_moments("received_at", period))
    return _of_applications(applications, scope, prefix="")


def _decisions(kinds, period):
    return Decision.objects.filter(
        state=DecisionState.MADE, kind__in=kinds, **_moments("made_at", period)
    )


_GRANTS = [DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST]


def _granted(period, scope):
    """A case counts once, when it was first granted."""
    earlier = Decision.objects.filter(
        application=OuterRef("application"),
        state=DecisionState.MADE,
        kind__in=_GRANTS,
        pk__lt=OuterRef("pk"),
    )
    together = (
        Party.objects.filter(application=OuterRef("application"), side=PartySide.CO_APPLICANT)
        .order_by()
        .values("application")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = _decisions(_GRANTS, period).filter(~Exists(earlier))
    return _of_applications(rows, scope).annotate(
        age=_Age(TruncDate("made_at"), F("application__birth_on")),
        # The applicant and whoever applies together.
        recipients=1 + Coalesce(Subquery(together, IntegerField()), 0),
        case_kind=_first_of(_CASE_KINDS, "other"),
        civil_kind=_first_of(_CIVIL_KINDS, "other"),
        is_support=Case(When(_SUPPORT, then=True), default=False),
        is_violence=Case(When(_VIOLENCE, then=True), default=False),
    )


def _refused(period, scope):
    return _of_applications(_decisions([DecisionKind.REFUSE], period), scope)


def _terminated(period, scope):
    return _of_applications(_decisions([DecisionKind.TERMINATE], period), scope)


def _ended(period, scope):
    """Withdrawn, deemed withdrawn, or passed on by the county that then was responsible."""
    moves = ApplicationMove
    events = ApplicationEvent.objects.filter(
        move__in=[moves.WITHDRAW, moves.DEEM_WITHDRAWN, moves.PASS_ON],
        **_moments("made_at", period),
    )
    return _of_applications(events, scope)


def _closed(period, scope):
    return _of_applications(Closing.objects.filter(**_days("closed_on", period)), scope)


def _paid(period, scope):
    return _of_applications(Closing.objects.filter(**_days("paid_on", period)), scope)


def _stations(period, scope):
    stations = Station.objects.open_on(period.last).filter(county__in=scope.counties)
    return stations.annotate(unit_key=F("pk") if scope.is_county else F("county_id"))


def _units(period, scope):
    units = AidUnit.objects.filter(Q(closed_on=None) | Q(closed_on__gt=period.last))
    return _of_county(units, scope, "county")


def _workers(period, scope):
    return _of_county(AidWorker.objects.working_on(period.last), scope, "unit__county")


def _complaints(rows, scope):
    """A complaint counts for the station it is about; in a county's return, others stand last."""
    place = F("about_station_id") if scope.is_county else F("county_id")
    return rows.filter(county__in=scope.counties).annotate(unit_key=place)


def _complaints_received(period, scope):
    return _complaints(Complaint.objects.filter(**_moments("received_at", period)), scope)


def _complaints_decided(period, scope):
    return _complaints(Complaint.objects.filter(**_days("decided_on", period)), scope)


def _complaints_reviewed(period, scope):
    return _complaints(Complaint.objects.filter(**_days("review_on", period)), scope)


def _life(rows, scope, prefix=""):
    """Training and publicity count for the station that held it; the county's own stands last."""
    place = F(f"{prefix}station_id" if scope.is_county else f"{prefix}county_id")
    return rows.filter(**{f"{prefix}county__in": scope.counties}).annotate(unit_key=place)


def _sessions(period, scope):
    return _life(training_years.held_between(period.first, period.end), scope)


def _trained(period, scope):
    return _life(training_years.trained_between(period.first, period.end), scope, "session__")


def _media(period, scope):
    return _life(publicity.media_between(period.first, period.end), scope)


_SOURCES = {
    "entries": _entries,
    "received": _received,
    "granted": _granted,
    "refused": _refused,
    "terminated": _terminated,
    "ended": _ended,
    "closed": _closed,
    "paid": _paid,
    "stations": _stations,
    "units": _units,
    "workers": _workers,
    "complaints": _complaints_received,
    "complaints_decided": _complaints_decided,
    "complaints_reviewed": _complaints_reviewed,
    "sessions": _sessions,
    "trained": _trained,
    "media": _media,
}


# ── Kinds of case: each case is of the first kind that fits ─────────────────────────────


def _first_of(kinds, default):
    whens = [When(condition, then=Value(code)) for code, condition in kinds]
    return Case(*whens, default=Value(default))


def _matters(*codes):
    return Q(application__matter__code__in=codes)


def _aid(*codes):
    return Q(application__aid_matter__code__in=codes)


_APPEAL = _aid("33") | Q(application__stage="retrial")
_LITIGATION = Q(application__aid_kind="litigation")
_CASE_KINDS = [
    ("on_notice", _aid("25-1", "25-2")),
    ("on_request", _aid("25-3")),
    ("compulsory", _aid("28")),
    ("notarial", Q(application__aid_kind=AidKind.NOTARIAL)),
    ("forensic", Q(application__aid_kind=AidKind.FORENSIC)),
    ("appeal", _APPEAL),
    ("criminal", Q(application__aid_matter__category="criminal")),
    ("civil", _LITIGATION & Q(application__aid_matter__category="civil")),
    ("administrative", _LITIGATION & Q(application__aid_matter__category="administrative")),
]
_SUPPORT = _aid("31-4") | _matters(
    "civil.parental_support", "civil.child_support", "civil.spousal_support"
)
_VIOLENCE = _aid("32-4") | _matters("civil.domestic_violence")
_CIVIL_KINDS = [
    ("appeal", _APPEAL),
    ("courage", _aid("32-2") | _matters("civil.courage")),
    ("social_insurance", _matters("administrative.social_insurance")),
    ("work_injury", _matters("civil.work_injury")),
    ("traffic", _matters("civil.traffic")),
    ("medical", _matters("civil.medical")),
    ("product", _matters("economic.consumer")),
    ("family", _SUPPORT | _VIOLENCE | _matters("civil.marriage")),
    ("labour_pay", _aid("31-5") | _matters("civil.labour_pay")),
    ("other_injury", _aid("31-7")),
    ("other_labour", Q(application__aid_kind="labour_arbitration")),
]
