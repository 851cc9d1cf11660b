"""Publicity: events and media items recorded, villages planned for each quarter, figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from .. import chores
from ..calendar.quarters import last_day_of, number_of, quarter_of, quarters_of
from ..chores import Owed, owes
from ..files import evidence
from ..models import ChoreKind, Division, MediaItem, Outreach, PublicityEvent, Station
from ..sayings import listed, saying
from ..terms import MediaKind


class PublicityRefused(Exception):
    """A plain sentence why this cannot be done now."""


# ── Acts ────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def record_event(event, *, by, photos=()):
    """Save an event with its photos (bytes); it does the village's outreach of its quarter."""
    event.recorded_by = by
    event.save(force_insert=True)
    place = event.station or event.county
    event.photos.set([evidence.add_bytes(place, photo, by=by) for photo in photos])
    if event.village_id and event.station_id:
        Outreach.objects.filter(
            station=event.station,
            village=event.village,
            quarter=quarter_of(event.on),
            event=None,
        ).update(event=event)
        chores.refresh_later(event.station, ChoreKind.PUBLICITY)
    return event


@transaction.atomic
def add_photos(event, photos, *, by):
    """Add photos to an event that was recorded without."""
    place = event.station or event.county
    event.photos.add(*(evidence.add_bytes(place, photo, by=by) for photo in photos))


@transaction.atomic
def void(row, *, reason, by):
    """Declare an event or a media item void. What an event had done is planned again.

    Raises PublicityRefused when it is void already.
    """
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.voided_at:
        raise PublicityRefused(_("This is void already."))
    row.voided_at, row.voided_by, row.void_reason = timezone.now(), by, reason
    row.save()
    if isinstance(row, PublicityEvent):
        Outreach.objects.filter(event=row).update(event=None)
        if row.station_id:
            chores.refresh_later(row.station, ChoreKind.PUBLICITY)
    return row


@transaction.atomic
def record_media(item, *, by, proof=b""):
    """Save a media item with its proof."""
    item.recorded_by = by
    if proof:
        item.evidence = evidence.add_bytes(item.station or item.county, proof, by=by)
    item.save(force_insert=True)
    return item


def plan(station, *, village, quarter, by, today):
    """Plan a village for a quarter; an event held there in it does it at once.

    Planned already is no harm. Raises PublicityRefused for a quarter that is over.
    """
    if last_day_of(quarter) < today:
        raise PublicityRefused(_("This quarter is over; plan a coming one."))
    held = PublicityEvent.objects.counted().filter(
        station=station,
        village=village,
        on__gte=quarter,
        on__lte=last_day_of(quarter),
    )
    try:
        with transaction.atomic():
            planned = Outreach.objects.create(
                station=station,
                village=village,
                quarter=quarter,
                event=held.first(),
                planned_by=by,
            )
    except IntegrityError:
        planned = Outreach.objects.get(village=village, quarter=quarter)
    chores.refresh_later(station, ChoreKind.PUBLICITY)
    return planned


@transaction.atomic
def unplan(planned, *, today):
    """Take a village out of a quarter that has not begun. Raises PublicityRefused later."""
    planned = Outreach.objects.select_for_update(of=("self",)).get(pk=planned.pk)
    if planned.event_id:
        raise PublicityRefused(_("The outreach of this village is done and stays."))
    if planned.quarter <= today:
        raise PublicityRefused(_("This quarter has begun; what is planned for it stays."))
    planned.delete()
    chores.refresh_later(planned.station, ChoreKind.PUBLICITY)


# ── The calendar ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Slot:
    """One village in one quarter: planned or not, done by an event or not."""

    quarter: date
    planned: Outreach | None
    today: date

    @property
    def state(self):
        """done, missed, due (the quarter runs), planned, or empty."""
        if self.planned is None:
            return ""
        if self.planned.event_id:
            return "done"
        if last_day_of(self.quarter) < self.today:
            return "missed"
        return "due" if self.quarter <= self.today else "planned"

    @property
    def is_past(self):
        return last_day_of(self.quarter) < self.today


@dataclass(frozen=True)
class VillageYear:
    village: Division
    slots: tuple[Slot, ...]


