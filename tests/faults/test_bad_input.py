"""What no form would send, and what a tired person types, through every door.

The answer is a sentence beside the field, 404 or 400; nothing is half saved; never a fault of ours.
"""

import io
import zipfile
from datetime import date, timedelta
from itertools import cycle
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessment.models import Adjustment, IntegrityFlag
from casework.forms.application_list import ApplicationFilter
from casework.forms.entry import EntryForm
from casework.forms.filters import EntryFilter
from casework.forms.letters import LetterFilter
from casework.models import (
    ImportBatch,
    MonthlyReport,
    RegisterCounter,
    RegisterEntry,
    SatisfactionAnswer,
)
from casework.register import imports
from casework.reports import months
from casework.terms import BatchStatus
from stations.files.tables import FileRefused, cells
from stations.forms.looks import LookFilter
from stations.models import (
    Appointment,
    ContactPoint,
    County,
    Division,
    DivisionEvent,
    Lead,
    Liaison,
    Station,
    User,
)
from stations.roles import Role
from tests.casework.register.test_file import GOOD, csv_bytes
from tests.conftest import PASSWORD
from tests.test_access import records

from .test_concurrency import visit_as_typed

__all__ = ["records"]

pytestmark = pytest.mark.django_db

LONG = "工" * 10_000
# Extension B and later, a family joined of five signs, a flag, letters with many marks, right to left.
RARE = "𠮷𡃁𪚥𰻝𱁬👨‍👩‍👧🇨🇳Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢‮تجربة"
HUGE = "9" * 5000
NASTY = [
    "",
    " ",
    "\x00",
    "吴\x00秋菊",
    "\ud800",
    "\x1b[31m",
    "\u2028",
    LONG,
    RARE,
    "0",
    "-1",
    "²",
    "٣",
    "1e9",
    "NaN",
    "2147483648",
    "9223372036854775808",
    HUGE,
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "2026-13",
    "%",
    "\\",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "[]",
    "{}",
    "null",
    "349002101201",
]


# One of each kind, where every value is posted by itself.
SHARP = ["\x00", LONG, HUGE, "9223372036854775808", "0001-01-01"]


@pytest.fixture
def browse():
    """Return a function that gives a browser in which somebody has signed in."""

    def signed_in(user):
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        return browser

    return signed_in


def sent(text):
    """The text as bytes of an address or a form: lone surrogates go as a broken client sends them."""
    return text.encode("utf-8", "surrogatepass")


def post(browser, address, typed):
    body = {
        name: [sent(part) for part in value] if isinstance(value, list) else sent(str(value))
        for name, value in typed.items()
    }
    return browser.post(
        address,
        urlencode(body, doseq=True),
        content_type="application/x-www-form-urlencoded",
    )


def counts():
    """How many rows there are of everything that bad input might leave behind."""
    models = [
        Appointment,
        ContactPoint,
        Division,
        DivisionEvent,
        Lead,
        Liaison,
        MonthlyReport,
        RegisterEntry,
        Station,
        User,
    ]
    return {model.__name__: model.objects.count() for model in models}


# ── One entry ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def typed(browse, clerk, station):
    """A visit with nothing wrong in it yet."""
    page = browse(clerk).get(reverse("casework:entry_create", args=["visit"]))
    return visit_as_typed(station, clerk) | {"ticket": page.context["ticket"]}


def record(browser, typed, channel="visit"):
    return post(browser, reverse("casework:entry_create", args=[channel]), typed)


def test_an_entry_with_nothing_wrong_is_saved(browse, clerk, typed):
    assert record(browse(clerk), typed).status_code == 302


def refused_cells(far_station):
    tomorrow = timezone.localtime() + timedelta(days=1)
    return {
        "occurred_at": [f"{tomorrow:%Y-%m-%d %H:%M}", "去年", "2026-02-30 10:00", HUGE],
        "village": [far_station.township.children.first().code, "河口1村", "没有村", LONG],
        "phone": ["12", "一三九", LONG],
        "id_number": ["34152519840617001", "341525198406170011", LONG],
        "id_type": ["passport of nowhere", HUGE],
        "persons": ["0", "-3", "三十个", "99999999999", HUGE],
        "matter": ["999999", "吵架", HUGE],
        "disposal": ["gone"],
        "receiver": ["0", HUGE, "吴"],
        "sex": ["other"],
        "people_groups": ["kings"],
        "birth_on": ["2999-01-01", "1492-10-12"],
        "event_on": ["2999-01-01"],
        "statement": [LONG, "吴\x00秋菊"],
        "answer": [LONG],
        "name": [LONG, "吴\x00秋菊"],
        "title": [LONG],
        "opponent": [LONG],
        "address": [LONG],
        "ticket": ["", "forged", LONG],
    }


