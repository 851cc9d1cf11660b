"""Addresses of the ground: people, leads, files, the network."""

from django.urls import path

from .views import (
    accounts,
    calendar,
    divisions,
    documents,
    evidence,
    leads,
    liaisons,
    network,
    sign_in,
    stations,
)

app_name = "stations"

urlpatterns = [
    # Owed files
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/file/", documents.document_file, name="document_file"),
    # Evidence of station life
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    # Signing in
    path("password/", sign_in.password_change, name="password_change"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    # Accounts, appointments, who looked
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("accounts/<int:pk>/appoint/", accounts.appointment_create, name="appointment_create"),
    path("accounts/<int:pk>/close/", accounts.account_close, name="account_close"),
    path("accounts/<int:pk>/reset/", accounts.account_reset, name="account_reset"),
    path("appointments/<int:pk>/end/", accounts.appointment_end, name="appointment_end"),
    path("looks/", accounts.look_list, name="look_list"),
    # Leads
    path("leads/", leads.lead_list, name="lead_list"),
    path("leads/mine/", leads.lead_home, name="lead_home"),
    path("leads/<int:pk>/take/", leads.lead_take, name="lead_take"),
    # The network: coverage, stations, contact points, liaisons, divisions, the county's rules
    path("contact-points/<int:pk>/", stations.contact_point_edit, name="contact_point_edit"),
    path(
        "contact-points/<int:pk>/close/",
        stations.contact_point_close,
        name="contact_point_close",
    ),
    path("days-off/", calendar.day_off_list, name="day_off_list"),
    path("days-off/<int:pk>/drop/", calendar.day_off_drop, name="day_off_drop"),
    path("liaisons/", liaisons.liaison_list, name="liaison_list"),
    path("liaisons/export/", liaisons.liaison_export, name="liaison_export"),
    path("liaisons/import/", liaisons.liaison_import, name="liaison_import"),
    path("liaisons/new/", liaisons.liaison_create, name="liaison_create"),
    path("liaisons/template.xlsx", liaisons.liaison_template, name="liaison_template"),
    path("liaisons/<int:pk>/", liaisons.liaison_edit, name="liaison_edit"),
    path("liaisons/<int:pk>/end/", liaisons.liaison_end, name="liaison_end"),
    path("network/", network.network, name="network"),
    path("network/change/", divisions.division_change, name="division_change"),
    path("network/changes/", divisions.division_events, name="division_events"),
    path("network/gaps/", network.gap_page, name="gap_page"),
    path("network/gaps.pdf", network.gap_list, name="gap_list"),
    path("network/parameters/", network.county_parameters, name="county_parameters"),
    path("stations/new/", stations.station_open, name="station_open"),
    path("stations/<int:pk>/", stations.station_detail, name="station_detail"),
    path("stations/<int:pk>/close/", stations.station_close, name="station_close"),
    path(
        "stations/<int:pk>/contact-points/new/",
        stations.contact_point_create,
        name="contact_point_create",
    ),
    path("stations/<int:pk>/edit/", stations.station_edit, name="station_edit"),
]
