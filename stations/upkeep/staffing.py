"""Who is in post at a station month by month, its funds, and whether they came on time."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..files import evidence
from ..models import Appointment, AuthorisedPosts, ChoreKind, Fund, StaffTerms, Station
from ..roles import Role
from ..sayings import dated, listed, saying
from ..templatetags.words import SHORT_MONTH
from ..terms import FundPurpose, FundStage, StaffBasis

# Duty people come in turn and are no staff of the station (rules 5.2, T1 and T3).
STAFF_ROLES = (Role.HEAD, Role.CLERK)


class FundRefused(Exception):
    """A plain sentence why a sum cannot be recorded or declared void."""


# ── Who is in post ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Member:
    """Somebody in post at a station on a day, and on what terms."""

    appointment: Appointment
    basis: StaffBasis

    @property
    def is_head(self):
        return self.appointment.role == Role.HEAD

    @property
    def is_full_time(self):
        return self.basis == StaffBasis.FULL_TIME


@dataclass(frozen=True)
class Posts:
    """The posts of a station on a day: given (None: nobody recorded it), and who fills them."""

    given: AuthorisedPosts | None
    members: tuple[Member, ...]

    @property
    def filled(self):
        """People, not appointments: a head who is also clerk fills one post."""
        return len({member.appointment.user_id for member in self.members})

    @property
    def empty(self):
        return max(self.given.number - self.filled, 0) if self.given else None

    @property
    def has_head(self):
        return any(member.is_head for member in self.members)


def posts_on(station, day):
    """Return the `Posts` of a station on a day."""
    return posts_of([station], day)[station.pk]


def posts_of(stations, day):
    """Return {station pk: Posts} in three queries, however many stations."""
    pks = [station.pk for station in stations]
    given = {}
    for row in AuthorisedPosts.objects.filter(station__in=pks, from_on__lte=day):
        given.setdefault(row.station_id, row)
    members = {pk: [] for pk in pks}
    appointments = list(_staff(pks).on_day(day))
    terms = _terms(appointments)
    for appointment in appointments:
        members[appointment.station_id].append(
            Member(appointment, _basis_on(terms.get(appointment.pk, ()), day))
        )
    return {pk: Posts(given.get(pk), tuple(members[pk])) for pk in pks}


class _Staff(list):
    """Appointments of staff, whenever they held."""

    def on_day(self, day):
        return [
            post
            for post in self
            if post.from_on <= day and (post.to_on is None or post.to_on >= day)
        ]


def _staff(stations):
    # The head first, then the clerks, as the paper lists them.
    rows = Appointment.objects.filter(station__in=stations, role__in=STAFF_ROLES)
    return _Staff(
        sorted(
            rows.select_related("user").order_by("from_on"),
            key=lambda post: (post.station_id, post.role != Role.HEAD, post.from_on),
        )
    )


def _terms(appointments):
    """{appointment pk: its terms, the latest first}."""
    found = {}
    for row in StaffTerms.objects.filter(appointment__in=[post.pk for post in appointments]):
        found.setdefault(row.appointment_id, []).append(row)
    return found


def _basis_on(terms, day):
    held = (row.basis for row in terms if row.from_on <= day)
    return StaffBasis(next(held, StaffBasis.PART_TIME))


@dataclass(frozen=True)
class MonthStaff:
    """Who was in post on the last day of a month; the staff without the head (rules 5.2, T1).

    `appointments` are the ids of the rows counted.
    """

    month: date
    has_head: bool
    full_time: int
    part_time: int
    appointments: tuple[int, ...]

    @property
    def is_staffed(self):
        """One full-time person or two part-time ones."""
        return self.full_time >= 1 or self.part_time >= 2


def staff_by_month(station, year, today):
    """Return the `MonthStaff` of every month-end of a year up to today, in two queries."""
    posts = _staff([station.pk])
    terms = _terms(posts)
    months = []
    for number in range(1, 13):
        first = date(year, number, 1)
        day = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        if day > today:
            break
        there = posts.on_day(day)
        bases = [
            _basis_on(terms.get(post.pk, ()), day) for post in there if post.role != Role.HEAD
        ]
        full_time = sum(basis == StaffBasis.FULL_TIME for basis in bases)
        months.append(
            MonthStaff(
                first,
                any(post.role == Role.HEAD for post in there),
                full_time,
                len(bases) - full_time,
                tuple(post.pk for post in there),
            )
        )
    return months


# ── Money ───────────────────────────────────────────────────────────────────────────────


def sums(station, year):
    """Return {purpose: {stage: amount}} of a station's year, with every purpose and stage."""
    found = {
        purpose.value: {stage.value: Decimal(0) for stage in FundStage}
        for purpose in FundPurpose
    }
    rows = Fund.objects.filter(station=station).of_year(year).counted().order_by()
    for row in rows.values("purpose", "stage").annotate(amount=Sum("amount")):
        found[row["purpose"]][row["stage"]] = row["amount"]
    return found


