"""Complaints 投诉: the only code that moves them, each move one function (Order 149, rules 4.8).

Received anywhere, handled by the bureau alone. What decides (not to accept, to extend, the outcome) is
proposed by one person of the bureau and decided by another; nobody handles a complaint of themselves.
"""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import sealed
from stations.privacy import keyed_hash

from ..models import Complaint, ComplaintPaper, ComplaintProposal
from ..numbering import take_serial
from ..rules.deadlines import COMPLAINT_ACCEPTANCE, COMPLAINT_FINISH, COMPLAINT_REPLY
from ..terms import (
    ComplaintMove,
    ComplaintPaperKind,
    ComplaintPlace,
    ComplaintStatus,
    ProposalKind,
)
from ..time_limits import complaint_clocks as complaint_clock
from ..workflow import MoveRefused
from ..workflow.station import RECEIPT_SIGNS
from . import papers
from .moves import PROPOSED, begin, complete, record, refuse_the_accused, said, tell_bureau

SERIES = "诉"
MOST_FILES = 10

M, S, K, P = ComplaintMove, ComplaintStatus, ComplaintPaperKind, ProposalKind


# ── Taking in ───────────────────────────────────────────────────────────────────────────


@transaction.atomic
def take(complaint, *, by):
    """Take in a complaint (not saved yet) and forward it to the bureau at once. Returns it.

    Its county, how it came and where are set; `by` is None for the public page.
    """
    county, year = complaint.county, timezone.localdate().year
    complaint.taken_by = by
    complaint.year, complaint.serial = year, take_serial(county, SERIES, year)
    complaint.receipt_code = "".join(secrets.choice(RECEIPT_SIGNS) for _n in range(8))
    complaint.phone_hash = keyed_hash(complaint.phone)
    complaint.id_hash = keyed_hash(complaint.id_number)
    complaint.status = S.RECEIVED
    complaint.save()
    record(complaint, M.TAKE, S.RECEIVED, by=by)
    complaint_clock.start(complaint, COMPLAINT_ACCEPTANCE, on=complaint.received_on)
    papers.make(complaint, K.RECEIPT, by=by)
    if complaint.place in (ComplaintPlace.STATION, ComplaintPlace.CENTER):
        complaint.status = S.FORWARDED
        complaint.save(update_fields=["status"])
        record(complaint, M.FORWARD, S.RECEIVED, by=by)
    tell_bureau(complaint)
    return complaint


def add_file(complaint, file, *, by):
    """Keep a photo or PDF of the complaint, sealed; the same one twice is kept once.

    Raises FileRefused with a plain sentence.
    """
    return sealed.add(complaint, "files", file, most=MOST_FILES, added_by=by)


# ── Moves of one person ─────────────────────────────────────────────────────────────────


@transaction.atomic
def classify(complaint, *, by, changes):
    """Set right whom and what it is about; what it said before stays in the note."""
    complaint = begin(complaint, M.CLASSIFY, by=by)
    old_about, old_ground = complaint.about, complaint.ground
    for name, value in changes.items():
        setattr(complaint, name, value)
    note = "；".join(
        f"{old or '—'} → {new or '—'}"
        for old, new in ((old_about, complaint.about), (old_ground, complaint.ground))
        if str(old or "") != str(new or "")
    )
    return complete(complaint, M.CLASSIFY, by=by, note=note)


@transaction.atomic
def ask(complaint, *, by, items, served_on, supply_by_on):
    """Tell the complainant once what is missing, and by when; the time to accept stands still."""
    complaint = begin(complaint, M.ASK, by=by)
    complaint.asked_items = said(items)
    complaint.asked_on, complaint.supply_by_on = served_on, supply_by_on
    papers.make(complaint, K.NOTICE, by=by, items=items, supply_by_on=supply_by_on)
    complaint = complete(complaint, M.ASK, by=by, note=items)
    complaint_clock.count_anew(complaint, is_paused=True)
    return complaint


@transaction.atomic
def supply(complaint, *, by, on, note):
    """What was missing has come; the time to accept goes on the next day. A late one counts too."""
    complaint = begin(complaint, M.SUPPLY, by=by)
    complaint.supplied_on = on
    complaint = complete(complaint, M.SUPPLY, by=by, note=note)
    complaint_clock.count_anew(complaint)
    return complaint


