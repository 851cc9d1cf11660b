"""The register's list: filtered by the address, counted, kept as views, exported and printed."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.db.models import Avg, Count, F, Q, Sum
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from stations.access import allowed
from stations.addresses import row_number
from stations.models import Look
from stations.models.looks import LookKind
from stations.papers.documents import ask_for
from stations.roles import Ability

from ..forms.address import address_of, names_a_number
from ..forms.filters import EntryFilter
from ..forms.register_list import ExportForm, KeepViewForm
from ..models import RegisterEntry, SavedFilter
from ..register import export, printing
from ..terms import Channel

PAGE = 50
# Counting stops here: whoever sees more narrows the filter. Words are looked up in an index
# without counts, so for them it stops sooner.
MOST_COUNTED = 10_000
MOST_FOUND = 1_000
# How long a made file waits for who asked.
KEEP_DAYS = 7


@dataclass(frozen=True)
class Totals:
    """What the line above the list says. With `is_bounded` there are more than `entries`, and
    sums of part of them would say nothing.
    """

    entries: int
    is_bounded: bool
    calls: int = 0
    visits: int = 0
    persons: int = 0
    seconds: float | None = None

    @classmethod
    def of(cls, entries, most):
        """Count at most `most` entries, in one query that reads an index."""
        rows = entries.order_by().values("channel", "persons", "seconds_to_record")[: most + 1]
        sums = rows.aggregate(
            entries=Count("*"),
            calls=Count("channel", filter=Q(channel=Channel.CALL)),
            visits=Count("channel", filter=Q(channel=Channel.VISIT)),
            persons=Sum("persons", filter=Q(channel=Channel.VISIT), default=0),
            seconds=Avg("seconds_to_record"),
        )
        if sums["entries"] > most:
            return cls(entries=most, is_bounded=True)
        return cls(is_bounded=False, **sums)


@dataclass(frozen=True)
class Page:
    """Some rows of a list by time, newest first, and whether there are others on either side."""

    rows: list
    has_newer: bool
    has_older: bool

    @property
    def first_id(self):
        return self.rows[0].pk

    @property
    def last_id(self):
        return self.rows[-1].pk

    @classmethod
    def of(cls, entries, *, totals, before=None, after=None):
        """Return the rows next to the entry with that id, or the newest.

        The place in the list is an entry, not a number of pages, so the last page costs what the
        first costs. Ids are found in the index first; only the rows shown are fetched.
        """
        if not totals.entries:
            return cls([], has_newer=False, has_older=False)
        edge = (
            entries.filter(pk=before or after).values_list("occurred_at", "pk").first()
            if before or after
            else None
        )
        backwards = bool(edge and after)
        if edge:
            moment, pk = edge
            way = "gt" if backwards else "lt"
            entries = entries.filter(
                Q(**{f"occurred_at__{way}": moment})
                | Q(occurred_at=moment, **{f"pk__{way}": pk}),
                **{f"occurred_at__{way}e": moment},
            )
        moment = F("occurred_at")
        if not totals.is_bounded and totals.entries <= MOST_FOUND:
            # Few rows match. In the order of the index the database would read the register to
            # its end looking for them; a sum no index knows makes it find them first.
            moment += timedelta()
        order = (moment.asc(), F("pk").asc()) if backwards else (moment.desc(), F("pk").desc())
        rows = list(
            RegisterEntry.objects.filter(
                pk__in=entries.order_by(*order).values("pk")[: PAGE + 1]
            )
            .for_list()
            .order_by(
                "occurred_at" if backwards else "-occurred_at", "pk" if backwards else "-pk"
            )
        )
        has_more = len(rows) > PAGE
        rows = rows[:PAGE]
        if backwards:
            rows.reverse()
            return cls(rows, has_newer=has_more, has_older=True)
        return cls(rows, has_newer=edge is not None, has_older=has_more)


def list_context(asked, parameters):
    """Return what the list's page and its rows show for an `EntryFilter`."""
    entries = asked.queryset()
    words = asked.is_valid() and (asked.cleaned_data["q"] or asked.cleaned_data["number"])
    totals = Totals.of(entries, MOST_FOUND if words else MOST_COUNTED)
    page = Page.of(
        entries,
        totals=totals,
        before=row_number(parameters.get("before")),
        after=row_number(parameters.get("after")),
    )
    place = {name: parameters[name] for name in ("before", "after") if name in parameters}
    return {
        "filter": asked,
        "query": asked.query(),
        # The way back to just these rows, carried along to the page of each.
        "here": "&".join(filter(None, [asked.lasting_query(), urlencode(place)])),
        "chips": asked.chips(),
        "totals": totals,
        "page": page,
        "entries": page.rows,
        "late_after": asked.late_after,
    }


