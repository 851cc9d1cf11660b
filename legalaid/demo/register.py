"""Fourteen months of invented calls and visits, as a county of this kind sees them."""

from collections import defaultdict, deque
from datetime import datetime, time, timedelta

from django.utils import timezone

from casework.models import Matter, NoVisitDay, RegisterEntry
from casework.periods import last_day, month_of, months_between, months_from
from casework.register import writing
from casework.terms import (
    Channel,
    Disposal,
    Education,
    IdType,
    PeopleGroup,
    Satisfaction,
    Sensitive,
)
from stations.models import DayOff
from stations.terms import Sex

from . import SILENT_STATION, SURGE_STATION, facts

MONTHS = 14
LEAST, MOST = 15, 130
# Whole working days without a record at the silent station.
SILENT_WORKING_DAYS = 16
# How often people come with a matter, in parts of the whole; a leaf not named here: RARE.
RARE = 0.5
OFTEN = {
    "civil.labour_pay": 15,
    "civil.marriage": 12,
    "economic.loan": 10,
    "civil.land_forest": 9,
    "civil.work_injury": 7,
    "civil.other": 7,
    "economic.contract": 5,
    "civil.traffic": 5,
    "administrative.social_insurance": 5,
    "civil.parental_support": 4,
    "economic.consumer": 4,
    "civil.homestead": 4,
    "civil.domestic_violence": 3,
    "civil.child_support": 2.5,
    "administrative.subsistence": 2,
    "criminal.fraud": 2,
    "administrative.other": 1.5,
    "economic.farm_supplies": 1.5,
    "civil.medical": 1.5,
    "criminal.injury": 1.2,
    "economic.other": 1,
    "criminal.theft": 1,
    "criminal.other": 0.8,
}
# What the season does to a matter: 欠薪 before Spring Festival, 农资 when seed is sown.
SEASON = {
    "civil.labour_pay": {12: 2.0, 1: 2.4, 2: 1.3},
    "economic.loan": {1: 1.4, 2: 1.4},
    "civil.marriage": {2: 1.5, 3: 1.3},
    "civil.land_forest": {3: 1.4, 4: 1.4},
    "civil.parental_support": {2: 1.5, 10: 1.5},
    "economic.farm_supplies": {4: 2, 5: 3, 6: 3},
}
BUSY = {1: 1.05, 2: 0.72, 6: 0.95, 7: 1.02, 8: 0.96, 10: 0.93, 11: 1.05, 12: 1.15}
CHANNELS = {
    Channel.VISIT: 47,
    Channel.CALL: 44,
    Channel.ONLINE: 5,
    Channel.LETTER: 2,
    Channel.OTHER: 2,
}
SURGE_MATTER = "civil.labour_pay"
SURGE_TIMES = 3.2
GANG = "陶某班组"


def months(today):
    """Return the first days of the months that are told, the last one this month."""
    this_month = month_of(today)
    return months_between(months_from(this_month, 1 - MONTHS), this_month)


