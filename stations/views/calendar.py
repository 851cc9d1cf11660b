"""The working calendar: the year's days off and make-up days, and the county's own over them."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ..access import allowed
from ..calendar import day_off_file
from ..files.tables import FileRefused, table
from ..forms.county import DaysOffForm
from ..models import County, DayOff
from ..roles import Ability
from .network import chosen_county


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def day_off_list(request):
    county = chosen_county(request)
    today = timezone.localdate()
    year = request.GET.get("year", "")
    year = int(year) if year in {str(n) for n in range(2000, 2100)} else today.year
    form = DaysOffForm(request.POST or None, request.FILES or None)
    sentences = []
    if form.is_valid():
        try:
            days, sentences = day_off_file.read(_rows(form))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            if not sentences and days:
                count = day_off_file.save(
                    days, county=county, source=form.cleaned_data["source"]
                )
                messages.success(
                    request, ngettext("%d day is saved.", "%d days are saved.", count) % count
                )
                return redirect(f"{reverse('stations:day_off_list')}?year={days[0][0].year}")
            for sentence in sentences or [_("There is no day in this.")]:
                form.add_error(None, sentence)
    days = DayOff.objects.filter(Q(county=None) | Q(county=county), day__year=year)
    return TemplateResponse(
        request,
        "stations/calendar/list.html",
        {
            "county": county,
            "form": form,
            "year": year,
            "years": [today.year - 1, today.year, today.year + 1],
            "days": days.order_by("day", "county_id"),
            "calendar_is_missing": DayOff.objects.is_due(county, today),
            "next_year": today.year + 1,
        },
    )


def _rows(form):
    file = form.cleaned_data["file"]
    typed = day_off_file.rows_of(form.cleaned_data["lines"])
    return typed + (table(file.read()) if file else [])


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def day_off_drop(request, pk):
    """Take back one of the county's own days; the nation's stay."""
    days = DayOff.objects.filter(county__in=County.objects.visible_to(request.user))
    day = get_object_or_404(days, pk=pk)
    day.delete()
    messages.success(request, _("The day is taken back."))
    return redirect(f"{reverse('stations:day_off_list')}?year={day.day.year}")
