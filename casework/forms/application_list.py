"""Which applications are asked for, as the address says it."""

import re
from datetime import datetime, time, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from stations.models import AidWorker, Station
from stations.privacy import keyed_hash

from ..analysis.cases import made
from ..applications import waiting
from ..models import AidMatter, Application, Assignment, Closing
from ..terms import CaseStep, Category
from .address import MOST_WORDS, Chip, DayField, NumberField

# 霍援申字〔2026〕118号, 2026-118 or 118.
NUMBER = r"(?:\D*?(?P<year>20\d\d)\D+)?(?P<serial>\d{1,6})\D*"


class ApplicationFilter(forms.Form):
    """The filters of the list of applications; those of one address hold together (and)."""

    PARAMETERS = {"since": "from", "until": "to"}

    group = forms.ChoiceField(
        label=gettext_lazy("how it stands"),
        required=False,
        choices=[
            *((key, words) for key, (words, _statuses) in waiting.GROUPS.items()),
            ("all", gettext_lazy("everything")),
        ],
    )
    station = forms.IntegerField(
        label=gettext_lazy("station"), required=False, min_value=1, max_value=2**62
    )
    matter = forms.CharField(label=gettext_lazy("matter"), required=False, max_length=20)
    category = forms.ChoiceField(
        label=gettext_lazy("kind of case"), required=False, choices=Category
    )
    # In this person's hands now; a figure of the panel opens its rows.
    worker = forms.IntegerField(
        label=gettext_lazy("who handles it"), required=False, min_value=1, max_value=2**62
    )
    # What came to this step between the days; without it the days are those of receipt.
    step = forms.ChoiceField(
        label=gettext_lazy("what happened"), required=False, choices=CaseStep
    )
    since = DayField(label=gettext_lazy("received from"))
    until = DayField(label=gettext_lazy("received until"))
    overdue = forms.BooleanField(label=gettext_lazy("overdue"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("waits for me"), required=False)
    q = forms.CharField(
        label=gettext_lazy("name, number or receipt code"),
        required=False,
        max_length=MOST_WORDS,
        strip=True,
    )
    number = NumberField()

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user
        self.today = timezone.localdate()

    def add_prefix(self, field_name):
        return self.PARAMETERS.get(field_name, field_name)

    @cached_property
    def stations(self):
        return list(Station.objects.visible_to(self.user))

    @cached_property
    def matters(self):
        return list(AidMatter.objects.for_county(self.user.county))

    @property
    def one_station(self):
        return self.stations[0] if len(self.stations) == 1 else None

    @property
    def tabs(self):
        """The groups this person's day is made of."""
        return waiting.STATION_TABS if self.user.station else waiting.COUNTY_TABS

    def clean_station(self):
        asked = self.cleaned_data["station"]
        if asked and asked not in {station.pk for station in self.stations}:
            raise forms.ValidationError(_("This station is not one of yours."))
        return asked

    def clean_worker(self):
        asked = self.cleaned_data["worker"]
        if asked:
            worker = AidWorker.objects.visible_to(self.user).filter(pk=asked).first()
            if worker is None:
                raise forms.ValidationError(_("This person is not on the panel here."))
            self.worker_name = worker.name
        return asked

    def clean_matter(self):
        code = self.cleaned_data["matter"]
        if code and code not in {matter.code for matter in self.matters}:
            raise forms.ValidationError(_("There is no such matter. Choose one from the list."))
        return code

    def clean(self):
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The end is before the beginning; change one of them."))
        # Whoever searches means everything; whoever just comes means what is under way.
        if not cleaned.get("group"):
            cleaned["group"] = _usual_group(cleaned)
        return cleaned

    def queryset(self, *, with_group=True):
        """Return the applications asked for that the user may see; none when it is wrong."""
        if not self.is_valid():
            return Application.objects.none()
        asked = self.cleaned_data
        if asked["mine"]:
            applications = waiting.waiting_for(self.user)
        else:
            applications = Application.objects.visible_to(self.user)
        if with_group and asked["group"] != "all":
            applications = applications.filter(waiting.in_group(asked["group"]))
        applications = applications.filter(self._conditions())
        if asked["step"] and asked["step"] != CaseStep.RECEIVED:
            applications = applications.filter(Exists(_reached(asked)))
        if asked["worker"]:
            hands = Assignment.objects.filter(
                application=OuterRef("pk"), worker=asked["worker"], ended_on=None
            )
            applications = applications.filter(Exists(hands))
        if asked["overdue"]:
            applications = applications.filter(Exists(waiting.late_duties(self.today)))
        if asked["q"]:
            applications = applications.filter(found_by(asked["q"]))
        for hashed in asked["number"].split():
            applications = applications.filter(Q(phone_hash=hashed) | Q(id_hash=hashed))
        return applications

    def _conditions(self):
        asked = self.cleaned_data
        is_of_receipt = asked["step"] in ("", CaseStep.RECEIVED)
        since, until = (asked["since"], asked["until"]) if is_of_receipt else (None, None)
        conditions = {
            "station": asked["station"],
            "aid_matter__code": asked["matter"],
            "aid_matter__category": asked["category"],
            "received_at__gte": since and _midnight(since),
            "received_at__lt": until and _midnight(until + timedelta(days=1)),
        }
        return Q(**{name: value for name, value in conditions.items() if value})

    def parameters(self):
        """Return [(parameter, value)] of everything asked; the usual group is left out."""
        if not self.is_valid():
            return []
        asked = self.cleaned_data
        usual = _usual_group(asked)
        return [
            (self.add_prefix(name), "1" if value is True else str(value))
            for name, value in asked.items()
            if value and (name, value) != ("group", usual)
        ]

    def query_without(self, *names):
        return urlencode([pair for pair in self.parameters() if pair[0] not in names])

    def query_with_group(self, key):
        pairs = [pair for pair in self.parameters() if pair[0] != "group"]
        return urlencode([("group", key), *pairs])

    def chips(self):
        """Return a `Chip` for each condition that holds, except the group the tabs show."""
        chips = []
        for parameter, value in self.parameters():
            if parameter == "group" and value in self.tabs:
                continue
            chips.append(Chip(self._label(parameter, value), self.query_without(parameter)))
        return chips

    def _label(self, parameter, value):
        if parameter == "station":
            return next(each.short_name for each in self.stations if str(each.pk) == value)
        if parameter == "matter":
            return next(each.name for each in self.matters if each.code == value)
        if parameter == "worker":
            return self.worker_name
        if parameter == "q":
            return _("“%(words)s”") % {"words": value}
        if parameter == "number":
            return _("with the number typed")
        if parameter in ("from", "to") and self.cleaned_data["step"]:
            word = pgettext("day", "From") if parameter == "from" else pgettext("day", "To")
            return f"{word} {value}"
        name = {"from": "since", "to": "until"}.get(parameter, parameter)
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])
        return f"{field.label} {value}" if name in self.PARAMETERS else str(field.label)


