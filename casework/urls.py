"""Addresses of the work: register, imports, months."""

from django.urls import path

from .views import entry, imports, matters, months, register_list

app_name = "casework"

urlpatterns = [
    # Entries
    path("register/<int:pk>/", entry.entry_detail, name="entry_detail"),
    path("register/<int:pk>/correct/", entry.entry_correct, name="entry_correct"),
    path("register/<int:pk>/reveal/", entry.entry_reveal, name="entry_reveal"),
    path("register/<int:pk>/void/", entry.entry_void, name="entry_void"),
    path("register/draft/", entry.entry_draft, name="entry_draft"),
    path("register/hints/", entry.entry_hints, name="entry_hints"),
    path("register/new/<str:channel>/", entry.entry_create, name="entry_create"),
    path("register/no-visits/", entry.no_visits, name="no_visits"),
    # Files and the backlog grid
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/template.xlsx", imports.import_template, name="import_template"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("register/grid/", imports.entry_grid, name="entry_grid"),
    # The register's list
    path("register/", register_list.entry_list, name="entry_list"),
    path("register/book/<str:book>/", register_list.entry_book, name="entry_book"),
    path("register/export/", register_list.entry_export, name="entry_export"),
    path("register/print/", register_list.entry_print, name="entry_print"),
    path("register/search/", register_list.entry_search, name="entry_search"),
    path("register/views/", register_list.filter_save, name="filter_save"),
    path("register/views/<int:pk>/drop/", register_list.filter_drop, name="filter_drop"),
    # Matters
    path("matters/", matters.matter_list, name="matter_list"),
    path("matters/<int:pk>/", matters.matter_edit, name="matter_edit"),
    path("matters/<int:pk>/end/", matters.matter_end, name="matter_end"),
    # Months
    path("months/", months.report_list, name="report_list"),
    path("months/bundle/", months.report_bundle, name="report_bundle"),
    path("months/<int:pk>/", months.report_detail, name="report_detail"),
    path("months/<int:pk>/confirm/", months.report_confirm, name="report_confirm"),
    path("months/<int:pk>/edit/", months.report_edit, name="report_edit"),
    path("months/<int:pk>/pdf/", months.report_pdf_file, name="report_pdf"),
    path("months/<int:pk>/print/", months.report_print, name="report_print"),
    path("months/<int:pk>/render/", months.report_render, name="report_render"),
    path("months/<int:pk>/reopen/", months.report_reopen, name="report_reopen"),
    path("months/<int:pk>/return/", months.report_return, name="report_return"),
    path("months/<int:pk>/send/", months.report_send, name="report_send"),
]