def test_a_wrong_cell_of_an_entry_gets_its_sentence_and_saves_nothing(
    browse, clerk, typed, far_station
):
    browser = browse(clerk)
    for name, values in refused_cells(far_station).items():
        for value in values:
            page = record(browser, typed | {name: value})
            assert page.status_code == 422, (name, value[:40])
            assert page.context["form"].errors, (name, value[:40])
    assert not RegisterEntry.objects.exists()
    assert not RegisterCounter.objects.exists()


@pytest.mark.parametrize("missing", sorted({"matter", "statement", "sex", "name", "ticket"}))
def test_a_missing_field_of_an_entry_gets_its_sentence(browse, clerk, typed, missing):
    del typed[missing]

    page = record(browse(clerk), typed)

    assert page.status_code == 422
    assert missing in page.context["form"].errors
    assert not RegisterEntry.objects.exists()


def test_a_number_of_no_known_paper_is_refused(browse, clerk, typed):
    page = record(
        browse(clerk), typed | {"id_type": "nothing", "id_number": "9223372036854775808"}
    )

    assert page.context["form"].errors["id_type"]
    assert not RegisterEntry.objects.exists()


def test_rare_characters_come_back_as_they_were_typed(browse, clerk, typed):
    browser = browse(clerk)
    name, words = "𠮷𡃁𪚥", f"{RARE}在工地干了三个月"

    answer = record(browser, typed | {"name": name, "statement": words})

    assert answer.status_code == 302
    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.statement) == (name, words)
    page = browser.get(entry.get_absolute_url()).content.decode()
    assert name in page
    found = browser.get(reverse("casework:entry_list"), {"q": name})
    assert [row.pk for row in found.context["entries"]] == [entry.pk]


@pytest.mark.parametrize("channel", ["call", "visit", "letter", "online", "other"])
def test_an_empty_entry_and_one_of_arrays_are_refused(browse, clerk, channel):
    browser = browse(clerk)

    assert record(browser, {}, channel).status_code == 422
    arrays = {f"{name}[]": ["1", "2"] for name in EntryForm.base_fields}
    assert record(browser, arrays, channel).status_code == 422
    doubled = {name: ["甲", "乙"] for name in EntryForm.base_fields}
    assert record(browser, doubled, channel).status_code == 422
    assert not RegisterEntry.objects.exists()


anything = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.integers().map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M}"),
)
# The same examples on every machine; the database stays as it is between them.
few = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(
    changes=st.dictionaries(
        st.sampled_from(sorted(EntryForm.base_fields)),
        st.one_of(anything, st.lists(anything, max_size=3)),
        min_size=1,
        max_size=6,
    ),
    channel=st.sampled_from(["call", "visit", "letter", "online", "other"]),
)
def test_no_entry_breaks_the_page(browse, clerk, typed, changes, channel):
    before = RegisterEntry.objects.count()

    answer = record(browse(clerk), typed | changes, channel)

    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert RegisterEntry.objects.count() == before


@settings(few, max_examples=20)
@given(
    changes=st.dictionaries(
        st.sampled_from(sorted(EntryForm.base_fields)), anything, min_size=1, max_size=6
    )
)
def test_no_half_typed_entry_breaks_hints_and_draft(browse, clerk, typed, changes):
    browser = browse(clerk)
    half = typed | changes

    assert post(browser, reverse("casework:entry_hints"), half).status_code < 500
    kept = post(browser, reverse("casework:entry_draft"), half | {"channel": "visit"})
    assert kept.status_code < 500
    again = browser.get(reverse("casework:entry_create", args=["visit"]))
    assert again.status_code == 200


# ── What is asked in the address ────────────────────────────────────────────────────────

FILTERS = [EntryFilter.PARAMETERS.get(name, name) for name in EntryFilter.base_fields]


