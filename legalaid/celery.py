"""The Celery application: workers take errands, beat keeps the clockwork."""

import os

from celery import Celery
from celery.signals import worker_process_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")

app = Celery("legalaid")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="timetable")


@worker_process_shutdown.connect
def let_go_of_fonts(**_kwargs):
    """A worker's process ends without the usual farewell."""
    from stations.papers.pdf import let_go_of_fonts

    let_go_of_fonts()
