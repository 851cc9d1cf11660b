"""The papers of an assessment: sheets, the county's summary, the notice, lists, the city's overview.

Each has one template for the PDF and its web twin. What is not public yet is only for who asked.
"""

import io
import zipfile

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stations.models import County
from stations.papers.documents import CannotMake, ask_for, makes
from stations.papers.pdf import render_pdf

from ..models import Demonstration, Rectification, Sheet, Year
from ..terms import Dimension, Grade
from . import one_sheet, standings
from .names import as_of_its_day, with_names_of

SHEET = "assessment_sheet"
SHEETS = "assessment_sheets"
SUMMARY = "assessment_summary"
NOTICE = "assessment_notice"
HONOURS = "assessment_honours"
CERTIFICATES = "assessment_certificates"
CITY = "assessment_city"
WORKBOOK = "assessment_workbook"

TEMPLATES = {
    SHEET: "assessment/papers/sheet_print.html",
    SUMMARY: "assessment/papers/summary_print.html",
    NOTICE: "assessment/papers/notice_print.html",
    HONOURS: "assessment/papers/honours_print.html",
    CERTIFICATES: "assessment/papers/certificates_print.html",
    CITY: "assessment/papers/city_print.html",
}
# The issuer's mark fits the type area up to so many characters at its usual size.
ISSUER_LETTERS = 14


def grouped(print_hash):
    """The first 24 signs of a hash in fours, short enough to compare by eye."""
    return " ".join(print_hash[n : n + 4] for n in range(0, 24, 4)) if print_hash else ""


# ── What the papers show ────────────────────────────────────────────────────────────────


def sheet_paper(sheet):
    """Return what the paper of one station's sheet shows (考核评分表)."""
    [sheet] = with_names_of(sheet.year, [sheet])
    return {
        "sheet": sheet,
        "year": sheet.year,
        "view": one_sheet.sheet_view(sheet, with_gains=False),
        "check_code": grouped(sheet.snapshot_hash),
        "taken_at": sheet.confirmed_at or timezone.now(),
    }


def summary_paper(year):
    """Return what the county's summary shows: every station, ranked once all are scored."""
    return {
        "year": as_of_its_day(year),
        "result": standings.county_year(year),
        "dimensions": list(Dimension),
        "rates": standings.rate_labels(),
        "check_code": grouped(year.frozen_hash),
        "taken_at": year.confirmed_at or timezone.now(),
    }


def notice_paper(year, number=None):
    """Return what the notice shows: the publicity 公示, or once frozen the circular 通报."""
    issuer = as_of_its_day(year).county.bureau_name
    result = standings.county_year(year)
    return {
        "year": year,
        "result": result,
        "by_grade": [
            (grade, [row for row in result.rows if row.sheet.grade == grade]) for grade in Grade
        ],
        "issuer": issuer,
        "is_issuer_long": len(issuer) > ISSUER_LETTERS,
        "number": number,
        "is_circular": year.is_frozen,
        "issued_on": timezone.localdate(year.confirmed_at or year.published_at),
        "rectifications": list(
            Rectification.objects.filter(sheet__year=year).select_related("sheet__station")
        ),
    }


def honours_paper(year):
    """Return the list of certificates and plaques: 优秀 stations, and demonstration stations."""
    rows = standings.county_year(year).excellent
    return {
        "year": as_of_its_day(year),
        "excellent": rows,
        "excellent_count": len(rows),
        "plaques": _named(year),
        "taken_at": timezone.now(),
    }


def certificates_paper(year):
    """Return what the certificates show: a page for each 优秀 and for each named station."""
    return {
        "year": as_of_its_day(year),
        "excellent": [
            (row.sheet, grouped(row.sheet.snapshot_hash))
            for row in standings.county_year(year).excellent
        ],
        "named": _named(year),
        "issuer": year.county.bureau_name,
        "issued_on": timezone.localdate(year.confirmed_at) if year.confirmed_at else None,
    }


def _named(year):
    """The demonstration stations of a year's county whose names are in force."""
    return list(
        Demonstration.objects.named()
        .filter(county=year.county_id)
        .select_related("station")
        .order_by("station__code")
    )


def city_paper(counties):
    """Return what the city's overview shows: a line for each county's latest year."""
    parent = counties[0].division.parent if counties else None
    return {
        "city": parent.name if parent else "",
        "rows": standings.counties_overview(counties),
        "grades": list(Grade),
        "taken_at": timezone.now(),
    }


