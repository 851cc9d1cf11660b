"""Every page × every role → its answer. A page nobody listed here fails the last test.

`open_to` get the page (or the act's redirect); everybody else signed in is refused with 403,
unless they have the ability but not the record: those are `hidden_from` and find nothing, 404.
Who has not signed in is led to the sign-in page, except where the page is open to all.
"""

import io
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseForbidden
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.views.defaults import permission_denied
from PIL import Image

from assessment.models import Demonstration, DemonstrationObjection
from casework import workflow
from casework.applications import cooperation, follow_ups, typical_cases
from casework.complaints import grounds, handling, satisfaction
from casework.complaints.moves import open_proposal
from casework.intake import uploads
from casework.models import (
    AidMatter,
    Complaint,
    CooperationLetter,
    EarlySign,
    Matter,
    SavedFilter,
)
from casework.notices import tell
from casework.register import imports
from casework.reports import months
from casework.terms import NoticeKind, Status
from legalaid import urls
from legalaid.frame import Frame
from stations.duty import feed, requests
from stations.duty.people import next_month
from stations.duty.signing import station_code
from stations.files import evidence, sealed
from stations.liaisons import liaison_work
from stations.models import (
    AidUnit,
    AidWorker,
    Appointment,
    Away,
    ContactPoint,
    County,
    DayOff,
    DaySeal,
    DestructionList,
    DutyMonth,
    DutySlot,
    Fund,
    Lead,
    Liaison,
    LiaisonTask,
    MediaItem,
    PublicityEvent,
    TrainingExemption,
    TrainingSession,
)
from stations.papers.documents import ask_for
from stations.retention import holds
from stations.roles import Role
from stations.upkeep import premises, question_slips, rule_documents
from stations.walls import posters, postings, test_calls, texts
from tests.assessment.made_records import assessment_records
from tests.casework.register.test_file import GOOD, csv_bytes

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "liaison duty clerk head neighbour reviewer director officer inspector "
    "system_admin security_admin audit_admin stranger"
)
STATION = "duty clerk head"
KEEPERS = "clerk head"
COUNTY = "reviewer director officer"
OTHERS = "neighbour stranger"
NETWORK = f"{STATION} {COUNTY} inspector"
READERS = f"{STATION} {COUNTY}"
ASSESSED = f"{KEEPERS} officer inspector"

