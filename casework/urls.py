"""Addresses of the work: register, imports, months."""

from django.urls import path

from .views import (
    application_decisions,
    application_list,
    application_moves,
    application_record,
    applications,
    clocks,
    closing,
    complaint_moves,
    complaints,
    cooperation,
    crossing,
    entry,
    entry_papers,
    follow_ups,
    handling,
    hardship_checks,
    imports,
    letters,
    materials,
    matters,
    month_report,
    months,
    panel,
    pass_on,
    progress,
    public,
    public_complaint,
    recording,
    register_list,
    return_rows,
    returns,
    satisfaction,
    signs,
    standards,
    typical_cases,
)

app_name = "casework"

urlpatterns = [
    # Entries
    path("register/<int:pk>/", entry.entry_detail, name="entry_detail"),
    path("register/<int:pk>/correct/", entry.entry_correct, name="entry_correct"),
    path("register/<int:pk>/reveal/", entry.entry_reveal, name="entry_reveal"),
    path("register/<int:pk>/papers/", entry_papers.entry_paper_add, name="entry_paper_add"),
    path("register/papers/<int:pk>/", entry_papers.entry_paper, name="entry_paper"),
    path("register/<int:pk>/void/", entry.entry_void, name="entry_void"),
    path("register/draft/", recording.entry_draft, name="entry_draft"),
    path("register/hints/", recording.entry_hints, name="entry_hints"),
    path("register/new/<str:channel>/", recording.entry_create, name="entry_create"),
    path("register/no-visits/", recording.no_visits, name="no_visits"),
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
    # Applications
    path("applications/", application_list.application_list, name="application_list"),
    path(
        "applications/search/", application_list.application_search, name="application_search"
    ),
    path(
        "applications/<int:pk>/",
        application_record.application_detail,
        name="application_detail",
    ),
    # Applications: intake
    path("applications/new/", applications.application_create, name="application_create"),
    path("applications/draft/", applications.application_draft, name="application_draft"),
    path("applications/hints/", applications.application_hints, name="application_hints"),
    path("applications/<int:pk>/edit/", applications.application_edit, name="application_edit"),
    path("applications/<int:pk>/materials/", materials.material_list, name="material_list"),
    path("applications/files/<int:pk>/", materials.material_file, name="material_file"),
    path("materials/<int:pk>/phone/", materials.upload_ticket, name="upload_ticket"),
    path("materials/<int:pk>/upload/", materials.material_upload, name="material_upload"),
    path("phone/<str:token>/", materials.phone_upload, name="phone_upload"),
    # Their moves
    path("applications/next/", application_list.application_next, name="application_next"),
    path(
        "applications/<int:pk>/reveal/",
        application_record.application_reveal,
        name="application_reveal",
    ),
    path(
        "applications/<int:pk>/papers/",
        application_moves.application_papers,
        name="application_papers",
    ),
    path(
        "applications/<int:pk>/ask/", application_moves.application_ask, name="application_ask"
    ),
    path(
        "applications/<int:pk>/supply/",
        application_moves.application_supply,
        name="application_supply",
    ),
    path(
        "applications/<int:pk>/deem-withdrawn/",
        application_moves.application_deem_withdrawn,
        name="application_deem_withdrawn",
    ),
    path(
        "applications/<int:pk>/withdraw/",
        application_moves.application_withdraw,
        name="application_withdraw",
    ),
    path(
        "applications/<int:pk>/review/",
        application_moves.application_review,
        name="application_review",
    ),
    path(
        "applications/<int:pk>/send-back/",
        application_moves.application_send_back,
        name="application_send_back",
    ),
    path(
        "applications/<int:pk>/countersign/",
        application_moves.application_countersign,
        name="application_countersign",
    ),
    path(
        "applications/<int:pk>/forward/",
        application_moves.application_forward,
        name="application_forward",
    ),
    path(
        "applications/<int:pk>/sign-for/",
        application_decisions.application_sign_for,
        name="application_sign_for",
    ),
    path(
        "applications/<int:pk>/return/",
        application_decisions.application_return,
        name="application_return",
    ),
    path(
        "applications/<int:pk>/grant/",
        application_decisions.application_grant,
        name="application_grant",
    ),
    path(
        "applications/<int:pk>/provide-first/",
        application_decisions.application_provide_first,
        name="application_provide_first",
    ),
    path(
        "applications/<int:pk>/complete-papers/",
        application_decisions.application_complete_papers,
        name="application_complete_papers",
    ),
    path(
        "applications/<int:pk>/propose-refusal/",
        application_decisions.application_propose_refusal,
        name="application_propose_refusal",
    ),
    path(
        "applications/<int:pk>/refuse/",
        application_decisions.application_refuse,
        name="application_refuse",
    ),
    path(
        "applications/<int:pk>/decline-proposal/",
        application_decisions.application_decline_proposal,
        name="application_decline_proposal",
    ),
    path(
        "applications/<int:pk>/propose-termination/",
        application_decisions.application_propose_termination,
        name="application_propose_termination",
    ),
    path(
        "applications/<int:pk>/terminate/",
        application_decisions.application_terminate,
        name="application_terminate",
    ),
    path(
        "applications/<int:pk>/objection/",
        application_decisions.application_objection,
        name="application_objection",
    ),
    path(
        "applications/<int:pk>/objection-decide/",
        application_decisions.application_objection_decide,
        name="application_objection_decide",
    ),
    # Clocks
    path("clocks/", clocks.clock_wall, name="clock_wall"),
    path("clocks/rules/", clocks.clock_rules, name="clock_rules"),
    path("clocks/recount/", clocks.recount_status, name="recount_status"),
    path("clocks/<int:pk>/", clocks.deadline_detail, name="deadline_detail"),
    path("notices/<int:pk>/done/", clocks.notice_done, name="notice_done"),
    # Handling
    path(
        "applications/<int:pk>/assign/", handling.application_assign, name="application_assign"
    ),
    path(
        "applications/<int:pk>/change-person/",
        handling.application_change_person,
        name="application_change_person",
    ),
    path(
        "applications/<int:pk>/ask-change/",
        handling.application_ask_change,
        name="application_ask_change",
    ),
    path(
        "applications/<int:pk>/refuse-change/",
        handling.application_refuse_change,
        name="application_refuse_change",
    ),
    path(
        "applications/<int:pk>/engage/", handling.application_engage, name="application_engage"
    ),
    path(
        "applications/<int:pk>/excuse/", handling.application_excuse, name="application_excuse"
    ),
    path(
        "applications/<int:pk>/progress/",
        handling.application_progress,
        name="application_progress",
    ),
    path("applications/<int:pk>/close/", closing.application_close, name="application_close"),
    path(
        "applications/<int:pk>/hand-in/",
        closing.application_hand_in,
        name="application_hand_in",
    ),
    path(
        "applications/<int:pk>/archive/",
        closing.application_archive,
        name="application_archive",
    ),
    path("applications/<int:pk>/pay/", closing.application_pay, name="application_pay"),
    path(
        "applications/<int:pk>/typical-case/",
        typical_cases.typical_case_edit,
        name="typical_case_edit",
    ),
    path("typical-cases/", typical_cases.typical_case_list, name="typical_case_list"),
    path(
        "typical-cases/<int:pk>/", typical_cases.typical_case_detail, name="typical_case_detail"
    ),
    path(
        "typical-cases/<int:pk>/review/",
        typical_cases.typical_case_review,
        name="typical_case_review",
    ),
    path("follow-ups/", follow_ups.follow_up_list, name="follow_up_list"),
    path("follow-ups/draw/", follow_ups.follow_up_draw, name="follow_up_draw"),
    path("follow-ups/<int:pk>/", follow_ups.follow_up_call, name="follow_up_call"),
    path("follow-ups/<int:pk>/reveal/", follow_ups.follow_up_reveal, name="follow_up_reveal"),
    path("panel/", panel.worker_list, name="worker_list"),
    path("panel/new/", panel.worker_create, name="worker_create"),
    path("panel/<int:pk>/", panel.worker_edit, name="worker_edit"),
    path("panel/<int:pk>/leave/", panel.worker_leave, name="worker_leave"),
    path("panel/units/new/", panel.unit_create, name="unit_create"),
    path("panel/units/<int:pk>/", panel.unit_edit, name="unit_edit"),
    # Months
    path("months/", months.report_list, name="report_list"),
    path("months/bundle/", months.report_bundle, name="report_bundle"),
    path("months/<int:pk>/", month_report.report_detail, name="report_detail"),
    path("months/<int:pk>/confirm/", month_report.report_confirm, name="report_confirm"),
    path("months/<int:pk>/cross/", crossing.report_cross, name="report_cross"),
    path(
        "months/<int:pk>/cross/excel/",
        crossing.report_cross_excel,
        name="report_cross_excel",
    ),
    path("months/<int:pk>/edit/", month_report.report_edit, name="report_edit"),
    path("months/<int:pk>/pdf/", month_report.report_pdf_file, name="report_pdf"),
    path("months/<int:pk>/print/", month_report.report_print, name="report_print"),
    path("months/<int:pk>/render/", month_report.report_render, name="report_render"),
    path("months/<int:pk>/reopen/", month_report.report_reopen, name="report_reopen"),
    path("months/<int:pk>/return/", month_report.report_return, name="report_return"),
    path("months/<int:pk>/send/", month_report.report_send, name="report_send"),
    # Letters
    path("letters/", letters.letter_list, name="letter_list"),
    path("letters/bundles/", letters.letter_bundles, name="letter_bundles"),
    path("letters/today/", letters.letters_today, name="letters_today"),
    path("letters/<int:pk>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("letters/<int:pk>/print/", letters.letter_print, name="letter_print"),
    path("letters/<int:pk>/serve/", letters.letter_serve, name="letter_serve"),
    path("applications/<int:pk>/letters/", letters.letter_create, name="letter_create"),
    # Returns
    path("returns/", returns.return_list, name="return_list"),
    path("returns/<str:code>/", returns.return_detail, name="return_detail"),
    path("returns/<str:code>/excel/", returns.return_excel, name="return_excel"),
    path("returns/<str:code>/pdf/", returns.return_pdf, name="return_pdf"),
    path("returns/<str:code>/print/", returns.return_print, name="return_print"),
    path("returns/<str:code>/reopen/", returns.return_reopen, name="return_reopen"),
    path("returns/<str:code>/submit/", returns.return_submit, name="return_submit"),
    path("returns/<str:code>/rows/<str:column>/", return_rows.return_rows, name="return_rows"),
    # Cooperation
    path("cooperation/", cooperation.cooperation_list, name="cooperation_list"),
    path("cooperation/new/", cooperation.cooperation_create, name="cooperation_create"),
    path("cooperation/<int:pk>/", cooperation.cooperation_detail, name="cooperation_detail"),
    path("cooperation/<int:pk>/edit/", cooperation.cooperation_edit, name="cooperation_edit"),
    path(
        "cooperation/<int:pk>/<str:move>/",
        cooperation.cooperation_move,
        name="cooperation_move",
    ),
    path(
        "applications/<int:pk>/pass-on/",
        pass_on.application_pass_on,
        name="application_pass_on",
    ),
    path(
        "applications/<int:pk>/hardship-check/",
        hardship_checks.hardship_check,
        name="hardship_check",
    ),
    path("applications/<int:pk>/trace/", pass_on.application_trace, name="application_trace"),
    path("applications/traces/", pass_on.trace_list, name="trace_list"),
    # Public
    path("complaints/", complaints.complaint_list, name="complaint_list"),
    path("complaints/new/", complaints.complaint_create, name="complaint_create"),
    path("complaints/taken/", complaints.complaint_taken_list, name="complaint_taken_list"),
    path("complaints/taken/<int:pk>/", complaints.complaint_taken, name="complaint_taken"),
    path("complaints/counts/", complaint_moves.complaint_counts, name="complaint_counts"),
    path("complaints/grounds/", complaints.complaint_ground_list, name="complaint_ground_list"),
    path(
        "complaints/grounds/<int:pk>/end/",
        complaints.complaint_ground_end,
        name="complaint_ground_end",
    ),
    path("complaints/files/<int:pk>/", complaints.complaint_file, name="complaint_file"),
    path(
        "complaints/papers/<int:pk>/", complaint_moves.complaint_paper, name="complaint_paper"
    ),
    path(
        "complaints/papers/<int:pk>/pdf/",
        complaint_moves.complaint_paper_pdf,
        name="complaint_paper_pdf",
    ),
    path(
        "complaints/papers/<int:pk>/serve/",
        complaint_moves.complaint_paper_serve,
        name="complaint_paper_serve",
    ),
    path(
        "complaints/proposals/<int:pk>/approve/",
        complaint_moves.complaint_approve,
        name="complaint_approve",
    ),
    path(
        "complaints/proposals/<int:pk>/decline/",
        complaint_moves.complaint_decline,
        name="complaint_decline",
    ),
    path("complaints/<int:pk>/", complaints.complaint_detail, name="complaint_detail"),
    path(
        "complaints/<int:pk>/files/", complaints.complaint_file_add, name="complaint_file_add"
    ),
    path("complaints/<int:pk>/reveal/", complaints.complaint_reveal, name="complaint_reveal"),
    path(
        "complaints/<int:pk>/<str:move>/", complaint_moves.complaint_move, name="complaint_move"
    ),
    path("complain/", public_complaint.complain, name="complain"),
    path("complain/ask/", public_complaint.complaint_query, name="complaint_query"),
    path("satisfaction/", satisfaction.satisfaction_results, name="satisfaction_results"),
    path("satisfaction/suggestions/", satisfaction.suggestion_list, name="suggestion_list"),
    path(
        "satisfaction/suggestions/<int:pk>/",
        satisfaction.suggestion_reply,
        name="suggestion_reply",
    ),
    path(
        "satisfaction/card/<int:pk>/", satisfaction.satisfaction_card, name="satisfaction_card"
    ),
    path(
        "satisfaction/<str:code>/",
        public_complaint.satisfaction_answer,
        name="satisfaction_answer",
    ),
    path("progress/", progress.progress_query, name="progress_query"),
    # Standards and matters of legal aid
    path("standards/", standards.hardship_standard_list, name="hardship_standard_list"),
    path("aid-matters/", standards.aid_matter_list, name="aid_matter_list"),
    path("aid-matters/<int:pk>/", standards.aid_matter_edit, name="aid_matter_edit"),
    path("aid-matters/<int:pk>/end/", standards.aid_matter_end, name="aid_matter_end"),
    # Early signs
    path("signs/", signs.sign_list, name="sign_list"),
    path("signs/<int:pk>/", signs.sign_detail, name="sign_detail"),
    path("signs/<int:pk>/note.pdf", signs.sign_pdf, name="sign_pdf"),
    path("signs/<int:pk>/rows/", signs.sign_rows, name="sign_rows"),
    path("signs/<int:pk>/settle/", signs.sign_settle, name="sign_settle"),
    path("signs/<int:pk>/further/", signs.sign_follow_up, name="sign_follow_up"),
    # Open to everybody
    path("public/papers/", public.public_papers, name="public_papers"),
    path("public/papers/<str:code>.pdf", public.public_papers_pdf, name="public_papers_pdf"),
    path("public/qualify/", public.public_qualify, name="public_qualify"),
    path("public/scope/", public.public_scope, name="public_scope"),
    path("public/way/", public.public_way, name="public_way"),
]
