"""How a liaison's days in post end. Appointing one is saving the row: the constraints do the rest."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import chores
from ..models import Appointment, ChoreKind, Liaison
from ..particulars import keeping
from ..roles import Role

# A post may begin or end in time to come, but not in a year that was mistyped.
AHEAD = timedelta(days=366)
# Which posts a list shows: those held now, or others.
HOLDING = [
    ("", gettext_lazy("in post now")),
    ("present", gettext_lazy("in post, nobody acting")),
    ("acting", gettext_lazy("acting only")),
    ("ended", gettext_lazy("has left")),
    ("all", gettext_lazy("all, with the past")),
]


class MoveRefused(Exception):
    """A plain sentence why this cannot be done now."""


def latest_day():
    """Return the latest day on which a post may begin or end as it is recorded today."""
    return timezone.localdate() + AHEAD


@transaction.atomic
def end(liaison, *, last_day, reason, by):
    """End a liaison's days in post; the village is vacant from the day after `last_day`.

    The liaison's account loses its role at the station on the same day. Returns the liaison.
    Raises MoveRefused when it has ended already or would end before it began.
    """
    liaison = Liaison.objects.select_for_update(of=("self",)).get(pk=liaison.pk)
    if liaison.appointed_to:
        raise MoveRefused(_("%s has left this post already.") % liaison.name)
    if last_day < liaison.appointed_from:
        raise MoveRefused(_("The last day is before the first day."))
    if last_day > latest_day():
        raise MoveRefused(_("This day is more than a year away."))
    keeping.change(liaison, by=by, appointed_to=last_day, ended_reason=reason)
    if liaison.user_id:
        for post in Appointment.objects.filter(
            user=liaison.user_id, role=Role.LIAISON, station=liaison.station_id, to_on=None
        ):
            post.to_on = max(last_day, post.from_on)
            post.ended_by = by
            post.save()
    chores.refresh_later(liaison.station, ChoreKind.LIAISON)
    return liaison
