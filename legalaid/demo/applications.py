"""The applications of the demonstration county, each led by its moves to where it would stand today."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import cycle

from django.db.models import F
from django.utils import timezone

from casework import workflow
from casework.models import (
    AidMatter,
    Application,
    HardshipStandard,
    HouseholdMember,
    Letter,
    Material,
    Matter,
    Notice,
    Party,
    ProgressNote,
)
from casework.rules.sentiment import same_name
from casework.terms import (
    CaseResult,
    FileCheck,
    HardshipTrack,
    LetterKind,
    MaterialKind,
    MaterialState,
    PartySide,
    RefusalGround,
    Relation,
    ReturnReason,
    ServiceMethod,
    TerminationGround,
)
from stations.models import AidUnit, AidWorker, User

from . import facts
from .moved_clock import at

UNITS = [
    ("霍山县法律援助中心", "center", [("林若溪", "staff", 2018, "labour family")]),
    (
        "皖西大别山律师事务所",
        "firm",
        [
            ("许文静", "lawyer", 2014, "labour contract"),
            ("吕正平", "lawyer", 2009, "traffic criminal"),
            ("程小玲", "lawyer", 2024, "family"),
        ],
    ),
    (
        "霍山县衡山法律服务所",
        "grassroots",
        [
            ("江河清", "grassroots", 2006, "family land"),
            ("叶长福", "grassroots", 2011, "land labour"),
        ],
    ),
]
CONDITION_PAPERS = {
    HardshipTrack.EXEMPT_FROM_CONDITION: [(MaterialKind.CONDITION_PROOF, "出警记录、伤情照片")],
    HardshipTrack.EXEMPT_FROM_CHECK: [(MaterialKind.EXEMPTION_PROOF, "免予核查的证明")],
    HardshipTrack.PLEDGE: [
        (MaterialKind.HARDSHIP_STATEMENT, "经济困难状况说明表"),
        (MaterialKind.PLEDGE, "经济困难承诺书"),
    ],
}


def build_panel(county, today):
    """The county's standard of hardship, and who handles its cases."""
    HardshipStandard.objects.create(
        county=county,
        valid_from=today.replace(month=1, day=1) - timedelta(days=365),
        monthly_per_head=Decimal("2060"),
        basis="当地月最低工资标准",
        paper="演示用标准，非正式文件",
    )
    for name, kind, workers in UNITS:
        unit = AidUnit.objects.create(
            county=county, name=name, kind=kind, phone="0564-000-0199"
        )
        for worker, licence, year, specialities in workers:
            AidWorker.objects.create(
                unit=unit,
                name=worker,
                kind=licence,
                licence_number="" if licence == "staff" else f"演示{year}{len(worker):04d}",
                licence_to=None if licence == "staff" else today + timedelta(days=400),
                practising_since=today.replace(year=year, month=6, day=1),
                specialities=specialities.split(),
                township_code=f"{county.division.code}100",
                joined_on=today.replace(month=1, day=1) - timedelta(days=700),
            )


