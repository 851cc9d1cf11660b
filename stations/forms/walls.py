"""What is typed about walls: a new poster with its photo, a check, a text, what all posters share."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..terms import CallResult, WallColour, WallFinding
from .cells import Cell, Sheet
from .fields import DayField
from .past_days import PastDayField

PHOTO = {"accept": "image/jpeg,image/png"}


def on_a_sheet(form, *cells):
    form.use_required_attribute = False
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.form_show_errors = False
    form.helper.layout = Layout(Sheet(*cells))


class PostingForm(forms.Form):
    """A poster was put up: which version, on which day, and how it looks."""

    photo = forms.FileField(
        label=_("photo of the poster on the wall"),
        widget=forms.FileInput(attrs=PHOTO),
        error_messages={"required": _("Take a photo of the poster where it hangs.")},
    )
    posted_on = PastDayField(
        label=_("put up on"), error_messages={"required": _("Choose the day it was put up.")}
    )
    digest = forms.ChoiceField(label=_("version printed at its foot"))

    def __init__(self, *args, versions, **kwargs):
        """`versions` are (digest, version code), what holds now first."""
        super().__init__(*args, **kwargs)
        self.fields["digest"].choices = versions
        on_a_sheet(self, Cell("photo", "w6"), Cell("posted_on", "w3"), Cell("digest", "w3"))


class CheckForm(forms.Form):
    """Somebody looked at a poster on its wall."""

    finding = forms.ChoiceField(
        label=_("how it hangs"),
        choices=WallFinding,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you found it.")},
    )
    photo = forms.FileField(
        label=_("photo"),
        required=False,
        widget=forms.FileInput(attrs=PHOTO),
        help_text=_("Needed when it hangs well."),
    )
    checked_on = PastDayField(label=_("looked at on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("finding", WallFinding.FINE)
        on_a_sheet(self, Cell("finding", "w12"), Cell("photo", "w6"), Cell("checked_on", "w6"))


class StaffPhotoForm(forms.Form):
    photo = forms.FileField(
        widget=forms.FileInput(attrs=PHOTO),
        error_messages={"required": _("Choose a photo first.")},
    )


class WallTextForm(forms.Form):
    """The next version of a poster's text."""

    text = forms.CharField(
        label=_("text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 15, "spellcheck": "false"}),
        error_messages={"required": _("A poster without words says nothing. Write the text.")},
    )
    valid_from = DayField(
        label=_("valid from"), error_messages={"required": _("Choose the first day.")}
    )
    paper = forms.CharField(
        label=_("why it is changed"),
        max_length=120,
        required=False,
        help_text=_("The law, standard or document behind it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("valid_from", timezone.localdate())
        on_a_sheet(self, Cell("text", "w12"), Cell("valid_from", "w4"), Cell("paper", "w8"))

    def clean_text(self):
        """Line ends of a browser are not another text."""
        return "\n".join(self.cleaned_data["text"].splitlines()).strip()


class LookForm(forms.Form):
    """What all posters of the county share."""

    colour = forms.ChoiceField(label=_("colour"), choices=WallColour, widget=forms.RadioSelect)
    emblem = forms.FileField(
        label=_("official emblem"),
        required=False,
        widget=forms.FileInput(attrs=PHOTO),
        help_text=_(
            "The emblem your county was given, as PNG or JPEG. Without one our own drawing is used."
        ),
    )
    drops_emblem = forms.BooleanField(label=_("take the emblem away"), required=False)

    def __init__(self, *args, has_emblem, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_emblem:
            del self.fields["drops_emblem"]
        on_a_sheet(
            self,
            Cell("colour", "w12"),
            Cell("emblem", "w12", beside="drops_emblem"),
        )


class CallForm(forms.Form):
    """What became of a test call."""

    result = forms.ChoiceField(choices=CallResult)
    note = forms.CharField(max_length=120, required=False)
