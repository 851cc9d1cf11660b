"""The chain of day seals: how a day is sealed, and by which digests it is held against later.

A seal goes over the sealed tables of one local day and over the seal before it, so that nothing of
a past day can be altered, added or taken away, and no seal exchanged, without every later seal
becoming wrong. The last seal is printed on each monthly analysis: paper cannot be changed with it.

Each table has two digests. The *frame* goes over the columns that stay for good: ids, times, people,
codes. The *words* go over texts and personal values. Retention (rules 8.5) empties words, and
destroys rows, by a recorded act; `amending` then writes down what the day holds since, and the frame
still tells whether anything else was touched.

Encrypted values count by what they say, not by how they are stored: new keys or a new cipher change
nothing. That would let a digest be searched for the phone number of a day's only row, so all
digests are keyed (HMAC-SHA-256); whoever has the database alone can neither guess nor forge them.
The key comes from the first key of the ring, which search hashes need for good as well.

A seal carries the columns its tables had that day. A column that is renamed or dropped later makes
its days uncheckable: such a migration amends them.

Rows are read through a server-side cursor in the order of their moment and added up one by one: a
day of a million rows takes no more memory than one of ten.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, models, transaction
from django.db.models import Min
from django.db.models.functions import Cast
from django.utils import timezone

from ..models import DaySeal
from ..privacy import decrypt, keyed_digest
from .tables import TABLES, is_encrypted, model_of

# The way a seal is made; another way gets another number.
SCHEME = 1
# What was begun before midnight is saved by then.
SETTLES_WITHIN = timedelta(hours=2)
# So many days are read in one go, table by table.
SPAN = 31


@dataclass(frozen=True)
class Held:
    """What a day holds of a table: rows, and the digests of their frame and of their words."""

    rows: int
    frame: str
    words: str


@dataclass(frozen=True)
class TableSeal:
    """What the seal of a day says of one table."""

    table: str
    at: str
    frame_columns: tuple[str, ...]
    words_columns: tuple[str, ...]
    rows: int
    frame: str
    words: str

    @property
    def columns(self):
        """How its rows are read; days that agree in this are read together."""
        return self.table, self.at, tuple(self.frame_columns), tuple(self.words_columns)

    @property
    def held(self):
        return Held(self.rows, self.frame, self.words)


# ── Digests ─────────────────────────────────────────────────────────────────────────────


def held(columns, first, last):
    """Return {day: Held} of a table for the days from `first` to `last` that have rows.

    `columns` are (label, path of the moment, frame, words). Raises LookupError or FieldError when
    the table or one of the columns is no longer there.
    """
    label, at, frame, words = columns
    model = model_of(label)
    stored = {
        f"stored_{column}": Cast(column, models.BinaryField())
        for column in words
        if is_encrypted(model, column)
    }
    read = [f"stored_{column}" if f"stored_{column}" in stored else column for column in words]
    rows = (
        model._base_manager.filter(
            **{f"{at}__gte": _midnight(first), f"{at}__lt": _midnight(last + timedelta(days=1))}
        )
        .annotate(**stored)
        .order_by(at, "pk")
        .values_list(at, *frame, *read)
    )
    with transaction.atomic():
        return {
            day: _held(group, len(frame))
            for day, group in groupby(
                rows.iterator(chunk_size=5000), key=lambda row: timezone.localdate(row[0])
            )
        }


def nothing():
    """Return what a day without rows holds."""
    return _held((), 0)


def _held(rows, frame_width):
    frame, words, count = keyed_digest(), keyed_digest(), 0
    for _moment, *values in rows:
        count += 1
        frame.update(_line(values[:frame_width]))
        words.update(_line(values[frame_width:]))
    return Held(count, frame.hexdigest(), words.hexdigest())


def _line(values):
    """One row as bytes that no other row has."""
    text = json.dumps(values, default=_plain, ensure_ascii=False, sort_keys=True)
    return text.encode() + b"\n"


def _plain(value):
    """What JSON has no word for, the same on every server: moments in UTC, stored values as they read."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        try:
            return decrypt(value)
        except (ValueError, InvalidTag):
            return f"unreadable {bytes(value).hex()}"
    return str(value)


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


# ── Seals ───────────────────────────────────────────────────────────────────────────────


def digest_of(day, tables, before):
    """Return the digest of a seal: its day, what it says of each table, the digest of the one before."""
    text = json.dumps(
        [SCHEME, day.isoformat(), tables, before],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    digest = keyed_digest()
    digest.update(text.encode())
    return digest.hexdigest()


def table_seals(seal):
    """Return the `TableSeal`s of a seal."""
    return [TableSeal(**table) for table in seal.tables]


def last_day(now=None):
    """Return the last day whose rows have settled."""
    return timezone.localdate((now or timezone.now()) - SETTLES_WITHIN) - timedelta(days=1)


def spans(first, last):
    """Cut days into pieces of a month's length."""
    while first <= last:
        end = min(first + timedelta(days=SPAN - 1), last)
        yield first, end
        first = end + timedelta(days=1)


def seal_days(now=None):
    """Seal every settled day that has no seal yet, from the first row ever. Returns how many.

    A second run seals nothing; of two at once, one does it.
    """
    previous, last = DaySeal.objects.first(), last_day(now)
    first = previous.day + timedelta(days=1) if previous else min(_first_day() or last, last)
    count = 0
    for start, end in spans(first, last):
        seals = _seals(previous, start, end)
        try:
            with transaction.atomic():
                DaySeal.objects.bulk_create(seals)
        except IntegrityError:
            break
        previous, count = seals[-1], count + len(seals)
    return count


def _first_day() -> date | None:
    moments = [
        model_of(table.label)._base_manager.aggregate(first=Min(table.at))["first"]
        for table in TABLES.values()
    ]
    return min((timezone.localdate(moment) for moment in moments if moment), default=None)


def _seals(previous, first, last):
    """The seals of these days, each on the one before, not saved yet."""
    tables = sorted(TABLES.values(), key=lambda table: table.label)
    found = {
        table.label: held((table.label, table.at, table.frame, table.words), first, last)
        for table in tables
    }
    empty, seals = nothing(), []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        said = [
            {
                "table": table.label,
                "at": table.at,
                "frame_columns": list(table.frame),
                "words_columns": list(table.words),
                **asdict(found[table.label].get(day, empty)),
            }
            for table in tables
        ]
        seal = DaySeal(day=day, previous=previous, tables=said)
        seal.digest = digest_of(day, said, previous.digest if previous else "")
        seals.append(seal)
        previous = seal
    return seals
