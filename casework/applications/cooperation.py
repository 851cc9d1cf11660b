"""Cooperation across regions 异地协作: letters out and in, the only code that moves them (rules 4.9).

A letter to a county of this site appears there by itself, and what is done with it there comes back
by itself; of a letter on paper, whoever has it writes down what the other side lets them know. While
another institution checks facts for us, the review clock of the asking application stands still.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.calendar import clock_faces
from stations.models import DayOff
from stations.roles import Role
from stations.sayings import dated, saying
from stations.templatetags.words import DAY, full_day

from ..letters import issuing
from ..models import Application, CooperationEvent, CooperationLetter
from ..notices import tell
from ..rules.deadlines import COOPERATION, LIMITS
from ..terms import (
    CooperationDirection,
    CooperationKind,
    CooperationMove,
    CooperationStatus,
    LetterKind,
    NoticeKind,
    PauseReason,
)
from ..time_limits import clocks, escalation
from ..workflow import MoveRefused

# Only checks of facts stop the seven days (rules 2.1); other help does not.
CHECKS = frozenset({CooperationKind.CHECK_IDENTITY, CooperationKind.EVIDENCE})
# So many working days before its last day, a letter that waits for its answer is warned of.
EARLY = 2


@dataclass(frozen=True)
class Move:
    """One arrow of a letter: from which statuses to which; without an end it stays where it is."""

    start: frozenset[str]
    end: str = ""


M, S = CooperationMove, CooperationStatus
_OUT, _IN = CooperationDirection.OUT, CooperationDirection.IN

# Who has the letter makes the move; on our letters these are what the other side lets us know.
MOVES = {
    (_OUT, M.SEND): Move(frozenset({S.DRAFTED}), S.SENT),
    (_OUT, M.ACCEPT): Move(frozenset({S.SENT, S.RECEIVED}), S.ACCEPTED),
    (_OUT, M.DECLINE): Move(frozenset({S.SENT, S.RECEIVED, S.ACCEPTED}), S.DECLINED),
    (_OUT, M.EXTEND): Move(frozenset({S.SENT, S.RECEIVED, S.ACCEPTED})),
    (_OUT, M.REPLY): Move(frozenset({S.SENT, S.RECEIVED, S.ACCEPTED}), S.REPLIED),
    (_OUT, M.CLOSE): Move(frozenset({S.DRAFTED, S.REPLIED, S.DECLINED}), S.CLOSED),
    (_IN, M.RECEIVE): Move(frozenset({S.SENT}), S.RECEIVED),
    (_IN, M.ACCEPT): Move(frozenset({S.RECEIVED}), S.ACCEPTED),
    (_IN, M.DECLINE): Move(frozenset({S.RECEIVED, S.ACCEPTED}), S.DECLINED),
    (_IN, M.EXTEND): Move(frozenset({S.RECEIVED, S.ACCEPTED})),
    (_IN, M.REPLY): Move(frozenset({S.ACCEPTED}), S.REPLIED),
    (_IN, M.CLOSE): Move(frozenset({S.REPLIED, S.DECLINED}), S.CLOSED),
}
# What the other county of this site does comes by itself and is not written down by hand.
_BY_ITSELF = {M.ACCEPT, M.DECLINE, M.EXTEND, M.REPLY}


def moves_from(letter):
    """Return the moves that can be made of a letter now, in the order of the map."""
    return [
        move
        for (direction, move), arrow in MOVES.items()
        if direction == letter.direction
        and letter.status in arrow.start
        and not (letter.is_ours and letter.twin_id and move in _BY_ITSELF)
    ]


def usual_due_on(county, start):
    """The day by which a reply is asked when nobody says otherwise (clock 22)."""
    return clocks.count_due(COOPERATION, clocks.Book.of(county), started_on=start).due_on


# ── Moves ───────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def draft(letter, *, by, note=""):
    """Write a letter of ours that is not sent yet. `letter` is not saved; returns it.

    `note` says on what ground it goes although the applicant has not agreed that papers are shared.
    """
    letter.direction, letter.status = _OUT, S.DRAFTED
    letter.county = letter.application.county
    letter.made_by = by
    letter.save()
    _record(letter, M.DRAFT, S.DRAFTED, by=by, note=note)
    return letter


@transaction.atomic
def rewrite(letter):
    """Keep what was changed in a draft. Raises MoveRefused once it has been sent or closed."""
    kept = CooperationLetter.objects.select_for_update().get(pk=letter.pk)
    if kept.status != S.DRAFTED:
        raise MoveRefused(_("This letter has left the house and is not changed any more."))
    letter.save()


@transaction.atomic
def send(letter, *, by):
    """Send a letter (form 7). The review clock stands still while another region checks."""
    letter = _begin(letter, M.SEND)
    application, today = _locked_application(letter), timezone.localdate()
    if application.county_id != letter.county_id:
        raise MoveRefused(_("The application has been passed on. The county that has it asks."))
    if letter.due_on <= today:
        raise MoveRefused(_("The day to reply by has passed. Give a later one, then send it."))
    letter.sent_on = today
    with translation.override(settings.LANGUAGE_CODE):
        kind = str(letter.get_kind_display())
    letter.paper = issuing.make(
        application,
        LetterKind.COOPERATION,
        by=by,
        content={
            "institution": letter.other_institution,
            "kind": kind,
            "item": letter.item,
            "content": letter.content,
            "enclosures": letter.enclosures.split("\n") if letter.enclosures else [],
            "due_on": letter.due_on,
        },
    )
    if letter.other_county:
        letter.twin = _arrive(letter)
    if letter.kind in CHECKS and application.is_undecided:
        clocks.pause(application, PauseReason.CROSS_REGION, from_on=today)
    return _complete(letter, M.SEND, by=by)


def _arrive(letter):
    """The same letter at the county of this site it goes to."""
    twin = CooperationLetter.objects.create(
        county=letter.other_county,
        direction=_IN,
        kind=letter.kind,
        status=S.SENT,
        other_institution=letter.county.center_name,
        other_county=letter.county,
        twin=letter,
        their_number=letter.paper.number,
        item=letter.item,
        content=letter.content,
        enclosures=letter.enclosures,
        due_on=letter.due_on,
        sent_on=letter.sent_on,
        made_by=letter.made_by,
    )
    _record(twin, M.SEND, S.SENT, by=None)
    tell(
        Role.REVIEWER,
        letter.other_county,
        saying(
            gettext_lazy("%(center)s asks for help: %(item)s."),
            center=twin.other_institution,
            item=twin.item,
        ),
        kind=NoticeKind.MOVE,
    )
    return twin


@transaction.atomic
def take_in(letter, *, by):
    """Write down a letter that came on paper. `letter` is not saved; returns it."""
    letter.direction, letter.status = _IN, S.RECEIVED
    letter.made_by = by
    letter.save()
    _record(letter, M.RECEIVE, S.RECEIVED, by=by)
    return letter


@transaction.atomic
def receive(letter, *, by):
    """Sign for a letter from another county of this site; the time to reply runs."""
    letter = _begin(letter, M.RECEIVE)
    letter.received_on = timezone.localdate()
    return _complete(letter, M.RECEIVE, by=by)


@transaction.atomic
def accept(letter, *, by, handled_at=None):
    """Take it on, at the center or at one of its stations."""
    letter = _begin(letter, M.ACCEPT)
    letter.handled_at = handled_at
    if handled_at:
        tell(
            Role.CLERK,
            handled_at,
            saying(
                gettext_lazy("The center asks this station to help %(who)s: %(item)s."),
                who=letter.other_institution,
                item=letter.item,
            ),
            kind=NoticeKind.MOVE,
        )
    return _complete(letter, M.ACCEPT, by=by, note=str(handled_at or ""))


@transaction.atomic
def decline(letter, *, by, reason, on=None):
    """It cannot be done, and why; that is an answer too, so the asking clock goes on."""
    letter = _begin(letter, M.DECLINE)
    letter.decline_reason = _said(reason)
    letter.replied_on = on or timezone.localdate()
    return _answered(letter, M.DECLINE, by=by, note=reason)


@transaction.atomic
def extend(letter, *, by, until, reason):
    """A later day to reply by, agreed with the other side, and why; both stay in the history."""
    letter = _begin(letter, M.EXTEND)
    if until <= letter.due_on:
        raise MoveRefused(
            _("The reply is due on %(day)s already. Give a later day.")
            % {"day": full_day(letter.due_on)}
        )
    days = f"{full_day(letter.due_on)} → {full_day(until)}"
    letter.due_on, letter.warned = until, 0
    return _complete(letter, M.EXTEND, by=by, note=f"{days}：{_said(reason)}")


@transaction.atomic
def reply(letter, *, by, words, on=None):
    """The answer, on the day it is given or came. A late one counts all the same."""
    letter = _begin(letter, M.REPLY)
    letter.reply = _said(words)
    letter.replied_on = on or timezone.localdate()
    return _answered(letter, M.REPLY, by=by, note=words)


@transaction.atomic
def close(letter, *, by):
    """Nothing more is to be done; a draft that is not sent is closed too."""
    return _complete(_begin(letter, M.CLOSE), M.CLOSE, by=by)


# ── What the moves share ────────────────────────────────────────────────────────────────


def _begin(letter, move):
    """Lock the letter and ask the map; of two people pressing at once, one is refused."""
    letter = (
        CooperationLetter.objects.select_for_update(of=("self",))
        .select_related("county__division", "other_county__division", "application__county")
        .get(pk=letter.pk)
    )
    if move not in moves_from(letter):
        if letter.is_ours and letter.twin_id and move in _BY_ITSELF:
            raise MoveRefused(_("The other county answers on this site; it comes by itself."))
        raise MoveRefused(
            _("This letter is now “%(status)s”, so this cannot be done.")
            % {"status": letter.get_status_display()}
        )
    return letter


def _complete(letter, move, *, by, note=""):
    before = letter.status
    letter.status = MOVES[letter.direction, move].end or before
    letter.save()
    _record(letter, move, before, by=by, note=note)
    if not letter.is_ours and letter.twin_id and move != M.CLOSE:
        _mirror(letter, move, note="" if move == M.ACCEPT else note)
    return letter


def _record(letter, move, before, *, by, note=""):
    CooperationEvent.objects.create(
        letter=letter,
        move=move,
        from_status=before,
        to_status=letter.status,
        note=note,
        made_by=by,
    )


def _answered(letter, move, *, by, note):
    letter = _complete(letter, move, by=by, note=note)
    if letter.is_ours:
        _go_on(letter)
    return letter


def _mirror(letter, move, *, note):
    """What was done with a letter here, on the same letter at the county that asked."""
    asked = (
        CooperationLetter.objects.select_for_update(of=("self",))
        .select_related("county__division", "application__county")
        .get(pk=letter.twin_id)
    )
    before, asked.status = asked.status, letter.status
    asked.received_on = letter.received_on
    asked.replied_on, asked.reply = letter.replied_on, letter.reply
    asked.decline_reason = letter.decline_reason
    asked.due_on = letter.due_on
    if move == M.EXTEND:
        asked.warned = 0
    asked.save()
    _record(asked, move, before, by=None, note=note)
    if move == M.EXTEND:
        _tell_of_later_day(asked)
    if move not in (M.DECLINE, M.REPLY):
        return
    _go_on(asked)
    tell(
        Role.REVIEWER,
        asked.county,
        saying(
            gettext_lazy("%(center)s has answered: %(item)s."),
            center=asked.other_institution,
            item=asked.item,
        ),
        kind=NoticeKind.MOVE,
        application=asked.application,
    )


def _tell_of_later_day(letter):
    tell(
        Role.REVIEWER,
        letter.county,
        saying(
            gettext_lazy("%(center)s replies later, by %(day)s: %(item)s."),
            center=letter.other_institution,
            day=dated(letter.due_on, DAY),
            item=letter.item,
        ),
        kind=NoticeKind.MOVE,
        application=letter.application,
    )


def _go_on(letter):
    """Let the asking clock go on, once no check is waited for any more."""
    # Of two answers at once the second finds the first, and is the last.
    application = _locked_application(letter)
    checks = CooperationLetter.objects.filter(
        application=application, direction=_OUT, kind__in=CHECKS
    )
    pause = application.pauses.filter(reason=PauseReason.CROSS_REGION, to_on=None).first()
    if pause is None or checks.unanswered().exists():
        return
    # The last answer ends it, in whatever order the answers were written down.
    last = checks.filter(sent_on__gte=pause.from_on).aggregate(on=Max("replied_on"))["on"]
    clocks.resume(application, PauseReason.CROSS_REGION, to_on=last)


def _locked_application(letter):
    """The asking application as it stands now; always locked after its letter."""
    return (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("intake_county", "station__county")
        .prefetch_related("county__division", "aid_matter")
        .get(pk=letter.application_id)
    )


def _said(words):
    if not words.strip():
        raise MoveRefused(_("Say why; the other side reads it."))
    return words.strip()


# ── The clock of a reply ────────────────────────────────────────────────────────────────


def face(letter, *, calendar, today):
    """Return the `stations.calendar.clock_faces.Clock` of a letter; None for a draft."""
    if letter.started_on is None:
        return None
    return clock_faces.clock(
        today,
        letter.started_on,
        letter.due_on,
        calendar,
        done_on=letter.replied_on,
        working=True,
    )


def level_of(letter, calendar, today: date):
    """Return how far the warnings of an unanswered letter should have gone: 0 to 3."""
    if today > letter.due_on:
        return 3
    if today == letter.due_on:
        return 2
    return int(calendar.working_days_between(today, letter.due_on) <= EARLY)


@transaction.atomic
def warn(county, now):
    """Warn of a county's letters that wait for an answer, each level once. Returns how many.

    A late reply still warns, whoever owes it and whoever waits for it; nobody at night.
    """
    calendar, today = DayOff.objects.calendar(county), timezone.localdate(now)
    if escalation.is_quiet(now, calendar):
        return 0
    told = 0
    for letter in (
        CooperationLetter.objects.unanswered()
        .filter(county=county, warned__lt=3)
        .select_related("application")
        .select_for_update(of=("self",), skip_locked=True)
    ):
        level = level_of(letter, calendar, today)
        for role in dict.fromkeys(LIMITS[COOPERATION].warned[letter.warned : level]):
            tell(
                role,
                county,
                saying(
                    _warning(letter),
                    who=letter.other_institution,
                    item=letter.item,
                    left=face(letter, calendar=calendar, today=today).label,
                ),
                kind=NoticeKind.WARNING,
                application=letter.application,
            )
            told += 1
        if level > letter.warned:
            letter.warned = level
            letter.save(update_fields=["warned"])
    return told


def _warning(letter):
    if letter.is_ours:
        return gettext_lazy(
            "%(who)s has not answered yet, ask there: %(item)s. Reply: %(left)s"
        )
    return gettext_lazy("%(who)s waits for our reply: %(item)s. Reply: %(left)s")
