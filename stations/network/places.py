"""How a station or a contact point closes, and what comes to a station that opens."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ..models import ContactPoint, Liaison
from ..particulars import keeping
from ..templatetags.words import full_day


@transaction.atomic
def close(place, *, on, by):
    """Close a station or a contact point from a day on. Returns False when it was closed already."""
    current = type(place).objects.select_for_update(of=("self",)).get(pk=place.pk)
    if current.closed_on:
        return False
    keeping.change(place, by=by, closed_on=on)
    return True


def why_closed(station, day):
    """Say why nobody is received at a station on a day, or nothing; asked of it as it stands now.

    Inside the transaction that receives somebody: a closing under way is waited for, and waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT closed_on FROM stations_station WHERE id = %s FOR KEY SHARE", [station.pk]
        )
        [closed_on] = cursor.fetchone()
    return _sentence(closed_on, day)


def closed_sentence(station, day):
    """The same of a station in hand, without a question to the database."""
    return _sentence(station.closed_on, day)


def _sentence(closed_on, day):
    if closed_on is None or day < closed_on:
        return ""
    return _("The station is closed since %(day)s; nobody is received there.") % {
        "day": full_day(closed_on)
    }


@transaction.atomic
def take_over(station, *, by):
    """Liaisons and contact points of the township, so far with a neighbour, join the station."""
    villages = station.township.children.filter(valid_to=None)
    for joining in (
        *Liaison.objects.filter(village__in=villages, appointed_to=None),
        *ContactPoint.objects.filter(village__in=villages, closed_on=None),
    ):
        keeping.change(joining, by=by, station=station)
