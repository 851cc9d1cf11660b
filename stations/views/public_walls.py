"""The web twin of a poster: open to everybody, as large as one likes, nothing of any applicant."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..terms import WallItem
from ..walls import poster_pdf, posters, states

# What the county chose to tell on open pages: who is on duty by name, or by kind only.
BY_NAME = 2


def _lines(code):
    """Return (station, [Line]) of an open station, by its public code."""
    station = get_object_or_404(posters.station_of(code))
    return station, states.walls(station.county, [station], timezone.localdate())[station.pk]


@login_not_required
@require_safe
def wall_public(request, code):
    """What a station posts, to choose from."""
    station, lines = _lines(code)
    return TemplateResponse(
        request,
        "stations/walls/public.html",
        {"station": station, "lines": [line for line in lines if line.content]},
    )


@login_not_required
@require_safe
def wall_public_item(request, code, item):
    """What holds now; whoever scanned an older paper is told so."""
    station, lines = _lines(code)
    line = next((each for each in lines if each.item == item and each.content), None)
    if item not in WallItem or line is None:
        raise Http404
    scanned = request.GET.get("v", "")
    content = line.content
    if "roster" in content:
        # The paper keeps the names it was published with; here stands who comes.
        content = content | {"roster": posters.roster_now(station, timezone.localdate())}
    return TemplateResponse(
        request,
        "stations/walls/public_item.html",
        {
            "station": station,
            "line": line,
            "sheet": poster_pdf.sheet(
                content,
                code=line.code,
                live_from=line.live_from,
                shows_names=station.county.parameter("public_duty_names") == BY_NAME,
            ),
            "is_old": bool(scanned) and scanned != line.digest,
        },
    )
