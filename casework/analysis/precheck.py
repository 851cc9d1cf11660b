"""The check before a month is sent (交表前体检): gaps and oddities, each with the rows behind it.

Nothing here stops a report; a person looks at each finding and mends the row or leaves it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.templatetags.words import day_name

from ..models import RegisterEntry
from ..periods import last_day, next_month
from ..terms import Channel
from .figures import share
from .monthly import monthly_analysis

# What a call and a visit must say (rules 4.3); a letter or message at least the last part.
_ALWAYS = ("statement", "answer", "disposal", "answered_at", "receiver_name")
_OF_A_PERSON = ("sex", "people_groups", "is_told_of_right")
REQUIRED = {
    Channel.CALL: ("phone_hash", *_OF_A_PERSON, *_ALWAYS),
    Channel.VISIT: (*_OF_A_PERSON, "village_id", *_ALWAYS),
    Channel.LETTER: _ALWAYS,
    Channel.ONLINE: _ALWAYS,
    Channel.OTHER: _ALWAYS,
}
# Nobody refuses to be named and then gives a number or a village.
NOT_OF_ANONYMOUS = {"phone_hash", "sex", "people_groups", "village_id"}
ODD_PERSONS = 50
ODD_MINUTES = 240
FIRST_HOUR, LAST_HOUR = 7, 21
# One text on so many entries looks copied; so does one on this share of the month.
COPIES = 3
# Fewer entries than these tell nothing about habits.
FEW = 5
LATE_SHARE = 30
MOST_SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """One thing to look at: a sentence, the filters of its rows or the rows themselves.

    `level` is `mend` for what the register must say and does not, `look` for what is odd.
    """

    code: str
    level: str
    sentence: str
    filters: dict = field(default_factory=dict)
    # [(id, number)] of the first rows, where no filter of the list opens just them.
    entries: tuple[tuple[int, str], ...] = ()

    @property
    def query(self):
        return urlencode(self.filters, doseq=True)


def field_label(name):
    """Return what a required field is called on the form."""
    if name == "phone_hash":
        return _("phone")
    return str(RegisterEntry._meta.get_field(name.removesuffix("_id")).verbose_name)


def precheck(station, month, *, analysis=None):
    """Return the findings of a station's month, gaps first. `analysis` saves counting again."""
    analysis = analysis or monthly_analysis(station, month)
    rows = list(
        RegisterEntry.objects.counted()
        .filter(station=station)
        .in_month(month, next_month(month))
        .defer("search_terms", "address", "phone", "id_number")
        .order_by("occurred_at", "pk")
    )
    days = {
        "from": month.isoformat(),
        "to": last_day(month).isoformat(),
        "station": station.pk,
    }
    return [
        *_missing(rows, days),
        *_doubles(rows),
        *_odd(rows),
        *_habits(rows, days),
        *_of_the_month(analysis, days),
    ]


def _shown(rows):
    return tuple((row.pk, row.number) for row in rows[:MOST_SHOWN])


def missing_cells(entry):
    """Return the required fields an entry leaves empty."""
    empty = [name for name in REQUIRED[entry.channel] if not getattr(entry, name)]
    if entry.is_anonymous:
        empty = [name for name in empty if name not in NOT_OF_ANONYMOUS]
    return empty


def _missing(rows, days):
    gaps = defaultdict(list)
    for row in rows:
        for name in missing_cells(row):
            gaps[name].append(row)
    for name, with_gap in gaps.items():
        sentence = ngettext(
            "%(count)s entry does not say: %(field)s.",
            "%(count)s entries do not say: %(field)s.",
            len(with_gap),
        ) % {"count": len(with_gap), "field": field_label(name)}
        yield Finding(
            f"missing.{name.removesuffix('_id').removesuffix('_hash')}",
            "mend",
            sentence,
            entries=_shown(with_gap),
        )


