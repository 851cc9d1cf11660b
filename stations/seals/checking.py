"""Holding sealed days against the records as they are now (日志校验).

Asked for by the auditor, by the clockwork every night, or by `manage.py check_seals`; done by a
worker, since years of records take minutes.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.exceptions import FieldError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errands import hand_over
from ..models import DaySeal, SealAmendment, SealCheck
from ..templatetags.words import full_day
from .chain import Held, digest_of, held, last_day, nothing, spans, table_seals
from .tables import name_of

WORK = "stations.tasks.work_on_seal_check"
# Every night so many of the last days are checked; all of them when somebody asks.
NIGHTLY_DAYS = 31
# A site that was off seals a day later. After so many days without a seal something is wrong.
SEALED_WITHIN = timedelta(days=3)
# What a check keeps of what it found; where so much is wrong, the first are enough.
MOST_FINDINGS = 200


class Wrong(models.TextChoices):
    """In what a sealed day no longer agrees."""

    SEAL = "seal", gettext_lazy("The seal of this day, or of the day before, was changed.")
    MISSING = "missing", gettext_lazy("This day has no seal.")
    GONE = "gone", gettext_lazy("Rows were taken away.")
    ADDED = "added", gettext_lazy("Rows were added afterwards.")
    CHANGED = "changed", gettext_lazy("Rows were altered or exchanged.")
    WORDS = "words", gettext_lazy("Words or values of rows were altered.")
    UNKNOWN = "unknown", gettext_lazy("The table can no longer be read as it was sealed.")


@dataclass(frozen=True)
class Finding:
    """One day, and table, that no longer agrees: in what, and how many rows it had and has."""

    day: date
    kind: str
    table: str = ""
    then: int = 0
    now: int = 0

    @property
    def words(self):
        """What is wrong: 记录被删去。封存时12条，现在11条。"""
        wrong = f"{Wrong(self.kind).label}"
        if self.then == self.now:
            return wrong
        return _("%(wrong)s Sealed with %(then)d rows, now %(now)d.") % {
            "wrong": wrong,
            "then": self.then,
            "now": self.now,
        }

    @property
    def sentence(self):
        """The same with its day and table: 2026年11月5日，申请办理过程：记录被删去。…"""
        words = {"day": full_day(self.day), "table": name_of(self.table), "wrong": self.words}
        if self.table:
            return _("%(day)s, %(table)s: %(wrong)s") % words
        return _("%(day)s: %(wrong)s") % words

    def as_json(self):
        return asdict(self) | {"day": self.day.isoformat()}


def findings_of(check):
    """Return the `Finding`s a check has kept."""
    return [
        Finding(**(kept | {"day": date.fromisoformat(kept["day"])})) for kept in check.findings
    ]


# ── Checking ────────────────────────────────────────────────────────────────────────────


def check(first, last, progress=lambda done, total: None):
    """Return the `Finding`s of the days from `first` to `last`, the earliest first.

    Days before the first seal there is are none of the chain's. `progress(done, total)` counts days.
    """
    begin = DaySeal.objects.order_by("day").values_list("day", flat=True).first()
    last = min(last, last_day())
    if begin is None:
        return []
    first = max(first, begin)
    found, done, total = [], 0, max((last - first).days + 1, 0)
    for start, end in spans(first, last):
        found += _check_span(start, end)
        done += (end - start).days + 1
        progress(done, total)
    return sorted(found, key=lambda finding: (finding.day, finding.table))


def _check_span(first, last):
    seals = {seal.day: seal for seal in DaySeal.objects.within(first - timedelta(days=1), last)}
    return [*_wrong_seals(seals, first, last), *_wrong_tables(seals, first, last)]


def _wrong_seals(seals, first, last):
    """The days whose seal is missing, or does not follow from itself and the one before."""
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        seal, before = seals.get(day), seals.get(day - timedelta(days=1))
        if seal is None:
            if (
                day <= last_day() - SEALED_WITHIN
                or DaySeal.objects.filter(day__gt=day).exists()
            ):
                yield Finding(day, Wrong.MISSING)
            continue
        said = before.digest if before and seal.previous_id else ""
        if seal.digest != digest_of(day, seal.tables, said):
            yield Finding(day, Wrong.SEAL)


def _wrong_tables(seals, first, last):
    """The days whose rows are no longer those that were sealed, table by table."""
    amended = amendments(first, last)
    by_columns = {}
    for day, seal in seals.items():
        if day >= first:
            for table in table_seals(seal):
                by_columns.setdefault(table.columns, {})[day] = table
    for columns, sealed in by_columns.items():
        days = sorted(sealed)
        try:
            now = held(columns, days[0], days[-1])
        except (LookupError, FieldError):
            for day in days:
                yield Finding(day, Wrong.UNKNOWN, columns[0])
            continue
        for day in days:
            table = sealed[day]
            then = amended.get((day, table.table), table.held)
            there = now.get(day) or nothing()
            if kind := wrong(then, there):
                yield Finding(day, kind, table.table, then.rows, there.rows)


def amendments(first, last):
    """Return {(day, table): Held} of what was lawfully changed since the days were sealed."""
    return {
        (each.day, each.table): Held(each.rows, each.frame, each.words)
        for each in SealAmendment.objects.filter(day__gte=first, day__lte=last)
    }


def wrong(then, now):
    """Return in what a day no longer holds what it held, or None when nothing is wrong."""
    if now.rows != then.rows:
        return Wrong.GONE if now.rows < then.rows else Wrong.ADDED
    if now.frame != then.frame:
        return Wrong.CHANGED
    return Wrong.WORDS if now.words != then.words else None


# ── Checks that are owed ────────────────────────────────────────────────────────────────


def ask_for(first, last, *, by):
    """Owe a check of these days, and send it to a worker after the commit. Returns the `SealCheck`.

    One that somebody asked for these very days and that is still owed is not asked for twice.
    """
    owed = SealCheck.objects.owed().filter(first=first, last=last).first()
    if owed:
        return owed
    asked = SealCheck.objects.create(first=first, last=last, asked_by=by)
    transaction.on_commit(lambda: send(asked.pk))
    return asked


def send(check_id):
    """Hand one owed check to a worker; when Redis is away, the sweep will."""
    hand_over(WORK, check_id)


def work_on(check_id):
    """Do one owed check. A second run of a finished one changes nothing."""
    asked = SealCheck.objects.owed().filter(pk=check_id).first()
    if asked is None:
        return
    mine = SealCheck.objects.owed().filter(pk=check_id)

    def progress(done, total):
        mine.update(done=done, total=total, moved_at=timezone.now())

    found = check(asked.first, asked.last, progress)
    mine.update(
        findings=[finding.as_json() for finding in found[:MOST_FINDINGS]],
        finished_at=timezone.now(),
    )


def check_at_night():
    """Check the last days, by the clock and not by a person; once a night."""
    last = last_day()
    if SealCheck.objects.filter(last=last, asked_by=None).exists():
        return
    asked = SealCheck.objects.create(first=last - timedelta(days=NIGHTLY_DAYS - 1), last=last)
    work_on(asked.pk)