class Files:
    """Takes applications in at the stations and leads each through its script."""

    def __init__(self, county, staff, population, random, today, calendar):
        self.county, self.staff, self.population = county, staff, population
        self.random, self.today, self.calendar = random, today, calendar
        self.reviewer = User.objects.get(username="reviewer")
        self.director = User.objects.get(username="director")
        self.stations = cycle(sorted(staff, key=lambda station: station.code))
        # A loan is not within legal aid: it is what a refusal is about.
        self.stories = cycle(s for s in facts.applications() if s.aid_matter != "31-9")
        self.workers = cycle(
            AidWorker.objects.exclude(kind="staff").select_related("unit").order_by("pk")
        )

    def build(self):
        """Make every application the scripts name; return how many."""
        began = [
            (days, script["steps"]) for script in facts.scripts() for days in script["began"]
        ]
        # The oldest first, so that numbers run with the days.
        for days, steps in sorted(began, reverse=True):
            self._lead(days, steps.split())
        self._clear_desks()
        return len(began)

    def _clear_desks(self):
        """What is older than two working days has been printed, read and telephoned."""
        before = timezone.make_aware(datetime.combine(self._working_day_before(2), time(0, 0)))
        Letter.objects.filter(made_at__lt=before).update(printed_at=F("made_at"))
        Notice.objects.open().filter(made_at__lt=before).update(done_at=F("made_at"))

    def _lead(self, days_ago, steps):
        first = self._working_day_before(days_ago)
        application = None
        self.story = self._fitting_story(" ".join(steps))
        for n, step in enumerate(steps):
            name, _at, after = step.partition("@")
            day = self.calendar.add_working_days(first, int(after))
            moment = datetime.combine(day, time(9, 10)) + timedelta(minutes=23 * n)
            with at(timezone.make_aware(moment)):
                application = getattr(self, f"_{name}")(application, day) or application

    def _fitting_story(self, steps):
        """The next story, or the one that what becomes of it is about."""
        fitting = {"refusal": "31-9", "withdraw": "31-5", "pass_on": "31-5"}
        for word, code in fitting.items():
            if word in steps:
                return next(s for s in facts.applications() if s.aid_matter == code)
        return next(self.stories)

    def _working_day_before(self, days):
        day = self.today
        while days:
            day -= timedelta(days=1)
            days -= self.calendar.is_working_day(day)
        return day

    # ── Steps: each takes the application and the day, and returns it as it then stands ──

    def _receive(self, _none, day, missing=()):
        station, story = next(self.stations), self.story
        self.clerk, self.head = self.staff[station][0], self.staff[station][-1]
        village = self.random.choice(list(station.township.children.all()))
        person = self.population.person(
            village, on=day, sex=story.sex, ages=story.ages, groups=story.groups
        )
        low, high = story.amount
        application = Application(
            station=station,
            name=person.name,
            sex=person.sex,
            birth_on=person.birth_on,
            ethnic_group="汉",
            id_number=person.id_number,
            phone=person.phone,
            household_place=f"{station.township}{facts.place_name(village.name)}",
            address=f"{station.township}{facts.place_name(village.name)}",
            people_groups=list(story.groups),
            village=village,
            aid_matter=AidMatter.objects.get(code=story.aid_matter, county=None),
            matter=Matter.objects.get(code=story.matter, county=None),
            aid_kind=story.aid_kind,
            position=story.position,
            stage=story.stage,
            claims=story.claims,
            amount=self.random.randrange(low, high + 1, 100) or None,
            facts=story.facts.replace("{村}", facts.place_name(village.name)),
            jurisdiction_basis=story.basis,
            jurisdiction_body=self.county.division.name,
            hardship_track=story.track,
            check_exemption=story.exemption,
            has_pledged=story.track == HardshipTrack.PLEDGE,
            agrees_to_share=True,
        )
        return workflow.receive(
            application,
            by=self.clerk,
            household=self._household(person, story),
            parties=self._parties(story),
            materials=self._papers(story, day, missing),
        )

    def _receive_incomplete(self, _none, day):
        return self._receive(_none, day, missing={MaterialKind.MATTER})

    def _household(self, person, story):
        if story.track != HardshipTrack.PLEDGE:
            return []
        return [
            HouseholdMember(
                name=person.name,
                relation=Relation.SELF,
                occupation="务农",
                monthly_income="900",
            ),
            HouseholdMember(
                name=f"{person.name[0]}某",
                relation=Relation.CHILD,
                occupation="在外打工",
                monthly_income="2600",
            ),
        ]

    def _parties(self, story):
        if not story.opponent:
            return []
        return [
            Party(
                side=PartySide.OPPONENT,
                kind=story.opponent_kind,
                name=story.opponent,
                name_key=same_name(story.opponent),
            )
        ]

    def _papers(self, story, day, missing):
        kinds = [
            (MaterialKind.APPLICATION_FORM, "法律援助申请表"),
            (MaterialKind.ID_DOCUMENT, "身份证明"),
            *CONDITION_PAPERS[story.track],
            (MaterialKind.MATTER, "与申请事项有关的材料"),
        ]
        return [
            Material(
                kind=kind,
                name=name,
                state=MaterialState.MISSING if kind in missing else MaterialState.GIVEN,
                given_on=None if kind in missing else day,
                pages=None if kind in missing else self.random.randint(1, 4),
            )
            for kind, name in kinds
        ]

    def _ask(self, application, day):
        return workflow.ask_for_documents(
            application, by=self.clerk, items=["与申请事项有关的材料"], days=10, served_on=day
        )

    def _supply(self, application, day):
        row = application.materials.get(state=MaterialState.MISSING)
        row.state, row.given_on, row.pages = MaterialState.GIVEN, day, 3
        return workflow.supply(application, by=self.clerk, on=day, materials=[row])

    def _review(self, application, _day):
        return workflow.review(
            application,
            by=self.clerk,
            findings=[],
            overrides={},
            conclusion="grant",
            words=f"申请事项属于《法律援助法》{application.aid_matter.article}，属本县管辖，"
            "材料齐全，建议给予法律援助。",
            no_recusal=True,
        )

    def _countersign(self, application, _day):
        return workflow.countersign(application, by=self.head, words="同意。")

    def _forward(self, application, _day):
        return workflow.forward(application, by=self.head)

    def _sign_for(self, application, _day):
        return workflow.sign_for(application, by=self.reviewer)

    def _grant(self, application, _day):
        return workflow.grant(application, by=self.reviewer)

    def _serve(self, application, day):
        letter = application.letters.filter(
            kind__in=[LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.TERMINATION],
            served_on=None,
        ).last()
        workflow.serve(
            letter,
            by=self.clerk,
            on=day,
            method=ServiceMethod.IN_PERSON,
            received_by_name=application.name,
        )

    def _assign(self, application, _day):
        return workflow.assign(
            application, by=self.reviewer, worker=next(self.workers), suggested_as=1
        )

    def _engage(self, application, day):
        return workflow.engage(application, by=self.reviewer, on=day)

    def _note(self, application, day):
        ProgressNote.objects.create(
            application=application,
            happened_on=day,
            words="已会见受援人，整理证据目录，向对方发出协商函。",
            written_by=self.reviewer,
        )

    def _close(self, application, day):
        amount = application.amount or Decimal(0)
        is_wage = application.aid_matter.code == "31-5"
        return workflow.close(
            application,
            by=self.reviewer,
            closed_on=day,
            result=self.random.choice(
                [CaseResult.MEDIATED, CaseResult.WON, CaseResult.SETTLED]
            ),
            summary="双方达成协议，对方已按约履行。",
            recovered=amount,
            wages_recovered=amount if is_wage else 0,
        )

    def _hand_in(self, application, day):
        return workflow.hand_in_file(application, by=self.reviewer, on=day)

    def _archive(self, application, day):
        archived = workflow.archive(
            application,
            by=self.director,
            on=day,
            file_check=self.random.choice([FileCheck.EXCELLENT, FileCheck.GOOD]),
            archive_number=f"霍援档{application.year}-{application.serial:03d}",
            subsidy=Decimal("1500"),
        )
        if application.serial % 3 == 0:
            return archived
        return workflow.pay_subsidy(
            archived,
            by=self.director,
            on=day,
            amount=Decimal("1500"),
            voucher=f"{application.year}-补{application.serial:03d}",
        )

    def _return(self, application, _day):
        return workflow.return_to_station(
            application,
            by=self.reviewer,
            reason=ReturnReason.FACTS_UNCLEAR,
            note="工资从哪个月欠起、由谁发放没有写清，请问明后再报。",
        )

    def _propose_refusal(self, application, _day):
        return workflow.propose_refusal(
            application,
            by=self.reviewer,
            grounds=[RefusalGround.OUT_OF_SCOPE],
            reason="借款纠纷不属于法律援助事项范围，可以向人民调解委员会申请调解，也可以直接起诉。",
        )

    def _refuse(self, application, _day):
        return workflow.refuse(application, by=self.director)

    def _object(self, application, day):
        return workflow.receive_objection(
            application,
            by=self.clerk,
            received_on=day,
            words="我家里收入低，别的县同样的事能办，请重新看看。",
        )

    def _propose_termination(self, application, _day):
        return workflow.propose_termination(
            application,
            by=self.reviewer,
            grounds=[TerminationGround.OWN_AGENT],
            reason="受援人已自行委托律师代理，并书面告知本中心。",
        )

    def _terminate(self, application, _day):
        return workflow.terminate(application, by=self.director)

    def _withdraw(self, application, _day):
        return workflow.withdraw(
            application, by=self.clerk, note="对方已经付清，申请人本人来站撤回。"
        )

    def _pass_on(self, application, _day):
        return workflow.pass_on(
            application,
            by=self.reviewer,
            reason="用人单位和争议处理机关都在裕安区，本县没有管辖。",
            to_institution="六安市裕安区法律援助中心",
            told_how="当面告知，并给了对方的地址和电话",
        )
