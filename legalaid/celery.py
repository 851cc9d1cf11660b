"""The Celery application: workers take errands, beat keeps the clockwork."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")

app = Celery("legalaid")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="timetable")
