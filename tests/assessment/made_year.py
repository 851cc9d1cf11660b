"""A made year 2025 of one station: some of everything an assessment counts, merits and faults.

Rows are written as they stood at the year's end, so that what is counted is known from the rows
alone; the acts that write them have tests of their own.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from casework import models as casework
from casework.terms import Status
from stations import models as stations
from stations.models.duty import DutyMonth, DutySlot
from stations.roles import Role

YEAR = 2025
# The day on which the year is looked at: it is over, and so is January's first half.
TODAY = date(2026, 1, 20)


def at(month, day, hour=10, *, year=YEAR):
    return timezone.make_aware(datetime(year, month, day, hour))


def on(month, day):
    return date(YEAR, month, day)


class MadeYear:
    """Writes the rows; `station` is the one they belong to, `people` are account makers."""

    def __init__(self, station, *, clerk, head, reviewer, director, officer):
        self.station, self.county = station, station.county
        self.clerk, self.head, self.reviewer = clerk, head, reviewer
        self.director, self.officer = director, officer
        self.serial = 0
        self.villages = list(station.township.children.order_by("code"))

    def write(self):
        self.people()
        self.duty()
        self.training()
        self.rules_and_walls()
        self.premises_and_publicity()
        self.slips()
        self.register()
        self.applications()
        self.after_grants()
        self.months()
        self.complaints_and_answers()
        return self

    # ── The station's own records ───────────────────────────────────────────────────────

    def people(self):
        post = stations.Appointment.objects
        post.filter(user=self.head, role=Role.HEAD).update(to_on=on(8, 20))
        post.create(user=self.director, role=Role.HEAD, station=self.station, from_on=on(11, 5))
        clerk = post.get(user=self.clerk, role=Role.CLERK)
        stations.StaffTerms.objects.create(
            appointment=clerk, basis="full_time", from_on=on(4, 10), recorded_by=self.officer
        )
        liaison = {"station": self.station, "post": "secretary"}
        create = stations.Liaison.objects.create
        self.liaisons = [
            create(village=self.villages[0], name="甲", appointed_from=on(1, 1), **liaison),
            create(village=self.villages[1], name="乙", appointed_from=on(3, 31), **liaison),
            create(
                village=self.villages[2],
                name="丙",
                appointed_from=date(2024, 1, 1),
                appointed_to=on(6, 29),
                **liaison,
            ),
        ]

    def duty(self):
        unit = stations.AidUnit.objects.create(county=self.county, name="甲所", kind="firm")
        worker = stations.AidWorker.objects.create
        shared = {"unit": unit, "stands_duty": True}
        self.lawyer = worker(name="律师甲", kind="lawyer", joined_on=date(2020, 1, 1), **shared)
        # Licensed until the autumn, and still on the panel.
        worker(
            name="律师乙", kind="lawyer", joined_on=on(2, 10), licence_to=on(10, 15), **shared
        )
        worker(
            name="基层丙", kind="grassroots", joined_on=on(1, 1), left_on=on(6, 30), **shared
        )
        # Stands duty elsewhere only.
        elsewhere = worker(
            name="基层丁", kind="grassroots", joined_on=on(1, 1), licence_to=on(2, 1), **shared
        )
        elsewhere.duty_stations.add(
            stations.Station.objects.exclude(pk=self.station.pk).first()
        )
        slots = [
            # (month, day, signed in, absence, who stands in)
            *((3, day, True, "", False) for day in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14)),
            *((4, day, True, "", False) for day in (1, 2, 3, 7, 8, 9, 10, 11)),
            (4, 14, False, "untold", False),
            (4, 15, False, "told", True),
            (4, 16, False, "", False),
        ]
        for month, day, signed, absence, replaced in slots:
            self._slot(month, day, signed, absence, replaced)
        draft = DutyMonth.objects.create(county=self.county, month=on(5, 1))
        DutySlot.objects.create(
            duty_month=draft, station=self.station, day=on(5, 6), half="am", worker=self.lawyer
        )

    def _slot(self, month, day, signed, absence, replaced):
        duty_month, _new = DutyMonth.objects.get_or_create(
            county=self.county,
            month=on(month, 1),
            defaults={
                "planned_at": at(1, 1),
                "planned_by": self.reviewer,
                "published_at": at(1, 2),
                "published_by": self.reviewer,
            },
        )
        slot = DutySlot.objects.create(
            duty_month=duty_month,
            station=self.station,
            day=on(month, day),
            half="am",
            worker=self.lawyer,
            signed_in_at=at(month, day, 9) if signed else None,
            absence=absence,
            absence_by=self.head if absence else None,
            told_at=at(month, day - 2) if absence == "told" else None,
        )
        if replaced:
            DutySlot.objects.create(
                duty_month=duty_month,
                station=self.station,
                day=on(month, day),
                half="am",
                worker=stations.AidWorker.objects.get(name="律师乙"),
                stands_in_for=slot,
                signed_in_at=at(month, day, 9),
            )

    def training(self):
        def session(hours, day, **voided):
            return stations.TrainingSession.objects.create(
                county=self.county,
                on=day,
                title="培训",
                topic="法律援助法",
                trainer="中心",
                hours=hours,
                place="县局",
                recorded_by=self.officer,
                **voided,
            )

        present = stations.Attendance.objects.create
        long, short = session(8, on(3, 20)), session(4, on(9, 9))
        void = session(
            20, on(5, 5), voided_by=self.officer, voided_at=at(5, 6), void_reason="重复"
        )
        late = session(9, date(2026, 1, 5))
        for each in (long, short, void):
            present(session=each, user=self.clerk, station=self.station, by=self.officer)
        for each in (long, late):
            present(session=each, user=self.director, station=self.station, by=self.officer)
        present(session=short, liaison=self.liaisons[1], station=self.station, by=self.officer)
        present(
            session=long,
            liaison=self.liaisons[0],
            station=self.station,
            by=self.officer,
            struck_by=self.officer,
            struck_at=at(3, 21),
        )

    def _photo(self, text):
        return stations.Evidence.objects.create(
            station=self.station,
            media_type="image/jpeg",
            sha256=text.ljust(64, "0"),
            content=text.encode(),
            added_by=self.clerk,
        )

    def rules_and_walls(self):
        for n, kind in enumerate(["posting", "promise", "intake", "registers", "training"]):
            document = stations.RuleDocument.objects.create(
                county=self.county, kind=kind, version=1, text="制度", set_by=self.officer
            )
            stations.Adoption.objects.create(
                station=self.station,
                kind=kind,
                document=document,
                text="制度",
                in_force_from=on(n + 1, 1),
                adopted_by=self.head,
                # The last one was ended in summer.
                ended_on=on(7, 1) if kind == "training" else None,
            )
        photo = self._photo("wall")
        for n, item in enumerate(
            ["scope", "notes", "procedure", "rules", "promise", "privacy"]
        ):
            poster = stations.Poster.objects.create(
                station=self.station,
                item=item,
                digest=f"{n:08d}",
                content={},
                live_from=on(1, 1),
            )
            posting = stations.Posting.objects.create(
                station=self.station,
                item=item,
                poster=poster,
                # That of the rules was to be looked at by the end of October.
                posted_on=date(2024, 10, 31) if item == "rules" else on(2, 1),
                photo=photo,
                posted_by=self.clerk,
                checked_on=date(2024, 10, 31) if item == "rules" else on(2, 1),
                next_check_on=on(10, 31) if item == "rules" else date(2026, 2, 1),
                finding="damaged" if item == "procedure" else "fine",
            )
            if item == "procedure":
                stations.WallCheck.objects.create(
                    posting=posting,
                    finding="damaged",
                    checked_on=on(2, 1),
                    checked_by=self.officer,
                )
            if item == "notes":
                # What it should say has changed since it was put up.
                stations.Poster.objects.create(
                    station=self.station,
                    item=item,
                    digest="changed1",
                    content={},
                    live_from=on(9, 1),
                )
        self.last_posting = posting

    def slips(self):
        """The county was answered in time, late, and not at all; it answered the station once."""
        for side, due, answered in [
            ("county", on(3, 10), at(3, 10)),
            ("county", on(4, 10), at(4, 11)),
            ("county", on(5, 12), None),
            ("station", on(6, 10), at(6, 9)),
        ]:
            asks, answers = (
                (self.officer, self.clerk) if side == "county" else (self.clerk, self.officer)
            )
            slip = stations.QuestionSlip.objects.create(
                station=self.station,
                asked_side=side,
                topic="figures",
                subject=f"{due:%m}月的数",
                status="answered" if answered else "waiting",
                asked_by=asks,
                asked_at=at(due.month, 3),
                due_on=due,
                client_key=uuid4(),
            )
            slip.events.create(
                move="ask", words="请说明", by=asks, side=side, at=at(due.month, 3)
            )
            if answered:
                slip.events.create(
                    move="answer",
                    words="已核对",
                    by=answers,
                    side="station" if side == "county" else "county",
                    at=answered,
                    is_in_time=answered.date() <= due,
                )

    def premises_and_publicity(self):
        check = stations.PremisesCheck.objects.create
        for item, state, day in [
            ("fixed_place", "there", on(1, 5)),
            ("accessible", "missing", on(1, 5)),
            ("accessible", "there", on(5, 5)),
            ("private_corner", "broken", on(5, 5)),
            ("sign", "there", on(1, 5)),
            ("phone", "there", on(1, 5)),
        ]:
            check(station=self.station, item=item, state=state, on=day, by=self.clerk)
        photo = self._photo("event")
        for n, month in enumerate([1, 3, 5, 7, 9]):
            event = stations.PublicityEvent.objects.create(
                county=self.county,
                station=self.station,
                kind="lecture",
                title=f"宣讲{n}",
                on=on(month, 15),
                place="村部",
                reached=37,
                recorded_by=self.clerk,
            )
            if month != 9:
                event.photos.add(photo)
        for month, paid_on, voucher in [
            (1, on(2, 10), photo),
            (2, on(2, 20), None),
            (3, on(8, 1), photo),
        ]:
            stations.Fund.objects.create(
                station=self.station,
                year=YEAR,
                stage="spent",
                purpose="duty_subsidy",
                amount=800,
                on=paid_on,
                for_month=on(month, 1),
                voucher=voucher,
                recorded_by=self.clerk,
            )

    # ── The work ────────────────────────────────────────────────────────────────────────

    def register(self):
        """Forty entries: every eighth lacks an answer, every fifth came late; none in two months."""
        matter = casework.Matter.objects.get(code="civil.labour_pay")
        for n in range(40):
            month = (1, 2, 3, 4, 6, 7, 9, 10, 11, 12)[n % 10]
            when = at(month, 3 + n // 10 * 2)
            late = 3 if n % 5 == 0 else n % 2
            casework.RegisterEntry.objects.create(
                station=self.station,
                channel="visit" if n % 3 else "call",
                year=YEAR,
                serial=n + 1,
                occurred_at=when,
                name="吴秋菊",
                sex="female",
                people_groups=["farmer"],
                phone_hash="" if n == 3 else "known",
                village=self.villages[0],
                matter=matter,
                statement=f"工钱没有结清，第{n}次问。",
                answer="" if n % 8 == 0 else "可以申请法律援助。",
                disposal="answered",
                answered_at=when,
                receiver_name="许文静",
                is_told_of_right=True,
                sensitive="group" if n == 12 else "none",
                recorded_by=self.clerk,
                recorded_at=when + timedelta(days=late),
                working_days_late=late,
                voided_at=when if n == 39 else None,
                voided_by=self.clerk if n == 39 else None,
                void_reason="重复" if n == 39 else "",
            )
        # May is silent without a word; of August somebody said that nobody came.
        casework.NoVisitDay.objects.create(
            station=self.station, day=on(8, 12), stated_by=self.clerk, stated_at=at(8, 12)
        )

    def _application(self, month, day, status):
        self.serial += 1
        return casework.Application.objects.create(
            station=self.station,
            county=self.county,
            intake_county=self.county,
            status=status,
            year=YEAR,
            serial=self.serial,
            receipt_code=f"CODE{self.serial:04d}",
            name="吴长根",
            village=self.villages[0],
            aid_matter=casework.AidMatter.objects.get(code="31-5"),
            hardship_track="exempt_from_check",
            check_exemption="42-3",
            agrees_to_share=True,
            received_at=at(month, day),
            received_by=self.clerk,
        )

    def _event(self, application, move, moment):
        casework.ApplicationEvent.objects.create(
            application=application,
            move=move,
            from_status=Status.RECEIVED,
            to_status=Status.FORWARDED,
            reason="other" if move == "return_to_station" else "",
            note="请补充" if move == "return_to_station" else "",
            made_by=self.clerk,
            made_at=moment,
        )

    def _clock(self, application, number, started, due_on, stopped, *, is_shadow=False):
        casework.Deadline.objects.create(
            application=application,
            number=number,
            started_at=started,
            due_on=due_on,
            stopped_at=stopped,
            is_shadow=is_shadow,
        )

    def applications(self):
        """Twelve applications; the numbers say what became of each."""
        self.granted = []
        for n in range(12):
            month = n + 1
            application = self._application(month, 3, Status.ARCHIVED)
            forwarded_on = 8 if n in {4, 9} else 5
            self._clock(application, 7, at(month, 3), on(month, 6), at(month, forwarded_on, 16))
            self._event(application, "forward", at(month, forwarded_on, 16))
            if n in {2, 7}:
                self._event(application, "return_to_station", at(month, forwarded_on + 1))
                self._event(application, "forward", at(month, forwarded_on + 2))
            # The center was late once, after the station had been (4), and once by itself (6).
            decided_on = 14 if n in {4, 6} else 9
            self._clock(application, 9, at(month, 3), on(month, 10), at(month, decided_on))
            conclusion = "refuse" if n in {5, 8} else "grant"
            kind = "refuse" if n in {5, 11} else "grant"
            casework.Opinion.objects.create(
                application=application,
                conclusion=conclusion,
                words="符合条件。",
                no_recusal=True,
                reviewed_by=self.clerk,
                reviewed_at=at(month, 4),
                signed_by=self.head,
                signed_at=at(month, 5),
            )
            self._decide(application, kind, at(month, decided_on))
            if kind == "grant":
                self.granted.append((application, month))
        # Withdrawn before its day: no forwarding. Another is owed since New Year's Eve only.
        gone = self._application(5, 20, Status.WITHDRAWN)
        self._clock(gone, 7, at(5, 20), on(5, 22), at(5, 21))
        self._event(gone, "withdraw", at(5, 21))
        trial = self._application(6, 20, Status.RECEIVED)
        self._clock(trial, 7, at(6, 20), on(6, 24), None, is_shadow=True)
        owed = self._application(12, 29, Status.RECEIVED)
        self._clock(owed, 7, at(12, 29), on(12, 31), None)
        self._application(12, 31, Status.RECEIVED)
        for application, rounds in ((owed, 2), (gone, 2), (trial, 1)):
            for n in range(1, rounds + 1):
                casework.SupplementNotice.objects.create(
                    application=application,
                    round=n,
                    items=["身份证明"],
                    served_on=on(n + 5, 21),
                    due_on=on(n + 5, 30),
                    asked_by=self.clerk,
                    agreed_by=self.head,
                    was_foreseeable=application is owed,
                )

    def _decide(self, application, kind, moment):
        decision = casework.Decision.objects.create(
            application=application,
            kind=kind,
            state="made",
            grounds=["no_hardship"] if kind == "refuse" else [],
            reason="不符合经济困难标准" if kind == "refuse" else "",
            rules_version="1",
            proposed_by=self.reviewer,
            proposed_at=moment,
            made_by=self.director,
            made_at=moment,
        )
        if application.serial == 6:
            casework.Objection.objects.create(
                decision=decision,
                received_on=moment.date(),
                words="不服",
                recorded_by=self.officer,
                outcome="corrected",
                reason="应予援助",
                decided_by=self.officer,
                decided_at=moment + timedelta(days=9),
            )

    def after_grants(self):
        draw = casework.FollowUpDraw.objects.create(
            county=self.county,
            since=on(1, 1),
            until=on(12, 31),
            pool=[],
            wanted=8,
            seed="x",
            drawn_on=on(12, 1),
            drawn_by=self.reviewer,
        )
        for n, (application, month) in enumerate(self.granted):
            if n < 8:
                casework.FollowUp.objects.create(
                    application=application,
                    draw=draw,
                    due_on=on(12, 20),
                    reached="no_answer",
                    called_by=self.reviewer,
                    called_at=at(12, 10) if n < 7 else at(1, 10, year=2026),
                )
            if n >= 6:
                continue
            closing = casework.Closing.objects.create(
                application=application,
                closed_on=on(month, 25),
                result="mediated",
                summary="已调解",
                recorded_by=self.reviewer,
                **(
                    {}
                    if n in {4, 5}
                    else {
                        "materials_on": on(month, 26),
                        "checked_on": on(month, 27),
                        "checked_by": self.director,
                        "file_check": "good",
                    }
                ),
            )
            if n == 2:
                self._review(closing, month, "failed")
            if n < 3:
                self._review(closing, month, "good")
            if n < 3:
                casework.TypicalCase.objects.create(
                    application=application,
                    county=self.county,
                    title=f"案例{n}",
                    text="案情",
                    state="published" if n else "declined",
                    written_by=self.clerk,
                    reviewed_by=self.reviewer,
                    reviewed_at=at(11, 11) if n == 1 else at(1, 2, year=2026),
                )
        for day, replied_on in ((3, on(4, 2)), (5, on(4, 20)), (7, None)):
            casework.CooperationLetter.objects.create(
                county=self.county,
                direction="in",
                kind="hardship",
                status="replied" if replied_on else "accepted",
                other_institution="外县中心",
                item="核查",
                content="请核查",
                due_on=on(4, day),
                received_on=on(3, 20),
                replied_on=replied_on,
                reply="已核查" if replied_on else "",
                handled_at=self.station,
                made_by=self.reviewer,
            )

    def _review(self, closing, month, outcome):
        failed = outcome == "failed"
        casework.FileReview.objects.create(
            closing=closing,
            handed_in_on=on(month, 26),
            checked_on=on(month, 26 if failed else 27),
            checked_by=self.director,
            outcome=outcome,
            words="缺委托书" if failed else "",
            due_on=on(month, 28) if failed else None,
        )

    def months(self):
        """Ten months in time, October four days late, November never; December is due in January."""
        for month in range(1, 13):
            due_on = date(YEAR + month // 12, month % 12 + 1, 9)
            sent_on = {10: on(11, 13), 11: None}.get(month, due_on - timedelta(days=2))
            level = {3: "watch", 6: "usual", 7: "grave", 10: "watch"}.get(month)
            casework.MonthlyReport.objects.create(
                county=self.county,
                station=self.station,
                month=on(month, 1),
                due_on=due_on,
                status="sent" if sent_on else "open",
                signals_text="已向县局报告" if month == 3 else "",
                figures=({"signals": [{"level": level}] if level else []} if sent_on else None),
                row_ids=[] if sent_on else None,
                rows_hash="x" if sent_on else "",
                serial=month if sent_on else None,
                first_sent_at=sent_on and at(sent_on.month, sent_on.day, year=sent_on.year),
                sent_at=sent_on and at(sent_on.month, sent_on.day, year=sent_on.year),
                sent_by=self.head if sent_on else None,
            )

    def complaints_and_answers(self):
        ground = casework.ComplaintGround.objects.create(
            county=self.county,
            code="x",
            name="推诿",
            ground_class="other",
            valid_from=date(2020, 1, 1),
        )
        for n, (outcome, decided_on) in enumerate(
            [("corrected", on(6, 6)), ("unfounded", on(7, 7)), ("corrected", date(2026, 1, 3))]
        ):
            casework.Complaint.objects.create(
                county=self.county,
                year=YEAR,
                serial=n + 1,
                receipt_code=f"COMP{n:04d}",
                status="decided",
                manner="written",
                place="bureau",
                taken_by=self.officer,
                is_anonymous=True,
                relation="applicant",
                target="station",
                about_station=self.station,
                words="不接待",
                ground=ground,
                accepted_on=on(5, 1),
                findings="属实",
                found_on=on(5, 20),
                outcome=outcome,
                measure="责令改正",
                decided_on=decided_on,
                reply="已处理",
            )
        entries = list(casework.RegisterEntry.objects.order_by("pk")[:9])
        for n, entry in enumerate(entries):
            casework.SatisfactionAnswer.objects.create(
                station=self.station,
                source="code",
                entry=entry,
                answered_on=on(12, 31) if n < 8 else date(2026, 1, 1),
                satisfaction="fair" if n == 4 else "satisfied",
                was_explained=True,
                was_charged=False,
            )
        casework.SatisfactionAnswer.objects.create(
            station=self.station,
            source="desk",
            answered_on=on(6, 1),
            satisfaction="unsatisfied",
            was_explained=False,
            was_charged=False,
        )
