"""Errands of the ground floor. Each takes an id and may run twice."""

from celery import shared_task
from django.db import OperationalError

from . import chores
from .models import ChoreKind, County
from .papers import documents
from .retention import carrying
from .retention import record_paper as destruction_record  # noqa: F401
from .seals import checking
from .walls import poster_pdf  # noqa: F401


@shared_task(autoretry_for=(OSError, OperationalError), retry_backoff=True, max_retries=5)
def make_document(document_id):
    """Fill in one owed document."""
    documents.make(document_id)


@shared_task
def refresh_walls(county_id):
    """Find anew which walls of a county are out of date, after something they all say has changed."""
    chores.refresh_county(
        County.objects.select_related("division").get(pk=county_id), ChoreKind.WALL
    )


@shared_task
def refresh_rules(county_id):
    """Find anew which rule sets the stations of a county have to adopt or read."""
    chores.refresh_county(
        County.objects.select_related("division").get(pk=county_id), ChoreKind.RULES
    )


@shared_task
def refresh_chores_of(county_id):
    """Find anew all that a county and its stations owe, after a rule or a border was changed."""
    chores.refresh_county(County.objects.select_related("division").get(pk=county_id))


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def work_on_seal_check(check_id):
    """Hold sealed days against the records, as far as it is still owed."""
    checking.work_on(check_id)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def work_on_destruction(list_id):
    """Carry out a list of destruction, as far as it is still owed."""
    carrying.work_on(list_id)
