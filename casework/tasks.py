"""Errands of casework, and how its documents are made."""

from celery import shared_task
from django.db import OperationalError

# These make documents: monthly reports and their bundles, the register as a file and on paper,
# the official papers that wait to be printed.
from . import imports, letter_prints, notices, register_export, register_print, report_pdf  # noqa: F401


@shared_task(autoretry_for=(OSError, OperationalError), retry_backoff=True, max_retries=5)
def work_on_import(batch_id):
    """Check one uploaded register file, or bring a confirmed one in."""
    imports.work_on(batch_id)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def send_message(notice_id):
    """Send what an applicant is to be told."""
    notices.deliver(notice_id)
