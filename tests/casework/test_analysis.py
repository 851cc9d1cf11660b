"""The month of a station and of a county: every figure is counted from rows and opens them."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, strip_tags

from casework import workflow
from casework.analysis import (
    MonthlyAnalysis,
    counted_rows,
    is_unchanged,
    monthly_analysis,
    precheck,
)
from casework.forms.filters import EntryFilter
from casework.models import Application, Matter, MonthlyReport, RegisterEntry
from casework.periods import last_day, month_of, months_from
from casework.register import writing
from casework.reports import months
from casework.terms import Channel, Disposal, PeopleGroup, Sensitive, Status
from stations.models import Division
from tests.conftest import at, unsaved_entry

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)
AFTER = date(2026, 6, 1)


def of(place, month=MARCH, today=AFTER):
    return monthly_analysis(place, month, today=today)


@pytest.fixture
def random_register(station, next_station, clerk):
    """Sixteen months of entries at two stations, of every channel, matter, group and disposal."""
    chance = random.Random(20260301)
    matters = list(Matter.objects.leaves())[::4]
    for place in (station, next_station):
        villages = [None, *place.township.children.all()]
        entries = []
        for _n in range(160):
            month = months_from(MARCH, -chance.choice([0, 0, 0, 1, 1, 2, 3, 5, 11, 12, 13, 15]))
            day = chance.randrange(1, last_day(month).day + 1)
            occurred_at = at(month.year, month.month, day, chance.randrange(24))
            entries.append(
                unsaved_entry(
                    place,
                    channel=chance.choice(list(Channel)),
                    occurred_at=occurred_at,
                    recorded_at=occurred_at + timedelta(days=chance.choice([0, 0, 1, 4])),
                    is_hotline=chance.random() < 0.2,
                    people_groups=chance.sample(list(PeopleGroup), chance.randrange(4)),
                    persons=chance.choice([1, 1, 1, 2, 6, 12]),
                    phone=f"1390000{chance.randrange(9):04d}",
                    village=chance.choice(villages),
                    matter=chance.choice(matters),
                    opponent=chance.choice(["", "清山木业", "（清山）木业", "李某"]),
                    disposal=chance.choice(["", *Disposal]),
                    sensitive=chance.choice([Sensitive.NONE] * 9 + [Sensitive.MEDIA]),
                    statement=chance.choice(["村里征地的补偿款没有给。", "孩子的抚养费。"]),
                    seconds_to_record=chance.choice([None, 40, 65]),
                )
            )
        writing.record_many(entries, by=clerk)
    void = RegisterEntry.objects.filter(station=station).first()
    writing.declare_void(void, reason="重复登记", by=clerk)


def rows_opened(figure, user):
    entries = EntryFilter(QueryDict(figure.query), user)
    assert entries.is_valid(), entries.errors
    return entries.queryset()


@pytest.mark.parametrize("place", ["station", "county"])
def test_every_figure_opens_exactly_the_rows_it_counts(
    request, random_register, place, head, officer
):
    user = head if place == "station" else officer
    analysis = of(request.getfixturevalue(place))

    opened = [figure for figure in analysis.figures() if figure.filters]
    assert len(opened) > 300
    for figure in opened:
        rows = rows_opened(figure, user)
        if figure.unit == "entries":
            assert rows.count() == figure.value, figure
        elif figure is not analysis.totals.largest:
            assert sum(row.persons for row in rows) == figure.value, figure


@pytest.mark.parametrize("place", ["station", "county"])
def test_every_signal_opens_exactly_the_rows_it_counts(
    request, random_register, place, head, officer
):
    analysis = of(request.getfixturevalue(place))

    assert {"crowd", "flagged", "topic", "repeated", "surge"} <= {
        signal.kind for signal in analysis.signals
    }
    for signal in analysis.signals:
        rows = rows_opened(signal, head if place == "station" else officer)
        assert rows.count() == signal.entries, signal


def test_one_opponent_in_thirty_days_is_found_over_the_month_s_edge_however_written(
    make_entry, station, head
):
    names = ["清山木业", "（清山）木业", "清山 木业"]
    days = [at(2026, 2, 20), at(2026, 3, 2), at(2026, 3, 21)]
    for name, occurred_at in zip(names, days, strict=True):
        make_entry(occurred_at=occurred_at, opponent=name)
    make_entry(occurred_at=at(2026, 3, 22), opponent="清山石料")

    (signal,) = [s for s in of(station).signals if s.kind == "opponent"]

    assert (signal.filters["from"], signal.filters["to"]) == ("2026-02-20", "2026-03-21")
    assert signal.entries == rows_opened(signal, head).count() == 3


@pytest.mark.parametrize("place", ["station", "county"])
def test_parts_add_up(request, random_register, place):
    analysis = of(request.getfixturevalue(place))
    total = analysis.totals.entries.value

    assert total > 20
    for parts in (
        analysis.channels,
        analysis.classes,
        analysis.matters,
        analysis.places,
        analysis.hours,
        analysis.disposals,
    ):
        assert sum(line.count.value for line in parts) == total
    assert analysis.trend[-1].entries.value == total
    assert analysis.trend[0].month == date(2025, 3, 1)
    assert len(analysis.trend) == 13
    assert sum(line.count.value for line in analysis.hot) + analysis.rest.count.value == total
    assert sum(line.persons.value for line in analysis.matters) == analysis.totals.persons.value
    for line in (*analysis.matters, *analysis.groups):
        assert sum(figure.value for figure in line.by_channel) == line.count.value


def test_the_county_is_the_sum_of_its_stations_in_everything_additive(
    random_register, county, station, next_station
):
    whole, one, other = of(county), of(station), of(next_station)

    for name in ("entries", "calls", "visits", "hotline", "persons", "guided", "drafted"):
        for part in ("now", "on_month", "on_year"):
            values = [getattr(getattr(a.totals, name), part) for a in (whole, one, other)]
            values = [getattr(value, "before", value).value for value in values]
            assert values[0] == values[1] + values[2], (name, part)
    for n, month in enumerate(whole.trend):
        assert month.entries.value == one.trend[n].entries.value + other.trend[n].entries.value
    for parts in ("groups", "disposals", "hours"):
        lines = [
            {line.key: line.count.value for line in getattr(a, parts)}
            for a in (whole, one, other)
        ]
        assert all(
            count == lines[1].get(key, 0) + lines[2].get(key, 0)
            for key, count in lines[0].items()
        )
    assert whole.quality.late.value == one.quality.late.value + other.quality.late.value
    assert [line.count.value for line in whole.places] == sorted(
        [one.totals.entries.value, other.totals.entries.value], reverse=True
    )


@pytest.mark.parametrize("place", ["station", "county"])
def test_the_record_survives_json(request, random_register, place):
    analysis = of(request.getfixturevalue(place))

    text = json.dumps(analysis.as_json(), ensure_ascii=False)
    assert MonthlyAnalysis.from_json(json.loads(text)) == analysis


def test_a_month_costs_the_same_queries_for_any_number_of_rows(
    make_entry, station, county, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(18) as few:
        of(county)
    for day in range(2, 9):
        make_entry(occurred_at=at(2026, 3, day), phone=f"1390000000{day}")
    with django_assert_num_queries(len(few)):
        of(county)


def test_a_month_of_nothing(station, county):
    for place in (station, county):
        analysis = of(place)
        assert analysis.is_empty
        assert analysis.totals.entries.on_month.percent is None
        assert analysis.totals.entries.on_month.direction == "same"
        assert (analysis.repeat_share, analysis.quality.on_time_share) == (None, None)
        assert (analysis.matters, analysis.rest, analysis.signals) == ((), None, ())
        assert MonthlyAnalysis.from_json(analysis.as_json()) == analysis


def test_void_entries_and_other_months_do_not_count(make_entry, station, head):
    make_entry(occurred_at=at(2026, 2, 28, 23, 59))
    make_entry(occurred_at=at(2026, 4, 1, 0, 0))
    make_entry(occurred_at=at(2026, 3, 1, 0, 0), persons=3)
    last = make_entry(occurred_at=at(2026, 3, 31, 23, 59), channel=Channel.CALL)
    writing.declare_void(make_entry(occurred_at=at(2026, 3, 5)), reason="重复登记", by=head)

    totals = of(station).totals

    assert (totals.entries.value, totals.persons.value, totals.visit_persons.value) == (2, 4, 3)
    assert (totals.calls.value, totals.visits.value, totals.largest.value) == (1, 1, 3)
    assert last.occurred_on == date(2026, 3, 31)


def test_growth_against_last_month_last_year_and_the_mean_of_three(make_entry, station):
    def entries(month, count):
        for n in range(count):
            make_entry(
                occurred_at=at(month.year, month.month, n + 1, 9),
                phone=f"139{month.year}{month.month:02d}{n:02d}",
            )

    entries(MARCH, 7)
    entries(date(2026, 2, 1), 6)
    entries(date(2025, 12, 1), 4)
    entries(date(2025, 3, 1), 9)
    entries(date(2025, 1, 1), 1)

    analysis = of(station)
    total, pay = analysis.totals, analysis.matters[0]

    assert (total.entries.on_month.percent, total.entries.on_month.difference) == (
        Decimal("16.7"),
        1,
    )
    assert (total.entries.on_year.percent, total.entries.on_year.direction) == (
        Decimal("-22.2"),
        "down",
    )
    assert (total.cumulated.now.value, total.cumulated.on_year.before.value) == (13, 10)
    # Mean of December, January and February: 10 / 3.
    assert (pay.mean, pay.growth, pay.is_surge) == (Decimal("3.3"), Decimal("110.0"), True)
    assert analysis.surges == (pay,)


def test_nothing_before_is_new_and_has_no_per_cent(make_entry, station):
    for n in range(3):
        make_entry(occurred_at=at(2026, 3, n + 2), phone=f"1390000000{n}")

    analysis = of(station)

    assert analysis.totals.entries.on_month.percent is None
    assert analysis.totals.entries.on_month.direction == "new"
    # A register that has just begun has not grown; a matter that is new in an older one has.
    assert (analysis.matters[0].growth, analysis.matters[0].is_surge) == (None, False)
    make_entry(occurred_at=at(2026, 2, 3), matter=Matter.objects.get(code="civil.marriage"))
    assert of(station).matters[0].is_surge


def test_days_without_record_leave_out_days_off_stated_days_and_days_to_come(
    make_entry, station, clerk
):
    # March 2026 has 22 working days; the first is a Sunday.
    make_entry(occurred_at=at(2026, 3, 2))
    writing.state_no_visits(station, day=date(2026, 3, 3), by=clerk)

    whole, running = of(station).quality, of(station, today=date(2026, 3, 6)).quality

    assert (whole.working_days.value, whole.blank_days.value, whole.no_visit_days.value) == (
        22,
        20,
        1,
    )
    assert running.blank_dates == (date(2026, 3, 4), date(2026, 3, 5))
    assert of(station, today=date(2026, 2, 10)).quality.blank_dates == ()


def test_a_renamed_village_is_one_line_under_its_new_name(make_entry, station, village):
    make_entry(occurred_at=at(2026, 3, 2), village=village)
    Division.objects.filter(pk=village.pk).update(valid_to=date(2026, 3, 10))
    renamed = Division.objects.create(
        code=village.code,
        name="新村",
        level=12,
        parent=station.township,
        county_code=village.county_code,
        valid_from=date(2026, 3, 10),
    )
    make_entry(occurred_at=at(2026, 3, 12), village=renamed)

    first = of(station).places[0]

    assert (first.name, first.count.value, first.key) == ("新村", 2, village.code)


def test_late_entries_and_the_burden_of_typing(make_entry, station):
    make_entry(occurred_at=at(2026, 3, 2), recorded_at=at(2026, 3, 3), seconds_to_record=40)
    make_entry(occurred_at=at(2026, 3, 2), recorded_at=at(2026, 3, 4), seconds_to_record=61)
    make_entry(occurred_at=at(2026, 3, 6), recorded_at=at(2026, 3, 9))

    quality = of(station).quality

    assert (quality.late.value, quality.on_time_share) == (1, Decimal("66.7"))
    assert (quality.timed_entries, quality.mean_seconds) == (2, Decimal("50.5"))


def test_corrections_of_the_month_and_of_earlier_months(make_entry, station, head):
    earlier = make_entry(occurred_at=at(2026, 2, 3))
    own = make_entry(occurred_at=at(2026, 3, 3))
    for entry in (earlier, own):
        writing.correct(entry, changes={"persons": 2}, reason="漏数", by=head, version=1)
    month = timezone.localdate().replace(day=1)

    assert of(station).quality.corrected.value == 1
    assert of(station, month, timezone.localdate()).quality.corrected_earlier.value == 2


def test_what_changed_after_the_last_report_is_a_supplement(make_entry, station, head):
    def sent(month, sent_at):
        MonthlyReport.objects.create(
            county=station.county,
            station=station,
            month=month,
            due_on=last_day(month),
            first_sent_at=sent_at,
        )

    february = date(2026, 2, 1)
    in_time = make_entry(occurred_at=at(2026, 2, 3), recorded_at=at(2026, 2, 3))
    gone = make_entry(occurred_at=at(2026, 2, 4), recorded_at=at(2026, 2, 4))
    make_entry(occurred_at=at(2026, 1, 5), recorded_at=at(2026, 3, 20))
    sent(february, at(2026, 3, 5))
    make_entry(occurred_at=at(2026, 2, 5), recorded_at=at(2026, 3, 9))
    writing.correct(in_time, changes={"persons": 2}, reason="漏数", by=head, version=1)
    writing.declare_void(gone, reason="重复登记", by=head)

    (amended,) = of(station).quality.amended
    assert (
        amended.month,
        amended.added.value,
        amended.corrected.value,
        amended.voided.value,
    ) == (february, 1, 1, 1)
    sent(MARCH, timezone.now() + timedelta(days=1))
    assert of(station, date(2026, 4, 1)).quality.amended == ()


def test_frozen_rows_show_any_later_change(make_entry, station, head, next_station):
    entries = [make_entry(occurred_at=at(2026, 3, day)) for day in (2, 3)]
    make_entry(next_station, occurred_at=at(2026, 3, 2))
    ids, digest = counted_rows(station, MARCH)
    report = MonthlyReport(
        county=station.county, station=station, month=MARCH, row_ids=ids, rows_hash=digest
    )

    assert ids == [entry.pk for entry in entries]
    assert len(digest) == 64
    assert is_unchanged(report)
    writing.correct(entries[0], changes={"persons": 2}, reason="漏数", by=head, version=1)
    assert not is_unchanged(report)
    assert len(counted_rows(station.county, MARCH)[0]) == 3


def test_the_annex_has_each_code_once(random_register, station):
    rows = of(station).annex()

    codes = [row.code for row in rows]
    assert len(codes) == len(set(codes))
    assert codes[0] == "A0"
    assert all(row.label for row in rows)


# ── The check before sending ────────────────────────────────────────────────────────────


def codes(station, month=MARCH):
    return {finding.code for finding in precheck(station, month, analysis=of(station, month))}


def test_a_complete_month_finds_only_the_blank_days(make_entry, station):
    make_entry(occurred_at=at(2026, 3, 2), answered_at=at(2026, 3, 2))

    assert codes(station) == {"blank_days"}


def test_gaps_are_named_by_what_the_channel_must_say(make_entry, station):
    bare = {"sex": "", "statement": "", "village": None, "phone": ""}
    visit = make_entry(occurred_at=at(2026, 3, 2), **bare)
    call = make_entry(occurred_at=at(2026, 3, 2, 11), channel=Channel.CALL, **bare)
    make_entry(occurred_at=at(2026, 3, 2, 12), channel=Channel.LETTER, sex="", phone="")

    findings = {f.code: f for f in precheck(station, MARCH, analysis=of(station))}

    assert {code for code in findings if code.startswith("missing")} == {
        "missing.sex",
        "missing.statement",
        "missing.village",
        "missing.phone",
    }
    assert findings["missing.phone"].entries == ((call.pk, call.number),)
    assert findings["missing.village"].entries == ((visit.pk, visit.number),)
    assert findings["missing.sex"].level == "mend"


def test_whoever_would_not_say_leaves_no_gap(make_entry, station):
    make_entry(
        occurred_at=at(2026, 3, 2),
        name="",
        is_anonymous=True,
        sex="",
        phone="",
        village=None,
        people_groups=[],
    )

    assert not any(code.startswith("missing") for code in codes(station))


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("persons", {"persons": 51}),
        ("minutes", {"duration_minutes": 241}),
        ("night", {"occurred_at": at(2026, 3, 2, 21)}),
    ],
)
def test_odd_values_are_shown(make_entry, station, code, fields):
    entry = make_entry(**({"occurred_at": at(2026, 3, 2)} | fields))
    (finding,) = [f for f in precheck(station, MARCH, analysis=of(station)) if f.code == code]

    assert finding.entries == ((entry.pk, entry.number),)
    assert finding.level == "look"


def test_habits_of_one_day_copied_texts_and_late_typing_are_shown(make_entry, station):
    for hour in range(8, 13):
        make_entry(
            occurred_at=at(2026, 3, 2, hour),
            recorded_at=at(2026, 3, 20),
            phone=f"139000000{hour:02d}",
        )

    assert {"one_day", "copied", "late"} <= codes(station)


def test_a_month_typed_on_one_day_is_shown(make_entry, station):
    for day in range(2, 7):
        make_entry(
            occurred_at=at(2026, 3, day),
            recorded_at=at(2026, 4, 1),
            phone=f"139000000{day:02d}",
        )

    assert "typed_one_day" in codes(station)


def test_the_same_person_twice_on_a_day_looks_double(make_entry, station):
    for hour in (9, 10):
        make_entry(occurred_at=at(2026, 3, 2, hour))

    assert "double" in codes(station)


def test_twice_the_usual_is_shown(make_entry, station):
    for n in range(1, 13):
        month = months_from(MARCH, -n)
        make_entry(occurred_at=at(month.year, month.month, 2))
    for day in range(2, 8):
        make_entry(occurred_at=at(2026, 3, day), phone=f"1390000111{day}")

    assert "double_usual" in codes(station)


def test_no_growth_is_claimed_on_a_year_recorded_only_in_part(station, make_entry):
    for moment in (at(2025, 10, 8), at(2026, 1, 8), at(2026, 10, 8), at(2026, 10, 9)):
        make_entry(occurred_at=moment)

    change = monthly_analysis(station, date(2026, 10, 1)).totals.cumulated.on_year

    assert (change.before.value, change.percent, change.direction) == (1, None, "partial")


def test_growth_is_claimed_on_a_year_whose_january_was_empty_but_not_before_the_beginning(
    station, make_entry
):
    for moment in (at(2024, 12, 8), at(2025, 10, 8), at(2026, 1, 8), at(2026, 10, 8)):
        make_entry(occurred_at=moment)

    change = monthly_analysis(station, date(2026, 10, 1)).totals.cumulated.on_year

    assert (change.before.value, change.percent) == (1, 100)


# ── Applications of the month ───────────────────────────────────────────────────────────


def test_what_became_of_applications_joins_the_month_and_each_figure_opens_its_rows(
    client,
    make_case,
    make_application,
    station,
    next_station,
    county,
    clerk,
    reviewer,
    director,
):
    refused = make_application(status=Status.IN_REVIEW, name="李桂英", id_number="")
    workflow.propose_refusal(refused, by=reviewer, grounds=["other"], reason="另有代理人。")
    workflow.refuse(refused, by=director)
    make_case(status=Status.CLOSED)
    make_application(next_station, name="王二", id_number="")
    old = make_application(name="上月的人", id_number="")
    month = month_of(timezone.localdate())
    before = months_from(month, -1)
    Application.objects.filter(pk=old.pk).update(received_at=at(before.year, before.month, 15))

    of_station, of_county = monthly_analysis(station, month), monthly_analysis(county, month)

    def counts(analysis):
        return {line.step: (line.count, line.before) for line in analysis.cases}

    assert counts(of_station) == {
        "received": (2, 1),
        "granted": (1, 0),
        "refused": (1, 0),
        "closed": (1, 0),
    }
    assert counts(of_county) == counts(of_station) | {"received": (3, 1)}
    client.force_login(clerk)
    for line in of_station.cases:
        page = client.get(f"{reverse('casework:application_list')}?{line.query}")
        assert page.context["page"].paginator.count == line.count, line.step
    paper = months.open_month(station, month)
    paper = client.get(reverse("casework:report_print", args=[paper.pk])).content.decode()
    assert "收到申请2件（上月1件），给予援助1件（上月0件）" in strip_tags(paper)
    for line, count in [(of_station.cases[0], 1), (of_station.cases[1], 0)]:
        page = client.get(f"{reverse('casework:application_list')}?{line.before_query}")
        assert page.context["page"].paginator.count == line.before == count
        assert escape(line.query) in paper
        assert escape(line.before_query) in paper
    # What was frozen before applications joined the month is read as it was.
    plain = of_station.as_json()
    assert MonthlyAnalysis.from_json(plain) == of_station
    del plain["cases"]
    assert MonthlyAnalysis.from_json(plain).cases == ()
