"""The Celery application: workers take errands, beat keeps the clockwork."""

import logging.config
import os

from celery import Celery
from celery.signals import (
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
)
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")

app = Celery("legalaid")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="timetable")


@setup_logging.connect
def write_logs_as_the_site_does(**_kwargs):
    """Celery's own handlers would write the numbers of people that ours black out."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
@worker_process_init.connect
def clear_after_the_dead(**_kwargs):
    """A killed worker may have left half of somebody's export behind."""
    from stations.files import passing

    passing.clear_left_behind()


@worker_process_shutdown.connect
def let_go_of_fonts(**_kwargs):
    """A worker's process ends without the usual farewell."""
    from stations.papers.pdf import let_go_of_fonts

    let_go_of_fonts()
