"""A statistical return on paper and as a workbook: the same lines as the page, in official order."""

import io

import xlsxwriter
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stations.files.tables import safe
from stations.models import County
from stations.papers.documents import makes
from stations.papers.pdf import render_pdf
from stations.particulars.keeping import as_it_was
from stations.templatetags.words import full_day

from ..analysis.return_rows import Rule
from ..periods import parse_period
from .submissions import show

KIND = "statistical_return"
TEMPLATE = "casework/returns/print.html"
# So many units stand beside one another on a landscape sheet.
UNITS_A_SHEET = 16
# A return is due so many working days after its period (clock 28).
DUE_WORKING_DAYS = {"month": 5, "quarter": 8, "half": 10, "year": 10}


def period_name(period):
    """2026年3月, 2026年第1季度, 2026年上半年（统计年度）, 2026统计年度."""
    if period.kind == "month":
        return date_format(period.first, "YEAR_MONTH_FORMAT")
    year, _dash, part = period.code.partition("-")
    if period.kind == "quarter":
        return _("quarter %(number)s of %(year)s") % {"year": year, "number": part[1]}
    if period.kind == "half":
        half = _("first half of the statistical year %(year)s")
        if part == "H2":
            half = _("second half of the statistical year %(year)s")
        return half % {"year": year}
    return _("statistical year %(year)s") % {"year": year}


def title_of(period):
    titles = {
        "month": _("Monthly return of legal aid"),
        "quarter": _("Quarterly return of consultations"),
        "half": _("Half-year return of legal aid"),
        "year": _("Yearly return of legal aid"),
    }
    return titles[period.kind]


def place_of(counties):
    """Who makes the return: the county's center, or the city for several counties."""
    if len(counties) == 1:
        return counties[0].center_name
    parent = counties[0].division.parent
    return parent.name if parent else _("All counties")


def place_of_shown(shown):
    """Who makes a return that is shown; a submitted one bears the name of its day."""
    if shown.submitted is None:
        return place_of(shown.made.scope.counties)
    return place_of([as_it_was(shown.submitted.county, shown.submitted.submitted_at)])


def due_on(period, calendar):
    return calendar.add_working_days(period.last, DUE_WORKING_DAYS[period.kind])


def notes_of(shown):
    """The counting rules and what was corrected, as page and paper print them, one sentence each."""
    yield from _rules_of(shown.made)
    if shown.submitted:
        yield _(
            "Submitted on %(day)s by %(who)s, issue %(issue)s; the figures are those of that day."
        ) % {
            "day": full_day(shown.submitted.submitted_at),
            "who": shown.submitted.submitted_by,
            "issue": shown.submitted.issue,
        }
    if shown.of_counties:
        names = pgettext("list", ", ").join(
            each.county.division.name for each in shown.of_counties
        )
        yield _("Figures of %(counties)s are those each has submitted.") % {"counties": names}
        if len(shown.of_counties) < len(shown.made.scope.counties):
            yield _("The other counties have not submitted theirs; they count as of now.")
    if shown.corrections and shown.corrections.is_changed:
        yield _("Corrected since: %(added)s rows came, %(gone)s went. %(figures)s") % {
            "added": shown.corrections.added,
            "gone": shown.corrections.gone,
            "figures": "；".join(
                f"{each.line.label} {each.shown}" for each in shown.corrections.differences
            )
            or _("No figure moved."),
        }


