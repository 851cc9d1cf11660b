"""One station's sheet as page, paper and workbook show it, so that their figures are equal."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from stations.models import Evidence

from .. import measures, standard
from ..models import Score, Sheet
from ..suggestions import FACTS_OF, suggestions
from ..terms import FOLLOWS_RECORDS, FULL_MARKS, PUBLIC_YEARS, Dimension, Grade

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Line:
    """One indicator of a sheet as it stands."""

    score: Score
    # What would still gain points on it this year.
    gain: Decimal = ZERO

    @property
    def indicator(self):
        return self.score.indicator

    @property
    def points(self):
        return self.score.points_now

    @property
    def is_waiting(self):
        return self.points is None

    @property
    def lost(self):
        """What is gone for good this year."""
        if self.is_waiting:
            return ZERO
        return max(self.indicator.points - self.points - self.gain, ZERO)


@dataclass(frozen=True)
class Side:
    """One dimension, or the whole: got, waiting for a person, still to be had, lost."""

    key: str
    label: str
    lines: tuple[Line, ...]

    @cached_property
    def most(self):
        return sum((line.indicator.points for line in self.lines), ZERO)

    @cached_property
    def got(self):
        return sum((line.points for line in self.lines if not line.is_waiting), ZERO)

    @cached_property
    def waiting(self):
        return sum((line.indicator.points for line in self.lines if line.is_waiting), ZERO)

    @cached_property
    def can(self):
        return sum((line.gain for line in self.lines if not line.is_waiting), ZERO)

    @cached_property
    def lost(self):
        return self.most - self.got - self.waiting - self.can

    @cached_property
    def bar(self):
        """[(css class, x, width)] of a meter 1000 wide, without what is empty."""
        parts, x = [], 0.0
        for name in ("got", "wait", "can", "lost"):
            points = {"wait": self.waiting}.get(name)
            points = getattr(self, name) if points is None else points
            width = float(points / self.most * 1000) if self.most else 0.0
            if width > 0:
                parts.append((name, f"{x:.1f}", f"{width:.1f}"))
            x += max(width, 0.0)
        return parts


@dataclass(frozen=True)
class SheetView:
    """One station's sheet, its lines in order, and the sums the page prints."""

    sheet: Sheet
    lines: tuple[Line, ...]
    gains: tuple
    adjustments: tuple
    # What the records point at and nobody has proposed yet.
    suggestions: tuple = ()

    @cached_property
    def whole(self):
        return Side("whole", "", self.lines)

    @cached_property
    def sides(self):
        found = defaultdict(list)
        for line in self.lines:
            found[line.indicator.dimension].append(line)
        return tuple(
            Side(dimension.value, dimension.label, tuple(found[dimension]))
            for dimension in Dimension
        )

    @property
    def gate(self):
        """The share of its points every dimension must reach for 优秀, on a meter 1000 wide."""
        return self.sheet.year.standard.gate_percent * 10

    @property
    def excellent_at(self):
        return int(self.sheet.year.standard.excellent_from * 10)

    @cached_property
    def counted(self):
        """Bonus, deductions and vetoes a second person agreed to."""
        return tuple(each for each in self.adjustments if each.is_counted)

    @cached_property
    def best(self):
        """The most the sheet can still reach: got, waiting, still to be had, bonus, deductions."""
        whole = self.whole
        reached = whole.got + whole.waiting + whole.can
        reached += self.sheet.bonus - self.sheet.deductions
        return max(min(reached, FULL_MARKS), ZERO)

    @property
    def best_grade(self):
        standard = self.sheet.year.standard
        for grade, bar in (
            (Grade.EXCELLENT, standard.excellent_from),
            (Grade.GOOD, standard.good_from),
            (Grade.PASS, standard.pass_from),
        ):
            if self.best >= bar:
                return grade
        return Grade.FAIL

    @property
    def reasons(self):
        return [reason_words(code, self) for code in self.sheet.grade_reasons]


def sheet_view(sheet, *, with_gains=None):
    """Return the `SheetView` of a sheet; with what would gain points while that still moves."""
    if with_gains is None:
        with_gains = sheet.status in FOLLOWS_RECORDS
    scores = list(sheet.scores.for_sheet().order_by("indicator__order", "indicator__code"))
    gains = tuple(_gains(scores)) if with_gains else ()
    by_code = defaultdict(Decimal)
    for gain in gains:
        by_code[gain.code] += gain.points
    lines = tuple(Line(score, _to_gain(score, by_code)) for score in scores)
    adjustments = (
        sheet.adjustments.select_related("clause", "proposed_by", "agreed_by", "refused_by")
        .prefetch_related(Prefetch("evidence", Evidence.objects.light()))
        .order_by("clause__order", "pk")
    )
    adjustments = tuple(adjustments)
    for each in adjustments:
        each.found_facts = FACTS_OF.get(each.clause.found_by, ())
    return SheetView(sheet, lines, gains, adjustments, _suggested(sheet, adjustments))


def _suggested(sheet, adjustments):
    """What the records of a sheet point at, unless it was proposed or the result is out."""
    if sheet.year.status in PUBLIC_YEARS:
        return ()
    proposed = {each.clause_id for each in adjustments}
    clauses = sheet.year.standard.clauses.exclude(found_by="").order_by("order", "code")
    return tuple(
        suggestions(
            [clause for clause in clauses if clause.pk not in proposed],
            standard.stored_facts(sheet),
        )
    )


def reason_words(code, view=None):
    """Say why a grade is not the one of its total: a dimension's gate, the cap, a veto."""
    if code.startswith("gate:"):
        return _("%(dimension)s misses its share for the best grade") % {
            "dimension": Dimension(code.removeprefix("gate:")).label
        }
    if code == "cap":
        return _("the county's cap on the best grade")
    labels = {each.clause.code: each.clause.label for each in view.adjustments} if view else {}
    return f"{code} {labels.get(code, '')}".strip()


def _gains(scores):
    """What would gain points, from the parts as they were computed last."""
    return measures.gains(
        (score.indicator.code, score.indicator.label, score.computed_parts)
        for score in scores
        if score.computed_points is not None and score.computed_points < score.indicator.points
    )


def _to_gain(score, by_code):
    """What is still to be had on a line: what its parts would gain, never more than it lacks."""
    gain = by_code.get(score.indicator.code, ZERO)
    if score.points_now is None or not gain:
        return ZERO
    return min(gain, score.indicator.points - score.points_now)
