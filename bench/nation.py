"""How long the nation's divisions take to load, and how much memory; a second run changes nothing.

    python -m bench.nation OUT.json --dir ../shared/data     (on an empty, migrated database)

`manage.py load_divisions` runs as a process of its own, so that its peak memory is its own.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from bench.measuring import Measured, save  # noqa: E402
from stations.models import Division  # noqa: E402
from stations.terms import Level  # noqa: E402

MOST_SECONDS = 60
MOST_MEMORY_MB = 1024
VILLAGES = 620_573


def load(folder):
    """Return (seconds, peak MB) of one run."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "load_divisions", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("load_divisions failed")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def _state():
    """The number of divisions, and a sum over all that is stored of them."""
    rows = Division.objects.order_by("pk").values_list(
        "pk", "code", "name", "parent_id", "valid_from", "valid_to"
    )
    total = 0
    for row in rows.iterator(chunk_size=20_000):
        total = (total * 31 + hash(row)) % 2**61
    return rows.count(), total


def measure(folder):
    seconds, memory = load(folder)
    villages = Division.objects.filter(level=Level.VILLAGE).count()
    before = _state()
    again, memory_again = load(folder)
    assert _state() == before, "the second run changed something"
    rows = f"{villages:,} villages"
    missing = abs(VILLAGES - villages)
    return [
        Measured("villages missing or too many", rows, missing, "rows", limit=0),
        Measured("loading the nation", rows, seconds, "s", note=f"{MOST_SECONDS} s"),
        Measured("its peak memory", rows, memory, "MB", limit=MOST_MEMORY_MB),
        Measured("a second run, which changes nothing", rows, again, "s"),
        Measured("its peak memory again", rows, memory_again, "MB", limit=MOST_MEMORY_MB),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--dir", required=True)
    asked = parser.parse_args()
    measured = measure(asked.dir)
    for line in measured:
        print(f"  {line}")
    save(asked.out, measured)


if __name__ == "__main__":
    main()
