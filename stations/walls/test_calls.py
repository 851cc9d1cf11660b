"""Random test calls to the published numbers: drawn by lot, called, the result kept for good (A6).

A number on a wall that nobody answers is worse than none, so the share that was answered stands
beside the share that is published.
"""

import random
import secrets
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..models import ChoreKind, ContactPoint, County, Station, TestCall, TestDraw
from ..roles import Role
from ..sayings import saying
from ..terms import CallResult, PublishedNumber
from .posters import HOTLINE

# A call proves a number for so long.
PROVES_FOR = timedelta(days=365)


class CallRefused(Exception):
    """A plain sentence why this cannot be written down about a call."""


@dataclass(frozen=True, order=True)
class Number:
    """One published number: where it is published and of whom. Ordered, so that a draw repeats."""

    kind: str
    station_id: int
    point_id: int
    number: str

    @property
    def key(self):
        return self.kind, self.station_id, self.point_id, self.number


def published_numbers(county, day):
    """Return the `Number`s a county publishes on a day, in a fixed order; 0 where there is no place.

    The national hotline is not the county's to prove.
    """
    numbers = set()
    if county.complaint_phone:
        numbers.add(Number(PublishedNumber.COMPLAINT.value, 0, 0, county.complaint_phone))
    for pk, phone, phone_2 in (
        Station.objects.open_on(day).filter(county=county).values_list("pk", "phone", "phone_2")
    ):
        numbers |= {
            Number(kind.value, pk, 0, number)
            for kind, number in (
                (PublishedNumber.STATION, phone),
                (PublishedNumber.STATION_2, phone_2),
            )
            if number and number != HOTLINE
        }
    for pk, station_id, phone in (
        ContactPoint.objects.open_on(day)
        .filter(station__county=county)
        .exclude(phone="")
        .values_list("pk", "station_id", "phone")
    ):
        numbers.add(Number(PublishedNumber.POINT.value, station_id, pk, phone))
    return sorted(numbers)


def chosen(numbers, *, first, size, seed):
    """Return the numbers a draw calls: those that failed last time, then by lot from the seed.

    The same numbers and seed give the same draw. Pure.
    """
    failed = [number for number in numbers if number.key in first]
    others = [number for number in numbers if number.key not in first]
    rest = max(min(size - len(failed), len(others)), 0)
    return failed + random.Random(seed).sample(others, rest)


@transaction.atomic
def draw(county, *, by, seed=""):
    """Draw the numbers to be called and return the `TestDraw`; a second press the same day, the first.

    Raises CallRefused when the county publishes no number.
    """
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    today = timezone.localdate()
    if there := TestDraw.objects.filter(county=county, drawn_on=today).first():
        return there
    numbers = published_numbers(county, today)
    if not numbers:
        raise CallRefused(
            _("No number is published yet. Write the stations' phones down first.")
        )
    seed = seed or secrets.token_hex(8)
    picked = chosen(
        numbers,
        first=_failed(county),
        size=county.parameter("test_calls_a_month"),
        seed=seed,
    )
    made = TestDraw.objects.create(
        county=county,
        drawn_on=today,
        seed=seed,
        published=len(numbers),
        size=len(picked),
        drawn_by=by,
    )
    TestCall.objects.bulk_create(
        TestCall(
            draw=made,
            station_id=number.station_id or None,
            contact_point_id=number.point_id or None,
            kind=number.kind,
            number=number.number,
        )
        for number in picked
    )
    chores.refresh_later(county, ChoreKind.TEST_CALL)
    return made


@transaction.atomic
def record(call, *, result, by, note=""):
    """Write down what became of a call. The same press again changes nothing; another result is refused.

    Raises CallRefused.
    """
    call = (
        TestCall.objects.select_for_update(of=("self",))
        .select_related("draw__county", "station")
        .prefetch_related("called_by")
        .get(pk=call.pk)
    )
    if call.result:
        if (call.result, call.called_by_id) == (result, by.pk):
            return call
        raise CallRefused(
            _("%(name)s called this number already: %(result)s. Call it again as a new call.")
            % {"name": call.called_by, "result": call.get_result_display()}
        )
    call.result, call.note = result, note
    call.called_by, call.called_at = by, timezone.now()
    call.save()
    _refresh(call)
    return call


@transaction.atomic
def call_again(call):
    """Add a further call to the same number and return it; one that still waits is returned itself."""
    TestDraw.objects.select_for_update(no_key=True).get(pk=call.draw_id)
    same = TestCall.objects.filter(
        draw=call.draw_id,
        kind=call.kind,
        number=call.number,
        station=call.station_id,
        contact_point=call.contact_point_id,
    ).order_by("attempt")
    newest = same.last()
    if not newest.result:
        return newest
    return TestCall.objects.create(
        draw_id=call.draw_id,
        station_id=call.station_id,
        contact_point_id=call.contact_point_id,
        kind=call.kind,
        number=call.number,
        attempt=newest.attempt + 1,
    )


