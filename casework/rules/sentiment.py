"""Signals of public sentiment (舆情信号) and their levels, rules 4.6. Pure.

Plain facts of one month come in, signals go out, gravest first. Thresholds are the county's
parameters. A signal keeps its numbers; its sentence is said in the reader's language.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.templatetags.words import day_name

from ..terms import Sensitive, SignalLevel

# One opponent is counted over so many days, the last included.
OPPONENT_DAYS = 30
WAGES = "civil.labour_pay"
# Signs that do not tell two names of one opponent apart: （清山）木业 is 清山木业. Full-width
# letters and figures are read as plain ones. PostgreSQL's translate() is given the same two rows.
_WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in "abcdefghijklmnopqrstuvwxyz0123456789")
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"
_DROPPED = " \u3000\t()（）[]【】「」{}<>《》〈〉“”‘’\"'·.,、，。;；:：-"
NAME_SIGNS, NAME_SIGNS_AS = _WIDE + _DROPPED, _PLAIN
_HALF_NAMED = re.compile(r"\w{1,2}某{1,2}\w?")
_SAME = str.maketrans(_WIDE, _PLAIN, _DROPPED)
# Topics that are watched, and the words that tell them. Two characters each, as the register's
# search keeps texts in pairs.
TOPICS = {
    "land": ("征地", "拆迁", "征收"),
    "property": ("预售", "交房", "烂尾"),
    "fund_raising": ("集资", "吸储", "传销"),
    "school": ("校园", "学籍", "欺凌"),
    "medical": ("医闹", "误诊"),
    "environment": ("污染", "排污", "粉尘"),
}
# More of one kind than this would hide the others; the most numerous are kept.
MOST_OF_ONE_KIND = 10
_LEVELS = [SignalLevel.GRAVE, SignalLevel.WATCH, SignalLevel.USUAL]
_KINDS = ["crowd", "flagged", "topic", "placed", "repeated", "opponent", "surge"]


def same_name(opponent: str) -> str:
    """Return an opponent's name without spaces, brackets and signs, widths made equal."""
    return opponent.lower().translate(_SAME)


def is_half_named(opponent: str) -> bool:
    """Whether the name tells nobody: two entries against 冯某 may be against two people."""
    return bool(_HALF_NAMED.fullmatch(opponent))


@dataclass(frozen=True)
class Thresholds:
    """The county's parameters of the same names."""

    surge_percent: int
    surge_entries: int
    opponent_mentions: int
    watch_persons: int
    watch_wage_workers: int
    watch_repeat_visits: int
    watch_topic_entries: int
    grave_persons: int

    @property
    def least_persons(self):
        """Below this number of persons no rule speaks of a crowd."""
        return min(self.watch_persons, self.watch_wage_workers, self.grave_persons)


@dataclass(frozen=True)
class Surge:
    """A matter's number in the month and its growth on the mean of the three months before."""

    matter: str
    name: str
    entries: int
    # None when the three months before had none.
    growth: Decimal | None


@dataclass(frozen=True)
class Named:
    """An opponent and the busiest 30 days that end in the month."""

    opponent: str
    entries: int
    last_on: date


@dataclass(frozen=True)
class Crowd:
    """Several people on one matter: together, or one after another against one opponent.

    `persons` is the most who came together, or all who came after one another, each once.
    """

    matter: str
    name: str
    # Empty where those who came together spoke of several opponents, or of none.
    opponent: str
    is_together: bool
    persons: int
    entries: int
    first_on: date


@dataclass(frozen=True)
class Repeated:
    """Entries of people who came for at least the third time on one matter."""

    matter: str
    name: str
    entries: int
    most: int


@dataclass(frozen=True)
class Flagged:
    """Entries the receiver marked as sensitive."""

    sensitive: str
    matter: str
    name: str
    entries: int
    persons: int
    first_on: date


@dataclass(frozen=True)
class Spoken:
    """A word of a watched topic and how many entries speak of it."""

    topic: str
    word: str
    entries: int


@dataclass(frozen=True)
class Placed:
    """Entries and applications from one village about a watched topic, and how many people."""

    topic: str
    village: str
    entries: int
    persons: int


