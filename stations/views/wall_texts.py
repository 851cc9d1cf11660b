"""The bureau's part of the walls: texts with preview, the usual content, emblem and colour."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..files import file_check
from ..forms.walls import LookForm, WallTextForm
from ..models import WallText
from ..roles import Ability
from ..templatetags.words import full_day
from ..terms import MANDATORY_ITEMS, WallItem
from ..walls import poster_pdf, posters, texts


def _item(code):
    if code not in WallItem:
        raise Http404
    return WallItem(code)


@allowed(Ability.EDIT_PARAMETERS)
@require_safe
def wall_text_list(request):
    """Each item with the text in force, and the one to come."""
    county, today = request.user.county, timezone.localdate()
    rows = WallText.objects.filter(county=county).select_related("set_by")
    current = {text.item: text for text in rows.in_force(today)}
    coming = {text.item: text for text in rows.filter(valid_from__gt=today)}
    lines = [
        (item, item in MANDATORY_ITEMS, current.get(item), coming.get(item))
        for item in WallItem
    ]
    return TemplateResponse(
        request,
        "stations/walls/texts.html",
        {
            "lines": lines,
            "look": posters.look_of(county),
            "lacks_some": any(not now and not later for _i, _m, now, later in lines),
        },
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def wall_text_defaults(request):
    taken = texts.take_over_defaults(request.user.county, by=request.user)
    if taken:
        messages.success(
            request,
            ngettext("%d text was taken over.", "%d texts were taken over.", taken) % taken,
        )
    else:
        messages.info(request, _("Every item has its text already; nothing was changed."))
    return redirect("stations:wall_text_list")


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def wall_text_edit(request, item):
    """Write the next version of an item's text, with a preview beside it."""
    county, item, today = request.user.county, _item(item), timezone.localdate()
    versions = list(WallText.objects.filter(county=county, item=item).select_related("set_by"))
    newest = versions[0].text if versions else texts.default_texts().get(item, "")
    form = WallTextForm(request.POST or None, initial={"text": newest})
    if form.is_valid():
        try:
            text = texts.set_text(county, item, by=request.user, **form.cleaned_data)
        except texts.TextRefused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(
                request,
                _(
                    "Version %(version)s holds from %(day)s. The walls that say otherwise are asked for."
                )
                % {"version": text.version, "day": full_day(text.valid_from)},
            )
            return redirect("stations:wall_text_list")
    shown = form["text"].value() or ""
    return TemplateResponse(
        request,
        "stations/walls/text_form.html",
        {
            "item": item,
            "form": form,
            "versions": versions,
            "sheet": poster_pdf.draft_sheet(county, item, shown),
            "today": today,
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def wall_text_preview(request, item):
    """How the typed text will look; nothing is saved."""
    text = request.POST.get("text", "")[:4000]
    sheet = poster_pdf.draft_sheet(request.user.county, _item(item), text)
    return TemplateResponse(request, "stations/walls/_preview.html", {"sheet": sheet})


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def wall_look(request):
    """Emblem and colour of all posters."""
    county = request.user.county
    before = posters.look_of(county)
    form = LookForm(
        request.POST or None,
        request.FILES or None,
        has_emblem=bool(before.emblem_id),
        initial={"colour": before.colour},
    )
    if form.is_valid():
        try:
            texts.set_look(county, by=request.user, **form.cleaned_data)
        except file_check.FileRefused as refusal:
            form.add_error("emblem", str(refusal))
        else:
            messages.success(request, _("All posters look like this from now on."))
            return redirect("stations:wall_text_list")
    return TemplateResponse(
        request,
        "stations/walls/look.html",
        {"form": form, "look": before, "county": county},
        status=422 if form.errors else 200,
    )
