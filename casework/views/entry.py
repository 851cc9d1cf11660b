"""One entry that stands in the register: look at it, correct it, declare it void."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.duty.people import was_off_duty
from stations.models import Look, LookKind
from stations.privacy import mask_id_number, mask_phone, without_numbers
from stations.retention.standing import hold_line
from stations.roles import MAY, Ability

from ..complaints.satisfaction import visit_code
from ..forms.correct import CorrectForm, ReasonForm
from ..forms.entry import EntryForm
from ..models import Application, Matter, MonthlyReport, RegisterEntry
from ..periods import month_of
from ..register import writing
from ..terms import PeopleGroup, ReportStatus
from .skeletons import entry_skeleton

MOST_HISTORY = 10
# So much of the conditions of a list an address carries.
MOST_CONDITIONS = 2000
# Where a correction's old and new value stay masked.
MASKED = {"phone": mask_phone, "id_number": mask_id_number, "address": mask_id_number}


def _visible_entry(user, pk, *relations):
    application = Application.objects.visible_to(user).filter(entry=OuterRef("pk"))
    entries = (
        RegisterEntry.objects.visible_to(user)
        .defer("search_terms")
        .annotate(application=Subquery(application.values("pk")[:1]))
    )
    return get_object_or_404(
        entries.select_related(
            "station__county__division", "station__township", "matter__parent", *relations
        ),
        pk=pk,
    )


def entry_to_change(user, pk):
    """An entry of a station at which this person may correct; seen from elsewhere, 403."""
    entry = _visible_entry(user, pk, "village", "receiver")
    if not any(
        post.station_id == entry.station_id and Ability.CORRECT in MAY[post.role]
        for post in user.posts
    ):
        raise PermissionDenied
    return entry


def _way_back(request):
    """The list somebody came from as it was filtered, and the end of an address that carries it on."""
    came_from = QueryDict(request.GET.get("list", "")[:MOST_CONDITIONS]).urlencode()
    carried = f"?{urlencode({'list': came_from})}" if came_from else ""
    return {"came_from": came_from, "carried": carried}


def _back_to(request, entry):
    return redirect(entry.get_absolute_url() + _way_back(request)["carried"])


# ── Looking ─────────────────────────────────────────────────────────────────────────────


@allowed(Ability.SEE_REGISTER)
@require_GET
def entry_detail(request, pk):
    return _detail_page(request, pk)


def _detail_page(request, pk, *, reveal_form=None, is_revealed=False, status=200):
    entry = _visible_entry(
        request.user,
        pk,
        "village",
        "receiver",
        "recorded_by",
        "voided_by",
        "repeat_of",
        "lead__sent_by",
        "batch",
    )
    if entry.is_destroyed:
        return entry_skeleton(request, entry)
    may_change = any(
        post.station_id == entry.station_id and Ability.CORRECT in MAY[post.role]
        for post in request.user.posts
    )
    history = (
        RegisterEntry.objects.visible_to(request.user)
        .counted()
        .filter(writing.by_same_person(entry))
        .exclude(pk=entry.pk)
        .for_list()
    )
    return TemplateResponse(
        request,
        "casework/register/detail.html",
        {
            "entry": entry,
            "age": _age(entry),
            "groups": [PeopleGroup(code).label for code in entry.people_groups],
            "also_about": Matter.objects.filter(pk__in=entry.also_about)
            if entry.also_about
            else [],
            "may_change": may_change and not entry.is_void,
            "is_off_duty": was_off_duty(
                entry.recorded_by, entry.station, timezone.localdate(entry.occurred_at)
            ),
            "timeline": _timeline(entry),
            "history": history[:MOST_HISTORY],
            "report": _frozen_report(entry),
            "reveal_form": reveal_form or ReasonForm(),
            "is_revealed": is_revealed,
            "visit_code": visit_code(entry),
            "papers": entry.papers.light(),
            "hold_line": hold_line(request.user, "entry", entry),
            **_way_back(request),
        },
        status=status,
    )


def _age(entry):
    if not entry.birth_on:
        return None
    on = timezone.localdate(entry.occurred_at)
    born = entry.birth_on
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _label(name):
    """What the form calls a field; the model's name for what it does not show."""
    field = EntryForm.base_fields.get(name) or RegisterEntry._meta.get_field(name)
    return getattr(field, "label", None) or field.verbose_name