def _list_page(request, asked, *, keep_form=None, export_form=None, status=200):
    context = list_context(asked, request.GET)
    if request.htmx and not request.htmx.history_restore_request:
        piece = TemplateResponse(request, "casework/register/_rows.html", context)
        # The form sends every field; the address keeps those that say something.
        query = asked.lasting_query() if asked.is_valid() else request.GET.urlencode()
        return push_url(piece, f"{request.path}?{query}".rstrip("?"))
    context |= {
        "views": SavedFilter.objects.filter(
            Q(user=request.user) | Q(county=request.user.county)
        ),
        "keep_form": keep_form or KeepViewForm(request.user),
        "export_form": export_form or ExportForm(),
    }
    return TemplateResponse(request, "casework/register/list.html", context, status=status)


@allowed(Ability.SEE_REGISTER)
@require_GET
@vary_on_headers("HX-Request")
def entry_list(request):
    if names_a_number(request.GET):
        return _back_to_list(address_of(request.GET))
    return _list_page(request, EntryFilter(request.GET, request.user))


@allowed(Ability.SEE_REGISTER)
@require_POST
def entry_search(request):
    """What was typed in the box of the top bar, or among the filters, as an address of the list.

    The box alone looks in all days and all stations in reach.
    """
    return _back_to_list(address_of(request.POST))


@allowed(Ability.SEE_REGISTER)
@require_GET
def entry_book(request, book):
    """The web twin of a printed register: the newest rows of what is filtered."""
    if book not in printing.BOOKS:
        raise Http404
    asked = EntryFilter(request.GET, request.user)
    entries = printing.in_book(asked.queryset(), book)
    ids = list(entries.order_by("-occurred_at", "-pk").values_list("pk", flat=True)[:PAGE])
    rows = printing.rows_of(ids[::-1], request.user)
    return TemplateResponse(
        request,
        printing.TEMPLATE,
        printing.context(book, rows, place=_place(asked), period=_period(asked))
        | {"query": asked.query()},
    )


# ── Views that somebody keeps ───────────────────────────────────────────────────────────


def _asked_in(query, user):
    return EntryFilter(QueryDict(query), user)


def _back_to_list(query=""):
    return redirect(f"{reverse('casework:entry_list')}?{query}".rstrip("?"))


@allowed(Ability.SEE_REGISTER)
@require_POST
def filter_save(request):
    """Keep the filters under a name, for oneself or for everybody of the county."""
    asked = _asked_in(request.POST.get("query", ""), request.user)
    form = KeepViewForm(request.user, request.POST, kept=asked)
    if not form.is_valid():
        return _list_page(request, asked, keep_form=form, status=422)
    kept = form.save()
    messages.success(request, _("Kept as “%(name)s”.") % {"name": kept.name})
    return _back_to_list(kept.query)


@allowed(Ability.SEE_REGISTER)
@require_POST
def filter_drop(request, pk):
    kept = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    kept.delete()
    messages.success(request, _("“%(name)s” is no longer kept.") % {"name": kept.name})
    return _back_to_list(request.POST.get("query", "")[:2000])


