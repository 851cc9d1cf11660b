from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Yearly assessment")

    def ready(self):
        # The floor above tells the ground floor how its documents are made, and what a place owes.
        from . import tasks, timetable  # noqa: F401
