"""Question slips 问题单: a station asks the county, or the county stations; answered within a time.

Whoever asked reads the answer, and closes the slip or asks further. Nothing said is changed.
"""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..models import ChoreKind, DayOff, QuestionSlip, QuestionSlipEvent, Station
from ..roles import COUNTY_ROLES, STATION_ROLES, Role
from ..sayings import saying
from ..terms import Side, SlipMove, SlipStatus

ROLES_OF = {
    Side.STATION: (Role.CLERK, Role.HEAD),
    Side.COUNTY: (Role.OFFICER, Role.REVIEWER, Role.DIRECTOR),
}


class SlipRefused(Exception):
    """A plain sentence why this cannot be done now."""


def side_of(user, station):
    """Return for which side somebody speaks about a station, or None."""
    for post in user.posts:
        if post.station_id == station.pk and post.role in STATION_ROLES - {Role.LIAISON}:
            return Side.STATION
        if post.county_id == station.county_id and post.role in COUNTY_ROLES:
            return Side.COUNTY
    return None


def own_side(user):
    """Return on which side somebody works: at a station, else at the county."""
    return Side.STATION if user.station else Side.COUNTY


# ── Acts ────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def ask(stations, *, topic, subject, words, key, by):
    """Ask: the county some stations, one slip each, or a station its county.

    `key` is the number of the form: a second press asks nothing twice. Returns the slips.
    Raises SlipRefused for whoever speaks for neither side.
    """
    slips = []
    for station in stations:
        side = side_of(by, station)
        if side is None:
            raise SlipRefused(_("You work neither at this station nor in its county."))
        slip, is_new = QuestionSlip.objects.get_or_create(
            client_key=key,
            station=station,
            defaults={
                "asked_side": side,
                "topic": topic,
                "subject": subject,
                "asked_by": by,
                "due_on": _due_on(station.county),
            },
        )
        if is_new:
            _leave(slip, SlipMove.ASK, words, side, by)
        slips.append(slip)
    return slips


def _due_on(county):
    days = county.parameter("question_working_days")
    calendar = DayOff.objects.calendar(county)
    return calendar.due_on(timezone.localdate(), days, working=True)


@transaction.atomic
def answer(slip, *, words, is_shared=False, by):
    """Answer a slip; the county may share question and answer with all its stations.

    Raises SlipRefused for the side that asked, and when it is answered or closed.
    """
    slip, side = _begin(slip, by)
    if side != slip.answering_side:
        raise SlipRefused(_("This slip waits for the other side to answer."))
    if slip.status != SlipStatus.WAITING:
        raise SlipRefused(_("This slip is answered already."))
    slip.status = SlipStatus.ANSWERED
    slip.is_shared = is_shared and side == Side.COUNTY
    slip.save()
    is_in_time = timezone.localdate() <= slip.due_on
    _leave(slip, SlipMove.ANSWER, words, side, by, is_in_time=is_in_time)
    return slip


@transaction.atomic
def ask_further(slip, *, words, by):
    """Say what the answer leaves open: the slip waits again, with a new last day.

    Raises SlipRefused for the side that answered, and while no answer is there.
    """
    slip, side = _begin(slip, by)
    if side != slip.asked_side:
        raise SlipRefused(_("Only the side that asked asks further or closes the slip."))
    if slip.status != SlipStatus.ANSWERED:
        raise SlipRefused(_("There is no answer yet to ask further about."))
    slip.status, slip.is_shared = SlipStatus.WAITING, False
    slip.due_on = _due_on(slip.station.county)
    slip.save()
    _leave(slip, SlipMove.FURTHER, words, side, by)
    return slip


@transaction.atomic
def close(slip, *, words="", by):
    """Close a slip: the answer is enough, or, with a word why, none is needed any more.

    Raises SlipRefused for the side that answered, and without that word.
    """
    slip, side = _begin(slip, by)
    if side != slip.asked_side:
        raise SlipRefused(_("Only the side that asked asks further or closes the slip."))
    if slip.status == SlipStatus.WAITING and not words:
        raise SlipRefused(_("Nobody has answered yet; write why no answer is needed."))
    slip.status, slip.closed_at = SlipStatus.CLOSED, timezone.now()
    slip.save()
    _leave(slip, SlipMove.CLOSE, words, side, by)
    return slip


