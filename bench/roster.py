"""Draft a county's month of duty; say seconds, how they grow, and how even it is beside the plain way.

python -m bench.roster OUT.json          (needs no rows of a database)

The plain way goes through the half-days once and takes whoever is free and has fewest.
"""

import argparse
import os
import random
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from bench.measuring import Measured, in_turn, save  # noqa: E402
from stations.duty.roster import Person, StationWish, bar, plan, wanted_slots  # noqa: E402
from stations.terms import Half, Speciality, WeekHalf  # noqa: E402
from stations.workdays import WorkCalendar  # noqa: E402

MONTH = date(2026, 11, 1)
STATIONS, PEOPLE = 41, 120
# What a person at the screen waits for.
MOST_SECONDS = 10
# Twice the stations and people are four times the pairs to ask; more than twice that would not do.
MOST_GROWTH = 8.0
ROUNDS = 7


def county(stations, people):
    """Random wishes and people, every third of them bound to three stations and few half-days."""
    chance = random.Random(stations)
    wishes = [StationWish(n, str(n), per_week=1 + n % 2) for n in range(stations)]
    panel = [
        Person(
            key=n,
            joined_on=date(2020, 1, 1),
            licence_to=date(2026, 11, 20) if chance.random() < 0.05 else date(2028, 1, 1),
            annual_check_year=2025,
            stations=frozenset(chance.sample(range(stations), 3))
            if n % 3 == 0
            else frozenset(),
            half_days=frozenset(chance.sample(WeekHalf.values, 4))
            if n % 3 == 0
            else frozenset(),
            away=frozenset(
                (MONTH + timedelta(days=day), half)
                for day in chance.sample(range(30), 3)
                for half in Half.values
            ),
            specialities=frozenset(chance.sample(Speciality.values, 2)),
            township_code=str(chance.randrange(stations)),
        )
        for n in range(people)
    ]
    return wishes, panel


def draft(wishes, panel):
    slots = wanted_slots(wishes, panel, MONTH, WorkCalendar())
    return slots, plan(slots, panel)


def plainly(slots, panel):
    """Return {half-day: person} the plain way."""
    load, busy, given = Counter(), defaultdict(set), {}
    for slot in slots:
        free = [
            person
            for person in panel
            if person.key not in busy[slot.moment]
            and bar(person, slot, check_until_month=6) is None
        ]
        if free:
            chosen = min(free, key=lambda person: (load[person.key], person.key)).key
            given[slot] = chosen
            load[chosen] += 1
            busy[slot.moment].add(chosen)
    return given


def unevenness(given, panel):
    """The sum of the squares of the loads: the lower, the more even."""
    load = Counter(given.values())
    return sum(load[person.key] ** 2 for person in panel)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    wishes, panel = county(STATIONS, PEOPLE)
    begun = time.perf_counter()
    slots, made = draft(wishes, panel)
    seconds = time.perf_counter() - begun
    half = county(STATIONS // 2, PEOPLE // 2)
    whole_ms, half_ms = in_turn(
        lambda: draft(wishes, panel), lambda: draft(*half), rounds=ROUNDS
    )
    plain = plainly(slots, panel)
    size = f"{STATIONS} × {PEOPLE}"
    measured = [
        Measured(f"a month of {len(slots)} half-days", size, seconds, "s", limit=MOST_SECONDS),
        Measured(
            "beside half the county", size, whole_ms, "ms", other=half_ms, limit=MOST_GROWTH
        ),
        Measured(
            "half-days left with nobody, beside the plain way",
            size,
            len(made.unfilled),
            "",
            note=f"plain {len(slots) - len(plain)}",
        ),
        Measured(
            "squares of the loads, beside the plain way",
            size,
            unevenness(made.people, panel),
            "",
            other=unevenness(plain, panel),
            limit=1.0,
        ),
    ]
    for line in measured:
        print(f"  {line}")
    save(out, measured)


if __name__ == "__main__":
    main()
