"""The papers of a complaint: frozen in their words when a move owes them, printed, then served."""

import json

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from stations.papers.pdf import lay_out
from stations.papers.squares import qr_square
from stations.privacy import decrypt, encrypt
from stations.templatetags.words import full_day

from ..models import ComplaintPaper
from ..terms import ComplaintPaperKind

K = ComplaintPaperKind
TEMPLATES = {kind: f"casework/complaints/papers/{kind.value}.html" for kind in K}


def make(complaint, kind, *, by, **content):
    """Make one paper; its words are those of this moment for good. Returns the `ComplaintPaper`.

    Call inside the transaction of the move that causes it. A paper that is there already stays.
    """
    today = timezone.localdate()
    with translation.override(settings.LANGUAGE_CODE):
        frozen = _frame(complaint) | {
            key: full_day(value) if hasattr(value, "year") else str(value)
            for key, value in content.items()
        }
    paper, _is_new = ComplaintPaper.objects.get_or_create(
        complaint=complaint,
        kind=kind,
        defaults={
            "content": encrypt(json.dumps(frozen, ensure_ascii=False)),
            "made_on": today,
            "made_by": by,
        },
    )
    return paper


def _frame(complaint):
    """What every paper says."""
    county, station = complaint.county, complaint.taken_station
    return {
        "number": complaint.number,
        "name": complaint.name,
        "about": complaint.about,
        "manner": str(complaint.get_manner_display()),
        "received_on": full_day(complaint.received_on),
        "bureau": county.bureau_name,
        "center": county.center_name,
        "phone": county.complaint_phone,
        "taken_at": station.name if station else "",
        "receipt_code": complaint.receipt_code,
    }


def _context(paper):
    return json.loads(decrypt(paper.content)) | {
        "paper_row": paper,
        "heading": paper.get_kind_display(),
        "made_on": full_day(paper.made_on),
        "qr": _way_to_ask() if paper.kind == K.RECEIPT else "",
    }


def _way_to_ask():
    """The square that leads to the page that says how a complaint stands; it holds no code."""
    address = settings.SITE_URL + reverse("casework:complaint_query")
    return qr_square(address)


def page(paper, request):
    """Return the web twin of a paper as HTML."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string(TEMPLATES[paper.kind], _context(paper), request)


def pdf(paper):
    """Return the PDF of a paper, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return lay_out(TEMPLATES[paper.kind], _context(paper)).write_pdf()
