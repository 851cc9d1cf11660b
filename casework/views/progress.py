"""The public asks how an application stands 进度查询: no account, no name, nothing in the address."""

import hmac

from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from stations.addresses import caller
from stations.privacy import decrypt, encrypt
from stations.signing_in.attempts import count_attempt

from ..forms.progress import ProgressForm
from ..models import Application
from ..rules.progress import STEPS, progress

# So many tries from one place and of one code, and within how many seconds.
MOST_FROM_ONE_PLACE, MOST_OF_ONE_CODE = 30, 10
WITHIN = 15 * 60


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def progress_query(request):
    """The form, and after posting it stage and next step.

    A wrong code and wrong digits get the same answer in the same time.
    """
    form = ProgressForm(request.POST or None)
    found, sentence, status = None, "", 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        code, digits = form.cleaned_data["code"], form.cleaned_data["digits"]
        sentence, status = _why_not(request, code)
        if not sentence:
            found = _found(code, digits)
            if found is None:
                sentence, status = (
                    _(
                        "The code and the digits do not go together. Compare both with your"
                        " receipt, or ask the station that took in your application."
                    ),
                    404,
                )
    response = TemplateResponse(
        request,
        "casework/progress/query.html",
        {"form": form, "found": found, "sentence": sentence, "steps": STEPS},
        status=status,
    )
    add_never_cache_headers(response)
    return response


def _why_not(request, code):
    """Return (sentence, status) when it has been tried too often, or counting is not possible."""
    try:
        from_here = count_attempt("progress-place", caller(request), within=WITHIN)
        of_code = count_attempt("progress-code", code, within=WITHIN)
    except (RedisError, OSError):
        return _(
            "The query does not work at the moment. Try again later or ask a station."
        ), 503
    if from_here > MOST_FROM_ONE_PLACE or of_code > MOST_OF_ONE_CODE:
        return _("Asked too often. Wait a quarter of an hour, or ask the station."), 429
    return "", 200


def _found(code, digits):
    """Return what is told of the application, or None when code and digits do not go together."""
    row = (
        Application.objects.filter(receipt_code=code)
        .values_list("pk", "id_number", "phone")
        .first()
    )
    if row is None:
        # Somebody else's numbers are opened for nothing, so that the time says nothing either.
        row = None, *(decrypt(encrypt("0" * signs)) for signs in (18, 11))
    pk, id_number, phone = row
    ending = (id_number or phone)[-4:].upper()
    is_right = hmac.compare_digest(ending.encode(), digits.encode())
    if pk is None or not is_right:
        return None
    application = Application.objects.select_related("county").get(pk=pk)
    hop = application.hops.last()
    return {
        "progress": progress(application.status),
        # An institution, never a person: who was passed on has to know where to ask.
        "institution": hop.to_institution if hop else "",
    }
