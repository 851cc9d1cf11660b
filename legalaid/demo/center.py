"""The center's own desk: letters to and from other regions, typical cases, follow-up calls."""

import tomllib
from datetime import datetime, time, timedelta
from itertools import count

from django.db.models import F
from django.utils import timezone

from casework.applications import cooperation, follow_ups, typical_cases
from casework.models import Application, CooperationLetter, Letter
from casework.terms import LetterKind, Status
from stations.models import DayOff, Station, User

from . import SURGE_STATION
from .facts import HERE
from .moved_clock import at

# Chance is fed with this, so that the same recipients are drawn each time.
SEED = "3415250000000001"


def build(county, today):
    """Tell `center.toml`; the applications it speaks of are there already."""
    Center(county, today).build()


class Center:
    def __init__(self, county, today):
        self.county, self.today = county, today
        self.told = tomllib.loads((HERE / "center.toml").read_text(encoding="utf-8"))
        self.calendar = DayOff.objects.calendar(county)
        self.reviewer = User.objects.get(username="reviewer")
        self.director = User.objects.get(username="director")
        self.minutes = count(5)

    def build(self):
        for told in self.told["asked"]:
            self._ask(told)
        for told in self.told["came"]:
            self._take_in(told)
        for told in self.told["case"]:
            self._write_up(told)
        self._follow_up()
        # What the center made itself it has printed itself.
        kinds = [LetterKind.COOPERATION, LetterKind.FOLLOW_UP]
        Letter.objects.filter(kind__in=kinds).update(printed_at=F("made_at"))

    def _at(self, working_days_ago, hour):
        """Move the clock to an hour of a working day before today, no two to one minute."""
        moment = datetime.combine(self._day(working_days_ago), time(hour, next(self.minutes)))
        return at(timezone.make_aware(moment))

    def _day(self, working_days_ago):
        day = self.today
        while working_days_ago:
            day -= timedelta(days=1)
            working_days_ago -= self.calendar.is_working_day(day)
        return day

    def _about(self, words, *statuses):
        """The earliest application that tells of it."""
        rows = Application.objects.filter(status__in=statuses, facts__contains=words)
        return rows.order_by("received_at", "pk").first()

    # ── Letters ─────────────────────────────────────────────────────────────────────────

    def _letter(self, told, day, **fields):
        return CooperationLetter(
            county=self.county,
            other_institution=told["institution"],
            kind=told["kind"],
            item=told["item"],
            content=told["content"],
            enclosures=told["enclosures"],
            due_on=cooperation.usual_due_on(self.county, day),
            **fields,
        )

    def _ask(self, told):
        """A letter of ours on paper; without a reply it still waits."""
        letter = self._letter(
            told,
            self._day(told["sent"]),
            application=self._about(told["about"], told["status"]),
        )
        with self._at(told["sent"], 15):
            letter = cooperation.draft(letter, by=self.reviewer)
        with self._at(told["sent"], 16):
            letter = cooperation.send(letter, by=self.reviewer)
        if "reply" in told:
            with self._at(told["replied"], 11):
                cooperation.reply(letter, by=self.reviewer, words=told["reply"])

    def _take_in(self, told):
        """A letter to us, given to the station that lies nearest to what it asks."""
        day = self._day(told["received"])
        letter = self._letter(
            told, day, received_on=day, their_number=told["number"].format(year=day.year)
        )
        with self._at(told["received"], 9):
            letter = cooperation.take_in(letter, by=self.reviewer)
        with self._at(told["accepted"], 10):
            station = Station.objects.get(code=SURGE_STATION)
            cooperation.accept(letter, by=self.reviewer, handled_at=station)

    # ── Typical cases ───────────────────────────────────────────────────────────────────

    def _write_up(self, told):
        """A draft of the station, or one that was handed in, and published when the day is told."""
        writer = User.objects.get(username=told["by"])
        application = self._about(told["about"], Status.CLOSED, Status.ARCHIVED)
        short_name = typical_cases.short_name(application.name)
        with self._at(told["written"], 14):
            case = typical_cases.save(
                application,
                by=writer,
                title=told["title"],
                text=told["text"].replace("{某}", short_name),
                is_submitted=writer == self.reviewer,
            )
        if "published" in told:
            with self._at(told["published"], 10):
                typical_cases.review(
                    case, by=self.director, is_accepted=True, note=told["note"]
                )

    # ── Follow-up calls ─────────────────────────────────────────────────────────────────

    def _follow_up(self):
        """Draw among the year's recipients and call the first of them; the others wait."""
        told = self.told["draw"]
        with self._at(told["days"], 9):
            draw, _is_new = follow_ups.make_draw(
                self.county,
                by=self.reviewer,
                since=self.today - timedelta(days=told["since"]),
                until=self.today - timedelta(days=told["until"]),
                seed=SEED,
                percent=told["percent"],
            )
        drawn = draw.follow_ups.order_by("pk")
        for follow_up, call in zip(drawn, self.told["call"], strict=False):
            answered = {name: call[name] for name in call.keys() - {"days"}}
            if call["reached"] == "yes":
                answered["was_charged"] = False
            with self._at(call["days"], 10):
                follow_ups.record_call(follow_up, by=self.reviewer, **answered)