asked_for = st.dictionaries(
    st.sampled_from([*FILTERS, "before", "after", "page"]),
    st.one_of(anything, st.lists(anything, max_size=3)),
    max_size=5,
)


def address_of(asked):
    """What is asked, as the query of an address."""
    return urlencode(
        {
            name: [sent(part) for part in value] if isinstance(value, list) else sent(value)
            for name, value in asked.items()
        },
        doseq=True,
    )


@settings(few, max_examples=300)
@given(asked=asked_for)
@example(asked={"q": "%"})
@example(asked={"q": "\\"})
@example(asked={"q": "& | ! ( ) :* <->"})
@example(asked={"from": "1980-01-01", "to": "2100-12-31"})
def test_no_filter_breaks_the_register(clerk, make_entry, asked):
    """Whatever stands in the address is refused with a sentence, or finds rows."""
    filters = EntryFilter(QueryDict(address_of(asked)), clerk)

    list(filters.queryset())
    assert filters.is_valid() or filters.errors
    assert filters.is_valid() or not filters.chips()
    assert all(type(text) is str for text in (filters.lasting_query(), filters.trace()))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_time_are_refused_by_every_list(clerk, audit_admin, day):
    for name in ("from", "to"):
        asked = QueryDict(f"{name}={day}")
        for filters in (ApplicationFilter(asked, clerk), LetterFilter(asked, clerk)):
            list(filters.queryset())
            assert not filters.is_valid()
    for name in ("since", "until"):
        filters = LookFilter(QueryDict(f"{name}={day}&rule=outside"), user=audit_admin)
        assert not filters.is_valid()


@settings(few, max_examples=25)
@given(asked=asked_for)
def test_no_address_breaks_the_register_s_page(browse, clerk, asked):
    browser = browse(clerk)
    address = f"{reverse('casework:entry_list')}?{address_of(asked)}"

    assert browser.get(address).status_code == 200
    assert browser.get(address, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    ("who", "name", "parameters"),
    [
        (
            "clerk",
            "casework:entry_list",
            ["q", "number", "station", "village", "report", "before"],
        ),
        ("clerk", "casework:application_list", ["q", "number", "station", "matter", "worker"]),
        ("clerk", "casework:import_list", ["page"]),
        ("clerk", "stations:liaison_list", ["q", "station", "holding", "page"]),
        ("clerk", "stations:lead_list", ["page", "all"]),
        ("clerk", "stations:liaison_create", ["village"]),
        ("clerk", "stations:training_create", ["planned"]),
        ("clerk", "stations:training_hours", ["station", "year"]),
        ("clerk", "casework:complain", ["station"]),
        ("stranger", "casework:complain", ["county"]),
        ("clerk", "casework:report_list", ["month", "county", "show"]),
        ("director", "casework:report_list", ["month", "county", "show"]),
        ("director", "stations:network", ["day", "county"]),
        ("director", "stations:gap_page", ["day", "county"]),
        ("director", "desk", ["month", "page"]),
        ("officer", "stations:county_parameters", ["county"]),
        ("officer", "stations:station_open", ["township", "county"]),
        ("officer", "stations:day_off_list", ["year", "county"]),
        ("officer", "stations:division_change", ["change", "of", "parts", "county"]),
        ("officer", "casework:matter_list", ["page"]),
        ("system_admin", "stations:account_list", ["q", "page"]),
        (
            "audit_admin",
            "stations:look_list",
            ["q", "kind", "page", "since", "until", "station", "user", "hour", "like", "rule"],
        ),
        ("audit_admin", "stations:seal_list", ["month", "code"]),
        ("liaison", "stations:lead_home", ["page"]),
    ],
)
def test_no_address_breaks_a_page(browse, request, who, name, parameters):
    browser = browse(request.getfixturevalue(who))
    address = reverse(name)
    may = browser.get(address).status_code
    assert may in {200, 302, 403}
    for parameter in parameters:
        for value in SHARP:
            status = browser.get(address, {parameter: sent(value)}).status_code
            assert status < 500, (parameter, value[:40])
    arrays = {f"{parameter}[]": "1" for parameter in parameters}
    assert browser.get(address, arrays).status_code == may


