"""All papers of a place that wait to be printed, as one file: made once, by a worker."""

import io
from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.models import Document, Look
from stations.models.looks import LookKind
from stations.papers.documents import CannotMake, ask_for, makes
from stations.templatetags.words import full_day

from ..models import Letter
from . import issuing

KIND = "letters_print"
# A bundle of so many is made within a minute or two; who has more waiting gets several at once.
MOST_LETTERS = 300
KEEP_DAYS = 7


@transaction.atomic
def print_waiting(user):
    """Take every paper of the place that waits into bundles. Returns their `Document`s, or [].

    Whoever presses at the same moment waits for the rows, and then finds none of them waiting.
    """
    waiting = (
        Letter.objects.visible_to(user)
        .of_place(user)
        .waiting_to_print()
        .select_for_update(of=("self",))
        .order_by("made_at", "pk")
    )
    ids = list(waiting.values_list("pk", flat=True))
    parts = [ids[n : n + MOST_LETTERS] for n in range(0, len(ids), MOST_LETTERS)]
    now = timezone.now()
    return [_bundle(user, part, n, len(parts), now) for n, part in enumerate(parts, 1)]


def _bundle(user, ids, n, of, now):
    """One file of the papers, the nth of those asked for by one press."""
    values = {
        "place": user.station or user.county,
        "day": full_day(timezone.localdate()),
        "n": n,
        "of": of,
    }
    title = (
        _("Papers to print: %(place)s %(day)s, file %(n)s of %(of)s")
        if of > 1
        else _("Papers to print: %(place)s %(day)s")
    ) % values
    document = ask_for(
        KIND,
        title=title,
        filename=f"{title}.pdf",
        station=user.station,
        county=user.county,
        by=user,
        is_personal=True,
        asked_at=now,
        expires_at=now + timedelta(days=KEEP_DAYS),
    )
    Letter.objects.filter(pk__in=ids).update(document=document)
    Look.objects.create(
        kind=LookKind.PRINT,
        user=user,
        station=user.station,
        county=user.county,
        subject=f"letters of document:{document.pk}",
        count=len(ids),
    )
    return document


def bundles_of(user):
    """The files this person asked for that are not deleted yet, the latest press first, in one query."""
    return (
        Document.objects.filter(asked_by=user, kind=KIND, expires_at__gt=timezone.now())
        .light()
        .annotate(papers=Count("letters"))
        .order_by("-asked_at", "pk")
    )


@makes(KIND)
def make_letters_print(document, progress):
    """Return the PDF of the papers in a bundle, those of one application together."""
    from pypdf import PdfReader, PdfWriter

    papers = list(
        Letter.objects.visible_to(document.asked_by)
        .filter(document=document)
        .select_related("county")
        .order_by("application_id", "made_at", "pk")
    )
    if not papers:
        raise CannotMake(_("You no longer reach these papers."))
    writer = PdfWriter()
    for n, letter in enumerate(papers, 1):
        writer.append(PdfReader(io.BytesIO(issuing.pdf(letter))), import_outline=False)
        progress(n, len(papers))
    writer.add_metadata({"/Title": document.title})
    file = io.BytesIO()
    writer.write(file)
    Letter.objects.filter(document=document, printed_at=None).update(printed_at=timezone.now())
    return file.getvalue()
