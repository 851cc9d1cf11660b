"""The page of an entry: masked numbers, corrections, void entries, and who may."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.models import Matter, MonthlyReport, RegisterEntry
from casework.register import writing
from casework.terms import ReportStatus
from stations.models import Look
from tests.conftest import at

pytestmark = pytest.mark.django_db

ID_NUMBER = "341525198406170027"


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


# ── The record ──────────────────────────────────────────────────────────────────────────


def test_a_record_shows_masked_numbers_its_corrections_and_the_person_s_other_entries(
    as_clerk, make_entry, head, django_assert_max_num_queries
):
    earlier = make_entry(occurred_at=at(2026, 3, 2))
    entry = make_entry(occurred_at=at(2026, 3, 9), id_number=ID_NUMBER)
    writing.correct(entry, changes={"phone": "13900007777"}, reason="听错", by=head, version=1)
    writing.correct(earlier, changes={"phone": "13900007777"}, reason="同", by=head, version=1)

    with django_assert_max_num_queries(13):
        page = as_clerk.get(entry.get_absolute_url())

    text = page.content.decode()
    assert "139****7777" in text
    assert "139****2648" in text
    assert not any(number in text for number in ("13900002648", "13900007777", ID_NUMBER))
    assert list(page.context["history"]) == [earlier]
    assert [step[0]["correction"].reason for step in page.context["timeline"]] == ["听错"]


def test_a_look_at_a_number_needs_a_reason_and_is_kept(as_clerk, make_entry, clerk):
    entry = make_entry(id_number=ID_NUMBER)
    reveal = reverse("casework:entry_reveal", args=[entry.pk])

    refused = as_clerk.post(reveal, {"reason": " "}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "13900002648" not in refused.content.decode()
    assert not Look.objects.filter(kind="reveal").exists()

    shown = as_clerk.post(
        reveal, {"reason": "回电 13900002648"}, headers={"HX-Request": "true"}
    )
    assert "13900002648" in shown.content.decode()
    look = Look.objects.get(kind="reveal")
    assert (look.user, look.subject, look.station) == (
        clerk,
        f"entry:{entry.pk}",
        entry.station,
    )
    assert "13900002648" not in look.reason


def test_a_reveal_also_works_without_htmx(as_clerk, make_entry):
    entry = make_entry()
    page = as_clerk.post(reverse("casework:entry_reveal", args=[entry.pk]), {"reason": "回电"})

    assert "13900002648" in page.content.decode()


# ── Corrections ─────────────────────────────────────────────────────────────────────────


def correction_of(entry, form, **changes):
    """What the correction page sends when only `changes` were typed."""
    sent = {"version": entry.version, "reason": "登记时听错"}
    for name in form.fields:
        value = form[name].value()
        if value in (None, False, ""):
            continue
        sent[name] = "on" if value is True else value
    return sent | changes


def test_a_correction_changes_what_was_typed_and_keeps_the_masked_numbers(as_clerk, make_entry):
    entry = make_entry(
        id_type="resident",
        id_number=ID_NUMBER,
        birth_on=date(1984, 6, 17),
        address="南坪村3组",
    )
    page_url = reverse("casework:entry_correct", args=[entry.pk])
    page = as_clerk.get(page_url)
    assert not any(
        number in page.content.decode() for number in ("13900002648", ID_NUMBER, "南坪村3组")
    )

    sent = correction_of(entry, page.context["form"], name="吴秋香", persons="3")
    answer = as_clerk.post(page_url, sent)

    assert answer.status_code == 302, answer.context["form"].errors
    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.persons, entry.phone, entry.id_number, entry.address) == (
        "吴秋香",
        3,
        "13900002648",
        ID_NUMBER,
        "南坪村3组",
    )
    assert {c.field for c in entry.corrections.all()} == {"name", "persons"}


def test_a_number_is_struck_out_by_saying_so(as_clerk, make_entry):
    entry = make_entry()
    page_url = reverse("casework:entry_correct", args=[entry.pk])
    sent = correction_of(entry, as_clerk.get(page_url).context["form"], phone="无")
    as_clerk.post(page_url, sent)

    assert RegisterEntry.objects.get().phone == ""


def test_a_correction_needs_a_reason(as_clerk, make_entry):
    entry = make_entry()
    page_url = reverse("casework:entry_correct", args=[entry.pk])
    sent = correction_of(entry, as_clerk.get(page_url).context["form"], reason="")

    assert "reason" in as_clerk.post(page_url, sent).context["form"].errors


def test_a_correction_after_somebody_else_s_shows_both_values(as_clerk, make_entry, head):
    entry = make_entry()
    page_url = reverse("casework:entry_correct", args=[entry.pk])
    sent = correction_of(entry, as_clerk.get(page_url).context["form"], persons="3")
    writing.correct(entry, changes={"persons": 7}, reason="漏数", by=head, version=1)

    page = as_clerk.post(page_url, sent)

    assert [(row["now"], row["typed"]) for row in page.context["differences"]] == [("7", "3")]
    assert page.context["form"]["persons"].value() == "3"
    as_clerk.post(page_url, sent | {"version": page.context["version"]})
    assert RegisterEntry.objects.get().persons == 3


def test_a_row_from_paper_is_corrected_without_asking_for_what_it_lacks(as_clerk, make_entry):
    entry = make_entry(
        statement="",
        answer="",
        disposal="",
        sex="",
        people_groups=[],
        receiver_name="老李",
        is_told_of_right=False,
        village=None,
    )
    page_url = reverse("casework:entry_correct", args=[entry.pk])
    sent = correction_of(entry, as_clerk.get(page_url).context["form"], name="吴秋香")
    answer = as_clerk.post(page_url, sent | {"receiver": ""})

    assert answer.status_code == 302, answer.context["form"].errors
    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.receiver_name) == ("吴秋香", "老李")
    assert {c.field for c in entry.corrections.all()} == {"name"}


def test_a_new_receiver_brings_the_name_along(as_clerk, make_entry, duty, head):
    entry = make_entry(receiver=duty, receiver_name="许文静")
    page_url = reverse("casework:entry_correct", args=[entry.pk])
    sent = correction_of(entry, as_clerk.get(page_url).context["form"], receiver=head.pk)
    as_clerk.post(page_url, sent)

    entry = RegisterEntry.objects.get()
    assert (entry.receiver, entry.receiver_name) == (head, "方站长")


def test_a_correction_of_a_sent_month_says_it_becomes_a_supplement(
    as_clerk, make_entry, station, clerk
):
    entry = make_entry(occurred_at=at(2026, 3, 2))
    MonthlyReport.objects.create(
        county=station.county,
        station=station,
        month=at(2026, 3, 1).date(),
        due_on=at(2026, 4, 8).date(),
        status=ReportStatus.SENT,
        figures={},
        row_ids=[entry.pk],
        rows_hash="0" * 64,
        serial=1,
        sent_at=timezone.now(),
        sent_by=clerk,
    )

    for name in ("entry_detail", "entry_correct", "entry_void"):
        page = as_clerk.get(reverse(f"casework:{name}", args=[entry.pk]))
        assert page.context["report"] is not None


def test_the_list_as_it_was_filtered_waits_behind_a_correction(as_clerk, make_entry):
    entry = make_entry(matter=Matter.objects.get(code="civil.homestead"))
    entry_list = reverse("casework:entry_list")
    listed = as_clerk.get(entry_list, {"channel": entry.channel}).content.decode()
    address = re.search(rf'"({entry.get_absolute_url()}\?[^"]+)"', listed)[1]
    page = as_clerk.get(address).content.decode()
    correct = re.search(rf'"({entry.get_absolute_url()}correct/\?[^"]+)"', page)[1]
    form = as_clerk.get(correct).context["form"]

    answer = as_clerk.post(correct, correction_of(entry, form, title="宅基地"))

    assert answer.url == address
    back = f'href="{entry_list}?channel={entry.channel}"'
    assert back in page
    assert back in as_clerk.get(answer.url).content.decode()


def test_a_void_entry_says_why_and_is_corrected_no_more(as_clerk, make_entry):
    entry = make_entry()
    void_url = reverse("casework:entry_void", args=[entry.pk])
    assert as_clerk.post(void_url, {"reason": ""}).status_code == 422

    as_clerk.post(void_url, {"reason": "重复登记"})

    assert "重复登记" in as_clerk.get(entry.get_absolute_url()).content.decode()
    correct_url = reverse("casework:entry_correct", args=[entry.pk])
    assert as_clerk.get(correct_url).url == entry.get_absolute_url()


# ── Who may ─────────────────────────────────────────────────────────────────────────────

RECORD_PAGES = ["entry_detail", "entry_correct", "entry_void", "entry_reveal"]


@pytest.mark.parametrize("name", RECORD_PAGES)
@pytest.mark.parametrize("who", ["neighbour", "stranger"])
def test_an_entry_does_not_exist_for_the_neighbour_and_the_stranger(
    client, make_entry, request, name, who
):
    client.force_login(request.getfixturevalue(who))
    url = reverse(f"casework:{name}", args=[make_entry().pk])
    answer = client.post(url) if name == "entry_reveal" else client.get(url)

    assert answer.status_code == 404


@pytest.mark.parametrize("name", RECORD_PAGES)
@pytest.mark.parametrize("who", ["liaison", "inspector", "system_admin", "audit_admin"])
def test_an_entry_is_closed_to_liaisons_inspectors_and_administrators(
    client, make_entry, request, name, who
):
    client.force_login(request.getfixturevalue(who))
    url = reverse(f"casework:{name}", args=[make_entry().pk])
    answer = client.post(url) if name == "entry_reveal" else client.get(url)

    assert answer.status_code == 403


def test_the_county_reads_and_reveals_but_corrects_nothing(client, reviewer, make_entry):
    client.force_login(reviewer)
    entry = make_entry()

    page = client.get(entry.get_absolute_url())
    assert page.status_code == 200
    assert not page.context["may_change"]
    for name in ("entry_correct", "entry_void"):
        assert client.get(reverse(f"casework:{name}", args=[entry.pk])).status_code == 403
    assert client.get(reverse("casework:entry_create", args=["visit"])).status_code == 403
