"""What a row of a liaisons' file does with those on record: it appoints, corrects or ends one.

`save` writes all rows or none.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..files.tables import FileRefused
from ..models import Liaison
from ..particulars import keeping
from . import posts

# Column: the headers it may have; the first one is written.
HEADERS = {
    "village_code": ("村居代码", "区划代码", "village code"),
    "township": ("乡镇", "乡镇（街道）", "township"),
    "village": ("村居", "村（社区）", "village"),
    "name": ("姓名", "联络员", "name"),
    "sex": ("性别", "sex"),
    "post": ("村居职务", "职务", "post"),
    "phone": ("电话", "联系电话", "phone"),
    "is_acting": ("代理", "是否代理", "acting"),
    "appointed_from": ("任职日期", "起任日期", "appointed from"),
    "appointed_to": ("离任日期", "appointed until"),
    "ended_reason": ("离任原因", "reason of leaving"),
}
REQUIRED = ["name", "post", "appointed_from"]


@dataclass
class Line:
    """One row of a file: what it says, what it would do, what is wrong with it.

    A row with the village, name and first day of a liaison on record is about that liaison: cells
    that differ become `changed`, empty ones leave what is there. Any other row is a new liaison.
    """

    number: int
    cells: dict[str, str]
    liaison: Liaison | None = None
    # The liaison on record the row is about, and its particulars that the row says otherwise.
    present: Liaison | None = None
    changed: dict[str, object] = field(default_factory=dict)
    # The last day of `present`, who is in post until now.
    leaves_on: date | None = None
    # The liaison in post whom this one replaces.
    replaced: Liaison | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self):
        return not self.errors and self.present is None

    @property
    def is_unchanged(self):
        return bool(self.present) and not (self.changed or self.leaves_on)

    @property
    def sentences(self):
        """[(header, sentence)]; a sentence about the whole row has no header."""
        return [
            (HEADERS[column][0] if column else "", text) for column, text in self.errors.items()
        ]

    @property
    def changed_headers(self):
        return [HEADERS[column][0] for column in self.changed]

    @property
    def station(self):
        return (self.present or self.liaison).station

    @property
    def days(self):
        """First and last day in post once the file is taken over."""
        if self.present:
            return self.present.appointed_from, self.leaves_on or self.present.appointed_to
        return self.liaison.appointed_from, self.liaison.appointed_to


# ── Checking ────────────────────────────────────────────────────────────────────────────


def appoint(line):
    """Check a row that appoints somebody."""
    new = line.liaison
    if new.village.valid_to:
        line.errors["village"] = _("This village ended on %s. Use the name it has now.") % (
            date_format(new.village.valid_to)
        )
    elif new.station is None:
        line.errors["village"] = _("None of your stations has this village.")
    elif new.village.valid_from and new.appointed_from < new.village.valid_from:
        line.errors["appointed_from"] = _(
            "The village has carried this name only since a later day."
        )
    elif new.appointed_from > posts.latest_day():
        line.errors["appointed_from"] = _("This day is more than a year away.")
    elif new.appointed_to:
        _check_last_day(line, new.appointed_from)


def correct(line, *, kept_at):
    """Find what a row says otherwise than the record it is about."""
    said, present = line.liaison, line.present
    for name in ("sex", "post", "phone"):
        if getattr(said, name) and getattr(said, name) != getattr(present, name):
            line.changed[name] = getattr(said, name)
    if line.cells.get("is_acting") and said.is_acting != present.is_acting:
        line.changed["is_acting"] = said.is_acting
    if said.appointed_to != present.appointed_to:
        if present.appointed_to:
            line.errors["appointed_to"] = _(
                "This liaison left on %s. A file does not change that day."
            ) % date_format(present.appointed_to)
        else:
            line.leaves_on = said.appointed_to
            _check_last_day(line, present.appointed_from)
            if not said.ended_reason:
                line.errors["ended_reason"] = _("Say why this liaison leaves.")
    if (line.changed or line.leaves_on) and present.station not in kept_at:
        line.errors[""] = _("This liaison is kept by %s.") % present.station.name


def _check_last_day(line, first_day):
    if line.liaison.appointed_to < first_day:
        line.errors["appointed_to"] = _("The last day is before the first day.")
    elif line.liaison.appointed_to > posts.latest_day():
        line.errors["appointed_to"] = _("This day is more than a year away.")


def check_days(lines, on_record, *, replaces):
    """Of two liaisons of one village the days never overlap: among the rows, and with the record."""
    by_village = {}
    for line in lines:
        if not line.errors:
            by_village.setdefault(line.liaison.village_id, []).append(line)
    for village_id, about in by_village.items():
        taken = []
        for line in about:
            other = next((each for each in taken if _overlap(each.days, line.days)), None)
            if other:
                line.errors[""] = (
                    _("Row %d is about the same village and the same days.") % other.number
                )
            else:
                taken.append(line)
        settled = {line.present.pk for line in about if line.present}
        for line in sorted(about, key=lambda line: line.days[0]):
            if line.is_new:
                others = on_record.get(village_id, [])
                _make_room(
                    line, [each for each in others if each.pk not in settled], replaces=replaces
                )
            if line.replaced:
                settled.add(line.replaced.pk)


def _overlap(days, others):
    (first, last), (other_first, other_last) = days, others
    return first <= (other_last or date.max) and other_first <= (last or date.max)


def _make_room(line, others, *, replaces):
    """Let a new liaison's predecessor leave the day before, or say who stands in the way."""
    new = line.liaison
    for other in others:
        if not _overlap(line.days, (other.appointed_from, other.appointed_to)):
            continue
        if other.appointed_to:
            line.errors["appointed_from"] = _("%(name)s was in post here until %(day)s.") % {
                "name": other.name,
                "day": date_format(other.appointed_to),
            }
        elif replaces and other.appointed_from < new.appointed_from:
            line.replaced = other
        else:
            line.errors["name"] = (
                _("%s is in post here. End that appointment first.") % other.name
            )


# ── Saving ──────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def save(lines, *, by):
    """Save all lines, or none; return how many liaisons are new or changed. Raises FileRefused.

    Whoever leaves, leaves as on the page: the role of the account ends on the same day.
    """
    if any(line.errors for line in lines):
        raise FileRefused(_("Some rows are wrong. Nothing was saved."))
    wanted = [line for line in lines if not line.is_unchanged]
    try:
        with transaction.atomic():
            for line in wanted:
                _make_way(line, by)
            for line in wanted:
                if line.is_new:
                    line.liaison.save()
    except (IntegrityError, posts.MoveRefused) as error:
        raise FileRefused(
            _("Somebody changed a liaison of one of these villages meanwhile. Check again.")
        ) from error
    return len(wanted)


def _make_way(line, by):
    if line.changed:
        keeping.change(line.present, by=by, why=_("list of liaisons"), **line.changed)
    if line.leaves_on:
        posts.end(
            line.present,
            last_day=line.leaves_on,
            reason=line.liaison.ended_reason,
            by=by,
        )
    if line.replaced:
        posts.end(
            line.replaced,
            last_day=line.liaison.appointed_from - timedelta(days=1),
            reason=_("replaced by another"),
            by=by,
        )
