"""`make bench`: measure everything, or the parts named, and write bench/RESULTS.md.

    python -m bench.run [lists applications returns figures typst …] [--data ../shared/data]

Each part runs as a process of its own on databases made for it, beside the one of `DATABASE_URL` and
dropped afterwards. Exit code 1 when a ratio, a count or a peak of memory is over its limit; times have
no limits, because machines differ.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.measuring import load

RESULTS = Path(__file__).parent / "RESULTS.md"
MILLION, SMALL, OWN = "bench_million", "bench_small", "bench_own"
APPLICATIONS, FEW_APPLICATIONS, RETURNS = "bench_many", "bench_few", "bench_returns"
YEAR = "bench_year"
FEW = 10_000
# Databases of applications: how many of them, and how many entries of the register beside.
OF_APPLICATIONS = {
    APPLICATIONS: (100_000, 10_000),
    FEW_APPLICATIONS: (1_000, 10_000),
    RETURNS: (200_000, 1_000_000),
    YEAR: (20_000, 600_000),
}


@dataclass(frozen=True)
class Part:
    """One part: its module, the database it runs on, and what its section says."""

    name: str
    module: str
    database: str
    title: str
    explanation: str
    headings: tuple[str, ...] = ("",)
    # The option that names its data, and the file or folder within the folder of data.
    option: str = ""
    data: str = ""


PARTS = [
    Part(
        "lists",
        "bench.lists",
        MILLION,
        "List, search, desk and coverage",
        "Ours is a page as a browser gets it: all middleware, session, permission, scope, forms."
        " The alternative is a Django view without any of them (`bench/bare.py`): hand-written SQL,"
        " rows as dictionaries, rendered by the page's own template in the same frame. Before a page"
        " is timed, both must have rendered the same rows, totals and figures. Medians of runs in"
        " turn. At most 2 times the bare view, at most 12 queries.",
        ("", "The same pages over 1,000,000 entries and over 10,000, in turn"),
    ),
    Part(
        "applications",
        "bench.applications",
        APPLICATIONS,
        "Applications: queue, search, wall and record",
        "As above, over applications that have gone their way move by move, half of them under way"
        " as if the work had been left lying (`bench/bare_applications.py`, `bench/bare_record.py`)."
        " What follows from the rows, such as the sum of a clock day by day, is the same code on both"
        " sides. At most 2 times the bare view, at most 15 queries.",
        ("", "The same pages over 100,000 applications and over 1,000, in turn"),
    ),
    Part(
        "returns",
        "bench.returns",
        RETURNS,
        "Statistical returns",
        "`make_return` for a county's last month and quarter against one hand-written SQL statement"
        " for the same figures of every column and station, compared before they are timed. At most"
        " 1.5 times.",
    ),
    Part(
        "figures",
        "bench.month_figures",
        RETURNS,
        "A county's month",
        "`monthly_analysis` against one hand-written SQL statement for the same figures, those of"
        " applications among them, compared before they are timed. At most 1.5 times.",
    ),
    Part(
        "assessment",
        "bench.assessment",
        YEAR,
        "Running scores of a county's year",
        "What the nightly task does for a county: `running.recompute` counts every fact of every"
        " station, makes points, words and totals, and finds that nothing changed; beside it one"
        " hand-written SQL statement for the same counts (`bench/year_statement.py`), compared"
        " fact by fact before either is timed. At most 2 times; a station's score page at most 12"
        " queries.",
    ),
    Part(
        "typst",
        "bench.typst_report",
        RETURNS,
        "A station's monthly PDF",
        "WeasyPrint in a warm worker against Typst setting the same content, both from the rows of"
        " the database, another station every round. The limit is on Typst as one calls it,"
        " `typst.compile()`, which looks for its fonts each time; with fonts kept loaded it is"
        " faster still. At most 2 times.",
    ),
    Part(
        "print",
        "bench.print_5000",
        MILLION,
        "A printed register",
        "The paper register of 5,000 visits, as a worker makes it. Under 1 GiB.",
    ),
    Part(
        "nation",
        "bench.nation",
        OWN,
        "The nation's divisions",
        "`manage.py load_divisions` of five files, a process of its own. Under 1 GiB; under 60 s is"
        " promised for two idle cores.",
        option="--dir",
    ),
    Part(
        "roster",
        "bench.roster",
        "",
        "A county's duty roster",
        "The draft of a month for 41 stations and 120 people: which half-days, and who. Under 10 s;"
        " at most 8 times half the county; no less even than taking whoever is free and has fewest.",
    ),
    Part(
        "consultations",
        "bench.consultations",
        OWN,
        "Real questions, end to end",
        "Questions spread over the seventeen stations of 霍山县 and over a year, imported, analysed,"
        " printed, and every figure counted again by pandas and by plain SQL.",
        option="--from",
        data="consultations.csv",
    ),
]


class Server:
    """The server of `DATABASE_URL`, and databases on it that live as long as this run."""

    def __init__(self, url):
        self.url = url
        self.made = set()

    def address(self, name):
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def _command(self, words, name):
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(words).format(sql.Identifier(name)))

    def fresh(self, name):
        """Make an empty, migrated database; one of that name is dropped first."""
        self.drop(name)
        self._command("CREATE DATABASE {}", name)
        self.made.add(name)
        self.run(name, "manage.py", "migrate", "--verbosity", "0")

    def drop(self, name):
        self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self.made.discard(name)

    def run(self, name, *command):
        environment = os.environ | {"DATABASE_URL": self.address(name)}
        subprocess.run([sys.executable, *command], env=environment, check=True)


def make_entries(server, name, entries):
    if name in server.made:
        return
    begun = time.perf_counter()
    say(f"Making {entries:,} entries …")
    server.fresh(name)
    server.run(name, "-m", "bench.make_million", "--entries", str(entries))
    say(f"  {time.perf_counter() - begun:.0f} s")


def make_applications(server, name):
    if name in server.made:
        return
    begun = time.perf_counter()
    applications, entries = OF_APPLICATIONS[name]
    say(f"Making {applications:,} applications and {entries:,} entries …")
    server.fresh(name)
    command = ["-m", "bench.make_applications", "--applications", str(applications)]
    server.run(name, *command, "--entries", str(entries))
    say(f"  {time.perf_counter() - begun:.0f} s")


def say(line):
    print(line, flush=True)


def run(part, server, folder):
    """Return the tables a part measured, or the sentence why it was left out."""
    options = []
    if part.option:
        data = folder / part.data
        if not data.exists():
            return f"Left out: there is no {part.data or 'folder of data'} here."
        options = [part.option, str(data)]
    if part.database == OWN:
        server.fresh(OWN)
    elif part.database in OF_APPLICATIONS:
        make_applications(server, part.database)
    elif part.database:
        make_entries(server, MILLION, 1_000_000)
    if part.name == "lists":
        make_entries(server, SMALL, FEW)
        options = ["--small", SMALL]
    if part.name == "applications":
        make_applications(server, FEW_APPLICATIONS)
        options = ["--small", FEW_APPLICATIONS]
    say(f"{part.title} …")
    with tempfile.TemporaryDirectory() as kept:
        out = Path(kept) / "measured.json"
        # A part without a database is given the name of one, and never asks it.
        server.run(part.database or OWN, "-m", part.module, str(out), *options)
        return load(out)


# ── RESULTS.md ──────────────────────────────────────────────────────────────────────────


def _number(value, unit):
    return f"{value:,.1f} {unit}" if unit == "s" else f"{value:,.0f} {unit}"


def table(lines):
    """Return the lines of a table; columns nothing stands in are left out."""
    columns = {
        "what": [line.what for line in lines],
        "rows": [line.rows for line in lines],
        "ours": [_number(line.ours, line.unit) for line in lines],
        "beside": [_number(line.other, line.unit) if line.other else "" for line in lines],
        "ratio": [f"{line.ratio:.2f}" if line.other else "" for line in lines],
        "limit": [_limit(line) for line in lines],
        "queries": [str(line.queries or "") for line in lines],
        "verdict": [line.verdict for line in lines],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    rows = [list(shown), ["---"] * len(shown), *zip(*shown.values(), strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _limit(line):
    if line.limit is None:
        return line.note
    return f"{line.limit:g}" if line.other else _number(line.limit, line.unit)


def machine():
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    load_average = os.getloadavg()[0]
    return (
        f"{date.today()}, {os.cpu_count()} cores, {pages * size / 2**30:.0f} GiB,"
        f" Python {platform.python_version()}, load {load_average:.1f}."
    )


def section(part, measured):
    parts = [f"## {part.title}", part.explanation]
    if isinstance(measured, str):
        return "\n\n".join([*parts, measured])
    for heading, lines in zip(part.headings, measured, strict=False):
        parts += [heading] if heading else []
        parts.append(table(lines))
    return "\n\n".join([*parts, machine()])


def write(sections):
    """Put the sections measured in place of the old ones; the others stay."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    old = dict(re.findall(r"^(## .+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    parts = [
        "# What it costs",
        "Written by `make bench` (`python -m bench.run`); one part: `python -m bench.run lists`."
        " Ours and the plain alternative run in turn in one process, so that the ratio holds on a"
        " busy machine too, where times mean little.",
    ]
    for part in PARTS:
        heading = f"## {part.title}"
        if part.name in sections:
            parts.append(sections[part.name])
        elif heading in old:
            parts.append(f"{heading}\n{old[heading].rstrip()}")
    RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    names = [part.name for part in PARTS]
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(names)}")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(names):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    server = Server(os.environ.get("DATABASE_URL") or parser.error("DATABASE_URL is not set"))
    is_over = False
    try:
        for part in PARTS:
            if asked.parts and part.name not in asked.parts:
                continue
            measured = run(part, server, asked.data)
            write({part.name: section(part, measured)})
            if isinstance(measured, str):
                say(f"{part.title}. {measured}")
            else:
                is_over |= any(line.is_over for lines in measured for line in lines)
    finally:
        for name in list(server.made):
            server.drop(name)
    say(f"{RESULTS.name} is written.{' Something is over its limit.' if is_over else ''}")
    return is_over


if __name__ == "__main__":
    sys.exit(main())
