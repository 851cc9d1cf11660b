"""Who reviews applications is to be trained: how recently somebody was, and the county's exemptions.

Without it the review page warns, and the county may let somebody go on for a while. It forbids
nothing: the days the law gives an application run on whoever was trained.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Appointment, Attendance, Station, TrainingExemption, User
from ..roles import MAY, Ability

REVIEW_ROLES = [role for role, abilities in MAY.items() if Ability.REVIEW in abilities]


class ExemptionRefused(Exception):
    """A plain sentence why this cannot be done now."""


@dataclass(frozen=True)
class ReviewRight:
    """How somebody who reviews stands on a day: last trained, asked to be since, let off until."""

    user: User
    last_on: date | None
    since: date
    exemption: TrainingExemption | None = None

    @property
    def is_current(self):
        return self.last_on is not None and self.last_on >= self.since

    @property
    def is_warned(self):
        return not self.is_current and self.exemption is None


def right_of(user, county, today):
    """Return the `ReviewRight` of one person in a county; two queries."""
    return _rights([user], county, today)[0]


def rights_in(county, stations, today):
    """Return [(station, ReviewRight)] of everybody who reviews at some stations; three queries."""
    posts = {}
    for post in (
        Appointment.objects.current(today)
        .filter(station__in=stations, role__in=REVIEW_ROLES)
        .select_related("user", "station")
        .order_by("station__code", "from_on", "pk")
    ):
        posts.setdefault((post.station_id, post.user_id), post)
    found = list(posts.values())
    rights = _rights([post.user for post in found], county, today)
    return [(post.station, right) for post, right in zip(found, rights, strict=True)]


def _rights(users, county, today):
    since = today - timedelta(days=county.parameter("review_training_days"))
    trained = Attendance.objects.filter(
        user__in=users,
        struck_at=None,
        session__voided_at=None,
        session__on__lte=today,
    ).order_by()
    last = dict(trained.values_list("user").annotate(last=Max("session__on")))
    exempt = {}
    for row in TrainingExemption.objects.on(today).filter(user__in=users, county=county):
        exempt.setdefault(row.user_id, row)
    return [ReviewRight(user, last.get(user.pk), since, exempt.get(user.pk)) for user in users]


# ── Acts ────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def exempt(user, county, *, until_on, reason, by):
    """Let somebody of the county review without current training until a day (县里准许).

    The same press again changes nothing. Raises ExemptionRefused for somebody who reviews at no
    station of the county.
    """
    today = timezone.localdate()
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    stations = Station.objects.filter(county=county)
    if not Appointment.objects.current(today).filter(
        user=user, station__in=stations, role__in=REVIEW_ROLES
    ):
        raise ExemptionRefused(_("%s reviews at no station of the county.") % user.name)
    exemption, _is_new = TrainingExemption.objects.counted().get_or_create(
        user=user,
        county=county,
        until_on=until_on,
        defaults={"from_on": today, "reason": reason, "recorded_by": by},
    )
    return exemption


@transaction.atomic
def end(exemption, *, reason, by):
    """Take an exemption back; it stays as a void row. Raises ExemptionRefused the second time."""
    exemption = TrainingExemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    if exemption.voided_at:
        raise ExemptionRefused(_("This exemption has been taken back already."))
    exemption.voided_at, exemption.voided_by = timezone.now(), by
    exemption.void_reason = reason
    exemption.save()
    return exemption
