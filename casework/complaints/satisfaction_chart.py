"""The picture of a year's answers: per month, how many replied and how many of them were satisfied."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stations.templatetags.words import short_month

from ..analysis.figures import Figure
from ..reports.charts import Chart, Label, Mark, Rect, Stroke, Style, grid_step


def by_month(months, style: Style) -> Chart:
    """Draw (month, replies, satisfied) as stacked bars: satisfied below, all others above."""
    largest = max((replies for _month, replies, _satisfied in months), default=0) or 1
    foot, top = style.height - 2.2 * style.font_size, 2.2 * style.font_size
    scale, slot = (foot - top) / largest, style.width / max(len(months), 1)
    bar = min(slot * 0.55, 40)
    marks, names = [], []
    for n, (month, replies, satisfied) in enumerate(months):
        left, middle = slot * n + (slot - bar) / 2, f"{slot * (n + 0.5):.1f}"
        high, low = replies * scale, satisfied * scale
        gap = 1.5 if satisfied and replies > satisfied else 0
        rects = [
            (foot - low, low, style.first),
            (foot - high, max(high - low - gap, 0), style.second),
        ]
        marks.append(
            Mark(
                figure=Figure(replies),
                label=_("%(month)s: %(replies)d replies, %(satisfied)d satisfied")
                % {
                    "month": date_format(month, "YEAR_MONTH_FORMAT"),
                    "replies": replies,
                    "satisfied": satisfied,
                },
                rects=tuple(
                    Rect(f"{left:.1f}", f"{y:.1f}", f"{bar:.1f}", f"{height:.1f}", fill)
                    for y, height, fill in rects
                    if height
                ),
                texts=(
                    Label(middle, f"{foot - high - 5:.1f}", str(replies), style.soft, "middle"),
                ),
            )
        )
        names.append(
            Label(
                middle,
                f"{foot + 1.5 * style.font_size:.1f}",
                short_month(month),
                style.soft,
                "middle",
            )
        )
    return Chart(
        label=_("Replies by month, and how many of them were satisfied"),
        width=style.width,
        height=style.height,
        font_size=style.font_size,
        marks=tuple(marks),
        grid=tuple(
            Stroke(f"M0 {foot - value * scale:.1f}H{style.width}", style.grid)
            for value in range(grid_step(largest), largest + 1, grid_step(largest))
        ),
        axis=(Stroke(f"M0 {foot + 0.5:.1f}H{style.width}", style.axis),),
        texts=tuple(names),
        legend=((_("satisfied"), style.first), (_("fair or not satisfied"), style.second)),
    )
