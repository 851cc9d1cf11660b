"""Papers of training: the sign-in roll of a session 签到册 and the hours of a year 学时表."""

from django.conf import settings
from django.utils import timezone, translation

from ..papers.pdf import render_pdf
from . import training_years

ROLL = "stations/training/roll.html"
HOURS = "stations/training/hours_paper.html"


def roll(session):
    """Return what the roll prints: who was there, with room to sign, and the first scores."""
    scores = {
        (attempt.user_id, attempt.liaison_id): attempt.score
        for attempt in session.attempts.filter(number=1)
    }
    rows = session.attendances.filter(struck_at=None).select_related(
        "user", "liaison__village", "station"
    )
    return {
        "session": session,
        "place": session.station or session.county,
        "rows": [
            (row, scores.get((row.user_id, row.liaison_id)))
            for row in rows.defer("liaison__phone", "user__phone").order_by(
                "station__code", "at"
            )
        ],
        "printed_at": timezone.now(),
    }


def roll_pdf(session):
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(ROLL, roll(session))


def hours(place_name, stations, year):
    """Return what the table of hours prints of some stations' year."""
    today = timezone.localdate()
    return {
        "place_name": place_name,
        "year": year,
        "rows": training_years.hours_of_year(stations, year, day_in(year, today)),
        "printed_at": timezone.now(),
    }


def day_in(year, today):
    """The last day of a year, or today while it runs."""
    return min(today, today.replace(year=year, month=12, day=31))


def hours_pdf(place_name, stations, year):
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(HOURS, hours(place_name, stations, year))