@dataclass(frozen=True)
class Signal:
    """One signal: how grave, of what kind, about what, its numbers, the way to its rows."""

    level: str
    kind: str
    # The matter, the opponent or the word it is about.
    subject: str
    facts: dict = field(default_factory=dict)
    filters: dict = field(default_factory=dict)
    first_on: date | None = None

    @property
    def query(self):
        return urlencode(self.filters, doseq=True)

    @property
    def level_label(self):
        return SignalLevel(self.level).label

    @property
    def entries(self):
        return self.facts["entries"]

    @property
    def sentence(self):
        """What happened, in one line without a full stop."""
        return _SENTENCES[self.kind](self.subject, **self.facts)

    @property
    def due_rule(self):
        """When it must be reported (rules 4.6, clock 26)."""
        return {
            SignalLevel.GRAVE: _(
                "Phone at once; first written report within 2 hours, a further one within 24."
            ),
            SignalLevel.WATCH: _("Report on the same working day."),
            SignalLevel.USUAL: _("Report with the month."),
        }[SignalLevel(self.level)]

    @property
    def first_day(self):
        return day_name(self.first_on) if self.first_on else ""


def _say_surge(subject, *, entries, percent):
    if percent is None:
        return _("%(matter)s: %(entries)s, none in the three months before") % {
            "matter": subject,
            "entries": entries,
        }
    return _("%(matter)s: %(entries)s, %(percent)s%% above the mean of three months") % {
        "matter": subject,
        "entries": entries,
        "percent": percent,
    }


def _say_opponent(subject, *, entries):
    return _("%(opponent)s: named %(entries)s times in 30 days") % {
        "opponent": subject,
        "entries": entries,
    }


def _say_crowd(subject, *, entries, persons, opponent, is_together):
    values = {
        "matter": subject,
        "opponent": opponent,
        "persons": persons,
        "entries": entries,
    }
    if not is_together:
        said = _("%(matter)s: %(persons)s persons against %(opponent)s in %(entries)s entries")
    elif entries > 1:
        said = _("%(matter)s: %(entries)s groups, up to %(persons)s persons together")
    elif opponent:
        said = _("%(matter)s: %(persons)s persons together against %(opponent)s")
    else:
        said = _("%(matter)s: %(persons)s persons together")
    return said % values


def _say_repeated(subject, *, entries, most, visits):
    return ngettext(
        "%(matter)s: %(entries)s entry of somebody who came %(visits)s times or more, "
        "at most %(most)s",
        "%(matter)s: %(entries)s entries of people who came %(visits)s times or more, "
        "at most %(most)s",
        entries,
    ) % {"matter": subject, "entries": entries, "visits": visits, "most": most}


def _say_flagged(subject, *, entries, persons, sensitive):
    return _("%(matter)s: marked “%(sensitive)s”, %(entries)s entries, %(persons)s persons") % {
        "matter": subject,
        "sensitive": Sensitive(sensitive).label,
        "entries": entries,
        "persons": persons,
    }


def _say_topic(subject, *, entries, topic):
    return _("%(topic)s: %(entries)s entries speak of “%(word)s”") % {
        "topic": topic_label(topic),
        "word": subject,
        "entries": entries,
    }


def _say_placed(subject, *, entries, persons, topic):
    return _("%(village)s, %(topic)s: %(persons)s persons in %(entries)s entries") % {
        "village": subject,
        "topic": topic_label(topic),
        "persons": persons,
        "entries": entries,
    }


_SENTENCES = {
    "surge": _say_surge,
    "opponent": _say_opponent,
    "crowd": _say_crowd,
    "repeated": _say_repeated,
    "flagged": _say_flagged,
    "topic": _say_topic,
    "placed": _say_placed,
}


def topic_label(topic):
    return {
        "land": _("land and demolition"),
        "property": _("sale of homes"),
        "fund_raising": _("fund-raising"),
        "school": _("school"),
        "medical": _("medical treatment"),
        "environment": _("environment"),
    }[topic]


def is_surge(entries: int, growth: Decimal | None, thresholds: Thresholds) -> bool:
    """Tell whether a matter surges: enough entries, and enough growth or nothing before."""
    return entries >= thresholds.surge_entries and (
        growth is None or growth >= thresholds.surge_percent
    )


def crowd_level(crowd: Crowd, thresholds: Thresholds) -> SignalLevel | None:
    """Return the level of several people on one matter; None when they are too few.

    A wage claim of many workers has a threshold of its own; whichever is graver counts.
    """
    if crowd.persons >= thresholds.grave_persons:
        return SignalLevel.GRAVE
    watched = thresholds.watch_persons
    if crowd.matter == WAGES:
        watched = min(watched, thresholds.watch_wage_workers)
    return SignalLevel.WATCH if crowd.persons >= watched else None


def flagged_level(flagged: Flagged, thresholds: Thresholds) -> SignalLevel:
    """Extreme words, media, and special people are always grave; a group by its number."""
    if flagged.sensitive != Sensitive.GROUP or flagged.persons >= thresholds.grave_persons:
        return SignalLevel.GRAVE
    return SignalLevel.WATCH


