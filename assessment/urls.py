"""Addresses of the annual assessment."""

from django.urls import path

from .views import (
    checks,
    county,
    demonstration,
    objections,
    papers,
    results,
    sheets,
    standards,
    years,
)

app_name = "assessment"

urlpatterns = [
    # Years
    path("assessment/", years.home, name="home"),
    path("assessment/years/", years.year_list, name="year_list"),
    path("assessment/years/open/", years.year_open, name="year_open"),
    path("assessment/years/<int:pk>/", years.year_detail, name="year_detail"),
    path("assessment/years/<int:pk>/ask/", years.year_ask, name="year_ask"),
    path("assessment/years/<int:pk>/publish/", years.year_publish, name="year_publish"),
    path("assessment/years/<int:pk>/confirm/", years.year_confirm, name="year_confirm"),
    path("assessment/years/<int:pk>/reopen/", years.year_reopen, name="year_reopen"),
    # Sheets
    path("assessment/sheets/<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path("assessment/sheets/<int:pk>/self/", sheets.sheet_self, name="sheet_self"),
    path("assessment/sheets/<int:pk>/self/keep/", sheets.sheet_keep, name="sheet_keep"),
    path("assessment/sheets/<int:pk>/score/", county.sheet_score, name="sheet_score"),
    path("assessment/sheets/<int:pk>/move/<str:move>/", county.sheet_move, name="sheet_move"),
    path(
        "assessment/sheets/<int:pk>/propose/",
        county.adjustment_create,
        name="adjustment_create",
    ),
    path(
        "assessment/sheets/<int:pk>/propose/<str:clause>/",
        county.adjustment_found,
        name="adjustment_found",
    ),
    path("assessment/sheets/<int:pk>/rows/<str:fact>/", sheets.sheet_rows, name="sheet_rows"),
    path(
        "assessment/adjustments/<int:pk>/settle/",
        county.adjustment_settle,
        name="adjustment_settle",
    ),
    path("assessment/flags/<int:pk>/answer/", county.flag_answer, name="flag_answer"),
    path("assessment/lines/<int:pk>/", sheets.line_detail, name="line_detail"),
    path("assessment/lines/<int:pk>/rows/<str:fact>/", sheets.line_rows, name="line_rows"),
    path(
        "assessment/lines/<int:pk>/evidence/<int:evidence>/drop/",
        sheets.evidence_drop,
        name="evidence_drop",
    ),
    # Spot check
    path("assessment/years/<int:pk>/checks/", checks.check_list, name="check_list"),
    path("assessment/years/<int:pk>/checks/draw/", checks.check_draw, name="check_draw"),
    path("assessment/checks/<int:pk>/", checks.check_detail, name="check_detail"),
    # Objections
    path("assessment/sheets/<int:pk>/object/", objections.objection_create, name="object"),
    path(
        "assessment/objections/<int:pk>/",
        objections.objection_detail,
        name="objection_detail",
    ),
    # Results
    path("results/<int:pk>/", results.public_result, name="public_result"),
    path("assessment/years/<int:pk>/compare/", results.compare, name="compare"),
    path("assessment/years/<int:pk>/follow-up/", results.follow_up, name="follow_up"),
    path(
        "assessment/sheets/<int:pk>/rectify/",
        results.rectification_create,
        name="rectification_create",
    ),
    path(
        "assessment/rectifications/<int:pk>/",
        results.rectification_detail,
        name="rectification_detail",
    ),
    path(
        "assessment/rectifications/<int:pk>/accept/",
        results.rectification_accept,
        name="rectification_accept",
    ),
    # Papers
    path("assessment/sheets/<int:pk>/print/", papers.sheet_print, name="sheet_print"),
    path("assessment/sheets/<int:pk>/pdf/", papers.sheet_pdf, name="sheet_pdf"),
    path("assessment/years/<int:pk>/print/<str:paper>/", papers.year_print, name="year_print"),
    path("assessment/years/<int:pk>/file/<str:paper>/", papers.year_file, name="year_file"),
    path("assessment/city/print/", papers.city_print, name="city_print"),
    path("assessment/city/pdf/", papers.city_file, name="city_file"),
    # Standards
    path("assessment/standards/", standards.standard_list, name="standard_list"),
    path("assessment/standards/begin/", standards.standard_begin, name="standard_begin"),
    path("assessment/standards/<int:pk>/", standards.standard_detail, name="standard_detail"),
    path("assessment/standards/<int:pk>/copy/", standards.standard_copy, name="standard_copy"),
    path("assessment/standards/<int:pk>/edit/", standards.standard_edit, name="standard_edit"),
    path("assessment/standards/<int:pk>/use/", standards.standard_use, name="standard_use"),
    path(
        "assessment/standards/<int:pk>/preview/",
        standards.standard_preview,
        name="standard_preview",
    ),
    path(
        "assessment/standards/<int:pk>/lines/new/",
        standards.indicator_create,
        name="indicator_create",
    ),
    path(
        "assessment/standards/lines/<int:pk>/", standards.indicator_edit, name="indicator_edit"
    ),
    path(
        "assessment/standards/<int:pk>/clauses/new/",
        standards.clause_create,
        name="clause_create",
    ),
    path("assessment/standards/clauses/<int:pk>/", standards.clause_edit, name="clause_edit"),
    # Demonstration stations
    path("demonstration/", demonstration.demonstration_list, name="demonstration_list"),
    path(
        "demonstration/<int:pk>/",
        demonstration.demonstration_detail,
        name="demonstration_detail",
    ),
    path(
        "demonstration/<int:pk>/check/",
        demonstration.demonstration_check,
        name="demonstration_check",
    ),
    path(
        "demonstration/<int:pk>/notice.pdf",
        demonstration.demonstration_notice,
        name="demonstration_notice",
    ),
    path(
        "demonstration/<int:pk>/plaque.pdf",
        demonstration.demonstration_plaque,
        name="demonstration_plaque",
    ),
    path(
        "demonstration/<int:pk>/step/<str:step>/",
        demonstration.demonstration_step,
        name="demonstration_step",
    ),
    path(
        "demonstration/objections/<int:pk>/",
        demonstration.demonstration_objection,
        name="demonstration_objection",
    ),
    path("demonstration/apply/", demonstration.demonstration_apply, name="demonstration_apply"),
    path("demonstration/plan/", demonstration.demonstration_plan, name="demonstration_plan"),
    path(
        "public/demonstration/",
        demonstration.demonstration_public,
        name="demonstration_public",
    ),
]