def calendar(station, year, today):
    """Return the `VillageYear` of every village of a station; two queries."""
    villages = Division.objects.filter(parent=station.township_id, valid_to=None)
    planned = {
        (row.village_id, row.quarter): row
        for row in Outreach.objects.filter(station=station, quarter__year=year).select_related(
            "event"
        )
    }
    return [
        VillageYear(
            village,
            tuple(
                Slot(quarter, planned.get((village.pk, quarter)), today)
                for quarter in quarters_of(year)
            ),
        )
        for village in villages.order_by("code")
    ]


# ── Figures ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class PlaceYear:
    """A place's year: events with and without a photo, people, leaflets, media items by kind."""

    station: Station | None
    events: int
    with_photo: int
    reached: int
    leaflets: int
    broadcasts: int
    articles: int
    online: int
    missed: int


def figures(stations, county, year, today):
    """Return the `PlaceYear` of some stations and, last, of the county itself; three queries."""
    events, media, missed = {}, {}, {}
    of_places = Q(station__in=stations) | Q(station=None, county=county)
    rows = PublicityEvent.objects.counted().of_year(year).filter(of_places)
    proved = PublicityEvent.photos.through.objects.filter(publicityevent__in=rows)
    with_photo = set(proved.values_list("publicityevent_id", flat=True))
    for row in rows.values_list("pk", "station_id", "reached", "leaflets"):
        pk, station, reached, leaflets = row
        count = events.setdefault(station, [0, 0, 0, 0])
        for n, more in enumerate((1, pk in with_photo, reached, leaflets)):
            count[n] += more
    items = MediaItem.objects.counted().of_year(year).filter(of_places).order_by()
    for row in items.values("station_id", "kind").annotate(count=Count("pk")):
        media[row["station_id"], row["kind"]] = row["count"]
    late = Outreach.objects.filter(
        station__in=stations, quarter__year=year, quarter__lt=quarter_of(today)
    ).undone()
    for row in late.order_by().values("station_id").annotate(count=Count("pk")):
        missed[row["station_id"]] = row["count"]
    return [
        PlaceYear(
            station,
            *events.get(station and station.pk, (0, 0, 0, 0)),
            *(media.get((station and station.pk, kind), 0) for kind in MediaKind),
            missed.get(station and station.pk, 0),
        )
        for station in (*stations, None)
    ]


def media_between(first, end):
    """The media items from a day up to, not including, another (rules 4.7)."""
    return MediaItem.objects.counted().filter(on__gte=first, on__lt=end)


def sum_of(rows):
    """Return how many events some rows are, and how many people and leaflets."""
    return rows.order_by().aggregate(
        events=Count("pk"), people=Sum("reached", default=0), papers=Sum("leaflets", default=0)
    )


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.PUBLICITY)
def owed(place, today):
    if not isinstance(place, Station):
        return
    page = f"{reverse('stations:outreach_calendar', args=[place.pk])}?year={today.year}"
    this = quarter_of(today)
    planned = list(
        Outreach.objects.filter(station=place, quarter__year=today.year).select_related(
            "village"
        )
    )
    for quarter in quarters_of(today.year):
        undone = [row for row in planned if row.quarter == quarter and row.event_id is None]
        if quarter > this or not undone:
            continue
        names = listed(row.village.name for row in undone)
        is_missed = quarter < this
        title = (
            ngettext_lazy(
                "Quarter %(number)d: %(count)d village was missed",
                "Quarter %(number)d: %(count)d villages were missed",
                len(undone),
            )
            if is_missed
            else ngettext_lazy(
                "Quarter %(number)d: outreach to %(count)d village",
                "Quarter %(number)d: outreach to %(count)d villages",
                len(undone),
            )
        )
        yield Owed(
            key=f"outreach-{quarter}",
            title=saying(title, number=number_of(quarter), count=len(undone)),
            text=names,
            url=page,
            act=gettext_lazy("Open the calendar"),
            since_on=last_day_of(quarter) + timedelta(days=1) if is_missed else quarter,
            due_on=last_day_of(quarter),
        )
    if not any(row.quarter == this for row in planned):
        yield Owed(
            key=f"plan-{this}",
            title=gettext_lazy("No village is planned for outreach this quarter"),
            url=page,
            act=gettext_lazy("Plan it"),
            since_on=this,
        )
