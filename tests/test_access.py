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
from django.urls import get_resolver, reverse
from PIL import Image

from casework import cooperation, follow_ups, imports, months, typical_cases, uploads, workflow
from casework.models import AidMatter, CooperationLetter, Matter, SavedFilter
from casework.notices import tell
from casework.terms import NoticeKind, Status
from stations import evidence
from stations.documents import ask_for
from stations.models import AidWorker, Appointment, ContactPoint, County, DayOff, Lead, Liaison
from stations.roles import Role
from tests.casework.test_register_file import GOOD, csv_bytes

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
    ("stations:account_reset", "POST", "user", "system_admin", ""),
    ("stations:appointment_create", "GET", "user", "security_admin", ""),
    ("stations:appointment_end", "POST", "appointment", "security_admin", ""),
    ("stations:look_list", "GET", "", "audit_admin", ""),
    # Leads
    ("stations:lead_home", "GET", "", "liaison", ""),
    ("stations:lead_list", "GET", "", f"{STATION} {OTHERS}", ""),
    ("stations:lead_take", "POST", "lead", STATION, OTHERS),
    # Files owed: whoever may read the place's reports, or who asked for the file
    ("stations:document_detail", "GET", "document", NETWORK, OTHERS),
    ("stations:document_file", "GET", "document", NETWORK, OTHERS),
    ("stations:evidence_file", "GET", "evidence", NETWORK, OTHERS),
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
    # The register
    ("casework:entry_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:entry_search", "GET", "", f"{READERS} {OTHERS}", ""),
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
    ("casework:application_next", "GET", "", f"{READERS} {OTHERS}", ""),
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
    ("casework:trace_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:application_trace", "GET", "trace", READERS, OTHERS),
    # Handling
    ("casework:application_assign", "GET", "application", "reviewer director", ""),
    ("casework:application_change_person", "GET", "case", "reviewer director", ""),
    ("casework:application_engage", "GET", "case", "reviewer director", ""),
    ("casework:application_excuse", "GET", "case", "reviewer director", ""),
    # The center, or whoever has the case in hand.
    ("casework:application_progress", "GET", "case", "reviewer director", OTHERS),
    ("casework:application_close", "GET", "case", "reviewer director", ""),
    ("casework:application_hand_in", "GET", "closed", "reviewer director", ""),
    ("casework:application_archive", "GET", "closed", "reviewer director", ""),
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
    ("casework:return_rows", "GET", "column", COUNTY, "inspector"),
    # Public
    ("casework:progress_query", "GET", "", EVERYBODY, ""),
    # Clocks
    ("casework:clock_wall", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:clock_rules", "GET", "", "officer", ""),
    ("casework:deadline_detail", "GET", "deadline", READERS, OTHERS),
    # The clerk's own task: others of the place have theirs.
    ("casework:notice_done", "POST", "notice", "clerk", f"duty head {COUNTY} {OTHERS}"),
    # Letters
    ("casework:letter_list", "GET", "", f"{READERS} {OTHERS}", ""),
    ("casework:letters_today", "POST", "", f"{READERS} {OTHERS}", ""),
    ("casework:letter_print", "GET", "letter", READERS, OTHERS),
    ("casework:letter_pdf", "GET", "letter", READERS, OTHERS),
    # The bureau serves and makes its own papers only; this one is the station's.
    ("casework:letter_serve", "GET", "letter", f"{STATION} reviewer director", OTHERS),
    ("casework:letter_create", "POST", "application", READERS, OTHERS),
    # Months
    ("casework:report_list", "GET", "", f"{NETWORK} {OTHERS}", ""),
    ("casework:report_detail", "GET", "report", NETWORK, OTHERS),
    ("casework:report_print", "GET", "report", NETWORK, OTHERS),
    ("casework:report_pdf", "GET", "report", NETWORK, OTHERS),
    ("casework:report_render", "POST", "report", NETWORK, OTHERS),
    ("casework:report_edit", "GET", "report", f"{KEEPERS}", OTHERS),
    ("casework:report_send", "POST", "report", "head", ""),
    ("casework:report_confirm", "POST", "report", "director officer", ""),
    ("casework:report_return", "POST", "report", "director officer", ""),
    ("casework:report_reopen", "POST", "report", "director officer", ""),
    ("casework:report_bundle", "POST", "", f"{COUNTY} inspector", "stranger"),
]
# The page, nothing to say, the way on, or a sentence why not now.
GIVEN = {200, 204, 302, 409, 422}
# Nobody has to sign in for these.
OPEN = {
    "stations:sign_in",
    "health",
    "set_language",
    "large_print",
    "casework:progress_query",
    "casework:phone_upload",
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
    return {
        "": [],
        "material": [paper.pk],
        "upload": [upload.pk],
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
        "evidence": [evidence.add_bytes(station, png_bytes(), by=clerk).pk],
        "worker": [AidWorker.objects.get().pk],
        "unit": [AidWorker.objects.get().unit_id],
        "letter": [clock.application.letters.first().pk],
        "deadline": [clock.pk],
        "notice": [
            tell(Role.CLERK, station, "打电话", kind=NoticeKind.CALL, deadline=clock).pk
        ],
    }


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


@pytest.mark.parametrize("role", EVERYBODY.split())
def test_each_role_gets_each_page_s_answer(role, request, client, records):
    user = request.getfixturevalue(role)
    wrong = []
    for page, method, kind, open_to, hidden_from in PAGES:
        # As at another desk: an administrator's second sign-in ends the first.
        client.logout()
        client.force_login(user)
        answer = ask(client, page, method, records[kind])
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
