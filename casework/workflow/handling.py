"""The moves after a grant: who handles the case, and who does in their place."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.models import AidWorker
from stations.roles import Role
from stations.sayings import saying

from ..letters import issuing
from ..models import Assignment, ChangeRequest
from ..notices import tell, tell_applicant
from ..rules import deadlines as limits
from ..terms import ChangeOutcome, LetterKind, NoticeKind
from ..time_limits import clocks
from . import panel
from .moves import M, MoveRefused, begin, complete, midnight, said


@transaction.atomic
def assign(
    application,
    *,
    by,
    worker,
    suggested_as=None,
    override_reason="",
    is_life_or_death=None,
):
    """Assign the case to a person (指派, LAL 43, Order 148 art. 24, form 11).

    `is_life_or_death` corrects what the application says of it, which decides who may defend.
    Raises MoveRefused for a person the law keeps from the case.
    """
    application = begin(M.ASSIGN, application)
    if is_life_or_death is not None:
        application.is_life_or_death = is_life_or_death
    _assign(
        application,
        by=by,
        worker=worker,
        suggested_as=suggested_as,
        override_reason=override_reason,
    )
    clocks.stop(application, limits.ASSIGNMENT)
    application = complete(M.ASSIGN, application, by=by, note=str(worker))
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "%(number)s: %(name)s of %(unit)s handles the case. Phone of the unit: %(phone)s"
            ),
            **_reached(application, worker),
        ),
    )
    return application


@transaction.atomic
def ask_change(application, *, by, asked_on, asked_by, ground, words):
    """Somebody asks that another person handles the case (form 16); it is decided in five days.

    Raises MoveRefused while an earlier request waits for its decision.
    """
    application = begin(M.ASK_CHANGE, application)
    if application.change_requests.filter(outcome="").exists():
        raise MoveRefused(_("A request to change the person waits for its decision already."))
    request = ChangeRequest.objects.create(
        application=application,
        assignment=application.assignments.get(ended_on=None),
        asked_on=asked_on,
        asked_by=asked_by,
        ground=ground,
        words=said(words),
        recorded_by=by,
    )
    clocks.start(application, limits.CHANGE_OF_PERSON, at=midnight(asked_on))
    issuing.make(
        application,
        LetterKind.CHANGE_REQUEST,
        by=by,
        content={"asked_by": asked_by, "ground": ground, "words": request.words},
    )
    tell(
        Role.REVIEWER,
        application.county,
        saying(
            gettext_lazy("%(number)s: another person to handle it is asked for."),
            number=application.number,
        ),
        kind=NoticeKind.MOVE,
        application=application,
    )
    note = f"{request.get_asked_by_display()}：{request.words}"
    return complete(M.ASK_CHANGE, application, by=by, reason=ground, note=note)


@transaction.atomic
def refuse_change(application, *, by, reason):
    """The person stays; whoever asked is told why (clock 19 ends)."""
    application = begin(M.REFUSE_CHANGE, application)
    reason = said(reason)
    if not settle_request(application, ChangeOutcome.REFUSED, by=by, reason=reason):
        raise MoveRefused(_("Nobody has asked to change the person."))
    clocks.stop(application, limits.CHANGE_OF_PERSON)
    application = complete(M.REFUSE_CHANGE, application, by=by, note=reason)
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "%(number)s: the person who handles the case stays; the reason: %(why)s"
            ),
            number=application.number,
            why=reason,
        ),
    )
    return application


def settle_request(application, outcome, *, by, reason=""):
    """Give the open request to change the person its outcome. Returns whether there was one."""
    return application.change_requests.filter(outcome="").update(
        outcome=outcome, decided_by=by, decided_at=timezone.now(), reason=reason
    )


@transaction.atomic
def change_person(
    application,
    *,
    by,
    worker,
    reason,
    note,
    handed_over="",
    suggested_as=None,
    override_reason="",
):
    """Change who handles the case (更换法律援助人员, form 17); the file is handed over.

    Whoever had asked for it has their answer: the request counts as granted.
    """
    application = begin(M.CHANGE_PERSON, application)
    old = application.assignments.select_related("worker__unit").get(ended_on=None)
    if old.worker == worker:
        raise MoveRefused(_("%(name)s already handles this case.") % {"name": worker})
    old.ended_on, old.change_reason, old.change_note = timezone.localdate(), reason, said(note)
    old.handed_over = handed_over.strip()
    old.save(update_fields=["ended_on", "change_reason", "change_note", "handed_over"])
    clocks.stop(application, limits.ENGAGEMENT, limits.CHANGE_OF_PERSON)
    _assign(
        application,
        by=by,
        worker=worker,
        suggested_as=suggested_as,
        override_reason=override_reason,
        replaced=old,
    )
    settle_request(application, ChangeOutcome.GRANTED, by=by, reason=note)
    words = f"{old.worker} → {worker}: {note}"
    application = complete(M.CHANGE_PERSON, application, by=by, reason=reason, note=words)
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "%(number)s: %(name)s of %(unit)s now handles the case. Phone of the unit: %(phone)s"
            ),
            **_reached(application, worker),
        ),
    )
    return application


@transaction.atomic
def engage(application, *, by, on):
    """The engagement papers are signed (Order 148 art. 27)."""
    application = begin(M.ENGAGE, application)
    unsigned = application.assignments.filter(ended_on=None, engaged_on=None)
    if not unsigned.update(engaged_on=on):
        raise MoveRefused(_("The engagement papers are signed already."))
    clocks.stop(application, limits.ENGAGEMENT)
    return complete(M.ENGAGE, application, by=by)


@transaction.atomic
def excuse_engagement(application, *, by, excuse):
    """The recipient or an objective cause prevents signing (Order 148 art. 27)."""
    application = begin(M.EXCUSE_ENGAGEMENT, application)
    unsigned = application.assignments.filter(
        ended_on=None, engaged_on=None, engagement_excuse=""
    )
    if not unsigned.update(engagement_excuse=said(excuse)[:200]):
        raise MoveRefused(_("The engagement papers are signed or excused already."))
    clocks.stop(application, limits.ENGAGEMENT)
    return complete(M.EXCUSE_ENGAGEMENT, application, by=by, note=excuse)


def _reached(application, worker):
    """What an applicant is told of who handles the case: the name, and how to reach them."""
    return {
        "number": application.number,
        "name": worker.name,
        "unit": worker.unit.name,
        "phone": worker.unit.phone or application.county.complaint_phone,
    }


def _assign(application, *, by, worker, suggested_as, override_reason, replaced=None):
    # Whoever leaves the panel at this moment has left before, or after they are assigned.
    AidWorker.objects.select_for_update(of=("self",)).get(pk=worker.pk)
    if reasons := panel.why_not(application, worker):
        raise MoveRefused(
            _("%(name)s cannot be assigned: %(reasons)s.")
            % {"name": worker, "reasons": "；".join(reasons)}
        )
    if suggested_as != 1 and not override_reason.strip():
        raise MoveRefused(_("Say why not the person suggested first."))
    assignment = Assignment.objects.create(
        application=application,
        worker=worker,
        assigned_on=timezone.localdate(),
        assigned_by=by,
        suggested_as=suggested_as,
        override_reason=override_reason.strip(),
    )
    clocks.start(application, limits.ENGAGEMENT)
    content = {"worker": worker.name, "unit": worker.unit.name, "phone": worker.unit.phone}
    if replaced:
        content |= {
            "replaced": replaced.worker.name,
            "replaced_unit": replaced.worker.unit.name,
            "why": replaced.change_note,
        }
    kind = LetterKind.CHANGE_NOTICE if replaced else LetterKind.ASSIGNMENT
    issuing.make(application, kind, by=by, content=content)
    return assignment
