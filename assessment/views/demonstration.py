"""Demonstration stations: the fifth a county owes, an application on its way, names and papers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from stations.access import allowed
from stations.calendar.clock_faces import clock
from stations.files import handing_out
from stations.files.file_check import FileRefused
from stations.models import County, DayOff, Station
from stations.roles import Ability
from stations.views.public import open_page, public_page

from ..demonstration import WARN_DAYS, CheckPoint, Stage, Step
from ..forms.demonstration import (
    ApplyForm,
    CheckForm,
    DeclineForm,
    NameForm,
    ObjectionForm,
    PlanForm,
    PublishForm,
    RecommendForm,
    RenewForm,
    SettleObjectionForm,
    WithdrawForm,
)
from ..models import Demonstration, DemonstrationObjection
from ..naming import moves, plaques
from ..naming.candidates import boards, candidate, candidates, grounds_of
from ..naming.moves import NamingRefused

# The steps on one's way, for the line at the top of an application.
WAY = [Stage.APPLIED, Stage.RECOMMENDED, Stage.CHECKED, Stage.PUBLISHED, Stage.NAMED]
FORMS = {
    Step.RECOMMEND: RecommendForm,
    Step.PUBLISH: PublishForm,
    Step.NAME: NameForm,
    Step.RENEW: RenewForm,
    Step.OBJECT: ObjectionForm,
    Step.DECLINE: DeclineForm,
    Step.WITHDRAW: WithdrawForm,
}


# ── The county's fifth ────────────────────────────────────────────────────────────────


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def demonstration_list(request):
    """The city's counties; a county's names, applications and candidates; a station's own."""
    user, today = request.user, timezone.localdate()
    if user.station:
        stood = candidate(user.station, today)
        own = Demonstration.objects.visible_to(user).for_list()
        return TemplateResponse(
            request, "assessment/demonstration/station.html", {"stood": stood, "own": own}
        )
    counties = County.objects.visible_to(user).select_related("division")
    if user.county is None and not request.GET.get("county"):
        return TemplateResponse(
            request,
            "assessment/demonstration/city.html",
            {"boards": boards(counties, today.year), "waiting": _waiting(user)},
        )
    county = user.county or get_object_or_404(
        counties, division__code=_code(request.GET["county"])
    )
    live = list(
        Demonstration.objects.visible_to(user)
        .filter(county=county)
        .exclude(stage__in=[Stage.DECLINED, Stage.WITHDRAWN])
        .for_list()
        .order_by("stage", "station__code")
    )
    calendar = DayOff.objects.calendar(county)
    for each in live:
        if each.stage == Stage.NAMED:
            each.clock = clock(today, each.named_on, each.valid_until, calendar)
    [board] = boards([county], today.year)
    return TemplateResponse(
        request,
        "assessment/demonstration/county.html",
        {
            "county": county,
            "board": board,
            "named": [each for each in live if each.stage == Stage.NAMED],
            "under_way": [each for each in live if each.is_under_way],
            "candidates": [each for each in candidates(county, today) if each.live is None],
            "over": Demonstration.objects.visible_to(user)
            .filter(county=county, stage__in=[Stage.DECLINED, Stage.WITHDRAWN])
            .for_list()
            .order_by("-ended_on", "-pk")[:10],
        },
    )


def _code(text):
    """A code that is none is out of scope like any other county."""
    return text if text.isdigit() else "-"


def _waiting(user):
    """The applications that wait for the city's check."""
    return (
        Demonstration.objects.visible_to(user)
        .filter(stage=Stage.RECOMMENDED)
        .for_list()
        .order_by("recommended_at")
    )


@allowed(Ability.RECOMMEND)
@require_http_methods(["GET", "POST"])
def demonstration_plan(request):
    """How many stations the county means to name this year."""
    county, year = request.user.county, timezone.localdate().year
    [board] = boards([county], year)
    form = PlanForm(
        request.POST or None,
        least=board.quota,
        most=board.stations,
        initial={
            "wanted": board.plan.wanted if board.plan else board.quota,
            "words": board.plan.words if board.plan else "",
        },
    )
    if form.is_valid():
        moves.plan(county, year, by=request.user, **form.cleaned_data)
        messages.success(request, _("The plan is kept; the earlier one can still be read."))
        return redirect("assessment:demonstration_list")
    return TemplateResponse(
        request,
        "assessment/demonstration/plan.html",
        {
            "form": form,
            "board": board,
            "plans": county.demonstration_plans.select_related("set_by")[:10],
        },
        status=422 if form.errors else 200,
    )


# ── One application ───────────────────────────────────────────────────────────────────