# (page, method, what its address names, open to, hidden from)
PAGES = [
    # The roof
    ("desk", "GET", "", EVERYBODY, ""),
    ("desk_findings", "GET", "report", KEEPERS, OTHERS),
    ("desk_signals", "GET", "", f"{READERS} {OTHERS}", ""),
    ("desk_notices", "GET", "", f"{READERS} {OTHERS}", ""),
    ("large_print", "POST", "", EVERYBODY, ""),
    ("set_language", "POST", "", EVERYBODY, ""),
    ("health", "GET", "", EVERYBODY, ""),
    # Signing in
    ("stations:password_change", "GET", "", EVERYBODY, ""),
    ("stations:sign_in", "GET", "", EVERYBODY, ""),
    ("stations:sign_out", "POST", "", EVERYBODY, ""),
    # Accounts, appointments, who looked
    ("stations:account_list", "GET", "", "system_admin security_admin", ""),
    ("stations:account_create", "GET", "", "system_admin", ""),
    ("stations:account_detail", "GET", "user", "system_admin security_admin", ""),
    ("stations:account_close", "POST", "user", "system_admin", ""),
    ("stations:account_edit", "GET", "user", "system_admin", ""),
    ("stations:account_reset", "POST", "user", "system_admin", ""),
    ("stations:appointment_create", "GET", "user", "security_admin", ""),
    ("stations:appointment_end", "POST", "appointment", "security_admin", ""),
    ("stations:look_list", "GET", "", "audit_admin", ""),
    ("stations:look_export", "POST", "", "audit_admin", ""),
    ("stations:seal_list", "GET", "", "audit_admin", ""),
    ("stations:seal_check", "POST", "", "audit_admin", ""),
    ("stations:seal_check_state", "GET", "", "audit_admin", ""),
    ("stations:seal_detail", "GET", "sealed_day", "audit_admin", ""),
    # Leads
    ("stations:lead_home", "GET", "", "liaison", ""),
    ("stations:lead_list", "GET", "", f"{STATION} {OTHERS}", ""),
    ("stations:lead_take", "POST", "lead", STATION, OTHERS),
    # Liaisons at work, and their phone
    ("stations:liaison_log", "GET", "", "liaison", ""),
    ("stations:liaison_tasks", "GET", "", "liaison", ""),
    ("stations:liaison_training", "GET", "", "liaison", ""),
    ("stations:pocket_offline", "GET", "", EVERYBODY, ""),
    ("stations:pocket_offline_log", "GET", "", EVERYBODY, ""),
    ("stations:pocket_send", "POST", "", "liaison", ""),
    ("stations:pocket_token", "GET", "", "liaison", ""),
    ("stations:pocket_worker", "GET", "", EVERYBODY, ""),
    ("stations:liaison_work_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:liaison_work", "GET", "station", NETWORK, OTHERS),
    ("stations:liaison_task_create", "GET", "liaison", STATION, OTHERS),
    ("stations:liaison_task_done", "POST", "liaison_task", f"liaison {STATION}", OTHERS),
    ("stations:liaison_task_withdraw", "POST", "liaison_task", STATION, OTHERS),
    ("stations:hand_over_create", "POST", "liaison", f"{KEEPERS} officer", OTHERS),
    ("stations:hand_over_page", "GET", "hand_over", f"liaison {NETWORK}", OTHERS),
    ("stations:hand_over_pdf", "GET", "hand_over", f"liaison {NETWORK}", OTHERS),
    (
        "stations:hand_over_receive",
        "POST",
        "hand_over",
        f"liaison {KEEPERS} officer",
        OTHERS,
    ),
    # Premises and equipment
    ("stations:premises_matrix", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:premises_detail", "GET", "station", NETWORK, OTHERS),
    ("stations:premises_check", "GET", "station", f"{KEEPERS} officer", OTHERS),
    ("stations:need_create", "GET", "station", f"{KEEPERS} officer", OTHERS),
    ("stations:need_answer", "GET", "need", "officer", ""),
    # Question slips
    ("stations:question_slip_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("stations:question_slip_create", "GET", "", f"{READERS} {OTHERS}", ""),
    ("stations:question_slip", "GET", "slip", READERS, OTHERS),
    ("stations:question_slip_move", "POST", "slip_move", READERS, OTHERS),
    ("stations:question_slip_share", "POST", "slip", READERS, OTHERS),
    # Keeping and destruction
    ("stations:retention", "GET", "", "director officer", ""),
    ("stations:retention_kind", "GET", "kept_kind", "director officer", ""),
    ("stations:retention_years", "GET", "kept_kind", "officer", ""),
    ("stations:destruction_draw", "POST", "", "officer", ""),
    ("stations:destruction_list", "GET", "destruction", "director officer", ""),
    ("stations:destruction_progress", "GET", "destruction", "director officer", ""),
    ("stations:destruction_print", "GET", "destruction", "director officer", ""),
    ("stations:destruction_approve", "POST", "destruction", "director officer", ""),
    ("stations:destruction_withdraw", "POST", "destruction", "director officer", ""),
    ("stations:destruction_carry_out", "POST", "destruction", "officer", ""),
    ("stations:destruction_take_out", "GET", "destruction_item", "officer", ""),
    ("stations:hold_list", "GET", "", "director officer", ""),
    ("stations:hold_create", "GET", "held", "officer", ""),
    ("stations:hold_lift", "GET", "hold", "officer", ""),
    # Staff and funds
    ("stations:staffing_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:staffing_detail", "GET", "station", NETWORK, OTHERS),
    ("stations:staffing_paper", "GET", "station", NETWORK, OTHERS),
    ("stations:staffing_pdf", "GET", "station", NETWORK, OTHERS),
    ("stations:staff_terms", "GET", "appointment", f"{KEEPERS} officer", OTHERS),
    ("stations:posts_give", "GET", "station", f"{KEEPERS} officer", OTHERS),
    ("stations:fund_create", "GET", "station", f"{KEEPERS} officer", OTHERS),
    ("stations:fund_void", "POST", "fund", f"{KEEPERS} officer", OTHERS),
    # Training
    ("stations:training_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:training_hours", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:training_hours_pdf", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:training_material", "GET", "training_material", f"liaison {NETWORK}", OTHERS),
    ("stations:review_right_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:review_right_exempt", "GET", "user", "officer", ""),
    ("stations:review_right_end", "POST", "exemption", "officer", ""),
    ("stations:training_plan", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:training_create", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:training_detail", "GET", "training", NETWORK, OTHERS),
    ("stations:training_roll", "GET", "training", NETWORK, OTHERS),
    ("stations:training_here", "POST", "training", f"liaison {NETWORK}", OTHERS),
    ("stations:training_sign_in", "POST", "training", f"{KEEPERS} officer", OTHERS),
    ("stations:training_materials", "POST", "training", f"{KEEPERS} officer", OTHERS),
    ("stations:quiz", "GET", "training", f"liaison {NETWORK}", OTHERS),
    ("stations:quiz_edit", "GET", "training", f"{KEEPERS} officer", OTHERS),
    ("stations:training_void", "POST", "training", f"{KEEPERS} officer", OTHERS),
    # Publicity
    ("stations:publicity_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:publicity_figures", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:media_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:event_create", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:media_create", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:event_detail", "GET", "event", NETWORK, OTHERS),
    ("stations:event_photos", "POST", "event", f"{KEEPERS} officer", OTHERS),
    ("stations:event_void", "POST", "event", f"{KEEPERS} officer", OTHERS),
    ("stations:media_void", "POST", "media", f"{KEEPERS} officer", OTHERS),
    ("stations:outreach_calendar", "GET", "station", NETWORK, OTHERS),
    ("stations:outreach_plan", "POST", "station", f"{KEEPERS} officer", OTHERS),
    # Files owed: whoever may read the place's reports, or who asked for the file
    ("stations:document_detail", "GET", "document", NETWORK, OTHERS),
    ("stations:document_file", "GET", "document", NETWORK, OTHERS),
    ("stations:evidence_file", "GET", "evidence", NETWORK, OTHERS),
    ("stations:evidence_small", "GET", "evidence", NETWORK, OTHERS),
    # The network
    ("stations:network", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:gap_page", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:gap_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:division_events", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:division_change", "GET", "", "officer", ""),
    ("stations:county_parameters", "GET", "", "officer", ""),
    ("stations:day_off_list", "GET", "", "officer", ""),
    ("stations:day_off_drop", "POST", "day_off", "officer", ""),
    ("stations:station_open", "GET", "", "officer", ""),
    ("stations:station_detail", "GET", "station", NETWORK, OTHERS),
    ("stations:station_edit", "GET", "station", f"{KEEPERS} officer", OTHERS),
    ("stations:station_close", "GET", "station", "officer", ""),
    ("stations:contact_point_create", "GET", "station", f"{KEEPERS} officer", OTHERS),
    ("stations:contact_point_edit", "GET", "contact_point", f"{KEEPERS} officer", OTHERS),
    ("stations:contact_point_close", "GET", "contact_point", f"{KEEPERS} officer", OTHERS),
    ("stations:liaison_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:liaison_create", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:liaison_edit", "GET", "liaison", f"{KEEPERS} officer", OTHERS),
    ("stations:liaison_end", "GET", "liaison", f"{KEEPERS} officer", OTHERS),
    ("stations:liaison_export", "POST", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:liaison_import", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    ("stations:liaison_template", "GET", "", f"{KEEPERS} officer {OTHERS}", ""),
    # Duty at stations
    ("stations:duty_roster", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:duty_print", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:duty_pdf", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:duty_plan", "POST", "", "reviewer director", ""),
    ("stations:duty_publish", "POST", "", "reviewer director", ""),
    ("stations:duty_slot_add", "POST", "", "head reviewer director", ""),
    ("stations:duty_wish", "GET", "station", "head reviewer director", ""),
    ("stations:duty_card", "GET", "station", "head reviewer director", ""),
    ("stations:duty_licences", "GET", "", "head reviewer director", ""),
    ("stations:duty_requests", "GET", "", "head reviewer director", ""),
    ("stations:duty_slot", "GET", "duty_slot", NETWORK, OTHERS),
    ("stations:duty_slot_name", "GET", "duty_slot", "head reviewer director", ""),
    ("stations:duty_slot_drop", "POST", "duty_slot", "head reviewer director", ""),
    ("stations:duty_absence", "POST", "duty_slot", "head reviewer director", ""),
    ("stations:duty_absence_back", "POST", "duty_slot", "head reviewer director", ""),
    ("stations:duty_slot_exchange", "POST", "duty_slot", "head reviewer director", ""),
    ("stations:duty_times", "POST", "duty_slot", "head reviewer director", ""),
    ("stations:duty_mine", "GET", "", f"{STATION} {OTHERS}", ""),
    ("stations:duty_desk", "GET", "duty_desk", f"{STATION} {OTHERS}", ""),
    ("stations:duty_sign", "POST", "duty_slot", "clerk", f"duty head {OTHERS}"),
    ("stations:duty_feed", "GET", "duty_feed", EVERYBODY, ""),
    # After it: a new address ends the one before.
    ("stations:duty_feed_new", "POST", "", f"{STATION} {OTHERS}", ""),
    ("stations:away_ask", "POST", "", f"{STATION} {OTHERS}", ""),
    ("stations:away_withdraw", "POST", "away", "clerk", f"duty head {OTHERS}"),
    ("stations:away_decide", "POST", "away", "head reviewer director", ""),
    ("stations:swap_ask", "GET", "duty_slot", "clerk", f"duty head {OTHERS}"),
    ("stations:swap_answer", "POST", "swap", "head", f"duty clerk {OTHERS}"),
    ("stations:swap_decide", "POST", "swap", "head reviewer director", ""),
    ("stations:swap_withdraw", "POST", "swap", "clerk", f"duty head {OTHERS}"),
    ("stations:subsidy_sheet", "GET", "", COUNTY, ""),
    ("stations:subsidy_print", "GET", "", COUNTY, ""),
    ("stations:subsidy_pdf", "GET", "", COUNTY, ""),
    ("stations:subsidy_excel", "GET", "", COUNTY, ""),
    ("stations:subsidy_lock", "POST", "", "director", ""),
    # Walls, test calls, the rules library
    ("stations:wall_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:wall_detail", "GET", "station", NETWORK, OTHERS),
    ("stations:wall_item", "GET", "wall_item", NETWORK, OTHERS),
    ("stations:wall_print", "GET", "wall_item", NETWORK, OTHERS),
    ("stations:wall_set", "POST", "station", NETWORK, OTHERS),
    ("stations:wall_photo", "POST", "wall_photo", f"{KEEPERS} officer", OTHERS),
    ("stations:wall_check", "POST", "posting", f"{KEEPERS} officer inspector", OTHERS),
    ("stations:wall_take_down", "POST", "posting", f"{KEEPERS} officer", OTHERS),
    ("stations:wall_text_list", "GET", "", "officer", ""),
    ("stations:wall_text_defaults", "POST", "", "officer", ""),
    ("stations:wall_text_edit", "GET", "wall_text", "officer", ""),
    ("stations:wall_text_preview", "POST", "wall_text", "officer", ""),
    ("stations:wall_look", "GET", "", "officer", ""),
    ("stations:wall_public", "GET", "station_code", EVERYBODY, ""),
    ("stations:wall_public_item", "GET", "wall_twin", EVERYBODY, ""),
    ("stations:test_call_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:test_call_draw", "POST", "", "officer", ""),
    ("stations:test_call_record", "POST", "test_call", "officer", ""),
    ("stations:test_call_again", "POST", "test_call", "officer", ""),
    ("stations:rule_library", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:rule_defaults", "POST", "", "officer", ""),
    ("stations:rule_template", "GET", "rule_kind", "officer", ""),
    ("stations:rule_station", "GET", "station", NETWORK, OTHERS),
    ("stations:rule_adopt", "GET", "rule_adopt", f"{KEEPERS} officer", OTHERS),
    ("stations:rule_read", "GET", "adoption", NETWORK, OTHERS),
    ("stations:rule_print", "GET", "adoption", NETWORK, OTHERS),
    ("stations:rule_confirm", "POST", "adoption", STATION, OTHERS),
    # The register
    ("casework:entry_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:entry_search", "POST", "", f"{READERS} {OTHERS}", ""),
    ("casework:entry_book", "GET", "book", f"{READERS} {OTHERS}", ""),
    ("casework:entry_export", "POST", "", f"{KEEPERS} {COUNTY} {OTHERS}", ""),
    ("casework:entry_print", "POST", "", f"{KEEPERS} {COUNTY} {OTHERS}", ""),
    ("casework:filter_save", "POST", "", f"{READERS} {OTHERS}", ""),
    ("casework:filter_drop", "POST", "filter", "clerk", f"duty head {COUNTY} {OTHERS}"),
    ("casework:entry_create", "GET", "channel", f"{STATION} {OTHERS}", ""),
    ("casework:entry_draft", "POST", "", f"{STATION} {OTHERS}", ""),
    ("casework:entry_hints", "POST", "", f"{STATION} {OTHERS}", ""),
    ("casework:no_visits", "POST", "", f"{STATION} {OTHERS}", ""),
    ("casework:entry_detail", "GET", "entry", READERS, OTHERS),
    ("casework:entry_correct", "GET", "entry", STATION, OTHERS),
    ("casework:entry_void", "GET", "entry", STATION, OTHERS),
    ("casework:entry_reveal", "POST", "entry", f"{STATION} reviewer director", OTHERS),
    ("casework:entry_paper_add", "POST", "entry", STATION, OTHERS),
    ("casework:entry_paper", "GET", "entry_paper", f"{STATION} reviewer director", OTHERS),
    # Files and the backlog grid
    ("casework:entry_grid", "GET", "", f"{STATION} {OTHERS}", ""),
    ("casework:import_list", "GET", "", f"{KEEPERS} {OTHERS}", ""),
    ("casework:import_create", "GET", "", f"{KEEPERS} {OTHERS}", ""),
    ("casework:import_template", "GET", "", f"{KEEPERS} {OTHERS}", ""),
    ("casework:import_detail", "GET", "batch", KEEPERS, OTHERS),
    ("casework:import_confirm", "POST", "batch", KEEPERS, OTHERS),
    ("casework:import_undo", "POST", "batch", KEEPERS, OTHERS),
    # Matters
    ("casework:matter_list", "GET", "", "officer", ""),
    ("casework:matter_edit", "GET", "matter", "officer", ""),
    ("casework:matter_end", "POST", "matter", "officer", ""),
    ("casework:aid_matter_list", "GET", "", "officer", ""),
    ("casework:aid_matter_edit", "GET", "aid_matter", "officer", ""),
    ("casework:aid_matter_end", "POST", "aid_matter", "officer", ""),
    ("casework:hardship_standard_list", "GET", "", "officer", ""),
    # Cooperation
    ("casework:cooperation_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:cooperation_create", "GET", "", "reviewer director", ""),
    ("casework:cooperation_detail", "GET", "cooperation", READERS, OTHERS),
    ("casework:cooperation_edit", "GET", "cooperation", "reviewer director", ""),
    ("casework:cooperation_move", "POST", "cooperation_move", "reviewer director", ""),
    # Applications: intake
    ("casework:application_create", "GET", "", f"{STATION} {OTHERS}", ""),
    ("casework:application_draft", "POST", "", f"{STATION} {OTHERS}", ""),
    ("casework:application_hints", "POST", "", f"{STATION} {OTHERS}", ""),
    ("casework:application_edit", "GET", "application", f"{STATION} reviewer director", OTHERS),
    ("casework:material_list", "GET", "application", READERS, OTHERS),
    (
        "casework:material_file",
        "GET",
        "upload",
        f"{STATION} reviewer director",
        f"officer {OTHERS}",
    ),
    ("casework:material_upload", "POST", "material", f"{STATION} reviewer director", OTHERS),
    ("casework:upload_ticket", "POST", "material", f"{STATION} reviewer director", OTHERS),
    ("casework:phone_upload", "GET", "token", EVERYBODY, ""),
    # Applications, their moves
    ("casework:application_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:application_search", "POST", "", f"{READERS} {OTHERS}", ""),
    ("casework:application_next", "POST", "", f"{READERS} {OTHERS}", ""),
    ("casework:application_detail", "GET", "application", READERS, OTHERS),
    (
        "casework:application_reveal",
        "POST",
        "application",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    (
        "casework:application_papers",
        "GET",
        "application",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    ("casework:application_ask", "GET", "application", f"{STATION} reviewer director", OTHERS),
    (
        "casework:application_supply",
        "GET",
        "application",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    (
        "casework:application_deem_withdrawn",
        "GET",
        "application",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    (
        "casework:application_withdraw",
        "GET",
        "application",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    ("casework:application_review", "GET", "application", STATION, OTHERS),
    ("casework:application_countersign", "GET", "application", "head", ""),
    ("casework:application_send_back", "GET", "application", "head", ""),
    ("casework:application_forward", "POST", "application", "head", ""),
    ("casework:application_sign_for", "POST", "application", "reviewer director", ""),
    ("casework:application_return", "GET", "application", "reviewer director", ""),
    ("casework:application_grant", "GET", "application", "reviewer director", ""),
    ("casework:application_provide_first", "GET", "application", "reviewer director", ""),
    ("casework:application_complete_papers", "GET", "application", "reviewer director", ""),
    ("casework:application_propose_refusal", "GET", "application", "reviewer director", ""),
    ("casework:application_propose_termination", "GET", "application", "reviewer director", ""),
    ("casework:application_refuse", "GET", "application", "director", ""),
    ("casework:application_terminate", "GET", "application", "director", ""),
    ("casework:application_decline_proposal", "POST", "application", "director", ""),
    ("casework:application_objection", "GET", "application", READERS, OTHERS),
    ("casework:application_objection_decide", "GET", "application", "officer", ""),
    # Held by the station: its head's to pass on, and the center's once it is forwarded.
    ("casework:application_pass_on", "GET", "application", "head reviewer director", ""),
    (
        "casework:hardship_check",
        "GET",
        "application",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    ("casework:trace_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:application_trace", "GET", "trace", READERS, OTHERS),
    # Handling
    ("casework:application_assign", "GET", "application", "reviewer director", ""),
    ("casework:application_change_person", "GET", "case", "reviewer director", ""),
    (
        "casework:application_ask_change",
        "GET",
        "case",
        f"{STATION} reviewer director",
        OTHERS,
    ),
    ("casework:application_refuse_change", "GET", "case", "reviewer director", ""),
    ("casework:application_engage", "GET", "case", "reviewer director", ""),
    ("casework:application_excuse", "GET", "case", "reviewer director", ""),
    # The center, or whoever has the case in hand.
    ("casework:application_progress", "GET", "case", "reviewer director", OTHERS),
    ("casework:application_close", "GET", "case", "reviewer director", ""),
    ("casework:application_hand_in", "GET", "closed", "reviewer director", ""),
    ("casework:application_archive", "GET", "closed", "reviewer director", ""),
    ("casework:application_pay", "GET", "closed", "director", ""),
    ("casework:typical_case_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:typical_case_detail", "GET", "typical", READERS, OTHERS),
    ("casework:typical_case_edit", "GET", "closed", f"{STATION} reviewer director", OTHERS),
    ("casework:typical_case_review", "POST", "typical", "reviewer director", ""),
    ("casework:follow_up_list", "GET", "", COUNTY, ""),
    ("casework:follow_up_draw", "GET", "", "reviewer director", ""),
    ("casework:follow_up_call", "GET", "follow_up", "reviewer director", ""),
    ("casework:follow_up_reveal", "POST", "follow_up", "reviewer director", ""),
    ("casework:worker_list", "GET", "", COUNTY, ""),
    ("casework:worker_create", "GET", "", "reviewer director", ""),
    ("casework:worker_edit", "GET", "worker", "reviewer director", ""),
    ("casework:worker_leave", "GET", "worker", "reviewer director", ""),
    ("casework:unit_create", "GET", "", "reviewer director", ""),
    ("casework:unit_edit", "GET", "unit", "reviewer director", ""),
    # Returns
    ("casework:return_list", "GET", "", f"{COUNTY} inspector", ""),
    ("casework:return_detail", "GET", "period", f"{COUNTY} inspector", ""),
    ("casework:return_print", "GET", "period", f"{COUNTY} inspector", ""),
    ("casework:return_excel", "GET", "period", f"{COUNTY} inspector", ""),
    ("casework:return_pdf", "POST", "period", f"{COUNTY} inspector", ""),
    ("casework:return_submit", "POST", "period", "director", ""),
    ("casework:return_reopen", "POST", "period", "officer", ""),
    ("casework:return_rows", "GET", "column", COUNTY, "inspector"),
    # Complaints: taken in anywhere, read and handled by the bureau alone
    ("casework:complaint_list", "GET", "", COUNTY, ""),
    ("casework:complaint_create", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:complaint_taken_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:complaint_taken", "GET", "complaint", "clerk", f"duty head {COUNTY} {OTHERS}"),
    ("casework:complaint_counts", "GET", "", "officer inspector", ""),
    ("casework:complaint_ground_list", "GET", "", "officer", ""),
    ("casework:complaint_ground_end", "POST", "complaint_ground", "officer", ""),
    ("casework:complaint_detail", "GET", "complaint", "officer", "reviewer director"),
    ("casework:complaint_reveal", "POST", "complaint", "officer", ""),
    ("casework:complaint_file_add", "POST", "complaint", "officer", ""),
    ("casework:complaint_file", "GET", "complaint_file", "officer", ""),
    ("casework:complaint_move", "GET", "complaint_move", "officer", "reviewer director"),
    ("casework:complaint_approve", "POST", "complaint_proposal", "officer", ""),
    ("casework:complaint_decline", "GET", "complaint_proposal", "officer", ""),
    (
        "casework:complaint_paper",
        "GET",
        "complaint_paper",
        "clerk officer",
        f"duty head reviewer director {OTHERS}",
    ),
    (
        "casework:complaint_paper_pdf",
        "GET",
        "complaint_paper",
        "clerk officer",
        f"duty head reviewer director {OTHERS}",
    ),
    ("casework:complaint_paper_serve", "GET", "complaint_paper", "officer", ""),
    # Satisfaction
    ("casework:satisfaction_results", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("casework:suggestion_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:suggestion_reply", "POST", "suggestion", f"{STATION} officer", OTHERS),
    ("casework:satisfaction_card", "GET", "station", f"{KEEPERS} officer", OTHERS),
    # Public
    ("casework:progress_query", "GET", "", EVERYBODY, ""),
    ("stations:public_home", "GET", "", EVERYBODY, ""),
    ("stations:public_print", "POST", "", EVERYBODY, ""),
    ("stations:public_privacy", "GET", "", EVERYBODY, ""),
    ("stations:public_stations", "GET", "", EVERYBODY, ""),
    ("casework:public_papers", "GET", "", EVERYBODY, ""),
    ("casework:public_papers_pdf", "GET", "aid_code", EVERYBODY, ""),
    ("casework:public_qualify", "GET", "", EVERYBODY, ""),
    ("casework:public_scope", "GET", "", EVERYBODY, ""),
    ("casework:public_way", "GET", "", EVERYBODY, ""),
    ("assessment:demonstration_public", "GET", "", EVERYBODY, ""),
    # Who lacks what
    ("stations:chore_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:chore_rows", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:chore_export", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("stations:chore_print", "GET", "", f"{NETWORK} {OTHERS}", ""),
    # Early signs: the city sees the list, never a sign or its rows
    ("casework:sign_list", "GET", "", "director officer inspector", ""),
    ("casework:sign_detail", "GET", "sign", "director officer", "inspector"),
    ("casework:sign_pdf", "GET", "sign", "director officer", "inspector"),
    ("casework:sign_rows", "POST", "sign", "director officer", "inspector"),
    ("casework:sign_settle", "POST", "sign", "officer", ""),
    ("casework:sign_follow_up", "POST", "sign", "officer", ""),
    # Demonstration stations
    (
        "assessment:demonstration_list",
        "GET",
        "",
        f"{KEEPERS} officer inspector {OTHERS}",
        "",
    ),
    (
        "assessment:demonstration_detail",
        "GET",
        "demonstration",
        f"{KEEPERS} officer inspector",
        OTHERS,
    ),
    (
        "assessment:demonstration_notice",
        "GET",
        "demonstration",
        f"{KEEPERS} officer inspector",
        OTHERS,
    ),
    (
        "assessment:demonstration_plaque",
        "GET",
        "demonstration",
        f"{KEEPERS} officer inspector",
        OTHERS,
    ),
    ("assessment:demonstration_apply", "GET", "", "head", ""),
    ("assessment:demonstration_check", "GET", "demonstration", "inspector", ""),
    ("assessment:demonstration_plan", "GET", "", "officer", ""),
    ("assessment:demonstration_step", "POST", "demonstration_step", "officer", ""),
    ("assessment:demonstration_objection", "POST", "demonstration_objection", "officer", ""),
    ("casework:complain", "GET", "", EVERYBODY, ""),
    ("casework:complaint_query", "GET", "", EVERYBODY, ""),
    ("casework:satisfaction_answer", "GET", "station_code", EVERYBODY, ""),
    # Clocks
    ("casework:clock_wall", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:clock_rules", "GET", "", "officer", ""),
    ("casework:recount_status", "GET", "", "officer", ""),
    ("casework:deadline_detail", "GET", "deadline", READERS, OTHERS),
    # The clerk's own task: others of the place have theirs.
    ("casework:notice_done", "POST", "notice", "clerk", f"duty head {COUNTY} {OTHERS}"),
    # Letters
    ("casework:letter_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:letter_bundles", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:letters_today", "POST", "", f"{READERS} {OTHERS}", ""),
    ("casework:letter_print", "GET", "letter", READERS, OTHERS),
    ("casework:letter_pdf", "GET", "letter", READERS, OTHERS),
    # The bureau serves and makes its own papers only; this one is the station's.
    ("casework:letter_serve", "GET", "letter", f"{STATION} reviewer director", OTHERS),
    ("casework:letter_create", "POST", "application", READERS, OTHERS),
    # Months
    ("casework:report_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("casework:report_detail", "GET", "report", NETWORK, OTHERS),
    ("casework:report_cross", "GET", "report", NETWORK, OTHERS),
    ("casework:report_cross_excel", "GET", "report", NETWORK, OTHERS),
    ("casework:report_print", "GET", "report", NETWORK, OTHERS),
    ("casework:report_pdf", "GET", "report", NETWORK, OTHERS),
    ("casework:report_render", "POST", "report", NETWORK, OTHERS),
    ("casework:report_edit", "GET", "report", f"{KEEPERS}", OTHERS),
    ("casework:report_send", "POST", "report", "head", ""),
    ("casework:report_confirm", "POST", "report", "director officer", ""),
    ("casework:report_return", "POST", "report", "director officer", ""),
    ("casework:report_reopen", "POST", "report", "director officer", ""),
    ("casework:report_bundle", "POST", "", f"{COUNTY} inspector", "stranger"),
    # The annual assessment
    ("assessment:home", "GET", "", f"{ASSESSED} {OTHERS}", ""),
    ("assessment:year_list", "GET", "", f"{ASSESSED} {OTHERS}", ""),
    ("assessment:year_open", "GET", "", "officer", ""),
    (
        "assessment:year_detail",
        "GET",
        "assessed_year",
        "officer inspector",
        f"{KEEPERS} {OTHERS}",
    ),
    ("assessment:year_ask", "POST", "assessed_year", "officer", ""),
    ("assessment:year_publish", "POST", "assessed_year", "officer", ""),
    ("assessment:year_confirm", "POST", "assessed_year", "officer", ""),
    ("assessment:year_reopen", "POST", "assessed_year", "officer", ""),
    ("assessment:sheet_detail", "GET", "assessed_sheet", ASSESSED, OTHERS),
    ("assessment:sheet_self", "GET", "assessed_sheet", "head", ""),
    ("assessment:sheet_keep", "POST", "assessed_sheet", "head", ""),
    ("assessment:sheet_score", "GET", "assessed_sheet", "officer", ""),
    ("assessment:sheet_move", "POST", "assessed_move", "officer", ""),
    ("assessment:adjustment_create", "GET", "assessed_sheet", "head officer inspector", ""),
    ("assessment:adjustment_found", "POST", "assessed_clause", "head officer", ""),
    ("assessment:sheet_rows", "GET", "assessed_fact", ASSESSED, OTHERS),
    ("assessment:adjustment_settle", "POST", "adjustment", "officer", ""),
    ("assessment:flag_answer", "POST", "flag", "head officer inspector", ""),
    ("assessment:line_detail", "GET", "assessed_line", ASSESSED, OTHERS),
    ("assessment:line_rows", "GET", "assessed_rows", ASSESSED, OTHERS),
    ("assessment:evidence_drop", "POST", "assessed_evidence", "head", ""),
    ("assessment:check_list", "GET", "assessed_year", "officer inspector", ""),
    ("assessment:check_draw", "POST", "assessed_year", "inspector", ""),
    ("assessment:check_detail", "GET", "spot_check", "officer inspector", ""),
    ("assessment:object", "GET", "assessed_sheet", "head", ""),
    ("assessment:objection_detail", "GET", "assessment_objection", ASSESSED, OTHERS),
    ("assessment:public_result", "GET", "assessed_year", EVERYBODY, ""),
    ("assessment:compare", "GET", "assessed_year", "officer inspector", ""),
    (
        "assessment:follow_up",
        "GET",
        "assessed_year",
        "officer inspector",
        f"{KEEPERS} {OTHERS}",
    ),
    ("assessment:rectification_create", "GET", "assessed_sheet", "officer", ""),
    ("assessment:rectification_detail", "GET", "rectification", ASSESSED, OTHERS),
    ("assessment:rectification_accept", "POST", "rectification", "officer", ""),
    ("assessment:sheet_print", "GET", "assessed_sheet", ASSESSED, OTHERS),
    ("assessment:sheet_pdf", "POST", "assessed_sheet", ASSESSED, OTHERS),
    ("assessment:year_print", "GET", "assessed_paper", "officer inspector", ""),
    ("assessment:year_file", "POST", "assessed_paper", "officer inspector", ""),
    ("assessment:city_print", "GET", "", "inspector", ""),
    ("assessment:city_file", "POST", "", "inspector", ""),
    ("assessment:standard_list", "GET", "", f"{ASSESSED} {OTHERS}", ""),
    ("assessment:standard_begin", "POST", "", "officer", ""),
    ("assessment:standard_detail", "GET", "standard", f"{ASSESSED} neighbour", "stranger"),
    ("assessment:standard_copy", "POST", "standard", "officer", ""),
    ("assessment:standard_edit", "GET", "standard", "officer", ""),
    ("assessment:standard_use", "POST", "standard", "officer", ""),
    ("assessment:standard_preview", "GET", "standard", "officer", ""),
    ("assessment:indicator_create", "GET", "standard", "officer", ""),
    ("assessment:indicator_edit", "GET", "indicator", "officer", ""),
    ("assessment:clause_create", "GET", "standard", "officer", ""),
    ("assessment:clause_edit", "GET", "clause", "officer", ""),
]
# The page, nothing to say, the way on, or a sentence why not now.
GIVEN = {200, 204, 302, 409, 422}
# Nobody has to sign in for these.
OPEN = {
    "assessment:public_result",
    "stations:duty_feed",
    "stations:pocket_offline",
    "stations:pocket_offline_log",
    "stations:pocket_worker",
    "stations:sign_in",
    "stations:wall_public",
    "stations:wall_public_item",
    "health",
    "set_language",
    "large_print",
    "casework:progress_query",
    "casework:phone_upload",
    "stations:public_home",
    "stations:public_print",
    "stations:public_privacy",
    "stations:public_stations",
    "casework:public_papers",
    "casework:public_papers_pdf",
    "casework:public_qualify",
    "casework:public_scope",
    "casework:public_way",
    "assessment:demonstration_public",
    "casework:complain",
    "casework:complaint_query",
    "casework:satisfaction_answer",
}


@pytest.fixture
def records(
    county,
    next_county,
    station,
    village,
    clerk,
    liaison,
    head,
    make_entry,
    make_application,
    make_case,
):
    """One record of each kind at the station, each of which could leak."""
    lead = Lead.objects.create(
        station=station, village=village, kind="pay", sent_by=liaison, client_key=uuid.uuid4()
    )
    point = ContactPoint.objects.create(
        station=station, village=village, name="联系点", opened_on=date(2024, 1, 1)
    )
    document = ask_for(
        "monthly_report", title="月报", filename="月报.pdf", station=station, county=county
    )
    document.content, document.made_at = b"%PDF-", document.asked_at
    document.save()
    clock = make_application().deadlines.first()
    letter = cooperation.draft(
        CooperationLetter(
            application=clock.application,
            kind="evidence",
            other_institution="外地中心",
            item="核实工资",
            content="请核实。",
            due_on=date(2100, 1, 4),
        ),
        by=clerk,
    )
    trace = workflow.pass_on(
        make_application(), by=head, reason="不归我县", to_county=next_county
    )
    case, closed = make_case(), make_case(status=Status.CLOSED)
    drawn, _is_new = follow_ups.make_draw(
        county, by=clerk, since=date(2020, 1, 1), until=date(2100, 1, 1), seed="0", count=1
    )
    typical = typical_cases.save(
        closed, by=clerk, title="讨薪", text="吴某讨薪。", is_submitted=False
    )
    # The ticket of one paper, so that asking for a code for another does not close it.
    paper, other_paper = clock.application.materials.all()[:2]
    upload = uploads.add(paper, SimpleUploadedFile("a.png", png_bytes()), by=clerk)
    _ticket, token = uploads.make_ticket(other_paper, by=clerk)
    photo = evidence.add_bytes(station, png_bytes(), by=clerk)
    entry_paper = sealed.add(
        make_entry(), "papers", SimpleUploadedFile("b.png", png_bytes()), most=1, added_by=clerk
    )
    complaint, proposal, complaint_file = made_complaints(county, station, clerk)
    suggestion = satisfaction.answer(
        station,
        None,
        satisfaction="fair",
        was_explained=True,
        was_charged=False,
        suggestion="牌子再大一点",
    )
    early_sign = EarlySign.objects.create(
        county=county,
        rule="opponent",
        key="清山木业",
        name="清山木业",
        level="watch",
        kind="opponent",
        subject="清山木业",
        facts={"entries": 3},
        first_on=date(2026, 3, 1),
        last_on=date(2026, 3, 9),
        persons=3,
        rows_hash="0",
    )
    demonstration = Demonstration.objects.create(
        station=station, county=county, year=2026, words="愿意带头。", applied_by=head
    )
    objection = DemonstrationObjection.objects.create(
        demonstration=demonstration, came_on=date(2026, 3, 9), words="常锁门", noted_by=head
    )
    return {
        "": [],
        "complaint": [complaint.pk],
        "complaint_move": [complaint.pk, "ask"],
        "complaint_paper": [complaint.papers.get().pk],
        "complaint_proposal": [proposal.pk],
        "complaint_file": [complaint_file.pk],
        "complaint_ground": [county.complaint_grounds.first().pk],
        "suggestion": [suggestion.pk],
        "station_code": [station.code],
        **life_records(station, county, village, clerk),
        **wall_records(station, county, clerk),
        **duty_records(station, county, clerk, head),
        **retention_records(county, clerk, make_entry()),
        "material": [paper.pk],
        "upload": [upload.pk],
        "entry_paper": [entry_paper.pk],
        "token": [token],
        "channel": ["visit"],
        "book": ["visit"],
        "station": [station.pk],
        "user": [clerk.pk],
        "appointment": [Appointment.objects.get(user=clerk).pk],
        "lead": [lead.pk],
        "contact_point": [point.pk],
        "liaison": [Liaison.objects.get().pk],
        "day_off": [
            DayOff.objects.create(
                day=date(2026, 7, 1), is_off=True, name="县里放假", county=county
            ).pk
        ],
        "document": [document.pk],
        "entry": [make_entry().pk],
        "filter": [SavedFilter.objects.create(user=clerk, name="常用", query="late=1").pk],
        "batch": [imports.upload("台账.csv", csv_bytes(*GOOD), station, by=clerk).pk],
        "matter": [
            Matter.objects.create(
                code="civil.tea",
                name="茶山",
                county=county,
                parent=Matter.objects.get(code="civil"),
            ).pk
        ],
        "report": [months.open_month(station, date(2026, 3, 1)).pk],
        "application": [clock.application_id],
        "aid_matter": [
            AidMatter.objects.create(
                code="31-9-1",
                name="茶园承包纠纷",
                article="第三十一条第九项",
                category="civil",
                county=county,
            ).pk
        ],
        "cooperation": [letter.pk],
        "cooperation_move": [letter.pk, "close"],
        "trace": [trace.pk],
        "period": ["2026-03"],
        "column": ["2026-03", "M02"],
        "case": [case.pk],
        "closed": [closed.pk],
        "typical": [typical.pk],
        "follow_up": [drawn.follow_ups.get().pk],
        "evidence": [photo.pk],
        "sealed_day": [DaySeal.objects.create(day=date(2026, 3, 9), digest="0").pk.isoformat()],
        **assessment_records(station, clerk, photo),
        "worker": [AidWorker.objects.first().pk],
        "unit": [AidWorker.objects.first().unit_id],
        "aid_code": ["31-5"],
        "sign": [early_sign.pk],
        "demonstration": [demonstration.pk],
        "demonstration_step": [demonstration.pk, "recommend"],
        "demonstration_objection": [objection.pk],
        "letter": [clock.application.letters.first().pk],
        "deadline": [clock.pk],
        "notice": [
            tell(Role.CLERK, station, "打电话", kind=NoticeKind.CALL, deadline=clock).pk
        ],
    }


def retention_records(county, clerk, entry):
    """A list somebody drew up, with one entry on it, and a hold on that entry."""
    listed = DestructionList.objects.create(
        county=county,
        year=2026,
        serial=1,
        basis=[{"kind": "entries", "years": 10, "before": "2016-01-01"}],
        drawn_by=clerk,
    )
    item = listed.items.create(
        kind="entries", record_id=entry.pk, label=entry.number, anchor_on=entry.occurred_on
    )
    hold = holds.set_hold("entry", entry, county=county, reason="信访", by=clerk)
    return {
        "kept_kind": ["entries"],
        "destruction": [listed.pk],
        "destruction_item": [item.pk],
        "hold": [hold.pk],
        "held": ["entry", entry.pk],
    }


def life_records(station, county, village, clerk):
    """One row of each kind of station life, the station's own."""
    today = timezone.localdate()
    post = Liaison.objects.get()
    where = {"station": station, "county": county, "recorded_by": clerk, "on": today}
    session = TrainingSession.objects.create(
        **where, title="培训", topic="初审", trainer="林老师", hours=2, place="站里"
    )
    paper = evidence.add_bytes(station, png_bytes(), by=clerk)
    session.materials.add(paper)
    [slip] = question_slips.ask(
        [station],
        topic="casework",
        subject="跨县案件怎么受理",
        words="请县里明确",
        key=uuid.uuid4(),
        by=clerk,
    )
    return {
        "need": [premises.ask(station, item="phone", why="坏了", by=clerk).pk],
        "slip": [slip.pk],
        "slip_move": [slip.pk, "close"],
        "training_material": [session.pk, paper.pk],
        "exemption": [
            TrainingExemption.objects.create(
                county=county,
                user=clerk,
                from_on=today,
                until_on=today,
                reason="下期补训",
                recorded_by=clerk,
            ).pk
        ],
        "fund": [
            Fund.objects.create(
                station=station,
                year=today.year,
                stage="received",
                purpose="office",
                amount=100,
                on=today,
                recorded_by=clerk,
            ).pk
        ],
        "training": [session.pk],
        "event": [
            PublicityEvent.objects.create(
                **where, kind="lecture", title="讲座", village=village, place="村部", reached=9
            ).pk
        ],
        "media": [
            MediaItem.objects.create(**where, kind="online", title="报道", outlet="县台").pk
        ],
        "liaison_task": [
            LiaisonTask.objects.create(
                liaison=post, kind="guide", words="陪同来站", due_on=today, given_by=clerk
            ).pk
        ],
        "hand_over": [liaison_work.make_pack(post, by=clerk).pk],
    }


def wall_records(station, county, clerk):
    """What hangs at the station, an adopted rule set, a call to its number."""
    station.phone = "0564-000-0011"
    station.save()
    texts.take_over_defaults(county, by=clerk)
    rule_documents.take_over_defaults(county, by=clerk)
    today = timezone.localdate()
    content = posters.contents_of(county, [station], today)[station.pk]["contact"]
    posting = postings.post(
        station,
        "contact",
        digest=posters.digest(content),
        photo=SimpleUploadedFile("a.png", png_bytes()),
        posted_on=today,
        by=clerk,
    )
    template = county.rule_documents.get(kind="intake")
    adoption = rule_documents.adopt(
        station, template, text="第一条　登记。", in_force_from=today, by=clerk
    )
    return {
        "wall_item": [station.pk, "contact"],
        "wall_photo": [station.pk, clerk.pk],
        "wall_text": ["scope"],
        "wall_twin": [station.code, "contact"],
        "posting": [posting.pk],
        "test_call": [test_calls.draw(county, by=clerk).calls.get().pk],
        "rule_kind": ["intake"],
        "rule_adopt": [station.pk, "training"],
        "adoption": [adoption.pk],
    }


def duty_records(station, county, clerk, head):
    """A half-day of next month that is the clerk's, a leave, a swap with the head."""
    month = next_month(timezone.localdate())
    published = DutyMonth.objects.create(
        county=county, month=month, published_at=timezone.now(), published_by=head
    )
    unit = AidUnit.objects.create(county=county, name="值班所", kind="grassroots")
    own, colleague = (
        AidWorker.objects.create(
            unit=unit,
            name=user.name,
            kind="staff",
            joined_on=date(2020, 1, 1),
            stands_duty=True,
            user=user,
        )
        for user in (clerk, head)
    )
    slot = DutySlot.objects.create(
        duty_month=published, station=station, day=month, half="am", worker=own
    )
    away = requests.ask_away(
        Away(worker=own, from_on=month, to_on=month, kind="leave"), by=clerk
    )
    swap = requests.ask_swap(slot, by=clerk, colleague=colleague)
    return {
        "duty_slot": [slot.pk],
        "duty_desk": [station.pk, station_code(station)],
        "duty_feed": [feed.new_key(own)],
        "away": [away.pk],
        "swap": [swap.pk],
    }


def made_complaints(county, station, clerk):
    """Return (a new complaint, another's open proposal, a file of the first)."""
    grounds.load_default(county)
    first, other = (
        handling.take(
            Complaint(
                county=county,
                manner="letter",
                place="station",
                taken_station=station,
                name="汪秀兰",
                relation="recipient",
                target="station",
                about_station=station,
                words="不收材料",
            ),
            by=clerk,
        )
        for _n in range(2)
    )
    handling.accept(other, by=clerk, ground=county.complaint_grounds.first())
    handling.propose(other, "extend", by=clerk, days=5, words="要取证")
    file = handling.add_file(first, SimpleUploadedFile("a.png", png_bytes()), by=clerk)
    return first, open_proposal(other), file


def png_bytes():
    content = io.BytesIO()
    Image.new("L", (20, 20)).save(content, "PNG")
    return content.getvalue()


def ask(client, page, method, args):
    address = reverse(page, args=args)
    if method == "GET":
        return client.get(address)
    [county] = County.objects.filter(short_name="清")
    return client.post(address, {"month": "2026-03", "county": county.pk, "channel": "visit"})


def is_sign_in(answer):
    return answer.status_code == 302 and answer["Location"].startswith(
        reverse("stations:sign_in")
    )


@pytest.fixture
def counted_once(monkeypatch):
    """The figures beside the navigation are counted once a person, not on each of 380 pages."""
    count, counted = Frame.__dict__["_counts"].func, {}

    def counts(frame):
        if frame.user.pk not in counted:
            counted[frame.user.pk] = count(frame)
        return counted[frame.user.pk]

    monkeypatch.setattr(Frame, "_counts", property(counts))


@pytest.fixture
def refused_once(monkeypatch):
    """The page of a refusal, which says the same of each page, is drawn once a person."""
    drawn = {}

    def refuse(request, exception):
        if request.user.pk not in drawn:
            drawn[request.user.pk] = permission_denied(request, exception).content
        return HttpResponseForbidden(drawn[request.user.pk])

    monkeypatch.setattr(urls, "handler403", refuse, raising=False)


@pytest.mark.parametrize("role", EVERYBODY.split())
def test_each_role_gets_each_page_s_answer(
    role, request, client, records, counted_once, refused_once
):
    user = request.getfixturevalue(role)
    wrong = []
    client.force_login(user)
    for page, method, kind, open_to, hidden_from in PAGES:
        answer = ask(client, page, method, records[kind])
        if page == "stations:sign_out":
            client.force_login(user)
        expected = 404 if role in hidden_from.split() else 403
        if role in open_to.split():
            is_right = answer.status_code in GIVEN and (
                not is_sign_in(answer) or page == "stations:sign_out"
            )
        else:
            is_right = answer.status_code == expected
        if not is_right:
            wrong.append(f"{page}: {answer.status_code}")
    assert wrong == []


def test_who_has_not_signed_in_is_led_to_the_sign_in_page(client, records):
    wrong = []
    for page, method, kind, _open_to, _hidden_from in PAGES:
        answer = ask(client, page, method, records[kind])
        if is_sign_in(answer) == (page in OPEN):
            wrong.append(f"{page}: {answer.status_code}")
    assert wrong == []


def every_name(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from every_name(
                pattern, f"{pattern.namespace}:" if pattern.namespace else prefix
            )
        else:
            yield prefix + pattern.name


def test_every_page_is_listed():
    assert set(every_name()) == {page for page, *_rest in PAGES}
