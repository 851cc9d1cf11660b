"""Invented people: names, phones that ring nowhere, identity numbers nobody can have."""

from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric

from . import COUNTY_CODE, facts

# Serials 996 to 999 are kept for people over a hundred; nobody here is that old.
SERIALS = {"female": ("996", "998"), "male": ("997", "999")}


@dataclass
class Person:
    name: str
    sex: str
    birth_on: date
    phone: str
    id_number: str
    village: object
    groups: tuple[str, ...] = ()

    def age_on(self, day):
        had_birthday = (day.month, day.day) >= (self.birth_on.month, self.birth_on.day)
        return day.year - self.birth_on.year - (not had_birthday)


class Population:
    """Makes people, no two with one phone or one identity number."""

    def __init__(self, random):
        self.random = random
        self.phones = 0
        self.id_numbers = set()

    def phone(self):
        """Return a number no network gives out: 13x 0000 and four digits."""
        # Steps through all 100,000 in an order that does not look like counting.
        number = self.phones * 7919 % 100_000
        self.phones += 1
        return f"13{number // 10_000}0000{number % 10_000:04d}"

    def name(self, sex, born):
        generation = next(g for g in facts.names()["generation"] if born <= g["until"])
        return self.random.choice(facts.names()["surnames"]) + self.random.choice(
            generation[sex]
        )

    def person(self, village, *, on, sex="", ages=(22, 70), groups=()):
        sex = sex or self.random.choice(["female", "male"])
        low, high = ages
        birth_on = on - timedelta(days=self.random.randint(low * 366, (high + 1) * 365 - 1))
        return Person(
            name=self.name(sex, birth_on.year),
            sex=sex,
            birth_on=birth_on,
            phone=self.phone(),
            id_number=self.id_number(sex, birth_on),
            village=village,
            groups=groups,
        )

    def id_number(self, sex, birth_on):
        """Return an unused number with a right check digit, or '' when the day's are used up."""
        for serial in SERIALS[sex]:
            first = f"{COUNTY_CODE}{birth_on:%Y%m%d}{serial}"
            # The library leaves the last place out of its sum, whatever stands there.
            number = first + ric.calc_check_digit(first + "0")
            if number not in self.id_numbers:
                self.id_numbers.add(number)
                return number
        return ""