def _doubles(rows):
    """The same person on the same matter twice on one day, by the same way."""
    same = defaultdict(list)
    for row in rows:
        person = row.phone_hash or row.id_hash or (row.name and (row.name, row.village_id))
        if person:
            same[row.occurred_on, row.channel, row.matter_id, person].append(row)
    doubles = [row for members in same.values() if len(members) > 1 for row in members]
    if doubles:
        yield Finding(
            "double",
            "look",
            _("%(count)s entries look recorded twice: same day, person and matter.")
            % {"count": len(doubles)},
            entries=_shown(doubles),
        )


def _odd(rows):
    many = [row for row in rows if row.persons > ODD_PERSONS]
    if many:
        yield Finding(
            "persons",
            "look",
            _("More than %(most)s persons on one entry: %(count)s. Count them again.")
            % {"most": ODD_PERSONS, "count": len(many)},
            entries=_shown(many),
        )
    long = [row for row in rows if (row.duration_minutes or 0) > ODD_MINUTES]
    if long:
        yield Finding(
            "minutes",
            "look",
            _("Longer than %(most)s minutes: %(count)s.")
            % {"most": ODD_MINUTES, "count": len(long)},
            entries=_shown(long),
        )
    night = [
        row
        for row in rows
        if not FIRST_HOUR <= timezone.localtime(row.occurred_at).hour < LAST_HOUR
    ]
    if night:
        yield Finding(
            "night",
            "look",
            _("At night, before %(first)s:00 or from %(last)s:00: %(count)s.")
            % {"first": FIRST_HOUR, "last": LAST_HOUR, "count": len(night)},
            entries=_shown(night),
        )


def _habits(rows, days):
    texts = defaultdict(list)
    for row in rows:
        if text := "".join(row.statement.split()):
            texts[text].append(row)
    copied = [row for same in texts.values() if len(same) >= COPIES for row in same]
    if copied:
        yield Finding(
            "copied",
            "look",
            _("%(count)s entries (%(share)s%%) repeat one text word for word.")
            % {"count": len(copied), "share": share(len(copied), len(rows))},
            entries=_shown(copied),
        )
    if len(rows) >= FEW:
        on = Counter(row.occurred_on for row in rows)
        if len(on) == 1:
            (day,) = on
            yield Finding(
                "one_day",
                "look",
                _("All %(count)s entries of the month lie on one day.") % {"count": len(rows)},
                filters=days | {"from": day.isoformat(), "to": day.isoformat()},
            )
        else:
            typed = Counter(timezone.localdate(row.recorded_at) for row in rows)
            if len(typed) == 1:
                yield Finding(
                    "typed_one_day",
                    "look",
                    _("All %(count)s entries of the month were typed on one day.")
                    % {"count": len(rows)},
                    filters=days,
                )


def _of_the_month(analysis, days):
    entries, late = analysis.totals.entries.value, analysis.quality.late.value
    if entries >= FEW and late * 100 >= entries * LATE_SHARE:
        yield Finding(
            "late",
            "look",
            _("%(count)s entries (%(share)s%%) were typed late.")
            % {"count": late, "share": share(late, entries)},
            filters=analysis.quality.late.filters,
        )
    earlier = [month.entries.value for month in analysis.trend[:-1]]
    usual = median(earlier)
    if usual and entries > 2 * usual and entries >= FEW:
        yield Finding(
            "double_usual",
            "look",
            _("%(count)s entries, more than twice the usual %(usual)s of the last 12 months.")
            % {"count": entries, "usual": f"{usual:g}"},
            filters=days,
        )
    blank = analysis.quality.blank_dates
    if blank:
        yield Finding(
            "blank_days",
            "look",
            ngettext(
                "%(count)s working day has neither an entry nor a word that nobody came: %(days)s.",
                "%(count)s working days have neither an entry nor a word that nobody came: %(days)s.",
                len(blank),
            )
            % {
                "count": len(blank),
                "days": _(", ").join(day_name(day) for day in blank),
            },
        )
