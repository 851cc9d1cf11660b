"""The record of one application: what it is, where it stands, what comes next and what happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.models import Look, LookKind, User
from stations.privacy import without_numbers
from stations.retention.standing import hold_line
from stations.roles import Ability

from ..applications import acts, standing
from ..applications.handling import handling_of
from ..forms.correct import ReasonForm
from ..intake import conflicts, findings
from ..intake.hardship_checks import CHECKED_TRACKS
from ..intake.households import households_before
from ..models import Application, Letter
from ..rules.deadlines import is_provide_first_urgent
from ..terms import ApplicationMove as M
from ..terms import (
    CaseResult,
    ChangeGround,
    ChangeReason,
    Conclusion,
    DecisionKind,
    DecisionState,
    FileCheck,
    HardshipOutcome,
    LetterKind,
    PeopleGroup,
    ProvideFirstGround,
    RefusalGround,
    ReturnReason,
    ServiceNeed,
    Status,
    TerminationGround,
)
from ..time_limits import clocks
from ..workflow import second_person
from . import letters, materials
from .application_pages import whole_application
from .hardship_checks import may_check
from .skeletons import application_skeleton

# The moves that change whose turn it is, marked in the timeline.
KEY_MOVES = {
    M.RECEIVE,
    M.ASK,
    M.REVIEW,
    M.FORWARD,
    M.SIGN_FOR,
    M.RETURN,
    M.GRANT,
    M.PROVIDE_FIRST,
    M.REFUSE,
    M.ASSIGN,
    M.TERMINATE,
    M.CLOSE,
    M.ARCHIVE,
    M.CORRECT_DECISION,
    M.PASS_ON,
    M.WITHDRAW,
    M.DEEM_WITHDRAWN,
}
# The paper a move leaves, and how close together the two are written down.
PAPER_OF = {
    M.RECEIVE: LetterKind.RECEIPT,
    M.ASK: LetterKind.SUPPLEMENT,
    M.FORWARD: LetterKind.REVIEW,
    M.GRANT: LetterKind.GRANT,
    M.PROVIDE_FIRST: LetterKind.GRANT,
    M.REFUSE: LetterKind.REFUSAL,
    M.TERMINATE: LetterKind.TERMINATION,
    M.ASSIGN: LetterKind.ASSIGNMENT,
    M.CLOSE: LetterKind.CLOSING,
}
AT_ONCE = timedelta(seconds=20)


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def application_detail(request, pk):
    try:
        application = whole_application(request.user, pk)
    except Http404:
        # Who passed it on follows its stage.
        if Application.objects.traces_of(request.user).filter(pk=pk).exists():
            return redirect("casework:application_trace", pk)
        raise
    return record_page(request, application)


def record_page(request, application, *, reveal_form=None, is_revealed=False, status=200):
    if application.is_destroyed:
        return application_skeleton(request, application)
    user, today = request.user, timezone.localdate()
    book = clocks.Book.of(application.county)
    events = list(application.events.all())
    papers = materials.panel(application, user, application.materials.all())
    official = letters.papers_of(user, application)
    checked = list(application.hardship_checks.all())
    decisions = list(application.decisions.all())
    objection = _last_objection(decisions)
    proposal = next((each for each in decisions if each.state == DecisionState.PROPOSED), None)
    running = sorted(
        (each for each in application.deadlines.all() if not each.stopped_at), key=_first_due
    )
    faces = [standing.clock_face(deadline, book=book, today=today) for deadline in running]
    handling = handling_of(application)
    next_step = standing.next_step(
        application,
        is_complete=not papers["missing"],
        is_notice_over=any(
            notice.supplied_on is None and notice.due_on < today
            for notice in application.supplements.all()
        ),
        has_objection=bool(objection and not objection.outcome),
        is_served=not decisions or bool(decisions[-1].served_on),
        is_change_asked=bool(handling and handling.open_request),
        is_file_returned=bool(handling and handling.returned),
        owes_subsidy=bool(handling and handling.owes_subsidy),
    )
    open_acts = _acts(user, application, decisions, proposal, objection)
    if papers["missing"]:
        # Asking comes before judging.
        open_acts.sort(key=lambda act: act.move != M.ASK)
    if handling:
        open_acts = [act for act in open_acts if act.move not in handling.needless]
        if handling.open_request:
            # A request is decided before the case goes on.
            first = [M.CHANGE_PERSON, M.REFUSE_CHANGE]
            open_acts.sort(key=lambda act: act.move not in first)
    opinion = next(reversed(application.opinions.all()), None)
    parties, household = list(application.parties.all()), list(application.household.all())
    return TemplateResponse(
        request,
        "casework/applications/detail.html",
        {
            "application": application,
            "steps": standing.steps(application, events),
            "next": next_step,
            "is_mine": any(not act.is_against for act in open_acts),
            "face": faces[0] if faces else None,
            "other_faces": faces[1:],
            "acts": open_acts,
            "proposal": proposal,
            "is_own_proposal": bool(proposal and proposal.proposed_by_id == user.pk),
            "who_decides": second_person.words_for(
                second_person.decider(application.county_id, proposal.proposed_by_id)
            )
            if proposal
            else "",
            "needs_agreement": M.ASK in {act.move for act in open_acts}
            and any(event.move == M.ASK for event in events),
            "timeline": [
                _line(event, official["papers"], opinion) for event in reversed(events)
            ],
            "receipt": _receipt_to_hand_over(application, official["papers"]),
            "parties": parties,
            "household": household,
            "points": list(
                findings.findings_of(application, parties=parties, household=household)
            )
            if _is_examined_by(user, application)
            else (),
            "households_before": households_before(application),
            "hardship_checks": checked,
            "has_checked_track": application.hardship_track in CHECKED_TRACKS,
            "is_false_statement": any(
                each.outcome == HardshipOutcome.DIFFERS for each in checked
            ),
            "may_check": may_check(user, application),
            "groups": [PeopleGroup(code).label for code in application.people_groups],
            "needs": [ServiceNeed(code).label for code in application.service_needs],
            "age": findings.age_on(application.birth_on, application.received_on),
            "opinion": opinion,
            "decisions": decisions,
            "decided": [(each, ground_labels(each)) for each in reversed(decisions)],
            "objection": objection,
            "handling": handling,
            "may_report": bool(handling and handling.may_report(user)),
            "may_tell": bool(handling and handling.may_tell(user)),
            "letters_out": list(application.cooperation_letters.all()),
            "may_cooperate": acts.holds_at_center(user, application, Ability.COOPERATE)
            and not application.is_ended,
            "hops": list(application.hops.all()),
            "checks": conflicts.check(application, parties, user=user, today=today),
            "is_urgent": application.is_undecided
            and (
                is_provide_first_urgent(application.limitation_on, today)
                or application.is_preservation_urgent
            ),
            "days_to_limitation": application.limitation_on
            and (application.limitation_on - today).days,
            "reveal_form": reveal_form or ReasonForm(),
            "is_revealed": is_revealed,
            "hold_line": hold_line(user, "application", application),
        }
        | papers
        | official,
        status=status,
    )


def _is_examined_by(user, application):
    """Whoever is about to decide reads what the rules find now, beside what the station wrote then."""
    return application.status in {Status.IN_REVIEW, Status.REFUSAL_PROPOSED} and (
        user.may(Ability.EXAMINE) or user.may(Ability.DECIDE)
    )


def _last_objection(decisions):
    made = [each.objection for each in decisions if hasattr(each, "objection")]
    return max(made, key=lambda objection: objection.pk, default=None)


def _first_due(deadline):
    """The duty that ends first leads; clocks on trial and clocks that stand still come after."""
    return deadline.is_shadow, deadline.is_paused, deadline.due_on, deadline.number


def _acts(user, application, decisions, proposal, objection):
    """The acts open now, less those that what is on file makes pointless."""
    hidden = set()
    is_owed = any(
        each.kind == DecisionKind.PROVIDE_FIRST and not each.papers_complete_on
        for each in decisions
    )
    if not is_owed:
        hidden.add(M.COMPLETE_PAPERS)
    if not application.is_undecided:
        hidden.add(M.CHECK_PAPERS)
    # What came from another county has no station here to go back to.
    if application.county_id != application.intake_county_id:
        hidden.add(M.RETURN)
    if proposal and proposal.proposed_by_id == user.pk:
        hidden.update({M.REFUSE, M.TERMINATE})
    decided = next((each for each in reversed(decisions) if each.made_at), None)
    if objection and decided and objection.decision_id == decided.pk:
        hidden.add(M.OBJECT)
    is_heard_here = objection and not second_person.took_part(objection.decision, user)
    if not is_heard_here or objection.outcome:
        hidden.add(M.UPHOLD_DECISION)
    return [act for act in acts.acts_now(user, application) if act.move not in hidden]


# The codes a decision's grounds and a move's reason are taken from.
GROUNDS = {
    DecisionKind.PROVIDE_FIRST: ProvideFirstGround,
    DecisionKind.REFUSE: RefusalGround,
    DecisionKind.TERMINATE: TerminationGround,
}
REASONS = {
    M.RETURN: ReturnReason,
    M.REVIEW: Conclusion,
    M.PROVIDE_FIRST: ProvideFirstGround,
    M.PROPOSE_REFUSAL: RefusalGround,
    M.PROPOSE_TERMINATION: TerminationGround,
    M.ASK_CHANGE: ChangeGround,
    M.CHANGE_PERSON: ChangeReason,
    M.CLOSE: CaseResult,
    M.RETURN_FILE: FileCheck,
    M.ARCHIVE: FileCheck,
}


def ground_labels(decision):
    return [GROUNDS[decision.kind](code).label for code in decision.grounds]


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    move: str
    reason: str
    note: str
    made_by: User | None
    made_at: datetime
    is_key: bool
    paper: Letter | None


def _receipt_to_hand_over(application, papers):
    """The receipt (form 5) while it waits to be printed for whoever stands at the counter."""
    if application.status != Status.RECEIVED:
        return None
    receipts = (paper for paper in papers if paper.kind == LetterKind.RECEIPT)
    return next((paper for paper in receipts if paper.is_to_print), None)


def _paper_of(event, papers):
    """The paper that a move made, found by its form and its moment."""
    kind = PAPER_OF.get(event.move)
    for paper in papers:
        if paper.kind == kind and abs(paper.made_at - event.made_at) < AT_ONCE:
            return paper
    return None


def _line(event, papers, opinion):
    # The opinion in force stands in full above.
    is_above = event.move == M.REVIEW and opinion and event.note == opinion.words
    codes = REASONS.get(event.move)
    return Line(
        move=event.get_move_display(),
        reason=codes(event.reason).label if codes and event.reason else "",
        note="" if is_above else event.note,
        made_by=event.made_by,
        made_at=event.made_at,
        is_key=event.move in KEY_MOVES,
        paper=_paper_of(event, papers),
    )


@allowed(Ability.REVEAL)
@require_POST
def application_reveal(request, pk):
    """Show the masked numbers once, and keep who looked and why."""
    application = whole_application(request.user, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        Look.objects.create(
            kind=LookKind.REVEAL,
            user=request.user,
            station=application.station,
            county=application.county,
            subject=f"application:{application.pk}",
            reason=without_numbers(form.cleaned_data["reason"]),
        )
    return record_page(
        request,
        application,
        reveal_form=form,
        is_revealed=form.is_valid(),
        status=200 if form.is_valid() else 422,
    )
