"""How things are measured: ours and its plain alternative in turn, so that both meet the machine's
same mood, and the medians compared. Only ratios, memory and counts have limits, never a time.
"""

import gc
import json
import statistics
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Measured:
    """One line of RESULTS.md: what, over how many rows, ours, the alternative's, and the limit.

    `limit` is on ours / other, or with no `other` on ours itself; none where a line only informs.
    """

    what: str
    rows: str
    ours: float
    unit: str
    other: float | None = None
    limit: float | None = None
    queries: int | None = None
    most_queries: int | None = None
    note: str = ""

    @property
    def ratio(self):
        return self.ours / self.other if self.other else None

    @property
    def is_over(self):
        figure = self.ratio if self.other else self.ours
        too_much = self.limit is not None and round(figure, 2) > self.limit
        return too_much or bool(self.most_queries and self.queries > self.most_queries)

    @property
    def verdict(self):
        if self.limit is None and self.most_queries is None:
            return ""
        return "OVER" if self.is_over else "within"

    def __str__(self):
        parts = [f"{self.what}: {self.ours:,.0f} {self.unit}"]
        if self.other:
            parts.append(f"beside {self.other:,.0f}, ratio {self.ratio:.2f}")
        if self.queries:
            parts.append(f"{self.queries} queries")
        return ", ".join([*parts, self.verdict]).rstrip(", ")


def in_turn(ours, other, *, rounds):
    """Return the medians of `ours()` and `other()` in milliseconds, run alternately.

    Each runs twice before, so that neither pays for a cold cache or for the other's garbage.
    """
    times = [], []
    for n in range(-2, rounds):
        for work, kept in zip((ours, other), times, strict=True):
            gc.collect()
            begun = time.perf_counter()
            work()
            taken = time.perf_counter() - begun
            if n >= 0:
                kept.append(taken * 1000)
    return tuple(statistics.median(kept) for kept in times)


def save(path, *tables):
    """Keep the lines of one or more tables for `bench.run`, which prints them."""
    lines = [[asdict(line) for line in table] for table in tables]
    path.write_text(json.dumps(lines, ensure_ascii=False))


def load(path):
    return [[Measured(**line) for line in table] for table in json.loads(path.read_text())]
