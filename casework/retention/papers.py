"""What lies about besides the records: imported files, and what somebody typed and never saved."""

from django.db.models import CharField, F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.retention.emptying import Table
from stations.retention.keepers import DELETED, ROW_NUMBER, Keeper, Stop, keeps, local_day

from ..models import ApplicationDraft, EntryDraft, ImportBatch
from ..terms import BatchStatus


@keeps
class Imports(Keeper):
    code = "imports"
    position = 10
    label = _("imported register files and what was wrong in them")
    counted_from = pgettext_lazy("keeping", "the day it was brought in")
    years = 10
    model = ImportBatch
    tables = (
        Table(
            ImportBatch,
            "pk",
            blank=("content", "errors", "doubles"),
            mark=("filename", "refusal", "undo_reason"),
            unlink=("file_hash",),
        ),
    )

    def rows(self, county):
        return ImportBatch.objects.filter(station__county=county).annotate(
            anchor_on=local_day("uploaded_at"),
            at_station=F("station_id"),
            label=ROW_NUMBER,
            sign=F("status"),
        )

    def stops(self):
        waiting = [BatchStatus.UPLOADED, BatchStatus.IMPORTING]
        return [Stop(_("a worker has it in hand"), Q(status__in=waiting))]


class _Drafts(Keeper):
    counted_from = pgettext_lazy("keeping", "the day it was last typed in")
    years = 1
    act = DELETED

    def rows(self, county):
        return self.model.objects.filter(station__county=county).annotate(
            anchor_on=local_day("saved_at"),
            at_station=F("station_id"),
            label=ROW_NUMBER,
            sign=Cast("saved_at", CharField()),
        )

    def seen_by(self, user):
        # What somebody typed is theirs alone.
        return self.model.objects.filter(user=user)


@keeps
class EntryDrafts(_Drafts):
    code = "entry_drafts"
    position = 11
    label = _("entries begun and never saved")
    model = EntryDraft
    tables = (Table(EntryDraft, "pk", is_deleted=True),)


@keeps
class ApplicationDrafts(_Drafts):
    code = "application_drafts"
    position = 12
    label = _("applications begun and never received")
    model = ApplicationDraft
    tables = (Table(ApplicationDraft, "pk", is_deleted=True),)
