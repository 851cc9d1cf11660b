"""What is typed on the way of a demonstration station: plan, application, acts, check on site."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.fields import DayField
from stations.templatetags.words import full_day

from ..demonstration import CheckPoint, Ground

# So many photos or papers at one time.
MOST_FILES = 12


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several photos or papers; what is in them is checked where they are kept."""

    widget = ManyFiles(attrs={"accept": "image/*,application/pdf", "multiple": True})

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"])
            return []
        if len(files) > MOST_FILES:
            raise ValidationError(_("At most %(count)d at one time.") % {"count": MOST_FILES})
        return [super(FilesField, self).clean(file) for file in files]


class Plain(forms.Form):
    """A form whose controls look as elsewhere; what is missing is said by us, not the browser."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs.setdefault("class", look)


def words_field(most, label, **kwargs):
    return forms.CharField(
        label=label,
        max_length=most,
        min_length=4,
        widget=forms.Textarea(attrs={"rows": 3}),
        **kwargs,
    )


class PlanForm(Plain):
    """A county's plan of a year (年度计划); `least` is the fifth it owes."""

    wanted = forms.IntegerField(
        label=gettext_lazy("demonstration stations at the end of the year"), min_value=1
    )
    words = forms.CharField(
        label=gettext_lazy("how and with what help"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, least, most, **kwargs):
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def clean_wanted(self):
        wanted = self.cleaned_data["wanted"]
        if wanted < self.least:
            raise ValidationError(
                _("At least a fifth of the stations: %(count)d.") % {"count": self.least}
            )
        if wanted > self.most:
            raise ValidationError(
                _("The county has %(count)d stations.") % {"count": self.most}
            )
        return wanted


class ApplyForm(Plain):
    """The station's application (申报): why, and what shows it."""

    words = words_field(2000, gettext_lazy("why this station"))
    files = FilesField(label=gettext_lazy("photos and papers"))


class RecommendForm(Plain):
    words = words_field(400, gettext_lazy("the county's opinion"))


class PublishForm(Plain):
    """Nothing to type: the days are counted."""


class ObjectionForm(Plain):
    """What somebody says against a proposal that hangs out (公示期异议)."""

    came_on = DayField(label=gettext_lazy("received on"))
    words = words_field(400, gettext_lazy("what speaks against it"))
    said_by = forms.CharField(
        label=gettext_lazy("who says so"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("May stay empty. Only the judicial bureau reads it."),
    )

    def clean_came_on(self):
        if self.cleaned_data["came_on"] > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return self.cleaned_data["came_on"]


class SettleObjectionForm(Plain):
    is_founded = forms.ChoiceField(
        label=gettext_lazy("is it right?"),
        choices=[
            ("", gettext_lazy("choose")),
            ("no", gettext_lazy("it is not right; the station can be named")),
            ("yes", gettext_lazy("it is right; the station is not named")),
        ],
        error_messages={"required": gettext_lazy("Say whether it is right.")},
    )
    found = words_field(400, gettext_lazy("what was found, and how"))


class NameForm(Plain):
    words = forms.CharField(label=gettext_lazy("plaque number"), max_length=30, min_length=2)


class RenewForm(Plain):
    words = words_field(400, gettext_lazy("what was looked at"))


class DeclineForm(Plain):
    words = words_field(400, gettext_lazy("reason"))


class WithdrawForm(Plain):
    ground = forms.ChoiceField(label=gettext_lazy("ground to withdraw"), choices=Ground)
    words = words_field(400, gettext_lazy("what is known of it"))


class CheckForm(Plain):
    """The check on site (实地查验): a yes or no with a remark for each point, and photos."""

    on = DayField(label=gettext_lazy("on site on"))
    words = words_field(400, gettext_lazy("what was seen"))
    files = FilesField(label=gettext_lazy("photos taken on site"))

    def __init__(self, *args, not_before, **kwargs):
        super().__init__(*args, **kwargs)
        self.not_before = not_before
        for point in CheckPoint:
            self.fields[f"point_{point}"] = forms.ChoiceField(
                label=point.label,
                choices=[("yes", gettext_lazy("met")), ("no", gettext_lazy("not met"))],
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Say yes or no.")},
            )
            self.fields[f"words_{point}"] = forms.CharField(
                label=gettext_lazy("remark"), max_length=120, required=False
            )

    @property
    def points(self):
        """[(field of the answer, field of the remark)] in the order of the sheet."""
        return [(self[f"point_{point}"], self[f"words_{point}"]) for point in CheckPoint]

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        if on < self.not_before:
            raise ValidationError(
                _("The county recommended the station on %(day)s; the check comes after.")
                % {"day": full_day(self.not_before)}
            )
        return on

    def clean(self):
        cleaned = super().clean()
        for point in CheckPoint:
            if cleaned.get(f"point_{point}") == "no" and not cleaned.get(f"words_{point}"):
                self.add_error(f"words_{point}", _("Say what is missing."))
        return cleaned

    @property
    def found(self):
        """{point: (is met, remark)} of a valid form."""
        return {
            point: (
                self.cleaned_data[f"point_{point}"] == "yes",
                self.cleaned_data[f"words_{point}"],
            )
            for point in CheckPoint
        }
