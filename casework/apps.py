from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = _("Casework")

    def ready(self):
        # The floor above tells the ground floor how its documents are made, and what a place owes.
        from . import tasks, timetable  # noqa: F401
