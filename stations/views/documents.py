"""Owed files: how far they are, and the file once it is made."""

import mimetypes

from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from ..access import allowed
from ..files import handing_out
from ..models import Document
from ..roles import Ability

READERS = (Ability.SEE_MONTH, Ability.SEE_NETWORK, Ability.EXPORT)


def _share(document):
    """Return how much is done, in whole percent; what has no count yet shows as just begun."""
    return 100 * document.done // document.total if document.total else 2


@allowed(*READERS)
@require_GET
@vary_on_headers("HX-Request")
def document_detail(request, pk):
    """Show one file coming along: asked for, being made, made, failed, or gone after its days."""
    document = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)
    template = "_state" if request.htmx else "detail"
    return TemplateResponse(
        request,
        f"stations/documents/{template}.html",
        {
            "document": document,
            "is_waiting": not document.made_at and not document.failed_at,
            "share": _share(document),
            "is_gone": bool(document.made_at) and not document.has_content,
        },
    )


@allowed(*READERS)
@require_GET
def document_file(request, pk):
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    is_over = document.expires_at and document.expires_at < timezone.now()
    if not document.is_made or is_over:
        return redirect(document)
    kind, _encoding = mimetypes.guess_type(document.filename)
    return handing_out.kept(
        document.file, document.filename, kind or "application/octet-stream"
    )
