"""The register as an Excel file: just the rows that were filtered, in constant memory."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from stations.files import passing
from stations.files.tables import safe
from stations.papers.documents import CannotMake, makes
from stations.privacy import mask_id_number, mask_phone

from ..models import Correction, RegisterEntry
from ..terms import PeopleGroup

KIND = "register_export"
MOST_ROWS = 200_000
BATCH = 1000


@dataclass(frozen=True)
class Column:
    """One column of rules 4.3: heading, width in characters, and what an entry shows in it.

    `masked` is what it shows unless whole numbers were asked for with a reason.
    """

    label: str
    width: int
    value: Callable
    masked: Callable | None = None


def _moment(value):
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def _groups(entry):
    return "、".join(_group_labels(get_language())[code] for code in entry.people_groups)


def _named(field):
    return lambda entry: entry.label(field)


@cache
def _group_labels(language):
    return {code: str(label) for code, label in PeopleGroup.choices}


def _yes(value):
    return _("yes") if value else _("no")


COLUMNS = [
    Column(pgettext_lazy("register", "Number"), 14, lambda e: e.number),
    Column(gettext_lazy("station"), 12, lambda e: e.station.short_name),
    Column(gettext_lazy("channel"), 6, _named("channel")),
    Column(gettext_lazy("by way of 12348"), 8, lambda e: _yes(e.is_hotline)),
    Column(gettext_lazy("time"), 16, lambda e: _moment(e.occurred_at)),
    Column(gettext_lazy("minutes"), 6, lambda e: e.duration_minutes),
    Column(pgettext_lazy("person", "Name"), 10, lambda e: e.name or _("would not say")),
    Column(gettext_lazy("sex"), 6, _named("sex")),
    Column(gettext_lazy("people groups"), 18, _groups),
    Column(gettext_lazy("number of persons"), 8, lambda e: e.persons),
    Column(gettext_lazy("phone"), 14, lambda e: e.phone, lambda e: mask_phone(e.phone)),
    Column(gettext_lazy("identity paper"), 12, _named("id_type")),
    Column(
        gettext_lazy("identity number"),
        20,
        lambda e: e.id_number,
        lambda e: mask_id_number(e.id_number),
    ),
    Column(
        gettext_lazy("birth date"),
        11,
        lambda e: e.birth_on and f"{e.birth_on:%Y-%m-%d}",
        lambda e: e.birth_on and f"{e.birth_on:%Y}-**-**",
    ),
    Column(gettext_lazy("country"), 8, lambda e: e.nationality),
    Column(gettext_lazy("ethnic group"), 8, lambda e: e.ethnic_group),
    Column(gettext_lazy("household registration"), 14, lambda e: e.household_place),
    Column(gettext_lazy("address"), 24, lambda e: e.address, lambda e: e.address and "******"),
    Column(gettext_lazy("education"), 10, _named("education")),
    Column(gettext_lazy("village"), 12, lambda e: e.village and e.village.name),
    Column(gettext_lazy("place of the event"), 14, lambda e: e.place_of_event),
    Column(
        gettext_lazy("when it happened"), 11, lambda e: e.event_on and f"{e.event_on:%Y-%m-%d}"
    ),
    Column(gettext_lazy("the other side"), 14, lambda e: e.opponent),
    Column(gettext_lazy("title"), 18, lambda e: e.title),
    Column(gettext_lazy("matter"), 14, lambda e: e.matter.name),
    Column(gettext_lazy("what the person says"), 50, lambda e: e.statement),
    Column(pgettext_lazy("register", "answer"), 50, lambda e: e.answer),
    Column(gettext_lazy("disposal"), 12, _named("disposal")),
    Column(gettext_lazy("answered at"), 16, lambda e: _moment(e.answered_at)),
    Column(gettext_lazy("receiver"), 10, lambda e: e.receiver_name),
    Column(gettext_lazy("told of the right to apply"), 10, lambda e: _yes(e.is_told_of_right)),
    Column(gettext_lazy("satisfaction"), 8, _named("satisfaction")),
    Column(gettext_lazy("sensitive"), 12, _named("sensitive")),
    Column(gettext_lazy("may be published"), 8, lambda e: _yes(e.is_publishable)),
    Column(gettext_lazy("time on this matter"), 8, lambda e: e.matter_visit_no),
    Column(gettext_lazy("time of this person"), 8, lambda e: e.visit_no),
    Column(gettext_lazy("where it went"), 16, lambda e: e.follow_up),
    Column(gettext_lazy("recorded by"), 10, lambda e: e.recorded_by.name),
    Column(gettext_lazy("recorded at"), 16, lambda e: _moment(e.recorded_at)),
    Column(gettext_lazy("working days late"), 8, lambda e: e.working_days_late),
    Column(gettext_lazy("corrected"), 8, lambda e: _yes(e.is_corrected)),
    Column(gettext_lazy("why void"), 14, lambda e: e.void_reason),
]


def entries_in_order(ids, user):
    """Yield lists of the entries with these ids that the user may see, in the order of the ids."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        corrected = set(
            Correction.objects.filter(entry__in=batch).values_list("entry_id", flat=True)
        )
        found = (
            RegisterEntry.objects.visible_to(user)
            .select_related("matter", "village", "station", "recorded_by")
            .defer("search_terms")
            .in_bulk(batch)
        )
        entries = [found[pk] for pk in batch if pk in found]
        for entry in entries:
            entry.is_corrected = entry.pk in corrected
        yield entries


@makes(KIND)
def make_register_export(document, progress):
    """Return the xlsx of the entries named in the document's parameters, for who asked for it."""
    ids, user = document.parameters["ids"], document.asked_by
    is_full = document.parameters["is_full"]
    with passing.folder() as folder:
        path = folder / "register.xlsx"
        with xlsxwriter.Workbook(
            path, {"constant_memory": True, "tmpdir": str(folder)}
        ) as book:
            written = _fill(book, document, is_full, entries_in_order(ids, user), progress)
        if not written:
            raise CannotMake(_("You no longer reach these entries."))
        return path.read_bytes()


def _fill(book, document, is_full, batches, progress):
    """Write heading, rows and the line of who exported when; return how many rows."""
    sheet = book.add_worksheet(_("Register"))
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {
            "bold": True,
            "bg_color": "#ebe7dd",
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
        }
    )
    cell = book.add_format({"valign": "top", "text_wrap": True})
    mark = _("Exported by %(name)s, %(time)s. Holds personal data: do not pass on.") % {
        "name": document.asked_by.name,
        "time": _moment(document.asked_at),
    }
    sheet.write_string(0, 0, safe(document.title), bold)
    sheet.write_string(1, 0, safe(mark))
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(2, place, str(column.label), head)
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    # In a header and footer `&` begins a code, doubled it is itself.
    sheet.set_header(f"&L{document.title.replace('&', '&&')}"[:255])
    sheet.set_footer(f"&L{mark.replace('&', '&&')}&R&P / &N"[:255])
    row = 3
    for entries in batches:
        for entry in entries:
            for place, column in enumerate(COLUMNS):
                read = column.value if is_full or column.masked is None else column.masked
                value = read(entry)
                if isinstance(value, int):
                    sheet.write_number(row, place, value, cell)
                elif value:
                    sheet.write_string(row, place, safe(str(value)), cell)
            row += 1
        progress(row - 3, len(document.parameters["ids"]))
    sheet.autofilter(2, 0, max(row - 1, 2), len(COLUMNS) - 1)
    return row - 3