def placed_level(placed: Placed, thresholds: Thresholds) -> SignalLevel | None:
    """Return the level of one village on one watched topic; one person who comes often is none."""
    if placed.persons >= thresholds.grave_persons:
        return SignalLevel.GRAVE
    if placed.persons >= thresholds.watch_persons:
        return SignalLevel.WATCH
    is_several = min(placed.entries, placed.persons) >= thresholds.watch_topic_entries
    return SignalLevel.USUAL if is_several else None


def is_graver(level: str, other: str) -> bool:
    return _LEVELS.index(level) < _LEVELS.index(other)


def signal_of(fact, thresholds: Thresholds) -> Signal | None:
    """Return the signal a single fact amounts to, or None; the one way to judge a fact."""
    return _of(fact, thresholds, {})


def _of(fact, thresholds, filters):
    """Return the signal a fact amounts to, or None."""
    match fact:
        case Surge():
            level = (
                SignalLevel.USUAL if is_surge(fact.entries, fact.growth, thresholds) else None
            )
            percent = None if fact.growth is None else str(fact.growth)
            return _signal(
                level,
                "surge",
                fact.name,
                {"entries": fact.entries, "percent": percent},
                filters | {"matter": fact.matter},
            )
        case Named():
            is_often = fact.entries >= thresholds.opponent_mentions
            level = SignalLevel.USUAL if is_often and not is_half_named(fact.opponent) else None
            days = {
                "from": (fact.last_on - timedelta(days=OPPONENT_DAYS - 1)).isoformat(),
                "to": fact.last_on.isoformat(),
            }
            return _signal(
                level,
                "opponent",
                fact.opponent,
                {"entries": fact.entries},
                filters | days | {"opponent": fact.opponent},
            )
        case Crowd():
            way = (
                {"persons": thresholds.least_persons}
                if fact.is_together
                else {"opponent": fact.opponent}
            )
            return _signal(
                None
                if not fact.is_together and is_half_named(fact.opponent)
                else crowd_level(fact, thresholds),
                "crowd",
                fact.name,
                {
                    "entries": fact.entries,
                    "persons": fact.persons,
                    "opponent": fact.opponent,
                    "is_together": fact.is_together,
                },
                filters | {"matter": fact.matter} | way,
                fact.first_on,
            )
        case Repeated():
            level = SignalLevel.WATCH if fact.most >= thresholds.watch_repeat_visits else None
            return _signal(
                level,
                "repeated",
                fact.name,
                {
                    "entries": fact.entries,
                    "most": fact.most,
                    "visits": thresholds.watch_repeat_visits,
                },
                filters | {"matter": fact.matter, "repeat": thresholds.watch_repeat_visits},
            )
        case Flagged():
            return _signal(
                flagged_level(fact, thresholds),
                "flagged",
                fact.name,
                {
                    "entries": fact.entries,
                    "persons": fact.persons,
                    "sensitive": fact.sensitive,
                },
                filters | {"matter": fact.matter, "sensitive": fact.sensitive},
                fact.first_on,
            )
        case Spoken():
            level = (
                SignalLevel.WATCH if fact.entries >= thresholds.watch_topic_entries else None
            )
            return _signal(
                level,
                "topic",
                fact.word,
                {"entries": fact.entries, "topic": fact.topic},
                filters | {"q": fact.word},
            )

        case Placed():
            return _signal(
                placed_level(fact, thresholds),
                "placed",
                fact.village,
                {"entries": fact.entries, "persons": fact.persons, "topic": fact.topic},
                filters,
            )


def _signal(level, kind, subject, facts, filters, first_on=None):
    return level and Signal(level.value, kind, subject, facts, filters, first_on)


def signals_of(facts: Iterable, thresholds: Thresholds, filters: dict) -> tuple[Signal, ...]:
    """Return the signals of a month's facts, gravest first, at most ten of one kind and level.

    `filters` open the month's rows of the place in the register list. An opponent who is already
    part of a crowd is not named a second time.
    """
    found = [signal for fact in facts if (signal := _of(fact, thresholds, filters))]
    crowded = {same_name(s.facts["opponent"]) for s in found if s.kind == "crowd"}
    found = [s for s in found if s.kind != "opponent" or same_name(s.subject) not in crowded]
    found.sort(
        key=lambda s: (
            _LEVELS.index(s.level),
            _KINDS.index(s.kind),
            -s.facts.get("persons", s.entries),
            s.subject,
        )
    )
    kept, seen = [], {}
    for signal in found:
        seen[signal.level, signal.kind] = seen.get((signal.level, signal.kind), 0) + 1
        if seen[signal.level, signal.kind] <= MOST_OF_ONE_KIND:
            kept.append(signal)
    return tuple(kept)
