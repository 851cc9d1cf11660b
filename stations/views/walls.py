"""Walls: a county's stations × posters, one station's wall, one poster, printing, photos, checks."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..files import evidence, file_check, handing_out
from ..forms.walls import CheckForm, PostingForm, StaffPhotoForm
from ..models import Poster, Posting, StaffPhoto, Station
from ..papers.documents import ask_for
from ..roles import Ability
from ..terms import WallItem
from ..walls import poster_pdf, posters, postings, states
from ..walls.states import WallState
from .network import chosen_county, counties_to_choose
from .papers import few_at_a_time

# Earlier versions that may still hang and be photographed.
EARLIER_VERSIONS = 3
HISTORY = 12


def _station(request, pk):
    stations = Station.objects.visible_to(request.user).select_related(
        "township", "county__division"
    )
    return get_object_or_404(stations, pk=pk)


def _item(code):
    if code not in WallItem:
        raise Http404
    return WallItem(code)


def _lines(station):
    return states.walls(station.county, [station], timezone.localdate())[station.pk]


def _line(station, item):
    return next(line for line in _lines(station) if line.item == item)


def _wrong(lines):
    return [line for line in lines if line.is_wrong and line.is_mandatory]


@allowed(Ability.SEE_NETWORK)
@require_safe
def wall_list(request):
    """Stations × posters of a county; whoever works at one station sees its wall at once."""
    user, today = request.user, timezone.localdate()
    stations = Station.objects.visible_to(user)
    if all(post.station_id for post in user.posts) and user.station:
        return redirect("stations:wall_detail", user.station.pk)
    county = chosen_county(request)
    stations = list(
        stations.filter(county=county, closed_on=None).select_related("county__division")
    )
    walls = states.walls(county, stations, today)
    only_wrong = request.GET.get("wrong") == "1"
    rows = [
        (station, walls[station.pk], min((line.due_on for line in wrong), default=None))
        for station in stations
        for wrong in [_wrong(walls[station.pk])]
        if wrong or not only_wrong
    ]
    every = [line for lines in walls.values() for line in lines if line.is_mandatory]
    return TemplateResponse(
        request,
        "stations/walls/list.html",
        {
            "county": county,
            "counties": counties_to_choose(user),
            "rows": rows,
            "items": list(WallItem),
            "states": list(WallState)[::-1],
            "renew_days": county.parameter("wall_renew_working_days"),
            "only_wrong": only_wrong,
            "current": sum(line.state == WallState.CURRENT for line in every),
            "mandatory": len(every),
            "late": sum(
                line.is_wrong and line.due_on is not None and line.due_on < today
                for line in every
            ),
            "has_texts": any(line.state != WallState.NO_TEXT for line in every),
            "stations": len(stations),
            "wrong_walls": sum(bool(_wrong(lines)) for lines in walls.values()),
            "today": today,
        },
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def wall_detail(request, pk):
    station = _station(request, pk)
    lines = _lines(station)
    mandatory = [line for line in lines if line.is_mandatory]
    return TemplateResponse(
        request,
        "stations/walls/detail.html",
        {
            "station": station,
            "lines": lines,
            "current": sum(line.state == WallState.CURRENT for line in mandatory),
            "mandatory": len(mandatory),
            "wrong": _wrong(lines),
            "has_texts": any(line.content for line in lines),
            "today": timezone.localdate(),
            "public": posters.address_of_wall(station),
        },
    )


@allowed(Ability.SEE_NETWORK)
@require_http_methods(["GET", "POST"])
def wall_item(request, pk, item):
    """One poster: what hangs, what changed, the ones before; posting a photo of the new one."""
    station, item = _station(request, pk), _item(item)
    line = _line(station, item)
    can_post = request.user.may(Ability.EDIT_STATION)
    if request.method == "POST" and not can_post:
        return HttpResponse(status=403)
    form = None
    if line.content and can_post:
        form = PostingForm(
            request.POST or None, request.FILES or None, versions=_versions(station, line)
        )
        if form.is_valid() and _posted(request, station, item, form):
            return redirect("stations:wall_item", pk, item)
    return TemplateResponse(
        request,
        "stations/walls/item.html",
        _item_page(station, line, form),
        status=422 if form and form.errors else 200,
    )


def _versions(station, line):
    """What may be printed at the foot of a poster: what holds now, and the last ones before."""
    known = Poster.objects.filter(station=station, item=line.item).exclude(digest=line.digest)
    choices = {line.digest: line.code}
    for poster in known.defer("content")[:EARLIER_VERSIONS]:
        choices.setdefault(poster.digest, poster.code)
    return list(choices.items())


def _posted(request, station, item, form):
    try:
        postings.post(
            station,
            item,
            digest=form.cleaned_data["digest"],
            photo=form.cleaned_data["photo"],
            posted_on=form.cleaned_data["posted_on"],
            by=request.user,
        )
    except file_check.FileRefused as refusal:
        form.add_error("photo", str(refusal))
    except postings.PostingRefused as refusal:
        form.add_error("posted_on", str(refusal))
    else:
        messages.success(request, _("Written down: the poster hangs."))
        return True
    return False


def _item_page(station, line, form, check_form=None):
    history = (
        Posting.objects.filter(station=station, item=line.item)
        .for_list()
        .select_related("taken_down_by")
        .order_by("-posted_on", "-pk")[:HISTORY]
    )
    checks = line.posting.checks.select_related("checked_by") if line.posting else []
    return {
        "station": station,
        "line": line,
        "sheet": poster_pdf.sheet(line.content, code=line.code, live_from=line.live_from)
        if line.content
        else None,
        "form": form,
        "check_form": check_form or (CheckForm() if line.posting else None),
        "history": history,
        "checks": checks,
        "photos": posters.photos_of(station) if line.item == WallItem.STAFF else {},
        "today": timezone.localdate(),
    }


@allowed(Ability.SEE_NETWORK)
@require_safe
@few_at_a_time
def wall_print(request, pk, item):
    """One poster as PDF, A3 or A4."""
    station, item = _station(request, pk), _item(item)
    size = request.GET.get("size", "a3")
    line = _line(station, item)
    if size not in poster_pdf.SIZES or not line.content:
        raise Http404
    name = f"{station.short_name}-{item.label}-{size.upper()}-{line.code}.pdf"
    return handing_out.shown(poster_pdf.render(station, line, size), name)


@allowed(Ability.SEE_NETWORK)
@require_POST
def wall_set(request, pk):
    """Ask for all posters of a wall in one file, or those to be renewed."""
    station = _station(request, pk)
    size = request.POST.get("size", "a3")
    only_wrong = request.POST.get("which") == "wrong"
    if size not in poster_pdf.SIZES:
        raise Http404
    if not poster_pdf.printable(station, only_wrong=only_wrong):
        messages.error(request, _("No poster of this wall has to be renewed."))
        return redirect("stations:wall_detail", pk)
    title = _("%(station)s: posters, %(size)s") % {
        "station": station.short_name,
        "size": size.upper(),
    }
    document = ask_for(
        "wall_set",
        title=title,
        filename=f"{station.short_name}-{timezone.localdate()}-{size.upper()}.pdf",
        station=station,
        county=station.county,
        by=request.user,
        parameters={"size": size, "only_wrong": only_wrong},
    )
    return redirect(document)


def _posting(request, pk):
    rows = Posting.objects.visible_to(request.user).select_related("station__county__division")
    return get_object_or_404(rows, pk=pk)


@allowed(Ability.EDIT_STATION, Ability.INSPECT)
@require_POST
def wall_check(request, pk):
    """Somebody looked at a poster: the station each year, bureau and city when they visit."""
    posting = _posting(request, pk)
    form = CheckForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            postings.check(
                posting,
                finding=form.cleaned_data["finding"],
                checked_on=form.cleaned_data["checked_on"],
                photo=form.cleaned_data["photo"],
                by=request.user,
            )
        except (file_check.FileRefused, postings.PostingRefused) as refusal:
            form.add_error("photo", str(refusal))
        else:
            messages.success(request, _("The check is written down."))
            return redirect("stations:wall_item", posting.station_id, posting.item)
    station, item = posting.station, WallItem(posting.item)
    line = _line(station, item)
    new = None
    if line.content and request.user.may(Ability.EDIT_STATION):
        new = PostingForm(versions=_versions(station, line))
    return TemplateResponse(
        request,
        "stations/walls/item.html",
        _item_page(station, line, new, check_form=form),
        status=422,
    )


@allowed(Ability.EDIT_STATION)
@require_POST
def wall_take_down(request, pk):
    posting = _posting(request, pk)
    try:
        postings.take_down(posting, by=request.user)
    except postings.PostingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down: the poster was taken down."))
    return redirect("stations:wall_item", posting.station_id, posting.item)


@allowed(Ability.EDIT_STATION)
@require_POST
def wall_photo(request, pk, user):
    """The photo of one member of staff for the poster."""
    station = _station(request, pk)
    people = posters.staff(station.county, [station], timezone.localdate())
    if user not in {each["user"] for each in people.get(pk, {}).get("staff", [])}:
        raise Http404
    form = StaffPhotoForm(request.POST, request.FILES)
    sentence = ""
    if form.is_valid():
        try:
            photo = evidence.add_picture(station, form.cleaned_data["photo"], by=request.user)
        except file_check.FileRefused as refusal:
            sentence = str(refusal)
        else:
            newest = posters.photos_of(station).get(user)
            if newest != photo.pk:
                StaffPhoto.objects.create(
                    station=station, user_id=user, photo=photo, added_by=request.user
                )
            messages.success(request, _("The photo is on the poster from now on."))
    else:
        sentence = " ".join(form.errors["photo"])
    if sentence:
        messages.error(request, sentence)
    return redirect("stations:wall_item", pk, WallItem.STAFF)
