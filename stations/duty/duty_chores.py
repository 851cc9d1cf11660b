"""What counties and stations owe about duty: rosters to publish, half-days to fill, licences, answers."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..chores import Owed, owes
from ..models import (
    AidWorker,
    Away,
    ChoreKind,
    DutyMonth,
    DutySlot,
    RequestState,
    Station,
    Swap,
)
from ..roles import Role
from ..sayings import dated, saying
from ..terms import Half
from .months import PUBLISH_BY_DAY
from .people import next_month

# Days before a licence ends at which it is said, ever more urgently (clock 32).
LICENCE_WARNINGS = (60, 30, 7)
# So many days before the 25th the next roster stands on the desk.
ROSTER_AHEAD = 10
CENTER = (Role.REVIEWER, Role.DIRECTOR)


@owes(ChoreKind.ROSTER)
def owed_duty(place, today):
    if isinstance(place, Station):
        yield from _unfilled(place, today)
        yield from _swaps(place)
        return
    yield from _rosters(place, today)
    yield from _aways(place)
    yield from _licences(place, today)


def roster_url(month, station=None):
    url = f"{reverse('stations:duty_roster')}?month={month:%Y-%m}"
    return f"{url}&station={station.pk}" if station else url


def _rosters(county, today):
    """This month's and next month's roster, until they are published (clock 30)."""
    this = today.replace(day=1)
    months = [this]
    if today.day >= PUBLISH_BY_DAY - ROSTER_AHEAD:
        months.append(next_month(this))
    published = set(
        DutyMonth.objects.published()
        .filter(county=county, month__in=months)
        .values_list("month", flat=True)
    )
    for month in months:
        if month in published:
            continue
        due_on = (month - timedelta(days=1)).replace(day=PUBLISH_BY_DAY)
        name = dated(month, "YEAR_MONTH_FORMAT")
        yield Owed(
            key=f"roster:{month:%Y-%m}",
            title=saying(_("Duty roster of %(month)s is not published"), month=name),
            text=_("Plan it, look it through, publish it by the 25th of the month before."),
            url=roster_url(month),
            act=_("Plan the roster"),
            roles=CENTER,
            since_on=due_on if due_on < today else None,
            due_on=due_on,
        )


def _unfilled(station, today):
    """Published half-days to come that nobody stands."""
    slots = list(
        DutySlot.objects.filter(station=station, day__gte=today)
        .published()
        .unfilled()
        .order_by("day", "half")
    )
    for slot in slots:
        yield Owed(
            key=f"slot:{slot.pk}",
            title=saying(
                _("Nobody is on duty on %(day)s, %(half)s"),
                day=dated(slot.day, "MONTH_DAY_FORMAT"),
                half=Half(slot.half).label,
            ),
            text=slot.why_open,
            url=slot.get_absolute_url(),
            act=_("Find somebody"),
            roles=(Role.HEAD,),
            due_on=slot.day,
        )


def _swaps(station):
    for swap in Swap.objects.filter(
        slot__station=station, state=RequestState.AGREED
    ).for_list():
        yield Owed(
            key=f"swap:{swap.pk}",
            title=saying(
                _("%(asker)s and %(colleague)s want to swap"),
                asker=swap.asker.name,
                colleague=swap.colleague.name,
            ),
            url=reverse("stations:duty_requests"),
            act=_("Decide it"),
            roles=(Role.HEAD,),
            since_on=swap.agreed_at.date(),
        )


def _aways(county):
    count = Away.objects.filter(worker__unit__county=county, state=RequestState.ASKED).count()
    if count:
        yield Owed(
            key="aways",
            title=saying(
                ngettext_lazy(
                    "%(count)d duty person asks for days off",
                    "%(count)d duty persons ask for days off",
                    count,
                ),
                count=count,
            ),
            url=reverse("stations:duty_requests"),
            act=_("Decide it"),
            roles=CENTER,
        )


def _licences(county, today):
    """Licences of duty people that end within 60 days, or have ended (clock 32)."""
    for worker in (
        AidWorker.objects.on_duty_panel(today)
        .filter(
            unit__county=county, licence_to__lte=today + timedelta(days=LICENCE_WARNINGS[0])
        )
        .order_by("licence_to", "pk")
    ):
        yield Owed(
            key=f"licence:{worker.pk}",
            title=saying(_("Licence of %(name)s ends"), name=worker.name)
            if worker.licence_to >= today
            else saying(_("Licence of %(name)s has ended"), name=worker.name),
            text=_("Nobody stands duty without a valid licence."),
            url=reverse("stations:duty_licences"),
            act=_("Renew it"),
            roles=CENTER,
            since_on=worker.licence_to if worker.licence_to < today else None,
            due_on=worker.licence_to,
        )
