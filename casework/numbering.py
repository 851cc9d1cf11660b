"""Gapless numbers: one counter row per series, locked until the numbers are used."""

from .models import RegisterCounter


def take_numbers(station, channel, year, count=1):
    """Take the next `count` numbers of a station's channel and year; return the first.

    Call inside the transaction that uses them: when it fails, the numbers are free again, and
    whoever comes second waits for it.
    """
    RegisterCounter.objects.bulk_create(
        [RegisterCounter(station=station, channel=channel, year=year)], ignore_conflicts=True
    )
    counter = RegisterCounter.objects.select_for_update().get(
        station=station, channel=channel, year=year
    )
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return first
