import json
import unicodedata
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.analysis import monthly_analysis
from casework.analysis.crossing import Axis, Span, axes_of, crossing_of
from casework.models import MonthlyReport
from casework.periods import parse_month
from casework.reports import months, report_pdf
from casework.terms import Channel
from stations.models import County, Station


class Command(BaseCommand):
    help = "Print the monthly analysis of a station or county, as the page and the PDF show it."

    def add_arguments(self, parser):
        parser.add_argument("month", help="like 2026-10")
        parser.add_argument("--station", metavar="CODE")
        parser.add_argument("--county", metavar="CODE")
        parser.add_argument("--json", action="store_true", help="the record itself")
        parser.add_argument(
            "--cross",
            nargs=2,
            metavar=("ROWS", "COLUMNS"),
            choices=Axis.values,
            help="the month divided by two things: " + ", ".join(Axis.values),
        )
        parser.add_argument("--span", choices=Span.values, default=Span.MONTH.value)
        parser.add_argument("--pdf", metavar="OUT", type=Path, help="write the report there")

    def handle(self, *, month, station, county, pdf, **options):
        place = self._place(station, county)
        try:
            first = parse_month(month)
        except ValueError as error:
            raise CommandError(
                _("%(month)s is not a month. Write it like 2026-10.") % {"month": month}
            ) from error
        if options["cross"]:
            self._cross(place, first, *options["cross"], options["span"], options["json"])
            return
        analysis = self._analysis(place, first)
        if options["json"]:
            self.stdout.write(
                json.dumps(analysis.as_json(), ensure_ascii=False, indent=1, sort_keys=True)
            )
        elif not pdf:
            for line in _lines(analysis):
                self.stdout.write(line)
        if pdf:
            self._write_pdf(place, first, pdf)

    def _place(self, station, county):
        if bool(station) == bool(county):
            raise CommandError(_("Name one place: --station CODE or --county CODE."))
        if station:
            place = (
                Station.objects.filter(code=station).select_related("county__division").first()
            )
            sentence = _("No station has the code %(code)s.") % {"code": station}
        else:
            place = (
                County.objects.filter(division__code=county).select_related("division").first()
            )
            sentence = _("No county here has the code %(code)s.") % {"code": county}
        if place is None:
            raise CommandError(sentence)
        return place

    def _report(self, place, month):
        """The report of the month, or an unsaved one where none has been opened."""
        here = {
            "county": getattr(place, "county", place),
            "station": place if isinstance(place, Station) else None,
            "month": month,
        }
        return MonthlyReport.objects.filter(**here).first() or MonthlyReport(**here)

    def _analysis(self, place, month):
        """The figures as issued, or those of now while the month is open."""
        report = self._report(place, month)
        return months.analysis_of(report) if report.pk else monthly_analysis(place, month)

    def _cross(self, place, month, rows, columns, span, as_json):
        report = self._report(place, month)
        if not {rows, columns} <= set(axes_of(report)):
            raise CommandError(_("A month cannot be divided like this. Choose from the list."))
        if Axis(rows).parameter == Axis(columns).parameter:
            raise CommandError(
                _("Rows and columns are the same. Choose something else for one of them.")
            )
        crossing = crossing_of(report, rows=rows, columns=columns, span=span)
        if as_json:
            self.stdout.write(json.dumps(crossing.as_json(), ensure_ascii=False, indent=1))
            return
        heads = [
            str(crossing.rows_by.label),
            _("total"),
            *(str(line.name) for line in crossing.columns),
        ]
        lines = [[str(row.name), row.total, *row.cells] for row in crossing.rows]
        lines.append([_("total"), crossing.total, *(line.total for line in crossing.columns)])
        for line in _table(f"{report.place_name}  {month:%Y-%m}", heads, lines):
            self.stdout.write(line)

    def _write_pdf(self, place, month, out):
        try:
            report = months.open_month(place, month)
        except months.MoveRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            out.write_bytes(report_pdf.render(report))
        except OSError as error:
            raise CommandError(_("Cannot write %(file)s.") % {"file": out}) from error
        self.stderr.write(_("Written: %(file)s.") % {"file": out})


