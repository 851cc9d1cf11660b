"""Gapless numbers: one counter row per series, locked until the numbers are used."""

from django.utils import timezone

from .models import Closing, RegisterCounter, SeriesCounter
from .terms import Channel


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


def hold_numbers(station, year):
    """Wait for entries of a station and year that are being saved, and let none begin meanwhile.

    In the order in which a file takes the numbers of several series.
    """
    RegisterCounter.objects.bulk_create(
        [RegisterCounter(station=station, channel=each, year=year) for each in sorted(Channel)],
        ignore_conflicts=True,
    )
    held = RegisterCounter.objects.filter(station=station, year=year).order_by("channel")
    list(held.select_for_update())


def take_serial(county, series, year):
    """Take the next number of a county's series of papers and year; return it.

    As above: inside the transaction that uses it.
    """
    place = {"county": county, "series": series, "year": year}
    SeriesCounter.objects.bulk_create([SeriesCounter(**place)], ignore_conflicts=True)
    counter = SeriesCounter.objects.select_for_update().get(**place)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def suggest_archive_number(county, year=None):
    """Suggest the next archive number of a county and year, 清援档〔2026〕12号; any other may be given.

    Two people may be shown the same one: whoever saves second is asked for another.
    """
    year = year or timezone.localdate().year
    taken = Closing.objects.filter(archive_county=county, archive_year=year)
    numbers = set(taken.values_list("archive_number", flat=True))
    serial = len(numbers) + 1
    while (number := f"{county.short_name}援档〔{year}〕{serial}号") in numbers:
        serial += 1
    return number
