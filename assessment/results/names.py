"""What stations and the bureau were called when a year was confirmed: its papers keep those names."""

from stations.particulars.keeping import as_it_was, as_they_were


def with_names_of(year, sheets):
    """Let the sheets of a frozen year know their stations as they were called then; return them."""
    if year.is_frozen:
        then = as_they_were([sheet.station for sheet in sheets], year.confirmed_at)
        for sheet in sheets:
            sheet.station = then[sheet.station_id]
    return sheets


def as_of_its_day(year):
    """Let a frozen year know its county as it was called when the year was confirmed; return it."""
    if year.is_frozen:
        year.county = as_it_was(year.county, year.confirmed_at)
    return year