def test_division_wizard_with_wrong_steps(browse, officer, village, far_station):
    browser = browse(officer)
    address = reverse("stations:division_change")
    before = counts()
    for change in ("rename", "split", "merge", "vanish"):
        for of in (village.pk, far_station.township_id, "9223372036854775808", HUGE, "\x00"):
            for parts in ("2", "0", "-1", "99999999", "x"):
                asked = {"change": change, "of": of, "parts": parts}
                assert browser.get(address, asked).status_code < 500, asked
    start = f"{address}?change=rename&of={village.pk}"
    for value in SHARP:
        for typed in (
            {"on": "2026-03-01", "name_0": value},
            {"on": value, "name_0": "新名村"},
            {"on": "2026-03-01", "name_0": "新名村", "paper": value},
        ):
            assert post(browser, start, typed).status_code < 500, typed
    split = f"{address}?change=split&of={village.pk}&parts=2"
    for value in NASTY:
        typed = {
            "on": "2026-03-01",
            "name_0": "东村",
            "code_0": village.code,
            "name_1": "西村",
            "code_1": value,
            "confirm": "1",
        }
        answer = post(browser, split, typed)
        assert answer.status_code == 422, value[:40]
    assert counts() == before


def test_no_month_and_no_county_breaks_the_bundle(browse, director, county):
    browser = browse(director)
    right = {"county": str(county.pk), "month": "2026-03"}
    months_asked = [*NASTY, "2026-00", "2026-3", "10000-01", "２０２６-03"]
    for wrong in [{"month": month} for month in months_asked] + [
        {"county": value} for value in NASTY
    ]:
        answer = post(browser, reverse("casework:report_bundle"), right | wrong)
        assert answer.status_code in {302, 404}, wrong


@pytest.mark.parametrize("parameter", ["lead", "copy", "after"])
def test_no_pointer_breaks_the_empty_sheet(browse, clerk, parameter):
    browser = browse(clerk)
    address = reverse("casework:entry_create", args=["visit"])
    for value in [*SHARP, "²", "٣", "-1"]:
        page = browser.get(address, {parameter: sent(value)})
        assert page.status_code in {200, 404}, value[:40]


@pytest.mark.parametrize(
    "page",
    [
        "register/{}/",
        "register/{}/correct/",
        "imports/{}/",
        "months/{}/",
        "months/{}/print/",
        "documents/{}/",
        "stations/{}/",
        "liaisons/{}/",
        "contact-points/{}/",
        "matters/{}/",
        "desk/findings/{}/",
    ],
)
def test_no_number_of_a_row_breaks_its_page(browse, clerk, page):
    browser = browse(clerk)
    for pk in ("0", "99999999999", "9223372036854775808", "9" * 400, "9" * 5000, "²", "-1"):
        assert browser.get("/" + page.format(pk)).status_code in {403, 404, 405}, pk[:40]


# ── Forms about places and people ───────────────────────────────────────────────────────


def everything_wrong(browser, address, right):
    """Post the form with each of its fields wrong in many ways, and with all wrong at once."""
    for value in SHARP:
        answer = post(browser, address, dict.fromkeys(right, value))
        assert answer.status_code < 500, value[:40]
    for name, value in zip(right, cycle(SHARP), strict=False):
        answer = post(browser, address, right | {name: value})
        assert answer.status_code < 500, (name, value[:40])
    assert post(browser, address, {f"{name}[]": "1" for name in right}).status_code < 500
    assert post(browser, address, {name: ["甲", "乙"] for name in right}).status_code < 500
    assert post(browser, address, {}).status_code < 500


def test_liaison_form(browse, clerk, station):
    villages = list(station.township.children.all())
    right = {
        "village": str(villages[0].pk),
        "name": "石联络",
        "sex": "male",
        "post": "mediation",
        "phone": "13900001111",
        "appointed_from": "2026-03-01",
    }
    everything_wrong(browse(clerk), reverse("stations:liaison_create"), right)
    assert Liaison.objects.filter(appointed_to=None).count() <= 1


def test_liaison_of_another_county_is_refused(browse, clerk, far_station):
    answer = post(
        browse(clerk),
        reverse("stations:liaison_create"),
        {
            "village": str(far_station.township.children.first().pk),
            "name": "石联络",
            "sex": "male",
            "post": "mediation",
            "appointed_from": "2026-03-01",
        },
    )

    assert answer.context["form"].errors["village"]
    assert not Liaison.objects.exists()


