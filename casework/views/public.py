"""Pages about legal aid that are open to everybody: scope, chances, papers, the way."""

from django.conf import settings
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from stations.files import handing_out
from stations.papers.pdf import render_pdf
from stations.views.public import asked_too_often, open_page, public_page

from ..forms.public import QualifyForm
from ..models import HardshipStandard
from ..public_guide import chance, in_groups, matters_of, papers_for, way

# So many times from one place in a quarter of an hour.
MOST_ASKED, MOST_PRINTED = 40, 20
TOO_OFTEN = "stations/public/too_often.html"


@open_page()
@require_safe
def public_scope(request, county):
    """What legal aid covers today, by the dictionaries of articles 31 and 32 and the county's own."""
    today = timezone.localdate()
    return public_page(
        request,
        "casework/public/scope.html",
        county,
        {
            "groups": in_groups(matters_of(county, today)),
            "standard": HardshipStandard.objects.in_force(county, today),
        },
    )


@csrf_exempt
@sensitive_post_parameters()
@open_page()
@require_http_methods(["GET", "POST"])
def public_qualify(request, county):
    """“Would I qualify?”: the answers are posted, worked out by the rules, and forgotten.

    Posting changes nothing, so it needs no token and the page no cookie.
    """
    if request.method == "POST" and asked_too_often(request, "public-qualify", MOST_ASKED):
        return public_page(request, TOO_OFTEN, county, status=429)
    today = timezone.localdate()
    form = QualifyForm(request.POST or None, groups=in_groups(matters_of(county, today)))
    found = chance(county, today=today, **form.answers) if form.is_valid() else None
    return public_page(
        request,
        "casework/public/qualify.html",
        county,
        {
            "form": form,
            "found": found,
            "standard": HardshipStandard.objects.in_force(county, today),
        },
        status=422 if form.errors else 200,
    )


def _matter(matters, code):
    """The chosen matter, or None; 404 for one that is not on the list today."""
    if not code:
        return None
    matter = next((each for each in matters if each.code == code), None)
    if matter is None:
        raise Http404
    return matter


@open_page()
@require_safe
def public_papers(request, county):
    """Papers to bring, by matter (?matter=31-5); a page to print."""
    today = timezone.localdate()
    matters = matters_of(county, today)
    matter = _matter(matters, request.GET.get("matter", ""))
    return public_page(
        request,
        "casework/public/papers.html",
        county,
        {
            "groups": in_groups(matters),
            "matter": matter,
            "papers": papers_for(matter, today=today) if matter else (),
        },
    )


@open_page()
@require_safe
def public_papers_pdf(request, county, code):
    """The same sheet as PDF, for a printer at the village."""
    today = timezone.localdate()
    matter = _matter(matters_of(county, today), code)
    if asked_too_often(request, "public-print", MOST_PRINTED):
        return public_page(request, TOO_OFTEN, county, status=429)
    with translation.override(settings.LANGUAGE_CODE):
        content = render_pdf(
            "casework/public/papers_print.html",
            {
                "county": county,
                "matter": matter,
                "papers": papers_for(matter, today=today),
                "today": today,
            },
        )
    name = _("papers to bring.pdf")
    return handing_out.shown(content, name)


@open_page()
@require_safe
def public_way(request, county):
    """How it goes, step by step, with the time limits of the law and of the county."""
    steps = way(county, timezone.localdate())
    return public_page(request, "casework/public/way.html", county, {"steps": steps})
