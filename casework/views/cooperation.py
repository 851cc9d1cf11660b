"""Cooperation across regions: letters out and in, one letter with what can be done, new ones."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.models import DayOff
from stations.roles import Ability

from ..applications import acts, cooperation
from ..forms.cooperation import (
    AcceptForm,
    DeclineForm,
    ExtendForm,
    OurLetterForm,
    PaperLetterForm,
    ReplyForm,
)
from ..models import Application, CooperationLetter
from ..terms import CooperationDirection, CooperationStatus
from ..terms import CooperationMove as M
from ..workflow import MoveRefused

PAGE = 50
# What the list shows: its word and the letters it holds.
SHOWN = {
    "open": gettext_lazy("not finished"),
    "waiting": gettext_lazy("waiting for a reply"),
    "late": gettext_lazy("reply overdue"),
    "all": gettext_lazy("all"),
}
FORMS = {
    M.ACCEPT: AcceptForm,
    M.DECLINE: DeclineForm,
    M.EXTEND: ExtendForm,
    M.REPLY: ReplyForm,
}
DONE = {
    M.SEND: gettext_lazy("Sent. Form 7 is ready to print."),
    M.RECEIVE: gettext_lazy("Signed for."),
    M.ACCEPT: gettext_lazy("Taken on."),
    M.DECLINE: gettext_lazy("Declined; the other side reads why."),
    M.EXTEND: gettext_lazy("The later day is kept; both sides read why."),
    M.REPLY: gettext_lazy("The reply is kept."),
    M.CLOSE: gettext_lazy("Closed."),
}


def _letters(user):
    return CooperationLetter.objects.visible_to(user).for_list()


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def cooperation_list(request):
    """Letters out and in, those to be answered first."""
    today = timezone.localdate()
    direction = request.GET.get("direction", "")
    shown = request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    letters = _letters(request.user)
    if direction in CooperationDirection:
        letters = letters.filter(direction=direction)
    if shown == "open":
        letters = letters.exclude(status=CooperationStatus.CLOSED)
    elif shown != "all":
        letters = letters.unanswered()
    if shown == "late":
        letters = letters.filter(due_on__lt=today)
    page = Paginator(letters.order_by("due_on", "pk"), PAGE).get_page(request.GET.get("page"))
    calendar = DayOff.objects.calendar(request.user.county)
    for letter in page:
        letter.clock = cooperation.face(letter, calendar=calendar, today=today)
    return TemplateResponse(
        request,
        "casework/cooperation/list.html",
        {
            "page": page,
            "direction": direction,
            "directions": CooperationDirection.choices,
            "shown": shown,
            "choices": SHOWN.items(),
        },
    )


def _letter(request, pk):
    letters = _letters(request.user).select_related(
        "application__county",
        "other_county__division",
        "paper__county",
        "handled_at",
        "made_by",
    )
    return get_object_or_404(letters.defer("paper__content"), pk=pk)


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def cooperation_detail(request, pk):
    return _page(request, _letter(request, pk))


def _may_act(user, letter):
    """Whether it is this person's to move the letter: the center of its county, not a station."""
    return user.may(Ability.COOPERATE) and letter.county_id == user.county.pk


def _page(request, letter, *, bound=None):
    """The page of one letter, also after a form was wrong: what was typed is still there."""
    moves = cooperation.moves_from(letter) if _may_act(request.user, letter) else []
    forms = {
        move: (bound if bound and isinstance(bound, form) else form(letter=letter))
        for move, form in FORMS.items()
        if move in moves
    }
    calendar = DayOff.objects.calendar(letter.county)
    return TemplateResponse(
        request,
        "casework/cooperation/detail.html",
        {
            "letter": letter,
            "clock": cooperation.face(letter, calendar=calendar, today=timezone.localdate()),
            "is_check": letter.kind in cooperation.CHECKS,
            "presses": [move for move in moves if move not in FORMS],
            "forms": forms,
            "may_open_application": letter.application_id
            and Application.objects.visible_to(request.user)
            .filter(pk=letter.application_id)
            .exists(),
            "events": letter.events.select_related("made_by").order_by("-made_at", "-pk"),
        },
        status=422 if bound else 200,
    )


