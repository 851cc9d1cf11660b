"""The rows behind a figure of a sheet, each with the page that shows it (every point opens its proof)."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.analysis import Behind, days_of, rows_behind, station_year
from casework.analysis.year_rows import ROWS as YEAR_ROWS
from stations.models import (
    Adoption,
    AidWorker,
    DutySlot,
    Liaison,
    Posting,
    PremisesCheck,
    PublicityEvent,
    QuestionSlipEvent,
    User,
)
from stations.templatetags.words import full_day, month_name

from ..places import place_url
from . import records
from .facts import FACTS, FactKind
from .record_rows import ROWS as RECORD_ROWS


@dataclass(frozen=True)
class Proof:
    """What a figure of a sheet stands on.

    `first` to `through` are the days counted. Rows that are counted come first, each with its day.
    """

    kind: FactKind
    first: date
    through: date
    rows: tuple[Behind, ...]

    @property
    def counted(self):
        return sum(row.is_counted for row in self.rows)

    @property
    def total(self):
        return len(self.rows)


def proof(sheet, fact) -> Proof:
    """List the rows behind a fact of a sheet, as of the day the sheet was computed.

    Rows are read anew: of a frozen sheet they may have been corrected since, its figures not.
    Raises KeyError for an unknown fact.
    """
    kind = FACTS[fact]
    first, through = sheet.year.first_day, sheet.computed_on or sheet.year.last_day
    station = sheet.station
    if fact in YEAR_ROWS:
        rows = rows_behind(fact, station, first, through)
    elif fact in RECORD_ROWS:
        rows = _of_records(fact, kind, station, first, through)
    elif fact == "village_coverage":
        rows = _gaps(station, first, through)
    else:
        rows = _of_days(fact, station, first, through)
    return Proof(kind, first, through, tuple(sorted(rows, key=lambda row: not row.is_counted)))


def _of_records(fact, kind, station, first, through):
    rows = records.rows_behind(fact, station, first, through)
    names = _NAMED.get(fact, lambda _ids: {})({shown for _pk, _day, shown, _is in rows})
    url = place_url(kind.read_from, station)
    return [
        Behind(
            pk,
            day,
            names.get(shown) or _("end of %(month)s") % {"month": month_name(day)},
            reverse(_OPENED[fact], args=[shown]) if fact in _OPENED else url,
            is_counted,
        )
        for pk, day, shown, is_counted in rows
    ]


def _by(model, label, *related):
    def named(ids):
        rows = model.objects.filter(pk__in=ids).select_related(*related)
        return {row.pk: label(row) for row in rows}

    return named


# What a row is called; a month-end where nothing is said.
_NAMED = {
    "lapsed_licences": _by(AidWorker, lambda worker: worker.name),
    "staff_trained": _by(User, lambda user: user.name),
    "liaisons_trained": _by(Liaison, lambda row: f"{row.village.name} {row.name}", "village"),
    "rule_sets": _by(Adoption, lambda row: row.get_kind_display()),
    "duty_attended": _by(DutySlot, lambda slot: _slot(slot), "worker"),
    "duty_missed": _by(DutySlot, lambda slot: _slot(slot), "worker"),
    "slips_answered": _by(QuestionSlipEvent, lambda event: event.slip.subject, "slip"),
    "publicity_events": _by(PublicityEvent, lambda event: event.title),
    "postings_current": _by(Posting, lambda row: row.get_item_display()),
    "applicants_on_wall": _by(Posting, lambda row: row.get_item_display()),
    "premises_there": _by(PremisesCheck, lambda row: row.get_item_display()),
    "signs_there": _by(PremisesCheck, lambda row: row.get_item_display()),
    "equipment_there": _by(PremisesCheck, lambda row: row.get_item_display()),
}
_OPENED = {
    "duty_attended": "stations:duty_slot",
    "duty_missed": "stations:duty_slot",
    "slips_answered": "stations:question_slip",
    "publicity_events": "stations:event_detail",
}


def _slot(slot):
    return f"{slot.get_half_display()} {slot.worker.name}"


def _gaps(station, first, through):
    url = reverse("stations:liaison_list")
    return [
        Behind(0, day, f"{name}（{code}）", url, False)
        for day, code, name in records.gaps_behind(station, first, through)
    ]


def _of_days(fact, station, first, through):
    """Months or days that have no row of their own."""
    if days_of(station, first, through) is None:
        return []
    year = station_year(station.county, first, through, only=station)[station.pk]
    if fact == "silent_months":
        url = reverse("casework:report_list")
        return [Behind(0, month, month_name(month), url, True) for month in year.silent_months]
    url = reverse("casework:entry_list")
    return [Behind(0, day, full_day(day), url, True) for day in year.used_days]
