"""Build the demonstration county."""

from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from legalaid.demo import (
    COUNTY_CODE,
    applications,
    assessment,
    center,
    changes,
    complaints,
    counter,
    demonstration,
    duty,
    months,
    network,
    question_slips,
    register,
    station_life,
    traces,
    walls,
)
from legalaid.demo.people import Population
from stations import chores
from stations.models import County, DayOff

# Any fixed number: the same day gives the same county.
SEED = 341525


class Command(BaseCommand):
    help = "Build the demonstration county 霍山县, with invented people. Refused in production."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="tell the story up to the day before this one (default: today)",
        )

    def handle(self, *, today, **options):
        if settings.PRODUCTION:
            raise CommandError("The demonstration county is never built in production.")
        if County.objects.filter(division__code=COUNTY_CODE).exists():
            raise CommandError(
                "The demonstration county is there already; nothing was changed."
            )
        with transaction.atomic():
            self._build(today or timezone.localdate(), Random(SEED))

    def _build(self, today, random):
        population = Population(random)
        divisions = network.build_divisions()
        county = network.build_county(divisions)
        stations = network.build_stations(county, divisions)
        staff = network.build_accounts(county, divisions, stations, population)
        network.build_liaisons(stations, population, today)
        entries = 0
        for station, fact in self._bar(stations, "Register"):
            year = register.StationYear(station, fact, staff[station], population, today)
            entries += year.build()
        register.correct_some(random)
        traces.build_leads(population, random, today)
        traces.build_desk(population, today)
        traces.build_looks(today)
        # Before the months, which count what the files brought in.
        counter.build_files(population, today)
        applications.build_panel(county, today)
        files = applications.Files(
            county, staff, population, random, today, DayOff.objects.calendar(county)
        )
        received = files.build()
        center.build(county, today)
        year = months.Year(county, staff, today, random)
        for month in self._bar(register.months(today), "Months"):
            year.build(month)
        complaints.build(county, today)
        duty.build(county, today)
        station_life.build(county, [station for station, _fact in stations], today)
        question_slips.build(county, today)
        # Last: posters print what all the others have made.
        walls.build(county, [station for station, _fact in stations], today)
        assessment.build(county, today)
        demonstration.build(county, today)
        # What is younger than everything above, or would stand in its way.
        traces.build_account_acts(population, today)
        changes.build(county, today)
        counter.build_today(population, today)
        chores.refresh_county(county)
        traces.build_seals(today)
        self.stdout.write(
            f"霍山县: {len(stations)} stations, {entries} entries and {received} applications"
            f" up to {today - timedelta(days=1)}."
        )

    def _bar(self, things, name):
        return tqdm(things, desc=f"{name:<8}", file=self.stderr, disable=None)