# ── Asking for them ─────────────────────────────────────────────────────────────────────


def ask_for_sheet(sheet, *, by):
    """Ask for one station's sheet as PDF; its people and the county may fetch it."""
    station = sheet.station
    [sheet] = with_names_of(sheet.year, [sheet])
    title = _("Assessment sheet %(year)s, %(station)s") % {
        "year": sheet.year.year,
        "station": sheet.station.short_name,
    }
    return ask_for(
        SHEET,
        title=title,
        filename=f"{title}.pdf",
        station=station,
        county=sheet.year.county,
        by=by,
        parameters={"sheet": sheet.pk},
    )


def ask_for_county(kind, year, *, by, number=None):
    """Ask for a paper of the whole county; before the publicity only who asks may fetch it."""
    titles = {
        SHEETS: _("All assessment sheets %(year)s, %(county)s"),
        SUMMARY: _("Assessment summary %(year)s, %(county)s"),
        NOTICE: _("Notice of the assessment %(year)s, %(county)s"),
        HONOURS: _("Certificates and plaques %(year)s, %(county)s"),
        CERTIFICATES: _("Certificates %(year)s, %(county)s"),
        WORKBOOK: _("Assessment workbook %(year)s, %(county)s"),
    }
    title = titles[kind] % {"year": year.year, "county": year.county}
    ending = {SHEETS: "zip", WORKBOOK: "xlsx"}.get(kind, "pdf")
    return ask_for(
        kind,
        title=title,
        filename=f"{title}.{ending}",
        county=year.county,
        by=by,
        parameters={"year": year.pk, "number": number},
        # Sheets tell of reasons and evidence; they are the county's even when results are public.
        is_personal=kind in {SHEETS, WORKBOOK} or not year.is_public,
    )


def ask_for_city(counties, *, by):
    title = _("Overview of the annual assessments")
    return ask_for(
        CITY,
        title=title,
        filename=f"{title}.pdf",
        by=by,
        parameters={"counties": [county.pk for county in counties]},
        is_personal=True,
    )


# ── Making them ─────────────────────────────────────────────────────────────────────────


def year_of(document):
    """The year a document is about, with all its papers read."""
    years = Year.objects.for_list().select_related("county__division__parent")
    return years.get(pk=document.parameters["year"])


def sheets_read():
    return Sheet.objects.for_list().select_related(
        "station__township", "self_scored_by", "scored_by", "confirmed_by"
    )


def render(kind, context):
    """Return the PDF of a paper, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATES[kind], context)


@makes(SHEET)
def make_sheet(document, progress):
    with translation.override(settings.LANGUAGE_CODE):
        sheet = sheets_read().get(pk=document.parameters["sheet"])
        return render(SHEET, sheet_paper(sheet))


@makes(SHEETS)
def make_sheets(document, progress):
    """Pack the sheets of all stations of a year."""
    sheets = list(
        sheets_read().filter(year=document.parameters["year"]).order_by("station__code")
    )
    if not sheets:
        raise CannotMake(_("This year has no sheets."))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for n, sheet in enumerate(sheets, 1):
            pdf = render(SHEET, sheet_paper(sheet))
            bundle.writestr(f"{sheet.station.code} {sheet.station.short_name}.pdf", pdf)
            progress(n, len(sheets))
    return packed.getvalue()


@makes(SUMMARY)
def make_summary(document, progress):
    return render(SUMMARY, summary_paper(year_of(document)))


@makes(NOTICE)
def make_notice(document, progress):
    year = year_of(document)
    if not year.is_public:
        raise CannotMake(_("Publish the result first; then its notice can be made."))
    return render(NOTICE, notice_paper(year, document.parameters.get("number")))


@makes(HONOURS)
def make_honours(document, progress):
    return render(HONOURS, honours_paper(year_of(document)))


@makes(CERTIFICATES)
def make_certificates(document, progress):
    """Print a certificate for each station the confirmed result honours, one to a page."""
    year = year_of(document)
    if not year.is_frozen:
        raise CannotMake(_("Confirm the result first; then its certificates can be made."))
    context = certificates_paper(year)
    if not context["excellent"] and not context["named"]:
        raise CannotMake(
            _("No station has the best grade this year, so there is none to print.")
        )
    return render(CERTIFICATES, context)


@makes(CITY)
def make_city(document, progress):
    counties = list(
        County.objects.filter(pk__in=document.parameters["counties"])
        .select_related("division__parent")
        .order_by("division__code")
    )
    return render(CITY, city_paper(counties))
