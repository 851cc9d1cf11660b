"""What was changed in the particulars of the demonstration's places and people, and by whom."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from stations.models import DayOff, Liaison, Station, User
from stations.particulars import keeping
from stations.terms import LiaisonPost

from . import SURGE_STATION
from .moved_clock import at
from .walls import MOVED, OLD_PHONE

# Where the surge's station was before it moved house, and the days since.
OLD_ADDRESS, MOVED_HOUSE_DAYS_AGO = "诸佛庵镇老街27号", 210
LIAISON_DAYS_AGO, FAX_DAYS_AGO = 96, 150


def build(county, today):
    """Set a few particulars back to what they were, and change them on their day to what they are."""
    calendar = DayOff.objects.calendar(county)
    head, officer = (User.objects.get(username=name) for name in ("head", "officer"))

    def day(days_ago, hour):
        on = calendar.first_working_day_from(today - timedelta(days=days_ago))
        return timezone.make_aware(datetime.combine(on, time(hour, 20)))

    station = Station.objects.get(code=SURGE_STATION)
    _change(
        *(station, head, day(MOVED_HOUSE_DAYS_AGO, 9)),
        was={"address": OLD_ADDRESS},
        why="随司法所搬迁",
    )
    for code, days_ago in MOVED.items():
        moved = Station.objects.get(code=code)
        _change(moved, officer, day(days_ago, 10), was={"phone": OLD_PHONE}, why="")
    liaison = Liaison.objects.get(user__username="liaison")
    _change(
        *(liaison, head, day(LIAISON_DAYS_AGO, 15)),
        was={"post": LiaisonPost.OTHER},
        why="村“两委”分工调整",
    )
    _change(
        *(county, officer, day(FAX_DAYS_AGO, 11)),
        was={"complaint_address": "霍山县衡山镇文盛路司法局门卫室"},
        why="局办公会议",
    )


def _change(record, by, moment, *, was, why):
    """Let a record have had other particulars until a moment."""
    now = {name: getattr(record, name) for name in was}
    type(record).objects.filter(pk=record.pk).update(**was)
    with at(moment):
        keeping.change(record, by=by, why=why, **now)
