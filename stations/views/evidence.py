"""Showing a piece of evidence, whole or in the size of a list."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ..access import allowed
from ..files import evidence as kept
from ..files import handing_out
from ..files.file_check import ENDINGS, JPEG
from ..models import Evidence
from ..roles import Ability


@allowed(Ability.SEE_NETWORK)
@require_GET
def evidence_file(request, pk):
    """The photo or paper itself, to whoever reaches its place."""
    return shown(
        get_object_or_404(Evidence.objects.visible_to(request.user).defer("small"), pk=pk)
    )


@allowed(Ability.SEE_NETWORK)
@require_GET
def evidence_small(request, pk):
    """The photo as a list shows it; 404 for a paper."""
    rows = Evidence.objects.visible_to(request.user).filter(media_type__startswith="image/")
    evidence = get_object_or_404(rows.defer("content"), pk=pk)
    content = kept.small_picture_of(evidence)
    return handing_out.shown(content, f"evidence-{pk}.jpg", JPEG)


def shown(evidence):
    name = f"evidence-{evidence.pk}.{ENDINGS[evidence.media_type]}"
    return handing_out.shown(kept.content_of(evidence), name, evidence.media_type)