@transaction.atomic
def share(slip, *, is_shared, by):
    """Show question and answer to all stations of the county, or no longer (你问我答)."""
    slip = _locked(slip)
    if side_of(by, slip.station) != Side.COUNTY:
        raise SlipRefused(_("Only the county shares an answer with all its stations."))
    if slip.status == SlipStatus.WAITING or not slip.events.filter(move=SlipMove.ANSWER):
        raise SlipRefused(_("There is no answer yet to share."))
    slip.is_shared = is_shared
    slip.save()
    return slip


def _locked(slip):
    return (
        QuestionSlip.objects.select_for_update(of=("self",))
        .select_related("station__county__division")
        .get(pk=slip.pk)
    )


def _begin(slip, by):
    """Return the slip, locked, and the side somebody speaks for."""
    slip = _locked(slip)
    if slip.status == SlipStatus.CLOSED:
        raise SlipRefused(_("This slip is closed; write a new one."))
    side = side_of(by, slip.station)
    if side is None:
        raise SlipRefused(_("You work neither at this station nor in its county."))
    return slip, side


def _leave(slip, move, words, side, by, **facts):
    QuestionSlipEvent.objects.create(
        slip=slip, move=move, words=words, side=side, by=by, **facts
    )
    for place in (slip.station, slip.station.county):
        chores.refresh_later(place, ChoreKind.QUESTION)


# ── Figures ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SlipYear:
    """A station's slips of a year: asked by each side; each side's answers, and those in time."""

    station: Station
    asked_by_station: int
    asked_by_county: int
    county_answers: int
    county_in_time: int
    station_answers: int
    station_in_time: int
    late: int

    @property
    def is_something(self):
        asked = self.asked_by_station + self.asked_by_county
        return bool(asked or self.county_answers or self.station_answers or self.late)


def figures(stations, year, today):
    """Return the `SlipYear` of each station; two queries. `late` is of today, whatever the year."""
    slips = QuestionSlip.objects.of_stations(stations).order_by()
    asked, late = Counter(), Counter()
    for station, side, count, over in (
        slips.values("station", "asked_side")
        .annotate(
            count=Count("pk", filter=Q(asked_at__year=year)),
            over=Count("pk", filter=Q(status=SlipStatus.WAITING, due_on__lt=today)),
        )
        .values_list("station", "asked_side", "count", "over")
    ):
        asked[station, side] = count
        late[station] += over
    answers = {}
    events = QuestionSlipEvent.objects.filter(
        slip__station__in=stations, move=SlipMove.ANSWER, at__year=year
    )
    for station, side, count, good in (
        events.order_by()
        .values("slip__station", "side")
        .annotate(count=Count("pk"), good=Count("pk", filter=Q(is_in_time=True)))
        .values_list("slip__station", "side", "count", "good")
    ):
        answers[station, side] = (count, good)
    return [
        SlipYear(
            station,
            asked[station.pk, Side.STATION],
            asked[station.pk, Side.COUNTY],
            *answers.get((station.pk, Side.COUNTY), (0, 0)),
            *answers.get((station.pk, Side.STATION), (0, 0)),
            late[station.pk],
        )
        for station in stations
    ]


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.QUESTION)
def owed(place, today):
    """The slips that wait for a place's answer; those it asked and has the answer to, to close."""
    if isinstance(place, Station):
        side, slips = Side.STATION, QuestionSlip.objects.filter(station=place)
    else:
        side, slips = Side.COUNTY, QuestionSlip.objects.filter(station__county=place)
    for slip in slips.with_side(side).select_related("station"):
        if slip.status == SlipStatus.WAITING:
            title = (
                gettext_lazy("The county asks: %(subject)s")
                if side == Side.STATION
                else gettext_lazy("%(station)s asks: %(subject)s")
            )
            act, due_on = pgettext_lazy("slip", "Answer"), slip.due_on
        else:
            title = gettext_lazy("Answered: %(subject)s")
            act, due_on = pgettext_lazy("slip", "Read and close"), None
        yield Owed(
            key=f"slip-{slip.pk}",
            title=saying(title, station=slip.station.short_name, subject=slip.subject),
            url=reverse("stations:question_slip", args=[slip.pk]),
            act=act,
            roles=ROLES_OF[side],
            rule=gettext_lazy("county rule") if due_on else "",
            since_on=timezone.localdate(slip.asked_at),
            due_on=due_on,
        )