def _timeline(entry):
    """Corrections made in one go stand together: when, who, why, and each field old → new."""
    steps = {}
    for correction in entry.corrections.select_related("corrected_by"):
        mask = MASKED.get(correction.field, without_numbers)
        step = steps.setdefault((correction.corrected_at, correction.corrected_by_id), [])
        step.append(
            {
                "correction": correction,
                "label": _label(correction.field),
                "old": mask(correction.old_value),
                "new": mask(correction.new_value),
            }
        )
    return list(steps.values())


def _frozen_report(entry):
    """The sent or confirmed report that has counted this entry's month, if any."""
    return MonthlyReport.objects.filter(
        station=entry.station,
        month=month_of(timezone.localdate(entry.occurred_at)),
        status__in=[ReportStatus.SENT, ReportStatus.CONFIRMED],
    ).first()


@allowed(Ability.REVEAL)
@require_POST
def entry_reveal(request, pk):
    """Show the masked numbers once, and keep who looked and why."""
    entry = _visible_entry(request.user, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        Look.objects.create(
            kind=LookKind.REVEAL,
            user=request.user,
            station=entry.station,
            county=entry.station.county,
            subject=f"entry:{entry.pk}",
            reason=without_numbers(form.cleaned_data["reason"]),
        )
    context = {"reveal_form": form, "is_revealed": form.is_valid()}
    status = 200 if form.is_valid() else 422
    if request.htmx:
        return TemplateResponse(
            request,
            "casework/register/_numbers.html",
            context | {"entry": entry},
            status=status,
        )
    return _detail_page(request, pk, **context, status=status)


# ── Changing ────────────────────────────────────────────────────────────────────────────


@allowed(Ability.CORRECT)
@require_http_methods(["GET", "POST"])
def entry_correct(request, pk):
    entry = entry_to_change(request.user, pk)
    if sentence := writing.why_closed(entry):
        messages.error(request, sentence)
        return _back_to(request, entry)
    form = CorrectForm(
        request.POST or None,
        instance=entry,
        station=entry.station,
        user=request.user,
        channel=entry.channel,
    )
    differences, version = [], entry.version
    if form.is_valid():
        try:
            corrected = writing.correct(
                entry,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                version=form.cleaned_data["version"],
            )
        except writing.Clash as clash:
            form.add_error(None, str(clash))
            differences, version = _differences(entry, form)
        except writing.RegisterRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if corrected.version == form.cleaned_data["version"]:
                messages.info(request, _("Nothing was different, so nothing was corrected."))
            else:
                messages.success(request, _("Corrected. The old value is kept below."))
            return _back_to(request, entry)
    elif form.is_bound:
        version = request.POST.get("version", version)
    return TemplateResponse(
        request,
        "casework/register/correct.html",
        {
            "form": form,
            "entry": entry,
            "version": version,
            "differences": differences,
            "report": _frozen_report(entry),
            **_way_back(request),
        },
        status=422 if form.errors else 200,
    )


def _differences(entry, form):
    """Return (what stands in the register beside what was typed, the version that stands)."""
    # The form has written into `entry`; what stands is read anew.
    current = RegisterEntry.objects.select_related("matter", "village", "receiver").get(
        pk=entry.pk
    )
    for name, value in form.changes().items():
        setattr(entry, name, value)
    now, typed = writing.as_texts(current), writing.as_texts(entry)
    rows = [
        {
            "label": _label(name),
            "now": MASKED.get(name, without_numbers)(now[name]),
            "typed": MASKED.get(name, without_numbers)(typed[name]),
        }
        for name in form.changes()
        if now[name] != typed[name]
    ]
    return rows, current.version


@allowed(Ability.CORRECT)
@require_http_methods(["GET", "POST"])
def entry_void(request, pk):
    entry = entry_to_change(request.user, pk)
    if entry.is_void or entry.is_destroyed:
        messages.error(
            request,
            _("This entry is already void.") if entry.is_void else writing.why_closed(entry),
        )
        return _back_to(request, entry)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            writing.declare_void(entry, reason=form.cleaned_data["reason"], by=request.user)
        except writing.RegisterRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("%(number)s is void. It keeps its number and is counted no more.")
                % {"number": entry.number},
            )
        return _back_to(request, entry)
    return TemplateResponse(
        request,
        "casework/register/void.html",
        {
            "entry": entry,
            "form": form,
            "report": _frozen_report(entry),
            **_way_back(request),
        },
        status=422 if form.errors else 200,
    )
