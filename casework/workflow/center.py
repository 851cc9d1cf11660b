"""The moves at the center: signing for it, decisions by one person or by two, passing on."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.roles import Role
from stations.sayings import saying

from ..intake import hardship_checks
from ..letters import issuing
from ..models import Decision, HardshipStandard, Hop
from ..notices import tell, tell_applicant
from ..rules import deadlines as limits
from ..terms import (
    ChangeOutcome,
    DecisionKind,
    DecisionState,
    LetterKind,
    NoticeKind,
    PauseReason,
    Status,
)
from ..time_limits import clocks
from . import second_person
from .handling import settle_request
from .moves import M, MoveRefused, begin, complete, is_complete, names_of, said

# The wording of the rules in `casework.rules.eligibility` that a decision was made under.
RULES_VERSION = "2023-09"


@transaction.atomic
def sign_for(application, *, by):
    """The center signs for it (签收)."""
    application = begin(M.SIGN_FOR, application)
    clocks.stop(application, limits.SIGNING)
    application.hops.filter(to_county=application.county, signed_at=None).update(
        signed_at=timezone.now()
    )
    return complete(M.SIGN_FOR, application, by=by)


@transaction.atomic
def return_to_station(application, *, by, reason, note):
    """Send it back to its station with a coded reason; the seven days go on."""
    application = begin(M.RETURN, application)
    if application.county != application.intake_county:
        raise MoveRefused(
            _("It came from another county and has no station here. Ask for what is missing.")
        )
    clocks.start(application, limits.FORWARDING)
    tell(
        Role.CLERK,
        application.station,
        saying(
            gettext_lazy("%(number)s was returned by the center."), number=application.number
        ),
        kind=NoticeKind.MOVE,
        application=application,
    )
    return complete(M.RETURN, application, by=by, reason=reason, note=said(note))


@transaction.atomic
def grant(application, *, by, reason=""):
    """Grant legal aid (给予法律援助, LAL 43, form 9)."""
    application = begin(M.GRANT, application)
    decision = _decide(application, DecisionKind.GRANT, by=by, reason=reason)
    _granted(application, decision, by=by)
    application = complete(M.GRANT, application, by=by, note=reason)
    _tell_of_grant(application)
    return application


@transaction.atomic
def provide_first(application, *, by, grounds, days, reason=""):
    """Provide aid before the papers are complete (先行提供, LAL 44)."""
    application = begin(M.PROVIDE_FIRST, application)
    if not grounds:
        raise MoveRefused(_("Say on which ground of article 44 aid is provided first."))
    decision = _decide(
        application, DecisionKind.PROVIDE_FIRST, by=by, grounds=grounds, reason=reason
    )
    deadline = clocks.start(application, limits.PAPERS_AFTERWARDS, set_days=days)
    decision.papers_due_on = deadline.due_on
    decision.save(update_fields=["papers_due_on"])
    clocks.stop(
        application,
        limits.MATERIAL_CHECK,
        limits.FORWARDING,
        limits.SIGNING,
        limits.SUPPLEMENT,
    )
    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=timezone.localdate())
    application.is_provided_first = True
    application.asked_from = ""
    _granted(application, decision, by=by)
    application = complete(M.PROVIDE_FIRST, application, by=by, reason=grounds[0], note=reason)
    _tell_of_grant(application)
    return application


@transaction.atomic
def complete_papers(application, *, by, materials=(), note=""):
    """The papers owed after aid was provided first are there."""
    application = begin(M.COMPLETE_PAPERS, application)
    for row in materials:
        row.save()
    decision = application.decisions.filter(
        kind=DecisionKind.PROVIDE_FIRST, papers_complete_on=None
    ).last()
    if decision is None:
        raise MoveRefused(_("No papers are owed."))
    if not is_complete(application):
        raise MoveRefused(_("Papers are still missing. Tick off what has come first."))
    decision.papers_complete_on = timezone.localdate()
    decision.save(update_fields=["papers_complete_on"])
    clocks.stop(application, limits.PAPERS_AFTERWARDS)
    return complete(M.COMPLETE_PAPERS, application, by=by, note=note or names_of(materials))


@transaction.atomic
def propose_refusal(application, *, by, grounds, reason):
    """Propose to refuse; another person decides (不予法律援助)."""
    application = begin(M.PROPOSE_REFUSAL, application)
    _propose(application, DecisionKind.REFUSE, by=by, grounds=grounds, reason=reason)
    return complete(M.PROPOSE_REFUSAL, application, by=by, reason=grounds[0], note=reason)


@transaction.atomic
def refuse(application, *, by):
    """Make a proposed refusal final (form 10). Raises MoveRefused for who proposed it."""
    application = begin(M.REFUSE, application)
    decision = _make_final(application, by=by)
    clocks.stop_all(application)
    clocks.start(application, limits.SERVICE)
    issuing.make(
        application, LetterKind.REFUSAL, by=by, content=_decision_content(application, decision)
    )
    application = complete(M.REFUSE, application, by=by, note=decision.reason)
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "legal aid was refused in %(number)s; the decision says why and how to object."
            ),
            number=application.number,
        ),
    )
    return application


@transaction.atomic
def decline_proposal(application, *, by, note):
    """The second person does not agree; it goes back to where the proposal came from."""
    application = begin(M.DECLINE_PROPOSAL, application)
    decision = _proposed(application, by=by)
    decision.state = DecisionState.DECLINED
    decision.declined_by, decision.declined_note = by, said(note)
    decision.save(update_fields=["state", "declined_by", "declined_note"])
    if decision.kind == DecisionKind.REFUSE:
        end = Status.IN_REVIEW
    else:
        is_assigned = application.assignments.filter(ended_on=None).exists()
        end = Status.ASSIGNED if is_assigned else Status.GRANTED
    return complete(M.DECLINE_PROPOSAL, application, by=by, note=note, end=end)


@transaction.atomic
def pass_on(
    application, *, by, reason, to_county=None, to_institution="", told_how="", ruling=""
):
    """Pass a wrongly addressed application on (转交); nobody hands it back to the applicant.

    To a county of this site it goes as forwarded, with an owner and a limit; to an institution
    outside it ends here with a trace. The receipt code keeps working. Back to where it has been it
    goes only by the `ruling` of the bureau above both, whose paper is named.
    """
    application = begin(M.PASS_ON, application)
    has_been_there = to_county and application.hops.filter(from_county=to_county).exists()
    if has_been_there and not ruling.strip():
        raise MoveRefused(
            _(
                "It came from there. Do not send it back: ask the bureau above both to decide, then"
                " write down its ruling."
            )
        )
    if not to_county and not to_institution.strip():
        raise MoveRefused(_("Say to which institution it goes."))
    hop = Hop(
        application=application,
        from_county=application.county,
        to_county=to_county,
        to_institution=to_institution.strip() or to_county.center_name,
        reason=said(reason),
        passed_by=by,
        told_how=told_how.strip(),
        ruling=ruling.strip(),
        due_on=timezone.localdate() + timedelta(days=1),
    )
    clocks.stop(
        application,
        limits.MATERIAL_CHECK,
        limits.FORWARDING,
        limits.SIGNING,
        limits.SUPPLEMENT,
        limits.DETAINED,
    )
    if application.status == Status.SUPPLEMENTING:
        clocks.resume(application, PauseReason.SUPPLEMENT, to_on=timezone.localdate())
        application.asked_from = ""
    if to_county is None:
        clocks.stop_all(application)
        hop.save()
        application = complete(M.PASS_ON, application, by=by, note=reason, end=Status.PASSED_ON)
        _tell_of_way_on(application, hop)
        return application
    application.county = to_county
    hop.due_on = clocks.start(application, limits.SIGNING).due_on
    hop.save()
    tell(
        Role.REVIEWER,
        to_county,
        saying(
            gettext_lazy("%(number)s was passed on by %(center)s."),
            number=application.number,
            center=hop.from_county.center_name,
        ),
        kind=NoticeKind.MOVE,
        application=application,
    )
    application = complete(M.PASS_ON, application, by=by, note=reason)
    # The seven days go on, by the other county's calendar and promises.
    clocks.recount(application, why=_("passed on to another county"))
    _tell_of_way_on(application, hop)
    return application


@transaction.atomic
def propose_termination(application, *, by, grounds, reason):
    """Propose to terminate on one of the eight grounds (LAL 48); another person decides."""
    application = begin(M.PROPOSE_TERMINATION, application)
    _propose(application, DecisionKind.TERMINATE, by=by, grounds=grounds, reason=reason)
    return complete(M.PROPOSE_TERMINATION, application, by=by, reason=grounds[0], note=reason)


@transaction.atomic
def terminate(application, *, by):
    """Make a proposed termination final (forms 18 and 19)."""
    application = begin(M.TERMINATE, application)
    decision = _make_final(application, by=by)
    clocks.stop_all(application)
    clocks.start(application, limits.SERVICE)
    content = _decision_content(application, decision)
    issuing.make(application, LetterKind.TERMINATION, by=by, content=content)
    issuing.make(application, LetterKind.TERMINATION_LETTER, by=by, content=content)
    settle_request(application, ChangeOutcome.LAPSED, by=by)
    application.assignments.filter(ended_on=None).update(ended_on=timezone.localdate())
    application = complete(M.TERMINATE, application, by=by, note=decision.reason)
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "legal aid was ended in %(number)s; the decision says why and how to object."
            ),
            number=application.number,
        ),
    )
    return application


def _tell_of_grant(application):
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "legal aid is granted in %(number)s; somebody to handle the case follows."
            ),
            number=application.number,
        ),
    )


def _tell_of_way_on(application, hop):
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "%(number)s was passed on to %(where)s; the receipt code stays the same."
            ),
            number=application.number,
            where=hop.to_institution,
        ),
    )


def _standard(application):
    standard = HardshipStandard.objects.in_force(application.county, timezone.localdate())
    if standard is None:
        return {}
    return {
        "monthly_per_head": str(standard.monthly_per_head),
        "basis": standard.basis,
        "valid_from": standard.valid_from.isoformat(),
    }


def _decide(application, kind, *, by, grounds=(), reason=""):
    """One person's decision: a grant."""
    return Decision.objects.create(
        application=application,
        kind=kind,
        state=DecisionState.MADE,
        grounds=list(grounds),
        reason=reason,
        rules_version=RULES_VERSION,
        standard=_standard(application),
        proposed_by=by,
        made_by=by,
        made_at=timezone.now(),
    )


