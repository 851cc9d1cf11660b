"""The sheet of a call or a visit: what it asks, what it refuses in words, what it never loses."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.analysis.precheck import missing_cells
from casework.forms.fields import with_year
from casework.forms.tickets import new_ticket
from casework.models import EntryDraft, Matter, NoVisitDay, RegisterEntry
from casework.terms import Channel
from stations.models import Lead
from tests.conftest import at

pytestmark = pytest.mark.django_db

ID_NUMBER = "341525198406170027"


def page_of(channel="visit"):
    return reverse("casework:entry_create", args=[channel])


@pytest.fixture
def typed(matter, village, duty):
    """What a clerk types for a visit."""

    def make(**changes):
        fields = {
            "ticket": new_ticket(),
            "channel": "visit",
            "occurred_at": f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%d %H:%M}",
            "name": "吴秋菊",
            "id_number": "",
            "sex": "female",
            "phone": "139 0000 2648",
            "village": village.name,
            "persons": "1",
            "receiver": duty.pk,
            "people_groups": ["farmer"],
            "matter": matter.pk,
            "statement": "在工地干了三个月，工钱没有结清。",
            "answer": "先向劳动监察投诉，也可以申请法律援助。",
            "disposal": "answered",
            "sensitive": "none",
            "is_told_of_right": "on",
        }
        return {name: value for name, value in (fields | changes).items() if value is not None}

    return make


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


# ── What each channel asks ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("channel", Channel.values)
def test_every_channel_has_its_form_for_few_queries(
    as_clerk, channel, django_assert_max_num_queries
):
    as_clerk.get(page_of(channel))
    with django_assert_max_num_queries(12):
        page = as_clerk.get(page_of(channel))

    assert page.status_code == 200


def test_a_call_does_not_ask_who_the_person_is_on_paper(as_clerk):
    fields = set(as_clerk.get(page_of("call")).context["form"].fields)

    assert not fields & {
        "id_number",
        "birth_on",
        "ethnic_group",
        "household_place",
        "address",
        "education",
        "persons",
    }
    assert {"phone", "is_hotline", "duration_minutes"} <= fields


def test_the_receiver_is_whoever_is_signed_in_and_one_of_the_station(
    client, duty, clerk, head, neighbour, liaison
):
    client.force_login(duty)
    form = client.get(page_of()).context["form"]

    assert form["receiver"].value() == duty.pk
    assert set(form.fields["receiver"].queryset) == {duty, clerk, head}


def test_there_is_no_page_for_a_channel_nobody_knows(as_clerk):
    assert as_clerk.get(page_of("pigeon")).status_code == 404


# ── Saving ──────────────────────────────────────────────────────────────────────────────


def test_a_saved_visit_is_in_the_register_and_the_next_form_opens(as_clerk, typed, village):
    answer = as_clerk.post(page_of(), typed())

    entry = RegisterEntry.objects.get()
    assert answer.url == f"{page_of()}?after={entry.pk}"
    assert (entry.number[-4:], entry.name, entry.phone) == ("0001", "吴秋菊", "13900002648")
    assert entry.village == village
    assert entry.people_groups == ["women", "farmer"]
    assert entry.seconds_to_record is not None
    assert entry.number in as_clerk.get(answer.url).content.decode()


def test_a_second_press_saves_nothing_twice(as_clerk, typed):
    sent = typed()
    first, second = as_clerk.post(page_of(), sent), as_clerk.post(page_of(), sent)

    assert first.url == second.url
    assert RegisterEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_save_one_entry(client, clerk, typed):
    client.force_login(clerk)
    sent, cookies = typed(), client.cookies

    def press(_time):
        browser = Client()
        browser.cookies = cookies
        try:
            return browser.post(page_of(), sent).url
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(press, range(2))

    assert first == second
    assert RegisterEntry.objects.count() == 1


def test_a_call_is_saved_without_identity(as_clerk, typed):
    as_clerk.post(
        page_of("call"), typed(channel="call", id_number=ID_NUMBER, village="", is_hotline="on")
    )

    entry = RegisterEntry.objects.get()
    assert (entry.channel, entry.id_number, entry.is_hotline) == ("call", "", True)
    assert entry.duration_minutes is None


def test_a_call_written_while_it_happens_took_as_long_as_the_form_was_open(as_clerk, typed):
    opened_at = (timezone.now() - timedelta(seconds=150)).timestamp()
    ticket = signing.dumps({"key": str(uuid.uuid4()), "opened_at": opened_at}, salt="entry")
    started = timezone.localtime() - timedelta(seconds=150)
    as_clerk.post(
        page_of("call"),
        typed(channel="call", ticket=ticket, occurred_at=f"{started:%Y-%m-%d %H:%M}"),
    )

    entry = RegisterEntry.objects.get()
    assert entry.seconds_to_record in range(150, 156)
    assert entry.duration_minutes == 3


def test_the_identity_number_brings_birth_date_and_sex(as_clerk, typed):
    as_clerk.post(page_of(), typed(id_number="３４１５２５ 19840617 0027", sex=""))

    entry = RegisterEntry.objects.get()
    assert (entry.id_number, entry.sex, str(entry.birth_on)) == (
        ID_NUMBER,
        "female",
        "1984-06-17",
    )


def test_a_refusal_frees_the_name_and_from_elsewhere_the_village(as_clerk, typed):
    as_clerk.post(
        page_of(), typed(name="", is_anonymous="on", village="", is_from_elsewhere="on")
    )

    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.is_anonymous, entry.village) == ("", True, None)


@pytest.mark.parametrize("channel", ["call", "visit"])
def test_somebody_who_refuses_to_be_named_is_recorded_with_the_topic_only(
    as_clerk, typed, channel
):
    nothing = dict.fromkeys(["name", "phone", "sex", "village"], "") | {"people_groups": []}
    as_clerk.post(page_of(channel), typed(channel=channel, is_anonymous="on", **nothing))

    entry = RegisterEntry.objects.get()
    assert (entry.is_anonymous, entry.phone, entry.sex) == (True, "", "")
    # What the month asks of an entry is what the form asked.
    assert missing_cells(entry) == []


def test_the_day_of_the_event_may_leave_out_its_year(as_clerk, typed):
    day = timezone.localdate() - timedelta(days=40)
    as_clerk.post(page_of(), typed(event_on=f"{day.month}.{day.day}"))

    assert RegisterEntry.objects.get().event_on == day


def test_another_matter_comes_from_the_list(as_clerk, typed):
    homestead = Matter.objects.get(code="civil.homestead")
    as_clerk.post(page_of(), typed(matter="other", other_matter=homestead.pk))

    assert RegisterEntry.objects.get().matter == homestead


def test_rare_characters_and_emoji_are_kept(as_clerk, typed):
    as_clerk.post(page_of(), typed(name="𠮷𤭢", statement="他说“好的👌”𪚥"))

    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.statement) == ("𠮷𤭢", "他说“好的👌”𪚥")


# ── Mistakes ────────────────────────────────────────────────────────────────────────────


def tomorrow():
    return f"{timezone.localtime() + timedelta(days=1):%Y-%m-%d %H:%M}"


def long_ago():
    return f"{timezone.localtime() - timedelta(days=400):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"occurred_at": tomorrow}, "occurred_at"),
        ({"occurred_at": long_ago}, "occurred_at"),
        ({"occurred_at": "2026-13-45 10:00"}, "occurred_at"),
        ({"occurred_at": "随便写的"}, "occurred_at"),
        ({"occurred_at": ""}, "occurred_at"),
        ({"name": ""}, "name"),
        ({"name": "吴" * 41}, "name"),
        ({"name": "吴\0菊"}, "name"),
        ({"statement": "字" * 4001}, "statement"),
        ({"statement": "有\0空"}, "statement"),
        ({"answer": "  "}, "answer"),
        ({"phone": "1390000264"}, "phone"),
        ({"phone": "不知道"}, "phone"),
        ({"id_number": "34152519840617002"}, "id_number"),
        ({"id_number": "341525198406170020"}, "id_number"),
        ({"id_number": ID_NUMBER, "sex": "male"}, "sex"),
        ({"id_number": ID_NUMBER, "birth_on": "1985-01-01"}, "birth_on"),
        ({"birth_on": "3026-01-01"}, "birth_on"),
        ({"event_on": tomorrow}, "event_on"),
        ({"sex": "", "people_groups": ["farmer"]}, "sex"),
        ({"sex": "male", "people_groups": []}, "people_groups"),
        ({"people_groups": ["martians"]}, "people_groups"),
        ({"persons": "0"}, "persons"),
        ({"persons": "1000"}, "persons"),
        ({"persons": ""}, "persons"),
        ({"village": ""}, "village"),
        ({"village": "没有的村"}, "village"),
        ({"matter": None}, "matter"),
        ({"matter": "999999"}, "matter"),
        ({"matter": "other", "other_matter": ""}, "other_matter"),
        ({"disposal": None}, "disposal"),
        ({"disposal": "shrug"}, "disposal"),
        ({"receiver": "999999"}, "receiver"),
        ({"is_told_of_right": None}, "is_told_of_right"),
        ({"ticket": "forged"}, "ticket"),
    ],
)
def test_a_mistake_gets_its_sentence_and_everything_typed_stays(
    as_clerk, typed, changes, field
):
    changes = {name: v() if callable(v) else v for name, v in changes.items()}
    page = as_clerk.post(page_of(), typed(opponent="某建筑公司", **changes))

    form = page.context["form"]
    assert page.status_code == 422
    assert field in form.errors
    # Each has its own sentence; none is left to a constraint's name.
    assert not form.non_field_errors()
    assert form["opponent"].value() == "某建筑公司"
    assert not RegisterEntry.objects.exists()


def test_more_than_a_year_back_is_saved_once_it_is_said_to_be_right(as_clerk, typed):
    as_clerk.post(page_of(), typed(occurred_at=long_ago(), is_long_ago="on"))

    assert RegisterEntry.objects.get().occurred_at < timezone.now() - timedelta(days=365)


def test_a_village_elsewhere_is_refused_with_where_it_is(
    as_clerk, typed, next_station, far_station
):
    neighbouring = next_station.township.children.first()
    foreign = far_station.township.children.first()

    by_name = as_clerk.post(page_of(), typed(village=neighbouring.name))
    by_code = as_clerk.post(page_of(), typed(village=foreign.code))

    assert "石桥镇" in by_name.context["form"].errors["village"][0]
    assert foreign.name in by_code.context["form"].errors["village"][0]


def test_a_village_is_known_without_its_last_word(as_clerk, typed, village):
    as_clerk.post(page_of(), typed(village=village.name.removesuffix("村")))

    assert RegisterEntry.objects.get().village == village


@pytest.mark.parametrize(
    ("text", "spelt_out"),
    [
        ("10:12", "2026-01-05 10:12"),
        ("昨天 15:30", "2026-01-04 15:30"),
        ("1月3日 9:05", "2026-1-3 9:05"),
        ("1-3 9:05", "2026-1-3 9:05"),
        ("12月31日 16:00", "2025-12-31 16:00"),
        ("1月6日 10:00", "2026-1-6 10:00"),
        ("2025-12-31 16:00", "2025-12-31 16:00"),
        ("下午3点半", "2026-01-05 15:30"),
        ("昨天上午9点", "2026-01-04 9:00"),
        ("1.3 中午12：05", "2026-1-3 12:05"),
    ],
)
def test_a_short_time_is_spelt_out(text, spelt_out):
    assert with_year(text, at(2026, 1, 5).date()) == spelt_out


# ── Drafts ──────────────────────────────────────────────────────────────────────────────


def test_a_draft_comes_back_as_it_was_typed_and_goes_when_saved(as_clerk, typed, clerk):
    sent = typed(occurred_at="明天", phone="139", people_groups=["farmer", "disabled"])
    kept = as_clerk.post(reverse("casework:entry_draft"), sent)

    assert kept.status_code == 200
    page = as_clerk.get(page_of())
    form = page.context["form"]
    assert form["occurred_at"].value() == "明天"
    assert form["phone"].value() == "139"
    assert form["people_groups"].value() == ["farmer", "disabled"]
    assert form["is_anonymous"].value() is False
    assert not form.errors
    as_clerk.post(page_of(), typed(ticket=page.context["ticket"]))
    assert not EntryDraft.objects.exists()
    assert RegisterEntry.objects.get().seconds_to_record is None


def test_a_draft_is_encrypted_and_seen_by_its_writer_alone(client, clerk, head, typed):
    client.force_login(clerk)
    client.post(reverse("casework:entry_draft"), typed(name="保密的人"))
    draft = EntryDraft.objects.get()

    assert json.loads(draft.content)["name"] == "保密的人"
    client.force_login(head)
    assert client.get(page_of()).context["draft"] is None


def test_a_late_draft_does_not_bring_a_saved_entry_back(as_clerk, typed):
    sent = typed()
    as_clerk.post(page_of(), sent)
    as_clerk.post(reverse("casework:entry_draft"), sent)

    assert not EntryDraft.objects.exists()


def test_a_draft_may_be_discarded_and_survives_odd_signs(as_clerk, typed):
    as_clerk.post(reverse("casework:entry_draft"), typed(statement="有\0空👌"))
    assert as_clerk.get(page_of()).context["form"]["statement"].value() == "有\0空👌"

    as_clerk.post(reverse("casework:entry_draft"), {"channel": "visit", "discard": "1"})
    assert as_clerk.get(page_of()).context["draft"] is None


@pytest.mark.parametrize(
    ("data", "status"), [({"channel": "visit"}, 409), ({"channel": "pigeon"}, 404), ({}, 404)]
)
def test_a_broken_draft_is_refused(as_clerk, data, status):
    assert as_clerk.post(reverse("casework:entry_draft"), data).status_code == status


# ── Hints ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def ask(as_clerk):
    def post(**typed):
        return as_clerk.post(reverse("casework:entry_hints"), typed)

    return post


def test_the_hints_name_at_most_three_earlier_entries_and_why(ask, make_entry):
    for day in range(2, 7):
        make_entry(occurred_at=at(2026, 3, day))

    matches = ask(phone="13900002648").context["matches"]

    assert [match.entry.occurred_at.day for match in matches] == [6, 5, 4]
    assert all(match.reason for match in matches)


def test_a_name_is_known_by_sound_only_in_its_village(ask, make_entry, village):
    entry = make_entry(name="吴秋菊", phone="", occurred_at=at(2026, 3, 2))

    assert [m.entry for m in ask(name="伍秋菊", village=village.name).context["matches"]] == [
        entry
    ]
    assert not ask(name="吴秋菊").context["matches"]


def test_other_stations_are_only_counted_and_the_next_county_not_at_all(
    ask, make_entry, next_station, far_station
):
    make_entry(next_station, name="别站的人")
    make_entry(far_station)

    page = ask(phone="13900002648")

    assert page.context["matches"] == []
    assert page.context["elsewhere"] == 1
    assert "别站的人" not in page.content.decode()


def test_hints_read_what_is_half_typed_without_falling_over(ask):
    page = ask(
        name="吴\0",
        phone="13",
        id_number="34",
        village="没有",
        persons="很多",
        matter="9" * 40,
        event_on="昨天？",
        sensitive="?",
        people_groups="?",
    )

    assert page.status_code == 200


def test_hints_cost_few_queries(
    ask, make_entry, village, matter, django_assert_max_num_queries
):
    make_entry()
    ask()
    with django_assert_max_num_queries(12):
        ask(
            phone="13900002648",
            name="吴秋菊",
            village=village.name,
            matter=matter.pk,
            event_on="2026-03-02",
            persons="12",
        )


def test_many_persons_say_what_to_report(ask):
    assert ask(persons="4").context["level"] is None
    assert ask(persons="5").context["level"] == "watch"
    assert ask(persons="10").context["level"] == "grave"
    assert ask(sensitive="extreme").context["is_grave"]


def test_the_matter_and_its_day_show_what_may_run_out(ask, matter):
    page = ask(
        matter=matter.pk, event_on=f"{timezone.localdate() - timedelta(days=355):%Y-%m-%d}"
    )

    assert [hint.state for hint in page.context["limitations"]] == ["near"]
    assert ask(matter=matter.pk).context["asks_for_event"]


# ── Same person, same matter ────────────────────────────────────────────────────────────


def test_same_person_and_matter_link_to_the_earlier_entry_and_take_its_numbers(
    as_clerk, typed, make_entry
):
    earlier = make_entry(occurred_at=at(2026, 3, 2), id_number=ID_NUMBER)
    as_clerk.post(page_of(), typed(phone="", earlier=earlier.pk, same_person="same_matter"))

    entry = RegisterEntry.objects.latest("pk")
    assert (entry.repeat_of, entry.matter_visit_no, entry.visit_no) == (earlier, 2, 2)
    assert (entry.phone, entry.id_number) == ("13900002648", ID_NUMBER)


def test_same_person_with_another_matter_counts_the_person_only(as_clerk, typed, make_entry):
    earlier = make_entry(occurred_at=at(2026, 3, 2))
    as_clerk.post(page_of(), typed(earlier=earlier.pk, same_person="other_matter"))

    entry = RegisterEntry.objects.latest("pk")
    assert (entry.repeat_of, entry.matter_visit_no, entry.visit_no) == (None, 1, 2)


def test_somebody_else_with_the_same_phone_is_not_linked(as_clerk, typed, make_entry):
    make_entry()
    as_clerk.post(page_of(), typed(same_person="no"))

    entry = RegisterEntry.objects.latest("pk")
    assert (entry.repeat_of, entry.visit_no) == (None, 1)


def test_an_entry_of_another_station_cannot_be_pointed_at(
    as_clerk, typed, make_entry, next_station
):
    other = make_entry(next_station)
    page = as_clerk.post(page_of(), typed(earlier=other.pk, same_person="same_matter"))

    assert "earlier" in page.context["form"].errors


# ── From a lead, from a record ──────────────────────────────────────────────────────────


@pytest.fixture
def lead(station, village, liaison):
    return Lead.objects.create(
        station=station,
        village=village,
        kind="pay",
        name="吴秋菊",
        phone="13900002648",
        words="工钱没有结清",
        sent_by=liaison,
        client_key=uuid.uuid4(),
    )


def test_a_lead_fills_the_form_and_is_taken_up_with_the_entry(
    as_clerk, typed, lead, clerk, village, matter
):
    page = as_clerk.get(page_of(), {"lead": lead.pk})
    form = page.context["form"]
    assert (form["name"].value(), form["village"].value()) == ("吴秋菊", village.name)
    assert form["matter"].value() == matter.pk
    assert "13900002648" not in page.content.decode()

    as_clerk.post(page_of(), typed(lead=lead.pk, phone=""))

    entry = RegisterEntry.objects.get()
    lead.refresh_from_db()
    assert (entry.lead, entry.phone) == (lead, "13900002648")
    assert (lead.taken_by, lead.taken_at is not None) == (clerk, True)
    assert entry.number in lead.outcome


def test_a_lead_somebody_else_has_taken_up_is_refused_and_nothing_saved(
    as_clerk, typed, lead, head
):
    lead.taken_by, lead.taken_at = head, timezone.now()
    lead.save()

    page = as_clerk.post(page_of(), typed(lead=lead.pk))

    assert "方站长" in page.context["form"].non_field_errors()[0]
    assert not RegisterEntry.objects.exists()


def test_a_lead_of_another_station_does_not_exist_here(client, neighbour, lead):
    client.force_login(neighbour)
    assert client.get(page_of(), {"lead": lead.pk}).status_code == 404


def test_the_same_person_again_begins_with_what_is_known_and_masked_numbers(
    as_clerk, make_entry
):
    entry = make_entry()
    page = as_clerk.get(page_of(), {"copy": entry.pk})

    assert page.context["form"]["name"].value() == "吴秋菊"
    assert "139****2648" in page.content.decode()
    assert "13900002648" not in page.content.decode()


# ── Nobody came ─────────────────────────────────────────────────────────────────────────


def test_nobody_came_today_is_noted_once(as_clerk, station):
    for _time in range(2):
        as_clerk.post(reverse("casework:no_visits"))

    assert [row.day for row in NoVisitDay.objects.all()] == [timezone.localdate()]


@pytest.mark.parametrize("day", ["1999-01-01", "3000-01-01", "何时"])
def test_nobody_came_is_refused_for_a_day_far_away(as_clerk, day):
    answer = as_clerk.post(
        reverse("casework:no_visits"), {"day": day, "next": "//evil.example"}
    )

    assert answer.url == reverse("desk")
    assert not NoVisitDay.objects.exists()