def _refresh(call):
    chores.refresh_later(call.draw.county, ChoreKind.TEST_CALL)
    if call.station_id:
        chores.refresh_later(call.station, ChoreKind.TEST_CALL)


def _key(call):
    return call.kind, call.station_id or 0, call.contact_point_id or 0, call.number


def last_calls(county, day, stations=None):
    """Return {key of a number: its newest call} within the year before a day, of calls that were made."""
    calls = TestCall.objects.filter(
        draw__county=county,
        called_at__isnull=False,
        called_at__date__gt=day - PROVES_FOR,
        called_at__date__lte=day,
    ).order_by("called_at", "pk")
    if stations is not None:
        calls = calls.filter(station__in=stations)
    return {_key(call): call for call in calls}


def _failed(county):
    """The numbers whose last call nobody answered."""
    return {
        key
        for key, call in last_calls(county, timezone.localdate()).items()
        if call.result != CallResult.ANSWERED
    }


# ── The rate ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Rate:
    """How far published numbers are proven on a day.

    `places` should each publish a number and `nominal` of them do; of the `published` numbers
    `called` were called within a year and `answered` answered at the last call.
    """

    places: int
    nominal: int
    published: int
    called: int
    answered: int

    @property
    def nominal_percent(self):
        return _percent(self.nominal, self.places)

    @property
    def live_percent(self):
        """Verified live: answered of those called; None before the first call."""
        return _percent(self.answered, self.called)


def _percent(part, whole):
    """Whole percent, half up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def rate(county, day):
    """Return the `Rate` of a county on a day. Numbers no longer published do not count."""
    numbers = published_numbers(county, day)
    calls = last_calls(county, day)
    made = [calls[number.key] for number in numbers if number.key in calls]
    return Rate(
        places=Station.objects.open_on(day).filter(county=county).count() + 1,
        nominal=sum(
            number.kind in {PublishedNumber.STATION, PublishedNumber.COMPLAINT}
            for number in numbers
        ),
        published=len(numbers),
        called=len(made),
        answered=sum(call.result == CallResult.ANSWERED for call in made),
    )


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.TEST_CALL)
def owed_test_calls(place, today):
    """The bureau draws each month and calls what it drew; a station mends a number that failed."""
    if isinstance(place, County):
        return list(_owed_by_bureau(place, today))
    return list(_owed_by_station(place, today))


def _owed_by_bureau(county, today):
    first = today.replace(day=1)
    last = today.replace(day=monthrange(today.year, today.month)[1])
    newest = TestDraw.objects.filter(county=county).first()
    url = reverse("stations:test_call_list")
    if newest is None or newest.drawn_on < first:
        yield Owed(
            key="draw",
            title=gettext_lazy("Test calls of this month are not drawn yet"),
            url=url,
            act=gettext_lazy("Draw"),
            roles=(Role.OFFICER,),
            rule=gettext_lazy("county rule"),
            since_on=first,
            due_on=last,
        )
    if newest and (waiting := newest.calls.waiting().count()):
        yield Owed(
            key="call",
            title=saying(
                ngettext_lazy(
                    "%d number of the draw is not called yet",
                    "%d numbers of the draw are not called yet",
                    waiting,
                ),
                waiting,
            ),
            url=url,
            act=gettext_lazy("Call"),
            roles=(Role.OFFICER,),
            rule=gettext_lazy("county rule"),
            since_on=newest.drawn_on,
            due_on=_end_of_month(newest.drawn_on),
        )


def _end_of_month(day: date):
    return day.replace(day=monthrange(day.year, day.month)[1])


def _owed_by_station(station, today):
    published = {
        number.key
        for number in published_numbers(station.county, today)
        if number.station_id == station.pk
    }
    for key, call in last_calls(station.county, today, [station]).items():
        if key in published and call.result in {CallResult.WRONG, CallResult.DEAD}:
            yield Owed(
                key=f"call-{call.pk}",
                title=saying(
                    gettext_lazy("%(number)s: %(result)s"),
                    number=call.number,
                    result=CallResult(call.result).label,
                ),
                text=gettext_lazy(
                    "Found by a test call. Correct the number, then renew the posters."
                ),
                url=reverse("stations:station_edit", args=[station.pk]),
                act=gettext_lazy("Correct"),
                since_on=timezone.localdate(call.called_at),
            )
