"""Duty subsidies 值班补贴: a month's sheet from the sign-ins, locked once by the director, for finance.

Before it is locked the sheet is computed from the half-days at each look; locked it is rows with a
hash of what was counted, and its half-days change no more. What was handled on those days stands
beside it for the reader; it is told by the higher floor that keeps the register (`@tells_handled`).
"""

import hashlib
import io
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..files.tables import safe
from ..models import County, DutyMonth, DutySlot, SubsidyRow, SubsidySheet
from ..terms import Absence, AidWorkerKind
from .people import DutyRefused, last_day

TELLERS = []


def tells_handled(teller):
    """Register the decorated function as one that tells how many people's matters were taken up.

    It takes `(county, first, last)` and returns {(account, station, day): how many}, of ids.
    """
    TELLERS.append(teller)
    return teller


@dataclass
class Line:
    """One person of a sheet."""

    worker: int
    name: str
    unit_name: str
    kind: str
    slots: list[int] = field(default_factory=list)
    absences_told: int = 0
    absences_untold: int = 0
    # Signed neither in nor off: stood by the roster, so to be settled before it is locked.
    unsigned: int = 0
    half_days: int = 0
    # Entries of the register they received at the station on the days they stood.
    handled: int = 0
    amount: Decimal = Decimal(0)

    @property
    def kind_label(self):
        return AidWorkerKind(self.kind).label


@dataclass
class Sheet:
    """A month's sheet as the page and the papers show it."""

    county: County
    month: object
    rate: Decimal
    lines: list[Line]
    locked: SubsidySheet | None = None

    @property
    def half_days(self):
        return sum(line.half_days for line in self.lines)

    @property
    def amount(self):
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def handled(self):
        return sum(line.handled for line in self.lines)

    @property
    def unsigned(self):
        return sum(line.unsigned for line in self.lines)


def sheet_of(county, month):
    """Return the sheet of a month: as it was locked, else as the half-days stand now."""
    locked = (
        SubsidySheet.objects.filter(county=county, month=month)
        .select_related("locked_by")
        .first()
    )
    if locked:
        return Sheet(
            county, month, locked.rate, [_kept(row) for row in locked.rows.all()], locked
        )
    rate = Decimal(county.parameter("duty_subsidy_yuan"))
    return Sheet(county, month, rate, _counted(county, month, rate))


def _kept(row):
    return Line(
        worker=row.worker_id,
        name=row.name,
        unit_name=row.unit_name,
        kind=row.kind,
        slots=row.slots,
        absences_told=row.absences_told,
        absences_untold=row.absences_untold,
        half_days=row.half_days,
        handled=row.handled,
        amount=row.amount,
    )


def _counted(county, month, rate):
    today = timezone.localdate()
    lines, days = {}, defaultdict(set)
    slots = (
        DutySlot.objects.filter(
            duty_month__county=county,
            duty_month__month=month,
            duty_month__published_at__isnull=False,
            worker__isnull=False,
        )
        .select_related("worker__unit")
        .order_by("day", "half", "pk")
    )
    for slot in slots:
        worker = slot.worker
        line = lines.setdefault(
            worker.pk, Line(worker.pk, worker.name, worker.unit.name, worker.kind)
        )
        if slot.is_stood:
            line.slots.append(slot.pk)
            days[worker.pk].add((worker.user_id, slot.station_id, slot.day))
        elif slot.absence == Absence.TOLD:
            line.absences_told += 1
        elif slot.absence:
            line.absences_untold += 1
        elif slot.day < today:
            line.unsigned += 1
    handled = _handled(county, month)
    for line in lines.values():
        line.half_days = len(line.slots)
        line.handled = sum(handled[day] for day in days[line.worker])
        line.amount = rate * line.half_days
    return sorted(lines.values(), key=lambda line: (line.unit_name, line.name, line.worker))


def _handled(county, month):
    handled = Counter()
    for teller in TELLERS:
        handled.update(teller(county, month, last_day(month)))
    return handled


