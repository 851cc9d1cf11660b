#!/usr/bin/env python
"""Django's command line, with this project's settings."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  read now, so that what is wrong is one sentence
    except ImproperlyConfigured as sentence:
        sys.exit(str(sentence))
    execute_from_command_line(sys.argv)
