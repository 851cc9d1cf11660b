"""What anybody types without signing in: a complaint, its code, and three answers about a station."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.models import County

from .. import reading
from ..complaints.satisfaction import CODE_SIGNS, find_visit, read_code
from ..models import Complaint
from ..terms import (
    ComplaintManner,
    ComplaintPlace,
    ComplaintRelation,
    ComplaintTarget,
    Satisfaction,
)
from .fields import LongText, ReadField


class PublicComplaintForm(forms.Form):
    """What anybody may complain of without signing in; few questions, in plain words."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    county = forms.ModelChoiceField(
        County.objects.none(),
        label=gettext_lazy("county"),
        empty_label=gettext_lazy("choose your county"),
        error_messages={"required": gettext_lazy("Choose the county it happened in.")},
    )
    about_text = forms.CharField(
        label=gettext_lazy("Whom do you complain about?"),
        max_length=120,
        help_text=gettext_lazy("The station, the law firm, or the person's name."),
        error_messages={"required": gettext_lazy("Write whom you complain about.")},
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("You are"),
        choices=ComplaintRelation,
        widget=forms.RadioSelect,
        initial=ComplaintRelation.APPLICANT,
        error_messages={"required": gettext_lazy("Choose who you are.")},
    )
    words = LongText(
        2000,
        label=gettext_lazy("What happened?"),
        required=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("When, where, what was done or not done."),
        error_messages={"required": gettext_lazy("Write what happened.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Your name (may be left empty)"), max_length=40, required=False
    )
    phone = ReadField(
        reading.read_phone,
        label=gettext_lazy("Your phone (for the reply)"),
        help_text=gettext_lazy(
            "Without a phone the reply can only be asked for with the code."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["county"].queryset = County.objects.select_related("division")
        for name, field in self.fields.items():
            if name == "relation":
                field.widget.attrs["class"] = "btn-check"
            elif name != "client_key":
                is_list = isinstance(field.widget, forms.Select)
                kind = "form-select" if is_list else "form-control"
                field.widget.attrs["class"] = f"{kind} {kind}-lg"
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def complaint(self):
        """The complaint that was typed, not saved."""
        said = self.cleaned_data
        return Complaint(
            county=said["county"],
            manner=ComplaintManner.WEB,
            place=ComplaintPlace.WEB,
            target=ComplaintTarget.OTHER,
            about_text=said["about_text"],
            relation=said["relation"],
            words=said["words"],
            name=said["name"],
            is_anonymous=not said["name"],
            phone=said["phone"],
            client_key=said["client_key"],
        )


class ComplaintQueryForm(forms.Form):
    """The code on the acknowledgement, to ask how a complaint stands."""

    code = forms.CharField(
        label=gettext_lazy("receipt code"),
        max_length=20,
        error_messages={"required": gettext_lazy("Type the code of your complaint.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def clean_code(self):
        code = read_code(self.cleaned_data["code"])
        if len(code) != CODE_SIGNS:
            raise ValidationError(_("The code has 8 letters and figures."))
        return code


class ReplyForm(forms.Form):
    """What is done about a visitor's suggestion."""

    words = forms.CharField(max_length=300)


class SatisfactionForm(forms.Form):
    """Three questions, and a free word; the code of a visit makes the answer count."""

    YES_NO = [("yes", pgettext_lazy("answer", "yes")), ("no", pgettext_lazy("answer", "no"))]

    satisfaction = forms.ChoiceField(
        label=gettext_lazy("Are you satisfied with this visit?"),
        choices=Satisfaction,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    explained = forms.ChoiceField(
        label=gettext_lazy("Was it explained so that you understood it?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    charged = forms.ChoiceField(
        label=gettext_lazy("Did anybody ask you for money or gifts?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    suggestion = LongText(
        300,
        label=gettext_lazy("What should be better? (may be left empty)"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control form-control-lg"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of your visit (may be left empty)"),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control form-control-lg", "autocomplete": "off"}
        ),
    )

    def __init__(self, *args, station, **kwargs):
        super().__init__(*args, **kwargs)
        self.station = station
        self.use_required_attribute = False
        for name in ("satisfaction", "explained", "charged"):
            self.fields[name].widget.attrs["class"] = "btn-check"

    def clean_code(self):
        code = read_code(self.cleaned_data["code"])
        if not code:
            return None
        visit = find_visit(code)
        if visit is None or visit.station != self.station:
            raise ValidationError(
                _("This is not a code of this station. Compare it, or leave it empty.")
            )
        return visit

    @property
    def answers(self):
        said = self.cleaned_data
        return {
            "satisfaction": said["satisfaction"],
            "was_explained": said["explained"] == "yes",
            "was_charged": said["charged"] == "yes",
            "suggestion": said["suggestion"],
        }

    @property
    def questions(self):
        return [self[name] for name in ("satisfaction", "explained", "charged")]
