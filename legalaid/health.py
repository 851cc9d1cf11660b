"""Is the site well? Asked by the compose file and by whoever watches the machine."""

from datetime import timedelta

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from stations.errands import IN_A_HURRY
from stations.models import Document

# The sweep sends a lost file again after two minutes; one owed this long says no worker works.
OWED_TOO_LONG = timedelta(minutes=30)


@login_not_required
@never_cache
@require_safe
def health(request):
    """200 while the database and Redis answer and wished-for files are made; else 503. As JSON."""
    found = {"database": _database()}
    if found["database"]:
        long_owed = Document.objects.owed().filter(asked_at__lt=timezone.now() - OWED_TOO_LONG)
        found["files"] = not long_owed.exists()
    found["redis"] = _redis()
    healthy = all(found.values())
    return JsonResponse({"healthy": healthy} | found, status=200 if healthy else 503)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _redis():
    try:
        with current_app.connection_for_write(transport_options=IN_A_HURRY) as broker:
            broker.ensure_connection(max_retries=0)
    except OperationalError:
        return False
    return True
