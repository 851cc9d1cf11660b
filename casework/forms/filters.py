"""Which entries of the register are asked for, as the address says it.

The one contract by which a figure opens its rows: whatever links to the register's list, keeps a
view of it, exports or prints it, names the rows by these parameters.
"""

from datetime import datetime, time, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from stations.models import Division, Station
from stations.templatetags.words import day_name

from ..models import Correction, Matter, MonthlyReport, RegisterEntry
from ..register.filter_words import (
    ANY_SENSITIVE,
    GROUPS,
    NO_GROUP,
    NO_VILLAGE,
    SENSITIVE,
    condition,
)
from ..rules.search import query_terms, query_words
from ..terms import Channel, Disposal, Sensitive
from .address import (
    MOST_WORDS,
    Chip,
    DayField,
    NumberField,
    ParameterField,
    SeveralField,
)

# Without dates in the address the list shows this many days, today included.
DEFAULT_DAYS = 30


class EntryFilter(forms.Form):
    """The filters of the register's list. An address that is wrong shows its sentence and no rows.

    Every parameter may be missing; those of one address hold together (and). Void entries are
    left out, as figures leave them out, unless `void=1` asks for just them or words are searched.
    """

    # `from` is a word of Python, so the field has another name than the parameter.
    PARAMETERS = {"since": "from", "until": "to"}

    since = DayField(label=gettext_lazy("from"))
    until = DayField(label=gettext_lazy("to"))
    station = forms.IntegerField(
        label=gettext_lazy("station"), required=False, min_value=1, max_value=2**62
    )
    channel = SeveralField(label=gettext_lazy("channel"), required=False, choices=Channel)
    hotline = forms.BooleanField(label=gettext_lazy("by way of 12348"), required=False)
    matter = ParameterField(label=gettext_lazy("matter"))
    # The codes of matters left out, commas between: what is left beside the most frequent ones.
    without = forms.CharField(
        label=gettext_lazy("other matters"), required=False, max_length=1200
    )
    # The same of villages by their codes and of stations by their numbers: "others" of a cross table.
    without_village = forms.RegexField(
        r"^(\d{12}|none)(,(\d{12}|none))*$", required=False, max_length=400
    )
    without_station = forms.RegexField(
        r"^\d{1,18}(,\d{1,18})*$", required=False, max_length=400
    )
    group = forms.ChoiceField(
        label=gettext_lazy("people group"),
        required=False,
        choices=GROUPS,
    )
    village = ParameterField(label=gettext_lazy("village"))
    disposal = forms.ChoiceField(
        label=gettext_lazy("disposal"), required=False, choices=Disposal
    )
    receiver = ParameterField(label=gettext_lazy("receiver"))
    sensitive = forms.ChoiceField(
        label=gettext_lazy("sensitive"),
        required=False,
        choices=SENSITIVE,
    )
    # 1 for whoever came again; from 2 on, at least for that time.
    repeat = forms.IntegerField(
        label=gettext_lazy("came again on the same matter"),
        required=False,
        min_value=1,
        max_value=999,
    )
    returning = forms.BooleanField(label=gettext_lazy("came before"), required=False)
    # At least so many together.
    persons = forms.IntegerField(
        label=gettext_lazy("number of persons"), required=False, min_value=1, max_value=9999
    )
    late = forms.BooleanField(label=gettext_lazy("recorded late"), required=False)
    corrected = forms.BooleanField(label=gettext_lazy("corrected"), required=False)
    void = forms.BooleanField(label=gettext_lazy("void"), required=False)
    opponent = ParameterField(label=gettext_lazy("the other side"))
    hour = forms.IntegerField(
        label=gettext_lazy("hour"), required=False, min_value=0, max_value=23
    )
    report = forms.IntegerField(
        label=gettext_lazy("monthly analysis"), required=False, min_value=1, max_value=2**62
    )
    # An earlier issue of that analysis.
    issue = forms.IntegerField(required=False, min_value=1, max_value=32767)
    q = forms.CharField(
        label=gettext_lazy("words or name"), required=False, max_length=MOST_WORDS, strip=True
    )
    number = NumberField()

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user
        self.today = timezone.localdate()

    def add_prefix(self, field_name):
        return self.PARAMETERS.get(field_name, field_name)

    # ── What the address may name ───────────────────────────────────────────────────────

    @cached_property
    def stations(self):
        return list(Station.objects.visible_to(self.user))

    @cached_property
    def matters(self):
        """The classes, each with its leaves in `leaves`; those out of use stay to be asked for."""
        matters = list(Matter.objects.for_county(self.user.county))
        classes = [matter for matter in matters if matter.parent_id is None]
        for parent in classes:
            parent.leaves = [leaf for leaf in matters if leaf.parent_id == parent.pk]
        return classes

    @cached_property
    def villages(self):
        """The villages of the one station the list is about; none while it is about several."""
        station = self.one_station
        if station is None:
            return []
        return list(
            Division.objects.villages().on(self.today).filter(parent=station.township_id)
        )

    @cached_property
    def one_station(self):
        """The station the list is about: the one asked for, or the only one the user has."""
        if len(self.stations) == 1:
            return self.stations[0]
        asked = self.cleaned_data.get("station") if self.is_bound else None
        return next((station for station in self.stations if station.pk == asked), None)

    def only(self):
        """The conditions a form offers as boxes to tick."""
        names = ("hotline", "repeat", "returning", "late", "corrected", "void")
        return [self[name] for name in names]

    @property
    def late_after(self):
        """Working days after which an entry counts as recorded late (the county's parameter)."""
        return self.user.county.parameter("entry_working_days")

    # ── Whether it may ──────────────────────────────────────────────────────────────────

    def clean_station(self):
        asked = self.cleaned_data["station"]
        if asked and asked not in {station.pk for station in self.stations}:
            raise forms.ValidationError(_("This station is not one of yours."))
        return asked

    def clean_matter(self):
        """Remember the matters meant: the leaf, or the class with its leaves."""
        code = self.cleaned_data["matter"]
        self.asked_matters = [
            matter
            for parent in self.matters
            for matter in (parent, *parent.leaves)
            if code in (matter.code, parent.code)
        ]
        if code and not self.asked_matters:
            raise forms.ValidationError(_("There is no such matter. Choose one from the list."))
        return code

    def clean_without(self):
        """Remember the matters left out."""
        codes = set(filter(None, self.cleaned_data["without"].split(",")))
        leaves = [leaf for parent in self.matters for leaf in parent.leaves]
        self.matters_left_out = [leaf for leaf in leaves if leaf.code in codes]
        if codes - {leaf.code for leaf in self.matters_left_out}:
            raise forms.ValidationError(_("There is no such matter. Choose one from the list."))
        return self.cleaned_data["without"]

    def clean_village(self):
        """Remember the village's rows: under one code it may have carried several names."""
        code = self.cleaned_data["village"]
        self.asked_villages = []
        if code and code != NO_VILLAGE:
            self.asked_villages = list(
                Division.objects.villages()
                .visible_to(self.user)
                .filter(code=code)
                .order_by("-valid_to")
            )
            if not self.asked_villages:
                raise forms.ValidationError(_("This village is not one of your county."))
        return code

    def clean_report(self):
        asked = self.cleaned_data["report"]
        self.asked_report = None
        if asked:
            self.asked_report = (
                MonthlyReport.objects.visible_to(self.user)
                .for_list()
                .filter(pk=asked, row_ids__isnull=False)
                .first()
            )
            if self.asked_report is None:
                raise forms.ValidationError(
                    _("There is no monthly analysis sent under this address.")
                )
        return asked

    def clean(self):
        """Fill in the usual days when the address has none and nothing else bounds the rows."""
        cleaned = self.cleaned_data
        self.has_default_days = not (
            "from" in self.data
            or "to" in self.data
            or cleaned.get("q")
            or cleaned.get("number")
            or cleaned.get("report")
        )
        if self.has_default_days:
            cleaned["since"] = self.today - timedelta(days=DEFAULT_DAYS - 1)
            cleaned["until"] = self.today
        since, until = cleaned.get("since"), cleaned.get("until")
        # A form sends the usual days back as dates.
        if since == self.today - timedelta(days=DEFAULT_DAYS - 1) and until == self.today:
            self.has_default_days = True
        if since and until and since > until:
            self.add_error("until", _("The end is before the beginning; change one of them."))
        return cleaned

    # ── What follows ────────────────────────────────────────────────────────────────────

    def queryset(self):
        """Return the entries asked for that the user may see; none when the address is wrong."""
        if not self.is_valid():
            return RegisterEntry.objects.none()
        asked = self.cleaned_data
        entries = RegisterEntry.objects.visible_to(self.user).filter(self._conditions())
        if self.one_station:
            # Said outright, so that the index by station and time is found.
            entries = entries.filter(station=self.one_station)
        if asked["void"]:
            entries = entries.exclude(voided_at=None)
        elif not (asked["q"] or asked["number"] or self.asked_report):
            entries = entries.counted()
        if self.asked_report:
            frozen = MonthlyReport.objects.filter(pk=self.asked_report.pk)
            if asked["issue"]:
                frozen = self.asked_report.issues.filter(issue=asked["issue"])
            entries = entries.filter(
                pk__in=frozen.values_list(Func(F("row_ids"), function="unnest"))
            )
        if asked["opponent"]:
            entries = entries.against(asked["opponent"])
        if asked["corrected"]:
            entries = entries.filter(Exists(Correction.objects.filter(entry=OuterRef("pk"))))
        for word in query_words(asked["q"]):
            entries = entries.filter(_found_by(word))
        for hashed in asked["number"].split():
            entries = entries.filter(search_terms__contains=["#" + hashed])
        return entries

    def _conditions(self):
        asked = self.cleaned_data
        conditions = {
            "occurred_at__gte": asked["since"] and _midnight(asked["since"]),
            "occurred_at__lt": asked["until"] and _midnight(asked["until"] + timedelta(days=1)),
            "channel__in": asked["channel"],
            "is_hotline": asked["hotline"],
            "matter__in": [matter.pk for matter in self.asked_matters],
            "people_groups__contains": asked["group"] not in ("", NO_GROUP)
            and [asked["group"]],
            "village__in": [village.pk for village in self.asked_villages],
            "village__isnull": asked["village"] == NO_VILLAGE,
            "disposal": asked["disposal"],
            "receiver_name": asked["receiver"],
            "matter_visit_no__gte": asked["repeat"] and max(asked["repeat"], 2),
            "persons__gte": asked["persons"],
            "visit_no__gt": asked["returning"] and 1,
            "working_days_late__gt": asked["late"] and self.late_after,
        }
        query = Q(**{name: value for name, value in conditions.items() if value})
        if self.matters_left_out:
            query &= ~Q(matter__in=[matter.pk for matter in self.matters_left_out])
        if codes := asked["without_village"].split(",") if asked["without_village"] else []:
            left_out = Q(village__code__in=codes)
            if NO_VILLAGE in codes:
                left_out |= Q(village=None)
            # Who names no village is among the others, unless that is left out too.
            query &= ~left_out if NO_VILLAGE in codes else Q(village=None) | ~left_out
        if asked["without_station"]:
            query &= ~Q(station__in=asked["without_station"].split(","))
        if asked["group"] == NO_GROUP:
            query &= Q(people_groups=[])
        if asked["hour"] is not None:
            query &= Q(occurred_at__hour=asked["hour"])
        if asked["sensitive"] == ANY_SENSITIVE:
            query &= ~Q(sensitive=Sensitive.NONE)
        elif asked["sensitive"]:
            query &= Q(sensitive=asked["sensitive"])
        return query

    def parameters(self):
        """Return [(parameter, value)] of everything asked, the usual days said outright."""
        if not self.is_valid():
            return []
        pairs = []
        for name in self.fields:
            value = self.cleaned_data[name]
            parameter = self.add_prefix(name)
            if isinstance(value, list):
                pairs += [(parameter, part) for part in value]
            elif value is True:
                pairs.append((parameter, "1"))
            elif _is_asked(value):
                pairs.append((parameter, str(value)))
        if not (self.cleaned_data["since"] or self.cleaned_data["until"]):
            pairs.insert(0, ("from", ""))
        return pairs

    def query(self):
        """Return the address's query that names these rows on any later day, too."""
        return urlencode(self.parameters())

    def lasting_query(self):
        """Return the query a saved view keeps: the usual days stay the last thirty."""
        pairs = self.parameters()
        if self.is_valid() and self.has_default_days:
            pairs = [pair for pair in pairs if pair[0] not in ("from", "to")]
        return urlencode(pairs)

    def trace(self):
        """Return the query for the log of looks: what was typed as free words is left out."""
        typed = {"q", "number", "opponent", "receiver"}
        return urlencode(
            [(name, "*" if name in typed else value) for name, value in self.parameters()],
            safe="*",
        )

    def chips(self):
        """Return a `Chip` for each condition that holds, in the order of the fields."""
        if not self.is_valid():
            return []
        chips = []
        days = self._days_label()
        if days:
            chips.append(Chip(days, self._query_without("from", "to")))
        for name in list(self.fields)[2:]:
            value = self.cleaned_data[name]
            if name == "channel":
                chips += [
                    Chip(
                        str(Channel(part).label),
                        self._query_without("channel", part=part),
                    )
                    for part in value
                ]
            elif _is_asked(value):
                chips.append(Chip(self._label(name, value), self._query_without(name)))
        return chips

    def _query_without(self, *names, part=None):
        pairs = [
            (name, value)
            for name, value in self.parameters()
            if name not in names or (part is not None and value != part)
        ]
        # An empty `from` says all days; without it the usual days would come back.
        if not any(name in ("from", "to") for name, _value in pairs):
            pairs.insert(0, ("from", ""))
        return urlencode(pairs)

    def _days_label(self):
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        first = _day_label(since, self.today) if since else ""
        last = (
            _("today")
            if until == self.today
            else _day_label(until, self.today)
            if until
            else ""
        )
        if since and since == until:
            return first
        if since and until:
            return _("%(first)s to %(last)s") % {"first": first, "last": last}
        if since:
            return _("from %(first)s on") % {"first": first}
        return _("until %(last)s") % {"last": last} if until else ""

    def _label(self, name, value):
        named = {
            "station": lambda: self.one_station.short_name,
            "matter": lambda: self.asked_matters[0].name,
            "without": lambda: pgettext("list", ", ").join(
                leaf.name for leaf in self.matters_left_out
            ),
            "village": lambda: self.asked_villages[0].name if self.asked_villages else "",
            "report": lambda: str(self.asked_report),
        }.get(name)
        return condition(name, value, named() if named else "")


def _is_asked(value):
    """Midnight's hour is 0 and asked for all the same."""
    return value is not None and value is not False and value != ""


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _day_label(day, today):
    return day_name(day) if day.year == today.year else f"{day.year}年{day_name(day)}"


def _found_by(word):
    found = Q(pk__in=[])
    for terms in query_terms(word):
        found |= Q(search_terms__contains=terms)
    return found
