"""The hand-over pack of a leaving liaison as a page and as PDF."""

from django.conf import settings
from django.utils import timezone, translation

from ..models import ContactPoint, Lead
from ..papers.pdf import render_pdf
from . import liaison_work

TEMPLATE = "stations/liaison_work/pack.html"


def paper(pack):
    """Return what the pack prints: what is open, what was done, what the village has."""
    liaison = pack.liaison
    today = timezone.localdate(pack.made_at)
    return {
        "pack": pack,
        "liaison": liaison,
        "point": ContactPoint.objects.filter(village=liaison.village_id).open_on(today).first(),
        "lead_count": Lead.objects.filter(
            village=liaison.village_id, sent_by=liaison.user_id
        ).count()
        if liaison.user_id
        else 0,
        **liaison_work.contents(pack),
    }


def render(pack):
    """Return the pack as PDF, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATE, paper(pack))
