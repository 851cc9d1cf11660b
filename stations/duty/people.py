"""The duty people of a county, and whether somebody may stand a half-day, in words. Rules 4.4."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Exists, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from ..models import AidWorker, Appointment, Away, DutyMonth, DutySlot, Station
from ..roles import MAY, Ability, Role
from ..sayings import listed, saying
from ..terms import AidWorkerKind, Half
from . import roster


class DutyRefused(Exception):
    """A plain sentence why it cannot be done now."""


# ── Who may ─────────────────────────────────────────────────────────────────────────────


def plans_county(user, county):
    """Whether this person plans the county's roster."""
    return any(
        post.county_id == county.pk and Ability.PLAN_ROSTER in MAY[post.role]
        for post in user.posts
    )


def plans_at(user, station):
    """Whether this person changes the roster of a station: its head, or whoever plans the county."""
    return any(
        (post.station_id == station.pk or post.county_id == station.county_id)
        and Ability.PLAN_ROSTER in MAY[post.role]
        for post in user.posts
    )


def was_off_duty(user, station, day):
    """Whether somebody was nothing but a duty person there, and by a published roster not that day's.

    One query.
    """
    posts = Appointment.objects.current(day).filter(user=user, station=station)
    slots = DutySlot.objects.standing().filter(worker__user=user, station=station, day=day)
    return (
        DutyMonth.objects.published()
        .filter(
            Exists(posts.filter(role=Role.DUTY)),
            ~Exists(posts.filter(role__in=[Role.CLERK, Role.HEAD])),
            ~Exists(slots),
            county=station.county_id,
            month=day.replace(day=1),
        )
        .exists()
    )


# ── What the generator is asked with ────────────────────────────────────────────────────


def last_day(month):
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def next_month(month):
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def people_of(county, month, *, only=None):
    """The duty people of a county as the roster asks for them, over one month. Four queries."""
    first, last = month.replace(day=1), last_day(month)
    workers = AidWorker.objects.filter(
        unit__county=county, stands_duty=True, joined_on__lte=last
    )
    workers = workers.filter(Q(left_on=None) | Q(left_on__gt=first))
    if only is not None:
        workers = AidWorker.objects.filter(pk__in=only)
    workers = workers.prefetch_related(
        Prefetch("duty_stations", Station.objects.only("pk")),
        Prefetch("aways", Away.objects.approved().between(first, last), to_attr="away_now"),
    )
    stood = dict(
        DutySlot.objects.filter(
            worker__in=workers, day__year=first.year, day__lt=first, signed_in_at__isnull=False
        )
        .order_by()
        .values_list("worker")
        .annotate(Count("pk"))
    )
    return {
        worker.pk: _person(worker, first, last, stood.get(worker.pk, 0)) for worker in workers
    }


def _person(worker, first, last, stood):
    is_licensed = worker.kind != AidWorkerKind.STAFF
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return roster.Person(
        key=worker.pk,
        joined_on=worker.joined_on,
        left_on=worker.left_on,
        licence_to=worker.licence_to,
        needs_licence=is_licensed,
        needs_check=is_licensed,
        annual_check_year=worker.annual_check_year,
        practising_since=worker.practising_since,
        stations=frozenset(station.pk for station in worker.duty_stations.all()),
        half_days=frozenset(worker.duty_half_days),
        away=frozenset(
            (day, half)
            for away in worker.away_now
            for day in days
            for half in Half.values
            if away.covers(day, half)
        ),
        specialities=frozenset([*worker.specialities, worker.kind]),
        township_code=worker.township_code,
        stood_before=stood,
    )


def as_asked(slot):
    """Return a half-day as the roster asks for it; the ways there do not matter."""
    return roster.Slot(slot.day, slot.half, slot.station_id)


def bar_of(county, person, slot):
    return roster.bar(
        person, as_asked(slot), check_until_month=county.parameter("annual_check_until_month")
    )


def why_nobody(barred):
    """Say in words why nobody could be found, from how many people each rule bars."""
    if not barred:
        return gettext_lazy("Nobody is on the duty panel of the county.")
    reasons = [
        saying(gettext_lazy("%(count)d: %(reason)s"), count=count, reason=bar.label)
        for bar, count in barred.most_common()
    ]
    words = ngettext_lazy(
        "None of %(count)d person can come. %(reasons)s",
        "None of %(count)d people can come. %(reasons)s",
        barred.total(),
    )
    return saying(
        words,
        count=barred.total(),
        reasons=listed(reasons, pgettext_lazy("between clauses", ", ")),
    )


def sentence(name, why):
    return _("%(name)s: %(why)s.") % {"name": name, "why": why.label}


def candidates(slot):
    """Who could stand a half-day, for the choice: [(worker, half-days this month, Bar or None)].

    Those who can come first, the least burdened before; five queries.
    """
    county = slot.duty_month.county
    people = people_of(county, slot.duty_month.month)
    taken = busy(slot)
    load = Counter(
        slot.duty_month.slots.standing()
        .filter(worker__isnull=False)
        .values_list("worker", flat=True)
    )
    rows = []
    for worker in AidWorker.objects.filter(pk__in=people).select_related("unit"):
        why = bar_of(county, people[worker.pk], slot)
        if why not in roster.HARD and worker.pk in taken:
            why = roster.Bar.ELSEWHERE
        rows.append((worker, load[worker.pk], why))
    return sorted(
        rows, key=lambda row: (row[2] is not None, row[2] in roster.HARD, row[1], row[0].name)
    )


def busy(slot, *, without=()):
    """Who stands anywhere at the moment of a half-day, or was absent from there."""
    others = DutySlot.objects.filter(
        day=slot.day,
        half=slot.half,
        worker__isnull=False,
        station__county=slot.station.county_id,
    )
    return set(others.exclude(pk__in=[slot.pk, *without]).values_list("worker", flat=True))


def refuse_barred(slot, worker, *, without=()):
    """Raise DutyRefused when a hard rule bars the person from the half-day."""
    county = slot.duty_month.county
    person = people_of(county, slot.duty_month.month, only=[worker.pk])[worker.pk]
    why = bar_of(county, person, slot)
    if why not in roster.HARD and worker.pk in busy(slot, without=without):
        why = roster.Bar.ELSEWHERE
    if why in roster.HARD:
        raise DutyRefused(sentence(worker.name, why))
