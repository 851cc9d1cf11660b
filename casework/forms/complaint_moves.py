"""What the bureau writes when it makes a move of a complaint, and the center when it answers."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell

from ..models import Complaint
from ..terms import (
    SUBSTANTIATED,
    ComplaintMove,
    ComplaintOutcome,
    ProposalKind,
    ReviewKind,
    ServiceMethod,
)
from .complaints import ClassifyForm, grounds_of, sheet
from .moves import PastDayField, date_input, words_field

M = ComplaintMove
# No notice gives the complainant longer, nor the body that investigates.
MOST_DAYS = timedelta(days=60)


class _MoveForm(forms.Form):
    """A form on a ruled sheet. `fields_of_move` is what the move of `casework.complaints.handling` takes."""

    def __init__(self, *args, complaint, **kwargs):
        self.complaint = complaint
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.prepare()
        self.helper = sheet(*self.cells())

    def prepare(self):
        """Fit the fields to the complaint."""

    def cells(self):
        return [Cell(name, "w12") for name in self.fields]

    @property
    def fields_of_move(self):
        return self.cleaned_data

    def clean_future(self, name):
        day, today = self.cleaned_data[name], timezone.localdate()
        if day <= today:
            raise ValidationError(_("Give at least until tomorrow."))
        if day > today + MOST_DAYS:
            raise ValidationError(_("This is more than two months away. Check the month."))
        return day


def day_field(label):
    return forms.DateField(
        label=label,
        widget=date_input(),
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("This is not a date. Write it like 2026-3-2."),
        },
    )


def complaint_day(label, complaint, *, earliest=None):
    """A day that has been, and not before the complaint (or what it follows)."""
    field = PastDayField(label=label, initial=timezone.localdate())
    field.earliest = earliest or complaint.received_on
    field.too_early = _("This is before %(day)s, when what it follows happened.")
    return field


class AskForm(_MoveForm):
    items = words_field(
        gettext_lazy("what is missing, one thing a line"),
        most=600,
        required=gettext_lazy("Write what is missing; it is told once."),
    )
    supply_by_on = day_field(gettext_lazy("to be completed by"))

    def prepare(self):
        self.fields["served_on"] = complaint_day(_("notice served on"), self.complaint)
        days = self.complaint.county.parameter("complaint_supply_days")
        self.fields["supply_by_on"].initial = timezone.localdate() + timedelta(days=days)

    def cells(self):
        return [Cell("items", "w12"), Cell("served_on", "w6"), Cell("supply_by_on", "w6")]

    def clean_supply_by_on(self):
        return self.clean_future("supply_by_on")


class SupplyForm(_MoveForm):
    note = words_field(
        gettext_lazy("what came"), most=400, required=gettext_lazy("Write what came.")
    )

    def prepare(self):
        self.fields["on"] = complaint_day(
            _("came on"), self.complaint, earliest=self.complaint.asked_on
        )


class AcceptForm(_MoveForm):
    ground = forms.ModelChoiceField(
        None,
        label=pgettext_lazy("complaint", "ground"),
        empty_label=gettext_lazy("choose the ground"),
        error_messages={"required": gettext_lazy("Choose the ground; the statistics need it.")},
    )

    def prepare(self):
        self.fields["ground"].queryset = grounds_of(self.complaint.county)
        self.fields["ground"].initial = self.complaint.ground_id


class NotAcceptForm(_MoveForm):
    words = words_field(
        gettext_lazy("why it is not accepted"),
        most=400,
        required=gettext_lazy("Say why; the complainant reads it."),
    )


class MergeForm(_MoveForm):
    into = forms.ModelChoiceField(
        None,
        label=gettext_lazy("the complaint it repeats"),
        empty_label=gettext_lazy("choose the complaint"),
        error_messages={"required": gettext_lazy("Choose the complaint it repeats.")},
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def prepare(self):
        others = Complaint.objects.visible_to(self.user).open().exclude(pk=self.complaint.pk)
        self.fields["into"].queryset = others.filter(county=self.complaint.county).for_list()
        self.fields["into"].label_from_instance = lambda each: f"{each.number} {each.about}"


class EntrustForm(_MoveForm):
    to = forms.CharField(
        label=gettext_lazy("who investigates"),
        max_length=80,
        help_text=gettext_lazy(
            "A lower bureau or the lawyers' association; deciding stays here."
        ),
        error_messages={"required": gettext_lazy("Write who investigates.")},
    )
    until_on = day_field(gettext_lazy("findings wanted by"))

    def clean_until_on(self):
        return self.clean_future("until_on")


class QuestionForm(_MoveForm):
    words = words_field(
        gettext_lazy("what the center is to answer"),
        most=400,
        required=gettext_lazy("Write what the center is to answer."),
    )


class AnswerForm(_MoveForm):
    words = words_field(
        gettext_lazy("answer"), rows=5, required=gettext_lazy("Write the answer.")
    )


class FindForm(_MoveForm):
    words = words_field(
        gettext_lazy("what was found, and by which evidence"),
        rows=6,
        most=4000,
        required=gettext_lazy("Write what was found."),
    )

    def prepare(self):
        self.fields["on"] = complaint_day(
            _("findings of"), self.complaint, earliest=self.complaint.accepted_on
        )


class ExtendForm(_MoveForm):
    days = forms.IntegerField(
        label=gettext_lazy("days more"),
        min_value=1,
        error_messages={
            "required": gettext_lazy("Say how many days more."),
            "min_value": gettext_lazy("Give at least one day."),
        },
    )
    words = words_field(
        gettext_lazy("why it takes longer"),
        most=400,
        required=gettext_lazy("Say why; the complainant reads it."),
    )

    def prepare(self):
        self.most = self.complaint.county.parameter("complaint_extension_days")
        self.fields["days"].initial = self.most

    def clean_days(self):
        if self.cleaned_data["days"] > self.most:
            raise ValidationError(
                _("The county allows at most %(days)d days more.") % {"days": self.most}
            )
        return self.cleaned_data["days"]


class DecideForm(_MoveForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("outcome"),
        choices=ComplaintOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the outcome.")},
    )
    measure = words_field(gettext_lazy("measure taken"), most=400, rows=2)
    words = words_field(
        gettext_lazy("reply to the complainant"),
        rows=5,
        required=gettext_lazy("Write the reply."),
    )

    def clean(self):
        cleaned = super().clean()
        is_substantiated = cleaned.get("outcome") in SUBSTANTIATED
        if is_substantiated and "measure" not in self.errors and not cleaned.get("measure"):
            self.add_error("measure", _("It is substantiated: write which measure is taken."))
        if cleaned.get("outcome") and not is_substantiated:
            cleaned["measure"] = ""
        return cleaned


class WithdrawForm(_MoveForm):
    words = words_field(
        gettext_lazy("how it was taken back"),
        most=400,
        required=gettext_lazy("Write how the complainant took it back."),
    )


class NoteReviewForm(_MoveForm):
    review = forms.ChoiceField(
        label=gettext_lazy("brought against it"), choices=ReviewKind, widget=forms.RadioSelect
    )
    note = words_field(gettext_lazy("result of it, if known"), most=400, rows=2)

    def prepare(self):
        self.fields["on"] = complaint_day(_("brought on"), self.complaint)


class ServePaperForm(_MoveForm):
    """Proof of service of one paper of a complaint."""

    method = forms.ChoiceField(
        label=gettext_lazy("how"),
        choices=ServiceMethod,
        widget=forms.RadioSelect,
        initial=ServiceMethod.IN_PERSON,
        error_messages={"required": gettext_lazy("Choose how it was served.")},
    )
    received_by_name = forms.CharField(
        label=gettext_lazy("received by"), max_length=40, required=False
    )

    def __init__(self, *args, paper, **kwargs):
        self.paper = paper
        super().__init__(*args, complaint=paper.complaint, **kwargs)

    def prepare(self):
        self.fields["on"] = complaint_day(
            _("served on"), self.complaint, earliest=self.paper.made_on
        )
        self.fields["received_by_name"].initial = self.complaint.name

    def cells(self):
        return [Cell("method"), Cell("on", "w6"), Cell("received_by_name", "w6")]


class DeclineForm(_MoveForm):
    words = words_field(
        gettext_lazy("why it goes back"),
        most=400,
        required=gettext_lazy("Say why; the other side reads it."),
    )


# What each move asks for; the moves of two people are proposed with the same form.
FORMS = {
    M.CLASSIFY: ClassifyForm,
    M.ASK: AskForm,
    M.SUPPLY: SupplyForm,
    M.ACCEPT: AcceptForm,
    M.NOT_ACCEPT: NotAcceptForm,
    M.MERGE: MergeForm,
    M.ENTRUST: EntrustForm,
    M.QUESTION: QuestionForm,
    M.ANSWER: AnswerForm,
    M.FIND: FindForm,
    M.EXTEND: ExtendForm,
    M.DECIDE: DecideForm,
    M.WITHDRAW: WithdrawForm,
    M.NOTE_REVIEW: NoteReviewForm,
}
PROPOSES = {
    M.NOT_ACCEPT: ProposalKind.NOT_ACCEPT,
    M.EXTEND: ProposalKind.EXTEND,
    M.DECIDE: ProposalKind.DECIDE,
}


def form_of(move, data, *, complaint, user):
    """Return the form of a move, bound when there is data."""
    if move == M.CLASSIFY:
        return ClassifyForm(data, county=complaint.county, instance=complaint)
    if move == M.MERGE:
        return MergeForm(data, complaint=complaint, user=user)
    return FORMS[move](data, complaint=complaint)
