"""What waits for whom: the queues of station, center and bureau, and the next one to take up."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.roles import Ability

from ..models import Application, Closing, Deadline, Objection, SupplementNotice
from ..rules import deadlines as limits
from ..terms import ENDED, HELD_BY_STATION, Status
from ..workflow import second_person

# What the list is divided into, in the order of the way: key → (words, statuses). Each is one press.
GROUPS = {
    "open": (_("all under way"), None),
    "to_review": (_("to be reviewed"), {Status.RECEIVED, Status.RETURNED}),
    "supplementing": (_("waiting for papers"), {Status.SUPPLEMENTING}),
    "to_sign": (_("for the head"), {Status.REVIEWED, Status.COUNTERSIGNED}),
    "to_sign_for": (_("to be signed for"), {Status.FORWARDED}),
    "to_decide": (_("to be examined"), {Status.IN_REVIEW}),
    "proposed": (
        _("proposed, for a second person"),
        {Status.REFUSAL_PROPOSED, Status.TERMINATION_PROPOSED},
    ),
    "to_assign": (_("to be assigned"), {Status.GRANTED}),
    "to_serve": (_("to be served"), None),
    "handled": (_("being handled"), {Status.ASSIGNED}),
    "closing": (_("file to be checked"), {Status.CLOSED}),
    "to_pay": (_("subsidy to be paid"), None),
    "ended": (_("ended"), ENDED),
}
# The tabs a station and a county need every day; the rest is one choice away.
STATION_TABS = ["open", "to_review", "supplementing", "to_sign"]
COUNTY_TABS = ["open", "to_sign_for", "to_decide", "proposed", "to_assign", "to_serve"]


def in_group(key):
    """Return the condition on `Application` of a group of the list."""
    if key == "open":
        # Named one by one, so that the index of places and statuses serves.
        return Q(status__in=set(Status) - ENDED)
    if key == "to_pay":
        unpaid = Closing.objects.filter(
            application=OuterRef("pk"), subsidy__gt=0, paid_on=None, checked_on__isnull=False
        )
        return Q(Exists(unpaid), status=Status.ARCHIVED)
    if key == "to_serve":
        return Q(Exists(_running(limits.SERVICE)))
    return Q(status__in=GROUPS[key][1])


def _running(number):
    return Deadline.objects.running().filter(application=OuterRef("pk"), number=number)


def late_duties(today):
    """The running duties of an outer application that ended before today."""
    return Deadline.objects.duties().filter(application=OuterRef("pk"), due_on__lt=today)


def by_next_due(applications):
    """The one whose first running duty ends soonest leads; then the oldest; no clock comes last."""
    first = (
        Deadline.objects.duties()
        .filter(application=OuterRef("pk"))
        .order_by("due_on", "number")
    )
    return applications.annotate(next_due_on=Subquery(first.values("due_on")[:1])).order_by(
        F("next_due_on").asc(nulls_last=True), "received_at", "pk"
    )


def waiting_for(user):
    """The applications whose next step is this person's, of those they may see.

    A proposal against the applicant waits for a second person only: never for who made it.
    """
    visible = Application.objects.visible_to(user)
    at_station = Q(station__in=[post.station_id for post in user.posts if post.station_id])
    in_county = Q(county__in=[post.county_id for post in user.posts if post.county_id])
    mine = []
    if user.may(Ability.REVIEW):
        mine += [
            at_station & in_group("to_review"),
            at_station & _unanswered(is_at_station=True),
        ]
    if user.may(Ability.COUNTERSIGN):
        mine.append(at_station & in_group("to_sign"))
    if user.may(Ability.EXAMINE):
        handed = [Status.FORWARDED, Status.IN_REVIEW, Status.GRANTED, Status.CLOSED]
        mine += [in_county & Q(status__in=handed), in_county & in_group("to_serve")]
        mine.append(in_county & _unanswered(is_at_station=False))
    if any(map(user.may, (Ability.DECIDE, Ability.EXAMINE, Ability.HEAR_OBJECTION))):
        mine.append(in_group("proposed") & second_person.waiting_for(user))
    if user.may(Ability.HEAR_OBJECTION):
        unanswered = Objection.objects.filter(
            decision__application=OuterRef("pk"), outcome=""
        ).exclude(Q(decision__made_by=user) | Q(decision__proposed_by=user))
        mine.append(in_county & Q(Exists(unanswered)))
    if user.may(Ability.SETTLE_SUBSIDY):
        mine.append(in_county & in_group("to_pay"))
    if not mine:
        return visible.none()
    # Each is found by its own index; as one condition they would be looked for in every file there
    # ever was.
    first, *others = [visible.filter(each).order_by().values("pk") for each in mine]
    return Application.objects.filter(pk__in=first.union(*others) if others else first)


def _unanswered(*, is_at_station):
    """A notice has run out: whoever holds the file asks again, then deems it withdrawn or waits."""
    over = SupplementNotice.objects.filter(
        application=OuterRef("pk"), supplied_on=None, due_on__lt=timezone.localdate()
    )
    held = Q(asked_from__in=HELD_BY_STATION)
    return Q(Exists(over), status=Status.SUPPLEMENTING) & (held if is_at_station else ~held)