def totals_of(stations, year):
    """Return {station pk: {stage: amount}} of a year in one query."""
    pks = [station.pk for station in stations]
    found = {pk: {stage.value: Decimal(0) for stage in FundStage} for pk in pks}
    rows = Fund.objects.filter(station__in=pks).of_year(year).counted().order_by()
    for row in rows.values("station_id", "stage").annotate(amount=Sum("amount")):
        found[row["station_id"]][row["stage"]] = row["amount"]
    return found


@dataclass(frozen=True)
class SubsidyMonth:
    """The duty subsidy of one month: due by when, first paid when. `rows` are the ids of funds."""

    month: date
    due_on: date
    paid_on: date | None
    rows: tuple[int, ...]

    @property
    def is_on_time(self):
        return self.paid_on is not None and self.paid_on <= self.due_on


def subsidy_months(station, year, today):
    """Return the `SubsidyMonth` of every month of a year whose subsidy is due or paid (T6)."""
    days = station.county.parameter("subsidy_days")
    paid = {}
    rows = Fund.objects.filter(
        station=station, stage=FundStage.SPENT, purpose=FundPurpose.DUTY_SUBSIDY
    )
    for month, on, pk in (
        rows.counted()
        .filter(for_month__year=year, on__lte=today)
        .order_by("on", "pk")
        .values_list("for_month", "on", "pk")
    ):
        paid.setdefault(month, []).append((on, pk))
    found = []
    for number in range(1, 13):
        month = date(year, number, 1)
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        due_on = last + timedelta(days=days)
        # A station opened in the middle of a month owes nothing for it.
        if station.opened_on > month or (station.closed_on and station.closed_on <= last):
            continue
        if due_on < today or month in paid:
            payments = paid.get(month, [])
            found.append(
                SubsidyMonth(
                    month,
                    due_on,
                    payments[0][0] if payments else None,
                    tuple(pk for _on, pk in payments),
                )
            )
    return found


# ── Acts ────────────────────────────────────────────────────────────────────────────────


def give_posts(station, *, number, from_on, paper, by):
    """Record how many posts a station is given from a day on; earlier rows stay."""
    row = AuthorisedPosts.objects.create(
        station=station, number=number, from_on=from_on, paper=paper, recorded_by=by
    )
    chores.refresh_later(station, ChoreKind.STAFFING)
    return row


def set_terms(appointment, *, basis, from_on, by):
    """Record on what terms somebody serves from a day on; the same again writes nothing."""
    latest = appointment.terms.first()
    if latest and (latest.basis, latest.from_on) == (basis, from_on):
        return latest
    return StaffTerms.objects.create(
        appointment=appointment, basis=basis, from_on=from_on, recorded_by=by
    )


@transaction.atomic
def record_fund(fund, *, voucher=b"", by):
    """Save one sum of a station, with its voucher."""
    fund.recorded_by = by
    if voucher:
        fund.voucher = evidence.add_bytes(fund.station, voucher, by=by)
    fund.save(force_insert=True)
    chores.refresh_later(fund.station, ChoreKind.STAFFING)
    return fund


@transaction.atomic
def void_fund(fund, *, reason, by):
    """Declare a sum void. Raises FundRefused when it is void already."""
    fund = (
        Fund.objects.select_for_update(of=("self",))
        .select_related("station__county")
        .get(pk=fund.pk)
    )
    if fund.voided_at:
        raise FundRefused(_("This sum is void already."))
    fund.voided_at, fund.voided_by, fund.void_reason = timezone.now(), by, reason
    fund.save()
    chores.refresh_later(fund.station, ChoreKind.STAFFING)
    return fund


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.STAFFING)
def owed(place, today):
    if not isinstance(place, Station):
        return
    page = reverse("stations:staffing_detail", args=[place.pk])
    posts = posts_on(place, today)
    if not posts.has_head:
        left = Appointment.objects.filter(
            Q(to_on__lt=today), station=place, role=Role.HEAD
        ).order_by("-to_on")
        last = left.values_list("to_on", flat=True).first()
        yield Owed(
            key="head",
            title=gettext_lazy("The station has no head"),
            text=gettext_lazy("Ask the bureau to appoint one."),
            url=page,
            act=gettext_lazy("See the posts"),
            since_on=last + timedelta(days=1) if last else place.opened_on,
        )
    if posts.given is None:
        yield Owed(
            key="posts",
            title=gettext_lazy("Nobody recorded how many posts the station is given"),
            url=reverse("stations:posts_give", args=[place.pk]),
            act=gettext_lazy("Record it"),
        )
    missing = [
        each
        for each in subsidy_months(place, today.year, today)
        if each.paid_on is None and each.due_on < today
    ]
    if missing:
        months = listed(dated(each.month, SHORT_MONTH) for each in missing)
        yield Owed(
            key="subsidy",
            title=saying(
                ngettext_lazy(
                    "Duty subsidy of %d month not paid or not recorded",
                    "Duty subsidies of %d months not paid or not recorded",
                    len(missing),
                ),
                len(missing),
            ),
            text=months,
            url=reverse("stations:fund_create", args=[place.pk])
            + f"?stage=spent&purpose=duty_subsidy&month={missing[0].month:%Y-%m}",
            act=gettext_lazy("Record it"),
            rule=gettext_lazy("county rule"),
            since_on=missing[0].due_on + timedelta(days=1),
        )
