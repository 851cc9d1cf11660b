"""When a half-day of duty begins and ends. Pure."""

from dataclasses import dataclass
from datetime import time

from .terms import Half

NOON = time(12)


@dataclass(frozen=True)
class DutyHours:
    """When mornings and afternoons of duty begin and end, in a county."""

    morning_from: time
    morning_to: time
    afternoon_from: time
    afternoon_to: time

    def of(self, half):
        """Return (begins, ends) of a half-day."""
        if half == Half.MORNING:
            return self.morning_from, self.morning_to
        return self.afternoon_from, self.afternoon_to

    def half_at(self, moment):
        """Return the half-day a time of day belongs to: before noon, or while it lasts, the morning."""
        is_morning = moment < max(NOON, self.morning_to)
        return Half.MORNING if is_morning else Half.AFTERNOON
