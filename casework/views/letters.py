"""Official papers: the list, one paper as PDF and on the screen, today's print, proof of service."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.files import handing_out
from stations.models import Look, LookKind
from stations.roles import Ability

from .. import workflow
from ..applications import acts
from ..forms.letters import LetterFilter, ServeForm
from ..letters import issuing, prints
from ..models import Letter
from ..models.papers import BUREAU_FORMS, SERVED_FORMS
from ..terms import LetterKind
from .application_pages import visible_application

PAGE = 50
# Files of a person that the list names: a week's at most.
MOST_BUNDLES = 12
# Who makes, prints and serves papers: station, center, and the bureau its own.
PAPER_HANDLERS = (Ability.TAKE_IN, Ability.EXAMINE, Ability.HEAR_OBJECTION)


def _letter(user, pk):
    papers = Letter.objects.visible_to(user).select_related(
        "county",
        "application__county",
        "application__intake_county",
        "application__station",
        "application__aid_matter",
        "served_by",
    )
    return get_object_or_404(papers, pk=pk)


def _handles(user, application, kind=None):
    """Whether this person makes and serves papers of the application, or of this kind of it."""
    return (
        acts.holds_at_station(user, application, Ability.TAKE_IN)
        or acts.holds_at_center(user, application, Ability.EXAMINE)
        or (
            kind in BUREAU_FORMS
            and acts.holds_at_center(user, application, Ability.HEAR_OBJECTION)
        )
    )


def papers_of(user, application):
    """Return what `_letters.html` shows of an application read whole: papers, forms to ask for."""
    papers = sorted(application.letters.all(), key=lambda paper: (paper.made_at, paper.pk))
    for letter in papers:
        _mark_acts(user, letter)
        letter.may_be_proved = letter.kind in SERVED_FORMS and _handles(
            user, application, letter.kind
        )
    return {"papers": papers, "makeable": _makeable(user, application)}


def _mark_acts(user, letter):
    """Say on a paper what this person may do with it."""
    letter.is_to_print = letter.is_of_place(user) and not letter.printed_at
    letter.may_be_served = letter.needs_service and _handles(
        user, letter.application, letter.kind
    )


def _makeable(user, application):
    """The forms this person may ask for now."""
    by_center = acts.holds_at_center(user, application, Ability.EXAMINE)
    if not by_center and not acts.holds_at_station(user, application, Ability.TAKE_IN):
        return []
    return issuing.makeable(application, by_center=by_center)


# ── The list ────────────────────────────────────────────────────────────────────────────


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def letter_list(request):
    user = request.user
    asked = LetterFilter(request.GET, user)
    # Which rows stand on the page is asked with their keys alone; only those are read whole.
    keys = asked.queryset().order_by("-made_at", "-pk").values_list("pk", flat=True)
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    rows = list(
        Letter.objects.filter(pk__in=list(page.object_list))
        .for_list()
        .order_by("-made_at", "-pk")
    )
    for letter in rows:
        _mark_acts(user, letter)
    waiting = Letter.objects.visible_to(user).of_place(user).waiting_to_print().count()
    return TemplateResponse(
        request,
        "casework/letters/list.html",
        {"filter": asked, "page": page, "rows": rows, "waiting": waiting} | _bundles_of(user),
        status=200 if asked.is_valid() else 422,
    )


@allowed(*PAPER_HANDLERS)
@require_POST
def letters_today(request):
    """Put all that waits to be printed at this place into files, each paper once."""
    documents = prints.print_waiting(request.user)
    if len(documents) == 1:
        return redirect(documents[0])
    if documents:
        messages.success(
            request,
            _("All that waits is being made into %(files)s files, of %(most)s papers at most.")
            % {"files": len(documents), "most": prints.MOST_LETTERS},
        )
    else:
        messages.info(request, _("Nothing waits to be printed."))
    return redirect("casework:letter_list")


@allowed(*PAPER_HANDLERS)
@require_GET
def letter_bundles(request):
    """How far this person's files are; the list asks by itself while one is being made."""
    return TemplateResponse(
        request, "casework/letters/_bundles.html", _bundles_of(request.user)
    )


