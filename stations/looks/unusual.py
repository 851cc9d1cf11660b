"""What stands out in the log of who looked: a few plain rules, each with the rows it counts.

They accuse nobody: a station may well be open on a Saturday. Their limits are the county's
(`DEFAULT_PARAMETERS`, `look_…`).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import DayOff, LookKind
from ..models.network import DEFAULT_PARAMETERS
from ..templatetags.words import day_name, day_time
from .naming import persons_of

# The rules look back over so many days, today included.
DAYS = 30
# Of each rule so many lines are shown, the latest first.
MOST_LINES = 5
# Of so many opened numbers, the latest, it is asked whose they were.
MOST_PERSONS = 20_000
# Looking at whole personal data, on the screen or taken away.
TAKING = [LookKind.REVEAL, LookKind.PRINT, LookKind.EXPORT]


@dataclass(frozen=True)
class Unusual:
    """One thing that stands out, and the address that opens its rows."""

    sentence: str
    count: int
    query: str
    is_grave: bool = False


def first_day(today):
    return today - timedelta(days=DAYS - 1)


def find(looks, county, today):
    """Return [Unusual] among the looks of the last days, the gravest rules first.

    `looks` are those the reader sees; without a `county`, for a city, the usual limits hold. As
    many queries for many looks as for one.
    """
    looks = looks.filter(at__gte=timezone.now() - timedelta(days=DAYS)).order_by()
    limit = _limits(county)
    return [
        *_failures(looks, limit("look_failures"), today),
        *_persons(looks, limit("look_stations_per_person"), today),
        *_hours(looks, limit("look_reveals_an_hour")),
        *_large(looks, limit("look_rows_at_once")),
        *_outside(looks.filter(outside_hours(county, first_day(today), today)), today),
    ]


def _limits(county):
    return county.parameter if county else DEFAULT_PARAMETERS.__getitem__


def _address(today, **filters):
    return urlencode({"since": first_day(today), **filters})


def _failures(looks, most, today):
    """Accounts whose sign-in failed often, or that were locked."""
    rows = (
        looks.filter(kind__in=[LookKind.FAILED, LookKind.LOCKED])
        .values("user", "user__name", "user__username")
        .annotate(
            failed=Count("pk", filter=Q(kind=LookKind.FAILED)),
            locked=Count("pk", filter=Q(kind=LookKind.LOCKED)),
            last=Max("at"),
        )
        .filter(Q(failed__gte=most) | Q(locked__gte=1))
        .order_by("-last")[:MOST_LINES]
    )
    for row in rows:
        words = {
            "name": row["user__name"],
            "account": row["user__username"],
            "failed": row["failed"],
            "locked": row["locked"],
            "last": day_time(row["last"]),
        }
        sentence = (
            _(
                "%(name)s (%(account)s): sign-in failed %(failed)d times, locked %(locked)d times"
            )
            if row["locked"]
            else _("%(name)s (%(account)s): sign-in failed %(failed)d times")
        )
        yield Unusual(
            sentence % words + _(", last %(last)s") % words,
            row["failed"] + row["locked"],
            _address(today, user=row["user"], kind="sign_in_trouble"),
            is_grave=bool(row["locked"]),
        )


def _persons(looks, most, today):
    """One person whose numbers were opened by several stations."""
    for _person, opened in _by_person(looks).items():
        stations = {station for _pk, station, _at in opened}
        if len(stations) < most:
            continue
        last = max(at for _pk, _station, at in opened)
        yield Unusual(
            _(
                "One and the same person's numbers were opened at %(count)d stations, last %(last)s"
            )
            % {"count": len(stations), "last": day_time(last)},
            len(opened),
            _address(today, like=max(pk for pk, _station, _at in opened)),
            is_grave=True,
        )


def _by_person(looks):
    """{hash of a person: [(id of the look, station, moment)]} of the opened numbers."""
    opened = list(
        looks.filter(kind=LookKind.REVEAL, station__isnull=False)
        .order_by("-at")
        .values_list("pk", "subject", "station", "at")[:MOST_PERSONS]
    )
    persons = persons_of({subject for _pk, subject, _station, _at in opened})
    found = defaultdict(list)
    for pk, subject, station, at in opened:
        if subject in persons:
            found[persons[subject]].append((pk, station, at))
    return found


def same_person(looks, look_id):
    """Return the ids of the looks at the person one look was at; of nobody known, just its own."""
    for opened in _by_person(looks).values():
        ids = [pk for pk, _station, _at in opened]
        if look_id in ids:
            return ids
    return [look_id]


def _hours(looks, most):
    """Many opened numbers within one hour."""
    rows = (
        looks.filter(kind=LookKind.REVEAL)
        .annotate(hour=TruncHour("at"))
        .values("user", "user__name", "hour")
        .annotate(count=Count("pk"))
        .filter(count__gte=most)
        .order_by("-hour")[:MOST_LINES]
    )
    for row in rows:
        begin = timezone.localtime(row["hour"])
        yield Unusual(
            _("%(name)s opened %(count)d numbers on %(day)s between %(from)d:00 and %(to)d:00")
            % {
                "name": row["user__name"],
                "count": row["count"],
                "day": day_name(begin),
                "from": begin.hour,
                "to": begin.hour + 1,
            },
            row["count"],
            urlencode(
                {
                    "since": begin.date(),
                    "until": begin.date(),
                    "user": row["user"],
                    "kind": LookKind.REVEAL,
                    "hour": begin.hour,
                }
            ),
            is_grave=True,
        )


def _large(looks, most):
    """Many rows taken away at once."""
    rows = (
        looks.filter(kind__in=[LookKind.EXPORT, LookKind.PRINT], count__gte=most)
        .order_by("-at")
        .values("user", "user__name", "kind", "at", "count")[:MOST_LINES]
    )
    for row in rows:
        moment = timezone.localtime(row["at"])
        yield Unusual(
            ngettext(
                "%(name)s took %(rows)s row away at once, %(time)s",
                "%(name)s took %(rows)s rows away at once, %(time)s",
                row["count"],
            )
            % {
                "name": row["user__name"],
                "rows": f"{row['count']:,}",
                "time": day_time(moment),
            },
            row["count"],
            urlencode(
                {
                    "since": moment.date(),
                    "until": moment.date(),
                    "user": row["user"],
                    "kind": row["kind"],
                    "hour": moment.hour,
                }
            ),
        )


def _outside(looks, today):
    """Looks outside of working hours."""
    rows = (
        looks.values("user", "user__name")
        .annotate(count=Count("pk"), last=Max("at"))
        .order_by("-last")[:MOST_LINES]
    )
    for row in rows:
        yield Unusual(
            _(
                "%(name)s looked, printed or exported %(count)d times outside working hours, last %(last)s"
            )
            % {
                "name": row["user__name"],
                "count": row["count"],
                "last": day_time(row["last"]),
            },
            row["count"],
            _address(today, user=row["user"], rule="outside"),
        )


def outside_hours(county, first, last):
    """The condition of a look at personal data before or after the hours, or on a day off."""
    limit, calendar = _limits(county), DayOff.objects.calendar(county)
    days_off = [
        day
        for n in range((last - first).days + 1)
        if not calendar.is_working_day(day := first + timedelta(days=n))
    ]
    return Q(kind__in=TAKING) & (
        Q(at__hour__lt=limit("look_hours_from"))
        | Q(at__hour__gte=limit("look_hours_until"))
        | Q(at__date__in=days_off)
    )
