"""What is typed of staffing and funds."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Fund
from ..terms import FundPurpose, FundStage, StaffBasis
from .cells import Cell
from .fields import sheet
from .past_days import PastDayField
from .photos import PhotoField

MOST_POSTS = 50


class PostsForm(forms.Form):
    """How many posts a station is given, from when, on what paper."""

    number = forms.IntegerField(
        label=gettext_lazy("posts given"), min_value=0, max_value=MOST_POSTS
    )
    from_on = PastDayField(label=gettext_lazy("from"))
    paper = forms.CharField(
        label=gettext_lazy("approval document"), max_length=120, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs["inputmode"] = "numeric"
        self.helper = sheet(Cell("number", "w3"), Cell("from_on", "w3"), Cell("paper", "w6"))


class TermsForm(forms.Form):
    """On what terms somebody serves."""

    basis = forms.ChoiceField(label=gettext_lazy("terms"), choices=StaffBasis)
    from_on = PastDayField(label=gettext_lazy("from"))

    def __init__(self, *args, appointment, **kwargs):
        super().__init__(*args, **kwargs)
        self.appointment = appointment
        self.helper = sheet(Cell("basis", "w6"), Cell("from_on", "w6"))

    def clean_from_on(self):
        day = self.cleaned_data["from_on"]
        if day < self.appointment.from_on:
            raise forms.ValidationError(_("This is before the appointment began."))
        return day


class FundForm(forms.ModelForm):
    """One sum: budgeted, received or spent."""

    on = PastDayField(label=gettext_lazy("on the day"))
    for_month = forms.CharField(
        label=gettext_lazy("for the duty of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "month"}),
        help_text=gettext_lazy("Only of duty subsidies that were paid out."),
    )
    voucher = PhotoField(label=gettext_lazy("voucher"))

    class Meta:
        model = Fund
        fields = ["year", "stage", "purpose", "amount", "on", "words"]
        widgets = {"stage": forms.RadioSelect, "purpose": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("stage", "purpose"):
            self.fields[name].choices = [c for c in self.fields[name].choices if c[0]]
        self.fields["year"].initial = timezone.localdate().year
        self.fields["amount"].widget.attrs["inputmode"] = "decimal"
        self.helper = sheet(
            Cell("stage", "w12"),
            Cell("purpose", "w12"),
            Cell("amount", "w3"),
            Cell("year", "w2"),
            Cell("on", "w3"),
            Cell("for_month", "w4"),
            Cell("voucher", "w6"),
            Cell("words", "w6"),
        )

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not 2000 <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError(_("Check the year."))
        return year

    def clean_amount(self):
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("An amount is more than zero."))
        return amount

    def clean_for_month(self):
        text = self.cleaned_data["for_month"]
        if not text:
            return None
        try:
            year, month = map(int, text.split("-")[:2])
            return date(year, month, 1)
        except ValueError:
            raise forms.ValidationError(_("This is not a month. Write 2026-03.")) from None

    def clean(self):
        cleaned = super().clean()
        is_subsidy = (
            cleaned.get("stage") == FundStage.SPENT
            and cleaned.get("purpose") == FundPurpose.DUTY_SUBSIDY
        )
        month = cleaned.get("for_month")
        if "for_month" in self.errors:
            return cleaned
        if is_subsidy and not month:
            self.add_error("for_month", _("Say for the duty of which month it was paid."))
        elif is_subsidy and cleaned.get("on") and month > cleaned["on"]:
            self.add_error("for_month", _("This month had not begun when it was paid."))
        elif is_subsidy and cleaned.get("year") and month.year != cleaned["year"]:
            self.add_error("for_month", _("This month is in another year than the money."))
        if not is_subsidy:
            cleaned["for_month"] = None
        return cleaned

    def fund(self, station):
        """Return the unsaved sum."""
        fund = self.save(commit=False)
        fund.station, fund.for_month = station, self.cleaned_data["for_month"]
        return fund


class VoidForm(forms.Form):
    """Why a row is declared void."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why it is void.")},
    )
