"""How a figure stands on a page or on paper: a link to its rows, its row code, how it moved."""

from urllib.parse import quote, urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ..periods import last_day
from ..terms import Channel

register = template.Library()


@register.simple_tag(takes_context=True)
def register_address(context, figure):
    """Return the address of the register list with a figure's rows, or nothing.

    Nothing where the reader may not open entries (`can_open`) or no rows stand behind the number.
    In a frozen report (`report`) a figure of its month opens the rows that were counted.
    """
    if not context.get("can_open") or not figure.filters:
        return ""
    filters = figure.filters
    report = context.get("report")
    if report is not None and report.is_frozen and _is_whole_month(filters, report.month):
        filters = {k: v for k, v in filters.items() if k not in ("from", "to")}
        filters["report"] = report.pk
        if context.get("is_replaced"):
            filters["issue"] = report.issue
    return f"{reverse('casework:entry_list')}?{urlencode(filters, doseq=True)}"


def _is_whole_month(filters, month):
    return (filters.get("from"), filters.get("to")) == (
        month.isoformat(),
        last_day(month).isoformat(),
    )


@register.simple_tag(takes_context=True)
def fig(context, figure, code=True):
    """Show a figure: linked to its rows where they may be opened, with its code on paper."""
    address = register_address(context, figure)
    number = f"{figure.value:,}"
    if address:
        number = format_html('<a class="fig" href="{}">{}</a>', address, number)
    elif not context.get("paper"):
        number = format_html('<span class="fig-still">{}</span>', number)
    if code and figure.code and context.get("shows_codes"):
        number = format_html('{}<span class="code">{}</span>', number, figure.code)
    return number


@register.simple_tag(takes_context=True)
def case_fig(context, line, of="count"):
    """Show how many applications a `CaseLine` counts, or counted "before", linked to them."""
    number = f"{getattr(line, of):,}"
    is_now = of == "count"
    if context.get("sees_cases"):
        query = line.query if is_now else line.before_query
        address = f"{reverse('casework:application_list')}?{query}"
        kind = "fig" if is_now else "text-reset"
        return format_html('<a class="{}" href="{}">{}</a>', kind, address, number)
    if is_now and not context.get("paper"):
        return format_html('<span class="fig-still">{}</span>', number)
    return number


@register.filter
def image_address(chart):
    """Return a chart as an image written into its own address (data:)."""
    svg = render_to_string("casework/months/_chart.html", {"chart": chart})
    return f"data:image/svg+xml,{quote(svg)}"


@register.filter
def unit_label(figure):
    """What a figure counts: 件, 人, 天."""
    return {"entries": _("entries"), "persons": _("persons"), "days": _("days")}[figure.unit]


@register.filter
def moved(change):
    """Say how a figure moved against the one before: 增12.1%, 减3.0%, 持平, 上期为零."""
    if change.direction == "same":
        return _("unchanged")
    if change.direction == "partial":
        return _("last year's register is incomplete")
    if change.percent is None:
        return _("none before")
    if change.direction == "up":
        return _("up %(percent)s%%") % {"percent": change.percent}
    return _("down %(percent)s%%") % {"percent": abs(change.percent)}


@register.filter
def percent_moved(change):
    """How far a figure moved, without saying which way: 12.1%."""
    return f"{abs(change.percent)}%"


@register.filter
def grown(line):
    """Say how a matter stands against its mean of three months, in the words of `moved`."""
    if line.growth is None:
        return _("none before") if line.count.value else ""
    if not line.growth:
        return _("unchanged")
    if line.growth > 0:
        return _("up %(percent)s%%") % {"percent": line.growth}
    return _("down %(percent)s%%") % {"percent": abs(line.growth)}


@register.filter
def channel_rows(analysis):
    """Return (channel line, its figure in each people group that has any) for used channels."""
    groups = [line for line in analysis.groups if line.count.value]
    return [
        (line, [group.by_channel[n] for group in groups])
        for n, line in enumerate(analysis.channels)
        if line.count.value or line.key in (Channel.CALL, Channel.VISIT)
    ]
