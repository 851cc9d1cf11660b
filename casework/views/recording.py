"""Recording a call or a visit: the sheet, its draft, its hints; and a day on which nobody came."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import path_here, row_number
from stations.models import Lead, Station
from stations.privacy import keyed_hash
from stations.roles import MAY, Ability

from ..forms.correct import NoVisitsForm
from ..forms.drafts import copied_initial, draft_content, draft_initial, lead_initial
from ..forms.entry import EntryForm, show_masked
from ..forms.entry_lists import matters_of
from ..forms.peek import PeekForm
from ..forms.tickets import new_ticket, read_ticket
from ..models import EntryDraft, Matter, RegisterEntry
from ..register import guidance, writing
from ..rules import hints
from ..terms import Channel, SamePerson, SignalLevel

MOST_DRAFT_CHARACTERS = 100_000


def _station_for(user, ability):
    """The station at which this person holds the ability today."""
    posts = (post for post in user.posts if post.station_id and ability in MAY[post.role])
    post = next(posts, None)
    if post is None:
        raise PermissionDenied
    return post.station


@allowed(Ability.RECORD)
@require_http_methods(["GET", "POST"])
def entry_create(request, channel):
    if channel not in Channel.values:
        raise Http404
    station = _station_for(request.user, Ability.RECORD)
    asked = {"station": station, "user": request.user, "channel": channel}
    if request.method == "POST":
        form = EntryForm(request.POST, **asked)
        if form.is_valid() and (entry := _recorded(form, by=request.user)):
            return _go_on_after(request, entry)
        show_masked(form, **_masked_source(request.user, station, request.POST))
        draft, ticket = None, request.POST.get("ticket", "")
        if "ticket" in form.errors:
            ticket = new_ticket()
    else:
        draft = EntryDraft.objects.filter(
            user=request.user, station=station, channel=channel
        ).first()
        initial, key, source = _known_before(request, station, draft)
        form = EntryForm(initial=initial, **asked)
        show_masked(form, **source)
        ticket = new_ticket(key=key, is_restored=bool(draft))
    return TemplateResponse(
        request,
        "casework/register/form.html",
        {
            "form": form,
            "ticket": ticket,
            "channel": Channel(channel),
            "draft": draft,
            "after": _just_saved(request),
        },
        status=422 if form.errors else 200,
    )


def _known_before(request, station, draft):
    """Return (initial values, key, numbers to show masked): from a draft, a lead, or a record."""
    lead_pk, copy_pk = (row_number(request.GET.get(name)) for name in ("lead", "copy"))
    if draft:
        initial, key = draft_initial(draft.content)
        if (lead_pk and initial.get("lead") != str(lead_pk)) or copy_pk:
            messages.warning(
                request,
                _(
                    "You were still writing this entry. Save or discard it, then begin the next."
                ),
            )
        return initial, key, _masked_source(request.user, station, initial)
    if lead_pk:
        lead = get_object_or_404(
            Lead.objects.visible_to(request.user)
            .filter(station=station)
            .select_related("village"),
            pk=lead_pk,
        )
        leaves, _keyed = matters_of(station.county, timezone.localdate())
        return lead_initial(lead, leaves), None, {"phone": lead.phone}
    if copy_pk:
        entry = get_object_or_404(
            RegisterEntry.objects.visible_to(request.user).filter(station=station), pk=copy_pk
        )
        numbers = {"phone": entry.phone, "id_number": entry.id_number}
        return copied_initial(entry), None, numbers
    return {}, None, {}


def _masked_source(user, station, typed):
    """The numbers of the lead or the earlier record a form goes on from; it shows them masked."""
    lead_pk, entry_pk = (row_number(str(typed.get(name) or "")) for name in ("lead", "earlier"))
    if entry_pk and typed.get("same_person") in {
        SamePerson.SAME_MATTER,
        SamePerson.OTHER_MATTER,
    }:
        entries = RegisterEntry.objects.visible_to(user).filter(station=station, pk=entry_pk)
        if entry := entries.first():
            return {"phone": entry.phone, "id_number": entry.id_number}
    if lead_pk:
        lead = Lead.objects.visible_to(user).filter(station=station, pk=lead_pk).first()
        return {"phone": lead.phone} if lead else {}
    return {}


def _recorded(form, *, by):
    """Record what was typed, once however often the button was pressed; None when refused."""
    saved = RegisterEntry.objects.visible_to(by).filter(client_key=form.client_key)
    entry = saved.first()
    if entry is None:
        try:
            entry = writing.record(
                form.entry(),
                by=by,
                earlier=form.cleaned_data["earlier"],
                same_person=form.cleaned_data["same_person"],
            )
        except writing.RegisterRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        except IntegrityError:
            # The other press of the same button came first.
            entry = saved.first()
            if entry is None:
                raise
    EntryDraft.objects.filter(user=by, station=entry.station, channel=entry.channel).delete()
    return entry


def _go_on_after(request, entry):
    if "open" in request.POST:
        messages.success(request, _("Saved as %(number)s.") % {"number": entry.number})
        return redirect(entry)
    if "apply" in request.POST:
        page = reverse("casework:application_create")
        return redirect(f"{page}?entry={entry.pk}")
    page = reverse("casework:entry_create", args=[entry.channel])
    return redirect(f"{page}?after={entry.pk}")


def _just_saved(request):
    pk = row_number(request.GET.get("after"))
    if not pk or request.method == "POST":
        return None
    return (
        RegisterEntry.objects.visible_to(request.user)
        .defer("search_terms")
        .filter(pk=pk)
        .first()
    )


@allowed(Ability.RECORD)
@require_POST
def entry_draft(request):
    """Keep what is typed so far, or discard it."""
    channel = request.POST.get("channel")
    if channel not in Channel.values:
        raise Http404
    station = _station_for(request.user, Ability.RECORD)
    mine = {"user": request.user, "station": station, "channel": channel}
    if "discard" in request.POST:
        EntryDraft.objects.filter(**mine).delete()
        return redirect("casework:entry_create", channel)
    try:
        content = draft_content(request.POST)
    except ValidationError:
        return HttpResponse(status=409)
    now = timezone.now()
    is_kept = len(content) <= MOST_DRAFT_CHARACTERS
    if is_kept and not _is_recorded(request.POST["ticket"]):
        EntryDraft.objects.update_or_create(
            **mine, defaults={"content": content, "saved_at": now}
        )
    return TemplateResponse(
        request, "casework/register/_draft.html", {"saved_at": now, "is_kept": is_kept}
    )


def _is_recorded(ticket):
    """Whether a late draft comes after its entry was saved."""
    key, _seconds = read_ticket(ticket)
    return RegisterEntry.objects.filter(client_key=key).exists()


@allowed(Ability.RECORD)
@require_POST
def entry_hints(request):
    """What can be said about what is typed so far: been here before, limitation, law, report."""
    station = _station_for(request.user, Ability.RECORD)
    form = PeekForm(request.POST, station=station)
    form.is_valid()
    typed = form.cleaned_data
    today = timezone.localdate()
    matter = None
    if form.matter_pk:
        matter = Matter.objects.for_county(station.county).filter(pk=form.matter_pk).first()
    code = matter.code if matter else ""
    matches, elsewhere = _perhaps_known(request.user, station, typed)
    level = hints.sensitive_level(
        sensitive=typed.get("sensitive"),
        persons=typed.get("persons") or 1,
        watch_persons=station.county.parameter("watch_persons"),
        grave_persons=station.county.parameter("grave_persons"),
    )
    event_on = typed.get("event_on")
    limits = hints.limitations_of(code)
    return TemplateResponse(
        request,
        "casework/register/_hints.html",
        {
            "matter": matter,
            "matches": matches,
            "elsewhere": elsewhere,
            "same_person": typed.get("same_person"),
            "SamePerson": SamePerson,
            "limitations": hints.limitation_hints(
                matter_code=code, event_on=event_on, today=today
            )
            if event_on
            else [],
            "asks_for_event": bool(limits) and not event_on,
            "laws": hints.law_notes(
                matter_code=code, people_groups=typed.get("people_groups") or []
            ),
            "level": level,
            "is_grave": level == SignalLevel.GRAVE,
            "guide": guidance.guide_of(code),
        },
    )


def _perhaps_known(user, station, typed):
    """Return (at most three Matches at the station, how many entries elsewhere in the county)."""
    person = {
        "phone_hash": keyed_hash(typed.get("phone")),
        "id_hash": keyed_hash(typed.get("id_number")),
    }
    name, village = (typed.get("name") or "").replace("\0", ""), typed.get("village")
    if not (any(person.values()) or (name and village)):
        return [], 0
    earlier = RegisterEntry.objects.counted().perhaps_same_person(
        name=name, village=village, **person
    )
    own = earlier.visible_to(user).filter(station=station).select_related("matter")
    own = own.defer("search_terms").order_by("-occurred_at")[:50]
    matches = hints.best_matches(
        own, name=name, village_id=village.pk if village else None, **person
    )
    elsewhere = 0
    if any(person.values()):
        # Of other stations of the county no more than how many: their rows are not ours to read.
        elsewhere = (
            RegisterEntry.objects.counted()
            .perhaps_same_person(name="", village=None, **person)
            .filter(station__in=Station.objects.filter(county=station.county))
            .exclude(station=station)
            .count()
        )
    return matches, elsewhere


# ── A day without anybody ──────────────────────────────────────────────────────────────


@allowed(Ability.RECORD)
@require_POST
def no_visits(request):
    """State that nobody called or came on a day: zero is an act, not a silence."""
    station = _station_for(request.user, Ability.RECORD)
    form = NoVisitsForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["day"]
        try:
            writing.state_no_visits(station, day=day, by=request.user)
        except writing.RegisterRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("Noted: nobody called or came on %(day)s.")
                % {"day": f"{day.month}月{day.day}日"},
            )
    else:
        messages.error(request, " ".join(form.errors["day"]))
    return redirect(path_here(request, request.POST.get("next", "")) or "desk")
