"""How the ground floor's records and lists read in the log of who looked."""

from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..liaisons.posts import HOLDING
from ..models import LookKind, Station, User
from .naming import Thing, names, names_list


@names("user")
def accounts(ids):
    """账号周桂兰（zhou）."""
    return {
        pk: Thing(
            _("account %(name)s (%(account)s)") % {"name": name, "account": username},
            reverse("stations:account_detail", args=[pk]),
        )
        for pk, name, username in User.objects.filter(pk__in=ids).values_list(
            "pk", "name", "username"
        )
    }


def station_names(asked):
    """Return {"17": short name} of the station numbers that stand in some queries."""
    numbers = {value for value in asked if value.isdecimal() and len(value) < 19}
    return {
        str(pk): name
        for pk, name in Station.objects.filter(pk__in=numbers).values_list("pk", "short_name")
    }


@names_list("liaisons", gettext_lazy("list of liaisons"))
def liaison_lists(queries):
    """The conditions of lists of liaisons that were taken away."""
    pairs = {query: parse_qsl(query) for query in queries}
    stations = station_names(
        value for each in pairs.values() for name, value in each if name == "station"
    )
    holding = dict(HOLDING)

    def word(name, value):
        if name == "station":
            return stations.get(value, value)
        if name == "holding":
            return str(holding.get(value, value))
        if name == "q":
            return _("searched by words")
        return {"place": _("one place of the coverage"), "day": value}.get(name, "")

    return {
        query: [said for name, value in each if (said := word(name, value))]
        for query, each in pairs.items()
    }


@names_list("looks", pgettext_lazy("looked at", "log of who looked"))
def logs_of_looks(queries):
    """The conditions of the log itself, when it was taken away."""
    pairs = {query: parse_qsl(query) for query in queries}
    stations = station_names(
        value for each in pairs.values() for name, value in each if name == "station"
    )
    kinds = dict(LookKind.choices)

    def word(name, value):
        return {
            "kind": str(kinds.get(value, value)),
            "station": stations.get(value, value),
            "since": _("from %(first)s on") % {"first": value},
            "until": _("until %(last)s") % {"last": value},
            "q": _("searched by words"),
        }.get(name, "")

    return {
        query: [said for name, value in each if (said := word(name, value))]
        for query, each in pairs.items()
    }
