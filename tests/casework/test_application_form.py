"""Taking an application in: what the sheet asks, refuses in words, says beside it and never loses."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.forms.tickets import new_ticket, read_ticket
from casework.models import (
    AidMatter,
    Application,
    ApplicationDraft,
    Deadline,
    HardshipStandard,
    Letter,
    Notice,
    Party,
)
from casework.terms import LetterKind, MaterialKind, MaterialState, Status
from stations.models import Lead

pytestmark = pytest.mark.django_db

ID_NUMBER = "341525196504120016"
CREATE = "casework:application_create"


@pytest.fixture
def typed(aid_matter, village):
    """What a clerk types for a migrant worker's wages."""

    def make(**changes):
        fields = {
            "ticket": new_ticket(),
            "name": "吴长根",
            "id_number": ID_NUMBER,
            "phone": "139 0000 3390",
            "village": village.name,
            "aid_matter": aid_matter.pk,
            "aid_kind": "labour_arbitration",
            "claims": "支付拖欠的工资",
            "amount": "4.68万",
            "facts": "在工地做木工，工钱没有结清。",
            "jurisdiction_basis": "dispute_body",
            "jurisdiction_body": "清山县劳动人事争议仲裁委员会",
            "is_ours": "on",
            "hardship_track": "exempt_from_check",
            "check_exemption": "42-3",
            "given": ["application_form", "id_document"],
            "agrees_to_share": "on",
            "party_rows": "2",
            "party-0-side": "opponent",
            "party-0-name": "清山恒砚木业有限公司",
            "party-1-side": "opponent",
            "household_rows": "3",
        }
        return {name: value for name, value in (fields | changes).items() if value is not None}

    return make


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def standard(county):
    return HardshipStandard.objects.create(
        county=county,
        valid_from=date(2020, 1, 1),
        monthly_per_head=2060,
        basis="月最低工资标准",
    )


def page():
    return reverse(CREATE)


def sentences(answer):
    form = answer.context["form"]
    return {name: " ".join(errors) for name, errors in form.errors.items()}


# ── Receiving ───────────────────────────────────────────────────────────────────────────


def test_what_was_typed_is_received_with_its_number_receipt_and_checklist(as_clerk, typed):
    answer = as_clerk.post(page(), typed())

    application = Application.objects.get()
    assert answer.url == application.get_absolute_url()
    assert application.status == Status.RECEIVED
    assert (application.name, application.phone) == ("吴长根", "13900003390")
    assert (application.sex, application.birth_on) == ("male", date(1965, 4, 12))
    assert application.amount == Decimal("46800.00")
    assert "elderly" in application.people_groups
    party = application.parties.get()
    assert (party.kind, party.name_key) == ("organisation", "清山恒砚木业有限公司")
    assert {row.kind: row.state for row in application.materials.all()} == {
        MaterialKind.APPLICATION_FORM: MaterialState.GIVEN,
        MaterialKind.ID_DOCUMENT: MaterialState.GIVEN,
        MaterialKind.EXEMPTION_PROOF: MaterialState.MISSING,
        MaterialKind.HARDSHIP_STATEMENT: MaterialState.NOT_NEEDED,
        MaterialKind.MATTER: MaterialState.MISSING,
    }
    assert Letter.objects.get().kind == LetterKind.RECEIPT


def test_a_second_press_shows_the_same_application(as_clerk, typed):
    sent = typed()
    first, second = as_clerk.post(page(), sent), as_clerk.post(page(), sent)

    assert first.url == second.url
    assert Application.objects.count() == Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_receive_one_application(client, clerk, typed):
    client.force_login(clerk)
    sent, cookies = typed(), client.cookies

    def press(_time):
        browser = Client()
        browser.cookies = cookies
        try:
            return browser.post(page(), sent).url
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(press, range(2))

    assert first == second
    assert Application.objects.count() == 1