@transaction.atomic
def accept(complaint, *, by, ground):
    """Take it up; the time to investigate and decide runs."""
    complaint = begin(complaint, M.ACCEPT, by=by)
    today = timezone.localdate()
    complaint.ground, complaint.accepted_on = ground, today
    complaint_clock.stop(complaint, COMPLAINT_ACCEPTANCE)
    finish = complaint_clock.start(complaint, COMPLAINT_FINISH, on=today)
    papers.make(complaint, K.ACCEPTANCE, by=by, finish_on=finish.due_on)
    return complete(complaint, M.ACCEPT, by=by, note=str(ground))


@transaction.atomic
def merge(complaint, *, by, into):
    """Join a repeated complaint to the one that is already being handled."""
    if into.pk == complaint.pk:
        raise MoveRefused(_("A complaint is not merged into itself."))
    # Always in one order, so that two people merging crosswise do not wait for each other.
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    kept = {row.pk: row for row in rows.filter(pk__in=[complaint.pk, into.pk])}
    into = kept[into.pk]
    if into.county_id != complaint.county_id or into.is_ended:
        raise MoveRefused(_("That complaint is finished. Choose one that is still open."))
    complaint = begin(complaint, M.MERGE, by=by)
    complaint.merged_into = into
    complaint_clock.stop(complaint)
    return complete(complaint, M.MERGE, by=by, note=into.number)


@transaction.atomic
def entrust(complaint, *, by, to, until_on):
    """Let a lower bureau or an association investigate; the decision stays with this bureau."""
    complaint = begin(complaint, M.ENTRUST, by=by)
    complaint.entrusted_to = said(to)
    complaint.entrusted_on, complaint.entrusted_until_on = timezone.localdate(), until_on
    papers.make(
        complaint,
        K.ENTRUSTMENT,
        by=by,
        to=to,
        until_on=until_on,
        words=complaint.words,
        ground=complaint.ground,
    )
    return complete(complaint, M.ENTRUST, by=by, note=to)


@transaction.atomic
def question(complaint, *, by, words):
    """Ask the center to answer; from now on it reads the complaint."""
    complaint = begin(complaint, M.QUESTION, by=by)
    complaint.question, complaint.questioned_at = said(words), timezone.now()
    return complete(complaint, M.QUESTION, by=by, note=words)


@transaction.atomic
def answer(complaint, *, by, words):
    """What the center says to it."""
    complaint = begin(complaint, M.ANSWER, by=by)
    complaint.answer = said(words)
    complaint.answered_by, complaint.answered_at = by, timezone.now()
    return complete(complaint, M.ANSWER, by=by)


@transaction.atomic
def find(complaint, *, by, words, on):
    """Write down what the investigation found, and of which day."""
    complaint = begin(complaint, M.FIND, by=by)
    complaint.findings, complaint.found_on = said(words), on
    return complete(complaint, M.FIND, by=by)


@transaction.atomic
def close(complaint, *, by):
    return complete(begin(complaint, M.CLOSE, by=by), M.CLOSE, by=by)


@transaction.atomic
def withdraw(complaint, *, by, words):
    """The complainant takes it back, of their own will."""
    complaint = begin(complaint, M.WITHDRAW, by=by)
    complaint_clock.stop(complaint)
    return complete(complaint, M.WITHDRAW, by=by, note=said(words))


@transaction.atomic
def note_review(complaint, *, by, review, on, note):
    """Write down that reconsideration or suit was brought against it, and how that ended."""
    complaint = begin(complaint, M.NOTE_REVIEW, by=by)
    complaint.review, complaint.review_on, complaint.review_note = review, on, note
    told = f"{complaint.get_review_display()} {note}".strip()
    return complete(complaint, M.NOTE_REVIEW, by=by, note=told)


