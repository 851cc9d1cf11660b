"""The moves of an application at its center and bureau: signing for, deciding, objections.

A refusal or a termination is proposed by one person and decided by another.
"""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stations.access import allowed
from stations.roles import Ability

from .. import workflow
from ..forms.decisions import (
    GrantForm,
    ObjectionDecisionForm,
    ObjectionForm,
    ProposeRefusalForm,
    ProposeTerminationForm,
    ProvideFirstForm,
    ReturnForm,
)
from ..forms.moves import MoveForm, PapersForm, WhyForm
from ..intake.findings import findings_of
from ..models import Objection
from ..rules import deadlines as limits
from ..terms import ApplicationMove as M
from ..terms import DecisionKind, DecisionState, RefusalGround
from ..workflow import second_person
from .application_pages import answer, application_to_move, press, turned_away, usual_days
from .application_record import ground_labels

# As a rule the director; `casework.workflow.second_person` says whose turn it is.
SECOND_PERSONS = (Ability.DECIDE, Ability.EXAMINE, Ability.HEAR_OBJECTION)


@allowed(Ability.EXAMINE)
@require_POST
def application_sign_for(request, pk):
    return press(
        request,
        pk,
        M.SIGN_FOR,
        lambda application: workflow.sign_for(application, by=request.user),
        done=_("Signed for. Examine and decide next."),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_return(request, pk):
    application = application_to_move(request, pk, M.RETURN)
    form = ReturnForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.RETURN,
        form,
        lambda form: workflow.return_to_station(
            application,
            by=request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        ),
        done=_("Returned to the station."),
        title=_("Return to the station"),
        words=_("The seven days go on meanwhile. Papers are asked for with a notice instead."),
        button=_("Return to the station"),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_grant(request, pk):
    application = application_to_move(request, pk, M.GRANT)
    form = GrantForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.GRANT,
        form,
        lambda form: workflow.grant(
            application, by=request.user, reason=form.cleaned_data["reason"]
        ),
        done=_("Granted. The decision (form 9) is ready to print; assign within three days."),
        title=_("Grant legal aid"),
        words=_(
            "Legal Aid Law, article 43: the decision is made in writing and served; the case is"
            " assigned within three days."
        ),
        button=_("Grant legal aid"),
        opinion=_last_opinion(application),
        points=list(findings_of(application)),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_provide_first(request, pk):
    application = application_to_move(request, pk, M.PROVIDE_FIRST)
    form = ProvideFirstForm(
        request.POST or None,
        application=application,
        usual_days=usual_days(application, limits.PAPERS_AFTERWARDS),
    )
    return answer(
        request,
        application,
        M.PROVIDE_FIRST,
        form,
        lambda form: workflow.provide_first(
            application,
            by=request.user,
            grounds=form.cleaned_data["grounds"],
            days=form.cleaned_data["days"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("Aid is provided first. The papers are owed; assign at once."),
        title=_("Provide aid first"),
        words=_(
            "Legal Aid Law, article 44: where waiting would do harm, aid comes first and the"
            " papers are completed within the days set here."
        ),
        button=_("Provide aid first"),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_complete_papers(request, pk):
    """Papers owed after aid was provided first: ticked off, and done when none is missing."""
    application = application_to_move(request, pk, M.COMPLETE_PAPERS)
    form = PapersForm(request.POST or None, application=application)

    def keep(form):
        make = workflow.complete_papers if form.is_complete else workflow.check_papers
        make(application, by=request.user, materials=form.rows())

    return answer(
        request,
        application,
        M.COMPLETE_PAPERS,
        form,
        keep,
        done=_("Noted. The papers count as complete once none is missing."),
        title=_("Papers supplied afterwards"),
        words=_("Aid was provided first (article 44). Tick off what has come since."),
        button=_("Keep what has come"),
    )


# ── Against the applicant: two persons ──────────────────────────────────────────────────


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_propose_refusal(request, pk):
    application = application_to_move(request, pk, M.PROPOSE_REFUSAL)
    found = findings_of(application)
    form = ProposeRefusalForm(
        request.POST or None, application=application, initial=_refusal_pointed_to(found)
    )
    return answer(
        request,
        application,
        M.PROPOSE_REFUSAL,
        form,
        lambda form: workflow.propose_refusal(
            application,
            by=request.user,
            grounds=form.cleaned_data["grounds"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("Proposed. A second person decides."),
        title=_("Propose to refuse"),
        words=_(
            "A refusal needs two persons. Its letter (form 10) prints the grounds, the reasons and"
            " how to object (Legal Aid Law, article 49)."
        ),
        button=_("Propose to refuse"),
        is_against=True,
        opinion=_last_opinion(application),
        points=list(found),
    )


def _refusal_pointed_to(found):
    """What the form starts with where the household is above the standard: the ground and its words."""
    if found.hardship.state != "no":
        return {}
    return {"grounds": [RefusalGround.NO_HARDSHIP], "reason": found.hardship.to_keep}


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_propose_termination(request, pk):
    application = application_to_move(request, pk, M.PROPOSE_TERMINATION)
    form = ProposeTerminationForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.PROPOSE_TERMINATION,
        form,
        lambda form: workflow.propose_termination(
            application,
            by=request.user,
            grounds=form.cleaned_data["grounds"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("Proposed. A second person decides."),
        title=_("Propose to terminate"),
        words=_("Legal Aid Law, article 48 names eight grounds. A second person decides."),
        button=_("Propose to terminate"),
        is_against=True,
    )


def _second_person(request, pk, move, make, *, done):
    """The page on which the second person decides, or says why not."""
    application = application_to_move(request, pk, move)
    # Nothing is typed: the press itself is the decision.
    form = MoveForm(request.POST if request.method == "POST" else None, application=application)
    return _proposal_page(
        request,
        application,
        move,
        form,
        lambda _form: make(application, by=request.user),
        done=done,
        decline_form=WhyForm(application=application),
    )


def _proposal_page(request, application, move, form, make, *, done, decline_form):
    proposal = (
        application.decisions.filter(state=DecisionState.PROPOSED)
        .select_related("proposed_by")
        .last()
    )
    return answer(
        request,
        application,
        move,
        form,
        make,
        done=done,
        page="casework/applications/proposal.html",
        decline_form=decline_form,
        proposal=proposal,
        is_refusal=bool(proposal and proposal.kind == DecisionKind.REFUSE),
        is_own=bool(proposal and proposal.proposed_by_id == request.user.pk),
        grounds=ground_labels(proposal) if proposal else [],
        who_decides=second_person.words_for(
            second_person.decider(application.county_id, proposal.proposed_by_id)
        )
        if proposal
        else "",
        opinion=_last_opinion(application),
    )


@allowed(*SECOND_PERSONS)
@require_http_methods(["GET", "POST"])
def application_refuse(request, pk):
    return _second_person(
        request,
        pk,
        M.REFUSE,
        workflow.refuse,
        done=_("Refused. The letter (form 10) with how to object is ready to print."),
    )


@allowed(*SECOND_PERSONS)
@require_http_methods(["GET", "POST"])
def application_terminate(request, pk):
    return _second_person(
        request,
        pk,
        M.TERMINATE,
        workflow.terminate,
        done=_("Terminated. The papers (forms 18 and 19) are ready to print."),
    )


@allowed(*SECOND_PERSONS)
@require_POST
def application_decline_proposal(request, pk):
    """The second person does not agree and says why."""
    application = application_to_move(request, pk, M.DECLINE_PROPOSAL)
    form = WhyForm(request.POST, application=application)
    return _proposal_page(
        request,
        application,
        M.DECLINE_PROPOSAL,
        form,
        lambda form: workflow.decline_proposal(
            application, by=request.user, note=form.cleaned_data["note"]
        ),
        done=_("Not agreed. It goes back to where the proposal came from."),
        decline_form=form,
    )


# ── Objections ──────────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_IN, Ability.EXAMINE, Ability.HEAR_OBJECTION)
@require_http_methods(["GET", "POST"])
def application_objection(request, pk):
    application = application_to_move(request, pk, M.OBJECT)
    form = ObjectionForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.OBJECT,
        form,
        lambda form: workflow.receive_objection(
            application,
            by=request.user,
            received_on=form.cleaned_data["received_on"],
            words=form.cleaned_data["words"],
        ),
        done=_("Noted. The bureau decides within five days."),
        title=_("An objection has come in"),
        words=_(
            "Legal Aid Law, article 49: the applicant objects to the bureau, which decides within"
            " five days. Whoever is told it takes it down; nobody is sent away."
        ),
        button=_("Take the objection down"),
    )


@allowed(Ability.HEAR_OBJECTION)
@require_http_methods(["GET", "POST"])
def application_objection_decide(request, pk):
    application = application_to_move(request, pk, M.UPHOLD_DECISION)
    objection = (
        Objection.objects.filter(decision__application=application)
        .select_related("decision", "recorded_by")
        .order_by("pk")
        .last()
    )
    if objection and second_person.took_part(objection.decision, request.user):
        return turned_away(request, application, second_person.NOT_AGAIN)
    form = ObjectionDecisionForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.UPHOLD_DECISION,
        form,
        lambda form: workflow.decide_objection(
            application,
            by=request.user,
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("Decided. The paper (form 20) is ready to print."),
        page="casework/applications/objection.html",
        objection=objection,
        title=_("Decide the objection"),
        words=_(
            "Legal Aid Law, article 49. Ordering a correction puts the file back: a refusal under"
            " review again, a termination to whoever assigns."
        ),
        button=_("Decide the objection"),
    )


def _last_opinion(application):
    return application.opinions.select_related("reviewed_by", "signed_by").last()
