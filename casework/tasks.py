"""Errands of casework, and how its documents are made."""

from celery import shared_task
from django.db import OperationalError

# Some of these make documents: monthly reports and their bundles, the register as a file and on
# paper, the official papers that wait to be printed, statistical returns. The standards tell their
# figure to the stations' posters, the register what was taken up on duty to the subsidies.
from . import notices
from . import retention as kept_by_casework  # noqa: F401
from .intake import standards  # noqa: F401
from .letters import prints  # noqa: F401
from .register import export, imports, on_duty, printing  # noqa: F401
from .reports import report_pdf, return_paper  # noqa: F401
from .time_limits import recounts


@shared_task(autoretry_for=(OSError, OperationalError), retry_backoff=True, max_retries=5)
def work_on_import(batch_id):
    """Check one uploaded register file, or bring a confirmed one in."""
    imports.work_on(batch_id)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def work_on_recount(recount_id):
    """Count a county's clocks anew, as far as it is still owed."""
    recounts.work_on(recount_id)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def send_message(notice_id):
    """Send what an applicant is to be told."""
    notices.deliver(notice_id)