def test_the_ticket_of_another_s_application_opens_nothing_of_it(
    client, typed, clerk, neighbour, next_station
):
    sent = typed()
    client.force_login(clerk)
    client.post(page(), sent)
    client.force_login(neighbour)
    village = next_station.township.children.first()
    answer = client.post(page(), sent | {"village": village.name})

    assert answer.status_code == 422
    assert answer.context["ticket"] != sent["ticket"]
    assert Application.objects.count() == 1


def test_a_household_is_kept_encrypted_and_compared(as_clerk, typed, standard):
    as_clerk.post(
        page(),
        typed(
            **{
                "hardship_track": "pledge",
                "check_exemption": "",
                "has_pledged": "on",
                "household-0-name": "吴长根",
                "household-0-relation": "self",
                "household-0-monthly_income": "3,000",
                "household-2-name": "李桂英",
                "household-2-relation": "spouse",
                "household-2-age": "58岁",
                "household-2-monthly_income": "0",
            }
        ),
    )

    rows = Application.objects.get().household.all()
    assert [(row.name, row.relation, row.age, row.monthly_income) for row in rows] == [
        ("吴长根", "self", None, "3000.00"),
        ("李桂英", "spouse", 58, "0.00"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT monthly_income FROM casework_householdmember")
        assert all(b"3000" not in bytes(stored) for (stored,) in cursor.fetchall())


def test_an_article_32_matter_settles_the_track_by_itself(as_clerk, typed):
    matter = AidMatter.objects.get(code="32-4")
    as_clerk.post(page(), typed(aid_matter=matter.pk, hardship_track="", check_exemption=""))

    application = Application.objects.get()
    assert application.hardship_track == "exempt_from_condition"
    assert not application.materials.filter(
        kind=MaterialKind.HARDSHIP_STATEMENT, state=MaterialState.MISSING
    ).exists()


def test_six_days_left_are_told_to_all_and_a_detained_person_starts_the_24_hours(
    as_clerk, typed
):
    on = timezone.localdate() + timedelta(days=6)
    as_clerk.post(
        page(),
        typed(
            limitation_on=f"{on:%Y-%m-%d}",
            agent_reason="detained",
            agent_name="李桂英",
            agent_phone="13900001111",
        ),
    )

    application = Application.objects.get()
    assert application.is_detained
    assert application.agent_kind == "statutory"
    assert Notice.objects.filter(application=application, kind="urgent").count() == 3
    assert Deadline.objects.filter(application=application, number=14).exists()


# ── From a visit, from a lead ───────────────────────────────────────────────────────────


def test_a_visit_is_carried_over_and_nothing_is_typed_again(
    as_clerk, make_entry, typed, aid_matter
):
    entry = make_entry(id_number=ID_NUMBER, sex="male", opponent="清山恒砚木业有限公司")
    shown = as_clerk.get(f"{page()}?entry={entry.pk}")
    form = shown.context["form"]

    assert form["name"].value() == entry.name
    assert form["facts"].value() == entry.statement
    assert form["aid_matter"].value() == aid_matter.pk
    assert form.parties.rows[0]["name"].value() == "清山恒砚木业有限公司"
    assert "139****2648" in shown.content.decode()
    assert entry.phone not in shown.content.decode()
    # So it stays with more lines, and while something is still to be mended.
    unfinished = {"entry": entry.pk, "phone": "", "id_number": "", "facts": ""}
    for pressed in ({"more": "party"}, {}):
        again = as_clerk.post(page(), typed(**unfinished, **pressed))
        assert "139****2648" in again.content.decode()

    as_clerk.post(
        page(), typed(name=entry.name, entry=entry.pk, phone="", id_number="", amount="")
    )
    application = Application.objects.get()
    assert application.entry == entry
    assert (application.phone, application.id_number) == (entry.phone, ID_NUMBER)


def test_a_lead_that_is_answered_is_taken_up(as_clerk, clerk, typed, liaison, station, village):
    lead = Lead.objects.create(
        station=station,
        village=village,
        kind="pay",
        name="吴长根",
        phone="13900003390",
        words="三个月没发工钱",
        sent_by=liaison,
        client_key=read_ticket(new_ticket())[0],
    )
    form = as_clerk.get(f"{page()}?lead={lead.pk}").context["form"]
    assert form["facts"].value() == "三个月没发工钱"

    as_clerk.post(page(), typed(lead=lead.pk, phone=""))

    lead.refresh_from_db()
    assert lead.taken_by == clerk
    assert Application.objects.get().phone == "13900003390"
    assert Application.objects.get().number in lead.outcome


def test_nobody_goes_on_from_a_visit_or_lead_of_another_station(client, neighbour, make_entry):
    entry = make_entry()
    client.force_login(neighbour)

    assert client.get(f"{page()}?entry={entry.pk}").status_code == 404
    assert client.get(f"{page()}?lead=1").status_code == 404


# ── What is wrong is said in words, and everything typed stays ─────────────────────────


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"name": ""}, "name", "姓名"),
        ({"phone": ""}, "phone", "电话"),
        ({"phone": "1390000339"}, "phone", "11位"),
        ({"id_number": "341525196504120015"}, "id_number", "最后一位"),
        ({"id_number": "34152519650412001"}, "id_number", "18位"),
        ({"id_number": "", "birth_on": "2099-1-1"}, "birth_on", "年份"),
        ({"birth_on": "1965-4-13"}, "birth_on", "1965年4月12日"),
        ({"sex": "female"}, "sex", "性别"),
        ({"village": "没有村"}, "village", "没有"),
        ({"village": ""}, "village", "村"),
        ({"aid_matter": ""}, "aid_matter", "事项"),
        ({"aid_matter": "999999"}, "aid_matter", ""),
        ({"facts": ""}, "facts", "经过"),
        ({"facts": "很" * 10_000}, "facts", "10000"),
        ({"facts": "有\x07铃"}, "facts", ""),
        ({"claims": "求" * 401}, "claims", "401"),
        ({"amount": "很多钱"}, "amount", "金额"),
        ({"amount": "-5"}, "amount", "金额"),
        ({"amount": "99999999999"}, "amount", ""),
        ({"limitation_on": "2026-2-30"}, "limitation_on", "日"),
        ({"limitation_on": "2126-2-20"}, "limitation_on", "年份"),
        ({"postcode": "23720"}, "postcode", "6位"),
        ({"agent_name": "李桂英"}, "agent_reason", "原因"),
        ({"agent_reason": "minor"}, "agent_name", "姓名"),
        ({"agent_reason": "minor", "agent_id_number": "1"}, "agent_id_number", "18"),
        ({"hardship_track": "exempt_from_check", "check_exemption": ""}, "check_exemption", ""),
        ({"hardship_track": "rich"}, "hardship_track", ""),
        ({"party-0-id_number": "91110000802100433X"}, "__all__", "第1行"),
        ({"party-0-name": "", "party-0-phone": "13900001111"}, "__all__", "名称"),
        ({"household-1-name": "李桂英"}, "__all__", "第2行"),
        ({"household-1-relation": "spouse", "household-1-age": "200"}, "__all__", "周岁"),
        ({"household-0-monthly_income": "不多"}, "__all__", "金额"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_keeps_all_that_was_typed(
    as_clerk, typed, changes, field, word
):
    sent = typed(**changes)
    answer = as_clerk.post(page(), sent)

    assert answer.status_code == 422
    assert word in sentences(answer)[field]
    assert not Application.objects.exists()
    html = answer.content.decode()
    for kept in ("支付拖欠的工资", "清山恒砚木业有限公司", "清山县劳动人事争议仲裁委员会"):
        if (
            kept not in changes.values()
            and "claims" not in changes
            and "party-0-name" not in changes
        ):
            assert kept in html


def test_a_village_of_another_county_is_named_as_such(as_clerk, typed, far_station):
    village = far_station.township.children.first()
    answer = as_clerk.post(page(), typed(village=village.code))

    assert "别的县" in sentences(answer)["village"]


def test_a_village_of_another_station_is_named_as_such(as_clerk, typed, next_station):
    answer = as_clerk.post(page(), typed(village=next_station.township.children.first().name))

    assert next_station.township.name in sentences(answer)["village"]


def test_signs_of_any_script_are_kept_as_they_are(as_clerk, typed):
    facts = "😀 𠮷 ئۇيغۇر <b>'\"%s{{ x }}"
    as_clerk.post(page(), typed(facts=facts, claims="要回工钱😀"))

    application = Application.objects.get()
    assert (application.facts, application.claims) == (facts, "要回工钱😀")
    assert (
        "<b>'"
        not in as_clerk.get(
            reverse("casework:application_edit", args=[application.pk])
        ).content.decode()
    )


def test_somebody_without_a_phone_may_say_how_to_be_reached(as_clerk, typed):
    as_clerk.post(page(), typed(phone="", safe_contact="托村委会带话"))

    assert Application.objects.get().safe_contact == "托村委会带话"


def test_somebody_from_elsewhere_needs_no_village(as_clerk, typed):
    as_clerk.post(page(), typed(village="", is_from_elsewhere="on"))

    assert Application.objects.get().village is None


def test_a_page_that_is_too_old_is_given_a_new_ticket_with_all_that_was_typed(as_clerk, typed):
    answer = as_clerk.post(page(), typed(ticket="nonsense"))

    assert answer.status_code == 422
    assert read_ticket(answer.context["ticket"])
    assert "支付拖欠的工资" in answer.content.decode()


def test_more_lines_come_without_a_script_and_nothing_is_checked(as_clerk, typed):
    sent = typed(name="", more="household", **{"household-0-name": "吴长根"})
    answer = as_clerk.post(page(), sent)

    form = answer.context["form"]
    assert answer.status_code == 200
    assert len(form.household) == 4
    assert form.household.rows[0]["name"].value() == "吴长根"
    assert form.parties.rows[0]["name"].value() == "清山恒砚木业有限公司"
    assert not form.errors
    assert answer.context["ticket"] == sent["ticket"]


def test_nobody_gets_endless_lines(as_clerk, typed):
    answer = as_clerk.post(page(), typed(household_rows="999999999999", more="party", name=""))

    assert len(answer.context["form"].household) <= 20


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_costs_the_same_for_any_number_of_drafts(
    as_clerk, clerk, station, count, django_assert_max_num_queries
):
    for _n in range(count):
        ApplicationDraft.objects.create(
            user=clerk,
            station=station,
            client_key=read_ticket(new_ticket())[0],
            content=json.dumps({"name": ["吴"]}),
        )
    as_clerk.get(page())
    with django_assert_max_num_queries(14):
        assert as_clerk.get(page()).status_code == 200


# ── Beside the form ─────────────────────────────────────────────────────────────────────


def hints(client, typed, **changes):
    return client.post(reverse("casework:application_hints"), typed(**changes))


def test_the_hints_say_what_the_rules_find_and_which_papers_are_owed(as_clerk, typed, standard):
    answer = hints(as_clerk, typed)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "属于法律援助范围：请求确认劳动关系或者支付劳动报酬。" in html
    assert "免予核查" in html
    assert answer.context["missing"] == 2
    assert not Application.objects.exists()


def test_the_hints_read_an_empty_form_and_a_wrong_one(as_clerk, typed):
    assert as_clerk.post(reverse("casework:application_hints")).status_code == 200
    wrong = hints(
        as_clerk, typed, id_number="x", phone="x", aid_matter="x", **{"household-0-age": "x"}
    )
    assert wrong.status_code == 200


def test_the_hints_explain_hardship_with_the_county_s_standard(as_clerk, typed, standard):
    answer = hints(
        as_clerk,
        typed,
        hardship_track="pledge",
        check_exemption="",
        has_pledged="on",
        **{"household-0-relation": "self", "household-0-monthly_income": "2060"},
    )

    assert "未超过经济困难标准2,060元" in answer.content.decode()


def test_the_hints_show_who_perhaps_asked_before(as_clerk, typed, make_application):
    before = make_application(id_number=ID_NUMBER)
    html = hints(as_clerk, typed).content.decode()

    assert before.number in html
    assert before.get_absolute_url() in html
    assert before.id_number not in html


def test_the_hints_cost_few_queries(
    as_clerk, typed, make_application, django_assert_max_num_queries
):
    for n in range(5):
        before = make_application(id_number=ID_NUMBER if n else "", name="吴长根")
        Party.objects.create(
            application=before,
            side="opponent",
            kind="organisation",
            name="清山恒砚木业有限公司",
            name_key="清山恒砚木业有限公司",
        )
    hints(as_clerk, typed)
    with django_assert_max_num_queries(25):
        hints(as_clerk, typed)


# ── Drafts ──────────────────────────────────────────────────────────────────────────────


def keep(client, sent):
    return client.post(reverse("casework:application_draft"), sent)


def test_what_is_typed_so_far_is_kept_and_comes_back_whole(as_clerk, typed):
    sent = typed(name="吴", facts="写到一半", **{"household-0-name": "吴长根"})
    assert keep(as_clerk, sent).status_code == 200
    draft = ApplicationDraft.objects.get()
    listed = as_clerk.get(page())
    assert f"?draft={draft.pk}" in listed.content.decode()

    form = as_clerk.get(f"{page()}?draft={draft.pk}").context["form"]
    assert form["facts"].value() == "写到一半"
    assert form["given"].value() == ["application_form", "id_document"]
    assert form["is_ours"].value() is True
    assert form.household.rows[0]["name"].value() == "吴长根"
    assert form.parties.rows[0]["name"].value() == "清山恒砚木业有限公司"


def test_a_draft_is_kept_encrypted_and_once_per_form(as_clerk, typed):
    sent = typed()
    keep(as_clerk, sent)
    keep(as_clerk, sent | {"facts": "改过"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM casework_applicationdraft")
        [(stored,)] = cursor.fetchall()
    assert ID_NUMBER.encode() not in bytes(stored)


def test_a_draft_received_is_gone_and_a_late_keeping_does_not_bring_it_back(as_clerk, typed):
    sent = typed()
    keep(as_clerk, sent)
    as_clerk.post(page(), sent)
    keep(as_clerk, sent)

    assert not ApplicationDraft.objects.exists()


def test_several_drafts_stand_beside_one_another(as_clerk, typed):
    keep(as_clerk, typed(name="甲某"))
    keep(as_clerk, typed(name="乙某"))

    assert {each.name for each in as_clerk.get(page()).context["drafts"]} == {"甲某", "乙某"}


def test_a_draft_is_discarded_by_whoever_wrote_it_and_nobody_else(
    client, as_clerk, typed, head
):
    keep(as_clerk, typed())
    draft = ApplicationDraft.objects.get()
    client.force_login(head)
    assert client.get(f"{page()}?draft={draft.pk}").status_code == 404
    keep(client, {"discard": draft.pk})
    assert ApplicationDraft.objects.exists()


def test_discarding_takes_the_draft_away(as_clerk, typed):
    keep(as_clerk, typed())
    keep(as_clerk, {"discard": ApplicationDraft.objects.get().pk})

    assert not ApplicationDraft.objects.exists()


def test_a_draft_without_its_ticket_is_not_kept(as_clerk, typed):
    assert keep(as_clerk, typed(ticket="x")).status_code == 409
    assert not ApplicationDraft.objects.exists()


# ── Correcting ──────────────────────────────────────────────────────────────────────────


def edited(client, application, **changes):
    """What the page of a correction sends back when nothing else is touched."""
    form = client.get(reverse("casework:application_edit", args=[application.pk])).context[
        "form"
    ]
    sent = {}
    for field in form:
        value = field.value()
        if value in (None, "", False):
            continue
        sent[field.html_name] = "on" if value is True else value
    for rows in (form.parties, form.household):
        sent[rows.count_name] = len(rows)
        for row in rows:
            for field in row:
                if field.value() not in (None, ""):
                    sent[field.html_name] = field.value()
    sent |= {"version": application.version, "reason": "核对证件后更正"} | changes
    return client.post(
        reverse("casework:application_edit", args=[application.pk]),
        {name: value for name, value in sent.items() if value is not None},
    )


def test_a_correction_keeps_the_old_value_and_the_reason(as_clerk, make_application):
    application = make_application()
    answer = edited(as_clerk, application, claims="支付工资和加班费")

    assert answer.status_code == 302, sentences(answer)
    application.refresh_from_db()
    assert application.claims == "支付工资和加班费"
    assert application.version == 2
    note = application.events.last().note
    assert "核对证件后更正" in note
    assert "支付拖欠的工资" in note


def test_what_is_masked_stays_unless_it_is_typed_or_struck_out(as_clerk, make_application):
    application = make_application(address="青溪镇1号", id_number=ID_NUMBER)
    shown = as_clerk.get(reverse("casework:application_edit", args=[application.pk]))
    assert application.phone not in shown.content.decode()
    assert application.id_number not in shown.content.decode()
    assert "青溪镇1号" not in shown.content.decode()

    edited(as_clerk, application, phone="13900009999", address="无")

    application.refresh_from_db()
    assert (application.phone, application.address) == ("13900009999", "")
    assert application.id_number == ID_NUMBER
    assert "13900009999" not in application.events.last().note
    assert "139****9999" in application.events.last().note
    assert application.phone_hash


def test_a_correction_without_a_reason_or_a_difference_changes_nothing(as_clerk, typed):
    as_clerk.post(page(), typed())
    application = Application.objects.get()

    assert edited(as_clerk, application, reason="", claims="别的").status_code == 422
    assert edited(as_clerk, application).status_code == 302
    application.refresh_from_db()
    assert application.version == 1


def test_of_two_who_correct_at_once_the_second_sees_both_versions(as_clerk, make_application):
    application = make_application()
    edited(as_clerk, application, claims="甲写的")
    late = edited(as_clerk, application, version=1, claims="乙写的")

    assert late.status_code == 422
    assert {"now": "甲写的", "typed": "乙写的"}.items() <= late.context["differences"][
        0
    ].items()
    application.refresh_from_db()
    assert application.claims == "甲写的"


def test_an_agent_added_afterwards_is_asked_for_proof(as_clerk, make_application):
    application = make_application()
    edited(as_clerk, application, agent_reason="capacity", agent_name="李桂英")

    material = application.materials.get(kind=MaterialKind.AGENCY_PROOF)
    assert material.state == MaterialState.MISSING
    assert application.deadlines.running().filter(number=5).exists()


def test_parties_are_corrected_and_a_line_without_a_name_is_taken_away(
    as_clerk, make_application
):
    application = make_application()
    for name in ("恒砚木业", "老板甲"):
        Party.objects.create(
            application=application,
            side="opponent",
            kind="person",
            name=name,
            name_key=name,
            phone="13900007777",
        )
    edited(as_clerk, application, **{"party-0-name": "", "party-1-name": "老板乙"})

    party = application.parties.get()
    assert (party.name, party.phone) == ("老板乙", "13900007777")
    assert "老板甲" in application.events.last().note


def test_a_forwarded_application_is_not_corrected_at_the_station(
    as_clerk, client, make_application, reviewer
):
    application = make_application(status=Status.IN_REVIEW)
    answer = as_clerk.get(reverse("casework:application_edit", args=[application.pk]))
    assert answer.status_code == 302

    client.force_login(reviewer)
    assert edited(client, application, claims="中心更正").status_code == 302
    application.refresh_from_db()
    assert application.claims == "中心更正"


def test_nobody_corrects_what_is_out_of_their_scope(
    client, make_application, neighbour, stranger, officer, liaison
):
    application = make_application()
    page = reverse("casework:application_edit", args=[application.pk])
    for user, expected in ((neighbour, 404), (stranger, 404), (officer, 403), (liaison, 403)):
        client.force_login(user)
        assert client.get(page).status_code == expected


def test_a_visit_just_saved_goes_on_as_an_application(as_clerk, make_entry):
    # What the desk presses with F9 on an entry, and on the form of one.
    entry = make_entry()
    page = as_clerk.get(entry.get_absolute_url()).content.decode()

    assert f"{reverse(CREATE)}?entry={entry.pk}" in page