@allowed(Ability.APPLY_TO_DEMONSTRATE)
@require_http_methods(["GET", "POST"])
def demonstration_apply(request):
    """The station's application: its conditions as they stand, a statement, photos and papers."""
    station = get_object_or_404(
        Station.objects.visible_to(request.user).select_related("county__division", "township"),
        pk=request.user.station.pk,
    )
    form = ApplyForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = moves.apply(station, by=request.user, **form.cleaned_data)
        except (NamingRefused, FileRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The application is on its way to the county."))
            return redirect(made)
    return TemplateResponse(
        request,
        "assessment/demonstration/apply.html",
        {"form": form, "stood": candidate(station, timezone.localdate())},
        status=422 if form.errors else 200,
    )


def _visible(user, pk):
    return get_object_or_404(
        Demonstration.objects.visible_to(user).select_related(
            "station__township",
            "county__division__parent",
            "applied_by",
            "recommended_by",
            "checked_by",
            "named_by",
            "ended_by",
        ),
        pk=pk,
    )


def _form(step, data=None):
    """The form of one step; several stand on a page, so each has ids of its own."""
    return FORMS[step](data, auto_id=f"id_{step}_%s", initial={"came_on": timezone.localdate()})


def _offered(user, demonstration, today):
    """The steps of the county that can be taken today, in the order of the page."""
    if not user.may(Ability.RECOMMEND):
        return []
    steps = [step for step in FORMS if moves.may(step, demonstration)]
    early = set()
    if demonstration.stage == Stage.PUBLISHED and today <= demonstration.published_until:
        early.add(Step.NAME)
    until = demonstration.valid_until
    if demonstration.stage == Stage.NAMED and (until - today).days > WARN_DAYS:
        early.add(Step.RENEW)
    return [step for step in steps if step not in early]


def _objections(user, demonstration, sent):
    """The objections with the form of each that is open; `sent` is (its id, the form in vain)."""
    if not (user.may(Ability.RECOMMEND) or user.may(Ability.INSPECT)):
        return []
    found = list(demonstration.objections.select_related("settled_by"))
    for each in found:
        if each.is_founded is None and user.may(Ability.RECOMMEND):
            is_sent = sent and sent[0] == each.pk
            each.form = sent[1] if is_sent else SettleObjectionForm(auto_id=f"id_o{each.pk}_%s")
    return found


def _page(request, demonstration, *, form=None, step=None, settled=None, status=200):
    """An application with the acts that are this person's now; `form` is the one sent in vain."""
    today = timezone.localdate()
    forms = {
        each: form if each == step else _form(each)
        for each in _offered(request.user, demonstration, today)
    }
    if demonstration.stage == Stage.NAMED:
        calendar = DayOff.objects.calendar(demonstration.county)
        named_clock = clock(today, demonstration.named_on, demonstration.valid_until, calendar)
        found = grounds_of(demonstration, today)
    else:
        named_clock, found = None, ()
    papers = list(demonstration.papers.select_related("evidence").defer("evidence__content"))
    return TemplateResponse(
        request,
        "assessment/demonstration/detail.html",
        {
            "demonstration": demonstration,
            "forms": forms,
            "way": [(stage.label, _place(stage, demonstration)) for stage in WAY],
            "clock": named_clock,
            "grounds": found,
            "handed_in": [paper for paper in papers if paper.step == Step.APPLY],
            "on_site": [paper for paper in papers if paper.step == Step.CHECK],
            "checks": demonstration.checks.all(),
            "objections": _objections(request.user, demonstration, settled),
            "objection_count": demonstration.objections.count(),
            "events": demonstration.events.select_related("by"),
        },
        status=status,
    )


def _place(stage, demonstration):
    """Whether a step of the way is past, now or to come."""
    if demonstration.stage not in WAY:
        return ""
    now, this = WAY.index(demonstration.stage), WAY.index(stage)
    return "past" if this < now else "now" if this == now else ""


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def demonstration_detail(request, pk):
    return _page(request, _visible(request.user, pk))


ACTS = {
    Step.RECOMMEND: lambda each, by, data: moves.recommend(each, by=by, opinion=data["words"]),
    Step.PUBLISH: lambda each, by, data: moves.publish(each, by=by),
    Step.NAME: lambda each, by, data: moves.name(each, by=by, plaque_number=data["words"]),
    Step.RENEW: lambda each, by, data: moves.renew(each, by=by, words=data["words"]),
    Step.OBJECT: lambda each, by, data: moves.note_objection(each, by=by, **data),
    Step.DECLINE: lambda each, by, data: moves.decline(each, by=by, words=data["words"]),
    Step.WITHDRAW: lambda each, by, data: moves.withdraw(each, by=by, **data),
}


@allowed(Ability.RECOMMEND)
@require_POST
def demonstration_step(request, pk, step):
    """One act of the county: recommend, hang out, name, look anew, decline, withdraw."""
    demonstration = _visible(request.user, pk)
    if step not in FORMS:
        return redirect(demonstration)
    form = _form(step, request.POST)
    is_offered = step in _offered(request.user, demonstration, timezone.localdate())
    if not form.is_valid():
        if is_offered:
            return _page(request, demonstration, form=form, step=step, status=422)
        messages.error(request, moves.too_late(demonstration))
        return redirect(demonstration)
    try:
        done = ACTS[step](demonstration, request.user, form.cleaned_data)
    except NamingRefused as refusal:
        if is_offered:
            # What was typed stays, with the sentence above it.
            form.add_error(None, str(refusal))
            return _page(request, demonstration, form=form, step=step, status=422)
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("It now stands at “%(stage)s”.") % {"stage": done.get_stage_display()}
        )
    return redirect(demonstration)


