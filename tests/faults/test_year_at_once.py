"""The year of assessment, pressed by two people at once: each step is made once, one gets a sentence."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessment import standard, workflow
from assessment.models import Adjustment, Objection, Sheet, SheetEvent, SpotCheck, Year
from assessment.standard import StandardRefused
from assessment.workflow import MoveRefused, Typed
from stations.roles import Role
from tests.assessment.conftest import picture, small_standard, world
from tests.assessment.test_workflow import GROWN

from .test_concurrency import at_once, split_answers

__all__ = ["small_standard", "world"]

pytestmark = pytest.mark.django_db(transaction=True)


def once(*acts, refusal=MoveRefused):
    """Let the acts go together: one is done, every other one is told why not."""
    done, refused = split_answers(at_once(*acts), refusal)
    assert (len(done), len(refused)) == (1, len(acts) - 1)
    return done[0]


def test_every_move_of_a_year_pressed_twice_at_once_is_made_once(
    world, make_user, county, city
):
    second, third = (
        make_user(f"officer{n}", name, Role.OFFICER, county)
        for n, name in ((5, "钱科长"), (6, "孙局长"))
    )
    today = timezone.localdate()

    def twice(act, one=world.scorer, other=second, refusal=MoveRefused):
        return once(lambda: act(one), lambda: act(other), refusal=refusal)

    # The running year: opened and asked for once.
    used = world.year.standard
    opened = twice(lambda who: workflow.open_year(county, today.year, standard=used, by=who))
    assert opened.sheets.count() == 2
    # The station: two windows of its head.
    line, sheet = world.line("S5"), world.sheet
    workflow.save_self_scores(sheet, {line.pk: Typed(Decimal(18), "全年无投诉")}, by=world.head)
    workflow.add_evidence(line, [picture()], by=world.head)
    twice(lambda who: workflow.submit(sheet, by=who), world.head, world.head)
    # The county: returned or scored, never both.
    computed = {
        score.pk: Typed(
            score.computed_points if score.computed_points is not None else score.self_points
        )
        for score in sheet.scores.all()
    }
    workflow.save_county_scores(sheet, computed, by=world.scorer)
    once(
        lambda: workflow.complete_score(sheet, by=world.scorer),
        lambda: workflow.return_to_station(sheet, by=second, reason="缺照片"),
    )
    if world.sheet.status == "returned":
        workflow.submit(world.sheet, by=world.head)
        workflow.complete_score(world.sheet, by=world.scorer)
    twice(lambda who: workflow.take_up(sheet, by=who, reason="复核凭证"))
    twice(lambda who: workflow.complete_score(sheet, by=who))
    assert SheetEvent.objects.filter(sheet=sheet, move="complete").count() in {2, 3}

    # What the records point at is proposed once, and settled one way.
    Sheet.objects.filter(pk=sheet.pk).update(facts=GROWN)
    clause = used.clauses.get(code="J2")
    bonus = twice(lambda who: workflow.propose_found(sheet, clause, by=who))
    once(
        lambda: workflow.agree(bonus, by=third),
        lambda: workflow.refuse(bonus, by=third, reason="再核"),
    )
    assert Adjustment.objects.count() == 1

    # The city draws once and finishes each check once.
    world.self_score(world.neighbour)
    world.county_score(world.neighbour)
    one, other = world.inspector, make_user("inspector2", "黄督查", Role.INSPECTOR, city)
    twice(lambda who: workflow.draw(world.year, by=who), one, other)
    check = SpotCheck.objects.get()
    workflow.note_check(check, {}, by=one, visited_on=today, findings="相符")
    twice(lambda who: workflow.finish_check(check, by=who), one, other)

    # Published once; one objection to a line, decided one way; confirmed and reopened once.
    twice(lambda who: workflow.publish(world.year, by=who))
    objection = twice(
        lambda who: workflow.file_objection(sheet, by=who, text="少计", score=line),
        world.head,
        world.head,
    )
    once(
        lambda: workflow.decide(
            objection, by=third, is_accepted=True, decision="属实", points=Decimal(19)
        ),
        lambda: workflow.decide(
            objection, by=world.confirmer, is_accepted=False, decision="依据充分"
        ),
    )
    accepted = Objection.objects.get().status == "accepted"
    assert world.line("S5").final_points == (19 if accepted else 18)
    world.let_publicity_pass()
    twice(lambda who: workflow.confirm(world.year, by=who), third, world.confirmer)
    order = workflow.order_rectification(
        world.sheet, by=second, text="补齐公示栏", due_on=today + timedelta(days=9)
    )
    workflow.report_rectification(order, by=world.head, words="已补")
    twice(lambda who: workflow.accept_report(order, by=who))
    twice(lambda who: workflow.reopen(world.year, by=who, reason="审计更正"))
    assert Year.objects.filter(county=county, year=world.year.year).count() == 2

    # A standard is put to use once for a year.
    draft, rival = (standard.copy(used, by=world.scorer) for _n in range(2))
    once(
        lambda: standard.put_to_use(draft, year_from=2090, by=world.scorer),
        lambda: standard.put_to_use(rival, year_from=2090, by=second),
        refusal=StandardRefused,
    )
