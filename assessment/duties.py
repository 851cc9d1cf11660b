"""What stations and counties owe in the course of an annual assessment (clock 34)."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from stations import chores
from stations.chores import Owed, owes
from stations.models import ChoreKind, Station
from stations.roles import Role
from stations.sayings import saying

from .models import Adjustment, Objection, Rectification, Sheet, SpotCheck, Standard, Year
from .results import standings
from .terms import SheetStatus, YearStatus

# A county asks for the self-scores within so many days after the year's end.
ASK_WITHIN = timedelta(days=30)
_COUNTY = (Role.OFFICER,)
_HEAD = (Role.HEAD,)


def _rule():
    return _("Plan of the assessment (clock 34)")


def refresh_year(year):
    """Find anew what the county and all stations of a year owe, once this is committed."""
    chores.refresh_later(year.county, ChoreKind.ASSESSMENT)
    for sheet in year.sheets.select_related("station__county__division", "station__township"):
        chores.refresh_later(sheet.station, ChoreKind.ASSESSMENT)


def refresh_sheet(sheet):
    """Find anew what the station and the county of a sheet owe, once this is committed."""
    chores.refresh_later(sheet.station, ChoreKind.ASSESSMENT)
    chores.refresh_later(sheet.year.county, ChoreKind.ASSESSMENT)


@owes(ChoreKind.ASSESSMENT)
def owed(place, today):
    """Self-scores and reports of a station; the next step of a county."""
    if isinstance(place, Station):
        yield from _of_station(place)
    else:
        yield from _of_county(place, today)


def _of_station(station):
    waiting = Sheet.objects.filter(
        station=station,
        status__in=[SheetStatus.OPEN, SheetStatus.RETURNED],
        year__status__in=[YearStatus.SELF_SCORING, YearStatus.COUNTY_SCORING],
    ).select_related("year")
    for sheet in waiting:
        is_returned = sheet.status == SheetStatus.RETURNED
        title = (
            _("Mend the self-score of %(year)s") if is_returned else _("Self-score of %(year)s")
        )
        yield Owed(
            key=f"self-{sheet.pk}",
            title=saying(title, year=sheet.year.year),
            text=sheet.returned_reason[:200]
            or _("Points, words and evidence for what the site cannot count."),
            url=reverse("assessment:sheet_self", args=[sheet.pk]),
            act=_("Score the year"),
            roles=_HEAD,
            rule=_rule(),
            due_on=sheet.year.self_score_due_on,
        )
    for rectification in Rectification.objects.filter(
        sheet__station=station, reported_at=None, accepted_at=None
    ):
        yield Owed(
            key=f"rectification-{rectification.pk}",
            title=_("Put right after the assessment"),
            text=rectification.text[:200],
            url=reverse("assessment:rectification_detail", args=[rectification.pk]),
            act=_("Report"),
            rule=_rule(),
            since_on=timezone.localdate(rectification.ordered_at),
            due_on=rectification.due_on,
        )


def _of_county(county, today):
    year = Year.objects.filter(county=county).exclude(status=YearStatus.FROZEN).first()
    if year is None:
        yield from _unopened(county, today)
    else:
        yield from _next_steps(year, today)
    for rectification in Rectification.objects.filter(
        sheet__year__county=county, reported_at__isnull=False, accepted_at=None
    ).select_related("sheet__station"):
        yield Owed(
            key=f"accept-{rectification.pk}",
            title=saying(
                _("%(station)s has put something right"),
                station=rectification.sheet.station.short_name,
            ),
            text=rectification.text[:200],
            url=reverse("assessment:rectification_detail", args=[rectification.pk]),
            act=_("Look and accept"),
            roles=_COUNTY,
            rule=_rule(),
            since_on=timezone.localdate(rectification.reported_at),
        )


def _unopened(county, today):
    """The running year has a standard and was not opened."""
    has_standard = (
        Standard.objects.of_county(county).in_use().filter(year_from__lte=today.year).exists()
    )
    if has_standard and not Year.objects.filter(county=county, year=today.year).exists():
        yield Owed(
            key=f"open-{today.year}",
            title=saying(_("Open the assessment of %(year)s"), year=today.year),
            text=_("From then on every station sees its running score."),
            url=reverse("assessment:year_open"),
            act=_("Open"),
            roles=_COUNTY,
            rule=_rule(),
        )


def _owed_of(year, key, title, act, *, text="", due_on=None, since_on=None, url=None):
    return Owed(
        key=f"{key}-{year.pk}",
        title=title,
        text=text,
        url=url or year.get_absolute_url(),
        act=act,
        roles=_COUNTY,
        rule=_rule(),
        due_on=due_on,
        since_on=since_on,
    )


def _next_steps(year, today):
    if year.status == YearStatus.OPEN and today > year.last_day:
        yield _owed_of(
            year,
            "ask",
            saying(_("Ask the stations for their self-scores of %(year)s"), year=year.year),
            _("Ask"),
            since_on=year.last_day + timedelta(days=1),
            due_on=year.last_day + ASK_WITHIN,
        )
    waiting = year.sheets.filter(status=SheetStatus.SELF_SCORED).count()
    if waiting:
        title = ngettext_lazy(
            "%(count)d self-score waits for the county's score",
            "%(count)d self-scores wait for the county's score",
            waiting,
        )
        yield _owed_of(
            year,
            "score",
            saying(title, count=waiting),
            _("Score"),
            due_on=year.county_score_due_on,
        )
    proposals = Adjustment.objects.waiting().filter(sheet__year=year).count()
    if proposals:
        title = ngettext_lazy(
            "%(count)d bonus, deduction or veto waits for a second person",
            "%(count)d bonuses, deductions or vetoes wait for a second person",
            proposals,
        )
        yield _owed_of(year, "proposal", saying(title, count=proposals), _("Settle"))
    found = len(standings.suggested(year, year.sheets.defer("snapshot", "self_summary")))
    if found:
        title = ngettext_lazy(
            "%(count)d bonus or deduction is found in the records and not proposed yet",
            "%(count)d bonuses or deductions are found in the records and not proposed yet",
            found,
        )
        yield _owed_of(year, "suggested", saying(title, count=found), _("Look and propose"))
    is_checked = year.status == YearStatus.SPOT_CHECKING and not (
        waiting
        or proposals
        or SpotCheck.objects.filter(sheet__year=year, done_at=None).exists()
    )
    if is_checked:
        yield _owed_of(
            year,
            "publish",
            saying(_("Publish the result of %(year)s"), year=year.year),
            _("Publish"),
        )
    if year.status == YearStatus.PUBLISHED:
        yield from _while_published(year, today)


def _while_published(year, today):
    open_objections = list(
        Objection.objects.waiting().filter(sheet__year=year).select_related("sheet__station")
    )
    for objection in open_objections:
        yield _owed_of(
            year,
            f"objection-{objection.pk}",
            saying(
                _("%(station)s objects to its result"),
                station=objection.sheet.station.short_name,
            ),
            _("Decide"),
            text=objection.text[:200],
            url=reverse("assessment:objection_detail", args=[objection.pk]),
            since_on=timezone.localdate(objection.filed_at),
            due_on=objection.due_on,
        )
    last = max(year.publicity_to, year.objections_to)
    if not open_objections and today > last:
        yield _owed_of(
            year,
            "confirm",
            saying(_("Confirm the result of %(year)s"), year=year.year),
            _("Confirm"),
            text=_("A third person, who gave no score, confirms."),
            since_on=last + timedelta(days=1),
        )
