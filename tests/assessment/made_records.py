"""One record of each kind of a published year, for the table of page × role."""

from datetime import timedelta

from django.utils import timezone

from assessment.models import (
    Adjustment,
    Clause,
    Indicator,
    Objection,
    Rectification,
    Score,
    Sheet,
    SpotCheck,
    Standard,
    Year,
)
from assessment.standard import put_to_use


def assessment_records(station, by, evidence):
    """{kind: what its address names}; `by` is whoever made them all."""
    county, now = station.county, timezone.now()
    today = timezone.localdate()
    standard = Standard.objects.create(
        division=county.division, version=1, name="考核标准", made_by=by
    )
    Indicator.objects.bulk_create(
        Indicator(
            standard=standard,
            code=code,
            dimension=dimension,
            label=f"指标{code}",
            points=points,
            mode=mode,
            rule={"parts": parts},
            order=points,
        )
        for code, dimension, points, mode, parts in (
            ("T1", "team", 25, "hand", []),
            ("S1", "conduct", 20, "hand", []),
            ("W1", "hardware", 15, "hand", []),
            (
                "B1",
                "business",
                40,
                "computed",
                [{"fact": "entries_complete", "function": "share", "points": "40"}],
            ),
        )
    )
    clause = Clause.objects.create(
        standard=standard, kind="bonus", code="J1", label="表彰", points=2
    )
    Clause.objects.create(
        standard=standard,
        kind="bonus",
        code="J2",
        label="给予法律援助件数增长",
        points=1,
        found_by="grants_grown",
        more_than_percent=20,
    )
    standard = put_to_use(standard, year_from=2020, by=by)
    year = Year.objects.create(
        county=county,
        year=today.year - 1,
        standard=standard,
        status="published",
        first_day=today.replace(year=today.year - 1, month=1, day=1),
        last_day=today.replace(year=today.year - 1, month=12, day=31),
        opened_by=by,
        publicity_from=today,
        publicity_to=today + timedelta(days=9),
        objections_to=today + timedelta(days=9),
        published_at=now,
        published_by=by,
    )
    sheet = Sheet.objects.create(
        year=year, station=station, status="published", total=90, grade="excellent"
    )
    Score.objects.bulk_create(
        Score(
            sheet=sheet,
            indicator=line,
            computed_points=line.points,
            computed_parts=[
                {
                    "fact": "entries_complete",
                    "label": "台账",
                    "function": "share",
                    "value": "1",
                    "of": "1",
                    "points": "40.00",
                    "most": "40.00",
                    "words": "台账1/1",
                    "rows": {"from": "register", "fact": "entries_complete", "count": 1},
                }
            ],
        )
        for line in standard.indicators.all()
    )
    line = sheet.scores.get(indicator__code="B1")
    line.evidence.add(evidence)
    check = SpotCheck.objects.create(sheet=sheet, seed="5eed", drawn_by=by)
    adjustment = Adjustment.objects.create(
        sheet=sheet, clause=clause, facts="市级表彰", proposed_by=by
    )
    objection = Objection.objects.create(
        sheet=sheet, score=line, text="少计", filed_by=by, due_on=today + timedelta(days=7)
    )
    rectification = Rectification.objects.create(
        sheet=sheet, text="补齐公示", due_on=today + timedelta(days=7), ordered_by=by
    )
    flag = sheet.flags.create(kind="round_numbers", key="persons", words="人数多为整十")
    return {
        "assessed_year": [year.pk],
        "assessed_sheet": [sheet.pk],
        "assessed_move": [sheet.pk, "return"],
        "assessed_line": [line.pk],
        "assessed_rows": [line.pk, "entries_complete"],
        "assessed_evidence": [line.pk, evidence.pk],
        "assessed_paper": [year.pk, "summary"],
        "assessed_clause": [sheet.pk, "J2"],
        "assessed_fact": [sheet.pk, "grants"],
        "adjustment": [adjustment.pk],
        "flag": [flag.pk],
        "spot_check": [check.pk],
        "assessment_objection": [objection.pk],
        "rectification": [rectification.pk],
        "standard": [standard.pk],
        "indicator": [line.indicator_id],
        "clause": [clause.pk],
    }
