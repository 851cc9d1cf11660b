"""What is typed about duty: a name on a half-day, an absence, times, days away, swaps, wishes."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from ..duty.roster import HARD
from ..models import Away, DutySlot
from ..terms import Half, WeekHalf
from .cells import Cell
from .fields import DayField, sheet

NOBODY = "0"


def _choice(worker, load, why):
    """How a person stands in the list of names: how much they stand already, or why they cannot."""
    words = ngettext("%(count)d this month", "%(count)d this month", load) % {"count": load}
    if why:
        words = pgettext("between clauses", ", ").join([words, str(why.label)])
    return _("%(name)s (%(words)s)") % {"name": worker.name, "words": words}


class NameForm(forms.Form):
    """Who stands a half-day. Those a hard rule bars are named with the reason, but not chosen."""

    worker = forms.ChoiceField(label=gettext_lazy("duty person"))
    reason = forms.CharField(
        label=gettext_lazy("why it changes"), max_length=120, required=False
    )

    def __init__(self, *args, slot, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.workers = {
            str(worker.pk): worker for worker, _load, why in rows if why not in HARD
        }
        may = [(str(row[0].pk), _choice(*row)) for row in rows if row[2] not in HARD]
        if slot.worker and str(slot.worker_id) not in self.workers:
            may.insert(0, (str(slot.worker_id), slot.worker.name))
            self.workers[str(slot.worker_id)] = slot.worker
        self.barred = [
            (row[0], row[2]) for row in rows if row[2] in HARD and row[0] != slot.worker
        ]
        self.fields["worker"].choices = [(NOBODY, _("nobody")), *may]
        self.fields["worker"].initial = str(slot.worker_id or NOBODY)
        self.fields["worker"].error_messages["invalid_choice"] = _(
            "This person cannot come at this half-day. Choose another."
        )
        if slot.duty_month.is_published:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _(
                "The roster is published. Write in a few words why it changes."
            )
        else:
            del self.fields["reason"]
        self.helper = sheet(Cell("worker", "w5"), Cell("reason", "w7"))

    @property
    def chosen(self):
        return self.workers.get(self.cleaned_data["worker"])


class AbsenceForm(forms.Form):
    """That somebody cannot come, or did not: when it was told, why, who stands in."""

    told_on = DayField(label=gettext_lazy("told on"), required=False)
    told_time = forms.TimeField(
        label=gettext_lazy("at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=120, required=False)
    substitute = forms.ChoiceField(label=gettext_lazy("who stands in"), required=False)

    def __init__(self, *args, slot, rows, **kwargs):
        super().__init__(*args, auto_id="absence_%s", **kwargs)
        self.use_required_attribute = False
        self.workers = {
            str(worker.pk): worker
            for worker, _load, why in rows
            if why not in HARD and worker.pk != slot.worker_id
        }
        self.fields["substitute"].choices = [
            ("", _("nobody yet")),
            *(
                (str(row[0].pk), _choice(*row))
                for row in rows
                if str(row[0].pk) in self.workers
            ),
        ]
        now = timezone.localtime()
        if slot.day > now.date():
            self.fields["told_on"].initial = now.date()
            self.fields["told_time"].initial = now.time().replace(second=0, microsecond=0)
        self.helper = sheet(
            Cell("told_on", "w3", note=_("empty: never told")),
            Cell("told_time", "w2"),
            Cell("reason", "w7"),
            Cell("substitute", "w12"),
        )

    def clean_told_on(self):
        day = self.cleaned_data["told_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    @property
    def told_at(self):
        """The moment it was told; a day without a time is the end of that day."""
        day = self.cleaned_data["told_on"]
        if day is None:
            return None
        moment = datetime.combine(day, self.cleaned_data["told_time"] or time(23, 59))
        return min(timezone.make_aware(moment), timezone.now())

    @property
    def chosen(self):
        return self.workers.get(self.cleaned_data["substitute"])


class TakeBackForm(forms.Form):
    """Why an absence that was noted is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("why it is taken back"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write in a few words why it is taken back.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="back_%s", **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(Cell("reason", "w12"))


class ClockField(forms.TimeField):
    """A time of day, with the browser's own clock."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": gettext_lazy("Write a time of day, like 08:30.")}


class TimesForm(forms.Form):
    """When somebody came and left, set right by somebody else, with a reason."""

    came = ClockField(label=gettext_lazy("came at"), required=False)
    left = ClockField(label=gettext_lazy("left at"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("why the times are set right"),
        max_length=120,
        error_messages={
            "required": gettext_lazy("Write in a few words why the times are set right.")
        },
    )

    def __init__(self, *args, slot, **kwargs):
        super().__init__(
            *args,
            auto_id="times_%s",
            initial={"came": _clock(slot.signed_in_at), "left": _clock(slot.signed_out_at)},
            **kwargs,
        )
        self.use_required_attribute = False
        self.slot = slot
        self.helper = sheet(
            Cell("came", "w3", note=_("empty: was not there")),
            Cell("left", "w3", note=_("may stay empty")),
            Cell("reason", "w6"),
        )

    @property
    def signed_in_at(self):
        return self._moment("came", self.slot.signed_in_at)

    @property
    def signed_out_at(self):
        return self._moment("left", self.slot.signed_out_at)

    def _moment(self, name, before):
        """The moment that was typed; what stays the same keeps its seconds."""
        typed = self.cleaned_data[name]
        if typed is None:
            return None
        if typed == _clock(before):
            return before
        return timezone.make_aware(datetime.combine(self.slot.day, typed))


def _clock(moment):
    """The time of day of a moment, to the minute, or None."""
    return moment and timezone.localtime(moment).time().replace(second=0, microsecond=0)


class ExchangeForm(forms.Form):
    """Another half-day of the draft, to exchange who stands them."""

    other = forms.ChoiceField(
        label=gettext_lazy("with which half-day"),
        error_messages={
            "required": gettext_lazy("Choose a half-day."),
            "invalid_choice": gettext_lazy("This is no longer possible. Choose another."),
        },
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, auto_id="exchange_%s", **kwargs)
        self.use_required_attribute = False
        self.others = {str(slot.pk): slot for slot in others}
        self.fields["other"].choices = [
            ("", _("choose")),
            *((key, _slot_words(slot)) for key, slot in self.others.items()),
        ]
        self.helper = sheet(Cell("other", "w12"))

    @property
    def chosen(self):
        return self.others[self.cleaned_data["other"]]


class SlotForm(forms.ModelForm):
    """A half-day more at a station."""

    day = DayField(label=gettext_lazy("day"))

    class Meta:
        model = DutySlot
        fields = ["station", "day", "half"]

    def __init__(self, *args, stations, month, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.month = month
        self.fields["station"].queryset = stations
        self.fields["station"].empty_label = _("choose a station")
        self.fields["station"].label_from_instance = lambda station: station.short_name
        self.fields["station"].error_messages["required"] = _("Choose the station.")
        self.fields["day"].error_messages["required"] = _("Choose the day.")
        self.fields["half"].choices = Half.choices
        if len(stations) == 1:
            self.fields["station"].initial = stations[0]
        self.helper = sheet(Cell("station", "w12"), Cell("day", "w7"), Cell("half", "w5"))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if (day.year, day.month) != (self.month.year, self.month.month):
            raise forms.ValidationError(_("This day is not in the month shown."))
        return day


class AwayForm(forms.ModelForm):
    """Days on which somebody cannot come: leave, court, training."""

    from_on = DayField(label=pgettext_lazy("away", "first day"))
    to_on = DayField(
        label=pgettext_lazy("away", "last day"),
        required=False,
        help_text=gettext_lazy("empty: one day"),
    )

    class Meta:
        model = Away
        fields = ["kind", "from_on", "to_on", "half", "reason"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, worker, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.instance.worker = worker
        fields = self.fields
        fields["kind"].choices = [choice for choice in fields["kind"].choices if choice[0]]
        fields["kind"].initial = "leave"
        fields["kind"].error_messages["required"] = _("Choose why.")
        fields["from_on"].error_messages["required"] = _("Choose the first day.")
        fields["half"].choices = [("", _("whole days")), *Half.choices]
        self.helper = sheet(
            Cell("kind", "w12"),
            Cell("from_on", "w6"),
            Cell("to_on", "w6"),
            Cell("half", "w6"),
            Cell("reason", "w6"),
        )

    def clean(self):
        cleaned = super().clean()
        first = cleaned.get("from_on")
        if first and "to_on" not in self.errors:
            cleaned["to_on"] = cleaned.get("to_on") or first
            if cleaned["to_on"] < first:
                self.add_error("to_on", _("The last day is before the first day."))
        return cleaned


class SwapForm(forms.Form):
    """With whom: a colleague who takes the half-day over, or one of theirs in exchange."""

    offer = forms.ChoiceField(
        label=gettext_lazy("with whom"),
        error_messages={
            "required": gettext_lazy("Choose a colleague or a half-day."),
            "invalid_choice": gettext_lazy("This is no longer possible. Choose another."),
        },
    )
    reason = forms.CharField(
        label=pgettext_lazy("swap", "why, in a few words"), max_length=120, required=False
    )

    def __init__(self, *args, takers, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.takers = {f"take-{worker.pk}": worker for worker, _load, why in takers if not why}
        self.others = {f"slot-{slot.pk}": slot for slot in others}
        self.fields["offer"].choices = [
            ("", _("choose")),
            (
                _("Exchange half-days"),
                [(key, _slot_words(slot)) for key, slot in self.others.items()],
            ),
            (
                _("Somebody takes it over"),
                [(key, worker.name) for key, worker in self.takers.items()],
            ),
        ]
        self.helper = sheet(Cell("offer", "w12"), Cell("reason", "w12"))

    @property
    def other(self):
        return self.others.get(self.cleaned_data["offer"])

    @property
    def colleague(self):
        return self.other.worker if self.other else self.takers[self.cleaned_data["offer"]]


def _slot_words(slot):
    name = slot.worker.name if slot.worker else pgettext("roster", "nobody")
    return f"{name} {slot.day:%m-%d} {slot.get_half_display()} {slot.station.short_name}"


class WishForm(forms.Form):
    """At which half-days a station wants somebody, and how many a week."""

    half_days = forms.MultipleChoiceField(
        label=gettext_lazy("half-days of the station"),
        choices=WeekHalf,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    per_week = forms.IntegerField(
        label=gettext_lazy("half-days a week"),
        min_value=1,
        max_value=10,
        required=False,
        error_messages={
            "min_value": gettext_lazy("At least one half-day a week."),
            "max_value": gettext_lazy("A week has ten half-days."),
            "invalid": gettext_lazy("Type a whole number."),
        },
    )

    def __init__(self, *args, usual, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["per_week"].widget.attrs["inputmode"] = "numeric"
        self.helper = sheet(
            Cell("half_days", "w12", note=_("none chosen: any half-day")),
            Cell("per_week", "w4", note=_("empty: the county's %(count)d") % {"count": usual}),
        )

    def clean(self):
        cleaned = super().clean()
        chosen, count = cleaned.get("half_days"), cleaned.get("per_week")
        if chosen and count and count > len(chosen):
            self.add_error(
                "per_week",
                _("More half-days a week than are chosen above. Choose more, or fewer."),
            )
        return cleaned


class AnswerForm(forms.Form):
    """Why somebody says no."""

    answer = forms.CharField(max_length=120, required=False)
