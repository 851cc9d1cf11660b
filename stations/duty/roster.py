"""Who stands duty when 值班表: a month's half-days shared out among people, by rule and fairly.

Pure: plain values in, plain values out, the same plan for the same input. What must never happen
(`Bar`) is asked of every pair first. Then each half-day is filled as fully as it can be (a least-cost
matching, for within one half-day nobody can be in two places), the load is evened out by handing
half-days on, and exchanges that leave every load as it is shorten ways and mix specialities.

Equals are people who may stand exactly the same half-days; of two equals neither ever stands more
than one half-day more than the other.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..terms import Half, WeekHalf
from ..workdays import WorkCalendar
from .matching import least_cost

# What one half-day more weighs against ways and specialities: more than all of them together.
LOAD = 10_000
TRAVEL = 60
REPEATED_SPECIALITY = 12
STOOD_BEFORE = 4
# What was stood in earlier months counts up to so many half-days.
MOST_BEFORE = 60
NOBODY = 10**9
# Exchanges are looked for so often; more passes find next to nothing.
PASSES = 3
PLAIN_WEEK = tuple(WeekHalf.values)


class Bar(TextChoices):
    """Why somebody may not stand a half-day."""

    NOT_ON_PANEL = "not_on_panel", _("not on the panel that day")
    LICENCE = "licence", _("licence not valid that day")
    ANNUAL_CHECK = "annual_check", _("annual check not passed")
    STATION = "station", _("does not come to this station")
    HALF_DAY = "half_day", _("cannot come at this half-day")
    AWAY = "away", _("on leave or at court")
    ELSEWHERE = "elsewhere", _("on duty elsewhere at that time")


# What a person setting a name by hand may not overrule; a wish of place or half-day they may.
HARD = frozenset({Bar.NOT_ON_PANEL, Bar.LICENCE, Bar.ANNUAL_CHECK, Bar.AWAY, Bar.ELSEWHERE})


@dataclass(frozen=True, order=True)
class Slot:
    """One half-day a station wants somebody for."""

    day: date
    half: str
    station: int
    township_code: str = ""

    @property
    def moment(self):
        return self.day, self.half


@dataclass(frozen=True)
class Person:
    """One duty person, as far as the roster asks.

    `stations` and `half_days` empty: any. `away` are single half-days. `annual_check_year` is the
    last year of practice that passed; `needs_check` is false for staff and in the first year.
    """

    key: int
    joined_on: date
    left_on: date | None = None
    licence_to: date | None = None
    needs_licence: bool = True
    needs_check: bool = True
    annual_check_year: int | None = None
    practising_since: date | None = None
    stations: frozenset[int] = frozenset()
    half_days: frozenset[str] = frozenset()
    away: frozenset[tuple[date, str]] = frozenset()
    specialities: frozenset[str] = frozenset()
    township_code: str = ""
    stood_before: int = 0


@dataclass(frozen=True)
class StationWish:
    """What a station wants: from when to when it is open, at which half-days, how many a week."""

    station: int
    township_code: str
    per_week: int
    half_days: frozenset[str] = frozenset()
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass
class Plan:
    """Who stands each half-day, and for those nobody stands how many people were barred by what."""

    people: dict[Slot, int] = field(default_factory=dict)
    unfilled: dict[Slot, Counter] = field(default_factory=dict)


# ── The rules for one person and one half-day ───────────────────────────────────────────


def week_half(day: date, half: str) -> str:
    """Return the half-day of the week, "2am" for a Tuesday morning."""
    return f"{day.isoweekday()}{half}"


def check_year_wanted(day: date, *, until_month: int) -> int:
    """Return the year of practice whose annual check must have been passed on a day.

    Checks of a year are held in the spring after it: until the end of `until_month` the one before
    last is enough.
    """
    return day.year - (1 if day.month > until_month else 2)


def bar(person: Person, slot: Slot, *, check_until_month: int) -> Bar | None:
    """Return why the person may not stand the half-day, the weightiest reason first, or None."""
    day = slot.day
    if day < person.joined_on or (person.left_on and day >= person.left_on):
        return Bar.NOT_ON_PANEL
    if person.needs_licence and (person.licence_to is None or day > person.licence_to):
        return Bar.LICENCE
    if person.needs_check and not _is_checked(person, day, check_until_month):
        return Bar.ANNUAL_CHECK
    if person.stations and slot.station not in person.stations:
        return Bar.STATION
    # On a make-up day at the weekend the week's half-days say nothing.
    is_plain = day.weekday() < 5
    if person.half_days and is_plain and week_half(day, slot.half) not in person.half_days:
        return Bar.HALF_DAY
    if slot.moment in person.away:
        return Bar.AWAY
    return None


def _is_checked(person, day, until_month):
    wanted = check_year_wanted(day, until_month=until_month)
    if person.practising_since and person.practising_since.year > wanted:
        # In practice only since after that year: there was nothing to check.
        return True
    return person.annual_check_year is not None and person.annual_check_year >= wanted


# ── Which half-days are wanted ──────────────────────────────────────────────────────────


def wanted_slots(
    wishes: Iterable[StationWish],
    people: Iterable[Person],
    month: date,
    calendar: WorkCalendar,
    *,
    check_until_month: int = 6,
) -> list[Slot]:
    """Return the half-days of a month at which each station wants somebody.

    A station keeps the same half-days all month, so that the village learns them, chosen where most
    of its people can come and fewest other stations want them; where one falls on a day off, the next
    best of that week stands for it. A week parted by the month's end belongs to the part with more working
    days, the earlier when equal.
    """
    weeks = _weeks(month, calendar)
    people = sorted(people, key=lambda person: person.key)
    demand = Counter()
    slots = []
    for number, wish in enumerate(sorted(wishes, key=lambda wish: wish.station)):
        supply = _supply(wish, people, weeks, check_until_month)
        halves = sorted(wish.half_days or PLAIN_WEEK)
        # Stations begin at different half-days, so that equal choices spread over the week.
        turned = halves[number % len(halves) :] + halves[: number % len(halves)]
        rank = {
            half: demand[half] * len(weeks) - supply[half] if supply[half] else NOBODY
            for half in halves
        }
        ranked = sorted(turned, key=rank.get)
        chosen = ranked[: wish.per_week]
        for half in chosen:
            demand[half] += 1
        for week in weeks:
            slots += _slots_of_week(wish, week, chosen, ranked, calendar)
    return sorted(slots)


def _weeks(month, calendar):
    """The weeks that belong to a month, each as its working days within the month."""
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last:
        days = [monday + timedelta(days=n) for n in range(7)]
        open_days = [day for day in days if calendar.is_working_day(day)]
        here = [day for day in open_days if first <= day <= last]
        before = sum(day < first for day in open_days)
        after = sum(day > last for day in open_days)
        if here and len(here) > before and len(here) >= after:
            weeks.append(here)
        monday += timedelta(days=7)
    return weeks


def _supply(wish, people, weeks, check_until_month):
    """How many people can come to the station at each half-day of the week, over the whole month."""
    supply = Counter()
    for week in weeks:
        for day in week:
            for half in Half.values:
                slot = Slot(day, half, wish.station, wish.township_code)
                supply[week_half(day, half)] += sum(
                    bar(person, slot, check_until_month=check_until_month) is None
                    for person in people
                )
    return supply


def _slots_of_week(wish, week, chosen, ranked, calendar):
    """The chosen half-days of one week; where one falls on a day off, the next best that does not."""
    open_halves = {
        week_half(day, half): (day, half)
        for day in week
        for half in Half.values
        if (wish.opened_on is None or day >= wish.opened_on)
        and (wish.closed_on is None or day < wish.closed_on)
    }
    # At last even a half-day the station does not name, and a make-up day at the weekend.
    order = dict.fromkeys([*chosen, *ranked, *PLAIN_WEEK, *sorted(open_halves)])
    found = [open_halves[half] for half in order if half in open_halves][: len(chosen)]
    return [Slot(day, half, wish.station, wish.township_code) for day, half in found]


# ── Who stands them ─────────────────────────────────────────────────────────────────────


def plan(
    slots: Iterable[Slot],
    people: Iterable[Person],
    *,
    check_until_month: int = 6,
    fixed: Mapping[Slot, int] | None = None,
) -> Plan:
    """Share the half-days out. `fixed` ones were set by a person and stay; they count as load.

    As many half-days are filled as can be. Every one left unfilled says why.
    """
    return _Planning(slots, people, check_until_month, fixed or {}).result()


class _Planning:
    """One run of the generator."""

    def __init__(self, slots, people, check_until_month, fixed):
        self.people = {person.key: person for person in sorted(people, key=lambda p: p.key)}
        self.fixed = dict(fixed)
        self.slots = sorted(set(slots) - set(fixed))
        self.bars = {
            slot: {
                key: bar(person, slot, check_until_month=check_until_month)
                for key, person in self.people.items()
            }
            for slot in self.slots
        }
        self.free = {
            slot: {key for key, why in bars.items() if why is None}
            for slot, bars in self.bars.items()
        }
        self.given = {}
        self.load = Counter(self.fixed.values())
        self.busy = defaultdict(set)
        for slot, key in self.fixed.items():
            self.busy[slot.moment].add(key)
        # {station: how often each speciality stands there}
        self.mix = defaultdict(Counter)
        for slot, key in self.fixed.items():
            if key in self.people:
                self.mix[slot.station].update(self.people[key].specialities)

    def result(self):
        moments = defaultdict(list)
        for slot in self.slots:
            moments[slot.moment].append(slot)
        for moment in sorted(moments):
            self._fill(moments[moment])
        self._even_out()
        for _pass in range(PASSES):
            if not self._exchange():
                break
        made = Plan(people=dict(sorted({**self.given, **self.fixed}.items())))
        for slot in self.slots:
            if slot not in self.given:
                made.unfilled[slot] = self._why(slot)
        return made

    def _why(self, slot):
        return Counter(
            why or Bar.ELSEWHERE
            for key, why in self.bars[slot].items()
            if why or key in self.busy[slot.moment]
        )

    def _give(self, slot, key):
        self.given[slot] = key
        self.load[key] += 1
        self.busy[slot.moment].add(key)
        self.mix[slot.station].update(self.people[key].specialities)

    def _take(self, slot):
        key = self.given.pop(slot)
        self.load[key] -= 1
        self.busy[slot.moment].discard(key)
        self.mix[slot.station].subtract(self.people[key].specialities)
        return key

    def _way(self, person, slot):
        return 0 if person.township_code == slot.township_code else TRAVEL

    def _cost(self, key, slot):
        """What it costs that a person stands a half-day: the way, and what stands there already."""
        person = self.people[key]
        mix = self.mix[slot.station]
        repeated = sum(min(mix[one], 4) for one in person.specialities)
        return self._way(person, slot) + REPEATED_SPECIALITY * repeated

    def _fill(self, slots):
        """Fill the half-days of one moment: as many as can be, at the least cost."""
        busy = self.busy[slots[0].moment]
        keys = sorted(set().union(*(self.free[slot] for slot in slots)) - busy)
        costs = [
            [
                LOAD * self.load[key]
                + STOOD_BEFORE * min(self.people[key].stood_before, MOST_BEFORE)
                + self._cost(key, slot)
                if key in self.free[slot]
                else NOBODY
                for key in keys
            ]
            # So many places for nobody, that the half-days never outnumber the people.
            + [NOBODY] * len(slots)
            for slot in slots
        ]
        for slot, column in zip(slots, least_cost(costs), strict=True):
            if column < len(keys) and keys[column] in self.free[slot]:
                self._give(slot, keys[column])

    # Handing a half-day on from somebody to somebody with two less brings the squares of the loads
    # down, so this ends; and between equals it is always possible: of the half-days of the one who
    # has more there is one at which the other does not stand.
    def _even_out(self):
        held = defaultdict(set)
        for slot, key in self.given.items():
            held[key].add(slot)
        while chain := self._chain(held):
            for slot, key in chain:
                held[self._take(slot)].discard(slot)
                self._give(slot, key)
                held[key].add(slot)

    def _chain(self, held):
        """Half-days to hand on, from somebody with more to somebody with at least two less."""
        for start in sorted(held, key=lambda key: (-self.load[key], key)):
            if self.load[start] - min((self.load[key] for key in self.people), default=0) < 2:
                return None
            reached = {start: None}
            waiting = deque([start])
            while waiting:
                giver = waiting.popleft()
                for slot in sorted(held[giver]):
                    for key in sorted(self.free[slot] - reached.keys()):
                        if key in self.busy[slot.moment]:
                            continue
                        reached[key] = (giver, slot)
                        if self.load[key] <= self.load[start] - 2:
                            return _steps(reached, key)
                        waiting.append(key)
        return None

    def _exchange(self):
        """Exchange pairs of half-days where that shortens ways or mixes specialities better."""
        is_better = False
        slots = sorted(self.given)
        for number, first in enumerate(slots):
            for second in slots[number + 1 :]:
                is_better |= self._exchange_pair(first, second)
        return is_better

    def _exchange_pair(self, first, second):
        one, two = self.given[first], self.given[second]
        if one == two or one not in self.free[second] or two not in self.free[first]:
            return False
        if first.moment != second.moment and (
            one in self.busy[second.moment] or two in self.busy[first.moment]
        ):
            return False
        before = self._without(first, one) + self._without(second, two)
        after = self._without(first, two, instead_of=one) + self._without(
            second, one, instead_of=two
        )
        if after >= before or first.station == second.station:
            return False
        self._take(first)
        self._take(second)
        self._give(first, two)
        self._give(second, one)
        return True

    def _without(self, slot, key, *, instead_of=None):
        """What a person costs at a half-day, with its holder's specialities left out of the mix."""
        holder = self.people[instead_of or key].specialities
        mix = self.mix[slot.station]
        person = self.people[key]
        repeated = sum(min(mix[one] - (one in holder), 4) for one in person.specialities)
        return self._way(person, slot) + REPEATED_SPECIALITY * repeated


def _steps(reached, key):
    """The chain that leads to a person, each half-day with whom it goes to, the last one first."""
    steps = []
    while reached[key]:
        giver, slot = reached[key]
        steps.append((slot, key))
        key = giver
    return steps
