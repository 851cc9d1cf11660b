"""A small county with a year to assess: two stations, a standard of four lines, the people it takes."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from PIL import Image

from assessment import running, workflow
from assessment.models import Clause, Indicator, Standard, Year
from assessment.standard import put_to_use
from assessment.terms import ClauseKind, ClauseSign, Dimension, Mode, VetoEffect
from assessment.workflow import Typed
from stations.models import Station, User
from stations.roles import Role

LINES = [
    ("T1", Dimension.TEAM, "站长及工作人员", 25, Mode.COMPUTED, "head_months"),
    ("S5", Dimension.CONDUCT, "廉洁、保密、文明", 20, Mode.HAND, ""),
    ("B1", Dimension.BUSINESS, "台账完整率", 40, Mode.COMPUTED, "entries_complete"),
    ("W1", Dimension.HARDWARE, "固定场所", 15, Mode.CONFIRMED, "premises_there"),
]


def picture(shade=200):
    """The bytes of a small photo; another shade, another photo."""
    content = io.BytesIO()
    Image.new("L", (20, 20), shade).save(content, "PNG")
    return content.getvalue()


@dataclass
class World:
    """The year with its sheets and people, and the moves that lead it on."""

    year: Year
    head: User
    neighbour_head: User
    scorer: User
    confirmer: User
    inspector: User
    station: Station
    neighbour: Station
    heads: dict = field(default_factory=dict)

    def fresh(self):
        self.year = Year.objects.select_related("county__division", "standard").get(
            pk=self.year.pk
        )
        return self.year

    @property
    def sheet(self):
        return self.sheet_of(self.station)

    def sheet_of(self, station):
        return self.year.sheets.select_related("year__standard", "station").get(station=station)

    def line(self, code, station=None):
        sheet = self.sheet_of(station or self.station)
        return sheet.scores.select_related("indicator", "sheet__year").get(indicator__code=code)

    def self_score(self, station=None, points="18"):
        """Type the lines a person judges and hand the sheet in."""
        station = station or self.station
        sheet, head = self.sheet_of(station), self.heads[station.pk]
        line = self.line("S5", station)
        workflow.save_self_scores(
            sheet, {line.pk: Typed(Decimal(points), "全年无投诉")}, by=head, summary="一年小结"
        )
        workflow.add_evidence(line, [picture(station.pk % 200)], by=head)
        return workflow.submit(sheet, by=head)

    def county_score(self, station=None, by=None, **points):
        """Score every line as computed, or as given; by hand what was self-scored."""
        sheet = self.sheet_of(station or self.station)
        lines = {}
        for score in sheet.scores.select_related("indicator"):
            given = points.get(score.indicator.code)
            usual = score.computed_points
            if usual is None:
                usual = score.self_points if score.self_points is not None else Decimal(0)
            lines[score.pk] = (
                Typed(Decimal(given), "现场核对后调整")
                if given is not None
                else Typed(
                    usual,
                    ""
                    if score.self_points is not None or score.computed_points is not None
                    else "未自评",
                )
            )
        workflow.save_county_scores(sheet, lines, by=by or self.scorer)
        return workflow.complete_score(sheet, by=by or self.scorer)

    def to(self, step):
        """Lead the whole year on to a step, by its moves."""
        today = timezone.localdate()
        steps = ["asked", "scored", "drawn", "checked", "published", "over", "confirmed"]
        for each in steps[: steps.index(step) + 1]:
            if each == "asked" and self.year.status == "open":
                workflow.ask_for_self_scores(
                    self.year,
                    by=self.scorer,
                    self_score_due_on=today + timedelta(days=10),
                    county_score_due_on=today + timedelta(days=30),
                )
            elif each == "scored":
                for station in (self.station, self.neighbour):
                    if self.sheet_of(station).status == "open":
                        self.self_score(station)
                    if self.sheet_of(station).status == "self_scored":
                        self.county_score(station)
            elif each == "drawn" and self.fresh().status == "county_scoring":
                workflow.draw(self.year, by=self.inspector)
            elif each == "checked":
                for sheet in self.year.sheets.exclude(spot_check=None):
                    check = sheet.spot_check
                    if check.done_at is None:
                        workflow.note_check(
                            check,
                            {},
                            by=self.inspector,
                            visited_on=today,
                            findings="与台账相符",
                        )
                        workflow.finish_check(check, by=self.inspector)
            elif each == "published" and self.fresh().status == "spot_checking":
                workflow.publish(self.year, by=self.scorer)
            elif each == "over":
                self.let_publicity_pass()
            elif each == "confirmed" and self.fresh().status == "published":
                workflow.confirm(self.year, by=self.confirmer)
            self.fresh()
        return self

    def let_publicity_pass(self):
        """Move the days of publicity two weeks back, as if they were over."""
        if self.fresh().status == "published":
            back = timedelta(days=20)
            Year.objects.filter(pk=self.year.pk).update(
                publicity_from=self.year.publicity_from - back,
                publicity_to=self.year.publicity_to - back,
                objections_to=self.year.objections_to - back,
            )
        return self.fresh()


@pytest.fixture
def small_standard(county, officer):
    """Four lines of 100 points, a bonus, a deduction, a veto; in use for many years."""
    standard = Standard.objects.create(
        division=county.division, version=1, name="考核标准", made_by=officer
    )
    for order, (code, dimension, label, most, mode, fact) in enumerate(LINES):
        parts = [{"fact": fact, "function": "share", "points": str(most)}] if fact else []
        Indicator.objects.create(
            standard=standard,
            code=code,
            dimension=dimension,
            label=label,
            points=most,
            mode=mode,
            rule={"parts": parts},
            rule_text=f"{label}按规则计分",
            evidence_wanted="照片" if mode == Mode.HAND else "",
            order=order,
        )
    for order, (kind, code, label, points, effect) in enumerate(
        [
            (ClauseKind.BONUS, "J1", "市级表彰", 2, ""),
            (ClauseKind.DEDUCTION, "K1", "数据不实", 5, ""),
            (ClauseKind.VETO, "V1", "收受财物", None, VetoEffect.FAIL),
        ]
    ):
        Clause.objects.create(
            standard=standard,
            kind=kind,
            code=code,
            label=label,
            points=points,
            effect=effect,
            order=order,
        )
    Clause.objects.create(
        standard=standard,
        kind=ClauseKind.BONUS,
        code="J2",
        label="给予法律援助件数增长超过20%",
        points=1,
        found_by=ClauseSign.GRANTS_GROWN,
        more_than_percent=20,
        order=3,
    )
    return put_to_use(standard, year_from=2020, by=officer)


@pytest.fixture
def world(county, station, next_station, head, officer, inspector, make_user, small_standard):
    """Last year is open; T1 gets full marks, B1 38 and W1 12 of 15 at both stations."""
    last_year = timezone.localdate().year - 1
    year = workflow.open_year(county, last_year, standard=small_standard, by=officer)
    for sheet in year.sheets.all():
        for code, points in (("T1", 25), ("B1", 38), ("W1", 12)):
            sheet.scores.filter(indicator__code=code).update(
                computed_points=points, computed_words=f"{code}计得{points}分"
            )
    running.add_up(year)
    neighbour_head = make_user("nhead", "石桥站长", Role.HEAD, next_station)
    confirmer = make_user("officer2", "施局长", Role.OFFICER, county)
    return World(
        year=year,
        head=head,
        neighbour_head=neighbour_head,
        scorer=officer,
        confirmer=confirmer,
        inspector=inspector,
        station=station,
        neighbour=next_station,
        heads={station.pk: head, next_station.pk: neighbour_head},
    ).to("asked")
