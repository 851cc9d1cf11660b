"""Showing a piece of evidence."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from ..access import allowed
from ..files.file_check import ENDINGS
from ..models import Evidence
from ..roles import Ability


@allowed(Ability.SEE_NETWORK)
@require_GET
def evidence_file(request, pk):
    """The photo or paper itself, to whoever reaches its place."""
    return shown(get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk))


def shown(evidence):
    name = f"evidence-{evidence.pk}.{ENDINGS[evidence.media_type]}"
    return HttpResponse(
        bytes(evidence.content),
        content_type=evidence.media_type,
        headers={"Content-Disposition": content_disposition_header(False, name)},
    )
