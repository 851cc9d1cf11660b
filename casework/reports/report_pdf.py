"""The paper of a monthly report, after GB/T 9704: one template for the PDF and its web twin."""

import io
import zipfile
from itertools import groupby

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stations.models import County
from stations.papers.documents import CannotMake, makes
from stations.papers.pdf import render_pdf
from stations.papers.squares import qr_square
from stations.particulars.keeping import as_it_was, as_they_were

from ..models import MonthlyReport
from ..periods import parse_month
from ..terms import SignalLevel
from . import charts
from .amendments import reopenings
from .months import analysis_of, as_issued
from .receipts import standing

TEMPLATE = "casework/months/print.html"
# The issuer's mark fits the type area up to so many characters at its usual size.
ISSUER_LETTERS = 14
ANNEX_COLUMNS = 3


def paper(report):
    """Return what `print.html` shows of a report, as it stands: issued, or a draft of now."""
    analysis = analysis_of(report)
    taken_at = report.sent_at if report.is_frozen else timezone.now()
    # Names as they were: a station renamed since signs with the name it had.
    county = as_it_was(report.county, taken_at)
    station = report.station and as_it_was(report.station, taken_at)
    county_name = county.division.name
    issuer = analysis.place.name if station else county.center_name
    if not issuer.startswith(county_name):
        issuer = f"{county_name}{issuer}"
    stood = None if station else standing(report.county, report.month, at=taken_at)
    return {
        "report": report,
        "station": station,
        "county": county,
        "analysis": analysis,
        "is_draft": not report.is_frozen,
        "taken_at": taken_at,
        "issuer": issuer,
        "is_issuer_long": len(issuer) > ISSUER_LETTERS,
        "signal_groups": _signal_groups(analysis.signals),
        "features": list(zip("一二三", _features(analysis), strict=False)),
        "annex": _annex(analysis),
        "reopenings": reopenings(report),
        "standing": stood,
        "missing_names": _names(stood.missing, taken_at) if stood else "",
        "late_names": _names(stood.late, taken_at) if stood else "",
        "note": _note(report),
        "trend": charts.trend(analysis, charts.PAPER),
        "matters_chart": charts.top_matters(analysis, charts.PAPER),
        "places_chart": charts.places(analysis, charts.PAPER),
        "check_code": grouped(report.rows_hash) if report.is_frozen else "",
        "qr": _qr(report),
        "shows_codes": True,
    }


def _names(stations, at):
    then = as_they_were(stations, at)
    return pgettext("list", ", ").join(then[station.pk].short_name for station in stations)


def _features(analysis):
    """The matters part 2 speaks of, three at most: those that grew, then the most frequent."""
    lines = {line.key: line for line in (*analysis.surges, *analysis.hot) if line.count.value}
    return list(lines.values())[:3]


def _signal_groups(signals):
    """[(level in words, signals of one paragraph)]: a grave one stands alone, others by their level."""
    groups = []
    for level, same in groupby(signals, key=lambda signal: signal.level):
        same = list(same)
        alone = [[signal] for signal in same] if level == SignalLevel.GRAVE else [same]
        groups += [(group[0].level_label, group) for group in alone]
    return groups


def _annex(analysis):
    """[(what is counted, lines of the annex)] by the letter of the codes; a line holds three rows.

    Rows that count nothing are left out, but the first.
    """
    named = {
        "A": _("matter"),
        "B": _("channel and act"),
        "C": _("village") if analysis.place.kind == "station" else _("station"),
        "D": _("people group"),
        "F": _("disposal"),
        "H": pgettext("figures", "register"),
    }
    rows = [row for row in analysis.annex() if row.figure.value or row.code == "A0"]
    lines = []
    for letter, group in groupby(rows, key=lambda row: row.code[0]):
        group = list(group)
        cuts = range(0, len(group), ANNEX_COLUMNS)
        lines.append((named[letter], [group[n : n + ANNEX_COLUMNS] for n in cuts]))
    return lines


def _note(report):
    """The words with which a county went ahead without all of its stations."""
    if report.station_id or not report.is_frozen:
        return ""
    notes = list(report.events.filter(move="issue").values_list("note", flat=True))
    return notes[report.issue - 1] if report.issue <= len(notes) else ""


def grouped(rows_hash):
    """The first 24 signs of the hash in fours, short enough to compare by eye."""
    return " ".join(rows_hash[n : n + 4] for n in range(0, 24, 4))


def _qr(report):
    address = settings.SITE_URL + reverse("casework:report_detail", args=[report.pk])
    return qr_square(address)


def render(report):
    """Return the report's PDF as it stands, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATE, paper(report))


@makes("monthly_report")
def monthly_report(document, progress):
    """Make one issue of a report as it was sent, or a draft of now."""
    report = MonthlyReport.objects.select_related("station__township", "county__division").get(
        pk=document.parameters["report"]
    )
    issue = document.parameters.get("issue")
    if issue is None:
        return render(report)
    try:
        return render(as_issued(report, issue))
    except KeyError:
        raise CannotMake(_("This issue was replaced before issues were kept.")) from None


@makes("month_bundle")
def month_bundle(document, progress):
    """Pack the papers of all sent reports of a county's month, the county's own first."""
    county = County.objects.get(pk=document.county_id)
    month = parse_month(document.parameters["month"])
    reports = sent_reports(county, month).select_related(
        "station__township", "county__division", "document"
    )
    total = len(reports)
    if not total:
        raise CannotMake(_("No report of this month has been sent yet."))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for n, report in enumerate(reports, 1):
            made = report.document is not None and report.document.is_made
            content = report.document.content if made else render(report)
            place = report.station.code if report.station else "0"
            bundle.writestr(f"{place} {report.place_name}.pdf", bytes(content))
            progress(n, total)
    return packed.getvalue()


def sent_reports(county, month):
    """The reports of a county's month that have been sent, the county's own first."""
    return (
        MonthlyReport.objects.filter(county=county, month=month)
        .frozen()
        .order_by(F("station__code").asc(nulls_first=True))
    )
