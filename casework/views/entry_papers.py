"""The papers beside an entry of the register: added at its station, shown to whoever may see numbers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.files import handing_out, sealed
from stations.models import Look, LookKind
from stations.roles import Ability

from ..models import EntryPaper
from ..register import writing
from .entry import entry_to_change
from .taking_files import take_and_tell

MOST_FILES = 20


@allowed(Ability.CORRECT)
@require_POST
def entry_paper_add(request, pk):
    entry = entry_to_change(request.user, pk)
    if sentence := writing.why_closed(entry):
        messages.error(request, sentence)
        return redirect(entry)
    take_and_tell(
        request,
        lambda file: sealed.add(
            entry,
            "papers",
            file,
            most=MOST_FILES,
            why_not=writing.why_closed,
            added_by=request.user,
        ),
    )
    return redirect(entry)


@allowed(Ability.REVEAL)
@require_GET
def entry_paper(request, pk):
    """Show one paper; who looked is kept."""
    papers = EntryPaper.objects.visible_to(request.user).select_related("entry__station")
    paper = get_object_or_404(papers.defer("entry__search_terms"), pk=pk)
    Look.objects.create(
        kind=LookKind.REVEAL,
        user=request.user,
        station=paper.entry.station,
        county_id=paper.entry.station.county_id,
        subject=f"entry_paper:{paper.pk}",
        reason=_("paper of an entry"),
    )
    return handing_out.shown(sealed.content_of(paper), paper.name, paper.media_type)
