"""Complaints: kept long, since what was done about a station or a person may be asked again."""

from django.db.models import CharField, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.retention.emptying import Table
from stations.retention.keepers import Keeper, Stop, keeps

from ..models import (
    Complaint,
    ComplaintDeadline,
    ComplaintEvent,
    ComplaintFile,
    ComplaintPaper,
    ComplaintProposal,
)
from ..terms import COMPLAINT_ENDED

# 霍诉〔2026〕3号, as `Complaint.number` says it.
NUMBER = Concat(
    "county__short_name",
    Value("诉〔"),
    Cast("year", CharField()),
    Value("〕"),
    Cast("serial", CharField()),
    Value("号"),
    output_field=CharField(),
)
_LAST_EVENT = (
    ComplaintEvent.objects.filter(complaint=OuterRef("pk")).order_by().values("complaint")
)


@keeps
class Complaints(Keeper):
    code = "complaints"
    position = 5
    label = _("complaints")
    counted_from = pgettext_lazy("keeping", "the last move")
    years = 30
    model = Complaint
    target = "complaint"
    is_told = True
    hashes = person = ("id_hash", "phone_hash")
    tables = (
        Table(
            Complaint,
            "pk",
            blank=("phone", "id_number", "address"),
            mark=(
                *("name", "about_text", "words", "wish", "help_given", "asked_items"),
                *("not_accepted_because", "question", "answer", "findings", "measure"),
                *("reply", "review_note"),
            ),
            unlink=("phone_hash", "id_hash"),
            keep={
                "receipt_code": "shows how far it is, never what it says",
                "entrusted_to": "an institution",
            },
        ),
        Table(ComplaintProposal, "complaint", mark=("words", "measure", "answer")),
        Table(ComplaintEvent, "complaint", mark=("note",)),
        Table(
            ComplaintFile,
            "complaint",
            blank=("content",),
            unlink=("sha256",),
            keep={"name": "a number", "media_type": "a kind of file"},
        ),
        Table(ComplaintPaper, "complaint", blank=("content",), mark=("received_by_name",)),
    )

    def rows(self, county):
        rows = Complaint.objects.filter(
            county=county, destroyed_on=None, status__in=COMPLAINT_ENDED
        )
        return rows.annotate(
            anchor_on=TruncDate(
                Coalesce(Subquery(_LAST_EVENT.values(at=Max("made_at"))), F("received_at"))
            ),
            at_station=F("about_station_id"),
            label=NUMBER,
            sign=Coalesce(
                Cast(Subquery(_LAST_EVENT.values(n=Max("pk"))), CharField()), Value("")
            ),
        )

    def stops(self):
        running = ComplaintDeadline.objects.filter(complaint=OuterRef("pk"), stopped_on=None)
        merged = Complaint.objects.filter(pk=OuterRef("merged_into")).exclude(
            status__in=COMPLAINT_ENDED
        )
        return [
            Stop(_("a time limit runs"), Q(Exists(running))),
            Stop(
                _("reconsideration or a suit has no result yet"),
                ~Q(review="") & Q(review_note=""),
            ),
            Stop(_("the complaint it was merged into is open"), Q(Exists(merged))),
        ]

    def url(self, pk):
        return reverse("casework:complaint_detail", args=[pk])

    def empty(self, ids, listed, day):
        super().empty(ids, listed, day)
        Complaint.objects.filter(pk__in=ids).update(destroyed_in=listed, destroyed_on=day)
