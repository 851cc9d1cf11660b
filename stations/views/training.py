"""Training: the year's plan and sessions, the list at the desk, the quiz, the hours."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..addresses import row_number
from ..files import handing_out
from ..forms.photos import PhotosField
from ..forms.staffing import VoidForm
from ..forms.training import PlanForm, QuestionsForm, QuizForm, SessionForm
from ..liaisons import leads, liaison_work
from ..models import PlannedTraining, Station, TrainingSession
from ..models.training import QUESTIONS
from ..roles import Ability
from ..upkeep import training, training_paper, training_years
from .evidence import shown
from .network import chosen_county
from .years import chosen_year, kept_by, open_stations, own_place

ROWS = 30


def _sessions(request):
    return TrainingSession.objects.visible_to(request.user).select_related(
        "station", "county__division", "recorded_by"
    )


def _session(request, pk):
    return get_object_or_404(_sessions(request), pk=pk)


def _kept(request, pk):
    return get_object_or_404(kept_by(request.user, _sessions(request)), pk=pk)


@allowed(Ability.SEE_NETWORK)
@require_safe
def training_list(request):
    """The plan of a year, and what was held."""
    year = chosen_year(request)
    there = Count("attendances", filter=Q(attendances__struck_at=None))
    rows = (
        _sessions(request).counted().of_year(year).annotate(there=there).order_by("-on", "-pk")
    )
    planned = (
        PlannedTraining.objects.visible_to(request.user)
        .filter(year=year)
        .select_related("station", "county__division")
        .annotate(held=Count("sessions", filter=Q(sessions__voided_at=None)))
    )
    return TemplateResponse(
        request,
        "stations/training/list.html",
        {
            "year": year,
            "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
            "planned": planned,
        },
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def training_plan(request):
    """Put a line into the plan of one's place."""
    station, county = own_place(request)
    form = PlanForm(request.POST or None)
    if form.is_valid():
        line = form.save(commit=False)
        line.station, line.county, line.planned_by = station, county, request.user
        line.save()
        messages.success(request, _("It stands in the plan."))
        page = redirect("stations:training_list")
        page["Location"] += f"?year={line.year}"
        return page
    return _form_page(
        request, form, _("Put into the plan"), _("Put into the plan"), station or county
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def training_create(request):
    station, county = own_place(request)
    planned = PlannedTraining.objects.visible_to(request.user).filter(
        year__gte=timezone.localdate().year - 1, county=county
    )
    form = SessionForm(
        request.POST or None,
        request.FILES or None,
        planned=planned,
        initial=_from_plan(request, planned),
    )
    if form.is_valid():
        session = form.save(commit=False)
        session.station, session.county = station, county
        training.hold(session, by=request.user, materials=form.cleaned_data["materials"])
        messages.success(request, _("Recorded. Now the list of who was there."))
        return redirect("stations:training_detail", session.pk)
    return _form_page(
        request, form, _("Record a session"), _("Record the session"), station or county
    )


def _from_plan(request, planned):
    """What the plan says of the line in the address (?planned=)."""
    line = planned.filter(pk=row_number(request.GET.get("planned"))).first()
    if line is None:
        return {}
    return {"planned": line.pk, "topic": line.topic, "title": line.topic, "hours": line.hours}


def _form_page(request, form, title, button, place):
    return TemplateResponse(
        request,
        "stations/training/form.html",
        {"form": form, "title": title, "button": button, "place": place},
        status=422 if form.is_bound else 200,
    )


def _people(request, session):
    """Whom the user may mark: the people of the stations of the session that they reach."""
    stations = training.stations_of(session) & Station.objects.visible_to(request.user)
    return training.people_of(stations, session.on)


@allowed(Ability.SEE_NETWORK)
@require_safe
def training_detail(request, pk):
    session = _session(request, pk)
    here = {
        f"u{row.user_id}" if row.user_id else f"l{row.liaison_id}": row
        for row in session.attendances.filter(struck_at=None)
    }
    first = {
        f"u{row.user_id}" if row.user_id else f"l{row.liaison_id}": row.score
        for row in session.attempts.filter(number=1)
    }
    people = _people(request, session)
    me = training.person_of(request.user, session)
    return TemplateResponse(
        request,
        "stations/training/detail.html",
        {
            "session": session,
            "people": [(each, here.get(each.key), first.get(each.key)) for each in people],
            "there": len(here),
            "answered": len(first),
            "full_marks": sum(score == QUESTIONS for score in first.values()),
            "questions": session.questions.count(),
            "most": QUESTIONS,
            "materials": session.materials.light(),
            "may_keep": request.user.may(Ability.EDIT_STATION)
            and kept_by(request.user, TrainingSession.objects.filter(pk=pk)).exists(),
            "may_mark": request.user.may(Ability.EDIT_STATION) and bool(people),
            "me": me,
            "am_here": bool(me and me.key in here),
            "is_today": session.on == timezone.localdate(),
            "is_to_come": session.on > timezone.localdate(),
        },
    )


@allowed(Ability.EDIT_STATION)
@require_POST
def training_sign_in(request, pk):
    """Bring the list to who is ticked, among those whose list it is."""
    session = _session(request, pk)
    try:
        changed = training.sign_in(
            session,
            set(request.POST.getlist("there")),
            people=_people(request, session),
            by=request.user,
        )
    except training.TrainingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if changed:
            messages.success(request, _("The list is saved."))
        else:
            messages.info(request, _("The list is as it was."))
    return redirect("stations:training_detail", session.pk)


@allowed(Ability.SEE_NETWORK, Ability.SEND_LEAD)
@require_POST
def training_here(request, pk):
    """One's own press, on the day."""
    session = _session(request, pk)
    try:
        training.press_in(session, by=request.user)
    except training.TrainingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You are signed in to this session."))
    return _back(request, session)


def _back(request, session):
    if request.user.may(Ability.SEE_NETWORK):
        return redirect("stations:training_detail", session.pk)
    return redirect("stations:liaison_training")


@allowed(Ability.EDIT_STATION)
@require_POST
def training_materials(request, pk):
    session = _kept(request, pk)
    try:
        files = PhotosField(required=True).clean(request.FILES.getlist("materials"))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        training.add_materials(session, files, by=request.user)
        messages.success(request, _("The materials are kept."))
    return redirect("stations:training_detail", session.pk)


@allowed(Ability.SEE_NETWORK, Ability.SEND_LEAD)
@require_safe
def training_material(request, pk, file):
    """A paper of a session, to whoever the session is for: liaisons read it on the phone."""
    materials = _session(request, pk).materials
    return shown(get_object_or_404(materials, pk=file))


@allowed(Ability.EDIT_STATION)
@require_POST
def training_void(request, pk):
    session = _kept(request, pk)
    form = VoidForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
    else:
        try:
            training.void(session, reason=form.cleaned_data["reason"], by=request.user)
        except training.TrainingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The session is void; it stays and no longer counts."))
    return redirect("stations:training_detail", session.pk)


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def quiz_edit(request, pk):
    session = _kept(request, pk)
    form = QuestionsForm(request.POST or None, questions=session.questions.all())
    if form.is_valid():
        try:
            training.set_questions(session, form.questions, by=request.user)
        except training.TrainingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The five questions are ready."))
            return redirect("stations:training_detail", session.pk)
    return TemplateResponse(
        request,
        "stations/training/questions.html",
        {"session": session, "form": form},
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.SEE_NETWORK, Ability.SEND_LEAD)
@require_http_methods(["GET", "POST"])
def quiz(request, pk):
    """Answer the five questions, on a phone or a PC; then see which were right."""
    session = _session(request, pk)
    questions = list(session.questions.all())
    me = training.person_of(request.user, session)
    attempts = training.attempts_of(session, me)
    form = QuizForm(
        request.POST or None, questions=questions, initial={"number": len(attempts) + 1}
    )
    if form.is_valid():
        try:
            training.answer(
                session, form.answers, number=form.cleaned_data["number"], by=request.user
            )
        except training.TrainingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("stations:quiz", session.pk)
    is_again = request.GET.get("again") == "1"
    shown = attempts[-1] if attempts and not is_again and not form.is_bound else None
    return TemplateResponse(
        request,
        "stations/training/quiz.html",
        {
            "session": session,
            "form": form,
            "me": me,
            "most": QUESTIONS,
            "questions": questions,
            "attempts": attempts,
            "marked": _marked(questions, shown) if shown else [],
            **_frame(request),
        },
        status=422 if form.is_bound else 200,
    )


def _frame(request):
    """The page around the quiz: the desk's, or the liaison's phone."""
    if request.user.may(Ability.SEE_NETWORK):
        return {"base": "base.html", "is_phone": False}
    return {
        "base": "plain.html",
        "is_phone": True,
        "post": leads.liaison_post(request.user),
        "waiting": liaison_work.waiting_for(request.user),
    }


def _marked(questions, attempt):
    """[(question, what was chosen, what is right, whether they agree)]."""
    return [
        (q, q.options[chosen], q.options[q.right], chosen == q.right)
        for q, chosen in zip(questions, attempt.answers, strict=False)
    ]


@allowed(Ability.SEE_NETWORK)
@require_safe
def training_roll(request, pk):
    """The sign-in roll as PDF."""
    session = _session(request, pk)
    return handing_out.shown(
        training_paper.roll_pdf(session), f"training-{session.pk}-{session.on}.pdf"
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def training_hours(request):
    """Hours of a year, person by person."""
    county, year = chosen_county(request), chosen_year(request)
    stations = open_stations(request, county)
    chosen = row_number(request.GET.get("station"))
    shown = stations.filter(pk=chosen) if chosen else stations
    rows = training_years.hours_of_year(
        shown, year, training_paper.day_in(year, timezone.localdate())
    )
    lacking = [row for row in rows if row.person.is_staff and not row.is_enough]
    untrained = [row for row in rows if not row.person.user_id and not row.sessions]
    if request.GET.get("lacking") == "1":
        rows = [*lacking, *untrained]
    return TemplateResponse(
        request,
        "stations/training/hours.html",
        {
            "county": county,
            "year": year,
            "stations": stations,
            "chosen": chosen,
            "page": Paginator(rows, 60).get_page(request.GET.get("page")),
            "needed": county.parameter("training_hours"),
            "lacking": len(lacking),
            "untrained": len(untrained),
            "only_lacking": request.GET.get("lacking") == "1",
        },
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def training_hours_pdf(request):
    county, year = chosen_county(request), chosen_year(request)
    stations = open_stations(request, county)
    chosen = row_number(request.GET.get("station"))
    shown = list(stations.filter(pk=chosen) if chosen else stations)
    name = shown[0].name if len(shown) == 1 else county.division.name
    return handing_out.shown(
        training_paper.hours_pdf(name, shown, year), f"hours-{county.pk}-{year}.pdf"
    )
