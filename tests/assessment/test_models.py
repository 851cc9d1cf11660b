"""What the database itself holds of an assessment: three persons, reasons, history, frozen for good."""

import pytest
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from assessment import running, scoring, standard
from assessment.models import (
    Adjustment,
    IntegrityFlag,
    Objection,
    Score,
    ScoreChange,
    Sheet,
    SheetEvent,
    SpotCheck,
    Year,
    YearEvent,
)
from assessment.terms import SheetStatus, YearStatus
from tests.assessment.made_year import TODAY, YEAR, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(county, station, next_station, officer):
    used = standard.put_to_use(
        standard.adopt_default(county, by=officer), year_from=YEAR, by=officer
    )
    year = Year.objects.create(
        county=county,
        year=YEAR,
        standard=used,
        first_day=on(1, 1),
        last_day=on(12, 31),
        opened_by=officer,
    )
    running.make_sheets(year)
    running.recompute(year, on=TODAY)
    return Sheet.objects.for_list().get(station=station)


def refused(change, match=""):
    with pytest.raises(Error, match=match), transaction.atomic():
        change()


def test_self_scorer_scorer_and_confirmer_are_three_persons(sheet, head, officer):
    now = timezone.now()
    rows = Sheet.objects.filter(pk=sheet.pk)
    rows.update(self_scored_by=head, self_scored_at=now)

    refused(lambda: rows.update(scored_by=head, scored_at=now), "scorer_is_not_self_scorer")
    rows.update(scored_by=officer, scored_at=now)
    refused(
        lambda: rows.update(confirmed_by=officer, confirmed_at=now), "confirmer_is_not_scorer"
    )
    refused(lambda: rows.update(confirmed_by=head, confirmed_at=now), "confirmer_is_not_self")
    score = Score.objects.filter(sheet=sheet, indicator__code="W1")
    score.update(self_by=head, self_at=now)
    refused(lambda: score.update(county_by=head, county_at=now), "county_is_not_self")


def test_another_score_than_the_one_in_sight_needs_its_reason(sheet, officer):
    score = Score.objects.filter(sheet=sheet, indicator__code="B1")
    given = {"county_by": officer, "county_at": timezone.now()}

    score.update(county_points=0, county_against=0, **given)
    refused(lambda: score.update(county_points=3, county_against=0), "difference_has_reason")
    score.update(county_points=3, county_against=0, county_reason="补充了纸质登记")
    refused(lambda: score.update(check_points=1), "check_has_reason")


def test_a_veto_is_settled_by_a_second_person(sheet, officer, director):
    veto = Adjustment.objects.create(
        sheet=sheet,
        clause=sheet.year.standard.clauses.get(code="V2"),
        facts="补造值班表",
        proposed_by=officer,
    )
    rows = Adjustment.objects.filter(pk=veto.pk)

    refused(
        lambda: rows.update(agreed_by=officer, agreed_at=timezone.now()), "second_person_agrees"
    )
    refused(lambda: rows.update(refused_by=director, refused_at=timezone.now()), "with_reason")
    rows.update(agreed_by=director, agreed_at=timezone.now())
    running.add_up(sheet.year, sheets=[sheet])
    # Lines are still unscored, but a grave veto settles the grade.
    assert (sheet.grade, sheet.grade_reasons) == ("fail", ["V2"])


def test_history_is_only_ever_added_to(sheet, officer):
    score = sheet.scores.first()
    rows = [
        ScoreChange.objects.create(score=score, stage="county", new_points=1, made_by=officer),
        SheetEvent.objects.create(
            sheet=sheet, move="x", from_status="open", to_status="open", made_by=officer
        ),
        YearEvent.objects.create(
            year=sheet.year, move="x", from_status="open", to_status="open", made_by=officer
        ),
    ]
    for row in rows:
        refused(row.delete, "Cannot update or delete")
        refused(lambda row=row: type(row).objects.update(made_at=timezone.now()), "Cannot")


def test_what_is_frozen_stays_so_whoever_writes(sheet, officer, director, clerk):
    flag = IntegrityFlag.objects.create(sheet=sheet, kind="copied_text", words="相同")
    check = SpotCheck.objects.create(sheet=sheet, seed="x", drawn_by=director)
    veto = Adjustment.objects.create(
        sheet=sheet,
        clause=sheet.year.standard.clauses.get(code="V8"),
        facts="迟报",
        proposed_by=officer,
    )
    data = running.snapshot(sheet)
    now = timezone.now()
    Sheet.objects.filter(pk=sheet.pk).update(
        status=SheetStatus.FROZEN,
        grade="pass",
        confirmed_by=director,
        confirmed_at=now,
        snapshot=data,
        snapshot_hash=scoring.fingerprint(data),
    )

    refused(lambda: Sheet.objects.filter(pk=sheet.pk).update(total=100), "Cannot update")
    for row in (flag, check, veto, sheet.scores.first()):
        refused(row.delete, "frozen")
    refused(lambda: Score.objects.filter(sheet=sheet).update(final_points=1), "frozen")
    refused(
        lambda: Objection.objects.create(
            sheet=sheet, text="不服", filed_by=clerk, due_on=TODAY
        ),
        "frozen",
    )
    # Records may go on changing: a frozen sheet follows them no more, its neighbour does.
    before = list(sheet.scores.values_list("pk", "computed_points"))
    running.recompute(sheet.year, on=TODAY)
    running.add_up(sheet.year)
    assert list(sheet.scores.values_list("pk", "computed_points")) == before
    Year.objects.filter(pk=sheet.year_id).update(
        status=YearStatus.FROZEN,
        confirmed_by=director,
        confirmed_at=now,
        frozen_hash="x",
        publicity_from=on(12, 1),
        publicity_to=on(12, 9),
        objections_to=on(12, 9),
        published_at=now,
        published_by=officer,
    )
    refused(lambda: Year.objects.filter(pk=sheet.year_id).update(frozen_hash="y"), "Cannot")


def test_one_year_is_open_at_a_time_and_a_new_issue_says_why(sheet, officer):
    year = sheet.year
    again = {
        "county": year.county,
        "year": YEAR,
        "standard": year.standard,
        "first_day": year.first_day,
        "last_day": year.last_day,
        "opened_by": officer,
    }
    with pytest.raises(IntegrityError, match="year_one_not_frozen"), transaction.atomic():
        Year.objects.create(issue=2, reopens=year, reopen_reason="发现漏报", **again)
    with pytest.raises(IntegrityError, match="year_reopened_with_reason"), transaction.atomic():
        Year.objects.create(issue=2, reopens=year, **again)


def test_a_station_sees_its_own_sheet_and_others_once_published(
    sheet, next_station, clerk, head, neighbour, stranger, officer, inspector, reviewer
):
    def seen(user):
        return {each.station for each in Sheet.objects.visible_to(user)}

    def read(user):
        return {each.station for each in Sheet.objects.published_to(user)}

    both = {sheet.station, next_station}
    for user in (clerk, head):
        assert seen(user) == read(user) == {sheet.station}
    assert seen(neighbour) == {next_station}
    assert seen(stranger) == seen(reviewer) == set()
    assert seen(officer) == seen(inspector) == both

    Year.objects.update(
        status=YearStatus.PUBLISHED,
        publicity_from=on(12, 1),
        publicity_to=on(12, 9),
        objections_to=on(12, 9),
        published_at=timezone.now(),
        published_by=officer,
    )
    assert seen(clerk) == {sheet.station}
    assert read(clerk) == both
    assert read(stranger) == set()
