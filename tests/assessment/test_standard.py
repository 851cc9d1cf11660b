"""Standards: the default, what keeps a draft from use, that one in use never changes, previews."""

from decimal import Decimal

import pytest
from django.db import Error, transaction

from assessment import running, standard
from assessment.models import Adjustment, Clause, Indicator, Score, Standard, Year
from assessment.standard import StandardRefused
from assessment.terms import ClauseKind, Dimension, StandardStatus
from tests.assessment.made_year import TODAY, YEAR, MadeYear, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(county, officer):
    return standard.adopt_default(county, by=officer)


def test_the_default_is_the_hundred_points_of_the_rules(draft):
    points = {
        dimension: sum(
            each.points for each in draft.indicators.all() if each.dimension == dimension
        )
        for dimension in Dimension
    }

    assert standard.faults(draft) == []
    assert list(points.values()) == [25, 20, 40, 15]
    assert draft.indicators.count() == 26
    assert [each.code for each in draft.clauses.filter(kind=ClauseKind.VETO)] == [
        f"V{n}" for n in range(1, 9)
    ]
    assert (draft.excellent_from, draft.good_from, draft.pass_from) == (90, 80, 60)


def test_a_draft_with_faults_is_not_put_to_use(draft, officer):
    draft.indicators.filter(code="T2").update(points=Decimal("5.5"))
    draft.indicators.filter(dimension=Dimension.HARDWARE).delete()

    found = standard.faults(draft)

    assert len(found) == 3
    assert "84.5" in found[0]
    assert found[2].startswith("T2 ")
    with pytest.raises(StandardRefused, match=r"84\.5"):
        standard.put_to_use(draft, year_from=YEAR, by=officer)


@pytest.mark.parametrize(
    "change",
    [
        lambda used: Standard.objects.filter(pk=used.pk).update(gate_percent=70),
        lambda used: Standard.objects.filter(pk=used.pk).update(status=StandardStatus.DRAFT),
        lambda used: used.indicators.update(points=1),
        lambda used: used.indicators.filter(code="T1").delete(),
        lambda used: used.clauses.filter(code="V1").delete(),
        lambda used: Clause.objects.create(
            standard=used, kind="bonus", code="P9", label="加分", points=5
        ),
        lambda used: Indicator.objects.create(
            standard=used, code="X1", dimension="team", label="新增", points=1, mode="hand"
        ),
        lambda used: used.delete(),
    ],
)
def test_a_standard_in_use_never_changes_whoever_writes(draft, officer, change):
    used = standard.put_to_use(draft, year_from=YEAR, by=officer)

    with pytest.raises(Error, match="standard in use"), transaction.atomic():
        change(used)

    assert used.indicators.count() == 26


def test_a_copy_is_edited_and_succeeds_the_one_in_use_from_a_later_year(draft, county, officer):
    first = standard.put_to_use(draft, year_from=YEAR, by=officer)
    second = standard.copy(first, by=officer)
    second.indicators.filter(code="B7").update(label="法治宣传和以案释法")
    with pytest.raises(StandardRefused, match=str(YEAR)):
        standard.put_to_use(second, year_from=YEAR, by=officer)

    standard.put_to_use(second, year_from=YEAR + 2, by=officer)

    first.refresh_from_db()
    assert first.status == StandardStatus.SUCCEEDED
    assert standard.in_force(county, YEAR + 1) == first
    assert standard.in_force(county, YEAR + 2) == second
    assert standard.in_force(county, YEAR - 1) is None
    assert first.indicators.get(code="B7").label == "法治宣传"
    with pytest.raises(StandardRefused):
        standard.put_to_use(first, year_from=YEAR + 5, by=officer)


def test_a_county_without_its_own_takes_the_city_s(draft, county, next_county, officer):
    city_s = standard.copy(draft, by=officer, division=county.division.parent)
    standard.put_to_use(city_s, year_from=YEAR, by=officer)
    assert standard.in_force(next_county, YEAR) == city_s

    standard.put_to_use(draft, year_from=YEAR + 1, by=officer)
    assert standard.in_force(county, YEAR) == city_s
    assert standard.in_force(county, YEAR + 1) == draft


def test_a_preview_says_what_a_change_would_have_made_of_a_past_year(
    draft, county, next_station, station, clerk, head, reviewer, director, officer
):
    made = MadeYear(
        station, clerk=clerk, head=head, reviewer=reviewer, director=director, officer=officer
    ).write()
    used = standard.put_to_use(draft, year_from=YEAR, by=officer)
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
    sheet = year.sheets.get(station=made.station)
    Score.objects.filter(sheet=sheet, indicator__code="W1").update(
        county_points=2, county_against=3, county_reason="缺无障碍设施"
    )
    Adjustment.objects.create(
        sheet=sheet,
        clause=used.clauses.get(code="P2"),
        facts="省厅表彰",
        proposed_by=officer,
        agreed_by=director,
        agreed_at=f"{YEAR}-12-31T10:00+08:00",
    )
    running.add_up(year)
    sheet.refresh_from_db()

    same = {
        each.station: each for each in standard.preview(standard.copy(used, by=officer), year)
    }
    assert same[made.station].new_total == sheet.total == same[made.station].old_total

    # Three substantiated complaints cost as much as one did; the line by hand is gone.
    changed = standard.copy(used, by=officer)
    complaints = changed.indicators.get(code="S2")
    complaints.rule["parts"][0]["each"] = "5"
    complaints.save()
    changed.indicators.filter(code="W1").delete()
    other = {each.station: each for each in standard.preview(changed, year)}
    assert other[made.station].change == Decimal("-2.5") - 2
    assert other[next_station].change == 0
