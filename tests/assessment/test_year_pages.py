"""Pages of a year: what each role finds, what a press does, how much a page costs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessment import standard, workflow
from assessment.forms.standards import IndicatorForm, StandardForm
from assessment.models import Adjustment, Objection, Sheet, SpotCheck, Standard, Year
from assessment.standard import copy
from assessment.workflow import Typed

from .conftest import picture
from .test_workflow import GROWN

pytestmark = pytest.mark.django_db


def page(client, user, name, *args, data=None, **query):
    client.force_login(user)
    address = reverse(f"assessment:{name}", args=args)
    return client.get(address, query) if data is None else client.post(address, data)


def typed(world, **points):
    """What a form posts: points and words by the code of a line."""
    posted = {}
    for score in world.sheet.scores.select_related("indicator"):
        given, words = points.get(score.indicator.code, ("", ""))
        posted |= {f"points_{score.pk}": given, f"words_{score.pk}": words}
    return posted


def test_the_home_page_leads_each_role_to_its_own(client, world):
    for user, found in (
        (world.head, world.sheet.get_absolute_url()),
        (world.scorer, world.year.get_absolute_url()),
    ):
        assert page(client, user, "home").url == found
    answer = page(client, world.inspector, "home").content.decode()
    assert "清山县" in answer


def test_the_running_score_says_what_it_stands_on_and_what_is_still_to_be_had(client, world):
    text = page(client, world.head, "sheet_detail", world.sheet.pk).content.decode()

    assert '已得 <b class="fs-2 lh-1 text-body">75.00</b>' in text
    assert '待人工评 <b class="text-body">20.00</b>' in text
    assert "B1计得38分" in text
    for code in ("T1", "S5", "B1", "W1"):
        assert reverse("assessment:line_detail", args=[world.line(code).pk]) in text


def test_a_score_page_costs_few_queries_however_many_lines(client, world, count_queries):
    sheet = world.sheet
    Sheet.objects.filter(pk=sheet.pk).update(facts=GROWN)
    client.force_login(world.head)
    few, _answer = count_queries(lambda: client.get(sheet.get_absolute_url()))
    world.self_score()
    more, _answer = count_queries(lambda: client.get(sheet.get_absolute_url()))
    world.to("published")
    public, _answer = count_queries(lambda: client.get(sheet.get_absolute_url()))
    assert max(few, more, public) <= 12


def test_a_station_reads_no_other_station_s_sheet_and_no_list_of_the_county(client, world):
    other = world.sheet_of(world.neighbour)
    line = world.line("B1", world.neighbour)
    for name, pk in (
        ("sheet_detail", other.pk),
        ("sheet_print", other.pk),
        ("line_detail", line.pk),
        ("year_detail", world.year.pk),
        ("public_result", world.year.pk),
    ):
        assert page(client, world.head, name, pk).status_code == 404
    assert page(client, world.head, "compare", world.year.pk).status_code == 403
    assert page(client, world.head, "sheet_score", world.sheet.pk).status_code == 403
    assert page(client, world.inspector, "sheet_score", world.sheet.pk).status_code == 403


def test_a_self_score_is_kept_while_typed_and_handed_in_with_its_evidence(client, world):
    sheet, line = world.sheet, world.line("S5")
    page(client, world.head, "sheet_keep", sheet.pk, data=typed(world, S5=("17.5", "无投诉")))
    line.refresh_from_db()
    assert (line.self_points, line.self_words) == (Decimal("17.5"), "无投诉")

    answer = page(client, world.head, "sheet_self", sheet.pk)
    assert "disabled" in answer.content.decode()
    wrong = page(
        client, world.head, "sheet_self", sheet.pk, data=typed(world, S5=("21", "写多了"))
    )
    assert wrong.status_code == 422
    assert "最多20" in wrong.content.decode()
    assert "写多了" in wrong.content.decode()

    posted = typed(world, S5=("17.5", "无投诉")) | {
        f"files_{line.pk}": SimpleUploadedFile("表扬信.png", picture(), "image/png"),
        "summary": "全年平稳",
        "submit": "1",
    }
    answer = page(client, world.head, "sheet_self", sheet.pk, data=posted)
    assert answer.url == sheet.get_absolute_url()
    assert world.sheet.status == "self_scored"
    assert line.evidence.count() == 1
    again = page(client, world.head, "sheet_self", sheet.pk, data=posted)
    assert again.url == sheet.get_absolute_url()


def test_the_county_scores_line_by_line_and_returns(client, world):
    world.self_score()
    sheet = world.sheet
    text = page(client, world.scorer, "sheet_score", sheet.pk).content.decode()
    assert 'value="38.00"' in text
    wrong = page(
        client,
        world.scorer,
        "sheet_score",
        sheet.pk,
        data=typed(world, T1=("25", ""), S5=("18", ""), B1=("30", ""), W1=("12", "")),
    )
    assert wrong.status_code == 422
    page(
        client,
        world.scorer,
        "sheet_move",
        sheet.pk,
        "return",
        data={"return-reason": "缺凭证"},
    )
    assert world.sheet.returned_reason == "缺凭证"
    assert "缺凭证" in page(client, world.head, "sheet_self", sheet.pk).content.decode()
    workflow.submit(world.sheet, by=world.head)
    page(
        client,
        world.scorer,
        "sheet_score",
        sheet.pk,
        data=typed(world, T1=("25", ""), S5=("18", ""), B1=("30", "抽查不符"), W1=("12", ""))
        | {"complete": "1"},
    )
    assert (world.sheet.status, world.sheet.total) == ("county_scored", Decimal("85.0"))


def test_a_proposal_is_settled_by_another_officer_on_the_sheet(client, world):
    clause = world.year.standard.clauses.get(code="J1")
    posted = {"clause": clause.pk, "count": "1", "facts": "市局表彰"}
    sheet = world.sheet
    answer = page(client, world.head, "adjustment_create", sheet.pk, data=posted)
    assert answer.status_code == 422
    posted["photos"] = SimpleUploadedFile("表彰.png", picture(), "image/png")
    page(client, world.head, "adjustment_create", sheet.pk, data=posted)
    bonus = Adjustment.objects.get()
    page(client, world.scorer, "adjustment_settle", bonus.pk, data={"agree": "1"})
    assert world.sheet.bonus == 2
    # What the records point at stands on the sheet with its rows, and is proposed with a press.
    Sheet.objects.filter(pk=sheet.pk).update(facts=GROWN)
    text = page(client, world.head, "sheet_detail", sheet.pk).content.decode()
    assert "给予援助13件，上年同期10件，增长30%" in text
    assert reverse("assessment:sheet_rows", args=[sheet.pk, "grants"]) in text
    assert page(client, world.head, "sheet_rows", sheet.pk, "grants").status_code == 200
    assert page(client, world.head, "sheet_rows", sheet.pk, "entries_timely").status_code == 404
    county_page = page(client, world.scorer, "year_detail", world.year.pk)
    assert "还没有提出" in county_page.content.decode()
    page(client, world.head, "adjustment_found", sheet.pk, "J2", data={})
    county_page = page(client, world.scorer, "year_detail", world.year.pk)
    assert "还没有提出" not in county_page.content.decode()
    page(client, world.head, "adjustment_found", sheet.pk, "J2", data={})
    assert Adjustment.objects.get(clause__code="J2").proposed_by == world.head
    # A station asks for a bonus; deductions and vetoes are others' to propose.
    veto = world.year.standard.clauses.get(code="V1")
    answer = page(
        client, world.head, "adjustment_create", sheet.pk, data=posted | {"clause": veto.pk}
    )
    assert answer.status_code == 422


def test_the_city_draws_and_writes_its_findings_line_by_line(client, world):
    world.to("scored")
    year = world.year
    page(client, world.inspector, "check_draw", year.pk, data={})
    check = SpotCheck.objects.get()
    assert check.seed in page(client, world.scorer, "check_list", year.pk).content.decode()
    line = check.sheet.scores.get(indicator__code="S5")
    posted = {
        f"points_{line.pk}": "15",
        f"words_{line.pk}": "公示牌缺电话",
        "visited_on": timezone.localdate().isoformat(),
        "findings": "一处不符",
        "finish": "1",
    }
    assert page(client, world.scorer, "check_detail", check.pk, data=posted).status_code == 403
    answer = page(client, world.inspector, "check_detail", check.pk, data=posted)
    assert answer.url == reverse("assessment:check_list", args=[year.pk])
    assert (
        "公示牌缺电话" in page(client, world.scorer, "check_detail", check.pk).content.decode()
    )


def test_the_published_result_is_open_to_all_and_objections_are_decided(client, world):
    world.to("checked")
    today = timezone.localdate()
    page(client, world.scorer, "year_publish", world.year.pk, data={"publicity_from": today})
    client.logout()
    text = client.get(
        reverse("assessment:public_result", args=[world.year.pk])
    ).content.decode()
    assert "石桥镇法律援助工作站" in text
    assert "93.0" in text
    # Points and grades only: no person, no reason.
    assert "方站长" not in text

    line = world.line("S5")
    posted = {"score": line.pk, "wanted_points": "20", "text": "表扬信没有计入"}
    page(client, world.head, "object", world.sheet.pk, data=posted)
    objection = Objection.objects.get()
    wrong = page(
        client,
        world.confirmer,
        "objection_detail",
        objection.pk,
        data={"is_accepted": "yes", "points": "21", "decision": "属实"},
    )
    assert wrong.status_code == 422
    page(
        client,
        world.confirmer,
        "objection_detail",
        objection.pk,
        data={"is_accepted": "yes", "points": "20", "decision": "属实"},
    )
    assert world.sheet.total == Decimal("95.0")
    assert "属实" in page(client, world.head, "objection_detail", objection.pk).content.decode()
    assert (
        page(client, world.neighbour_head, "objection_detail", objection.pk).status_code == 404
    )


def test_a_confirmed_year_is_followed_up_and_reopened_with_a_reason(client, world):
    world.to("over")
    page(client, world.scorer, "year_confirm", world.year.pk, data={})
    assert not world.fresh().is_frozen
    page(client, world.confirmer, "year_confirm", world.year.pk, data={})
    assert world.fresh().is_frozen

    due_on = timezone.localdate() + timedelta(days=20)
    page(
        client,
        world.scorer,
        "rectification_create",
        world.sheet.pk,
        data={"text": "补齐公示栏", "due_on": due_on},
    )
    order = world.sheet.rectifications.get()
    page(client, world.head, "rectification_detail", order.pk, data={"words": "已补"})
    page(client, world.scorer, "rectification_accept", order.pk, data={})
    text = page(client, world.scorer, "follow_up", world.year.pk).content.decode()
    assert "补齐公示栏" in text

    page(client, world.scorer, "year_reopen", world.year.pk, data={"reopen-reason": "审计更正"})
    again = Year.objects.get(issue=2)
    assert "审计更正" in page(client, world.scorer, "year_detail", again.pk).content.decode()
    old = page(client, world.scorer, "year_detail", world.year.pk).content.decode()
    assert again.get_absolute_url() in old


def test_lists_cost_the_same_for_two_stations_and_for_six(
    client, world, count_queries, make_station
):
    world.to("published")
    names = ["year_detail", "compare", "follow_up", "public_result"]
    client.force_login(world.scorer)

    def cost():
        found = {}
        for name in names:
            address = reverse(f"assessment:{name}", args=[world.year.pk]) + "?line=B1"
            found[name], answer = count_queries(lambda asked=address: client.get(asked))
        return found, answer

    few, _answer = cost()
    for n in range(4):
        station = make_station(world.year.county, 110 + n, f"加{n}")
        sheet = Sheet.objects.create(
            year=world.year, station=station, status="published", total=92, grade="excellent"
        )
        for score in world.sheet.scores.all():
            score.pk, score._state.adding, score.sheet = None, True, sheet
            score.save()
    many, answer = cost()
    assert "加3" in answer.content.decode()
    assert many == few


def test_a_standard_is_copied_edited_previewed_and_put_to_use(client, world):
    world.to("confirmed")
    officer, used = world.scorer, world.year.standard
    line, clause = used.indicators.get(code="B1"), used.clauses.get(code="V1")
    for name, pk in (
        ("standard_edit", used.pk),
        ("indicator_create", used.pk),
        ("clause_create", used.pk),
        ("indicator_edit", line.pk),
        ("clause_edit", clause.pk),
    ):
        assert (
            page(client, officer, name, pk, data={"drop": "1"}).url == used.get_absolute_url()
        )
    page(client, officer, "standard_copy", used.pk, data={})
    draft = Standard.objects.get(status="draft")
    line = draft.indicators.get(code="B1")
    posted = {"label": line.label, "points": "40", "mode": "computed", "part_0_points": "30"}
    answer = page(client, officer, "indicator_edit", line.pk, data=posted)
    assert answer.status_code == 422
    posted |= {"points": "30", "rule_text": "完整率乘以30"}
    page(client, officer, "indicator_edit", line.pk, data=posted)
    line.refresh_from_db()
    assert (line.points, line.rule["parts"][0]["points"]) == (30, "30")
    text = page(client, officer, "standard_detail", draft.pk).content.decode()
    assert "90" in text
    page(client, officer, "standard_use", draft.pk, data={"year_from": "2090"})
    assert Standard.objects.get(pk=draft.pk).is_draft

    # A new line counts signals by the month; the county then reads them one by one.
    new = {
        "code": "b6",
        "dimension": "business",
        "label": "舆情报告",
        "points": "10",
        "mode": "computed",
        "new_fact": "signals_missed",
        "new_function": "deduct",
    }
    page(client, officer, "indicator_create", draft.pk, data=new)
    added = draft.indicators.get(code="B6")
    assert added.rule["parts"] == [
        {"fact": "signals_missed", "function": "deduct", "points": "10", "each": "1"}
    ]
    assert page(client, officer, "indicator_create", draft.pk, data=new).status_code == 422
    read = {
        "label": "舆情报告",
        "points": "10",
        "mode": "computed",
        "part_0_fact": "signals_missed_each",
        "part_0_points": "10",
        "part_0_each": "1.5",
    }
    page(client, officer, "indicator_edit", added.pk, data=read)
    added.refresh_from_db()
    assert added.rule["parts"][0]["fact"] == "signals_missed_each"
    assert standard.faults(draft) == []
    text = page(client, officer, "standard_preview", draft.pk).content.decode()
    assert "青溪" in text
    page(client, officer, "indicator_edit", added.pk, data={"drop": "1"})
    assert not draft.indicators.filter(code="B6").exists()

    # Bonuses, deductions and vetoes are the county's as well.
    veto = {"kind": "veto", "code": "V2", "label": "伪造登记"}
    assert page(client, officer, "clause_create", draft.pk, data=veto).status_code == 422
    page(client, officer, "clause_create", draft.pk, data=veto | {"effect": "fail"})
    grown = draft.clauses.get(code="J2")
    posted = {"label": grown.label, "points": "2", "more_than_percent": ""}
    assert page(client, officer, "clause_edit", grown.pk, data=posted).status_code == 422
    page(client, officer, "clause_edit", grown.pk, data=posted | {"more_than_percent": "30"})
    page(client, officer, "clause_edit", draft.clauses.get(code="K1").pk, data={"drop": "1"})
    assert sorted(draft.clauses.values_list("code", "points", "more_than_percent")) == [
        ("J1", 2, None),
        ("J2", 2, 30),
        ("V1", None, None),
        ("V2", None, None),
    ]
    bars = {name: getattr(draft, name) or "" for name in StandardForm.Meta.fields} | {
        "spot_check_percent": "10"
    }
    answer = page(client, officer, "standard_edit", draft.pk, data=bars)
    assert answer.status_code == 422
    assert "至少抽查五分之一" in answer.content.decode()

    hand = draft.indicators.get(code="S5")
    page(
        client,
        officer,
        "indicator_edit",
        hand.pk,
        data={"label": hand.label, "points": "30", "mode": "hand"},
    )
    page(client, officer, "standard_use", draft.pk, data={"year_from": "2090"})
    assert Standard.objects.get(pk=draft.pk).status == "in_use"


# What a county may type wrong, function by function: (the part, what is typed, what is answered).
WRONG = [
    ("village_coverage", "ramp", {"from": "1", "to": "0.8"}, "下限要小于上限"),
    ("village_coverage", "ramp", {"from": "0.8", "to": "1.2"}, "下限要小于上限"),
    ("village_coverage", "ramp", {"points_from": "30"}, "下限要小于上限"),
    ("followed_up", "step", {"otherwise": "99"}, "没达到时的分数"),
    ("followed_up", "step", {"at_least": "八成"}, "如0.8"),
    ("staff_trained", "share", {"points": "-1"}, "不能小于0"),
    ("head_months", "months", {"points": ""}, "如0.8"),
    ("typical_cases", "count", {"wanted": "0"}, "应有的数量要大于0"),
    ("duty_missed", "deduct", {"each": "0"}, "每次扣的分要大于0"),
    ("mixed_duty_team", "presence", {"points": "100000"}, "如0.8"),
    ("duty_missed", "share", {}, "只能用来扣分"),
    ("staff_trained", "deduct", {}, "不能用来扣分"),
    ("typical_cases", "share", {}, "算不出比例"),
    ("applicants_on_wall", "void", {}, "给分规则"),
]


@pytest.mark.django_db
def test_wrong_numbers_of_every_kind_of_rule_get_a_sentence_and_stay_typed(
    small_standard, officer
):
    line = copy(small_standard, by=officer).indicators.get(code="B1")
    base = {"label": line.label, "points": "20", "mode": "computed"}
    for fact, function, wrong, answer in WRONG:
        line.rule = {"parts": []}
        begun = IndicatorForm(
            base | {"new_fact": fact, "new_function": function}, instance=line
        )
        if not wrong:
            assert answer in str(begun.errors), (fact, function)
            continue
        assert begun.is_valid(), begun.errors
        numbers = {
            f"part_0_{key}": value
            for key, value in (line.rule["parts"][0] | wrong).items()
            if key not in {"fact", "function"}
        }
        typed = IndicatorForm(base | numbers, instance=line)
        assert answer in str(typed.errors), (fact, function, typed.errors)
        for key, value in wrong.items():
            assert typed[f"part_0_{key}"].value() == value


def test_every_change_of_points_is_told_on_the_line(client, world):
    world.self_score()
    line = world.line("S5")
    workflow.save_county_scores(
        world.sheet, {line.pk: Typed(Decimal(15), "两次迟到")}, by=world.scorer
    )
    text = page(client, world.scorer, "line_detail", line.pk).content.decode()
    assert "两次迟到" in text
    assert "高科长" in text
    rows = page(client, world.scorer, "line_rows", line.pk, "nonsense")
    assert rows.status_code == 404


def test_the_other_lists_cost_the_same_for_one_row_and_for_many(
    client, world, count_queries, next_county, officer
):
    world.to("drawn")
    asked = [
        (world.inspector, reverse("assessment:home")),
        (world.scorer, reverse("assessment:year_list")),
        (world.scorer, reverse("assessment:standard_list")),
        (world.scorer, reverse("assessment:check_list", args=[world.year.pk])),
        (world.head, reverse("assessment:year_list")),
    ]

    def costs():
        found = []
        for user, address in asked:
            client.force_login(user)
            found.append(count_queries(lambda there=address: client.get(there))[0])
        return found

    few = costs()
    standard = world.year.standard
    for n in range(3):
        year = Year.objects.create(
            county=next_county if n else world.year.county,
            year=2001 + n,
            standard=standard,
            first_day=date(2001 + n, 1, 1),
            last_day=date(2001 + n, 12, 31),
            opened_by=officer,
        )
        copy(standard, by=officer)
        Sheet.objects.create(year=year, station=world.station, total=70 + n, grade="pass")
    SpotCheck.objects.get_or_create(
        sheet=world.year.sheets.exclude(spot_check__isnull=False).first(),
        defaults={"seed": "5eed", "drawn_by": world.inspector},
    )
    assert costs() == few
