"""A year of station life in the demonstration county: premises, staff, training, publicity, liaisons."""

import io
import tomllib
import uuid
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from django.utils import timezone
from PIL import Image, ImageDraw

from stations.calendar.quarters import quarter_of, quarters_of
from stations.files import evidence
from stations.liaisons import liaison_work
from stations.models import (
    Appointment,
    Attendance,
    AuthorisedPosts,
    Fund,
    Liaison,
    LiaisonActivity,
    LiaisonTask,
    MediaItem,
    Outreach,
    PlannedTraining,
    PremisesCheck,
    PremisesNeed,
    PublicityEvent,
    QuizAttempt,
    QuizQuestion,
    StaffTerms,
    TrainingSession,
    User,
)
from stations.roles import Role
from stations.terms import FundPurpose, FundStage, ItemState, PremisesItem, StaffBasis
from stations.upkeep import staffing, training

from . import COUNTY_CODE, SILENT_STATION, SURGE_STATION
from .facts import HERE

# What the county budgets for a station in a year, yuan.
BUDGET = {
    FundPurpose.DUTY_SUBSIDY: 14400,
    FundPurpose.OFFICE: 6000,
    FundPurpose.EQUIPMENT: 5000,
    FundPurpose.TRAINING: 3000,
}
SUBSIDY = 1200
# The demonstration's own liaison with a phone.
LIAISON = "liaison"


def build(county, stations, today):
    """Fill a year of life of the stations up to yesterday."""
    Life(county, stations, today).build()