def _usual_group(asked):
    return "all" if asked.get("q") or asked.get("number") else "open"


def _reached(asked):
    """The rows by which an outer application came to the step between the days."""
    since, until = asked["since"], asked["until"]
    if asked["step"] == CaseStep.CLOSED:
        rows, days = Closing.objects.all(), {"closed_on__gte": since, "closed_on__lte": until}
    else:
        rows = made(CaseStep(asked["step"]))
        days = {
            "made_at__gte": since and _midnight(since),
            "made_at__lt": until and _midnight(until + timedelta(days=1)),
        }
    days = {name: day for name, day in days.items() if day}
    return rows.filter(application=OuterRef("pk"), **days)


def found_by(words):
    """Return the condition on `Application` of what was typed: name, number, code, phone, ID."""
    text = words.strip()
    # What cannot be a name is not looked for among the names: indexes alone find it.
    found = Q(name__contains=text)
    if match := re.fullmatch(NUMBER, text):
        found = Q(serial=int(match["serial"]))
        if match["year"]:
            found &= Q(year=int(match["year"]))
    elif re.search(r"^[\x00-\x7f]*\d[\x00-\x7f]*$", text):
        found = Q(pk__in=[])
    if text.isascii() and len(text) >= 7:
        hashed = keyed_hash(text.upper())
        found |= Q(phone_hash=hashed) | Q(id_hash=hashed) | Q(receipt_code=text.upper())
    return found


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