@transaction.atomic
def serve(paper, *, by, on, method, received_by_name):
    """Write down that a paper was served; the reply served is the answer to the complaint."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=paper.complaint_id)
    paper = ComplaintPaper.objects.select_for_update().get(pk=paper.pk)
    if not paper.needs_service:
        raise MoveRefused(_("This paper has been served already."))
    paper.served_on, paper.service_method = on, method
    paper.received_by_name, paper.served_by = received_by_name, by
    if paper.kind == K.REPLY:
        complaint = begin(complaint, M.REPLY, by=by)
        complaint.replied_on = on
        complaint_clock.stop(complaint, COMPLAINT_REPLY, on=on)
        complete(complaint, M.REPLY, by=by, note=str(paper.get_service_method_display()))
    paper.save()
    return paper


# ── What two people decide ──────────────────────────────────────────────────────────────


@transaction.atomic
def propose(complaint, kind, *, by, words, days=None, outcome="", measure=""):
    """Propose not to accept, to extend, or a decision; a second person of the bureau decides."""
    move = PROPOSED[kind]
    complaint = begin(complaint, move, by=by)
    ComplaintProposal.objects.create(
        complaint=complaint,
        kind=kind,
        words=said(words),
        days=days,
        outcome=outcome,
        measure=measure,
        proposed_by=by,
    )
    record(complaint, M.PROPOSE, complaint.status, by=by, note=P(kind).label)
    tell_bureau(complaint)
    return complaint


@transaction.atomic
def approve(proposal, *, by):
    """Agree, as another person, to what was proposed; it takes effect at once."""
    proposal, complaint = _answered(proposal, by=by)
    complaint = begin(complaint, PROPOSED[proposal.kind], by=by, answers=True)
    proposal.is_approved, proposal.answered_by = True, by
    proposal.answered_at = timezone.now()
    proposal.save()
    return _EFFECTS[proposal.kind](complaint, proposal, by)


@transaction.atomic
def decline(proposal, *, by, words):
    """Send it back with a reason; whoever proposed it thinks again."""
    proposal, complaint = _answered(proposal, by=by)
    proposal.is_approved, proposal.answered_by = False, by
    proposal.answered_at, proposal.answer = timezone.now(), said(words)
    proposal.save()
    record(complaint, M.DECLINE, complaint.status, by=by, note=words)
    tell_bureau(complaint)
    return complaint


def _answered(proposal, *, by):
    """Lock the complaint and its proposal; refuse whoever proposed it, and a second answer."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=proposal.complaint_id)
    proposal = ComplaintProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.is_approved is not None:
        raise MoveRefused(
            _("%(who)s has decided this already.") % {"who": proposal.answered_by}
        )
    if proposal.proposed_by_id == by.pk:
        raise MoveRefused(_("You proposed it yourself: a second person of the bureau decides."))
    refuse_the_accused(complaint, by)
    return proposal, complaint


def _not_accept(complaint, proposal, by):
    complaint.not_accepted_because = proposal.words[:400]
    complaint_clock.stop(complaint)
    papers.make(complaint, K.NON_ACCEPTANCE, by=by, reason=proposal.words)
    return complete(complaint, M.NOT_ACCEPT, by=by, note=proposal.words)


def _extend(complaint, proposal, by):
    complaint.extension_days = proposal.days
    until_on = complaint_clock.extend(complaint, proposal.days)
    papers.make(complaint, K.EXTENSION, by=by, reason=proposal.words, until_on=until_on)
    return complete(complaint, M.EXTEND, by=by, note=proposal.words)


def _decide(complaint, proposal, by):
    today = timezone.localdate()
    complaint.outcome, complaint.measure = proposal.outcome, proposal.measure
    complaint.reply, complaint.decided_on = proposal.words, today
    complaint_clock.stop(complaint, COMPLAINT_FINISH)
    complaint_clock.start(complaint, COMPLAINT_REPLY, on=today)
    papers.make(
        complaint,
        K.REPLY,
        by=by,
        ground=complaint.ground,
        outcome=complaint.get_outcome_display(),
        measure=complaint.measure,
        reply=complaint.reply,
    )
    return complete(complaint, M.DECIDE, by=by, note=complaint.get_outcome_display())


_EFFECTS = {P.NOT_ACCEPT: _not_accept, P.EXTEND: _extend, P.DECIDE: _decide}
