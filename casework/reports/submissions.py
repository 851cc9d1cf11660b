"""Statistical returns that are submitted: frozen as they stood, corrected beside, reopened with a reason.

What was submitted stays as it is; a later correction of rows shows beside it as the difference 补正.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.models import County

from ..analysis.freezing import RowsMove, returned_rows, unmoving
from ..analysis.return_columns import Column, columns_of
from ..analysis.return_rows import Rule, Scope
from ..analysis.returns import Line, Return, ids_behind, make_return
from ..models import RegisterEntry, SubmittedReturn
from ..periods import parse_period


class SubmissionRefused(Exception):
    """A plain sentence why a return cannot be submitted or reopened now."""


@dataclass(frozen=True)
class Difference:
    """One figure that the rows of now say otherwise than what was submitted."""

    line: Line
    # The line as it would read now.
    now: Line

    @property
    def shown(self):
        """+2, -0.50."""
        return f"{self.now.shown - self.line.shown:+}"


@dataclass(frozen=True)
class Corrections:
    """What changed since a return was submitted: rows that came, that went, and figures that moved."""

    added: int
    gone: int
    differences: tuple[Difference, ...]
    # Whether any counted row is other than it was.
    is_changed: bool

    def of(self, code):
        return next((each for each in self.differences if each.line.code == code), None)


@dataclass(frozen=True)
class Shown:
    """A return as it is shown: frozen where it was submitted, else counted now."""

    made: Return
    submitted: SubmittedReturn | None
    corrections: Corrections | None
    # Of a city's return: what its counties submitted by this rule, whose figures theirs are.
    of_counties: tuple[SubmittedReturn, ...] = ()


def submitted_of(county, period, *, issue=None):
    """Return what a county submitted for a period and nobody reopened, or that issue of it; or None."""
    issues = SubmittedReturn.objects.filter(county=county, period=period.code)
    issues = issues.filter(issue=issue) if issue else issues.in_force()
    return issues.select_related("submitted_by", "county__division").first()


def show(period, counties, rule, issue=None):
    """Return the `Shown` return of some counties: what was submitted by this rule, or the rows.

    With `issue` it is that one, also when a later one is in force. Of several counties, each one's
    figures are those it submitted, so that the sum agrees with theirs; who has not, counts as of now.
    """
    counties = tuple(counties)
    now = make_return(period, counties, rule)
    if len(counties) > 1:
        frozen = submitted_of_each(counties, period, now.scope.rule)
        return Shown(_with_frozen(now, frozen), None, None, tuple(frozen.values()))
    submitted = submitted_of(counties[0], period, issue=issue)
    if submitted is None or submitted.rule != now.scope.rule:
        return Shown(now, None, None)
    made = thaw(submitted)
    return Shown(made, submitted, _corrections(submitted, made, now))


def submitted_of_each(counties, period, rule):
    """Return {county id: what it submitted for a period by a rule and nobody reopened}."""
    found = SubmittedReturn.objects.in_force().filter(
        county__in=counties, period=period.code, rule=rule
    )
    found = found.select_related("submitted_by", "county__division")
    return {each.county_id: each for each in found.order_by("county__division__code")}


def _with_frozen(now, frozen):
    """The city's return of now, in which each county's figures are those it submitted."""
    if not frozen:
        return now
    thawed = {pk: thaw(submitted) for pk, submitted in frozen.items()}
    lines = []
    for line in now.lines:
        shares = list(line.shares)
        for n, county in enumerate(now.keys):
            if county in frozen:
                same = line_like(thawed[county], line.column)
                shares[n] = (
                    same.value if same else entries_counted(frozen[county], line.column).count()
                )
        lines.append(replace(line, value=sum(shares), shares=tuple(shares)))
    rest = [county for county in now.scope.counties if county.pk not in frozen]
    persons = sum(made.persons for made in thawed.values())
    if rest:
        persons += make_return(now.period, rest, now.scope.rule).persons
    return replace(now, lines=tuple(lines), persons=persons)


def line_like(made, column):
    """The line of a return that counts what a column counts; the free items of a quarter differ.

    None where the return does not list that matter.
    """
    of_code = next((line for line in made.lines if line.code == column.code), None)
    if of_code and column.code in {each.code for each in columns_of(made.period.kind)}:
        return of_code
    same = (line for line in made.lines if str(line.label) == str(column.label))
    return next(same, None)


def entries_counted(submitted, column):
    """The entries a submitted return counted in all that a column names which it does not list."""
    ids = RawSQL(
        "SELECT jsonb_array_elements_text(row_ids->'entries')::bigint"
        " FROM casework_submittedreturn WHERE id = %s",
        [submitted.pk],
    )
    return RegisterEntry.objects.filter(column.where, pk__in=ids)


@transaction.atomic
def submit(county, period, *, rule, by):
    """Submit a county's return: figures and rows are frozen (统计报表报送, clock 28).

    A second press changes nothing. Raises SubmissionRefused while the period runs, or while its rows
    are being saved. Returns the `SubmittedReturn`.
    """
    # Of two people pressing at once, the second finds what the first has frozen.
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    if already := submitted_of(county, period):
        return already
    if period.last >= timezone.localdate():
        raise SubmissionRefused(_("The period still runs. It is submitted when it is over."))
    try:
        rows, (made, behind) = unmoving(
            lambda: _rows_of(period, Scope((county,), Rule(rule))),
            lambda: _counted(make_return(period, [county], rule)),
        )
    except RowsMove:
        raise SubmissionRefused(
            _("Entries of this period are being saved right now. Try once more.")
        ) from None
    return SubmittedReturn.objects.create(
        county=county,
        period=period.code,
        rule=made.scope.rule,
        issue=SubmittedReturn.objects.filter(county=county, period=period.code).count() + 1,
        figures=_frozen(made),
        row_ids=rows.ids,
        rows_hash=rows.rows_hash,
        row_signs=rows.signs,
        rows_behind=behind,
        submitted_by=by,
    )


@transaction.atomic
def reopen(submitted, *, by, why):
    """The bureau lets a return be submitted anew (重新开启); what was submitted stays in the history."""
    submitted = SubmittedReturn.objects.select_for_update(of=("self",)).get(pk=submitted.pk)
    if submitted.reopened_at:
        raise SubmissionRefused(_("This return has been reopened already."))
    if not why.strip():
        raise SubmissionRefused(_("Say why it is reopened; the center reads it."))
    submitted.reopened_by, submitted.reopened_at = by, timezone.now()
    submitted.reopened_why = why.strip()[:400]
    submitted.save(update_fields=["reopened_by", "reopened_at", "reopened_why"])
    return submitted


# ── Freezing ────────────────────────────────────────────────────────────────────────────


def _rows_of(period, scope):
    sources = {column.source for column in columns_of(period.kind)}
    return returned_rows(sources, period, scope)


def _counted(made):
    return made, ids_behind(made)


def _frozen(made):
    return {
        "units": list(map(str, made.units)),
        "keys": list(made.keys),
        "persons": made.persons,
        "lines": [
            {
                "code": line.code,
                "label": str(line.label),
                "value": str(line.value),
                "shares": list(map(str, line.shares)),
            }
            for line in made.lines
        ],
    }


def thaw(submitted):
    """Return the `Return` that was submitted, as it was."""
    scope = Scope((submitted.county,), Rule(submitted.rule))
    period, figures = parse_period(submitted.period), submitted.figures
    columns = {column.code: column for column in columns_of(period.kind)}
    lines = []
    for kept in figures["lines"]:
        # The free items of a quarter stood in no list: their rows are told by their name.
        column = columns.get(kept["code"]) or Column(
            kept["code"], kept["label"], "entries", unit="times", level=1
        )
        number = Decimal if column.is_money else int
        lines.append(Line(column, number(kept["value"]), tuple(map(number, kept["shares"]))))
    return Return(
        period,
        scope,
        tuple(figures["units"]),
        tuple(figures.get("keys", ())),
        tuple(lines),
        figures["persons"],
    )


def _corrections(submitted, made, now):
    rows = _rows_of(now.period, now.scope)
    if rows.rows_hash == submitted.rows_hash:
        return Corrections(0, 0, (), is_changed=False)
    added = gone = 0
    for source, kept in submitted.row_ids.items():
        before, after = set(kept), set(rows.ids.get(source, ()))
        added, gone = added + len(after - before), gone + len(before - after)
    by_name = {(line.code, str(line.label)): line for line in now.lines}
    differences = [
        Difference(line, by_name[line.code, str(line.label)])
        for line in made.lines
        if (line.code, str(line.label)) in by_name
        and by_name[line.code, str(line.label)].value != line.value
    ]
    return Corrections(added, gone, tuple(differences), is_changed=True)
