"""Seals of days (日志校验): which days are sealed, whether they still agree, whose seal a paper shows."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from ..access import allowed
from ..models import DaySeal, SealAmendment, SealCheck
from ..models.seals import PRINTED_SIGNS
from ..roles import Ability
from ..seals import chain, checking
from ..seals.tables import name_of

# A code on paper has sixteen signs; twelve of them tell one seal from another.
SHORTEST_CODE = 12
# Of the checks that reach a month so many of the latest are asked.
MOST_CHECKS = 100


@dataclass(frozen=True)
class State:
    """What the latest check of a day said: nothing yet, or whether it agrees."""

    check: SealCheck | None = None
    findings: tuple[checking.Finding, ...] = ()

    @property
    def is_wrong(self):
        return bool(self.findings)


def _states(user, first, last):
    """Return {day: State} of the days that were checked, by the latest check of each; one query."""
    checks = (
        SealCheck.objects.visible_to(user)
        .filter(finished_at__isnull=False, first__lte=last, last__gte=first)
        .order_by("-finished_at")[:MOST_CHECKS]
    )
    states = {}
    for check in checks:
        found = {}
        for finding in checking.findings_of(check):
            found.setdefault(finding.day, []).append(finding)
        day = max(check.first, first)
        while day <= min(check.last, last):
            states.setdefault(day, State(check, tuple(found.get(day, ()))))
            day += timedelta(days=1)
    return states


def _month(text, latest):
    """Return the first day of the month of the address, or of the latest seal."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = latest
    return (month if month.year <= latest.year + 1 else latest).replace(day=1)


def _last_of(month):
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@allowed(Ability.SEE_LOOKS)
@require_GET
def seal_list(request):
    """The sealed days of a month, the newest first; the last check; a code from paper."""
    seals = DaySeal.objects.visible_to(request.user)
    latest = seals.values_list("day", flat=True).first() or chain.last_day()
    first = _month(request.GET.get("month", ""), latest)
    last = _last_of(first)
    states = _states(request.user, first, last)
    return TemplateResponse(
        request,
        "stations/seals/list.html",
        {
            "rows": [(seal, states.get(seal.day)) for seal in seals.within(first, last)],
            "first": first,
            "last": last,
            "months": seals.dates("day", "month", order="DESC"),
            **_check_context(request.user),
            **_found(request.user, request.GET.get("code", "")),
        },
    )


def _found(user, typed):
    """What a typed code is: the seal it begins, none, or a sentence why it cannot be asked for."""
    if not typed.strip():
        return {"code": ""}
    plain = unicodedata.normalize("NFKC", typed[:200]).lower()
    code = re.sub(r"[^0-9a-f]", "", plain)
    if len(code) < SHORTEST_CODE:
        sentence = _("A seal has %(most)d signs, 0 to 9 and a to f. Type at least %(least)d.")
        return {
            "code": typed[:80],
            "code_error": sentence % {"most": PRINTED_SIGNS, "least": SHORTEST_CODE},
        }
    found = DaySeal.objects.visible_to(user).filter(digest__startswith=code).first()
    return {
        "code": typed[:80],
        "is_asked": True,
        "found": found,
        "found_state": found and _states(user, found.day, found.day).get(found.day),
    }


def _check_context(user):
    """The latest check of all, and how far it is."""
    check = SealCheck.objects.visible_to(user).select_related("asked_by").first()
    return {
        "check": check,
        "share": 100 * check.done // check.total if check and check.total else 2,
        "findings": checking.findings_of(check) if check else (),
    }


@allowed(Ability.SEE_LOOKS)
@require_POST
def seal_check(request):
    """Ask for a check of the days of a month, or of all sealed days."""
    seals = DaySeal.objects.visible_to(request.user)
    begin, last = seals.order_by("day").first(), chain.last_day()
    if begin is None:
        messages.error(request, _("No day has been sealed yet."))
        return redirect("stations:seal_list")
    first, back = begin.day, reverse("stations:seal_list")
    if typed := request.POST.get("month"):
        month = _month(typed, last)
        back += f"?month={month:%Y-%m}"
        first, last = max(month, first), min(_last_of(month), last)
    if first > last:
        messages.error(request, _("There is no sealed day in this month."))
    else:
        checking.ask_for(first, last, by=request.user)
    return redirect(back)


@allowed(Ability.SEE_LOOKS)
@require_GET
@vary_on_headers("HX-Request")
def seal_check_state(request):
    """How far the latest check is; the list asks until it is done, then it is loaded anew."""
    context = _check_context(request.user)
    if not request.htmx:
        return redirect("stations:seal_list")
    response = TemplateResponse(request, "stations/seals/_check.html", context)
    if context["check"] and context["check"].finished_at:
        response["HX-Refresh"] = "true"
    return response


@allowed(Ability.SEE_LOOKS)
@require_GET
def seal_detail(request, day):
    """One sealed day: its tables, what was lawfully changed since, and what the last check said."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    seal = get_object_or_404(
        DaySeal.objects.visible_to(request.user).select_related("previous"), pk=asked
    )
    amended = {}
    for each in SealAmendment.objects.filter(day=asked).select_related("made_by"):
        amended.setdefault(each.table, []).append(each)
    state = _states(request.user, asked, asked).get(asked)
    wrong = {finding.table: finding for finding in state.findings} if state else {}
    tables, empty = [], []
    for table in chain.table_seals(seal):
        line = table, name_of(table.table), amended.get(table.table), wrong.get(table.table)
        if table.rows or any(line[2:]):
            tables.append(line)
        else:
            empty.append(str(line[1]))
    return TemplateResponse(
        request,
        "stations/seals/detail.html",
        {
            "seal": seal,
            "state": state,
            "tables": tables,
            "empty": pgettext("list", ", ").join(empty),
        },
    )
