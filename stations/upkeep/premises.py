"""Checking premises and equipment, asking the county for what is missing, and its answer."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..files import evidence
from ..models import ChoreKind, PremisesCheck, PremisesNeed, Station
from ..roles import Role
from ..sayings import saying
from ..terms import ItemState, NeedAnswer, PremisesItem

# Every item is looked at anew within so many days (rules 5.2, W1 to W4: once a year).
CHECK_DAYS = 365

# The items each indicator of the yearly assessment looks at (rules 5.2).
OF_PLACE = (
    PremisesItem.FIXED_PLACE,
    PremisesItem.ACCESSIBLE,
    PremisesItem.PRIVATE_CORNER,
)
OF_SIGNS = (PremisesItem.SIGN, PremisesItem.GUIDE_BOARD)
OF_EQUIPMENT = (
    PremisesItem.PHONE,
    PremisesItem.COMPUTER,
    PremisesItem.PRINTER,
    PremisesItem.ID_READER,
    PremisesItem.FILE_CABINET,
)


class PremisesRefused(Exception):
    """A plain sentence why this cannot be done now."""


# ── How it stands ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ItemLine:
    """One item of a station on a day: its last check, and the open request for it."""

    item: PremisesItem
    check: PremisesCheck | None = None
    need: PremisesNeed | None = None
    is_old: bool = False

    @property
    def state(self):
        return self.check.state if self.check else ""

    @property
    def is_there(self):
        return self.state == ItemState.THERE


def lines(station, day):
    """Return the `ItemLine` of every item of a station on a day, in two queries."""
    return lines_of([station], day)[station.pk]


def lines_of(stations, day):
    """Return {station pk: [ItemLine]}: the same two queries for a whole county."""
    pks = [station.pk for station in stations]
    checks = PremisesCheck.objects.filter(station__in=pks).latest_on(day)
    checked = {
        (check.station_id, check.item): check
        for check in checks.select_related("by", "photo").defer("photo__content")
    }
    wanted = {
        (need.station_id, need.item): need
        for need in PremisesNeed.objects.filter(station__in=pks, asked_on__lte=day).open()
    }
    oldest = day - timedelta(days=CHECK_DAYS)
    found = {}
    for pk in pks:
        found[pk] = []
        for item in PremisesItem:
            check = checked.get((pk, item.value))
            is_old = check is not None and check.on < oldest
            found[pk].append(ItemLine(item, check, wanted.get((pk, item.value)), is_old))
    return found


@dataclass(frozen=True)
class ItemsState:
    """How many of some items are there on a day, for the yearly assessment.

    `rows` are the ids of the `PremisesCheck`s counted, `photos` of those that carry a photo;
    `unchecked` the items nobody looked at in the year before the day.
    """

    there: int
    total: int
    rows: tuple[int, ...]
    photos: tuple[int, ...]
    unchecked: tuple[str, ...]


def state_of(station, items, day):
    """Return the `ItemsState` of some items (`OF_PLACE`, `OF_SIGNS`, `OF_EQUIPMENT`) on a day."""
    of_items = [line for line in lines(station, day) if line.item in items]
    fresh = [line for line in of_items if line.check and not line.is_old]
    return ItemsState(
        there=sum(line.is_there for line in fresh),
        total=len(of_items),
        rows=tuple(line.check.pk for line in fresh),
        photos=tuple(line.check.pk for line in fresh if line.check.photo_id),
        unchecked=tuple(line.item.value for line in of_items if line not in fresh),
    )


# ── Acts ────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def record(station, found, *, on, by):
    """Record what was looked at on a day.

    `found` is [(item, state, remark, bytes of a photo or b"")]. What the county agreed to and is
    there now is settled with it. Returns the checks.
    """
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    checks = [
        PremisesCheck.objects.create(
            station=station,
            item=item,
            state=state,
            words=words,
            photo=evidence.add_bytes(station, photo, by=by) if photo else None,
            on=on,
            by=by,
        )
        for item, state, words, photo in found
    ]
    there = [check.item for check in checks if check.state == ItemState.THERE]
    PremisesNeed.objects.filter(
        station=station,
        item__in=there,
        answer=NeedAnswer.GRANTED,
        done_on=None,
        asked_on__lte=on,
    ).update(done_on=on, done_by=by)
    chores.refresh_later(station, ChoreKind.PREMISES)
    return checks


def ask(station, *, item, why, by):
    """Ask the county for an item. Raises PremisesRefused while a request for it is open."""
    try:
        with transaction.atomic():
            need = PremisesNeed.objects.create(
                station=station,
                item=item,
                why=why,
                asked_on=timezone.localdate(),
                asked_by=by,
            )
            chores.refresh_later(station, ChoreKind.PREMISES)
            chores.refresh_later(station.county, ChoreKind.PREMISES)
    except IntegrityError as taken:
        raise PremisesRefused(_("A request for this item is still open.")) from taken
    return need


@transaction.atomic
def answer(need, *, answer, words, by):
    """Answer a station's request. Raises PremisesRefused when it is answered already."""
    need = (
        PremisesNeed.objects.select_for_update(of=("self",))
        .select_related("station__county")
        .get(pk=need.pk)
    )
    if need.answer:
        raise PremisesRefused(
            _("%(name)s has already answered this request.") % {"name": need.answered_by.name}
        )
    need.answer, need.answer_words = answer, words
    need.answered_on, need.answered_by = timezone.localdate(), by
    need.save()
    for place in (need.station, need.station.county):
        chores.refresh_later(place, ChoreKind.PREMISES)
    return need


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.PREMISES)
def owed(place, today):
    if isinstance(place, Station):
        yield from _owed_by_station(place, today)
        return
    waiting = PremisesNeed.objects.filter(station__county=place).waiting()
    for need in waiting.select_related("station"):
        yield Owed(
            key=f"need-{need.pk}",
            title=saying(
                gettext_lazy("%(station)s asks for: %(item)s"),
                station=need.station.short_name,
                item=PremisesItem(need.item).label,
            ),
            text=need.why[:200],
            url=reverse("stations:need_answer", args=[need.pk]),
            act=pgettext_lazy("need", "Answer"),
            roles=(Role.OFFICER,),
            since_on=need.asked_on,
        )


def _owed_by_station(station, today):
    found = lines(station, today)
    check = reverse("stations:premises_check", args=[station.pk])
    unchecked = [line for line in found if line.check is None]
    old = [line for line in found if line.is_old]
    if unchecked or old:
        oldest = min((line.check.on for line in old), default=None)
        yield Owed(
            key="check",
            title=gettext_lazy("Check premises and equipment"),
            text=saying(
                ngettext_lazy(
                    "%d item was not looked at within a year",
                    "%d items were not looked at within a year",
                    len(unchecked) + len(old),
                ),
                len(unchecked) + len(old),
            ),
            url=check,
            act=gettext_lazy("Check now"),
            rule="SF/T 0017-2017",
            since_on=oldest + timedelta(days=CHECK_DAYS + 1) if oldest else None,
        )
    for line in found:
        if line.check and not line.is_there and line.need is None:
            yield Owed(
                key=f"item-{line.item.value}",
                title=saying(
                    gettext_lazy("%(item)s: %(state)s, and nobody was asked for it"),
                    item=line.item.label,
                    state=ItemState(line.check.state).label,
                ),
                url=reverse("stations:need_create", args=[station.pk])
                + f"?item={line.item.value}",
                act=gettext_lazy("Ask the county"),
                since_on=line.check.on,
            )
