"""The worker's own ways."""

import logging

from celery.app.log import Logging

from legalaid.celery import app
from stations.privacy import LogFormatter


def test_a_worker_writes_its_log_as_the_site_does():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        Logging(app).setup(loglevel="INFO")

        assert [type(handler.formatter) for handler in root.handlers] == [LogFormatter]
    finally:
        root.handlers[:], root.level = before
        Logging.already_setup = False