def _width(text):
    """Columns of a terminal: a Chinese character takes two."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _table(title, heads, rows):
    """Yield a title and rows in columns: the first to the left, numbers to the right."""
    cells = [heads, *([str("—" if cell is None else cell) for cell in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    yield ""
    yield title
    for row in cells:
        first, *others = (
            " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        numbers = (gap + cell for gap, cell in zip(others, row[1:], strict=True))
        yield "  ".join([row[0] + first, *numbers])


def _percent(value):
    return None if value is None else f"{value}%"


def _lines(analysis):
    yield f"{analysis.place.name}  {analysis.month:%Y-%m}"
    totals = analysis.totals
    yield from _table(
        _("Totals"),
        [
            "",
            _("this month"),
            _("month before"),
            _("growth"),
            _("last year"),
            _("growth"),
        ],
        [
            [
                label,
                compared.value,
                compared.on_month.before,
                _percent(compared.on_month.percent),
                compared.on_year.before,
                _percent(compared.on_year.percent),
            ]
            for label, compared in totals.rows()
        ],
    )
    yield from _table(
        _("Summed from January on"),
        ["", pgettext("figures", "this year"), _("last year"), _("growth")],
        [
            [label, sums.now, sums.on_year.before, _percent(sums.on_year.percent)]
            for label, sums in totals.sums()
        ],
    )
    yield from _table(
        _("Applications for legal aid"),
        ["", _("this month"), _("month before")],
        [[line.label, line.count, line.before] for line in analysis.cases],
    )
    yield from _table(
        _("13 months"),
        [_("month"), _("total"), Channel.CALL.label, Channel.VISIT.label, _("others")],
        [
            [f"{line.month:%Y-%m}", line.entries, line.calls, line.visits, line.other]
            for line in analysis.trend
        ],
    )
    yield from _table(
        _("Matters of the month"),
        [_("matter"), _("entries"), _("share"), _("mean of three months"), _("growth")],
        [
            [line.label, line.count, _percent(line.share), line.mean, _percent(line.growth)]
            for line in analysis.matters
        ],
    )
    yield from _table(
        _("People groups"),
        [_("people group"), _("total"), *(str(channel.label) for channel in Channel)],
        [[line.label, line.count, *line.by_channel] for line in analysis.groups],
    )
    yield from _table(
        _("Villages") if analysis.place.kind == "station" else _("Stations"),
        [_("place"), _("entries"), _("share"), _("persons"), _("month before")],
        [
            [
                line.label,
                line.count,
                _percent(line.share),
                line.persons,
                line.on_month.before,
            ]
            for line in analysis.places
        ],
    )
    yield from _table(
        _("Disposal"),
        [_("disposal"), _("entries"), _("share")],
        [[line.label, line.count, _percent(line.share)] for line in analysis.disposals],
    )
    yield from _table(
        _("Hours of the day"),
        [_("hour"), _("entries"), _("share")],
        [
            [line.label, line.count, _percent(line.share)]
            for line in analysis.hours
            if line.count.value
        ],
    )
    quality = analysis.quality
    yield from _table(
        _("How the register was kept"),
        ["", ""],
        [
            [_("typed late"), quality.late],
            [_("typed in time"), _percent(quality.on_time_share)],
            [_("corrected"), quality.corrected],
            [_("came again on the same matter"), analysis.repeats],
            [_("came before, on whatever matter"), analysis.returning],
            [_("working days without a record"), quality.blank_days],
            [_("days stated to be without visits"), quality.no_visit_days],
            [_("seconds to type one entry"), quality.mean_seconds],
        ],
    )
    yield ""
    yield _("Signals") if analysis.signals else _("No signal this month.")
    for signal in analysis.signals:
        yield f"[{signal.level_label}] {signal.sentence}"
