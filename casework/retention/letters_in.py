"""Letters from other regions, and early signs of group disputes."""

from django.db.models import BigIntegerField, CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.retention.emptying import Table
from stations.retention.keepers import ROW_NUMBER, Keeper, Stop, keeps, local_day

from ..models import CooperationEvent, CooperationLetter, EarlySign, EarlySignEvent
from ..terms import SETTLED, CooperationStatus


@keeps
class LettersIn(Keeper):
    """Letters to us; ours go with their application."""

    code = "letters_in"
    position = 8
    label = _("cooperation letters from other regions")
    counted_from = pgettext_lazy("keeping", "the day it came")
    years = 10
    model = CooperationLetter
    tables = (
        Table(
            CooperationLetter,
            "pk",
            blank=("enclosures",),
            mark=("item", "content", "reply", "decline_reason"),
            keep={"other_institution": "an institution", "their_number": "a number"},
        ),
        Table(CooperationEvent, "letter", mark=("note",)),
    )

    def rows(self, county):
        letters = CooperationLetter.objects.filter(county=county, application=None)
        return letters.annotate(
            anchor_on=local_day("made_at"),
            at_station=F("handled_at_id"),
            label=ROW_NUMBER,
            sign=F("status"),
        )

    def stops(self):
        return [Stop(_("it is not finished"), ~Q(status=CooperationStatus.CLOSED))]

    def url(self, pk):
        return reverse("casework:cooperation_detail", args=[pk])


@keeps
class EarlySigns(Keeper):
    """How many came and when stays; against whom does not."""

    code = "early_signs"
    position = 7
    label = _("early signs of group disputes")
    counted_from = pgettext_lazy("keeping", "the last day of the sign")
    years = 10
    model = EarlySign
    tables = (
        Table(
            EarlySign,
            "pk",
            mark=("name", "subject", "words"),
            # The key tells signs of one rule apart; as a number it says nothing.
            unlink=("key",),
            keep={
                "kind": "a code",
                "facts": "numbers of persons and days",
                "rows_hash": "over ids and versions",
            },
        ),
        Table(
            EarlySignEvent, "sign", mark=("note",), keep={"rows_hash": "over ids and versions"}
        ),
    )

    def rows(self, county):
        signs = EarlySign.objects.filter(county=county)
        return signs.annotate(
            anchor_on=F("last_on"),
            at_station=Cast(Value(None), BigIntegerField()),
            label=ROW_NUMBER,
            sign=Concat("state", Value(""), output_field=CharField()),
        )

    def stops(self):
        return [Stop(_("it is not settled"), ~Q(state__in=SETTLED))]

    def url(self, pk):
        return reverse("casework:sign_detail", args=[pk])