class StationYear:
    """Writes the register of one station from the first month up to yesterday."""

    def __init__(self, station, fact, staff, population, today):
        self.station = station
        self.fact = fact
        self.staff = staff
        self.population = population
        self.random = population.random
        self.today = today
        self.calendar = DayOff.objects.calendar(station.county)
        self.villages = list(station.township.children.all())
        # Some villages lie nearer to the station than others.
        self.village_weights = [self.random.uniform(0.4, 2) for _village in self.villages]
        self.matters = {matter.code: matter for matter in Matter.objects.leaves()}
        self.waiting = defaultdict(deque)
        self.visitors = []

    def build(self):
        """Compose and record everything; return how many entries there are."""
        entries = []
        for month in months(self.today):
            entries += self._month(month)
        if self.station.code == SURGE_STATION:
            entries += self._gang()
        writing.record_many(entries, by=self.staff[0])
        self._state_quiet_days({timezone.localdate(entry.occurred_at) for entry in entries})
        return len(entries)

    def _last_day(self):
        """Return the last day with a record: yesterday, or long ago at the silent station."""
        day = self.today - timedelta(days=1)
        if self.station.code == SILENT_STATION:
            while self.calendar.working_days_between(day, self.today) <= SILENT_WORKING_DAYS:
                day -= timedelta(days=1)
        return day

    def _month(self, month):
        days = [month + timedelta(days=n) for n in range(last_day(month).day)]
        weights = [self._weight(day) for day in days]
        growth = 0.92 + 0.012 * months(self.today).index(month)
        expected = self.fact.monthly * BUSY.get(month.month, 1) * growth
        count = round(expected * self.random.uniform(0.9, 1.1))
        if self.station.code == SILENT_STATION and month >= months_from(
            month_of(self.today), -3
        ):
            count //= 3
        else:
            count = min(max(count, LEAST), MOST)
        last = self._last_day()
        chosen = self.random.choices(days, weights, k=count)
        return [self._entry(day) for day in sorted(chosen) if day <= last]

    def _weight(self, day):
        """How likely somebody comes on a day: market days draw, days off hardly."""
        if not self.calendar.is_working_day(day):
            return 0.04
        return 2.2 if day.day % 10 in self.fact.market_days else 1

    # ── One entry ────────────────────────────────────────────────────────────────────────

    def _entry(self, day):
        seen = [
            entry for seen_on, entry in self.visitors[-60:] if 3 <= (day - seen_on).days <= 120
        ]
        if seen and self.random.random() < 0.08:
            return self._again(self.random.choice(seen), day)
        text = self._text(day)
        village = self.random.choices(self.villages, self.village_weights)[0]
        person = self.population.person(
            village, on=day, sex=text.sex, ages=text.ages, groups=text.groups
        )
        words = self._fill(text, person, day)
        return self._compose(person, day, text=text, channel=self._channel(text, day), **words)

    def _text(self, day):
        """Draw a matter by season, then its next text, so that none comes twice before all came."""
        weights = {}
        for code in self.matters:
            weight = OFTEN.get(code, RARE) * SEASON.get(code, {}).get(day.month, 1)
            if self._is_surge(day) and code == SURGE_MATTER:
                weight *= SURGE_TIMES
            weights[code] = weight
        code = self.random.choices(list(weights), list(weights.values()))[0]
        for _turn in range(40):
            if not self.waiting[code]:
                texts = [text for text in facts.texts() if text.matter == code]
                self.random.shuffle(texts)
                self.waiting[code].extend(texts)
            text = self.waiting[code].popleft()
            # Whole groups and threats are news, not every month's bread.
            is_rare = text.persons[1] > 1 or text.sensitive != Sensitive.NONE
            if day.month in text.months and (not is_rare or self.random.random() < 0.12):
                return text
        return self._text(day)

    def _is_surge(self, day):
        return self.station.code == SURGE_STATION and day >= months_from(
            month_of(self.today), -1
        )

    def _channel(self, text, day):
        if text.channel == Channel.LETTER or text.persons[1] > 1:
            return text.channel
        if not self.calendar.is_working_day(day):
            return Channel.CALL
        if text.channel and self.random.random() < 0.85:
            return text.channel
        return self.random.choices(list(CHANNELS), list(CHANNELS.values()))[0]

    def _fill(self, text, person, day):
        """Return title, statement, answer, opponent and persons with the blanks filled in."""
        others = [village for village in self.villages if village != person.village]
        month = months_from(day.replace(day=1), -self.random.randint(1, 4))
        persons = self.random.randint(*text.persons)
        surname = self.random.choice(facts.names()["surnames"])
        blanks = {
            "村": facts.place_name(person.village.name),
            "邻村": facts.place_name(self.random.choice(others).name),
            "月": ("" if month.year == day.year else "去年") + f"{month.month}月",
            "年": f"{day.year - self.random.randint(2, 4)}年",
            "岁": person.age_on(day),
            "姓": surname,
            "金额": self._amount(text.amount),
            "人数": persons,
        }
        return {
            "title": text.title,
            "statement": text.statement.format(**blanks),
            "answer": text.answer.format(**blanks),
            "opponent": f"{surname}某" if "{姓}" in text.statement else "",
            "persons": persons,
        }

    def _amount(self, span):
        yuan = self.random.randint(*span)
        if yuan < 10_000:
            return f"{round(yuan, -2)}元"
        return f"{round(yuan / 10_000, 1):g}万元"

    def _again(self, earlier, day):
        """The same person on the same matter, as `facts.followups` has them say."""
        told = self.random.choice(facts.followups())
        return self._compose(
            earlier.person,
            day,
            text=earlier.text,
            channel=self.random.choice([Channel.VISIT, Channel.CALL]),
            title=earlier.title,
            statement=told["statement"].format(事=earlier.title),
            answer=told["answer"],
            opponent=earlier.opponent,
            persons=1,
            disposal=told["disposal"],
            sensitive=Sensitive.NONE,
        )

    def _compose(self, person, day, *, text, channel, statement, persons, **fields):
        random = self.random
        tails = facts.tails(channel)
        if tails and persons == 1 and random.random() < 0.6:
            statement += random.choice(tails)
        occurred_at = self._moment(day, channel)
        is_anonymous = persons == 1 and random.random() < 0.02
        entry = RegisterEntry(
            station=self.station,
            channel=channel,
            occurred_at=occurred_at,
            is_hotline=channel == Channel.CALL and random.random() < 0.15,
            duration_minutes=self._minutes(channel, persons),
            name="" if is_anonymous else person.name,
            is_anonymous=is_anonymous,
            is_on_behalf=random.random() < 0.05,
            sex=person.sex,
            people_groups=self._groups(person, day),
            persons=persons,
            phone="" if is_anonymous else person.phone,
            village=person.village if random.random() < 0.99 else None,
            place_of_event=facts.place_name(person.village.name)
            if random.random() < 0.35
            else "",
            matter=self.matters[text.matter],
            statement=statement,
            receiver=random.choices(self.staff, weights=[25, 35, 30, 10])[0],
            is_told_of_right=random.random() < 0.96,
            satisfaction=self._satisfaction(channel),
            safe_contact="晚上打会被听见，请上午打"
            if text.matter == "civil.domestic_violence"
            else "",
            recorded_at=self._recorded_at(occurred_at),
            seconds_to_record=random.randint(32, 170),
            **{"disposal": text.disposal, "sensitive": text.sensitive} | fields,
        )
        if channel == Channel.VISIT and not is_anonymous:
            self._add_papers(entry, person)
        if random.random() < 0.006:
            # As in life, some cells stay empty; the check before sending finds them.
            entry.answer = ""
        # Remembered for a visit to come; not fields of the row.
        entry.person, entry.text = person, text
        if persons == 1 and not is_anonymous:
            self.visitors.append((day, entry))
        return entry

    def _groups(self, person, day):
        """The groups as a clerk ticks them; a caller's birth date is not asked, the age is heard."""
        age, groups = person.age_on(day), list(person.groups)
        if age < 18:
            return [PeopleGroup.MINOR]
        if age >= 60:
            groups.append(PeopleGroup.ELDERLY)
        if not person.groups and self.random.random() < 0.6:
            groups.append(PeopleGroup.FARMER)
        if not groups and person.sex == Sex.MALE:
            groups.append(PeopleGroup.OTHER)
        return groups

    def _moment(self, day, channel):
        """Most come in the morning, on market days nearly all."""
        random = self.random
        is_market = day.day % 10 in self.fact.market_days
        if channel == Channel.ONLINE:
            minute = random.randint(7 * 60, 22 * 60)
        elif random.random() < (0.8 if is_market else 0.62):
            minute = int(random.triangular(8 * 60 + 30, 11 * 60 + 29, 9 * 60 + 40))
        else:
            minute = int(random.triangular(14 * 60 + 30, 17 * 60 + 29, 15 * 60 + 20))
        return timezone.make_aware(datetime.combine(day, time(minute // 60, minute % 60)))

    def _minutes(self, channel, persons):
        if channel == Channel.CALL:
            return self.random.randint(3, 22)
        if channel == Channel.VISIT:
            return self.random.randint(8, 55) + 3 * persons
        return None

    def _satisfaction(self, channel):
        if channel not in (Channel.CALL, Channel.VISIT) or self.random.random() < 0.55:
            return ""
        return self.random.choices(list(Satisfaction), weights=[92, 7, 1])[0]

    def _recorded_at(self, occurred_at):
        """Mostly at once, sometimes the next working day, seldom a week late."""
        random = self.random
        draw = random.random()
        if draw > 0.12:
            return occurred_at + timedelta(minutes=random.randint(2, 50))
        day = self.calendar.add_working_days(
            timezone.localdate(occurred_at), 1 if draw > 0.03 else random.randint(2, 7)
        )
        typed = timezone.make_aware(datetime.combine(day, time(8, random.randint(30, 59))))
        before = timezone.make_aware(datetime.combine(self.today, time()))
        return (
            typed if typed < before else occurred_at + timedelta(minutes=random.randint(2, 50))
        )

    def _add_papers(self, entry, person):
        random = self.random
        if random.random() < 0.55:
            entry.birth_on = person.birth_on
            entry.ethnic_group = random.choices(["汉族", "回族", "畲族"], weights=[96, 3, 1])[0]
        if random.random() < 0.4 and person.id_number:
            entry.id_type, entry.id_number = IdType.RESIDENT, person.id_number
            entry.birth_on = person.birth_on
        if random.random() < 0.3:
            entry.education = random.choice(list(Education))
            entry.household_place = f"霍山县{self.station.township.name}"
            entry.address = f"{facts.place_name(person.village.name)}{random.randint(1, 30)}组"

    # ── What makes this county worth a look ──────────────────────────────────────────────

    def _gang(self):
        """The wage claim of one gang of workers: one comes, then two, four, at last twelve."""
        text = next(text for text in facts.texts() if text.matter == SURGE_MATTER)
        entries = []
        for told in facts.surge():
            day = self.today - timedelta(days=int(told["days_ago"]))
            while not self.calendar.is_working_day(day):
                day -= timedelta(days=1)
            persons = int(told["persons"])
            person = self.population.person(
                self.villages[1], on=day, sex="male", ages=(30, 56), groups=("migrant_worker",)
            )
            amount = self._amount((9000 * persons, 16000 * persons))
            entries.append(
                self._compose(
                    person,
                    day,
                    text=text,
                    channel=Channel.VISIT,
                    title=told["title"],
                    statement=told["statement"].format(金额=amount),
                    answer=told["answer"],
                    opponent=GANG,
                    persons=persons,
                    disposal=Disposal(told["disposal"]),
                    sensitive=Sensitive(told["sensitive"]),
                )
            )
        return entries

    def _state_quiet_days(self, days_with_entries):
        """State "nobody came" for most working days without an entry, in the evening of the day."""
        day, statements = months(self.today)[0], []
        while day <= self._last_day():
            is_quiet = self.calendar.is_working_day(day) and day not in days_with_entries
            if is_quiet and self.random.random() < 0.85:
                evening = timezone.make_aware(datetime.combine(day, time(17, 31)))
                statements.append(
                    NoVisitDay(
                        station=self.station,
                        day=day,
                        stated_by=self.staff[0],
                        stated_at=evening,
                    )
                )
            day += timedelta(days=1)
        # Not through `register.state_no_visits`: these were said in the evening of their day.
        NoVisitDay.objects.bulk_create(statements)


def correct_some(random):
    """Correct a few of the latest visits and declare one void, so that both can be seen."""
    recent = (
        RegisterEntry.objects.filter(
            station__code=SURGE_STATION, channel=Channel.VISIT, persons=1, is_anonymous=False
        )
        .select_related("station", "recorded_by")
        .order_by("-occurred_at")[:15]
    )
    changes = [
        ({"persons": 2}, "同来的家属漏记"),
        ({"disposal": Disposal.GUIDED}, "当天下午已引导申请，原选错"),
        ({"place_of_event": "外县工地"}, "本人补充说明"),
        ({"opponent": "某家具厂"}, "本人补充说明"),
        ({"duration_minutes": 40}, "时长写错"),
    ]
    chosen = random.sample(list(recent), len(changes) + 1)
    for entry, (change, reason) in zip(chosen, changes, strict=False):
        writing.correct(
            entry,
            changes=change,
            reason=reason,
            by=entry.recorded_by,
            version=entry.version,
        )
    writing.declare_void(chosen[-1], reason="同一来访登记了两次", by=chosen[-1].recorded_by)