@allowed(Ability.COOPERATE)
@require_http_methods(["GET", "POST"])
def cooperation_create(request):
    """A letter of ours from an application, or with none one that came on paper."""
    number = row_number(request.GET.get("application"))
    if not number:
        return _paper_letter(request)
    application = get_object_or_404(
        Application.objects.visible_to(request.user).for_list(), pk=number
    )
    if not acts.holds_at_center(request.user, application, Ability.COOPERATE):
        raise Http404
    today = timezone.localdate()
    form = OurLetterForm(
        request.POST or None,
        application=application,
        instance=CooperationLetter(application=application),
        initial={
            "due_on": cooperation.usual_due_on(application.county, today),
            "client_key": uuid.uuid4(),
        },
    )
    return _written(
        request,
        form,
        lambda letter: cooperation.draft(
            letter, by=request.user, note=form.cleaned_data.get("ground", "")
        ),
        done=_("Written. Read it once more, then send it."),
        application=application,
        title=_("Ask another region"),
    )


def _paper_letter(request):
    county, today = request.user.county, timezone.localdate()
    form = PaperLetterForm(
        request.POST or None,
        instance=CooperationLetter(county=county),
        initial={
            "received_on": today,
            "due_on": cooperation.usual_due_on(county, today),
            "client_key": uuid.uuid4(),
        },
    )
    return _written(
        request,
        form,
        lambda letter: cooperation.take_in(letter, by=request.user),
        done=_("Taken in. The time to reply runs."),
        title=_("A letter came on paper"),
    )


def _written(request, form, write, *, done, **context):
    """Write the letter of a form; a second press of its button finds the first one's letter."""
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        known = key and CooperationLetter.objects.filter(client_key=key).first()
        if known:
            return redirect(known)
        form.instance.client_key = key
        letter = write(form.save(commit=False))
        messages.success(request, done)
        return redirect(letter)
    return TemplateResponse(
        request,
        "casework/cooperation/form.html",
        {"form": form} | context,
        status=422 if form.errors else 200,
    )


@allowed(Ability.COOPERATE)
@require_http_methods(["GET", "POST"])
def cooperation_edit(request, pk):
    """Change a letter of ours while it is a draft."""
    letter = _letter(request, pk)
    if not _may_act(request.user, letter):
        raise PermissionDenied
    if letter.status != CooperationStatus.DRAFTED:
        messages.error(
            request, _("This letter has left the house and is not changed any more.")
        )
        return redirect(letter)
    form = OurLetterForm(request.POST or None, application=letter.application, instance=letter)
    if letter.other_county_id and not form.is_bound:
        form.initial["other_institution"] = ""
    form.fields.pop("ground", None)
    if form.is_valid():
        try:
            cooperation.rewrite(form.save(commit=False))
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
        return redirect(letter)
    return TemplateResponse(
        request,
        "casework/cooperation/form.html",
        {
            "form": form,
            "letter": letter,
            "application": letter.application,
            "title": _("Change the letter"),
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.COOPERATE)
@require_POST
def cooperation_move(request, pk, move):
    """One move of a letter: made, or told why not."""
    letter = _letter(request, pk)
    if move not in DONE:
        raise Http404
    if not _may_act(request.user, letter):
        raise PermissionDenied
    fields, form = {}, None
    if move in FORMS:
        form = FORMS[move](request.POST, letter=letter)
        if not form.is_valid():
            return _page(request, letter, bound=form)
        fields = form.cleaned_data
    try:
        getattr(cooperation, move)(letter, by=request.user, **fields)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DONE[move])
    return redirect(letter)
