"""Signs that make one ask how a record came about 真实性提示: questions, never deductions."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from casework.analysis import LAST_DAYS, year_oddities

from .models import IntegrityFlag
from .running import through
from .terms import FlagKind, ReadFrom, SheetStatus

# Fewer than these tell nothing.
FEW = 5
MANY = 20
# Percent of a year's entries typed in its last days, that looks like a burst.
BURST_PERCENT = 20
# Percent of a station's counts of people reached that end in 00 or 50.
ROUND_PERCENT = 80

# Half-days signed on another day than their own, and the most signed within one hour.
_SIGNING = """
SELECT station_id, count(*) FILTER (WHERE signed_on <> day), max(together)
FROM (
    SELECT station_id, day, (signed_in_at AT TIME ZONE %(zone)s)::date AS signed_on,
           count(*) OVER (PARTITION BY station_id, date_trunc('hour', signed_in_at)) AS together
    FROM stations_dutyslot
    WHERE station_id = ANY(%(stations)s) AND signed_in_at IS NOT NULL
      AND day BETWEEN %(first)s AND %(through)s
) AS signed
GROUP BY station_id
"""

_ROUND = """
SELECT station_id, count(*), count(*) FILTER (WHERE reached %% 50 = 0)
FROM stations_publicityevent
WHERE station_id = ANY(%(stations)s) AND voided_at IS NULL AND reached > 0
  AND "on" BETWEEN %(first)s AND %(through)s
GROUP BY station_id
"""


@dataclass(frozen=True)
class Question:
    """One thing to ask: its kind, the words, where its rows are."""

    kind: FlagKind
    words: str
    rows: dict = field(default_factory=dict)


@transaction.atomic
def find_flags(year, *, on):
    """Ask anew what looks odd in the records of a year's sheets; return how many questions stand.

    A question that is no longer found and was never answered goes; one that was answered stays.
    """
    last = through(year, on)
    sheets = {
        sheet.station_id: sheet
        for sheet in year.sheets.exclude(status=SheetStatus.FROZEN).select_related("station")
    }
    if not sheets or last < year.first_day:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        found = _questions(year, [sheet.station for sheet in sheets.values()], last)
    there = {
        (flag.sheet_id, flag.kind): flag
        for flag in IntegrityFlag.objects.filter(sheet__in=sheets.values())
    }
    standing = 0
    for station_id, sheet in sheets.items():
        for question in found[station_id]:
            standing += 1
            _keep(sheet, question, there.pop((sheet.pk, question.kind.value), None))
    for flag in there.values():
        if flag.answered_at is None:
            flag.delete()
        elif flag.is_current:
            flag.is_current = False
            flag.save(update_fields=["is_current"])
    return standing


def _keep(sheet, question, flag):
    if flag is None:
        IntegrityFlag.objects.create(
            sheet=sheet, kind=question.kind, words=question.words, rows=question.rows
        )
    elif (flag.words, flag.rows, flag.is_current) != (question.words, question.rows, True):
        flag.words, flag.rows, flag.is_current = question.words, question.rows, True
        flag.save(update_fields=["words", "rows", "is_current"])


def _questions(year, stations, last):
    values = {
        "stations": [station.pk for station in stations],
        "first": year.first_day,
        "through": last,
        "zone": settings.TIME_ZONE,
    }
    found = defaultdict(list)
    register = {"from": ReadFrom.REGISTER.value, "fact": "entries_timely"}
    for pk, odd in year_oddities(stations, year.first_day, last, year.last_day).items():
        found[pk] += _of_register(odd, register, is_over=last > year.last_day - LAST_DAYS)
    duty = {"from": ReadFrom.DUTY.value, "fact": "duty_attended"}
    for pk, other_day, together in _ask(_SIGNING, values):
        found[pk] += _of_duty(other_day, together, duty)
    for pk, events, even in _ask(_ROUND, values):
        if events >= FEW and even * 100 >= events * ROUND_PERCENT:
            found[pk].append(
                Question(
                    FlagKind.ROUND_NUMBERS,
                    _(
                        "Of %(events)s publicity events, %(count)s reached a round number of people."
                    )
                    % {"events": events, "count": even},
                    {"from": ReadFrom.PUBLICITY.value, "fact": "publicity_events"},
                )
            )
    return found


def _of_register(odd, rows, *, is_over):
    if odd.long_after >= FEW:
        yield Question(
            FlagKind.LATE_ENTRY,
            _(
                "%(count)s of %(entries)s entries were typed more than three weeks after the event."
            )
            % {"count": odd.long_after, "entries": odd.entries},
            rows,
        )
    if (
        is_over
        and odd.typed_last >= MANY
        and odd.typed_last * 100 >= odd.entries * BURST_PERCENT
    ):
        yield Question(
            FlagKind.YEAR_END_BURST,
            _(
                "%(count)s of %(entries)s entries were typed in the last two weeks of the year, "
                "%(earlier)s of them about earlier days."
            )
            % {
                "count": odd.typed_last,
                "entries": odd.entries,
                "earlier": odd.typed_last_of_earlier,
            },
            rows,
        )
    if odd.copied:
        yield Question(
            FlagKind.COPIED_TEXT,
            _("One text stands word for word on %(count)s entries.") % {"count": odd.copied},
            rows | {"id": odd.copied_entry_id},
        )


def _of_duty(other_day, together, rows):
    if other_day >= FEW or together >= FEW:
        yield Question(
            FlagKind.BULK_SIGNING,
            _(
                "%(other)s half-days were signed on another day than their own; up to %(together)s "
                "were signed within one hour."
            )
            % {"other": other_day, "together": together},
            rows,
        )


def _ask(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
