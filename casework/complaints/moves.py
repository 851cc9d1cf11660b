"""The short map of a complaint's moves, and what every move does: lock, ask the map, write, one event."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from stations.retention.standing import destroyed_sentence
from stations.templatetags.words import day_name

from ..models import Complaint, ComplaintEvent
from ..terms import ComplaintMove, ComplaintStatus, ProposalKind
from ..workflow import MoveRefused
from . import complaint_chores

M, S, P = ComplaintMove, ComplaintStatus, ProposalKind


@dataclass(frozen=True)
class Move:
    """One arrow: from which statuses to which; None leaves the status as it is."""

    start: frozenset[str]
    end: str | None = None


def _move(*start, end=None):
    return Move(frozenset(start), end)


_NEW = (S.RECEIVED, S.FORWARDED)
_IN_HAND = (S.ACCEPTED, S.ENTRUSTED, S.FOUND)

MOVES = {
    M.CLASSIFY: _move(*_NEW, S.SUPPLEMENTING, *_IN_HAND),
    M.ASK: _move(*_NEW, end=S.SUPPLEMENTING),
    M.SUPPLY: _move(S.SUPPLEMENTING, end=S.RECEIVED),
    M.ACCEPT: _move(*_NEW, end=S.ACCEPTED),
    M.NOT_ACCEPT: _move(*_NEW, S.SUPPLEMENTING, end=S.NOT_ACCEPTED),
    M.MERGE: _move(*_NEW, S.ACCEPTED, end=S.MERGED),
    M.ENTRUST: _move(S.ACCEPTED, end=S.ENTRUSTED),
    M.QUESTION: _move(*_IN_HAND),
    M.ANSWER: _move(*_IN_HAND),
    M.FIND: _move(S.ACCEPTED, S.ENTRUSTED, end=S.FOUND),
    M.EXTEND: _move(*_IN_HAND),
    M.DECIDE: _move(S.FOUND, end=S.DECIDED),
    M.REPLY: _move(S.DECIDED, end=S.REPLIED),
    M.CLOSE: _move(S.REPLIED, end=S.CLOSED),
    M.WITHDRAW: _move(*_NEW, S.SUPPLEMENTING, *_IN_HAND, end=S.WITHDRAWN),
    M.NOTE_REVIEW: _move(S.NOT_ACCEPTED, S.REPLIED, S.CLOSED),
}
# What a second person decides, by the arrow it draws.
PROPOSED = {P.NOT_ACCEPT: M.NOT_ACCEPT, P.EXTEND: M.EXTEND, P.DECIDE: M.DECIDE}
# These go on while a proposal waits for the second person.
_BESIDE_A_PROPOSAL = {M.ANSWER, M.MERGE, M.WITHDRAW}


def open_proposal(complaint):
    return complaint.proposals.filter(is_approved=None).select_related("proposed_by").first()


def moves_from(complaint, *, proposal=None, today=None):
    """Return the moves the map allows now, in its order; while a proposal waits, few."""
    if complaint.is_destroyed:
        return []
    today = today or timezone.localdate()
    moves = [
        move
        for move, arrow in MOVES.items()
        if complaint.status in arrow.start and not _why_not(move, complaint, today)
    ]
    return [move for move in moves if move in _BESIDE_A_PROPOSAL] if proposal else moves


def _why_not(move, complaint, today):
    """A sentence why the map's move cannot be made of this complaint, or nothing."""
    if move == M.ASK and complaint.asked_on:
        return _("What is missing is told once, and it has been told.")
    if (
        move == M.NOT_ACCEPT
        and complaint.status == S.SUPPLEMENTING
        and today <= complaint.supply_by_on
    ):
        return _("The complainant has until %(day)s to complete it.") % {
            "day": day_name(complaint.supply_by_on)
        }
    if move == M.EXTEND and complaint.extension_days:
        return _("The time has been extended already; that is done once.")
    if move == M.QUESTION and complaint.questioned_at:
        return _("The center has been asked already.")
    if move == M.ANSWER and not complaint.is_question_open:
        return _("The center is not asked, or has answered.")
    return ""


# ── What every move does ────────────────────────────────────────────────────────────────


def refuse_the_accused(complaint, by):
    worker = complaint.about_worker
    if by.pk in {complaint.about_staff_id, worker.user_id if worker else None}:
        raise MoveRefused(_("The complaint is about you, so somebody else handles it."))


def begin(complaint, move, *, by, answers=False):
    """Lock the complaint and ask the map; of two people pressing at once, one is refused."""
    complaint = (
        Complaint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("county__division", "taken_station")
        # What may have been set right is read after the wait for it.
        .prefetch_related("about_station", "about_worker")
        .get(pk=complaint.pk)
    )
    refuse_the_accused(complaint, by)
    if sentence := destroyed_sentence(complaint):
        raise MoveRefused(sentence)
    if complaint.status not in MOVES[move].start:
        last = complaint.events.select_related("made_by").last()
        raise MoveRefused(
            _(
                "%(who)s at %(time)s: this complaint is now “%(status)s”, so this cannot be done."
            )
            % {
                "who": last.made_by or _("The calendar"),
                "time": timezone.localtime(last.made_at).strftime("%H:%M"),
                "status": complaint.get_status_display(),
            }
        )
    if why := _why_not(move, complaint, timezone.localdate()):
        raise MoveRefused(why)
    if not answers and move not in _BESIDE_A_PROPOSAL and open_proposal(complaint):
        raise MoveRefused(_("A proposal waits for a second person; that is decided first."))
    return complaint


def complete(complaint, move, *, by, note=""):
    before = complaint.status
    complaint.status = MOVES[move].end or before
    complaint.save()
    record(complaint, move, before, by=by, note=note)
    tell_bureau(complaint)
    return complaint


def record(complaint, move, before, *, by, note=""):
    ComplaintEvent.objects.create(
        complaint=complaint,
        move=move,
        from_status=before,
        to_status=complaint.status,
        note=note,
        made_by=by,
    )


def tell_bureau(complaint):
    """Once committed, the desks of the bureau (and of the center, if asked) show what is owed."""
    complaint_chores.refresh_later(complaint.county)


def said(words):
    if not words.strip():
        raise MoveRefused(_("Say why; the other side reads it."))
    return words.strip()
