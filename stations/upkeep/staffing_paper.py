"""The one-page report on a station's staff and funds, to those who give posts and money.

After GB/T 9704; the bureau sends it to 编委, 人社 and 财政.
"""

from django.conf import settings
from django.utils import timezone, translation

from ..models import PremisesNeed
from ..papers.pdf import render_pdf
from ..terms import FundPurpose, FundStage
from . import staffing

TEMPLATE = "stations/staffing/paper.html"


def paper(station, year):
    """Return what the page and the PDF print of a station's year, as it stands now."""
    today = timezone.localdate()
    posts = staffing.posts_on(station, today)
    months = staffing.staff_by_month(station, year, today)
    sums = staffing.sums(station, year)
    subsidies = staffing.subsidy_months(station, year, today)
    totals = {
        stage.value: sum(row[stage.value] for row in sums.values()) for stage in FundStage
    }
    return {
        "station": station,
        "county": station.county,
        "year": year,
        "today": today,
        "posts": posts,
        "full_time": sum(member.is_full_time for member in posts.members),
        "months": months,
        "staffed": sum(month.is_staffed for month in months),
        "headless": sum(not month.has_head for month in months),
        "rows": [
            (purpose, sums[purpose.value])
            for purpose in FundPurpose
            if any(sums[purpose.value].values())
        ],
        "totals": totals,
        "short_by": max(totals["budgeted"] - totals["received"], 0),
        "late": [each for each in subsidies if not each.is_on_time],
        "subsidies": subsidies,
        "needs": list(PremisesNeed.objects.filter(station=station).open().order_by("asked_on")),
    }


def render(station, year):
    """Return the report as PDF, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATE, paper(station, year))
