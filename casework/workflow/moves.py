"""The map of moves, and what every move does: lock, ask the map, write, leave one event."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from stations.retention.standing import destroyed_sentence

from ..models import Application, ApplicationEvent
from ..terms import ENDED, UNDECIDED, ApplicationMove, MaterialState, NoticeKind, Status


class MoveRefused(Exception):
    """A plain sentence why an application cannot make this move now."""


@dataclass(frozen=True)
class Move:
    """One arrow: from which statuses to which; None leaves the status as it is."""

    start: frozenset[str]
    end: str | None


def _move(start, end=None):
    return Move(frozenset(start), end)


M = ApplicationMove


AT_STATION = {Status.RECEIVED, Status.RETURNED}


MOVES = {
    M.AMEND: _move({*AT_STATION, Status.SUPPLEMENTING, Status.IN_REVIEW}),
    # After aid was provided first, papers are ticked off as they come.
    M.CHECK_PAPERS: _move(
        {
            *AT_STATION,
            Status.SUPPLEMENTING,
            Status.IN_REVIEW,
            Status.GRANTED,
            Status.ASSIGNED,
        }
    ),
    M.ASK: _move({*AT_STATION, Status.IN_REVIEW}, Status.SUPPLEMENTING),
    # Back to where the papers were asked from.
    M.SUPPLY: _move({Status.SUPPLEMENTING}),
    M.DEEM_WITHDRAWN: _move({Status.SUPPLEMENTING}, Status.WITHDRAWN),
    M.WITHDRAW: _move(UNDECIDED, Status.WITHDRAWN),
    M.REVIEW: _move(AT_STATION, Status.REVIEWED),
    M.SEND_BACK: _move({Status.REVIEWED}, Status.RECEIVED),
    M.COUNTERSIGN: _move({Status.REVIEWED}, Status.COUNTERSIGNED),
    M.FORWARD: _move({Status.COUNTERSIGNED}, Status.FORWARDED),
    M.SIGN_FOR: _move({Status.FORWARDED}, Status.IN_REVIEW),
    M.RETURN: _move({Status.IN_REVIEW}, Status.RETURNED),
    M.GRANT: _move({Status.IN_REVIEW}, Status.GRANTED),
    M.PROVIDE_FIRST: _move(
        {Status.FORWARDED, Status.IN_REVIEW, Status.RETURNED, Status.SUPPLEMENTING},
        Status.GRANTED,
    ),
    M.COMPLETE_PAPERS: _move({Status.GRANTED, Status.ASSIGNED}),
    M.PROPOSE_REFUSAL: _move({Status.IN_REVIEW}, Status.REFUSAL_PROPOSED),
    M.REFUSE: _move({Status.REFUSAL_PROPOSED}, Status.REFUSED),
    M.PASS_ON: _move(
        {*AT_STATION, Status.FORWARDED, Status.IN_REVIEW, Status.SUPPLEMENTING},
        Status.FORWARDED,
    ),
    M.ASSIGN: _move({Status.GRANTED}, Status.ASSIGNED),
    M.ASK_CHANGE: _move({Status.ASSIGNED}),
    M.CHANGE_PERSON: _move({Status.ASSIGNED}),
    M.REFUSE_CHANGE: _move({Status.ASSIGNED}),
    M.ENGAGE: _move({Status.ASSIGNED}),
    M.EXCUSE_ENGAGEMENT: _move({Status.ASSIGNED}),
    M.PROPOSE_TERMINATION: _move(
        {Status.GRANTED, Status.ASSIGNED}, Status.TERMINATION_PROPOSED
    ),
    M.TERMINATE: _move({Status.TERMINATION_PROPOSED}, Status.TERMINATED),
    # Back to where the proposal came from.
    M.DECLINE_PROPOSAL: _move({Status.REFUSAL_PROPOSED, Status.TERMINATION_PROPOSED}),
    M.CLOSE: _move({Status.ASSIGNED}, Status.CLOSED),
    M.HAND_IN_FILE: _move({Status.CLOSED}),
    # A file that does not pass goes back to its handler.
    M.RETURN_FILE: _move({Status.CLOSED}),
    M.ARCHIVE: _move({Status.CLOSED}, Status.ARCHIVED),
    M.PAY_SUBSIDY: _move({Status.ARCHIVED}),
    M.OBJECT: _move({Status.REFUSED, Status.TERMINATED}),
    M.UPHOLD_DECISION: _move({Status.REFUSED, Status.TERMINATED}),
    # Back under review, or back to the person who handled it.
    M.CORRECT_DECISION: _move({Status.REFUSED, Status.TERMINATED}),
}


def refuse_unless_open(move, application):
    """Raise MoveRefused with who did what last, unless the map allows the move now."""
    if sentence := destroyed_sentence(application):
        raise MoveRefused(sentence)
    if application.status not in MOVES[move].start:
        last = application.events.select_related("made_by").last()
        raise MoveRefused(
            _(
                "%(who)s at %(time)s: this application is now “%(status)s”, so this cannot be done."
            )
            % {
                "who": last.made_by or _("The calendar"),
                "time": timezone.localtime(last.made_at).strftime("%H:%M"),
                "status": application.get_status_display(),
            }
        )


def moves_from(application):
    """Return the moves the map allows now."""
    if application.is_destroyed:
        return set()
    return {move for move, arrow in MOVES.items() if application.status in arrow.start}


def begin(move, application):
    """Lock the application and ask the map; of two people pressing at once, one is refused.

    The lock lets rows that name the application be written meanwhile: the clockwork, which has its
    clocks locked, puts warnings on desks and waits for no move.
    """
    application = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("intake_county", "station__county")
        # What a move may have changed is read after the wait for it; joined, the row would be lost.
        .prefetch_related("county__division", "aid_matter")
        .get(pk=application.pk)
    )
    refuse_unless_open(move, application)
    _settle_notices(move, application)
    return application


def _settle_notices(move, application):
    """What had come is taken up by the next move; what was urgent, by the grant."""
    settled = set() if move in {M.AMEND, M.CHECK_PAPERS} else {NoticeKind.MOVE}
    if move in {M.GRANT, M.PROVIDE_FIRST}:
        settled.add(NoticeKind.URGENT)
    application.notices.open().filter(kind__in=settled).update(done_at=timezone.now())


def complete(move, application, *, by, reason="", note="", end=None):
    before = application.status
    application.status = end or MOVES[move].end or before
    application.save()
    record(move, application, before, by=by, reason=reason, note=note)
    if application.status in ENDED and before not in ENDED:
        application.notices.open().update(done_at=timezone.now())
    return application


def record(move, application, before, *, by, reason="", note=""):
    ApplicationEvent.objects.create(
        application=application,
        move=move,
        from_status=before,
        to_status=application.status,
        reason=reason,
        note=note,
        made_by=by,
    )


def said(words):
    if not words.strip():
        raise MoveRefused(_("Say why; the other side reads it."))
    return words.strip()


def names_of(materials):
    return "、".join(row.name for row in materials if row.state == MaterialState.GIVEN)


def midnight(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def is_complete(application):
    """Whether nothing on the checklist is missing."""
    return not application.materials.filter(state=MaterialState.MISSING).exists()
