"""Pictures of a month, drawn once for page and paper: shapes with their colours as attributes.

A page shows a chart in ink and ochre, every bar a link to its rows; paper shows the same shapes in
greys. Lengths are in the units of the view box. Every chart has a table twin beside it.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stations.templatetags.words import short_month

from ..analysis.figures import Figure, MonthlyAnalysis

# Names longer than this are cut in the picture; the table twin has them whole.
LONGEST_NAME = 8
# More bars than this make a picture nobody reads; the table twin has them all.
MOST_BARS = 20
# Bars of few hours stay bars.
MOST_SLOT = 92


@dataclass(frozen=True)
class Style:
    """Colours and sizes of one medium."""

    width: int
    height: int
    font_size: float
    first: str
    second: str
    mean: str
    ground: str
    text: str
    soft: str
    grid: str
    axis: str
    # Paper does without: a bold face for some numbers would make every file larger and slower.
    strong: str


PAGE = Style(
    736,
    212,
    12,
    "#17566a",
    "#a56f14",
    "#a56f14",
    "#fff",
    "#1b262b",
    "#46525a",
    "#e7e3d9",
    "#8b8677",
    "600",
)
NARROW = Style(
    296,
    159,
    12.5,
    "#17566a",
    "#a56f14",
    "#a56f14",
    "#fff",
    "#1b262b",
    "#46525a",
    "#e7e3d9",
    "#8b8677",
    "600",
)
PAPER = Style(
    440,
    150,
    10.5,
    "#3a3a3a",
    "#b0b0b0",
    "#8a8a8a",
    "#fff",
    "#000",
    "#333",
    "#ddd",
    "#555",
    "400",
)


@dataclass(frozen=True)
class Rect:
    x: str
    y: str
    width: str
    height: str
    fill: str


@dataclass(frozen=True)
class Stroke:
    d: str
    stroke: str
    width: str = "1"


@dataclass(frozen=True)
class Label:
    x: str
    y: str
    text: str
    fill: str
    anchor: str = "start"
    weight: str = "400"


@dataclass(frozen=True)
class Mark:
    """What opens together: a bar with its number, and the figure whose rows it opens."""

    figure: Figure
    label: str
    rects: tuple[Rect, ...]
    texts: tuple[Label, ...]
    strokes: tuple[Stroke, ...] = ()
    # What of the ground may be pressed too, where the rows can be opened.
    target: Rect | None = None


@dataclass(frozen=True)
class Chart:
    """One picture: what it shows in words, its marks, and what stands around them."""

    label: str
    width: int
    height: int
    font_size: float
    marks: tuple[Mark, ...]
    grid: tuple[Stroke, ...] = ()
    axis: tuple[Stroke, ...] = ()
    texts: tuple[Label, ...] = ()
    # (name, colour) of each series.
    legend: tuple[tuple[str, str], ...] = ()


def _n(length):
    return f"{length:.1f}"


def grid_step(largest):
    """Return the distance of grid lines, 1, 2 or 5 times a power of ten: two to four lines."""
    if largest <= 2:
        return 1
    rough = largest / 3
    power = 10 ** math.floor(math.log10(rough))
    return int(next(step for n in (1, 2, 5, 10) if (step := n * power) >= rough)) or 1


def trend(analysis: MonthlyAnalysis, style: Style) -> Chart:
    """Draw the 13 months as stacked bars: calls below, visits and all other channels above."""
    months = analysis.trend
    has_other = any(month.other.value for month in months)
    above = _("visits and others") if has_other else _("visits")
    largest = max((month.entries.value for month in months), default=0) or 1
    # Below: the months, and the year under the first of each.
    foot = style.height - 3.5 * style.font_size
    top = 2.2 * style.font_size
    scale = (foot - top) / largest
    slot = style.width / len(months)
    bar = slot * 0.55
    step = grid_step(largest)
    marks, names = [], []
    for n, month in enumerate(months):
        left = slot * n + (slot - bar) / 2
        middle = _n(left + bar / 2)
        calls, rest = month.calls.value, month.entries.value - month.calls.value
        gap = 1.5 if calls and rest else 0
        is_own = month.month == analysis.month
        name = short_month(month.month)
        rects = [
            Rect(_n(left), _n(foot - calls * scale), _n(bar), _n(calls * scale), style.first),
            Rect(
                _n(left),
                _n(foot - (calls + rest) * scale),
                _n(bar),
                _n(max(rest * scale - gap, 0)),
                style.second,
            ),
        ]
        marks.append(
            Mark(
                figure=month.entries,
                label=_("%(month)s: calls %(calls)d, %(above)s %(rest)d")
                % {
                    "month": date_format(month.month, "YEAR_MONTH_FORMAT"),
                    "calls": calls,
                    "above": above,
                    "rest": rest,
                },
                rects=tuple(rect for rect in rects if rect.height != "0.0"),
                texts=(
                    Label(
                        middle,
                        _n(foot - month.entries.value * scale - 5),
                        str(month.entries.value),
                        style.text if is_own else style.soft,
                        "middle",
                        style.strong if is_own else "400",
                    ),
                ),
            )
        )
        names.append(
            Label(middle, _n(foot + 1.5 * style.font_size), name, style.soft, "middle")
        )
        if n == 0 or month.month.month == 1:
            year = str(month.month.year)
            names.append(
                Label(middle, _n(foot + 2.8 * style.font_size), year, style.soft, "middle")
            )
    own = months[-1]
    return Chart(
        label=_("Calls and visits of 13 months; in %(month)s %(entries)d")
        % {
            "month": date_format(own.month, "YEAR_MONTH_FORMAT"),
            "entries": own.entries.value,
        },
        width=style.width,
        height=style.height,
        font_size=style.font_size,
        marks=tuple(marks),
        grid=tuple(
            Stroke(f"M0 {_n(foot - value * scale)}H{style.width}", style.grid)
            for value in range(step, largest + 1, step)
        ),
        axis=(Stroke(f"M0 {_n(foot + 0.5)}H{style.width}", style.axis),),
        texts=tuple(names),
        legend=((above, style.second), (_("calls"), style.first)),
    )


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart: a name, its figure, and the mean it is measured against, if any."""

    name: str
    figure: Figure
    mean: Decimal | None = None