@allowed(Ability.RECOMMEND)
@require_POST
def demonstration_objection(request, pk):
    """What was found about an objection."""
    objection = get_object_or_404(
        DemonstrationObjection.objects.filter(
            demonstration__in=Demonstration.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    demonstration = _visible(request.user, objection.demonstration_id)
    form = SettleObjectionForm(request.POST, auto_id=f"id_o{pk}_%s")
    if not form.is_valid():
        return _page(request, demonstration, settled=(pk, form), status=422)
    try:
        moves.settle_objection(
            objection,
            by=request.user,
            is_founded=form.cleaned_data["is_founded"] == "yes",
            found=form.cleaned_data["found"],
        )
    except NamingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept; it stands in the history."))
    return redirect(demonstration)


@allowed(Ability.INSPECT)
@require_http_methods(["GET", "POST"])
def demonstration_check(request, pk):
    """The city's check on site: a yes or no for each point, photos."""
    demonstration = _visible(request.user, pk)
    if demonstration.stage != Stage.RECOMMENDED:
        messages.error(
            request,
            _("There is nothing to check: it now stands at “%(stage)s”.")
            % {"stage": demonstration.get_stage_display()},
        )
        return redirect(demonstration)
    form = CheckForm(
        request.POST or None,
        request.FILES or None,
        not_before=timezone.localdate(demonstration.recommended_at),
        initial={"on": timezone.localdate()},
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            done = moves.check(
                demonstration,
                by=request.user,
                on=data["on"],
                points=form.found,
                words=data["words"],
                files=data["files"],
            )
        except (NamingRefused, FileRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            said = (
                _("All points are met; the county hangs the proposal out.")
                if done.stage == Stage.CHECKED
                else _("Not all points are met; the application ends here. It may apply again.")
            )
            messages.success(request, said)
            return redirect(done)
    return TemplateResponse(
        request,
        "assessment/demonstration/check.html",
        {"demonstration": demonstration, "form": form, "count": len(CheckPoint)},
        status=422 if form.errors else 200,
    )


# ── Papers and the public list ────────────────────────────────────────────────────────


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def demonstration_notice(request, pk):
    """The notice that hangs out, as PDF."""
    demonstration = _visible(request.user, pk)
    if demonstration.published_from is None:
        messages.error(request, _("The notice is there once the proposal hangs out."))
        return redirect(demonstration)
    name = _("notice of %(station)s.pdf") % {"station": demonstration.station.short_name}
    return handing_out.shown(plaques.notice(demonstration), name)


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def demonstration_plaque(request, pk):
    """The plaque as PDF, for the workshop."""
    demonstration = _visible(request.user, pk)
    if demonstration.stage != Stage.NAMED:
        messages.error(request, _("The plaque is there once the station is named."))
        return redirect(demonstration)
    name = _("plaque of %(station)s.pdf") % {"station": demonstration.station.short_name}
    return handing_out.shown(plaques.plaque(demonstration), name)


@open_page()
@require_safe
def demonstration_public(request, county):
    """The county's demonstration stations, and the proposals that hang out, for everybody."""
    rows = Demonstration.objects.filter(
        county=county, stage__in=[Stage.NAMED, Stage.PUBLISHED]
    ).select_related("station__township")
    today = timezone.localdate()
    return public_page(
        request,
        "assessment/demonstration/public.html",
        county,
        {
            "named": [each for each in rows if each.stage == Stage.NAMED],
            # After the last day the notice is down; the station is named or not.
            "published": [
                each
                for each in rows
                if each.stage == Stage.PUBLISHED and today <= each.published_until
            ],
        },
    )
