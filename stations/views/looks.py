"""The log of who looked (操作留痕), for the auditor: what stands out, the rows, a workbook of them."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ..access import allowed
from ..addresses import row_number
from ..files import handing_out
from ..forms.looks import LookFilter
from ..looks import reading, unusual
from ..looks.workbook import MOST_ROWS, workbook
from ..models import Look, LookKind
from ..roles import Ability

ROWS = 50
# The log only grows, and nobody turns so many pages: the filters lead further back.
MOST_PAGES = 200


@allowed(Ability.SEE_LOOKS)
@require_GET
def look_list(request):
    user = request.user
    asked = LookFilter(request.GET, user=user)
    looks = asked.apply(Look.objects.visible_to(user)).for_list()
    # One row more than a page tells whether there is another.
    number = min(row_number(request.GET.get("page")) or 1, MOST_PAGES)
    rows = list(looks[(number - 1) * ROWS : number * ROWS + 1])
    return TemplateResponse(
        request,
        "stations/looks/list.html",
        {
            "filter": asked,
            "is_filtered": bool(asked.trace()),
            "lines": [
                (line, line.what.url if _may_open(user, line.what.url) else "")
                for line in reading.lines(rows[:ROWS])
            ],
            "unusual": unusual.find(
                Look.objects.visible_to(user), user.county, timezone.localdate()
            ),
            "number": number,
            "next_number": number + 1 if len(rows) > ROWS and number < MOST_PAGES else None,
            "previous_number": number - 1 if number > 1 else None,
        },
        status=200 if asked.is_valid() else 422,
    )


def _may_open(user, url):
    """Whether the page of a thing opens for whoever reads the log; casework does not."""
    if not url:
        return False
    abilities = getattr(resolve(urlsplit(url).path).func, "abilities", ())
    return any(user.may(ability) for ability in abilities)


@allowed(Ability.SEE_LOOKS)
@require_POST
def look_export(request):
    """The looks asked for as an Excel file; taking them away is written down among them."""
    user, query = request.user, QueryDict(request.POST.get("query", ""))
    asked = LookFilter(query, user=user)
    rows = list(asked.apply(Look.objects.visible_to(user)).for_list()[: MOST_ROWS + 1])
    if not rows or len(rows) > MOST_ROWS:
        refusal = (
            _("These are more than %(most)s rows. Choose a shorter time.") % {"most": MOST_ROWS}
            if rows
            else _("There is no such row, so there is nothing to export.")
        )
        messages.error(request, refusal)
        return redirect(f"{reverse('stations:look_list')}?{query.urlencode()}".rstrip("?"))
    Look.objects.create(
        kind=LookKind.EXPORT,
        user=user,
        county=user.county,
        subject=f"looks?{asked.trace()}"[:400],
        count=len(rows),
    )
    now = timezone.localtime()
    mark = _("Exported by %(name)s, %(time)s. Holds personal data: do not pass on.") % {
        "name": user.name,
        "time": f"{now:%Y-%m-%d %H:%M}",
    }
    name = _("log of who looked %(day)s.xlsx") % {"day": f"{now:%Y-%m-%d}"}
    return handing_out.kept(workbook(reading.lines(rows), mark), name)
