"""Early signs: what the nightly rules found, one sign, its rows, its one-page note."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.calendar import clock_faces
from stations.files import handing_out
from stations.models import DayOff, Look, LookKind
from stations.roles import CITY_ROLES, Ability

from ..analysis.clusters import rows_of
from ..early_signs import sign_paper, signs
from ..early_signs.suppression import outside
from ..forms.signs import SettleForm, SignFilter
from ..models import EarlySign
from ..terms import SignalLevel, SignRule, SignState

ROWS = 50
# The gravest first, then the latest.
BY_LEVEL = Case(
    When(level=SignalLevel.GRAVE, then=0),
    When(level=SignalLevel.WATCH, then=1),
    default=Value(2),
    output_field=IntegerField(),
)


def _is_outside(user):
    """Whether somebody looks at a county from the city."""
    return user.has_role(*CITY_ROLES)


@allowed(Ability.SEE_SIGNS)
@require_GET
def sign_list(request):
    """The signs of the county, gravest first; to the city only what may leave the county."""
    asked = SignFilter(request.GET)
    found = asked.chosen(EarlySign.objects.visible_to(request.user))
    page = Paginator(
        found.for_list().select_related("settled_by").order_by(BY_LEVEL, "-raised_at", "-pk"),
        ROWS,
    ).get_page(request.GET.get("page"))
    is_outside = _is_outside(request.user)
    calendar, now = DayOff.objects.calendar(request.user.county), timezone.now()
    for sign in page:
        sign.clock = signs.clock_of(sign, calendar, now)
        if is_outside:
            sign.told = outside(
                name=sign.name,
                persons=sign.persons,
                rows=0,
                places=(),
                is_opponent=sign.rule == SignRule.OPPONENT,
            )
    return TemplateResponse(
        request,
        "casework/signs/list.html",
        {"page": page, "filter": asked, "is_outside": is_outside},
    )


def _sign(user, pk):
    """One sign in its county; the city sees the list, not the sign."""
    if _is_outside(user):
        return get_object_or_404(EarlySign.objects.none(), pk=pk)
    return get_object_or_404(
        EarlySign.objects.visible_to(user).select_related(
            "county__division", "seen_by", "settled_by"
        ),
        pk=pk,
    )


def _page(request, sign, *, form=None, status=200, **context):
    due_at = signs.follow_up_due_at(sign)
    further = due_at and clock_faces.hours_clock(timezone.now(), sign.settled_at, due_at)
    return TemplateResponse(
        request,
        "casework/signs/detail.html",
        {
            **sign_paper.paper(sign),
            "form": form or SettleForm(),
            "further_clock": further,
            "events": sign.events.select_related("by"),
            **context,
        },
        status=status,
    )


@allowed(Ability.SEE_SIGNS)
@require_GET
def sign_detail(request, pk):
    """One sign: what it is, since when, what the rules suggest, what was done."""
    return _page(request, _sign(request.user, pk))


@allowed(Ability.SEE_SIGNS)
@require_POST
def sign_rows(request, pk):
    """Open the entries and applications behind a sign; each opening is written down."""
    sign = _sign(request.user, pk)
    signs.open_rows(sign, by=request.user)
    sign = signs.look(sign, by=request.user)
    entries, applications = rows_of(sign)
    return TemplateResponse(
        request,
        "casework/signs/rows.html",
        {"sign": sign, "entries": entries, "applications": applications},
    )


@allowed(Ability.SEE_SIGNS)
@require_GET
def sign_pdf(request, pk):
    """The one-page note for the bureau."""
    sign = _sign(request.user, pk)
    content = sign_paper.pdf(sign)
    Look.objects.create(
        kind=LookKind.PRINT,
        user=request.user,
        county=sign.county,
        subject=f"early_sign:{sign.pk}",
    )
    name = _("note on an early sign %(number)d.pdf") % {"number": sign.pk}
    return handing_out.shown(content, name)


@allowed(Ability.SETTLE_SIGNS)
@require_POST
def sign_settle(request, pk):
    """Report a sign, or dismiss it with a reason."""
    sign = _sign(request.user, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, sign, form=form, status=422)
    is_report = request.POST.get("act") == "report"
    settle = signs.report if is_report else signs.dismiss
    try:
        settle(sign, by=request.user, words=form.cleaned_data["words"])
    except signs.SignRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = (
            _("Noted as reported.") if is_report else _("Noted as dismissed, with the reason.")
        )
        messages.success(request, said)
    return redirect(sign)


@allowed(Ability.SETTLE_SIGNS)
@require_POST
def sign_follow_up(request, pk):
    """Report further how a reported sign went on."""
    sign = _sign(request.user, pk)
    form = SettleForm(request.POST)
    if not form.is_valid() and sign.state == SignState.REPORTED:
        return _page(request, sign, form=form, status=422)
    try:
        signs.follow_up(sign, by=request.user, words=form.cleaned_data.get("words", ""))
    except signs.SignRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted as reported further."))
    return redirect(sign)
