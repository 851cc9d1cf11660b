"""Question slips between stations and county: whose move it is, one slip, what the county shares."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..calendar.clock_faces import clock
from ..forms.question_slips import AnswerForm, CloseForm, FurtherForm, SlipForm
from ..models import DayOff, QuestionSlip, Station
from ..roles import Ability
from ..terms import Side, SlipMove, SlipStatus, SlipTopic
from ..upkeep import question_slips
from .years import chosen_year

ROWS = 30
# What the list shows, by the word in the address (?show=).
SHOWN = ("mine", "open", "closed", "shared")


def _stations(user):
    """The open stations of one's place."""
    return list(
        Station.objects.visible_to(user)
        .filter(closed_on=None)
        .select_related("county__division")
        .order_by("code")
    )


@allowed(Ability.EXCHANGE_SLIPS)
@require_safe
def question_slip_list(request):
    """Those on which one's own side has the next move; the others; what the county shares."""
    user, today, year = request.user, timezone.localdate(), chosen_year(request)
    side = question_slips.own_side(user)
    visible = QuestionSlip.objects.visible_to(user)
    own = visible.of_stations(Station.objects.visible_to(user))
    of_each = {
        "mine": own.with_side(side),
        "open": own.open(),
        "closed": own.filter(status=SlipStatus.CLOSED).order_by("-closed_at"),
        "shared": visible.filter(is_shared=True).order_by("-asked_at"),
    }
    shown = request.GET.get("show", "mine")
    shown = shown if shown in SHOWN else "mine"
    rows, topic, text = of_each[shown], request.GET.get("topic", ""), request.GET.get("q", "")
    if topic in SlipTopic.values:
        rows = rows.filter(topic=topic)
    if text := text.replace("\0", "").strip()[:40]:
        rows = rows.filter(
            pk__in=visible.filter(
                Q(subject__icontains=text) | Q(events__words__icontains=text)
            ).values("pk")
        )
    page = Paginator(rows.select_related("station", "asked_by"), ROWS).get_page(
        request.GET.get("page")
    )
    _wind(page, user.county, today)
    years = question_slips.figures(_stations(user), year, today)
    return TemplateResponse(
        request,
        "stations/question_slips/list.html",
        {
            "page": page,
            "shown": shown,
            "counts": {word: of_each[word].count() for word in ("mine", "open")},
            "topic": topic,
            "topics": SlipTopic.choices,
            "q": text,
            "side": side,
            "year": year,
            "years": [each for each in years if each.is_something],
            "late": sum(each.late for each in years),
        },
    )


def _wind(slips, county, today):
    """Give each slip that waits its clock."""
    calendar = DayOff.objects.calendar(county)
    for slip in slips:
        slip.clock = (
            clock(today, timezone.localdate(slip.asked_at), slip.due_on, calendar)
            if slip.status == SlipStatus.WAITING
            else None
        )


@allowed(Ability.EXCHANGE_SLIPS)
@require_http_methods(["GET", "POST"])
def question_slip_create(request):
    user = request.user
    is_county = question_slips.own_side(user) == Side.COUNTY
    stations = _stations(user)
    form = SlipForm(
        request.POST or None,
        stations=stations if is_county else (),
        initial={"station": request.GET.get("station")},
    )
    if form.is_valid():
        typed = form.cleaned_data
        asked = form.asked if is_county else [user.station]
        slips = question_slips.ask(
            asked,
            topic=typed["topic"],
            subject=typed["subject"],
            words=typed["words"],
            key=typed["client_key"],
            by=user,
        )
        messages.success(
            request,
            _("The county has your question.")
            if not is_county
            else ngettext(
                "%d station has the question.", "%d stations have the question.", len(slips)
            )
            % len(slips),
        )
        if len(slips) == 1:
            return redirect("stations:question_slip", slips[0].pk)
        page = redirect("stations:question_slip_list")
        page["Location"] += "?show=open"
        return page
    return TemplateResponse(
        request,
        "stations/question_slips/form.html",
        {
            "form": form,
            "is_county": is_county,
            "days": user.county.parameter("question_working_days"),
        },
        status=422 if form.is_bound else 200,
    )


def _slip(request, pk):
    slips = QuestionSlip.objects.visible_to(request.user).select_related(
        "station__county__division", "asked_by"
    )
    return get_object_or_404(slips, pk=pk)


@allowed(Ability.EXCHANGE_SLIPS)
@require_safe
def question_slip(request, pk):
    return _page(request, _slip(request, pk))


def _page(request, slip, **wrong):
    """One slip: what was said, and what the reader's side may do next.

    `wrong` is the form of a move that was refused: its words stay in sight, even where somebody
    else was quicker and the move is over.
    """
    side = question_slips.side_of(request.user, slip.station)
    _wind([slip], slip.station.county, timezone.localdate())
    is_waiting, is_asker = slip.status == SlipStatus.WAITING, side == slip.asked_side
    events = list(slip.events.select_related("by"))
    may = {
        "answer": side == slip.answering_side and is_waiting,
        "further": is_asker and slip.status == SlipStatus.ANSWERED,
        "close": is_asker and slip.status != SlipStatus.CLOSED,
        "share": side == Side.COUNTY
        and not is_waiting
        and any(event.move == SlipMove.ANSWER for event in events),
    }
    is_others_turn = side is not None and is_asker == is_waiting
    return TemplateResponse(
        request,
        "stations/question_slips/detail.html",
        {
            "slip": slip,
            "events": events,
            "may": may,
            "is_others_turn": is_others_turn and slip.status != SlipStatus.CLOSED,
            "side": side,
            "answer_form": wrong.get("answer", AnswerForm()),
            "further_form": wrong.get("further", FurtherForm()),
            "close_form": wrong.get("close", CloseForm()),
            "wrong": next(iter(wrong.values()), None),
            "is_over": any(not may[move] for move in wrong),
        },
        status=422 if wrong else 200,
    )


# What each move asks for, and what it does.
MOVES = {
    "answer": (AnswerForm, question_slips.answer),
    "further": (FurtherForm, question_slips.ask_further),
    "close": (CloseForm, question_slips.close),
}


@allowed(Ability.EXCHANGE_SLIPS)
@require_POST
def question_slip_move(request, pk, move):
    slip = _slip(request, pk)
    if move not in MOVES:
        raise Http404
    form_of, act = MOVES[move]
    form = form_of(request.POST)
    if not form.is_valid():
        return _page(request, slip, **{move: form})
    try:
        act(slip, by=request.user, **form.cleaned_data)
    except question_slips.SlipRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, slip, **{move: form})
    messages.success(request, _said(move))
    return redirect("stations:question_slip", slip.pk)


def _said(move):
    return {
        "answer": _("Answered; the side that asked sees it at once."),
        "further": _("Asked further; the slip waits for an answer again."),
        "close": _("The slip is closed."),
    }[move]


@allowed(Ability.EXCHANGE_SLIPS)
@require_POST
def question_slip_share(request, pk):
    """Show question and answer to all stations of the county, or no longer."""
    slip, is_shared = _slip(request, pk), request.POST.get("is_shared") == "1"
    try:
        question_slips.share(slip, is_shared=is_shared, by=request.user)
    except question_slips.SlipRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("All stations of the county see it now.")
            if is_shared
            else _("Only this station and the county see it now."),
        )
    return redirect("stations:question_slip", slip.pk)
