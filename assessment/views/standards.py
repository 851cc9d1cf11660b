"""The standards of a county: read by all, copied, edited as a draft, previewed, put to use."""

from django.contrib import messages
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.roles import Ability

from .. import rules, standard
from ..forms.standards import ClauseForm, IndicatorForm, StandardForm, UseForm
from ..models import Clause, Indicator, Standard, Year
from ..terms import Dimension


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def standard_list(request):
    standards = (
        Standard.objects.visible_to(request.user)
        .select_related("division", "put_to_use_by")
        .order_by("division__code", "-version")
    )
    return TemplateResponse(
        request,
        "assessment/standards/list.html",
        {"standards": standards, "may_edit": request.user.may(Ability.SCORE)},
    )


def _standard(request, pk):
    return get_object_or_404(
        Standard.objects.visible_to(request.user).select_related("division", "succeeds"), pk=pk
    )


def _draft(request, pk):
    """A draft of the user's own county; a city's standard is copied, never edited here."""
    found = _standard(request, pk)
    if found.division_id != request.user.county.division_id:
        raise Http404
    return found


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def standard_detail(request, pk):
    """The standard as people read it: lines by dimension, bonus, deductions, vetoes, bars."""
    found = _standard(request, pk)
    return _page(request, found)


def _page(request, found, *, use_form=None):
    indicators = list(found.indicators.order_by("order", "code"))
    may_edit = (
        request.user.may(Ability.SCORE)
        and request.user.county is not None
        and found.division_id == request.user.county.division_id
    )
    groups = [
        (
            dimension.label,
            [line for line in indicators if line.dimension == dimension],
            sum(line.points for line in indicators if line.dimension == dimension),
        )
        for dimension in Dimension
    ]
    return TemplateResponse(
        request,
        "assessment/standards/detail.html",
        {
            "standard": found,
            "groups": groups,
            "total": sum(line.points for line in indicators),
            "clauses": list(found.clauses.order_by("order", "code")),
            "faults": standard.faults(found) if may_edit and found.is_draft else [],
            "may_edit": may_edit,
            "may_copy": request.user.may(Ability.SCORE),
            "use_form": use_form or UseForm(),
        },
        status=422 if use_form else 200,
    )


@allowed(Ability.SCORE)
@require_POST
def standard_begin(request):
    """Write the default standard as a draft of the county."""
    draft = standard.adopt_default(request.user.county, by=request.user)
    messages.success(
        request, _("The default standard is there as a draft. Read it, then use it.")
    )
    return redirect(draft)


@allowed(Ability.SCORE)
@require_POST
def standard_copy(request, pk):
    """Copy a standard as a draft of the county, to be edited."""
    draft = standard.copy(
        _standard(request, pk), by=request.user, division=request.user.county.division
    )
    messages.success(request, _("Copied as a draft."))
    return redirect(draft)


def _refused(request, found):
    messages.error(
        request, _("A standard in use is not edited. Copy it; the copy takes its place.")
    )
    return redirect(found)


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def standard_edit(request, pk):
    found = _draft(request, pk)
    if not found.is_draft:
        return _refused(request, found)
    form = StandardForm(request.POST or None, instance=found)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(found)
    return TemplateResponse(
        request,
        "assessment/standards/edit.html",
        {"standard": found, "form": form},
        status=422 if form.errors else 200,
    )


def _of_draft(request, model, pk):
    """A line or clause of a standard of the user's own county."""
    return get_object_or_404(
        model.objects.filter(
            standard__in=Standard.objects.visible_to(request.user),
            standard__division=request.user.county.division_id,
        ).select_related("standard__division"),
        pk=pk,
    )


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def indicator_create(request, pk):
    """A new line of a draft."""
    found = _draft(request, pk)
    if not found.is_draft:
        return _refused(request, found)
    last = found.indicators.aggregate(last=Max("order"))["last"] or 0
    return _line_page(request, Indicator(standard=found, order=last + 1))


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def indicator_edit(request, pk):
    """One line of a draft: its words, its points, the parts of its rule; or taken out."""
    line = _of_draft(request, Indicator, pk)
    if not line.standard.is_draft:
        return _refused(request, line.standard)
    if "drop" in request.POST:
        line.delete()
        messages.success(request, _("Taken out."))
        return redirect(line.standard)
    return _line_page(request, line)


def _line_page(request, line):
    form = IndicatorForm(request.POST or None, instance=line)
    if form.is_valid():
        saved = form.save()
        if form.cleaned_data["new_fact"]:
            messages.success(request, _("Added. Now write the numbers of the new part."))
            return redirect("assessment:indicator_edit", saved.pk)
        messages.success(request, _("Saved."))
        return redirect(line.standard)
    return TemplateResponse(
        request,
        "assessment/standards/line.html",
        {"standard": line.standard, "line": line, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def clause_create(request, pk):
    """A new bonus, deduction or veto of a draft."""
    found = _draft(request, pk)
    if not found.is_draft:
        return _refused(request, found)
    last = found.clauses.aggregate(last=Max("order"))["last"] or 0
    return _clause_page(request, Clause(standard=found, order=last + 1))


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def clause_edit(request, pk):
    """A bonus, deduction or veto of a draft; or taken out."""
    clause = _of_draft(request, Clause, pk)
    if not clause.standard.is_draft:
        return _refused(request, clause.standard)
    if "drop" in request.POST:
        clause.delete()
        messages.success(request, _("Taken out."))
        return redirect(clause.standard)
    return _clause_page(request, clause)


def _clause_page(request, clause):
    form = ClauseForm(request.POST or None, instance=clause)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(clause.standard)
    return TemplateResponse(
        request,
        "assessment/standards/clause.html",
        {"standard": clause.standard, "clause": clause, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.SCORE)
@require_POST
def standard_use(request, pk):
    found = _draft(request, pk)
    form = UseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, use_form=form)
    try:
        standard.put_to_use(found, year_from=form.cleaned_data["year_from"], by=request.user)
    except standard.StandardRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("In use. It is not edited any more, only succeeded."))
    return redirect(found)


@allowed(Ability.SCORE)
@require_GET
def standard_preview(request, pk):
    """What the standard would have made of a past year: totals and grades beside the real ones."""
    found = _standard(request, pk)
    years = Year.objects.visible_to(request.user).current().for_list().order_by("-year")
    wanted = request.GET.get("year", "")
    year = next((each for each in years if str(each.pk) == wanted), None) or years.first()
    previews, refusal = [], ""
    if year:
        try:
            previews = standard.preview(found, year)
        except rules.RuleRefused as refused:
            refusal = str(refused)
    previews.sort(key=lambda each: -each.new_total)
    return TemplateResponse(
        request,
        "assessment/standards/preview.html",
        {
            "standard": found,
            "years": years,
            "year": year,
            "previews": previews,
            "refusal": refusal,
            "new_grades": sum(each.has_new_grade for each in previews),
        },
    )
