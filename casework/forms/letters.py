"""Which papers are asked for, and what is written when one is served."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.templatetags.words import full_day

from ..models import Letter
from ..terms import LetterKind, ServiceMethod
from .address import DayField
from .moves import MoveForm, PastDayField


class LetterFilter(forms.Form):
    """The filters of the list of papers; those of one address hold together (and)."""

    PARAMETERS = {"since": "from", "until": "to"}

    kind = forms.ChoiceField(label=gettext_lazy("form"), required=False, choices=LetterKind)
    since = DayField(label=gettext_lazy("from"))
    until = DayField(label=gettext_lazy("to"))
    unprinted = forms.BooleanField(label=gettext_lazy("not printed"), required=False)
    unserved = forms.BooleanField(label=gettext_lazy("not served"), required=False)

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user

    def add_prefix(self, field_name):
        return self.PARAMETERS.get(field_name, field_name)

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The end is before the beginning; change one of them."))

    def queryset(self):
        """Return the papers asked for that the user may see; none when the address is wrong."""
        if not self.is_valid():
            return Letter.objects.none()
        asked = self.cleaned_data
        papers = Letter.objects.visible_to(self.user)
        if asked["unprinted"]:
            papers = papers.of_place(self.user).waiting_to_print()
        if asked["unserved"]:
            papers = papers.to_serve()
        conditions = {
            "kind": asked["kind"],
            "made_on__gte": asked["since"],
            "made_on__lte": asked["until"],
        }
        return papers.filter(**{name: value for name, value in conditions.items() if value})

    @property
    def marks(self):
        """The conditions that are ticked."""
        return [self["unprinted"], self["unserved"]]

    @property
    def has_conditions(self):
        return any(self.cleaned_data.values())


class ServeForm(MoveForm):
    """Proof of service (form 22): when, how, and who took the paper."""

    on = PastDayField(label=gettext_lazy("served on"))
    method = forms.ChoiceField(
        label=gettext_lazy("how"),
        choices=ServiceMethod,
        widget=forms.RadioSelect,
        initial=ServiceMethod.IN_PERSON,
        error_messages={"required": gettext_lazy("Choose how it was served.")},
    )
    received_by_name = forms.CharField(
        label=gettext_lazy("received by"),
        max_length=40,
        strip=True,
        error_messages={"required": gettext_lazy("Write who took the paper.")},
    )

    def __init__(self, *args, letter, **kwargs):
        self.letter = letter
        super().__init__(*args, application=letter.application, **kwargs)

    def prepare(self):
        self.fields["on"].initial = timezone.localdate()
        self.fields["received_by_name"].initial = self.application.name

    def cells(self):
        return [Cell("method"), Cell("on", "w6"), Cell("received_by_name", "w6")]

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on < self.letter.made_on:
            raise ValidationError(
                _("The paper is of %(day)s; it cannot be served before.")
                % {"day": full_day(self.letter.made_on)}
            )
        return on
