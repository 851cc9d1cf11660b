"""Handing errands to the workers; a page never waits for a stopped Redis."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# Tried once, and given up on within seconds even by a Redis that takes calls and never answers.
# A worker, which listens all day, keeps the longer patience of the settings.
IN_A_HURRY = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 2}


def hand_over(task, row_id):
    """Send the errand of a row that is owed; when Redis is away, the row's sweep sends it."""
    try:
        with current_app.connection_for_write(transport_options=IN_A_HURRY) as broker:
            current_app.send_task(task, args=[row_id], connection=broker)
    except OperationalError:
        log.warning("%s of %s waits for the sweep: Redis is away", task, row_id)


def look_at_walls_later(county):
    """Find anew, once this is saved, which walls of a county are out of date.

    The clockwork would within the hour.
    """
    transaction.on_commit(lambda: hand_over("stations.tasks.refresh_walls", county.pk))