class Life:
    def __init__(self, county, stations, today):
        self.county, self.stations, self.today = county, stations, today
        self.random = Random(COUNTY_CODE)
        self.words = tomllib.loads((HERE / "station_life.toml").read_text(encoding="utf-8"))
        self.photos = {}
        self.officer = User.objects.get(username="officer")
        self.clerks = {
            post.station_id: post.user
            for post in Appointment.objects.filter(role=Role.CLERK).select_related("user")
        }

    def build(self):
        for station in self.stations:
            self._premises(station)
            self._staff(station)
            self._events(station)
        self._needs()
        self._training()
        self._media()
        self._liaisons()

    def _day(self, days_ago):
        return self.today - timedelta(days=days_ago)

    def _photo(self, station, n):
        """One of a station's few drawn pictures."""
        if (station, n) not in self.photos:
            clerk = self.clerks[station.pk]
            self.photos[station, n] = evidence.add_bytes(station, picture(n), by=clerk)
        return self.photos[station, n]

    # ── Premises ────────────────────────────────────────────────────────────────────────

    def _premises(self, station):
        if station.code == SILENT_STATION:
            return
        clerk, on = self.clerks[station.pk], self._day(self.random.randint(20, 200))
        lacking = set(self.random.sample(list(PremisesItem)[1:], self.random.choice([0, 1, 2])))
        shown = (PremisesItem.SIGN, PremisesItem.PRIVATE_CORNER, PremisesItem.COMPUTER)
        photos = {
            item: self._photo(station, n) for n, item in enumerate(shown) if item not in lacking
        }
        PremisesCheck.objects.bulk_create(
            PremisesCheck(
                station=station,
                item=item,
                state=self.random.choice([ItemState.MISSING, ItemState.BROKEN])
                if item in lacking
                else ItemState.THERE,
                photo=photos.get(item),
                on=on,
                by=clerk,
            )
            for item in PremisesItem
        )

    def _needs(self):
        for station, told in zip(self.stations[2::5], self.words["need"], strict=False):
            asked_on = self._day(self.random.randint(6, 25))
            answered = {}
            if told["answer"]:
                answered = {
                    "answer": told["answer"],
                    "answer_words": told["words"],
                    "answered_on": asked_on + timedelta(days=4),
                    "answered_by": self.officer,
                }
            PremisesNeed.objects.create(
                station=station,
                item=told["item"],
                why=told["why"],
                asked_on=asked_on,
                asked_by=self.clerks[station.pk],
                **answered,
            )

    # ── Staff and funds ─────────────────────────────────────────────────────────────────

    def _staff(self, station):
        clerk, year = self.clerks[station.pk], self.today.year
        AuthorisedPosts.objects.create(
            station=station,
            number=self.random.choice([2, 2, 3]),
            from_on=date(2024, 1, 1),
            paper="霍编办〔2023〕18号",
            recorded_by=clerk,
        )
        StaffTerms.objects.bulk_create(
            StaffTerms(
                appointment=post,
                basis=StaffBasis.FULL_TIME
                if station.has_dedicated_staff and post.role == Role.CLERK
                else StaffBasis.PART_TIME,
                from_on=date(2024, 1, 1),
                recorded_by=clerk,
            )
            for post in station.appointments.filter(role__in=staffing.STAFF_ROLES)
        )
        where = {"station": station, "year": year, "recorded_by": clerk}
        funds = []
        for purpose, amount in BUDGET.items():
            funds.append((FundStage.BUDGETED, purpose, amount, date(year, 1, 15), None))
            share = Decimal(amount) * self.today.month / 12
            arrived = share.quantize(Decimal(100)) or Decimal(100)
            funds.append((FundStage.RECEIVED, purpose, arrived, date(year, 2, 20), None))
        for purpose, share in ((FundPurpose.OFFICE, "0.6"), (FundPurpose.TRAINING, "0.5")):
            amount = Decimal(BUDGET[purpose]) * Decimal(share)
            funds.append((FundStage.SPENT, purpose, amount, date(year, 3, 12), None))
        for number in range(1, self.today.month):
            month = date(year, number, 1)
            paid_on = month + timedelta(days=self.random.choice([38, 41, 45, 52, 64]))
            if paid_on < self.today:
                purpose = FundPurpose.DUTY_SUBSIDY
                funds.append((FundStage.SPENT, purpose, SUBSIDY, paid_on, month))
        Fund.objects.bulk_create(
            Fund(**where, stage=stage, purpose=purpose, amount=amount, on=on, for_month=month)
            for stage, purpose, amount, on, month in funds
            if on < self.today
        )

    # ── Training ────────────────────────────────────────────────────────────────────────

    def _training(self):
        year = self.today.year
        planned = PlannedTraining.objects.bulk_create(
            PlannedTraining(
                county=self.county,
                year=year,
                quarter=told["quarter"],
                topic=told["topic"],
                hours=told["hours"],
                planned_by=self.officer,
            )
            for told in self.words["planned"]
        )
        by_topic = {line.topic: line for line in planned}
        for told in self.words["session"]:
            on = self._day(30 * told["months_ago"])
            session = TrainingSession.objects.create(
                county=self.county,
                planned=by_topic.get(told["title"]),
                on=on,
                recorded_by=self.officer,
                **{name: value for name, value in told.items() if name != "months_ago"},
            )
            handed_out = evidence.add_bytes(self.county, picture(2), by=self.officer)
            session.materials.add(handed_out)
            self._present(session)
        self._quiz(session)

    def _present(self, session):
        """Most of the staff and two thirds of the liaisons were there."""
        people = training.people_of(self.stations, session.on)
        Attendance.objects.bulk_create(
            Attendance(session=session, **person.where, station=person.station, by=self.officer)
            for person in people
            if self.random.random() < (0.66 if person.liaison_id else 0.9)
        )

    def _quiz(self, session):
        asked = self.words["question"]
        QuizQuestion.objects.bulk_create(
            QuizQuestion(session=session, number=n, **told) for n, told in enumerate(asked, 1)
        )
        attempts = []
        for row in session.attendances.exclude(user=None)[:24]:
            answers = [told["right"] if self.random.random() < 0.8 else 0 for told in asked]
            score = sum(a == told["right"] for a, told in zip(answers, asked, strict=True))
            attempts.append(
                QuizAttempt(
                    session=session, user=row.user, number=1, answers=answers, score=score
                )
            )
        QuizAttempt.objects.bulk_create(attempts)

    # ── Publicity ───────────────────────────────────────────────────────────────────────

    def _events(self, station):
        if station.code == SILENT_STATION:
            return
        clerk = self.clerks[station.pk]
        villages = list(station.township.children.filter(valid_to=None))
        this = quarter_of(self.today)
        Outreach.objects.bulk_create(
            Outreach(station=station, village=village, quarter=quarter, planned_by=clerk)
            for quarter in quarters_of(self.today.year)
            if quarter <= this
            for village in self.random.sample(villages, min(2, len(villages)))
        )
        wanted = defaultdict(list)
        for row in station.outreach.select_related("village"):
            wanted[row.quarter].append(row)
        for n in range(self.random.randint(4, 8)):
            told = self.words["event"][(n + station.pk) % len(self.words["event"])]
            on = self._day(self.random.randint(3, 320))
            undone = wanted.get(quarter_of(on))
            planned = undone.pop() if undone else None
            event = PublicityEvent.objects.create(
                county=self.county,
                station=station,
                on=on,
                village=planned.village if planned else self.random.choice(villages),
                recorded_by=clerk,
                **told,
            )
            if planned:
                planned.event = event
                planned.save(update_fields=["event"])
            if self.random.random() < 0.8:
                event.photos.add(self._photo(station, 3 + n % 2))

    def _media(self):
        for n, told in enumerate(self.words["media"]):
            MediaItem.objects.create(
                county=self.county,
                station=self.stations[n] if n == 1 else None,
                on=self._day(40 + n * 55),
                recorded_by=self.officer,
                **told,
            )

    # ── Liaisons ────────────────────────────────────────────────────────────────────────

    def _liaisons(self):
        """Log lines all over the county, tasks at one station, and who left hands over."""
        posts = list(
            Liaison.objects.filter(station__in=self.stations)
            .in_post_on(self.today)
            .defer("phone")
        )
        lines = []
        for post in posts:
            for _n in range(self.random.choice([0, 1, 2, 3, 4])):
                lines.append(self._line(post))
        own = next(post for post in posts if post.user_id and post.user.username == LIAISON)
        lines += [self._line(own) for _n in range(6)]
        LiaisonActivity.objects.bulk_create(lines)
        neighbours = [post for post in posts if post.station_id == own.station_id]
        for n, told in enumerate(self.words["task"]):
            LiaisonTask.objects.create(
                liaison=own if n < 2 else neighbours[-1],
                kind=told["kind"],
                words=told["words"],
                due_on=self.today + timedelta(days=told["due_in"]),
                given_by=self.clerks[own.station_id],
                given_at=timezone.now() - timedelta(days=8 - n),
            )
        left = Liaison.objects.filter(station__code=SURGE_STATION, appointed_to__lt=self.today)
        for liaison in left[:1]:
            self._hands_over(liaison)

    def _hands_over(self, liaison):
        """Whoever left had work done and one thing still to do."""
        clerk, left_on = self.clerks[liaison.station_id], liaison.appointed_to
        lines = [self._line(liaison) for _n in range(5)]
        for n, line in enumerate(lines):
            line.on = left_on - timedelta(days=9 + n * 23)
        LiaisonActivity.objects.bulk_create(lines)
        LiaisonTask.objects.create(
            liaison=liaison,
            kind="guide",
            words="陪一位行动不便的老人来站里签字",
            due_on=self.today + timedelta(days=9),
            given_by=clerk,
        )
        liaison_work.make_pack(liaison, by=clerk)

    def _line(self, post):
        told = self.random.choice(self.words["activity"])
        return LiaisonActivity(
            liaison=post,
            role=told["role"],
            words=told["words"],
            on=self._day(self.random.randint(2, 300)),
            by_id=post.user_id or self.clerks[post.station_id].pk,
            client_key=uuid.UUID(int=self.random.getrandbits(128), version=4),
        )


@cache
def picture(n):
    """Return a small drawn picture of a room, a sign or people: nobody's photo."""
    ground = [(214, 205, 188), (201, 218, 223), (232, 220, 196), (206, 216, 200)][n % 4]
    image = Image.new("RGB", (480, 320), ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 220, 480, 320), fill=(176, 160, 134))
    match n % 3:
        case 0:
            draw.rectangle((110, 60, 370, 130), fill=(23, 86, 106))
            draw.rectangle((130, 88, 350, 102), fill=(244, 242, 236))
            draw.rectangle((200, 150, 280, 260), fill=(120, 84, 52))
        case 1:
            draw.rectangle((60, 190, 420, 230), fill=(140, 98, 60))
            draw.rectangle((200, 110, 300, 185), fill=(27, 38, 43))
            draw.rectangle((210, 118, 290, 172), fill=(157, 183, 191))
        case _:
            for x in range(50 + n * 3 % 20, 440, 62):
                draw.ellipse((x, 140, x + 34, 174), fill=(222, 184, 150))
                draw.rectangle((x - 6, 174, x + 40, 250), fill=(60 + x % 90, 80, 110))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return kept.getvalue()