def _bundles_of(user):
    bundles = list(prints.bundles_of(user)[:MOST_BUNDLES])
    is_working = any(not (each.made_at or each.failed_at) for each in bundles)
    return {"bundles": bundles, "is_working": is_working}


# ── One paper ───────────────────────────────────────────────────────────────────────────


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def letter_print(request, pk):
    """The web twin of a paper; its numbers are masked."""
    return HttpResponse(issuing.page(_letter(request.user, pk), request))


@allowed(Ability.SEE_APPLICATIONS)
@require_http_methods(["GET", "POST"])
def letter_pdf(request, pk):
    """The PDF of a paper. Looking at it is written down; posting says that it is printed."""
    letter = _letter(request.user, pk)
    content = issuing.pdf(letter, is_masked=not _may_see_whole(request.user, letter))
    Look.objects.create(
        kind=LookKind.PRINT,
        user=request.user,
        station=request.user.station,
        county=request.user.county,
        subject=f"letter:{letter.pk}",
    )
    if request.method == "POST":
        Letter.objects.filter(pk=letter.pk, printed_at=None).update(printed_at=timezone.now())
    name = f"{letter.get_kind_display()} {letter.number}.pdf".replace("/", "、")
    return handing_out.shown(content, name)


def _may_see_whole(user, letter):
    """Whole numbers are for whoever may reveal them, and for the bureau on its own paper."""
    return user.may(Ability.REVEAL) or (
        letter.kind in BUREAU_FORMS and user.may(Ability.HEAR_OBJECTION)
    )


@allowed(*PAPER_HANDLERS)
@require_POST
def letter_create(request, pk):
    """Make a form on demand: filled with what is known, the rest ruled for writing by hand."""
    user, application = request.user, visible_application(request.user, pk)
    kind = request.POST.get("kind", "")
    if kind == LetterKind.SERVICE:
        served = get_object_or_404(
            application.letters.filter(kind__in=SERVED_FORMS).select_related(
                "application", "county", "served_by"
            ),
            pk=row_number(request.POST.get("letter")),
        )
        if not _handles(user, application, served.kind):
            raise PermissionDenied
        letter = issuing.proof_of_service(served, by=user)
    elif kind in _makeable(user, application):
        letter = issuing.make_on_demand(application, LetterKind(kind), by=user)
    else:
        messages.error(request, _("This form cannot be made now. Choose one from the list."))
        return redirect(application)
    messages.success(
        request,
        _("%(form)s %(number)s is ready to print.")
        % {"form": letter.get_kind_display(), "number": letter.number},
    )
    return redirect(f"{application.get_absolute_url()}#papers")


@allowed(*PAPER_HANDLERS)
@require_http_methods(["GET", "POST"])
def letter_serve(request, pk):
    """Write down that a paper was served; a decision served starts the time to object."""
    letter = _letter(request.user, pk)
    application = letter.application
    if not _handles(request.user, application, letter.kind):
        raise PermissionDenied
    if not letter.needs_service:
        why = (
            _("This paper has been served already.")
            if letter.served_on
            else _("This paper stays with the file; it is not served.")
        )
        messages.error(request, why)
        return redirect(application)
    form = ServeForm(request.POST or None, letter=letter)
    if form.is_valid():
        try:
            workflow.serve(letter, by=request.user, **form.cleaned_data)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(form)s: service is written down.") % {"form": letter.get_kind_display()},
            )
            return redirect(f"{application.get_absolute_url()}#papers")
    return TemplateResponse(
        request,
        "casework/letters/serve.html",
        {"application": application, "letter": letter, "form": form},
        status=422 if form.errors else 200,
    )
