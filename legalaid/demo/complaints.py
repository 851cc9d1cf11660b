"""Complaints in every state, and what visitors said of the stations: told by the acts that make them."""

import tomllib
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random

from django.utils import timezone

from casework.complaints import grounds, handling
from casework.complaints.moves import open_proposal
from casework.models import (
    Complaint,
    ComplaintGround,
    RegisterEntry,
    SatisfactionAnswer,
)
from casework.terms import (
    ComplaintPlace,
    ComplaintStatus,
    ComplaintTarget,
    ProposalKind,
    SatisfactionSource,
)
from stations.models import AidUnit, AidWorker, Station, User
from stations.terms import UnitKind

from .moved_clock import at

_TOLD = tomllib.loads(Path(__file__).with_name("complaints.toml").read_text(encoding="utf-8"))
# A share of the visits of the last so many days is answered for.
SINCE, SHARE = timedelta(days=150), 0.09


def build(county, today):
    """Tell the stories of `complaints.toml` up to today, then the answers of the visitors."""
    grounds.load_default(county)
    for told in sorted(_TOLD["complaint"], key=lambda told: -told["days"]):
        _Story(county, told, today).tell()
    _answers(county, today)


class _Story:
    """One complaint, from the day it came to where it stands."""

    def __init__(self, county, told, today):
        self.county, self.told, self.today = county, told, today
        self.officer = User.objects.get(username="officer")
        self.second = User.objects.get(username="officer2")

    def _on(self, days_after, hour=10):
        """Move the clock to so many days after it came, never beyond yesterday."""
        day = self.today - timedelta(days=max(self.told["days"] - days_after, 1))
        return at(timezone.make_aware(datetime.combine(day, time(hour, 20))))

    def tell(self):
        with self._on(0):
            self.complaint = handling.take(self._unsaved(), by=self._taker())
        {
            "closed": self._closed,
            "proposed": self._proposed,
            "entrusted": self._entrusted,
            "supplementing": self._asked,
            "forwarded": lambda: None,
            "not_accepted": self._not_accepted,
            "merged": self._merged,
        }[self.told["end"]]()

    def _taker(self):
        return User.objects.get(username=self.told["by"]) if self.told["by"] else None

    def _unsaved(self):
        told, taker = self.told, self._taker()
        target = told["target"]
        if taker is None:
            place = ComplaintPlace.WEB
        elif taker.station:
            place = ComplaintPlace.STATION
        else:
            place = (
                ComplaintPlace.BUREAU if "officer" in taker.username else ComplaintPlace.CENTER
            )
        return Complaint(
            county=self.county,
            manner=told["manner"],
            place=place,
            taken_station=taker.station if taker else None,
            name=told["name"],
            is_anonymous=not told["name"],
            phone=told["phone"],
            relation=told["relation"],
            target=target,
            about_station=Station.objects.get(code=told["station"])
            if target == ComplaintTarget.STATION
            else None,
            about_worker=AidWorker.objects.filter(unit__kind=UnitKind.FIRM).first()
            if target == ComplaintTarget.WORKER
            else None,
            about_unit=AidUnit.objects.filter(kind=UnitKind.FIRM).last()
            if target == ComplaintTarget.UNIT
            else None,
            about_text=told.get("about_text", ""),
            words=told["words"],
            wish=told.get("wish", ""),
            help_given=told.get("help_given", ""),
            is_read_back=told["manner"] in {"oral", "phone"},
        )

    def _accept(self):
        ground = ComplaintGround.objects.get(county=self.county, code=self.told["ground"])
        with self._on(2):
            self.complaint = handling.accept(self.complaint, by=self.officer, ground=ground)

    def _found(self):
        self._accept()
        with self._on(14):
            self.complaint = handling.find(
                self.complaint,
                by=self.officer,
                words=self.told["findings"],
                on=timezone.localdate(),
            )

    def _propose(self, by, after):
        with self._on(after):
            handling.propose(
                self.complaint,
                ProposalKind.DECIDE,
                by=by,
                words=self.told["reply"],
                outcome=self.told["outcome"],
                measure=self.told["measure"],
            )

    def _proposed(self):
        """Proposed by the second officer, so that a visitor of the demonstration may decide."""
        self._found()
        self._propose(self.second, 24)

    def _closed(self):
        self._found()
        self._propose(self.officer, 20)
        with self._on(21, 15):
            proposal = open_proposal(self.complaint)
            self.complaint = handling.approve(proposal, by=self.second)
        with self._on(23):
            handling.serve(
                self.complaint.papers.get(kind="reply"),
                by=self.officer,
                on=timezone.localdate(),
                method="in_person",
                received_by_name=self.told["name"],
            )
        with self._on(28):
            handling.close(self.complaint, by=self.officer)

    def _entrusted(self):
        self._accept()
        with self._on(5):
            self.complaint = handling.entrust(
                self.complaint,
                by=self.officer,
                to="六安市律师协会",
                until_on=timezone.localdate() + timedelta(days=20),
            )
        with self._on(6):
            handling.question(
                self.complaint,
                by=self.officer,
                words="请说明该案指派经过，并提供承办补贴发放记录。",
            )

    def _asked(self):
        with self._on(1):
            handling.ask(
                self.complaint,
                by=self.officer,
                items="哪一天、大约几点\n窗口人员的样子或者工号",
                served_on=timezone.localdate(),
                supply_by_on=timezone.localdate() + timedelta(days=10),
            )

    def _not_accepted(self):
        with self._on(2):
            handling.propose(
                self.complaint,
                ProposalKind.NOT_ACCEPT,
                by=self.second,
                words=self.told["reason"],
            )
        with self._on(3):
            handling.approve(open_proposal(self.complaint), by=self.officer)

    def _merged(self):
        first = Complaint.objects.get(
            county=self.county, status=ComplaintStatus.ENTRUSTED, name=self.told["name"]
        )
        with self._on(1):
            handling.merge(self.complaint, by=self.officer, into=first)


def _answers(county, today):
    """A share of the visits answered by code, a few at the desk without one; some suggestions."""
    random, since = Random(county.pk), today - SINCE
    words, replies = (list(_TOLD["satisfaction"][key]) for key in ("suggestions", "replies"))
    replier = User.objects.get(username="head")
    entries = RegisterEntry.objects.counted().filter(
        station__county=county, occurred_on__gte=since, occurred_on__lt=today
    )
    rows = []
    for pk, station, day in entries.order_by("pk").values_list("pk", "station", "occurred_on"):
        if random.random() >= SHARE:
            continue
        is_by_code = random.random() < 0.85
        answer = partial(
            SatisfactionAnswer,
            station_id=station,
            answered_on=min(day + timedelta(days=random.randint(0, 2)), today),
            satisfaction=random.choices(
                ["satisfied", "fair", "unsatisfied"], weights=[90, 7, 3]
            )[0],
            was_explained=random.random() < 0.95,
            was_charged=random.random() < 0.004,
            suggestion=random.choice(words) if random.random() < 0.04 else "",
        )
        rows.append(
            answer(source=SatisfactionSource.CODE, entry_id=pk)
            if is_by_code
            else answer(source=SatisfactionSource.DESK)
        )
    for row in rows:
        if row.suggestion and row.answered_on < today - timedelta(days=20):
            row.reply = replies[words.index(row.suggestion) % len(replies)]
            row.replied_by = replier
            row.replied_at = timezone.make_aware(
                datetime.combine(row.answered_on + timedelta(days=5), time(9, 30))
            )
    SatisfactionAnswer.objects.bulk_create(rows)
