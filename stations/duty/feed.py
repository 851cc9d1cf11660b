"""A duty person's own half-days as an iCalendar feed, at an address only they know.

Nothing of others stands in it: the station, the hours, and the station's own phone.
"""

import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ..models import AidWorker, DutySlot

# So far back, so that a phone keeps last month.
BACK = timedelta(days=62)


def new_key(worker):
    """Give the person a new secret address; the one before answers no more."""
    worker.calendar_key = secrets.token_urlsafe(32)
    AidWorker.objects.filter(pk=worker.pk).update(calendar_key=worker.calendar_key)
    return worker.calendar_key


def feed(worker, *, now):
    """Return the bytes of a person's calendar: published half-days, without those they missed."""
    calendar = Calendar()
    calendar.add("prodid", "-//legal aid workstation//duty//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Duty"))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for slot in (
        DutySlot.objects.filter(worker=worker, day__gte=timezone.localdate(now) - BACK)
        .published()
        .standing()
        .select_related("station", "duty_month__county")
        .order_by("day", "half")
    ):
        event = Event()
        event.add("uid", f"duty-{slot.pk}@legal-aid")
        event.add("dtstamp", now)
        event.add("dtstart", slot.starts_at)
        event.add("dtend", slot.ends_at)
        event.add("summary", _("Duty at %(station)s") % {"station": slot.station.name})
        if slot.station.address:
            event.add("location", slot.station.address)
        if slot.station.phone:
            event.add("description", slot.station.phone)
        calendar.add_component(event)
    return calendar.to_ical()