def test_leaving_of_a_liaison(browse, clerk, liaison):
    post_held = Liaison.objects.get()
    everything_wrong(
        browse(clerk),
        reverse("stations:liaison_end", args=[post_held.pk]),
        {"last_day": "2020-01-01", "reason": "换届"},
    )


def test_contact_point_form(browse, clerk, station):
    right = {
        "village": str(station.township.children.first().pk),
        "name": "村部联系点",
        "address": "村部",
        "phone": "0564-5021234",
        "opened_on": "2026-03-01",
    }
    address = reverse("stations:contact_point_create", args=[station.pk])
    everything_wrong(browse(clerk), address, right)


def test_station_form(browse, officer, county, make_division):
    township = make_division("349001103", "新桥镇", county.division)
    right = {
        "township": str(township.pk),
        "code": "349001103",
        "name": "新桥镇法律援助工作站",
        "short_name": "新桥",
        "host_type": "judicial_office",
        "host_name": "新桥司法所",
        "address": "新桥镇",
        "phone": "0564-5021234",
        "hours": "8:00",
        "opened_on": "2026-03-01",
    }
    everything_wrong(browse(officer), reverse("stations:station_open"), right)


def test_closing_of_a_station(browse, officer, station):
    everything_wrong(
        browse(officer),
        reverse("stations:station_close", args=[station.pk]),
        {"closed_on": "2019-01-01"},
    )


def test_parameters(browse, officer, county):
    browser = browse(officer)
    page = browser.get(reverse("stations:county_parameters"))
    form = page.context["form"]
    right = {name: str(form[name].value() or "") for name in form.fields}
    everything_wrong(browser, reverse("stations:county_parameters"), right)
    county = County.objects.get(pk=county.pk)
    assert all(1 <= value <= 1000 for value in county.parameters.values())


def test_days_off(browse, officer):
    right = {"lines": "2027-01-01 放假 元旦", "source": "国办通知"}
    everything_wrong(browse(officer), reverse("stations:day_off_list"), right)


def test_account_form(browse, system_admin):
    right = {"name": "黎明", "username": "liming", "duty_kind": ""}
    everything_wrong(browse(system_admin), reverse("stations:account_create"), right)


def test_appointment_form(browse, security_admin, make_user, station):
    person = make_user("liming", "黎明")
    right = {
        "role": Role.CLERK,
        "station": str(station.pk),
        "county": "",
        "from_on": "2026-03-01",
        "to_on": "2026-04-01",
    }
    address = reverse("stations:appointment_create", args=[person.pk])
    everything_wrong(browse(security_admin), address, right)


def test_matter_form(browse, director, officer):
    for user in (director, officer):
        browser = browse(user)
        page = browser.get(reverse("casework:matter_list"))
        if page.status_code == 403:
            continue
        form = page.context["form"]
        right = {name: str(form[name].value() or "") for name in form.fields}
        everything_wrong(browser, reverse("casework:matter_list"), right)


def test_lead_form(browse, liaison):
    right = {
        "kind": "pay",
        "name": "吴秋菊",
        "phone": "13900001111",
        "words": "工钱没有结清",
        "urgency": "",
        "client_key": "8f14e45f-ceea-467f-a0e6-9d6c0a4b1c11",
    }
    everything_wrong(browse(liaison), reverse("stations:lead_home"), right)


@pytest.mark.parametrize("name", ["stations:sign_in", "stations:password_change"])
def test_passwords(clerk, browse, name):
    browser = browse(clerk) if "change" in name else Client(raise_request_exception=False)
    right = {
        "username": "clerk",
        "password": "错的口令",
        "next": "/",
        "old_password": "错的口令",
        "new_password1": "很长的口令-2026-abc",
        "new_password2": "很长的口令-2026-abc",
    }
    everything_wrong(browser, reverse(name), right)


