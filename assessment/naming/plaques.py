"""Papers of demonstration stations: the notice that hangs out, and the plaque."""

from django.conf import settings
from django.utils import translation

from stations.papers.pdf import render_pdf


def notice(demonstration):
    """Return the one-page notice of a proposal (公示) as PDF."""
    return _paper("assessment/demonstration/notice.html", demonstration)


def plaque(demonstration):
    """Return the plaque (牌匾) of a named station as PDF, for the workshop that makes it."""
    return _paper("assessment/demonstration/plaque.html", demonstration)


def _paper(template, demonstration):
    city = demonstration.county.division.parent
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(
            template,
            {
                "demonstration": demonstration,
                "station": demonstration.station,
                "county": demonstration.county,
                "city": city,
            },
        )
