from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StationsConfig(AppConfig):
    name = "stations"
    verbose_name = _("Stations and people")

    def ready(self):
        # What a place owes, and keeps for how long, registers when it is read.
        from . import timetable  # noqa: F401