@pytest.mark.parametrize(
    "back",
    ["foo", "desk", "//evil.example/", "javascript:alert(1)", "/\x00", "/\r\nX: y", LONG],
)
def test_no_way_back_breaks_a_page_or_leads_away(browse, clerk, back):
    stranger = Client(raise_request_exception=False)
    signing_in = {"username": "clerk", "password": PASSWORD, "next": back}
    for answer in (
        post(stranger, reverse("stations:sign_in"), signing_in),
        post(browse(clerk), reverse("large_print"), {"size": "large", "next": back}),
        post(browse(clerk), reverse("casework:no_visits"), {"next": back}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith("//")


def test_sign_in_from_a_strange_browser(db):
    browser = Client(raise_request_exception=False)
    answer = browser.post(
        reverse("stations:sign_in"),
        {"username": LONG, "password": LONG},
        headers={"user-agent": "M" * 20_000, "accept": "*" * 20_000, "referer": "\\\\x"},
    )
    assert answer.status_code < 500


def test_words_and_moves_of_a_month(browse, head, director, station):
    report = months.open_month(station, date(2026, 3, 1))
    browser = browse(head)
    page = browser.get(reverse("casework:report_edit", args=[report.pk]))
    form = page.context["form"]
    right = {name: str(form[name].value() or "") for name in form.fields}
    everything_wrong(browser, reverse("casework:report_edit", args=[report.pk]), right)
    months.send(report, by=head, is_zero_confirmed=True)
    browser = browse(director)
    for move in ("report_return", "report_reopen", "report_confirm"):
        address = reverse(f"casework:{move}", args=[report.pk])
        for value in ("", "\x00", LONG):
            assert post(browser, address, {"reason": value}).status_code < 500


def test_views_exports_and_prints(browse, head, make_entry):
    make_entry()
    browser = browse(head)
    for name, right in {
        "casework:filter_save": {"query": "q=工钱", "keep-name": "欠薪", "keep-is_shared": ""},
        "casework:entry_export": {"query": "from=", "reason": "核对", "is_full": "on"},
        "casework:entry_print": {"query": "from=", "book": "visit"},
    }.items():
        everything_wrong(browser, reverse(name), right)


def test_correction_and_void(browse, clerk, make_entry):
    entry = make_entry()
    browser = browse(clerk)
    page = browser.get(reverse("casework:entry_correct", args=[entry.pk]))
    form = page.context["form"]
    right = {name: str(form[name].value() or "") for name in form.fields}
    everything_wrong(browser, reverse("casework:entry_correct", args=[entry.pk]), right)
    for value in ("", "\x00", LONG, "x"):
        for name in ("entry_void", "entry_reveal"):
            address = reverse(f"casework:{name}", args=[entry.pk])
            assert post(browser, address, {"reason": value}).status_code < 500
    entry.refresh_from_db()
    assert not entry.is_void


def test_the_word_that_nobody_came(browse, clerk):
    browser = browse(clerk)
    everything_wrong(browser, reverse("casework:no_visits"), {"day": "", "next": "/"})


# ── Files and the grid ──────────────────────────────────────────────────────────────────


def workbook(**parts):
    """A zip that begins like an xlsx; what is in it is up to the caller."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def zip_bomb():
    """200 MB of nothing in 200 kB."""
    return workbook(**{"xl__worksheets__sheet1.xml": b"\0" * 200_000_000})


def lying_zip():
    """A zip whose table of contents says that its one part is small."""
    bomb = bytearray(zip_bomb())
    at = bomb.rindex(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(bomb)


BAD_FILES = {
    "empty": b"",
    "blank": b" \r\n\t\r\n",
    "mark only": b"\xef\xbb\xbf",
    "header only": csv_bytes(),
    "NULs": b"\0" * 4096,
    "noise": bytes(range(256)) * 64,
    "old or encrypted workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 512,
    "paper": b"%PDF-1.7\n" + b"x" * 512,
    "zip of nothing": workbook(),
    "zip of something": workbook(**{"readme.txt": b"hello"}),
    "broken zip": workbook(**{"xl__workbook.xml": b"<workbook/>"})[:-30],
    "no xml": workbook(**{"xl__workbook.xml": b"<<<", "xl__worksheets__sheet1.xml": b"\0"}),
    "wrong header": "甲,乙,丙\n1,2,3\n".encode(),
    "header twice": csv_bytes(csv_bytes().decode().strip()),
    "one cell": "登记".encode(),
    "unclosed quotation": csv_bytes('"' + GOOD[0]),
    "long cell": csv_bytes(GOOD[0].replace("吴秋菊", LONG)),
    "NUL in a cell": csv_bytes(GOOD[0].replace("吴秋菊", "吴\0秋菊")),
    "huge count": csv_bytes(GOOD[1].replace(",3,", f",{HUGE},")),
    "year 1": csv_bytes(GOOD[0].replace("2026-03-02 09:10", "0001-01-01 00:00")),
    "year 9999": csv_bytes(GOOD[0].replace("2026-03-02 09:10", "9999-12-31 23:59")),
    "surrogate": csv_bytes(GOOD[0]) + b"\xed\xa0\x80",
    "half a sign": csv_bytes(GOOD[0]) + "工".encode()[:1],
    "half a sign of UTF-16": csv_bytes(GOOD[0]).decode().encode("utf-16")[:-1],
    "10,000 columns": ("," * 10_000 + "\n").encode() * 3,
}


@pytest.mark.parametrize("kind", [*BAD_FILES, "zip bomb", "lying zip", "external entity"])
def test_bad_register_files_are_told_why(browse, clerk, station, kind):
    content = file_of(kind)
    browser = browse(clerk)
    page = browser.post(
        reverse("casework:import_create"),
        {"station": station.pk, "file": SimpleUploadedFile("台账.xlsx", content)},
    )
    if page.status_code == 200:
        assert page.context["form"].errors["file"]
        return
    assert page.status_code == 302
    batch = ImportBatch.objects.get()
    imports.work_on(batch.pk)

    batch.refresh_from_db()
    assert batch.status == BatchStatus.REJECTED
    assert batch.refusal or batch.errors
    assert browser.get(batch.get_absolute_url()).status_code == 200
    assert not RegisterEntry.objects.exists()
    assert not RegisterCounter.objects.exists()


def file_of(kind):
    if kind == "zip bomb":
        return zip_bomb()
    if kind == "lying zip":
        return lying_zip()
    if kind == "external entity":
        entity = (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'
        )
        return workbook(**{"xl__workbook.xml": entity, "[Content_Types].xml": entity})
    return BAD_FILES[kind]


@pytest.mark.parametrize("kind", [*BAD_FILES, "zip bomb", "lying zip", "external entity"])
def test_bad_liaison_files_are_told_why(browse, clerk, station, kind):
    page = browse(clerk).post(
        reverse("stations:liaison_import"),
        {"file": SimpleUploadedFile("联络员.xlsx", file_of(kind))},
    )

    assert page.status_code == 422
    assert page.context["form"].errors or page.context["wrong"]
    assert not Liaison.objects.exists()


@pytest.mark.parametrize("kind", [*BAD_FILES, "zip bomb"])
def test_bad_calendars_are_told_why(browse, officer, kind):
    page = browse(officer).post(
        reverse("stations:day_off_list"),
        {"file": SimpleUploadedFile("放假.xlsx", file_of(kind))},
    )

    assert page.status_code == 200
    assert page.context["form"].errors


def test_a_bomb_is_refused_before_it_is_unpacked():
    for bomb in (zip_bomb(), lying_zip()):
        with pytest.raises(FileRefused):
            cells(bomb)


def test_a_file_that_is_too_large_is_told_so(browse, clerk, station):
    from casework.register.file import MOST_BYTES

    page = browse(clerk).post(
        reverse("casework:import_create"),
        {
            "station": station.pk,
            "file": SimpleUploadedFile("大.csv", b"x" * (MOST_BYTES + 1)),
        },
    )

    assert page.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    "filename", ["\x00.csv", "a" * 5000 + ".csv", "../../etc/passwd", RARE, "=1+1.csv", " "]
)
def test_no_name_of_a_file_breaks_the_import(browse, clerk, station, filename):
    file = io.BytesIO(csv_bytes(*GOOD))
    file.name = filename
    answer = browse(clerk).post(
        reverse("casework:import_create"), {"station": station.pk, "file": file}
    )
    assert answer.status_code in {200, 302, 400}


def test_no_station_breaks_the_import(browse, clerk, far_station):
    browser = browse(clerk)
    for value in [*NASTY, str(far_station.pk)]:
        file = SimpleUploadedFile("a.csv", csv_bytes(*GOOD))
        answer = browser.post(
            reverse("casework:import_create"),
            {"station": value.encode("utf-8", "replace").decode(), "file": file},
        )
        assert answer.context["form"].errors["station"], value[:40]
    assert not ImportBatch.objects.exists()


def test_a_text_in_place_of_the_file_and_a_file_in_place_of_the_text(browse, clerk, station):
    browser = browse(clerk)
    file = SimpleUploadedFile("a.csv", csv_bytes(*GOOD))
    for name, typed in {
        "casework:import_create": {"station": station.pk, "file": "text"},
        "casework:entry_grid": {"0-name": file, "channel": file},
        "stations:liaison_import": {"text": file, "file": "text"},
    }.items():
        assert browser.post(reverse(name), typed).status_code in {200, 422}


def test_the_second_step_of_liaison_files_reads_everything_again(browse, clerk, far_station):
    browser = browse(clerk)
    for value in [*NASTY, '"', "甲,乙\n1,2", f"村代码,姓名\n{far_station.township.code}201,石"]:
        answer = post(browser, reverse("stations:liaison_import"), {"text": value})
        assert answer.status_code == 422, value[:40]
    assert not Liaison.objects.exists()


GOOD_ROW = {
    "occurred_at": "9:10",
    "name": "吴秋菊",
    "sex": "女",
    "phone": "",
    "village": "青溪1村",
    "people_groups": "农民",
    "matter": "请求支付劳动报酬",
    "statement": "工钱没有结清",
    "answer": "可以申请",
    "disposal": "当场解答",
    "persons": "1",
}


def typed_grid(rows, **head):
    """A grid as the browser sends it: the rows given, and what stands above them."""
    above = {
        "channel": "visit",
        "receiver_name": "许文静",
        "day": f"{timezone.localdate() - timedelta(days=3)}",
        "key": "of this test",
    }
    cells = {f"{n}-{name}": text for n, row in enumerate(rows) for name, text in row.items()}
    return above | cells | head


def test_no_cell_breaks_the_grid(browse, clerk, station):
    """Twenty rows at a time, each with one wrong cell; one good row does not come in alone."""
    browser = browse(clerk)
    wrong = [GOOD_ROW | {name: value} for name in GOOD_ROW for value in NASTY]
    for first in range(0, len(wrong), 19):
        rows = [GOOD_ROW, *wrong[first : first + 19]]
        assert (
            post(browser, reverse("casework:entry_grid"), typed_grid(rows)).status_code == 200
        )
    assert not RegisterEntry.objects.exists()
    assert not RegisterCounter.objects.exists()


def test_nothing_above_the_grid_breaks_it(browse, clerk, station):
    browser = browse(clerk)
    for name in ("channel", "receiver_name", "day", "key"):
        for value in SHARP:
            answer = post(
                browser,
                reverse("casework:entry_grid"),
                typed_grid([GOOD_ROW], **{name: value, "0-is_new": "on"}),
            )
            assert answer.status_code in {200, 302}, (name, value[:40])


def test_more_fields_than_any_form_has_are_refused(browse, clerk):
    answer = browse(clerk).post(
        reverse("casework:entry_grid"), {f"{n}-name": "吴" for n in range(6000)}
    )
    assert answer.status_code == 400


def test_a_body_that_is_no_form_is_refused(browse, clerk):
    browser = browse(clerk)
    address = reverse("casework:entry_create", args=["visit"])
    for body, kind in [
        (b"{", "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"\xff\xfe=%zz&&&=", "application/x-www-form-urlencoded"),
    ]:
        answer = browser.generic("POST", address, body, content_type=kind)
        assert 400 <= answer.status_code < 500, (kind, body)


# ── Short answers in a line of a list ───────────────────────────────────────────────────


def test_no_answer_in_a_line_breaks_its_list(browse, clerk, officer, records):
    for user, page, kind, name in (
        (officer, "assessment:flag_answer", "flag", "answer"),
        (officer, "assessment:adjustment_settle", "adjustment", "reason"),
        (clerk, "casework:suggestion_reply", "suggestion", "words"),
    ):
        for value in ("吴\x00秋菊", "", LONG):
            address = reverse(page, args=records[kind])
            assert post(browse(user), address, {name: value}).status_code == 302, page
    answers = IntegrityFlag, Adjustment, SatisfactionAnswer
    assert not [row for model in answers for row in model.objects.all() if _is_answered(row)]


def _is_answered(row):
    return any(
        getattr(row, name, "")
        for name in ("answered_at", "refused_at", "agreed_at", "replied_at")
    )
