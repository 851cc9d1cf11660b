"""The month of a station or a county: counts of the register put together into one record."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from stations.models import DayOff, Division, Station

from ..models import Matter
from ..periods import last_day, months_between, months_from
from ..rules.sentiment import Surge, Thresholds, is_surge, signals_of
from ..terms import Channel, Disposal, PeopleGroup, Satisfaction, Sensitive
from . import counting
from .cases import case_lines
from .figures import (
    Amended,
    Change,
    Compared,
    Cumulated,
    Figure,
    Line,
    MatterLine,
    MonthlyAnalysis,
    Place,
    PlaceLine,
    Quality,
    Totals,
    TrendMonth,
    direction,
    growth,
    rounded,
    share,
)

_OTHER_CHANNELS = [Channel.LETTER, Channel.ONLINE, Channel.OTHER]


def thresholds_of(county):
    return Thresholds(**{name: county.parameter(name) for name in Thresholds.__annotations__})


def stations_of(place):
    """Return the stations whose entries count: the station, or all the county ever had."""
    if isinstance(place, Station):
        return [place]
    return list(place.stations.all())


def monthly_analysis(place, month, *, today=None):
    """Return the `MonthlyAnalysis` of a Station or a County for the month of a first day.

    Counts entries not declared void whose local day lies in the month, whenever they were typed.
    A county is counted from the entries of all its stations, never from their totals.
    """
    return _Month(place, month, today or timezone.localdate()).analysis()


class _Month:
    """One month being put together; lives as long as one call of `monthly_analysis`."""

    def __init__(self, place, month, today):
        self.place, self.month, self.today = place, month, today
        self.is_station = isinstance(place, Station)
        self.county = place.county if self.is_station else place
        self.stations = stations_of(place)
        self.through = min(today, last_day(month))
        self.matters = {
            matter.pk: matter
            for matter in Matter.objects.for_county(self.county).select_related("parent")
        }
        station_ids = [station.pk for station in self.stations]
        self.thresholds = thresholds_of(self.county)
        self.counts = counting.count(
            place, station_ids, month, on_time=self.county.parameter("entry_working_days")
        )
        self.facts = list(counting.facts(station_ids, month, self.thresholds, self.matters))
        self.all = self.counts.month["all"].get(None) or counting.Tally()
        self.month_before = months_from(month, -1)
        self.year_before = months_from(month, -12)
        # (month, channel) → (entries, persons) and (month, matter id) → the same.
        self.by_channel = defaultdict(lambda: (0, 0))
        self.by_matter = defaultdict(lambda: (0, 0))
        self.by_month = defaultdict(lambda: (0, 0))
        for (first, channel, matter), (entries, persons) in self.counts.history.items():
            for table, key in (
                (self.by_channel, (first, channel)),
                (self.by_matter, (first, matter)),
                (self.by_month, first),
            ):
                table[key] = (table[key][0] + entries, table[key][1] + persons)

    # ── Figures ─────────────────────────────────────────────────────────────────────────

    def filters(self, month=None, *, until=None, **more):
        """Return the filters of the list that open the rows of a month, or until another."""
        first = month or self.month
        here = {"station": self.place.pk} if self.is_station else {}
        days = {"from": first.isoformat(), "to": last_day(until or first).isoformat()}
        return days | here | more

    def figure(self, value, code="", unit="entries", month=None, **more):
        return Figure(value, self.filters(month, **more), code, unit)

    def compared(self, count, code="", unit="entries", **more):
        """Compare what `count` gives for the month, the month before and a year before."""
        now = self.figure(count(self.month), code, unit, **more)
        before, year = (
            self.figure(count(first), "", unit, first, **more)
            for first in (self.month_before, self.year_before)
        )
        return Compared(now, Change.of(now, before), Change.of(now, year))

    def _of_channel(self, channel, code):
        return self.compared(
            lambda first: self.by_channel[first, channel][0], code, channel=channel.value
        )

    def _counted(self, dimension, key, code, **more):
        def entries(first):
            if first == self.month:
                tally = self.counts.month[dimension].get(key)
                return tally.entries if tally else 0
            return self.counts.compared.get((first, dimension, key), 0)

        return self.compared(entries, code, **more)

    def cumulated(self, which, unit):
        """Sum January to the month, and the same months of last year."""

        def of_year(year):
            first, last = (day.replace(year=year) for day in (january, self.month))
            total = sum(self.by_month[month][which] for month in months_between(first, last))
            code = "B16" if which == 0 and year == self.month.year else ""
            return self.figure(total, code, unit, first, until=last)

        january = self.month.replace(month=1)
        now, before = of_year(self.month.year), of_year(self.month.year - 1)
        change = Change.of(now, before)
        return Cumulated(now, change if self.has_whole_last_year else change.partial())

    @cached_property
    def has_whole_last_year(self):
        """Whether the register had begun by January of last year, or holds nothing of last year.

        A station that began to write in October would else seem to have grown tenfold.
        """
        january = self.month.replace(year=self.month.year - 1, month=1)
        of_last_year = {
            first
            for first, (entries, _persons) in self.by_month.items()
            if first.year == january.year and entries
        }
        return (
            january in of_last_year
            or not of_last_year
            or counting.has_entries_before(self.stations, january)
        )

    def totals(self):
        largest = self.figure(self.all.largest, "B10", "persons")
        return Totals(
            entries=self.compared(lambda first: self.by_month[first][0], "A0"),
            calls=self._of_channel(Channel.CALL, "B1"),
            visits=self._of_channel(Channel.VISIT, "B2"),
            letters=self._of_channel(Channel.LETTER, "B3"),
            online=self._of_channel(Channel.ONLINE, "B4"),
            other=self._of_channel(Channel.OTHER, "B5"),
            hotline=self._counted("hotline", True, "B6", hotline="1"),
            persons=self.compared(lambda first: self.by_month[first][1], "B7", "persons"),
            visit_persons=self.compared(
                lambda first: self.by_channel[first, Channel.VISIT][1],
                "B8",
                "persons",
                channel=Channel.VISIT.value,
            ),
            guided=self._disposed(Disposal.GUIDED, "B11"),
            drafted=self._disposed(Disposal.DRAFTED, "B12"),
            mediation=self._disposed(Disposal.MEDIATION, "B13"),
            reported=self._disposed(Disposal.REPORTED, "B14"),
            largest=largest,
            cumulated=self.cumulated(0, "entries"),
            cumulated_persons=self.cumulated(1, "persons"),
        )

    def _disposed(self, disposal, code):
        return self._counted("disposal", disposal.value, code, disposal=disposal.value)

    def trend(self):
        months = months_between(self.year_before, self.month)
        return tuple(
            TrendMonth(
                month=first,
                entries=self.figure(self.by_month[first][0], month=first),
                calls=self._trend_figure(first, [Channel.CALL]),
                visits=self._trend_figure(first, [Channel.VISIT]),
                other=self._trend_figure(first, _OTHER_CHANNELS),
                persons=self.figure(self.by_month[first][1], "", "persons", first),
            )
            for first in months
        )

    def _trend_figure(self, first, channels):
        return self.figure(
            sum(self.by_channel[first, channel][0] for channel in channels),
            month=first,
            channel=[channel.value for channel in channels],
        )

    # ── Lines ───────────────────────────────────────────────────────────────────────────

    def line(self, kind, key, value, *, code="", filters=None, name="", by_channel=()):
        filters = {kind: key} if filters is None else filters
        figure = self.figure(value, code, **filters) if filters else Figure(value, {}, code)
        return Line(kind, key, name, figure, share(value, self.all.entries), tuple(by_channel))

    def channels(self):
        return tuple(
            self.line("channel", channel.value, self.by_channel[self.month, channel][0])
            for channel in Channel
        )

    def groups(self):
        counts = self.counts.groups
        return tuple(
            self.line(
                "group",
                group.value,
                sum(counts.get((group, channel), 0) for channel in Channel),
                code=f"D{n}",
                by_channel=(
                    self.figure(
                        counts.get((group, channel), 0),
                        channel=channel.value,
                        group=group.value,
                    )
                    for channel in Channel
                ),
            )
            for n, group in enumerate(PeopleGroup, 1)
        )

    def hours(self):
        tallies = self.counts.month["hour"]
        return tuple(
            self.line("hour", str(hour), tallies[hour].entries if hour in tallies else 0)
            for hour in range(24)
        )

    def terms(self, kind, terms, letter="", *, is_linked=True):
        """Return a line per term, and one for entries that do not state it."""
        tallies = self.counts.month[kind]
        keys = [term.value for term in terms] + ([""] if "" in tallies else [])
        return tuple(
            self.line(
                kind,
                key,
                tallies[key].entries if key in tallies else 0,
                code=f"{letter}{n}" if letter else "",
                filters=None if key and is_linked else {},
            )
            for n, key in enumerate(keys, 1)
        )

    def matter_lines(self):
        """Return the lines of classes and of leaves, most entries first, and of the rest."""
        before = [months_from(self.month, -n) for n in (1, 2, 3)]
        tallies = self.counts.month["matter"]
        channels = defaultdict(int)
        for (first, channel, matter), (entries, _persons) in self.counts.history.items():
            if first == self.month:
                channels[matter, channel] += entries
        # Of a register that has just begun, every matter would seem to have grown.
        has_begun = any(self.by_month[first][0] for first in before)
        families = defaultdict(list)
        for matter in self.matters.values():
            families[matter.pk].append(matter.pk)
            if matter.parent_id:
                families[matter.parent_id].append(matter.pk)

        def line(kind, ids, code, key, name, class_name, filters):
            entries = sum(self.by_matter[self.month, pk][0] for pk in ids)
            persons = sum(self.by_matter[self.month, pk][1] for pk in ids)
            repeats = sum(tallies[pk].repeats for pk in ids if pk in tallies)
            earlier = sum(self.by_matter[first, pk][0] for first in before for pk in ids)
            grown = growth(entries * 3, earlier)
            return MatterLine(
                kind=kind,
                key=key,
                name=name,
                count=self._matter_figure(entries, code, filters),
                share=share(entries, self.all.entries),
                by_channel=tuple(
                    self._matter_figure(
                        sum(channels[pk, channel] for pk in ids),
                        "",
                        filters and filters | {"channel": channel.value},
                    )
                    for channel in Channel
                ),
                class_name=class_name,
                persons=Figure(persons, {}, "", "persons"),
                mean=rounded(earlier, 3),
                growth=grown,
                direction=direction(entries * 3, earlier),
                repeats=self._matter_figure(repeats, "", filters and filters | {"repeat": "1"}),
                is_surge=kind == "matter"
                and has_begun
                and is_surge(entries, grown, self.thresholds),
            )

        def order(matter):
            entries = sum(self.by_matter[self.month, pk][0] for pk in families[matter.pk])
            return -entries, matter.position, matter.code

        met = {matter for first, matter in self.by_matter if first in (self.month, *before)}
        used = [matter for pk, matter in self.matters.items() if met & set(families[pk])]
        tops = sorted((matter for matter in used if matter.parent_id is None), key=order)
        leaves = sorted((matter for matter in used if matter.parent_id), key=order)
        classes = tuple(
            line("class", families[m.pk], "", m.code, m.name, "", {"matter": m.code})
            for m in tops
        )
        matters = tuple(
            line("matter", [m.pk], f"A{n}", m.code, m.name, m.parent.name, {"matter": m.code})
            for n, m in enumerate(leaves, 1)
        )
        rest = None
        if leaves[5:]:
            code = "A6" if len(leaves) == 6 else f"A6–A{len(leaves)}"
            ids = [matter.pk for matter in leaves[5:]]
            filters = {"without": ",".join(matter.code for matter in leaves[:5])}
            rest = line("rest", ids, code, "", "", "", filters)
        return classes, matters, rest

    def _matter_figure(self, value, code, filters):
        return self.figure(value, code, **filters) if filters else Figure(value, {}, code)

    def places(self):
        """Return a line per village, or per station, most entries first, then by code."""
        lines = self._villages() if self.is_station else self._stations()
        lines = sorted(lines, key=lambda line: (-line.count.value, not line.key, line.key))
        return tuple(
            replace(line, count=replace(line.count, code=f"C{n}"))
            for n, line in enumerate(lines, 1)
        )

    def _place_line(self, kind, pks, key, name, filters, **more):
        tallies = [self.counts.month["place"].get(pk, counting.Tally()) for pk in pks]
        entries = sum(tally.entries for tally in tallies)
        count = self.figure(entries, **filters)
        before = self.figure(
            sum(self.counts.compared.get((self.month_before, "place", pk), 0) for pk in pks),
            month=self.month_before,
            **filters,
        )
        persons = sum(tally.persons for tally in tallies)
        return PlaceLine(
            kind=kind,
            key=key,
            name=name,
            count=count,
            share=share(entries, self.all.entries),
            persons=self.figure(persons, "", "persons", **filters),
            on_month=Change.of(count, before),
            **more,
        )

    def _villages(self):
        met = {pk for pk in self.counts.month["place"] if pk is not None}
        met |= {
            pk
            for (_first, kind, pk) in self.counts.compared
            if kind == "place" and pk is not None and _first == self.month_before
        }
        villages = Division.objects.filter(pk__in=met) | Division.objects.on(
            last_day(self.month)
        ).filter(parent=self.place.township_id)
        # A village renamed meanwhile is one line, under the name it carries now.
        by_code = defaultdict(list)
        for village in villages.order_by("code", "pk"):
            by_code[village.code].append(village)
        for code, same in by_code.items():
            pks = [village.pk for village in same]
            yield self._place_line("village", pks, code, same[-1].name, {"village": code})
        if self.counts.month["place"].get(None):
            yield self._place_line("village", [None], "", "", {"village": "none"})

    def _stations(self):
        blank = self.blank_days()
        for station in self.stations:
            is_open = station.opened_on <= last_day(self.month) and (
                station.closed_on is None or station.closed_on > self.month
            )
            tally = self.counts.month["place"].get(station.pk)
            if not (is_open or tally):
                continue
            late = tally.late if tally else 0
            yield self._place_line(
                "station",
                [station.pk],
                station.code,
                station.short_name,
                {"station": station.pk},
                late=self.figure(late, station=station.pk, late="1"),
                blank_days=len(blank[station.pk]),
            )

    # ── How the register was kept ───────────────────────────────────────────────────────

    def working_days(self):
        """Return {station id: its working days of the month that are over}."""
        calendar = DayOff.objects.calendar(self.county)
        days = [self.month + timedelta(days=n) for n in range(self.through.day)]
        days = [day for day in days if calendar.is_working_day(day) and day < self.today]
        if self.through < self.month:
            days = []
        return {
            station.pk: [
                day
                for day in days
                if station.opened_on <= day
                and (station.closed_on is None or day < station.closed_on)
            ]
            for station in self.stations
        }

    def blank_days(self):
        """Return {station id: working days with neither an entry nor a statement}."""
        filled = set(self.counts.month["day"]) | self.counts.stated
        return {
            pk: [day for day in days if (pk, day) not in filled]
            for pk, days in self.working_days().items()
        }

    def quality(self):
        blank = self.blank_days()
        seconds = self.all.seconds
        return Quality(
            late=self.figure(self.all.late, "H3", late="1"),
            on_time_share=share(self.all.entries - self.all.late, self.all.entries),
            corrected=self.figure(self.counts.corrected, "H4", corrected="1"),
            corrected_earlier=Figure(self.counts.corrected_earlier),
            amended=tuple(
                Amended(first, *(Figure(number) for number in numbers))
                for first, *numbers in self.counts.amended
            ),
            working_days=Figure(
                sum(len(days) for days in self.working_days().values()), unit="days"
            ),
            blank_days=Figure(sum(len(days) for days in blank.values()), unit="days"),
            blank_dates=tuple(blank[self.place.pk]) if self.is_station else (),
            no_visit_days=Figure(len(self.counts.stated), unit="days"),
            timed_entries=self.all.timed,
            mean_seconds=rounded(seconds, self.all.timed),
            hours_typed=rounded(seconds, 3600) if self.all.timed else None,
        )

    # ── The whole ───────────────────────────────────────────────────────────────────────

    def signals(self, matters):
        surges = [
            Surge(line.key, line.name, line.count.value, line.growth)
            for line in matters
            if line.is_surge
        ]
        return signals_of([*self.facts, *surges], self.thresholds, self.filters())

    def analysis(self):
        classes, matters, rest = self.matter_lines()
        place = self.place
        return MonthlyAnalysis(
            place=Place(
                kind="station" if self.is_station else "county",
                pk=place.pk,
                code=place.code if self.is_station else place.division.code,
                name=place.name if self.is_station else place.division.name,
                short_name=place.short_name if self.is_station else place.division.name,
            ),
            month=self.month,
            through=self.through,
            totals=self.totals(),
            trend=self.trend(),
            channels=self.channels(),
            classes=classes,
            matters=matters,
            rest=rest,
            groups=self.groups(),
            places=self.places(),
            hours=self.hours(),
            disposals=self.terms("disposal", Disposal, "F"),
            satisfaction=self.terms("satisfaction", Satisfaction, is_linked=False),
            sensitive=self.terms("sensitive", [s for s in Sensitive if s != Sensitive.NONE]),
            repeats=self.figure(self.all.repeats, "H1", repeat="1"),
            repeat_share=share(self.all.repeats, self.all.entries),
            returning=self.figure(self.all.returning, "H2", returning="1"),
            returning_share=share(self.all.returning, self.all.entries),
            quality=self.quality(),
            signals=self.signals(matters),
            cases=case_lines(place, self.month),
        )
