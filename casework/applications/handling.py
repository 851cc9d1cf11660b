"""How a granted case is handled: what a record shows of it, and what its handler reports (LAL 46, 55)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.roles import Ability, Role
from stations.sayings import saying

from ..models import (
    Assignment,
    ChangeRequest,
    Closing,
    FileReview,
    FollowUp,
    ProgressNote,
    TypicalCase,
)
from ..notices import tell
from ..terms import IN_HAND, UNDECIDED, ApplicationMove, NoticeKind, Status, TypicalCaseState
from ..workflow import MoveRefused
from . import acts


@dataclass(frozen=True)
class Handling:
    """Everything the record's page shows of the handling; each list as few queries."""

    # The open assignment or None; the ended ones, the latest first.
    assignment: Assignment | None
    earlier: list[Assignment]
    progress: list[ProgressNote]
    # Requests for another person, the latest first; the checks of the file, the latest first.
    requests: list[ChangeRequest]
    closing: Closing | None
    reviews: list[FileReview]
    follow_up: FollowUp | None
    typical_case: TypicalCase | None

    def may_report(self, user):
        """The center records what the handler brings; a handler with an account does it themselves."""
        if self.assignment is None or self.assignment.application.status not in IN_HAND:
            return False
        return self.assignment.worker.user_id == user.pk or acts.holds_at_center(
            user, self.assignment.application, Ability.EXAMINE
        )

    def may_tell(self, user):
        """Whether a typical case may be written of it by this person, and still is to be."""
        is_open = self.typical_case is None or self.typical_case.state in {
            TypicalCaseState.DRAFT,
            TypicalCaseState.DECLINED,
        }
        is_closed = self.closing is not None
        return is_closed and is_open and (user.may(Ability.REVIEW) or user.may(Ability.EXAMINE))

    @property
    def needless(self):
        """The moves that the map allows and what is on file makes pointless."""
        moves = set()
        if self.assignment and self.assignment.engaged_on:
            moves.add(ApplicationMove.ENGAGE)
        moves.add(
            ApplicationMove.ASK_CHANGE if self.open_request else ApplicationMove.REFUSE_CHANGE
        )
        if self.closing:
            is_in = self.closing.materials_on is not None
            moves.add(ApplicationMove.HAND_IN_FILE if is_in else ApplicationMove.ARCHIVE)
        if not self.owes_subsidy:
            moves.add(ApplicationMove.PAY_SUBSIDY)
        return moves

    @property
    def open_request(self):
        """The request to change the person that waits for its decision, or None."""
        return next((each for each in self.requests if not each.outcome), None)

    @property
    def returned(self):
        """The check by which the file is with its handler again, or None."""
        last = self.reviews[0] if self.reviews else None
        is_out = self.closing is not None and self.closing.materials_on is None
        return last if last and is_out else None

    @property
    def owes_subsidy(self):
        end = self.closing
        return bool(end and end.checked_on and end.subsidy and end.paid_on is None)


def handling_of(application):
    """Return the `Handling` of an application read whole (`whole_file`); None before a decision."""
    if application.status in UNDECIDED:
        return None
    assignments = list(reversed(application.assignments.all()))
    if not assignments:
        is_waiting = application.status == Status.GRANTED
        return Handling(None, [], [], [], None, [], None, None) if is_waiting else None
    return Handling(
        assignment=next((each for each in assignments if each.ended_on is None), None),
        earlier=[each for each in assignments if each.ended_on],
        progress=list(application.progress.all()),
        requests=list(reversed(application.change_requests.all())),
        closing=(closing := getattr(application, "closing", None)),
        reviews=list(reversed(closing.reviews.all())) if closing else [],
        follow_up=next(reversed(application.follow_ups.all()), None),
        typical_case=getattr(application, "typical_case", None),
    )


@transaction.atomic
def report_progress(application, *, by, happened_on, words, is_major):
    """Record what the handler reports, which form 14 prints; what is major is told to the center at once.

    Returns the `ProgressNote`. Raises MoveRefused when nobody handles the case now. The same note
    of the same day twice is one note.
    """
    application = (
        type(application).objects.select_for_update(no_key=True).get(pk=application.pk)
    )
    if application.status not in IN_HAND:
        raise MoveRefused(_("Nobody handles this case now, so there is no progress to report."))
    note, is_new = ProgressNote.objects.get_or_create(
        application=application,
        happened_on=happened_on,
        words=words,
        defaults={"is_major": is_major, "written_by": by},
    )
    if not is_new:
        return note
    if is_major:
        tell(
            Role.REVIEWER,
            application.county,
            saying(
                gettext_lazy("%(number)s: the handler reports something major."),
                number=application.number,
            ),
            kind=NoticeKind.URGENT,
            application=application,
        )
    return note