def top_matters(analysis: MonthlyAnalysis, style: Style) -> Chart:
    """Draw the five most frequent matters, a line across each at its mean of three months."""
    lines = [
        Bar(line.label, line.count, line.mean) for line in analysis.hot if line.count.value
    ]
    return _bars(lines, style, _("The most frequent matters beside their mean of three months"))


def places(analysis: MonthlyAnalysis, style: Style) -> Chart:
    """Draw the villages of a station, or the stations of a county, the most frequent first."""
    lines = [Bar(line.label, line.count) for line in analysis.places if line.count.value]
    label = (
        _("Calls and visits by village")
        if analysis.place.kind == "station"
        else _("Calls and visits by station")
    )
    return _bars(lines[:MOST_BARS], style, label)


def hours(analysis: MonthlyAnalysis, style: Style) -> Chart:
    """Draw the hours of the day as bars, from the first with an entry to the last."""
    used = [n for n, line in enumerate(analysis.hours) if line.count.value]
    lines = analysis.hours[used[0] : used[-1] + 1] if used else ()
    largest = max((line.count.value for line in lines), default=0) or 1
    foot = style.height - 2.2 * style.font_size
    scale = (foot - 2.2 * style.font_size) / largest
    slot = min(style.width / (len(lines) or 1), MOST_SLOT)
    marks, names = [], []
    for n, line in enumerate(lines):
        value = line.count.value
        left, middle = slot * (n + 0.2), _n(slot * (n + 0.5))
        bar = Rect(
            _n(left), _n(foot - value * scale), _n(slot * 0.6), _n(value * scale), style.first
        )
        number = Label(middle, _n(foot - value * scale - 5), str(value), style.soft, "middle")
        marks.append(
            Mark(
                figure=line.count,
                label=_("%(name)s: %(entries)d") % {"name": line.label, "entries": value},
                rects=(bar,) if value else (),
                texts=(number,),
            )
        )
        names.append(
            Label(middle, _n(foot + 1.5 * style.font_size), line.label, style.soft, "middle")
        )
    return Chart(
        label=_("Calls and visits by hour of the day"),
        width=style.width,
        height=style.height,
        font_size=style.font_size,
        marks=tuple(marks),
        axis=(Stroke(f"M0 {_n(foot + 0.5)}H{style.width}", style.axis),),
        texts=tuple(names),
    )


def _bars(lines, style, label):
    size = style.font_size
    pitch = 2.4 * size
    names = [
        line.name if len(line.name) <= LONGEST_NAME else f"{line.name[: LONGEST_NAME - 1]}…"
        for line in lines
    ]
    left = max((len(name) for name in names), default=0) * size + 0.7 * size
    largest = max((max(line.figure.value, line.mean or 0) for line in lines), default=0) or 1
    # Room for the number after the longest bar.
    scale = (style.width - left - 3.6 * size) / float(largest)
    marks = []
    for n, (line, name) in enumerate(zip(lines, names, strict=True)):
        top = pitch * n
        middle = _n(top + 1.55 * size)
        length = line.figure.value * scale
        strokes = ()
        end = length
        if line.mean is not None:
            at = left + float(line.mean) * scale
            end = max(length, at - left)
            d = f"M{_n(at)} {_n(top + 0.2 * size)}v{_n(2 * size)}"
            strokes = (Stroke(d, style.ground, "5"), Stroke(d, style.mean, "2.5"))
        marks.append(
            Mark(
                figure=line.figure,
                label=_("%(name)s: %(entries)d, mean of three months %(mean)s")
                % {"name": line.name, "entries": line.figure.value, "mean": line.mean}
                if line.mean is not None
                else _("%(name)s: %(entries)d")
                % {"name": line.name, "entries": line.figure.value},
                rects=(
                    Rect(
                        _n(left), _n(top + 0.45 * size), _n(length), _n(1.5 * size), style.first
                    ),
                ),
                strokes=strokes,
                target=Rect("0", _n(top), str(style.width), _n(pitch), style.ground),
                texts=(
                    Label(_n(left - 0.6 * size), middle, name, style.text, "end"),
                    Label(
                        _n(left + end + 0.6 * size),
                        middle,
                        str(line.figure.value),
                        style.text,
                        "start",
                        style.strong,
                    ),
                ),
            )
        )
    return Chart(
        label=label,
        width=style.width,
        height=math.ceil(pitch * len(lines)) or 1,
        font_size=size,
        marks=tuple(marks),
    )
