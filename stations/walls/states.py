"""How walls stand 上墙公示: what should hang, what hangs, what is out of date since when, and by when.

What is compared is what a poster would say now with what the hanging one says (clock 29, rules 4.5).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import County, DayOff, Poster, Posting
from ..models.postings import version_code
from ..terms import MANDATORY_ITEMS, WallFinding, WallItem
from . import posters


class WallState(TextChoices):
    """How one item of a wall stands; the first that fits."""

    NO_TEXT = "no_text", _("the county has no text yet")
    MISSING = "missing", _("does not hang")
    DAMAGED = "damaged", _("was found bad")
    STALE = "stale", _("out of date")
    CHECK = "check", _("check is due")
    CURRENT = "current", _("up to date")

    @property
    def mark(self):
        """The icon that goes with the word."""
        return _MARKS[self]

    @property
    def short(self):
        """One or two characters for a cell of the county's table."""
        return _SHORT[self]


_MARKS = {
    WallState.NO_TEXT: "spare",
    WallState.MISSING: "miss",
    WallState.DAMAGED: "warn",
    WallState.STALE: "c-near",
    WallState.CHECK: "c-half",
    WallState.CURRENT: "ok",
}
_SHORT = {
    WallState.NO_TEXT: pgettext_lazy("wall", "no text"),
    WallState.MISSING: pgettext_lazy("wall", "missing"),
    WallState.DAMAGED: pgettext_lazy("wall", "bad"),
    WallState.STALE: pgettext_lazy("wall", "old"),
    WallState.CHECK: pgettext_lazy("wall", "check"),
    WallState.CURRENT: pgettext_lazy("wall", "current"),
}


@dataclass
class Line:
    """One item of a station's wall on a day.

    `since_on` is the day it began to be wrong, `due_on` the last day to put it right.
    """

    item: WallItem
    state: WallState
    code: str = ""
    digest: str = ""
    live_from: date | None = None
    content: dict | None = None
    posting: Posting | None = None
    since_on: date | None = None
    due_on: date | None = None
    changes: list = field(default_factory=list)

    @property
    def is_mandatory(self):
        return self.item in MANDATORY_ITEMS

    @property
    def needs_poster(self):
        return self.state in {WallState.MISSING, WallState.DAMAGED, WallState.STALE}

    @property
    def is_wrong(self):
        return self.needs_poster or self.state == WallState.CHECK


def walls(county, stations, day):
    """Return {station's id: [Line]} of a county's stations, in the order of the items.

    What the posters should say is taken from the facts of this moment; a constant number of
    queries for however many stations.
    """
    contents = posters.contents_of(county, stations, day)
    timelines = defaultdict(list)
    for poster in (
        Poster.objects.filter(station__in=stations, live_from__lte=day)
        .defer("content")
        .order_by("live_from", "pk")
    ):
        timelines[poster.station_id, poster.item].append(poster)
    hanging = {
        (posting.station_id, posting.item): posting
        for posting in Posting.objects.filter(station__in=stations).hanging().for_list()
    }
    calendar = DayOff.objects.calendar(county)
    return {
        station.pk: [
            _line(
                item,
                contents[station.pk].get(item),
                timelines[station.pk, item],
                hanging.get((station.pk, item)),
                WallClock(county, calendar, day),
            )
            for item in WallItem
        ]
        for station in stations
    }


@dataclass(frozen=True)
class WallClock:
    """The days of clock 29 in a county, seen on a day."""

    county: County
    calendar: object
    today: date

    def renewal_due(self, since):
        days = self.county.parameter("wall_renew_working_days")
        return self.calendar.add_working_days(since, days)


def _line(item, content, timeline, posting, clock):
    item = WallItem(item)
    if content is None:
        return Line(item, WallState.NO_TEXT, posting=posting)
    sign = posters.digest(content)
    is_known = bool(timeline) and timeline[-1].digest == sign
    live_from = timeline[-1].live_from if is_known else clock.today
    line = Line(
        item,
        WallState.CURRENT,
        code=version_code(live_from, sign),
        digest=sign,
        live_from=live_from,
        content=content,
        posting=posting,
    )
    if posting is None:
        line.state, line.since_on = WallState.MISSING, _first(timeline, clock.today)
    elif posting.finding != WallFinding.FINE:
        line.state, line.since_on = WallState.DAMAGED, posting.checked_on
    elif posting.poster.digest != sign:
        line.state = WallState.STALE
        line.since_on = changed_on(timeline, posting.poster) or clock.today
        line.changes = posters.changes(posting.poster.content, content)
    elif posting.next_check_on < clock.today:
        line.state, line.due_on = WallState.CHECK, posting.next_check_on
        line.since_on = posting.next_check_on + timedelta(days=1)
    if line.needs_poster:
        # Data of applicants come down the same day (PIPL 25).
        is_urgent = posting is not None and posting.finding == WallFinding.PERSONAL
        line.due_on = line.since_on if is_urgent else clock.renewal_due(line.since_on)
    return line


def _first(timeline, today):
    return timeline[0].live_from if timeline else today


def changed_on(timeline, poster):
    """The day a poster's content stopped being true, or None: the next state after its last."""
    later = [each for each in timeline if each.pk > poster.pk and each.digest != poster.digest]
    # It may have been true again in between: only what came after the last time counts.
    last = max((each.pk for each in timeline if each.digest == poster.digest), default=0)
    return next((each.live_from for each in later if each.pk > last), None)
