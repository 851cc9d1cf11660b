"""Follow-up calls 回访 to recipients: drawn at random, called, answered (form 32)."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.models import DayOff
from stations.roles import Role
from stations.sayings import saying

from ..letters import issuing
from ..models import Application, FollowUp, FollowUpDraw
from ..notices import tell
from ..terms import DecisionKind, DecisionState, LetterKind, NoticeKind, Reached
from ..workflow import MoveRefused

# Called in vain so often, on different days or hours, nobody is reached: a result like others.
TRIES = 3
# A draw is called within so many working days.
CALL_WITHIN = 10


def draw(ids: Iterable[int], seed: str, n: int) -> list[int]:
    """Return n of the ids at random, the same ones for the same seed in whatever order they come.

    Each id is hashed together with the seed and the lowest n hashes are drawn, so that nobody
    can prefer an id, everybody can make the draw again, and a larger draw holds the smaller.
    """

    def lot(pk):
        return hashlib.sha256(f"{seed}:{pk}".encode()).digest()

    return sorted(set(ids), key=lot)[: max(n, 0)]


def share(count: int, percent: int) -> int:
    """Return how many a share of a count is, rounded up: 20 percent of 3 is 1."""
    return -(-count * percent // 100)


def pool_of(county, since, until):
    """The applications of a county granted in a period (both days included) and never drawn."""
    first = timezone.make_aware(timezone.datetime(since.year, since.month, since.day))
    end = until + timedelta(days=1)
    last = timezone.make_aware(timezone.datetime(end.year, end.month, end.day))
    return (
        Application.objects.filter(
            county=county,
            decisions__kind__in=[DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST],
            decisions__state=DecisionState.MADE,
            decisions__made_at__gte=first,
            decisions__made_at__lt=last,
            follow_ups=None,
        )
        .distinct()
        .order_by("pk")
    )


@transaction.atomic
def make_draw(county, *, by, since, until, seed, count=None, percent=None):
    """Draw `count`, or a share of `percent`, of those granted in a period that were not drawn yet.

    Returns (the `FollowUpDraw`, whether it is new): the same seed twice draws once. Raises
    MoveRefused when nothing is left to draw from.
    """
    # Two people drawing at once draw one after the other, and nobody twice.
    county = type(county).objects.select_for_update().get(pk=county.pk)
    earlier = FollowUpDraw.objects.filter(seed=seed).first()
    if earlier:
        return earlier, False
    pool = list(pool_of(county, since, until).values_list("pk", flat=True))
    if not pool:
        raise MoveRefused(
            _("Nothing was granted in this period that has not been drawn already.")
        )
    today = timezone.localdate()
    wanted = min(len(pool), share(len(pool), percent) if count is None else count)
    drawn = FollowUpDraw.objects.create(
        county=county,
        since=since,
        until=until,
        pool=pool,
        wanted=wanted,
        seed=seed,
        drawn_on=today,
        drawn_by=by,
    )
    due_on = DayOff.objects.calendar(county).add_working_days(today, CALL_WITHIN)
    FollowUp.objects.bulk_create(
        FollowUp(application_id=pk, draw=drawn, due_on=due_on)
        for pk in draw(pool, seed, wanted)
    )
    return drawn, True


@transaction.atomic
def record_call(
    follow_up,
    *,
    by,
    reached,
    satisfaction="",
    was_met=None,
    was_informed=None,
    was_charged=None,
    words="",
):
    """Record one call. In vain it stays open until it was tried three times.

    What was answered becomes form 32. Money or things asked for are told to the center's director
    and to the bureau (LAL 20). Raises MoveRefused when the call is settled already.
    """
    follow_up = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("application__county", "application__intake_county")
        .get(pk=follow_up.pk)
    )
    if follow_up.called_at:
        raise MoveRefused(_("This follow-up is settled already."))
    follow_up.tries += 1
    follow_up.words = words
    if reached == Reached.NO_ANSWER and follow_up.tries < TRIES:
        follow_up.save()
        return follow_up
    follow_up.reached = reached
    follow_up.called_by, follow_up.called_at = by, timezone.now()
    if reached == Reached.YES:
        follow_up.satisfaction = satisfaction
        follow_up.was_met, follow_up.was_informed = was_met, was_informed
        follow_up.was_charged = was_charged
    try:
        with transaction.atomic():
            follow_up.save()
    except IntegrityError as missing:
        raise MoveRefused(
            _("Ask how content they are and whether anything was taken.")
        ) from missing
    if reached == Reached.YES:
        _after_an_answer(follow_up, by=by)
    return follow_up


def _after_an_answer(follow_up, *, by):
    application = follow_up.application
    issuing.make(application, LetterKind.FOLLOW_UP, by=by, content={})
    if follow_up.was_charged:
        for role in (Role.DIRECTOR, Role.OFFICER):
            tell(
                role,
                application.county,
                saying(
                    gettext_lazy(
                        "%(number)s: the recipient says that money or things were asked for."
                    ),
                    number=application.number,
                ),
                kind=NoticeKind.URGENT,
                application=application,
            )
