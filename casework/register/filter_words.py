"""How the conditions of the register's list read, in the list itself and in the log of who looked."""

from urllib.parse import parse_qsl

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from stations.looks.ground import station_names
from stations.looks.naming import names_list
from stations.models import Division

from ..models import Matter, MonthlyReport
from ..terms import Channel, Disposal, PeopleGroup, Sensitive

# Values that are no code of the row itself.
NO_VILLAGE = "none"
NO_GROUP = "none"
ANY_SENSITIVE = "any"

GROUPS = [*PeopleGroup.choices, (NO_GROUP, gettext_lazy("people group not stated"))]
SENSITIVE = [
    (ANY_SENSITIVE, gettext_lazy("any sensitive")),
    *(choice for choice in Sensitive.choices if choice[0] != Sensitive.NONE),
]
CHOSEN = {
    "channel": Channel.choices,
    "group": GROUPS,
    "disposal": Disposal.choices,
    "sensitive": SENSITIVE,
}
# Conditions that are ticked, or of which only the name is told.
TICKED = {
    "hotline": gettext_lazy("by way of 12348"),
    "repeat": gettext_lazy("came again on the same matter"),
    "returning": gettext_lazy("came before"),
    "late": gettext_lazy("recorded late"),
    "corrected": gettext_lazy("corrected"),
    "void": gettext_lazy("void"),
    "opponent": gettext_lazy("the other side"),
    "receiver": gettext_lazy("receiver"),
    "q": gettext_lazy("searched by words"),
}


def condition(name, value, named=""):
    """Return one condition in words; `named` is what a station's, matter's or village's code stands for.

    What was typed as free words is quoted; "*" stands for it in the log, where it is not told.
    """
    if name in ("station", "matter", "village"):
        return _("village unknown") if value == NO_VILLAGE else named or value
    if name == "without":
        return _("without %(matters)s") % {"matters": named or value}
    if name == "without_village":
        return _("the other villages")
    if name == "without_station":
        return _("the other stations")
    if name == "report":
        return _("rows of the analysis %(report)s") % {"report": named or value}
    if name == "issue":
        return pgettext("monthly analysis", "issue %(issue)s") % {"issue": value}
    if name == "number":
        return _("with the number typed")
    if name == "persons":
        return _("%(count)s persons or more") % {"count": value}
    if name == "hour":
        return _("%(hour)s:00 to %(hour)s:59") % {"hour": value}
    if name == "repeat" and int(value) > 1:
        return _("on the same matter for at least the %(count)s. time") % {"count": value}
    if name in CHOSEN:
        return str(dict(CHOSEN[name]).get(value, value))
    if value != "*":
        said = {
            "receiver": _("received by %(name)s"),
            "opponent": _("against %(name)s"),
            "q": _("“%(name)s”"),
        }.get(name)
        if said:
            return said % {"name": value}
    return str(TICKED.get(name, name))


@names_list("register", pgettext_lazy("looked at", "register"))
def register_lists(queries):
    """The conditions of registers that were taken away or printed."""
    pairs = {query: parse_qsl(query) for query in queries}
    asked = [pair for each in pairs.values() for pair in each]
    names = {
        "station": station_names(_values(asked, "station")),
        "matter": _matters(asked),
        "village": dict(
            Division.objects.villages()
            .filter(code__in=_values(asked, "village"))
            .values_list("code", "name")
        ),
        "report": {
            str(report.pk): str(report)
            for report in MonthlyReport.objects.for_list().filter(
                pk__in=[value for value in _values(asked, "report") if value.isdecimal()]
            )
        },
    }
    names["without"] = names["matter"]
    return {query: [*_days(each), *_conditions(each, names)] for query, each in pairs.items()}


def _values(pairs, name):
    return {value for key, value in pairs if key == name}


def _matters(pairs):
    """{code, or codes with commas between: names}."""
    codes = _values(pairs, "matter") | _values(pairs, "without")
    single = {code for each in codes for code in each.split(",")}
    named = dict(
        Matter.objects.filter(code__in=single).order_by("-pk").values_list("code", "name")
    )
    comma = pgettext("list", ", ")
    return {
        each: comma.join(named.get(code, code) for code in each.split(",")) for each in codes
    }


def _days(pairs):
    days = dict(pair for pair in pairs if pair[0] in ("from", "to"))
    if len(days) > 1:
        return [_("%(first)s to %(last)s") % {"first": days["from"], "last": days["to"]}]
    if "from" in days:
        return [_("from %(first)s on") % {"first": days["from"]}]
    return [_("until %(last)s") % {"last": days["to"]}] if days else [_("all days")]


def _conditions(pairs, names):
    return [
        condition(name, value, names.get(name, {}).get(value, ""))
        for name, value in pairs
        if name not in ("from", "to") and (name != "repeat" or value.isdecimal())
    ]
