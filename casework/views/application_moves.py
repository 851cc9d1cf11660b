"""The moves of an application at its station, one page or one press each."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stations.access import allowed
from stations.roles import Ability
from stations.upkeep import review_right

from .. import workflow
from ..applications import acts
from ..forms.moves import (
    AskForm,
    CountersignForm,
    DeemWithdrawnForm,
    PapersForm,
    ReviewForm,
    SupplyForm,
    WhyForm,
)
from ..intake import findings
from ..rules import deadlines as limits
from ..rules import eligibility
from ..terms import ApplicationMove as M
from .application_pages import answer, application_to_move, press, turned_away, usual_days

# ── Papers ──────────────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_papers(request, pk):
    application = application_to_move(request, pk, M.CHECK_PAPERS)
    form = PapersForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.CHECK_PAPERS,
        form,
        lambda form: workflow.check_papers(application, by=request.user, materials=form.rows()),
        done=_("The checklist is kept."),
        title=_("Tick off papers"),
        words=_("What is still missing is asked for once, all together."),
        button=_("Keep the checklist"),
    )


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_ask(request, pk):
    """One notice of everything missing. A second one is the head's or the director's to send."""
    application = application_to_move(request, pk, M.ASK)
    is_second = application.supplements.exists()
    if is_second and not _may_ask_again(request.user, application):
        return turned_away(
            request,
            application,
            _(
                "Everything missing is asked for once. A second notice needs the head's agreement."
            ),
        )
    form = AskForm(
        request.POST or None,
        application=application,
        is_second=is_second,
        usual_days=usual_days(application, limits.SUPPLEMENT),
    )
    return answer(
        request,
        application,
        M.ASK,
        form,
        lambda form: workflow.ask_for_documents(
            application,
            by=request.user,
            items=form.all_items,
            note=form.cleaned_data["note"],
            days=form.cleaned_data["days"],
            served_on=form.cleaned_data["served_on"],
            agreed_by=request.user if is_second else None,
            was_foreseeable=is_second and form.cleaned_data["was_foreseeable"],
        ),
        done=_(
            "Asked for. The notice (form 6) is ready to print; the review clock stands still."
        ),
        title=_("Ask once for everything missing"),
        words=_(
            "Legal Aid Law, article 43: everything is asked for once. The seven days stand still"
            " from the day after the notice was served until the papers are there."
        ),
        button=_("Make the notice"),
    )


def _may_ask_again(user, application):
    if application.is_at_station:
        return acts.holds_at_station(user, application, Ability.COUNTERSIGN)
    return acts.holds_at_center(user, application, Ability.DECIDE)


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_supply(request, pk):
    application = application_to_move(request, pk, M.SUPPLY)
    form = SupplyForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.SUPPLY,
        form,
        lambda form: workflow.supply(
            application,
            by=request.user,
            on=form.cleaned_data["on"],
            materials=form.rows(given_on=form.cleaned_data["on"]),
            note=form.cleaned_data["note"],
        ),
        done=_("Noted. When nothing is missing, the clock goes on from tomorrow."),
        title=_("Papers have come"),
        words=_(
            "When nothing on the list is missing, it goes back to where it was asked from."
        ),
        button=_("Keep what has come"),
    )


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_deem_withdrawn(request, pk):
    application = application_to_move(request, pk, M.DEEM_WITHDRAWN)
    form = DeemWithdrawnForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.DEEM_WITHDRAWN,
        form,
        lambda form: workflow.deem_withdrawn(
            application, by=request.user, note=form.cleaned_data["note"]
        ),
        done=_("It counts as withdrawn. The applicant may apply again at any time."),
        title=_("Deem it withdrawn"),
        words=_(
            "Legal Aid Law, article 43: without the papers in time the application counts as"
            " withdrawn. It is not done by itself: a person asks again and confirms."
        ),
        button=_("Deem it withdrawn"),
        is_against=True,
    )


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_withdraw(request, pk):
    application = application_to_move(request, pk, M.WITHDRAW)
    form = WhyForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.WITHDRAW,
        form,
        lambda form: workflow.withdraw(
            application, by=request.user, note=form.cleaned_data["note"]
        ),
        done=_("Withdrawn. The applicant may apply again at any time."),
        title=_("The applicant withdraws"),
        words=_("Only when the applicant asks for it: write how and why."),
        button=_("Note the withdrawal"),
        is_against=True,
    )


# ── Opinion ─────────────────────────────────────────────────────────────────────────────


@allowed(Ability.REVIEW)
@require_http_methods(["GET", "POST"])
def application_review(request, pk):
    """The preliminary opinion: owed also when it proposes to refuse."""
    application = application_to_move(request, pk, M.REVIEW)
    found = findings.findings_of(application, reviewer=request.user.name)
    form = ReviewForm(
        request.POST or None,
        application=application,
        findings=list(found),
        initial={
            "conclusion": eligibility.proposal(found),
            "words": eligibility.opinion(found),
        },
    )
    return answer(
        request,
        application,
        M.REVIEW,
        form,
        lambda form: workflow.review(
            application,
            by=request.user,
            findings=_in_the_office_s_language(application, reviewer=request.user.name),
            overrides=form.overrides(),
            conclusion=form.cleaned_data["conclusion"],
            words=form.cleaned_data["words"],
            no_recusal=form.cleaned_data["no_recusal"],
        ),
        done=_("The opinion is given. The head signs it next."),
        page="casework/applications/review.html",
        right=review_right.right_of(request.user, application.county, timezone.localdate()),
    )


def _in_the_office_s_language(application, *, reviewer):
    """The findings as they are kept with the opinion, whatever language the screen has."""
    with translation.override(settings.LANGUAGE_CODE):
        return findings.findings_of(application, reviewer=reviewer).as_rows()


@allowed(Ability.COUNTERSIGN)
@require_http_methods(["GET", "POST"])
def application_countersign(request, pk):
    """The head signs, and may forward with the same press."""
    application = application_to_move(request, pk, M.COUNTERSIGN)
    form = CountersignForm(request.POST or None, application=application)
    is_forwarded = "forward" in request.POST
    opinion = application.opinions.select_related("reviewed_by").last()
    today = timezone.localdate()

    def sign(form):
        make = workflow.sign_and_forward if is_forwarded else workflow.countersign
        make(application, by=request.user, words=form.cleaned_data["words"])

    return answer(
        request,
        application,
        M.COUNTERSIGN,
        form,
        sign,
        done=_("Signed and forwarded to the county center.")
        if is_forwarded
        else _("Signed. Forward it next."),
        page="casework/applications/countersign.html",
        opinion=opinion,
        right=opinion and review_right.right_of(opinion.reviewed_by, application.county, today),
        back_form=WhyForm(application=application),
    )


@allowed(Ability.COUNTERSIGN)
@require_http_methods(["GET", "POST"])
def application_send_back(request, pk):
    application = application_to_move(request, pk, M.SEND_BACK)
    form = WhyForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.SEND_BACK,
        form,
        lambda form: workflow.send_back(
            application, by=request.user, note=form.cleaned_data["note"]
        ),
        done=_("Sent back to be reviewed again."),
        title=_("Do not sign"),
        words=_("It is reviewed again at the station; whoever reviewed it reads your words."),
        button=_("Send it back"),
    )


@allowed(Ability.COUNTERSIGN)
@require_POST
def application_forward(request, pk):
    return press(
        request,
        pk,
        M.FORWARD,
        lambda application: workflow.forward(application, by=request.user),
        done=_("Forwarded to the county center."),
    )
