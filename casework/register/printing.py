"""The two paper registers 来电登记簿 and 来访登记簿: ruled rows on A4 landscape.

WeasyPrint holds all pages of one document in memory, so a long register is laid out in parts of
some hundred rows and joined. Only the last part may end in the middle of a page: the rows of the
last page of any other part are laid out again at the head of the next.
"""

import io

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.papers.documents import CannotMake, makes
from stations.papers.pdf import lay_out
from stations.templatetags.words import full_day

from ..models import RegisterEntry
from ..terms import Channel
from .export import entries_in_order

KIND = "register_print"
TEMPLATE = "casework/register/print.html"
MOST_ROWS = 5000
# About a dozen pages at a time.
PART_ROWS = 150
BOOKS = {
    Channel.CALL.value: gettext_lazy("Register of calls"),
    Channel.VISIT.value: gettext_lazy("Register of visits"),
}


def in_book(entries, book):
    """The entries one of the two registers holds."""
    return entries.filter(channel=book)


def rows_of(ids, user):
    """Return the entries with these ids that the user may see, in the order of the ids."""
    return [entry for batch in entries_in_order(ids, user) for entry in batch]


def context(book, entries, *, place, period, mark="", first_page=1):
    """Return what `print.html` shows of one part of a register."""
    return {
        "book": book,
        "title": BOOKS[book],
        "entries": entries,
        "place": place,
        "period": period,
        "mark": mark,
        "first_page": first_page,
        "is_visits": book == Channel.VISIT,
    }


@makes(KIND)
def make_register_print(document, progress):
    """Return the PDF of the entries named in the document's parameters, for who asked for it."""
    from pypdf import PdfReader, PdfWriter

    wanted, book = document.parameters["ids"], document.parameters["book"]
    ids = list(
        RegisterEntry.objects.visible_to(document.asked_by)
        .filter(pk__in=wanted)
        .order_by("occurred_at", "pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        raise CannotMake(_("You no longer reach these entries."))
    place = document.station or document.county
    mark = _("Printed by %(name)s on %(day)s. Holds personal data; keep it locked away.") % {
        "name": document.asked_by.name,
        "day": full_day(document.asked_at),
    }
    frame = {"place": place, "period": document.parameters["period"], "mark": mark}
    writer = PdfWriter()
    done = pages = 0
    while done < len(ids):
        rows = rows_of(ids[done : done + PART_ROWS], document.asked_by)
        is_last = done + PART_ROWS >= len(ids)
        part = lay_out(TEMPLATE, context(book, rows, first_page=pages + 1, **frame))
        kept, left_over = _whole_pages(part, is_last)
        writer.append(PdfReader(io.BytesIO(kept.write_pdf())), import_outline=False)
        pages += len(kept.pages)
        done += len(rows) - left_over
        progress(done, len(ids))
    cover = lay_out(
        TEMPLATE,
        context(book, [], **frame)
        | {"cover": {"entries": len(ids), "pages": pages, "county": document.county}},
    )
    writer.merge(0, PdfReader(io.BytesIO(cover.write_pdf())), import_outline=False)
    writer.add_metadata({"/Title": document.title})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _whole_pages(part, is_last):
    """Return the part without a last page that others will fill, and how many rows stood on it."""
    if is_last or len(part.pages) == 1:
        return part, 0
    # Every row carries an anchor, so the page knows which rows begin on it.
    left_over = len(part.pages[-1].anchors)
    if not left_over:
        return part, 0
    return part.copy(part.pages[:-1]), left_over
