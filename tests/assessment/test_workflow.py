"""A year's moves: every move × status × role, three persons, reasons, history, the freeze."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessment import running, scoring, workflow
from assessment.models import ScoreChange, Sheet, SheetEvent, SpotCheck, Year
from assessment.terms import SheetStatus, YearStatus
from assessment.workflow import MoveRefused, Typed
from stations import chores
from stations.models import Chore, ChoreKind, DayOff
from tests.conftest import at

from .conftest import picture

pytestmark = pytest.mark.django_db


def put(sheet, status):
    """Stand a sheet at a status, whatever led there."""
    Sheet.objects.filter(pk=sheet.pk).update(status=status, returned_reason="补材料")


def put_year(year, status):
    today = timezone.localdate()
    Year.objects.filter(pk=year.pk).update(
        status=status,
        publicity_from=today,
        publicity_to=today,
        objections_to=today,
        published_at=timezone.now(),
        published_by=year.opened_by,
    )


SHEET_ACTS = {
    "submit": lambda w: workflow.submit(w.sheet, by=w.head),
    "go_ahead": lambda w: workflow.go_ahead(w.sheet, by=w.scorer, reason="逾期"),
    "return": lambda w: workflow.return_to_station(w.sheet, by=w.scorer, reason="缺照片"),
    "complete": lambda w: workflow.complete_score(w.sheet, by=w.scorer),
    "take_up": lambda w: workflow.take_up(w.sheet, by=w.scorer, reason="复核"),
    "object": lambda w: workflow.file_objection(w.sheet, by=w.head, text="不同意"),
}


def test_a_sheet_moves_only_from_the_statuses_and_years_of_the_map(world):
    moved = []
    for move, act in SHEET_ACTS.items():
        arrow = workflow.SHEET_MOVES[move]
        for year_status in set(YearStatus) - {YearStatus.FROZEN}:
            put_year(world.year, year_status)
            for status in set(SheetStatus) - {SheetStatus.FROZEN}:
                if status in arrow.start and year_status in arrow.during:
                    continue
                put(world.sheet, status)
                try:
                    act(world)
                except MoveRefused:
                    continue
                moved.append((move, year_status, status))
    assert moved == []
    assert not SheetEvent.objects.exists()


YEAR_ACTS = {
    "ask_for_self_scores": lambda w: workflow.ask_for_self_scores(
        w.year,
        by=w.scorer,
        self_score_due_on=timezone.localdate() + timedelta(days=3),
        county_score_due_on=timezone.localdate() + timedelta(days=9),
    ),
    "draw": lambda w: workflow.draw(w.year, by=w.inspector),
    "publish": lambda w: workflow.publish(w.year, by=w.scorer),
    "confirm": lambda w: workflow.confirm(w.year, by=w.confirmer),
}


def test_a_year_moves_only_from_the_statuses_of_the_map(world):
    for move, act in YEAR_ACTS.items():
        start = workflow.YEAR_MOVES[move].start
        for status in set(YearStatus) - set(start) - {YearStatus.FROZEN}:
            put_year(world.year, status)
            with pytest.raises(MoveRefused):
                act(world)
            assert world.fresh().status == status


def test_a_whole_year_is_walked_and_each_step_leaves_its_event(world):
    world.to("confirmed")

    assert [event.move for event in world.year.events.all()] == [
        "open",
        "ask_for_self_scores",
        "begin_county_score",
        "draw",
        "publish",
        "confirm",
    ]
    sheet = world.sheet
    assert (sheet.status, sheet.total, sheet.grade) == ("frozen", Decimal("93.0"), "excellent")
    assert {sheet.self_scored_by, sheet.scored_by, sheet.confirmed_by} == {
        world.head,
        world.scorer,
        world.confirmer,
    }
    moves = {event.move for event in sheet.events.all()}
    assert {"submit", "complete", "publish", "confirm"} <= moves
    change = ScoreChange.objects.get(score=world.line("S5"), stage="self")
    assert (change.old_points, change.new_points, change.made_by) == (None, 18, world.head)


# ── At the station ──────────────────────────────────────────────────────────────────────


def test_what_is_missing_is_listed_and_the_button_obeys_it(world):
    sheet, line = world.sheet, world.line("S5")
    assert [each.code for each in workflow.missing_to_submit(sheet)] == ["S5"]
    workflow.save_self_scores(sheet, {line.pk: Typed(Decimal(18), "")}, by=world.head)
    [missing] = workflow.missing_to_submit(sheet)
    assert missing.code == "S5"
    with pytest.raises(MoveRefused, match="S5"):
        workflow.submit(sheet, by=world.head)

    workflow.add_evidence(line, [picture()], by=world.head)
    computed = world.line("B1")
    workflow.save_self_scores(sheet, {computed.pk: Typed(Decimal(40), "")}, by=world.head)
    assert [each.code for each in workflow.missing_to_submit(sheet)] == ["B1"]
    workflow.save_self_scores(
        sheet, {computed.pk: Typed(Decimal(40), "2条已补齐")}, by=world.head
    )
    assert workflow.missing_to_submit(sheet) == []

    workflow.submit(sheet, by=world.head)
    with pytest.raises(MoveRefused):
        workflow.submit(sheet, by=world.head)
    with pytest.raises(MoveRefused):
        workflow.drop_evidence(line, line.evidence.get())


def test_points_stay_within_the_line(world):
    line = world.line("S5")
    for points in ("-1", "20.01"):
        with pytest.raises(MoveRefused, match="20"):
            workflow.save_self_scores(
                world.sheet, {line.pk: Typed(Decimal(points), "")}, by=world.head
            )


def test_a_returned_sheet_says_why_and_comes_back(world):
    world.self_score()
    sheet = workflow.return_to_station(world.sheet, by=world.scorer, reason="凭证看不清")
    assert (sheet.status, sheet.returned_reason) == ("returned", "凭证看不清")
    chores.refresh(world.station, ChoreKind.ASSESSMENT)
    chore = Chore.objects.get(station=world.station, kind=ChoreKind.ASSESSMENT)
    assert (chore.text, chore.due_on) == ("凭证看不清", world.year.self_score_due_on)

    assert workflow.submit(world.sheet, by=world.head).status == "self_scored"
    with pytest.raises(MoveRefused):
        workflow.return_to_station(world.sheet, by=world.scorer, reason="  ")


def test_the_county_goes_ahead_only_after_the_last_day_and_with_a_reason(world):
    with pytest.raises(MoveRefused):
        workflow.go_ahead(world.sheet, by=world.scorer, reason="没有自评")
    Year.objects.filter(pk=world.year.pk).update(
        self_score_due_on=timezone.localdate() - timedelta(days=1)
    )
    sheet = workflow.go_ahead(world.sheet, by=world.scorer, reason="没有自评")
    assert (sheet.status, sheet.self_scored_by) == ("self_scored", None)
    assert SheetEvent.objects.get(sheet=sheet, move="go_ahead").note == "没有自评"


# ── At the county ───────────────────────────────────────────────────────────────────────


def test_other_points_than_those_in_sight_need_a_reason(world):
    world.self_score()
    computed, by_hand = world.line("B1"), world.line("S5")
    for line, points in ((computed, "37"), (by_hand, "17")):
        with pytest.raises(MoveRefused, match=line.indicator.code):
            workflow.save_county_scores(
                world.sheet, {line.pk: Typed(Decimal(points), "")}, by=world.scorer
            )
    workflow.save_county_scores(
        world.sheet,
        {computed.pk: Typed(Decimal("37"), "抽查2条缺项"), by_hand.pk: Typed(Decimal(18), "")},
        by=world.scorer,
    )
    computed.refresh_from_db()
    assert (computed.county_against, computed.county_by) == (38, world.scorer)
    change = computed.changes.get()
    assert (change.old_points, change.new_points, change.reason) == (None, 37, "抽查2条缺项")
    with pytest.raises(MoveRefused):
        workflow.complete_score(world.sheet, by=world.scorer)


def test_who_scored_at_the_station_never_scores_for_the_county_or_confirms(world):
    world.self_score()
    with pytest.raises(MoveRefused):
        workflow.save_county_scores(
            world.sheet, {world.line("S5").pk: Typed(Decimal(18), "")}, by=world.head
        )
    with pytest.raises(MoveRefused):
        workflow.complete_score(world.sheet, by=world.head)
    world.to("over")
    for person in (world.head, world.scorer, world.neighbour_head):
        with pytest.raises(MoveRefused):
            workflow.confirm(world.year, by=person)
    assert workflow.confirm(world.year, by=world.confirmer).is_frozen


def test_a_scored_sheet_is_taken_up_again_before_it_is_published(world):
    world.to("scored")
    workflow.take_up(world.sheet, by=world.scorer, reason="漏看凭证")
    sheet = world.county_score(S5="15")
    assert (sheet.status, sheet.total) == ("county_scored", Decimal("90.0"))
    assert [c.new_points for c in world.line("S5").changes.filter(stage="county")] == [18, 15]


# ── Bonus, deductions, vetoes ───────────────────────────────────────────────────────────


# Thirteen grants after ten, and no refusal overturned, as a sheet keeps what was counted.
GROWN = {
    "grants": ["13", None, None],
    "grants_before": ["10", None, None],
    "refusals_overturned": ["0", None, None],
}


def propose(world, code, **fields):
    clause = world.year.standard.clauses.get(code=code)
    return workflow.propose(
        world.sheet, clause, by=world.scorer, facts="经查属实", files=[picture(9)], **fields
    )


def test_a_proposal_needs_proof_and_counts_once_a_second_person_agrees(world):
    world.to("scored")
    clause = world.year.standard.clauses.get(code="K1")
    with pytest.raises(MoveRefused):
        workflow.propose(world.sheet, clause, by=world.scorer, facts="数据不实", files=[])
    deduction = propose(world, "K1")
    assert world.sheet.total == Decimal("93.0")
    with pytest.raises(MoveRefused):
        workflow.agree(deduction, by=world.scorer)
    workflow.agree(deduction, by=world.confirmer)
    assert (world.sheet.total, world.sheet.grade) == (Decimal("88.0"), "good")
    with pytest.raises(MoveRefused):
        workflow.refuse(deduction, by=world.confirmer, reason="再看")

    veto = propose(world, "V1")
    workflow.agree(veto, by=world.confirmer)
    assert world.sheet.grade == "fail"
    assert world.sheet.grade_reasons == ["V1"]


def test_what_the_records_point_at_is_proposed_once_and_settled_by_another(world):
    sheet, clause = world.sheet, world.year.standard.clauses.get(code="J2")
    with pytest.raises(MoveRefused):
        workflow.propose_found(sheet, clause, by=world.scorer)
    Sheet.objects.filter(pk=sheet.pk).update(facts=GROWN)
    Year.objects.filter(pk=world.year.pk).update(status=YearStatus.OPEN)
    with pytest.raises(MoveRefused, match="自评"):
        workflow.propose_found(sheet, clause, by=world.scorer)
    Year.objects.filter(pk=world.year.pk).update(status=YearStatus.SELF_SCORING)

    bonus = workflow.propose_found(sheet, clause, by=world.scorer)

    assert "增长30%" in bonus.facts
    assert world.sheet.bonus == 0
    with pytest.raises(MoveRefused):
        workflow.propose_found(sheet, clause, by=world.confirmer)
    with pytest.raises(MoveRefused):
        workflow.agree(bonus, by=world.scorer)
    workflow.agree(bonus, by=world.confirmer)
    assert world.sheet.bonus == 1


def test_a_waiting_proposal_holds_the_publicity_back(world):
    world.to("scored")
    bonus = propose(world, "J1")
    world.to("checked")
    with pytest.raises(MoveRefused):
        workflow.publish(world.year, by=world.scorer)
    workflow.refuse(bonus, by=world.confirmer, reason="表彰不属本年")
    assert workflow.publish(world.year, by=world.scorer).status == "published"
    with pytest.raises(MoveRefused):
        propose(world, "J1")


# ── Spot check, publicity, objections ───────────────────────────────────────────────────


def test_the_draw_is_a_fifth_rounded_up_and_can_be_made_again_from_its_seed(world):
    world.to("drawn")
    check = SpotCheck.objects.get()
    codes = [world.station.code, world.neighbour.code]
    assert scoring.drawn(codes, percent=20, seed=check.seed) == [check.sheet.station.code]
    with pytest.raises(MoveRefused):
        workflow.draw(world.year, by=world.inspector)


def test_the_city_s_points_stand_before_the_county_s_and_need_what_was_found(world):
    world.to("drawn")
    check = SpotCheck.objects.get()
    line = check.sheet.scores.get(indicator__code="S5")
    with pytest.raises(MoveRefused, match="S5"):
        workflow.note_check(check, {line.pk: Typed(Decimal(10), "")}, by=world.inspector)
    with pytest.raises(MoveRefused):
        workflow.finish_check(check, by=world.inspector)
    workflow.note_check(
        check,
        {line.pk: Typed(Decimal(10), "值班室无人")},
        by=world.inspector,
        visited_on=timezone.localdate(),
        findings="一处不符",
    )
    workflow.finish_check(check, by=world.inspector)
    sheet = world.sheet_of(check.sheet.station)
    assert (sheet.status, sheet.total) == ("spot_checked", Decimal("85.0"))
    with pytest.raises(MoveRefused):
        workflow.note_check(check, {}, by=world.inspector)


def test_publicity_lasts_five_working_days_of_the_county_s_calendar(world):
    year = world.to("published").year
    calendar = DayOff.objects.calendar(world.year.county)
    assert calendar.working_days_between(year.publicity_from, year.publicity_to) == 5
    with pytest.raises(MoveRefused):
        workflow.confirm(year, by=world.confirmer)


def test_an_accepted_objection_changes_its_line_with_the_reason(world):
    world.to("published")
    line = world.line("S5")
    objection = workflow.file_objection(
        world.sheet,
        by=world.head,
        text="表扬信没有计入",
        score=line,
        wanted_points=Decimal(20),
        files=[picture(3)],
    )
    with pytest.raises(MoveRefused):
        workflow.file_objection(world.sheet, by=world.head, text="再说一次", score=line)
    calendar = DayOff.objects.calendar(world.year.county)
    assert calendar.working_days_between(timezone.localdate(), objection.due_on) == 5
    world.let_publicity_pass()
    with pytest.raises(MoveRefused):
        workflow.confirm(world.year, by=world.confirmer)

    for person in (world.scorer, world.head):
        with pytest.raises(MoveRefused):
            workflow.decide(
                objection, by=person, is_accepted=True, decision="属实", points=Decimal(20)
            )
    workflow.decide(
        objection,
        by=world.confirmer,
        is_accepted=True,
        decision="表扬信属实",
        points=Decimal(20),
    )
    assert (world.sheet.status, world.sheet.total) == ("published", Decimal("95.0"))
    change = line.changes.get(stage="objection")
    assert (change.old_points, change.new_points, change.reason) == (18, 20, "表扬信属实")
    with pytest.raises(MoveRefused):
        workflow.decide(objection, by=world.confirmer, is_accepted=False, decision="改主意")


def test_a_refused_objection_keeps_its_reasons_and_changes_nothing(world):
    world.to("published")
    objection = workflow.file_objection(world.sheet, by=world.head, text="名次不公")
    with pytest.raises(MoveRefused):
        workflow.decide(objection, by=world.confirmer, is_accepted=False, decision=" ")
    workflow.decide(objection, by=world.confirmer, is_accepted=False, decision="依据充分")
    assert (world.sheet.status, world.sheet.total) == ("published", Decimal("93.0"))
    world.let_publicity_pass()
    with pytest.raises(MoveRefused):
        workflow.file_objection(world.sheet, by=world.head, text="过期再提")


# ── Frozen and reopened ─────────────────────────────────────────────────────────────────


def test_a_confirmed_year_never_changes_and_its_hash_is_that_of_its_data(world, make_entry):
    world.to("confirmed")
    sheet, line = world.sheet, world.line("B1")
    make_entry(occurred_at=at(world.year.year, 6, 1))
    assert running.recompute(world.year, on=timezone.localdate()) == 0
    assert world.line("B1").computed_points == 38
    assert sheet.snapshot_hash == scoring.fingerprint(sheet.snapshot)
    assert sheet.snapshot["total"] == "93.0"
    for change in (
        lambda: Sheet.objects.filter(pk=sheet.pk).update(total=100),
        lambda: Year.objects.filter(pk=world.year.pk).update(frozen_hash="0" * 64),
        lambda: line.sheet.scores.update(final_points=0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert world.sheet.total == Decimal("93.0")


def test_reopening_needs_a_reason_and_leaves_the_old_result_readable(world):
    world.to("published")
    objection = workflow.file_objection(
        world.sheet, by=world.head, text="少计", score=world.line("S5")
    )
    workflow.decide(
        objection, by=world.confirmer, is_accepted=True, decision="属实", points=Decimal(19)
    )
    old = world.to("confirmed").year
    with pytest.raises(MoveRefused):
        workflow.reopen(old, by=world.scorer, reason=" ")
    again = workflow.reopen(old, by=world.scorer, reason="上级审计指出台账不实")
    with pytest.raises(MoveRefused):
        workflow.reopen(old, by=world.scorer, reason="再来一次")

    world.year = again
    assert (again.issue, again.status) == (2, "spot_checking")
    assert world.sheet.total == Decimal("94.0")
    workflow.take_up(world.sheet, by=world.scorer, reason="更正台账")
    world.county_score(B1="30", S5="19")
    world.to("confirmed")

    old = Year.objects.get(pk=old.pk)
    assert old.sheets.get(station=world.station).total == Decimal("94.0")
    assert world.sheet.total == Decimal("86.0")
    assert world.fresh().frozen_hash != old.frozen_hash
    assert list(Year.objects.current()) == [world.year]


# ── What is owed ────────────────────────────────────────────────────────────────────────


def owed(place):
    chores.refresh(place, ChoreKind.ASSESSMENT)
    where = {"station": place} if hasattr(place, "township") else {"county": place}
    return {
        chore.key.rpartition("-")[0]: chore
        for chore in Chore.objects.filter(kind=ChoreKind.ASSESSMENT, **where)
    }


def test_each_step_is_owed_by_whoever_makes_it(world):
    county = world.year.county
    assert owed(world.station)["self"].due_on == world.year.self_score_due_on
    world.self_score()
    assert owed(world.station) == {}
    assert owed(county)["score"].due_on == world.year.county_score_due_on
    # A bonus the records point at waits for somebody to propose it.
    assert "suggested" not in owed(county)
    grown = {"grants": ["13"], "grants_before": ["10"], "refusals_overturned": ["0"]}
    world.year.sheets.filter(pk=world.sheet.pk).update(facts=grown)
    assert owed(county)["suggested"].title == "记录中有1项加减分还没有提出"
    world.to("checked")
    assert "publish" in owed(county)
    world.to("published")
    objection = workflow.file_objection(world.sheet, by=world.head, text="少计")
    assert owed(county)[f"objection-{objection.pk}"].due_on == objection.due_on
    workflow.decide(objection, by=world.confirmer, is_accepted=False, decision="依据充分")
    world.let_publicity_pass()
    assert "confirm" in owed(county)
    world.to("confirmed")

    due_on = timezone.localdate() + timedelta(days=30)
    order = workflow.order_rectification(
        world.sheet, by=world.scorer, text="补齐公示栏", due_on=due_on
    )
    assert owed(world.station)["rectification"].due_on == due_on
    workflow.report_rectification(order, by=world.head, words="已更换", files=[picture(5)])
    assert owed(world.station) == {}
    assert "accept" in owed(county)
    with pytest.raises(MoveRefused):
        workflow.accept_report(order, by=world.head)
    workflow.accept_report(order, by=world.scorer)
    assert "accept" not in owed(county)
    with pytest.raises(MoveRefused):
        workflow.report_rectification(order, by=world.head, words="再报")


def test_a_flag_is_answered_once_and_takes_no_point(world):
    world.to("scored")
    flag = world.sheet.flags.create(kind="round_numbers", key="persons", words="人数多为整十")
    workflow.answer_flag(flag, by=world.scorer, words="集体来访，已核对照片")
    with pytest.raises(MoveRefused):
        workflow.answer_flag(flag, by=world.confirmer, words="再答")
    assert world.sheet.total == Decimal("93.0")
