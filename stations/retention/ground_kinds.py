"""What the ground floor keeps: leads, liaisons' work, question slips, the log of who looked."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Lead, LiaisonActivity, LiaisonTask, Look, QuestionSlip, QuestionSlipEvent
from ..seals import ground  # noqa: F401  # which days are sealed must be known before rows are emptied
from ..terms import SlipStatus
from .emptying import Table
from .keepers import DELETED, ROW_NUMBER, Keeper, Stop, keeps, local_day


@keeps
class Leads(Keeper):
    code = "leads"
    position = 6
    label = _("liaisons' leads")
    counted_from = pgettext_lazy("keeping", "the day it was sent")
    years = 10
    note = pgettext_lazy("keeping", "with the register")
    is_told = True
    model = Lead
    tables = (Table(Lead, "pk", blank=("phone",), mark=("name", "words", "outcome")),)

    def rows(self, county):
        return Lead.objects.filter(station__county=county).annotate(
            anchor_on=local_day("sent_at"),
            at_station=F("station_id"),
            label=ROW_NUMBER,
            sign=Coalesce(Cast("taken_at", CharField()), Value("")),
        )

    def stops(self):
        return [Stop(_("nobody has taken it up"), Q(taken_at=None))]


@keeps
class LiaisonLog(Keeper):
    code = "liaison_log"
    position = 6
    label = _("liaisons' log")
    counted_from = pgettext_lazy("keeping", "the day it was done")
    years = 10
    model = LiaisonActivity
    tables = (Table(LiaisonActivity, "pk", mark=("words",)),)

    def rows(self, county):
        return LiaisonActivity.objects.filter(liaison__station__county=county).annotate(
            anchor_on=F("on"),
            at_station=F("liaison__station_id"),
            label=ROW_NUMBER,
            sign=Value(""),
        )


@keeps
class LiaisonTasks(Keeper):
    code = "liaison_tasks"
    position = 6
    label = _("tasks of liaisons")
    counted_from = pgettext_lazy("keeping", "the day it was closed")
    years = 10
    model = LiaisonTask
    tables = (Table(LiaisonTask, "pk", mark=("words", "result")),)

    def rows(self, county):
        tasks = LiaisonTask.objects.filter(liaison__station__county=county)
        return tasks.exclude(closed_at=None).annotate(
            anchor_on=local_day("closed_at"),
            at_station=F("liaison__station_id"),
            label=ROW_NUMBER,
            sign=Value(""),
        )


@keeps
class QuestionSlips(Keeper):
    code = "question_slips"
    position = 9
    label = _("question slips")
    counted_from = pgettext_lazy("keeping", "the day it was closed")
    years = 10
    model = QuestionSlip
    tables = (
        Table(QuestionSlip, "pk", mark=("subject",)),
        Table(QuestionSlipEvent, "slip", mark=("words",)),
    )

    def rows(self, county):
        # What the county shows to all its stations tells of nobody and goes on being read.
        slips = QuestionSlip.objects.filter(
            station__county=county, status=SlipStatus.CLOSED, is_shared=False
        )
        return slips.annotate(
            anchor_on=local_day("closed_at"),
            at_station=F("station_id"),
            label=ROW_NUMBER,
            sign=Value(""),
        )


@keeps
class Looks(Keeper):
    code = "looks"
    position = 13
    label = _("log of who looked, printed, exported")
    counted_from = pgettext_lazy("keeping", "the day of the look")
    years = 3
    law = _("Cybersecurity Law: network logs at least 6 months")
    act = DELETED
    is_told = True
    model = Look
    tables = (Table(Look, "pk", is_deleted=True),)

    def rows(self, county):
        # What an administrator of the city did belongs to no county.
        looks = Look.objects.filter(Q(station__county=county) | Q(county=county))
        return looks.annotate(
            anchor_on=local_day("at"),
            at_station=F("station_id"),
            label=ROW_NUMBER,
            sign=Value(""),
        )
