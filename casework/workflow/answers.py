"""What comes after a decision: service of papers, objections and what the bureau says to them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.roles import Role
from stations.sayings import saying

from ..letters import issuing
from ..models import Application, Objection
from ..notices import tell, tell_applicant
from ..rules import deadlines as limits
from ..terms import (
    DecisionKind,
    DecisionState,
    LetterKind,
    NoticeKind,
    ObjectionOutcome,
    Status,
)
from ..time_limits import clocks
from . import second_person
from .moves import M, MoveRefused, begin, complete, midnight, record, said


@transaction.atomic
def serve(letter, *, by, on, method, received_by_name):
    """A paper was served (送达, form 22). A decision served starts the time to object."""
    # The application first, as every move locks it: service stops and starts its clocks.
    application = Application.objects.select_for_update(of=("self",), no_key=True).get(
        pk=letter.application_id
    )
    letter = type(letter).objects.select_for_update().get(pk=letter.pk)
    if letter.served_on:
        raise MoveRefused(_("This paper has been served already."))
    letter.served_on, letter.service_method, letter.served_by = on, method, by
    letter.received_by_name = received_by_name
    letter.save()
    record(M.SERVE, application, application.status, by=by, note=letter.get_kind_display())
    kinds = {
        LetterKind.GRANT: [DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST],
        LetterKind.REFUSAL: [DecisionKind.REFUSE],
        LetterKind.TERMINATION: [DecisionKind.TERMINATE],
    }
    if letter.kind in kinds:
        clocks.stop(application, limits.SERVICE)
        decisions = application.decisions.filter(kind__in=kinds[letter.kind])
        decisions.filter(state=DecisionState.MADE, served_on=None).update(served_on=on)
        if letter.kind != LetterKind.GRANT:
            clocks.start(application, limits.OBJECTION_PERIOD, at=midnight(on))
    return letter


@transaction.atomic
def receive_objection(application, *, by, received_on, words):
    """An objection to a refusal or termination comes in; the bureau has five days (LAL 49)."""
    application = begin(M.OBJECT, application)
    decision = application.decisions.filter(state=DecisionState.MADE).last()
    if Objection.objects.filter(decision=decision).exists():
        raise MoveRefused(_("An objection to this decision is already there."))
    Objection.objects.create(
        decision=decision, received_on=received_on, words=said(words), recorded_by=by
    )
    clocks.stop(application, limits.OBJECTION_PERIOD)
    clocks.start(application, limits.OBJECTION, at=midnight(received_on))
    tell(
        Role.OFFICER,
        application.county,
        saying(
            gettext_lazy("An objection was raised in %(number)s."), number=application.number
        ),
        kind=NoticeKind.MOVE,
        application=application,
    )
    return complete(M.OBJECT, application, by=by, note=words)


@transaction.atomic
def decide_objection(application, *, by, outcome, reason):
    """The bureau upholds the decision or orders its correction, which changes the file (form 20)."""
    move = M.CORRECT_DECISION if outcome == ObjectionOutcome.CORRECTED else M.UPHOLD_DECISION
    application = begin(move, application)
    objection = (
        Objection.objects.filter(decision__application=application, outcome="")
        .select_related("decision")
        .first()
    )
    if objection is None:
        raise MoveRefused(_("There is no open objection."))
    if second_person.took_part(objection.decision, by):
        raise MoveRefused(second_person.NOT_AGAIN)
    objection.outcome, objection.reason = outcome, said(reason)
    objection.decided_by, objection.decided_at = by, timezone.now()
    objection.save()
    clocks.stop(application, limits.OBJECTION)
    issuing.make(
        application,
        LetterKind.OBJECTION,
        by=by,
        content={"outcome": outcome, "reason": reason, "words": objection.words},
    )
    application = _put_back(application, objection, move, by=by, reason=reason)
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "the objection in %(number)s is decided: %(outcome)s. The decision says why."
            ),
            number=application.number,
            outcome=ObjectionOutcome(objection.outcome).label,
        ),
    )
    return application


def _put_back(application, objection, move, *, by, reason):
    """A decision upheld stays; one to be corrected puts the file back to before it."""
    if objection.outcome == ObjectionOutcome.UPHELD:
        return complete(move, application, by=by, note=reason)
    # The paper of the decision that fell is owed no more; the new one will be.
    clocks.stop(application, limits.SERVICE)
    if objection.decision.kind == DecisionKind.REFUSE:
        clocks.start(application, limits.DECISION)
        return complete(move, application, by=by, note=reason, end=Status.IN_REVIEW)
    clocks.start(application, limits.ASSIGNMENT)
    return complete(move, application, by=by, note=reason, end=Status.GRANTED)
