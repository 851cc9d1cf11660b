"""How points and grades read on a page."""

from django import template
from django.utils.translation import gettext as _

from ..counting.facts import FACTS, readings
from ..places import place_url
from ..terms import Grade, Mode, SheetStatus, YearStatus
from ..wording import flag_label, plain

register = template.Library()


@register.filter
def points(number):
    """4.00; 待评 for what nobody has scored."""
    return _("not scored") if number is None else f"{number:.2f}"


@register.filter
def total(number):
    """86.5; a dash for none."""
    return "—" if number is None else f"{number:.1f}"


@register.filter
def plainly(number):
    """4, 1.55."""
    return "" if number is None else plain(number)


@register.filter
def signed(number):
    """+1.50, −0.25."""
    if number is None:
        return ""
    return f"{'−' if number < 0 else '+'}{abs(number):.2f}"


@register.filter
def signed_total(number):
    """+1.5, −0.3; 0.0."""
    if not number:
        return "0.0"
    return f"{'−' if number < 0 else '+'}{abs(number):.1f}"


@register.filter
def grade_class(grade):
    """The look of a grade's mark."""
    return {
        Grade.EXCELLENT: "solid",
        Grade.GOOD: "open",
        Grade.PASS: "",
        Grade.FAIL: "no",
    }.get(grade, "")


@register.filter
def sheet_class(status):
    """The look of a sheet's status."""
    return {
        SheetStatus.OPEN: "",
        SheetStatus.SELF_SCORED: "wait",
        SheetStatus.RETURNED: "back",
        SheetStatus.OBJECTED: "back",
        SheetStatus.COUNTY_SCORED: "open",
        SheetStatus.SPOT_CHECKED: "open",
        SheetStatus.PUBLISHED: "yes",
        SheetStatus.FROZEN: "solid",
    }.get(status, "")


@register.filter
def year_class(status):
    return {
        YearStatus.PUBLISHED: "yes",
        YearStatus.FROZEN: "solid",
        YearStatus.OPEN: "",
    }.get(status, "open")


@register.filter
def source_class(mode):
    """系统, 待确认, 人工: where a line's points come from."""
    return {Mode.COMPUTED: "open", Mode.CONFIRMED: "wait"}.get(mode, "")


@register.filter
def flag_words(flag):
    return flag_label(flag)


@register.filter
def fact_label(name):
    return FACTS[name].label


@register.filter
def other_readings(name):
    """What a standard could count in place of a fact, where its words leave that open."""
    others = [str(FACTS[each].label) for each in readings(name) if each != name]
    return _(", ").join(others)


@register.simple_tag
def place_of(part, station):
    """The page where a station looks after what a part counts."""
    return place_url(part["from"], station)


@register.filter
def move_name(move):
    """What happened, as a timeline says it."""
    names = {
        "open": _("year opened"),
        "ask_for_self_scores": _("self-scores asked for"),
        "begin_county_score": _("county's scoring begun"),
        "draw": _("stations drawn for the spot check"),
        "publish": _("published"),
        "confirm": _("confirmed and frozen"),
        "reopen": _("reopened"),
        "submit": _("self-score handed in"),
        "go_ahead": _("county goes ahead without a self-score"),
        "return": _("returned to the station"),
        "complete": _("scored by the county"),
        "take_up": _("taken up again"),
        "check": _("spot-checked"),
        "object": _("objection filed"),
        "settle": _("objections decided"),
    }
    return names.get(move, move)


@register.filter
def grade_name(grade):
    return Grade(grade).label if grade else "—"
