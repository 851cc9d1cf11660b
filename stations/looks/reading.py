"""Rows of the log as people read them: who it was and in which role then, what was looked at."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..models import Appointment, Look
from . import ground  # noqa: F401
from .naming import Thing, things_of


@dataclass(frozen=True)
class Line:
    """One look: the person, the roles held on its day, the thing, the place."""

    look: Look
    name: str
    account: str
    roles: str
    what: Thing
    place: str


def lines(looks):
    """Return the `Line`s of looks; as many queries for many as for one.

    The looks come with user, station and county's division.
    """
    looks = list(looks)
    things = things_of({look.subject for look in looks})
    posts = defaultdict(list)
    for post in Appointment.objects.filter(user__in={look.user_id for look in looks}):
        posts[post.user_id].append(post)
    return [
        Line(
            look=look,
            name=look.user.name if look.user else _("on the server"),
            account=look.user.username if look.user else "",
            roles=_roles(posts[look.user_id], timezone.localdate(look.at)),
            what=things[look.subject],
            place=look.station.short_name if look.station else str(look.county or ""),
        )
        for look in looks
    ]


def _roles(posts, day):
    held = {
        str(post.get_role_display()): None
        for post in posts
        if post.from_on <= day and (post.to_on is None or post.to_on >= day)
    }
    return pgettext("list", ", ").join(held)
