"""Showing a piece of evidence."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ..access import allowed
from ..files import handing_out
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
    return handing_out.shown(bytes(evidence.content), name, evidence.media_type)