@transaction.atomic
def lock(county, month, *, by):
    """Lock a month's sheet for finance. Returns it.

    Raises DutyRefused while the month runs, when it is locked, or when nobody was on duty in it.
    """
    if last_day(month) >= timezone.localdate():
        raise DutyRefused(_("The month is not over yet."))
    # Every change of a half-day locks its month first, so nothing moves while it is counted.
    duty_month = (
        DutyMonth.objects.select_for_update(of=("self",))
        .published()
        .filter(county=county, month=month)
        .first()
    )
    if duty_month is None:
        raise DutyRefused(_("No roster was published for this month."))
    sheet = sheet_of(county, month)
    if sheet.locked:
        raise DutyRefused(
            _("%(name)s has settled this month already.")
            % {"name": sheet.locked.locked_by.name}
        )
    if not sheet.half_days:
        raise DutyRefused(_("Nobody signed in this month; there is nothing to settle."))
    locked = SubsidySheet.objects.create(
        county=county,
        month=month,
        rate=sheet.rate,
        half_days=sheet.half_days,
        amount=sheet.amount,
        hash=hash_of(sheet),
        locked_by=by,
    )
    SubsidyRow.objects.bulk_create(
        SubsidyRow(
            sheet=locked,
            worker_id=line.worker,
            name=line.name,
            unit_name=line.unit_name,
            kind=line.kind,
            slots=line.slots,
            half_days=line.half_days,
            handled=line.handled,
            amount=line.amount,
            absences_told=line.absences_told,
            absences_untold=line.absences_untold,
        )
        for line in sheet.lines
    )
    return locked


def hash_of(sheet):
    """Return the hash of what a sheet counts: rate, and of each person the half-days and the sum."""
    counted = [
        f"{sheet.month:%Y-%m}",
        f"{sheet.rate:.2f}",
        [
            [line.worker, line.name, sorted(line.slots), f"{line.amount:.2f}"]
            for line in sorted(sheet.lines, key=lambda line: line.worker)
        ],
    ]
    text = json.dumps(counted, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def days_of(sheet):
    """{worker: [half-days counted, in order]} of a sheet, for its details. One query."""
    days = defaultdict(list)
    wanted = [pk for line in sheet.lines for pk in line.slots]
    for slot in (
        DutySlot.objects.filter(pk__in=wanted).select_related("station").order_by("day", "half")
    ):
        days[slot.worker_id].append(slot)
    return days


def title_of(county, month):
    return _("Duty subsidies of %(center)s, %(month)s") % {
        "center": county.center_name,
        "month": date_format(month, "YEAR_MONTH_FORMAT"),
    }


def workbook(sheet):
    """Return the xlsx of a sheet: a row for each person, the sum below."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        _fill(book, sheet)
    return stream.getvalue()


def _fill(book, sheet):
    page = book.add_worksheet(f"{sheet.month:%Y-%m}")
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    total = book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1})
    page.write_string(0, 0, title_of(sheet.county, sheet.month), bold)
    heads = [
        (_("No."), 6),
        (_("name"), 12),
        (_("unit"), 30),
        (_("licence"), 18),
        (_("half-days"), 10),
        (_("entries received"), 12),
        (_("yuan a half-day"), 14),
        (_("amount, yuan"), 14),
        (_("absent with notice"), 14),
        (_("absent without notice"), 16),
        (_("signature"), 14),
    ]
    for column, (head, width) in enumerate(heads):
        page.set_column(column, column, width)
        page.write_string(1, column, head, bold)
    lines = [line for line in sheet.lines if line.half_days or line.absences_untold]
    for number, line in enumerate(lines, 1):
        row = number + 1
        page.write_number(row, 0, number)
        page.write_string(row, 1, safe(line.name))
        page.write_string(row, 2, safe(line.unit_name))
        page.write_string(row, 3, str(line.kind_label))
        page.write_number(row, 4, line.half_days)
        page.write_number(row, 5, line.handled)
        page.write_number(row, 6, float(sheet.rate), money)
        page.write_number(row, 7, float(line.amount), money)
        page.write_number(row, 8, line.absences_told)
        page.write_number(row, 9, line.absences_untold)
    last = len(lines) + 2
    page.write_string(last, 1, _("total"), bold)
    page.write_number(last, 4, sheet.half_days, total)
    page.write_number(last, 5, sheet.handled, bold)
    page.write_number(last, 7, float(sheet.amount), total)
    page.freeze_panes(2, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