# ── Files of just what is filtered ──────────────────────────────────────────────────────


def _place(asked):
    return asked.one_station or asked.user.county


def _period(asked):
    """Return "2026-10-25至2026-11-23", or what is known of it."""
    if not asked.is_valid():
        return ""
    since, until = asked.cleaned_data["since"], asked.cleaned_data["until"]
    if since and until:
        return _("%(first)s to %(last)s") % {"first": since, "last": until}
    if since:
        return _("from %(first)s on") % {"first": since}
    return _("until %(last)s") % {"last": until or asked.today}


def _frozen_ids(entries, most):
    """Return the ids of the entries in the order of the register, one more than `most` at most.

    What is filtered now is what the file will hold, whatever is recorded until it is made.
    """
    ordered = entries.order_by("occurred_at", "pk").values_list("pk", flat=True)
    return list(ordered[: most + 1])


def _ask_for_file(request, asked, kind, look, *, title, ending, ids, reason="", **parameters):
    """Save the wish for a file of personal data, and that it was asked; show how it comes along."""
    station, county = asked.one_station, request.user.county
    with transaction.atomic():
        document = ask_for(
            kind,
            title=title,
            filename=f"{title}.{ending}",
            station=station,
            county=county,
            by=request.user,
            parameters={"ids": ids, "period": _period(asked), **parameters},
            is_personal=True,
            expires_at=timezone.now() + timedelta(days=KEEP_DAYS),
        )
        Look.objects.create(
            kind=look,
            user=request.user,
            station=station,
            county=county,
            subject=f"register?{asked.trace()}"[:400],
            count=len(ids),
            reason=reason,
        )
    return redirect(document)


def _refused_length(ids, most):
    """Return the sentence why so many rows make no file, or an empty text."""
    if not ids:
        return _("No entry matches, so there is nothing to put on paper.")
    if len(ids) > most:
        return _("These are more than %(most)s entries. Choose a shorter time.") % {
            "most": most
        }
    return ""


@allowed(Ability.EXPORT)
@require_POST
def entry_export(request):
    """Ask for the filtered entries as an Excel file; whole numbers only with a reason."""
    query = request.POST.get("query", "")
    asked = _asked_in(query, request.user)
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _list_page(request, asked, export_form=form, status=422)
    is_full = form.cleaned_data["is_full"] and request.user.may(Ability.REVEAL)
    ids = _frozen_ids(asked.queryset(), export.MOST_ROWS)
    refusal = _refused_length(ids, export.MOST_ROWS)
    if refusal:
        messages.error(request, refusal)
        return _back_to_list(query)
    return _ask_for_file(
        request,
        asked,
        export.KIND,
        LookKind.EXPORT,
        title=_("Register of calls and visits %(place)s %(period)s")
        % {"place": _place(asked), "period": _period(asked)},
        ending="xlsx",
        ids=ids,
        reason=form.cleaned_data["reason"] if is_full else "",
        is_full=is_full,
    )


@allowed(Ability.EXPORT)
@require_POST
def entry_print(request):
    """Ask for the filtered calls, or visits, as the paper register."""
    query = request.POST.get("query", "")
    asked = _asked_in(query, request.user)
    book = request.POST.get("book")
    if book not in printing.BOOKS:
        messages.error(request, _("Choose the register of calls or the register of visits."))
        return _back_to_list(query)
    ids = _frozen_ids(printing.in_book(asked.queryset(), book), printing.MOST_ROWS)
    refusal = _refused_length(ids, printing.MOST_ROWS)
    if refusal:
        messages.error(request, refusal)
        return _back_to_list(query)
    return _ask_for_file(
        request,
        asked,
        printing.KIND,
        LookKind.PRINT,
        title=f"{printing.BOOKS[book]} {_place(asked)} {_period(asked)}",
        ending="pdf",
        ids=ids,
        book=book,
    )