def _rules_of(made):
    rule = {
        Rule.INTAKE: _(
            "Rule: an application counts for the county whose station took it in, wherever it went."
        ),
        Rule.RESPONSIBLE: _(
            "Rule: an application counts for the county whose center is responsible for it now."
        ),
    }[made.scope.rule]
    yield rule
    yield _(
        "Consultations count in person-times, one entry as one; void entries do not count. By the"
        " numbers written at the visits, %(persons)s persons came."
    ) % {"persons": made.persons}
    if made.period.kind == "quarter":
        yield _(
            "The free items of each class are the most frequent matters the return does not list."
        )
        return
    yield _("A case counts once, in the period in which aid was first granted.")
    yield _(
        "Recipients count in person-times, with those who apply together. Groups are those of the"
        " applicant; one person may be in several, so they do not add up to the total."
    )
    if made.period.kind == "month":
        yield _(
            "Cases on notice, at the request of a body and of compulsory treatment are told by the"
            " matter of the application, notarial and forensic aid by its kind; a case counts in the"
            " first that fits."
        )
    else:
        yield _(
            "A refusal on several grounds counts under the one named first. Complaints count by the"
            " day they were received, their outcomes by the day of the decision. Trainings count for"
            " who held them, in sessions and person-times. Money is added from the bureau's books."
        )


def paper(shown, *, taken_at=None):
    """Return what `print.html` shows of a `casework.reports.submissions.Shown` return."""
    made = shown.made
    place, place_now = place_of_shown(shown), place_of(made.scope.counties)
    rows = list(zip(made.lines, (line.shown_shares for line in made.lines), strict=True))
    sheets = []
    for first in range(0, max(len(made.units), 1), UNITS_A_SHEET):
        chosen = slice(first, first + UNITS_A_SHEET)
        sheets.append(
            {
                "units": made.units[chosen],
                "rows": [(line, shares[chosen]) for line, shares in rows],
            }
        )
    return {
        "made": made,
        "title": title_of(made.period),
        "period_name": period_name(made.period),
        "place": place,
        "place_now": "" if place == place_now else place_now,
        "notes": list(notes_of(shown)),
        "sheets": sheets,
        "submitted": shown.submitted,
        "corrections": shown.corrections,
        "taken_at": shown.submitted.submitted_at
        if shown.submitted
        else taken_at or timezone.now(),
    }


def title_with_place(period, place):
    return f"{place} {title_of(period)} {period_name(period)}"


@makes(KIND)
def make_return_pdf(document, progress):
    """Return the PDF of a return as the rows stand now, in the language of the office."""
    counties = County.objects.filter(pk__in=document.parameters["counties"])
    period = parse_period(document.parameters["period"])
    with translation.override(settings.LANGUAGE_CODE):
        shown = show(
            period,
            counties.select_related("division__parent").order_by("division__code"),
            document.parameters["rule"],
            document.parameters.get("issue"),
        )
        return render_pdf(TEMPLATE, paper(shown))


def workbook(shown):
    """Return the xlsx of a return: a row for each unit, the columns in official order."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        _fill(book, shown)
    return stream.getvalue()


def _fill(book, shown):
    made = shown.made
    sheet = book.add_worksheet(title_of(made.period)[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {
            "bold": True,
            "bg_color": "#ebe7dd",
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    count = book.add_format({"border": 1, "num_format": "#,##0"})
    money = book.add_format({"border": 1, "num_format": "#,##0.00"})
    name = book.add_format({"border": 1})
    sheet.write_string(0, 0, safe(title_with_place(made.period, place_of_shown(shown))), bold)
    sheet.write_string(2, 0, pgettext("table", "Unit"), head)
    sheet.write_string(3, 0, "", head)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(made.lines), 9)
    sheet.set_row(2, 62)
    for place, line in enumerate(made.lines, 1):
        sheet.write_string(2, place, f"{line.label}\n({line.unit_label})", head)
        sheet.write_number(3, place, place, head)
    rows = [*made.units, pgettext("figures", "total")]
    for row, unit in enumerate(rows):
        sheet.write_string(4 + row, 0, safe(unit), name)
        for place, line in enumerate(made.lines, 1):
            figure = [*line.shown_shares, line.shown][row]
            sheet.write_number(4 + row, place, figure, money if line.column.is_money else count)
    for n, note in enumerate(notes_of(shown)):
        sheet.write_string(5 + len(rows) + n, 0, note)
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
