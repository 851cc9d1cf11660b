"""What is answered when a page cannot be: too much was sent, the database is away, a fault of ours."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.views import defaults


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):
        return render(request, "too_large.html", status=413)
    return defaults.bad_request(request, exception)


def server_error(request):
    """A database that is started anew or full is no fault of the page: trying again will do.

    The page asks nothing of the database, and is drawn without the frame.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        page = defaults.server_error(request, template_name="database_away.html")
        page.status_code = 503
        page["Retry-After"] = "60"
        return page
    return defaults.server_error(request)
