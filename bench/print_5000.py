"""Print a register of 5,000 entries as a worker does; say seconds, pages and peak memory.

python -m bench.print_5000 OUT.json          (on a database made by bench.make_million)
"""

import argparse
import io
import os
import resource
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from pypdf import PdfReader  # noqa: E402

from bench.measuring import Measured, save  # noqa: E402
from casework.models import RegisterEntry  # noqa: E402
from casework.register import printing  # noqa: E402
from casework.terms import Channel  # noqa: E402
from stations.models import Document, User  # noqa: E402
from stations.papers import documents  # noqa: E402

ROWS = printing.MOST_ROWS
MOST_MEMORY_MB = 1024


def print_register(rows=ROWS):
    """Return (seconds, pages, peak MB of this process) of one printed register."""
    clerk = User.objects.get(username="bench_clerk")
    ids = (
        RegisterEntry.objects.visible_to(clerk)
        .filter(channel=Channel.VISIT)
        .order_by("occurred_at", "pk")
        .values_list("pk", flat=True)[:rows]
    )
    document = Document.objects.create(
        kind=printing.KIND,
        title="来访登记簿",
        filename="来访登记簿.pdf",
        station=clerk.station,
        county=clerk.county,
        asked_by=clerk,
        is_personal=True,
        parameters={"ids": list(ids), "period": "2026年", "book": Channel.VISIT},
    )
    begun = time.perf_counter()
    documents.make(document.pk)
    seconds = time.perf_counter() - begun
    document.refresh_from_db()
    pages = len(PdfReader(io.BytesIO(document.file)).pages)
    return seconds, pages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    seconds, pages, memory = print_register()
    measured = [
        Measured("peak memory of the worker", f"{ROWS:,}", memory, "MB", limit=MOST_MEMORY_MB),
        Measured(f"time for {pages} pages", f"{ROWS:,}", seconds, "s"),
    ]
    for line in measured:
        print(f"  {line}")
    save(parser.parse_args().out, measured)


if __name__ == "__main__":
    main()
