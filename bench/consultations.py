"""Real questions, end to end: spread, brought in, analysed, printed, counted again.

    python -m bench.consultations OUT.json --from ../shared/data/consultations.csv

(on an empty, migrated database). The questions are spread over the seventeen townships of 霍山县 and
a year; `manage.py import_register` brings in each station's file; the papers of every station and of
the county are made for each of the twelve months as a worker makes them, and their text must hold the
month's number of calls and visits; then `bench.independent_count` counts every figure again.
"""

import argparse
import io
import os
import random
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

import pandas as pd  # noqa: E402
from django.core.management import call_command  # noqa: E402
from pypdf import PdfReader  # noqa: E402
from tqdm import tqdm  # noqa: E402

from bench import independent_count, spread_consultations  # noqa: E402
from bench.measuring import Measured, save  # noqa: E402
from casework.models import RegisterEntry  # noqa: E402
from casework.reports import months, report_pdf  # noqa: E402
from legalaid.demo import VACANT_TOWNSHIP, network  # noqa: E402
from legalaid.demo.people import Population  # noqa: E402
from stations.models import Station  # noqa: E402

FIRST, LAST = "2025-11", "2026-10"


def build_county():
    """Make 霍山县 with its people and no entries; open the station the demonstration leaves out."""
    population = Population(random.Random(341525))
    divisions = network.build_divisions()
    county = network.build_county(divisions)
    stations = network.build_stations(county, divisions)
    township = divisions[VACANT_TOWNSHIP]
    if not any(station.township_id == township.pk for station, _fact in stations):
        fact = stations[0][1]
        station = Station.objects.create(
            county=county,
            township=township,
            code=township.code,
            name=f"{township.name}法律援助工作站",
            short_name=township.name[:4],
            opened_on=stations[0][0].opened_on,
        )
        stations.append((station, fact))
    network.build_accounts(county, divisions, stations, population)
    return county


def bring_in(source, county):
    """Spread the questions into files and import each; return (rows, seconds of importing)."""
    with tempfile.TemporaryDirectory() as folder:
        files, rows = spread_consultations.write_files(source, Path(folder))
        seconds = 0
        for path in tqdm(sorted(Path(folder).glob("*.csv")), desc="importing", unit="file"):
            begun = time.perf_counter()
            call_command("import_register", str(path), station=path.stem, stdout=io.StringIO())
            seconds += time.perf_counter() - begun
    assert files == county.stations.count(), "every station has a file"
    return rows, seconds


def make_papers(county):
    """Return (papers, pages, papers without their month's total, seconds)."""
    places = [*county.stations.all(), county]
    days = [p.start_time.date() for p in pd.period_range(FIRST, LAST, freq="M")]
    pages = without = 0
    begun = time.perf_counter()
    for place in tqdm(places, desc="papers", unit="place"):
        for month in days:
            report = months.open_month(place, month)
            paper = PdfReader(io.BytesIO(report_pdf.render(report)))
            pages += len(paper.pages)
            text = "".join(page.extract_text() for page in paper.pages).replace("\n", "")
            without += _sentence(_entries(place, month)) not in text
    return len(places) * len(days), pages, without, time.perf_counter() - begun


def _sentence(entries):
    """What a paper says of a month's number: the words before it stand nowhere else."""
    return f"共接待来电来访{entries:,}" if entries else "台账没有登记"


def _entries(place, month):
    entries = RegisterEntry.objects.counted().filter(
        occurred_on__year=month.year, occurred_on__month=month.month
    )
    by_place = {"station": place} if isinstance(place, Station) else {"station__county": place}
    return entries.filter(**by_place).count()


def measure(source):
    county = build_county()
    rows, seconds = bring_in(source, county)
    in_register = RegisterEntry.objects.count()
    papers, pages, without, made_in = make_papers(county)
    begun = time.perf_counter()
    compared, differ = independent_count.compare(county, FIRST, LAST)
    counted_in = time.perf_counter() - begun
    entries = f"{rows:,} questions"
    return [
        Measured("questions not in the register", entries, rows - in_register, "rows", limit=0),
        Measured("importing the files", entries, seconds, "s"),
        Measured(f"papers without their month's total, of {papers:,} ({pages:,} pages)", entries,
                 without, "papers", limit=0),
        Measured("making and reading the papers", entries, made_in, "s"),
        Measured(f"figures that differ, of {compared:,} compared", entries, differ, "figures",
                 limit=0),
        Measured("counting again by pandas and SQL", entries, counted_in, "s"),
    ]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--from", dest="source", type=Path, required=True)
    asked = parser.parse_args()
    measured = measure(asked.source)
    for line in measured:
        print(f"  {line}")
    save(asked.out, measured)


if __name__ == "__main__":
    main()