def _granted(application, decision, *, by):
    hardship_checks.draw(application)
    clocks.stop(application, limits.DECISION)
    clocks.start(application, limits.ASSIGNMENT)
    clocks.start(application, limits.SERVICE)
    issuing.make(
        application, LetterKind.GRANT, by=by, content=_decision_content(application, decision)
    )


def _propose(application, kind, *, by, grounds, reason):
    if not grounds:
        raise MoveRefused(_("Choose at least one ground."))
    ability = second_person.decider(application.county_id, by.pk)
    tell(
        second_person.role_of(ability),
        application.county,
        saying(
            gettext_lazy("%(number)s: a second person is needed."), number=application.number
        ),
        kind=NoticeKind.MOVE,
        application=application,
    )
    return Decision.objects.create(
        application=application,
        kind=kind,
        state=DecisionState.PROPOSED,
        grounds=list(grounds),
        reason=said(reason),
        rules_version=RULES_VERSION,
        standard=_standard(application),
        proposed_by=by,
    )


def _proposed(application, *, by):
    decision = application.decisions.get(state=DecisionState.PROPOSED)
    if decision.proposed_by == by:
        raise MoveRefused(
            _("You proposed it yourself. A refusal or termination needs a second person.")
        )
    return decision


def _make_final(application, *, by):
    decision = _proposed(application, by=by)
    decision.state = DecisionState.MADE
    decision.made_by, decision.made_at = by, timezone.now()
    decision.save(update_fields=["state", "made_by", "made_at"])
    return decision


def _decision_content(application, decision):
    return {
        "kind": decision.kind,
        "grounds": decision.grounds,
        "reason": decision.reason,
        "made_on": decision.made_on,
        "standard": decision.standard,
        "papers_due_on": decision.papers_due_on,
    }
