"""The clock of the demonstration: what is told of the past is written as if it were that day."""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment):
    """Within, `timezone.now()` is `moment`, for moves and for the defaults of fields alike."""

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with patch.object(timezone, "datetime", Then):
        yield
