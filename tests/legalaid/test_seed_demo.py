"""The demonstration county: complete, plausible, the same each time, and never in production."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from stdnum.cn import ric

from assessment.models import Sheet
from casework.models import (
    Application,
    Complaint,
    Correction,
    Deadline,
    EntryDraft,
    Matter,
    MonthlyReport,
    NoVisitDay,
    RegisterCounter,
    RegisterEntry,
    SatisfactionAnswer,
)
from casework.terms import (
    MATTERS,
    Channel,
    Disposal,
    PeopleGroup,
    ReportStatus,
    Sensitive,
    Status,
)
from legalaid.demo import (
    ACCOUNTS,
    COUNTY_CODE,
    PASSWORD,
    POSTS,
    SILENT_STATION,
    SURGE_STATION,
    VACANT_TOWNSHIP,
    facts,
    network,
)
from legalaid.demo import walls as walls_demo
from legalaid.demo.moved_clock import at
from stations.models import (
    Appointment,
    Attendance,
    Chore,
    ContactPoint,
    County,
    DayOff,
    Division,
    DutySlot,
    Fund,
    Lead,
    Liaison,
    LiaisonTask,
    ParticularsChange,
    PremisesCheck,
    PublicityEvent,
    Station,
    SubsidySheet,
    User,
)
from stations.roles import Role
from stations.terms import Absence, Level
from stations.upkeep.rule_documents import in_force
from stations.walls.states import WallState, walls
from stations.walls.test_calls import rate

# Sorted among the tests that leave the database as it was, before those that empty it.
pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
NOW = timezone.make_aware(datetime.combine(TODAY, time(10)))
LAST_MONTH, THIS_MONTH = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """One demonstration county for all tests of this file, taken back at the end.

    It is seeded at ten in the morning, when two of today's three have come.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        with at(NOW):
            call_command("seed_demo", today=TODAY, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def in_seed(seeded):
    """What a test changes in the seeded county is taken back after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def monthly_counts(**where):
    return dict(
        RegisterEntry.objects.filter(**where)
        .values_list(TruncMonth("occurred_on"))
        .annotate(n=Count("pk"))
    )


# ── Facts and texts ─────────────────────────────────────────────────────────────────────


def test_every_text_uses_terms_of_the_dictionary():
    leaves = {f"{code}.{leaf}" for code, _name, leaves in MATTERS for leaf, *_rest in leaves}
    for text in facts.texts():
        assert text.matter in leaves
        assert text.disposal in Disposal
        assert text.sensitive in Sensitive
        assert set(text.groups) <= set(PeopleGroup)
        assert text.channel in {"", *Channel}
        assert 10 <= text.ages[0] <= text.ages[1] < 100
    assert {text.matter for text in facts.texts()} == leaves


def test_texts_are_all_different():
    assert len({text.title for text in facts.texts()}) == len(facts.texts()) >= 150
    assert len({text.statement for text in facts.texts()}) == len(facts.texts())


# ── The county ──────────────────────────────────────────────────────────────────────────


# Before the county is seeded


def test_production_never_gets_the_demonstration_county(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo")

    assert not County.objects.filter(division__code=COUNTY_CODE).exists()


def test_divisions_loaded_before_are_taken_as_they_are():
    """The nation may have been loaded first; its rows serve, and none is made twice."""
    province = Division.objects.create(code="34", name="安徽省", level=Level.PROVINCE)
    city = Division.objects.create(
        code="3415", name="六安市", level=Level.CITY, parent=province
    )

    divisions = network.build_divisions()

    assert divisions["3415"] == city
    assert divisions[COUNTY_CODE].parent == city
    assert Division.objects.count() == len(facts.divisions())


# The seeded county


def test_the_county_has_its_real_divisions_and_one_township_without_a_station(seeded):
    county = County.objects.get()
    divisions = Division.objects.of_county(county)

    assert divisions.townships().count() == 17
    assert divisions.villages().count() == 145
    without = divisions.townships().filter(stations=None)
    assert [township.code for township in without] == [VACANT_TOWNSHIP]
    assert Station.objects.open_on(TODAY).count() == 16
    assert Station.objects.filter(is_acting=True).exists()


def test_most_villages_have_a_liaison_and_some_are_vacant_since_different_days(seeded):
    villages = Division.objects.villages().exclude(parent__code=VACANT_TOWNSHIP)
    filled = Liaison.objects.in_post_on(TODAY)
    left = Liaison.objects.exclude(appointed_to=None)

    assert 0.8 < filled.count() / villages.count() < 1
    assert filled.filter(is_acting=True).exists()
    assert left.values("appointed_to").distinct().count() >= 5
    assert all(liaison.ended_reason for liaison in left)
    assert ContactPoint.objects.filter(has_sign=False).exists()


def test_every_role_has_an_account_that_opens_with_the_password(seeded, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

    assert {post.role for post in POSTS} == set(Role)
    assert len(ACCOUNTS) == len(POSTS)
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.is_demo
        assert user.check_password(PASSWORD)
        assert user.posts


def test_people_without_a_demonstration_account_cannot_sign_in(seeded):
    others = User.objects.exclude(username__in=[account.username for account in ACCOUNTS])

    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_every_station_has_a_clerk_a_head_and_people_on_duty(seeded):
    for role in (Role.CLERK, Role.HEAD, Role.DUTY):
        held = Appointment.objects.filter(role=role).values("station").distinct()
        assert held.count() == 16


def test_nobody_can_be_rung_or_found_by_a_number(seeded):
    people = [*RegisterEntry.objects.all(), *User.objects.all(), *Liaison.objects.all()]
    phones = {person.phone for person in people if person.phone}
    numbers = {person.id_number for person in people[: RegisterEntry.objects.count()]} - {""}

    assert all(re.fullmatch(r"13\d0000\d{4}", phone) for phone in phones)
    assert len(numbers) > 500
    for number in numbers:
        assert number[14:17] in {"996", "997", "998", "999"}
        assert ric.calc_check_digit(number) == number[-1]


# ── The register ────────────────────────────────────────────────────────────────────────


def test_every_matter_and_channel_and_at_least_120_texts_are_used(seeded):
    used = RegisterEntry.objects.values("matter").distinct()

    assert used.count() == Matter.objects.leaves().count()
    assert RegisterEntry.objects.values("title").distinct().count() >= 120
    assert set(RegisterEntry.objects.values_list("channel", flat=True)) == set(Channel)
    assert set(RegisterEntry.objects.values_list("disposal", flat=True)) == set(Disposal)


def test_no_blank_of_a_text_is_left_unfilled(seeded):
    unfilled = RegisterEntry.objects.filter(
        Q(statement__contains="{") | Q(answer__contains="{") | Q(title__contains="{")
    )
    assert not unfilled.exists()


def test_fourteen_months_up_to_yesterday_and_the_morning_of_one_station(seeded):
    before = RegisterEntry.objects.filter(occurred_on__lt=TODAY)
    days = before.aggregate(first=Min("occurred_on"), last=Max("occurred_on"))
    this_morning = RegisterEntry.objects.filter(occurred_on__gte=TODAY)

    assert len(monthly_counts()) == 14
    assert days["first"] < date(2025, 10, 8)
    assert date(2026, 11, 15) < days["last"]
    assert not RegisterEntry.objects.filter(recorded_at__lt=F("occurred_at")).exists()
    assert not before.filter(recorded_at__date__gte=TODAY).exists()
    assert {entry.station.code for entry in this_morning} == {SURGE_STATION}
    assert len(this_morning) == 2
    assert max(entry.recorded_at for entry in this_morning) < NOW


def test_stations_have_between_15_and_130_entries_in_a_full_month(seeded):
    for station in Station.objects.exclude(code=SILENT_STATION):
        counts = monthly_counts(station=station)
        counts.pop(THIS_MONTH)
        assert len(counts) == 13
        assert min(counts.values()) >= 15
        assert max(counts.values()) <= 130


def test_numbers_have_no_gap_in_any_series(seeded):
    series = RegisterEntry.objects.values("station", "channel", "year").annotate(
        n=Count("pk"), first=Min("serial"), last=Max("serial")
    )
    counters = {
        (counter.station_id, counter.channel, counter.year): counter.last
        for counter in RegisterCounter.objects.all()
    }
    assert len(series) == len(counters)
    for row in series:
        assert row["first"] == 1
        assert row["last"] == row["n"]
        assert counters[row["station"], row["channel"], row["year"]] == row["n"]


def test_one_station_and_no_other_has_been_silent_for_over_ten_working_days(seeded):
    calendar = DayOff.objects.calendar()
    silent = []
    for station in Station.objects.all():
        entry = RegisterEntry.objects.filter(station=station).latest("occurred_on").occurred_on
        said = NoVisitDay.objects.filter(station=station).latest("day").day
        if calendar.working_days_between(max(entry, said), TODAY) > 10:
            silent.append(station.code)
    assert silent == [SILENT_STATION]


def test_one_matter_surges_at_one_station_with_a_wage_claim_of_a_group(seeded):
    counts = monthly_counts(station__code=SURGE_STATION, matter__code="civil.labour_pay")
    before = (
        counts[date(2026, 7, 1)] + counts[date(2026, 8, 1)] + counts[date(2026, 9, 1)]
    ) / 3
    claim = RegisterEntry.objects.filter(station__code=SURGE_STATION, persons__gte=10)

    assert counts[LAST_MONTH] >= 1.3 * before
    assert counts[THIS_MONTH] >= 1.3 * before
    assert claim.filter(matter__code="civil.labour_pay", sensitive=Sensitive.GROUP).exists()


def test_wage_claims_rise_before_spring_festival(seeded):
    wages = monthly_counts(matter__code="civil.labour_pay")

    assert wages[date(2026, 1, 1)] > 1.5 * wages[date(2026, 5, 1)]


def test_the_register_looks_lived_in(seeded):
    entries = RegisterEntry.objects.all()

    assert entries.filter(matter_visit_no__gte=3).exists()
    assert entries.filter(persons__gte=5).exists()
    assert entries.filter(working_days_late__gt=1).exists()
    assert entries.filter(is_anonymous=True).exists()
    assert entries.filter(answer="").exists()
    assert entries.exclude(voided_at=None).exists()
    assert Correction.objects.values("entry").distinct().count() >= 3
    assert NoVisitDay.objects.exists()
    assert Lead.objects.waiting().exists()
    assert Lead.objects.exclude(outcome="").exists()
    assert EntryDraft.objects.exists()


def test_visitors_come_in_opening_hours(seeded):
    visits = RegisterEntry.objects.filter(channel=Channel.VISIT)
    assert not visits.exclude(occurred_at__hour__range=(8, 17)).exists()


# ── The months ──────────────────────────────────────────────────────────────────────────


def test_months_stand_where_they_would(seeded):
    stations = MonthlyReport.objects.of_stations()

    assert set(stations.filter(month__lt=LAST_MONTH).values_list("status", flat=True)) == {
        ReportStatus.CONFIRMED
    }
    assert set(stations.filter(month=LAST_MONTH).values_list("status", flat=True)) == set(
        ReportStatus
    )
    assert set(stations.filter(month=THIS_MONTH).values_list("status", flat=True)) == {
        ReportStatus.OPEN
    }
    assert stations.filter(issue=2, status=ReportStatus.CONFIRMED).count() == 1
    late = stations.filter(first_sent_at__date__gt=F("due_on")).count()
    assert 0 < late < 0.15 * stations.count()


def test_document_numbers_have_no_gap_in_a_year(seeded):
    for station in Station.objects.all():
        for year in (2025, 2026):
            sent = MonthlyReport.objects.filter(station=station, first_sent_at__year=year)
            serials = sorted(sent.values_list("serial", flat=True))
            assert serials == list(range(1, len(serials) + 1))


def test_the_events_of_a_report_are_in_the_order_of_their_days(seeded):
    for report in MonthlyReport.objects.prefetch_related("events"):
        events = sorted(report.events.all(), key=lambda event: event.pk)
        moments = [event.made_at for event in events]
        assert moments == sorted(moments)
        assert events[-1].to_status == report.status


# ── Where it is refused ─────────────────────────────────────────────────────────────────


def test_a_second_run_is_refused_and_changes_nothing(in_seed):
    before = RegisterEntry.objects.count(), User.objects.count(), Division.objects.count()

    with pytest.raises(CommandError, match="there already"):
        call_command("seed_demo")

    assert before == (
        RegisterEntry.objects.count(),
        User.objects.count(),
        Division.objects.count(),
    )


def test_applications_stand_at_every_point_of_the_way(seeded):
    at_each = set(Application.objects.values_list("status", flat=True))
    # A proposal of termination waits for nobody's look in the demonstration.
    assert set(Status) - at_each == {Status.TERMINATION_PROPOSED}


def test_numbers_of_applications_run_without_gaps_in_the_order_of_the_days(seeded):
    for year in {row.year for row in Application.objects.all()}:
        rows = Application.objects.filter(year=year).order_by("received_at", "serial")
        assert [row.serial for row in rows] == list(range(1, len(rows) + 1))


def test_nothing_in_an_application_happens_in_the_future_or_out_of_order(seeded):
    for application in Application.objects.prefetch_related("events"):
        moments = [event.made_at for event in application.events.all()]
        assert moments == sorted(moments)
        assert timezone.localdate(moments[-1]) <= TODAY


def test_some_clock_is_due_soon_and_some_has_ended_late(seeded):
    running = Deadline.objects.running()
    assert running.filter(due_on__lt=TODAY).exists()
    assert running.filter(due_on__gte=TODAY, due_on__lte=TODAY + timedelta(days=3)).exists()


def test_refusals_speak_of_the_matter_that_was_asked(seeded):
    refused = Application.objects.filter(decisions__kind="refuse").distinct()
    assert refused.exists()
    assert {row.aid_matter.code for row in refused} == {"31-9"}


def test_a_year_of_station_life_is_there_but_at_the_silent_station(seeded):
    life = {
        "checks": PremisesCheck.objects.values("station").distinct().count(),
        "events": PublicityEvent.objects.exclude(photos=None).exists(),
        "funds": Fund.objects.values("station").distinct().count(),
        "trained": Attendance.objects.values("session").distinct().count(),
        "tasks": LiaisonTask.objects.overdue(TODAY).count(),
    }
    stations = Station.objects.count()
    assert life == {
        "checks": stations - 1,
        "events": True,
        "funds": stations,
        "trained": 3,
        "tasks": 1,
    }


def test_most_walls_are_posted_and_what_a_moved_phone_left_behind_shows(seeded):
    county = County.objects.get()
    stations = list(Station.objects.select_related("county__division"))
    states = {
        station.code: {line.state for line in walls(county, [station], TODAY)[station.pk]}
        for station in stations
    }
    stale = {code for code, state in states.items() if WallState.STALE in state}
    assert stale == set(walls_demo.MOVED)
    moved = ParticularsChange.objects.filter(model="stations.station", field="phone")
    assert {each.old_value for each in moved} == {walls_demo.OLD_PHONE}
    assert set(ParticularsChange.objects.values_list("field", flat=True)) == {
        *("address", "phone", "post", "complaint_address"),
    }
    good = [
        state for state in states.values() if state == {WallState.CURRENT, WallState.MISSING}
    ]
    assert len(good) >= 11
    held = [in_force(station, TODAY).count for station in stations]
    assert held.count(7) == len(stations) - len(walls_demo.FEW_RULES)
    assert 80 <= rate(county, TODAY).live_percent < 100
    kinds = set(Chore.objects.values_list("kind", flat=True))
    assert {"wall", "rules", "test_call"} <= kinds


def test_complaints_stand_in_every_state_and_visitors_have_answered(seeded):
    assert set(Complaint.objects.values_list("status", flat=True)) == {
        "closed",
        "found",
        "entrusted",
        "supplementing",
        "forwarded",
        "not_accepted",
        "merged",
    }
    assert not Complaint.objects.filter(received_at__date__gte=TODAY).exists()
    assert not SatisfactionAnswer.objects.filter(answered_on__gt=TODAY).exists()
    assert SatisfactionAnswer.objects.by_code().count() > 100


def test_the_year_of_assessment_runs_and_tells_stations_apart(seeded):
    yesterday = TODAY - timedelta(days=1)
    every = Sheet.objects.select_related("year", "station")
    sheets = list(every.filter(year__year=yesterday.year))

    assert {sheet.station for sheet in sheets} == set(Station.objects.all())
    assert {sheet.computed_on for sheet in sheets} == {yesterday}
    # Nobody has scored the lines that take a person, so there is no grade yet.
    assert {sheet.grade for sheet in sheets} == {""}
    assert max(sheet.total for sheet in sheets) - min(sheet.total for sheet in sheets) > 5
    assert min(sheets, key=lambda sheet: sheet.total).station.code == SILENT_STATION
    # Last year is over and frozen, with a grade for everybody.
    before = list(every.filter(year__year=yesterday.year - 1))
    assert len(before) == len(sheets)
    assert all(sheet.is_frozen and sheet.grade for sheet in before)


def test_past_months_of_duty_were_stood_settled_and_this_one_is_published(seeded):
    slots = DutySlot.objects.filter(duty_month__published_at__isnull=False)
    over = slots.filter(day__lt=TODAY, worker__isnull=False, absence="")
    assert over.count() > 100
    assert not over.filter(signed_in_at=None).exists()
    assert set(slots.exclude(absence="").values_list("absence", flat=True)) == {
        Absence.TOLD,
        Absence.UNTOLD,
    }
    assert SubsidySheet.objects.count() == 1
    today = slots.filter(worker__user__username="lawyer", day=TODAY)
    assert {slot.half for slot in today} == ({"am", "pm"} if TODAY.weekday() < 5 else set())


def test_no_list_of_the_demonstration_is_empty(in_seed, client):
    """The lists that nothing but an act of somebody fills, as those who use them see them."""

    def shown(username, name, query="", rows="page"):
        with at(NOW):
            client.force_login(User.objects.get(username=username))
            return list(client.get(f"{reverse(name)}?{query}").context[rows])

    letters = shown("reviewer", "casework:cooperation_list")
    assert {(letter.direction, letter.status) for letter in letters} == {
        ("out", "sent"),
        ("out", "replied"),
        ("in", "accepted"),
    }
    assert shown("clerk", "casework:cooperation_list")
    written = shown("director", "casework:typical_case_list", "own=1")
    assert {case.state for case in written} == {"draft", "submitted"}
    [published] = shown("clerk3", "casework:typical_case_list")
    assert published.reviewed_by != published.written_by
    waiting = shown("reviewer", "casework:follow_up_list")
    assert len(waiting) >= 3
    assert {row.tries for row in waiting} == {0, 1}
    assert len(shown("reviewer", "casework:follow_up_list", "called=1")) == 3
    files = {batch.status: batch for batch in shown("clerk", "casework:import_list")}
    assert set(files) == {"rejected", "undone", "imported"}
    assert files["rejected"].error_count == len(files["rejected"].errors) == 4
    assert not files["undone"].entries.filter(voided_at=None).exists()
    acts = shown("auditor", "stations:look_list", "kind=account", rows="lines")
    assert len(acts) == 4
    assert len(shown("auditor", "stations:look_list", rows="unusual")) == 3
    seals = shown("auditor", "stations:seal_list", rows="rows")
    assert seals[0][0].day == TODAY - timedelta(days=1)
    assert [seal.day for seal, state in seals if state is None or state.is_wrong] == []
    of_today = shown("clerk", "casework:entry_list", f"from={TODAY}", rows="entries")
    assert {entry.occurred_on for entry in of_today} == {TODAY}
