"""Bonus, deductions and vetoes: proposed with evidence, settled by a second person (rules 5.2, 5.3).

And the answers to flags: a flag is a question to a person and never takes a point by itself.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import evidence as evidence_store

from .. import duties, running, standard, suggestions
from ..models import Adjustment, IntegrityFlag
from ..terms import PUBLIC_YEARS, YearStatus
from .moves import MoveRefused, lock_sheet, said


def _refuse_when_public(sheet):
    if sheet.year.status in PUBLIC_YEARS:
        raise MoveRefused(
            _(
                "The result is published. Only an objection changes it now, or reopening the year."
            )
        )


@transaction.atomic
def propose(sheet, clause, *, by, facts, files, count=1, happened_on=None):
    """Propose a bonus, deduction or veto, with at least one photo or PDF that proves it."""
    sheet = lock_sheet(sheet)
    _refuse_when_public(sheet)
    facts = said(facts, _("Write the facts."))
    if not files:
        raise MoveRefused(_("Add the paper or photo that proves it."))
    adjustment = Adjustment.objects.create(
        sheet=sheet,
        clause=clause,
        count=count,
        happened_on=happened_on,
        facts=facts,
        proposed_by=by,
    )
    for file in files:
        adjustment.evidence.add(evidence_store.add_bytes(sheet.station, file, by=by))
    duties.refresh_sheet(sheet)
    return adjustment


@transaction.atomic
def propose_found(sheet, clause, *, by):
    """Propose what the records point at; the rows behind it are its proof.

    Raises MoveRefused while the year runs, when it was proposed before, or no longer holds.
    """
    sheet = lock_sheet(sheet)
    _refuse_when_public(sheet)
    if sheet.year.status == YearStatus.OPEN:
        raise MoveRefused(
            _("The year still runs. Propose it once the stations score themselves.")
        )
    found = next(iter(suggestions.suggestions([clause], standard.stored_facts(sheet))), None)
    if found is None:
        raise MoveRefused(_("The records do not say so any more."))
    if sheet.adjustments.filter(clause=clause).exists():
        raise MoveRefused(_("This has been proposed already."))
    adjustment = Adjustment.objects.create(
        sheet=sheet, clause=clause, count=found.count, facts=found.words, proposed_by=by
    )
    duties.refresh_sheet(sheet)
    return adjustment


def _begin(adjustment, by):
    sheet = lock_sheet(adjustment.sheet)
    _refuse_when_public(sheet)
    adjustment = (
        Adjustment.objects.select_for_update(of=("self",))
        .select_related("clause")
        .get(pk=adjustment.pk)
    )
    if adjustment.agreed_at or adjustment.refused_at:
        raise MoveRefused(_("This proposal is settled already."))
    if adjustment.proposed_by_id == by.pk:
        raise MoveRefused(_("You proposed it. A second person settles it."))
    adjustment.sheet = sheet
    return adjustment


@transaction.atomic
def agree(adjustment, *, by):
    """Agree to a proposal; from now on it counts."""
    adjustment = _begin(adjustment, by)
    adjustment.agreed_by, adjustment.agreed_at = by, timezone.now()
    adjustment.save()
    running.add_up(adjustment.sheet.year, sheets=[adjustment.sheet])
    duties.refresh_sheet(adjustment.sheet)
    return adjustment


@transaction.atomic
def refuse(adjustment, *, by, reason):
    """Refuse a proposal with a reason; it stays readable and counts nothing."""
    adjustment = _begin(adjustment, by)
    adjustment.refusal_reason = said(reason, _("Say why it is not taken over."))
    adjustment.refused_by, adjustment.refused_at = by, timezone.now()
    adjustment.save()
    duties.refresh_sheet(adjustment.sheet)
    return adjustment


@transaction.atomic
def answer_flag(flag, *, by, words):
    """Answer what made one ask; the first answer stays."""
    sheet = lock_sheet(flag.sheet)
    if sheet.is_frozen:
        raise MoveRefused(_("This sheet is frozen."))
    flag = IntegrityFlag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
    if flag.answered_at:
        raise MoveRefused(_("This question is answered already."))
    flag.answer = said(words, _("Write the answer."))
    flag.answered_by, flag.answered_at = by, timezone.now()
    flag.save()
    return flag
