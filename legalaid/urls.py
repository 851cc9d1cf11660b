"""Every address of the site."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from . import views
from .health import health

handler400 = "legalaid.error_pages.bad_request"
handler500 = "legalaid.error_pages.server_error"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk/findings/<int:pk>/", views.desk_findings, name="desk_findings"),
    path("desk/notices/", views.desk_notices, name="desk_notices"),
    path("desk/signals/", views.desk_signals, name="desk_signals"),
    path("large-print/", views.large_print, name="large_print"),
    path("i18n/", login_not_required(set_language), name="set_language"),
    path("health/", health, name="health"),
    path("", include("stations.urls")),
    path("", include("casework.urls")),
    path("", include("assessment.urls")),
]
