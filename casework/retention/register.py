"""The register: its numbers become pseudonyms after some years, its entries are emptied after more."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Lower, LPad
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.retention.emptying import Table
from stations.retention.keepers import PSEUDONYMISED, Keeper, Stop, keeps, pseudonym

from .. import sealed_tables  # noqa: F401  # which days are sealed must be known before rows are emptied
from ..models import (
    Application,
    Complaint,
    Correction,
    EarlySign,
    EntryPaper,
    MonthlyReport,
    RegisterEntry,
    SatisfactionAnswer,
)
from ..terms import COMPLAINT_ENDED, ENDED, NUMBER_SIGNS, SETTLED, ReportStatus

# 访2026-0045, as `RegisterEntry.number` says it.
NUMBER = Concat(
    Case(*(When(channel=channel, then=Value(sign)) for channel, sign in NUMBER_SIGNS.items())),
    Cast("year", CharField()),
    Value("-"),
    Case(
        When(serial__lt=1000, then=LPad(Cast("serial", CharField()), 4, Value("0"))),
        default=Cast("serial", CharField()),
    ),
    output_field=CharField(),
)
STAFF = "who received it: staff, counted by figures"

_OPEN_APPLICATION = Exists(
    Application.objects.filter(entry=OuterRef("pk")).exclude(status__in=ENDED)
)
_OPEN_COMPLAINT = Exists(
    Complaint.objects.filter(entry=OuterRef("pk")).exclude(status__in=COMPLAINT_ENDED)
)
# Which rows a month counts is frozen when it is sent; signals need the words until then.
_UNSENT_MONTH = Exists(
    MonthlyReport.objects.filter(
        station=OuterRef("station"),
        month=Func(
            OuterRef("occurred_on"),
            template="date_trunc('month', %(expressions)s)::date",
            output_field=DateField(),
        ),
        status__in=[ReportStatus.OPEN, ReportStatus.RETURNED],
    )
)
_OPEN_SIGN = Exists(
    EarlySign.objects.filter(
        county=OuterRef("station__county"), entry_ids__contains=[OuterRef("pk")]
    ).exclude(state__in=SETTLED)
)


class _OfTheRegister(Keeper):
    counted_from = pgettext_lazy("keeping", "the day of the call or visit")
    is_told = True
    model = RegisterEntry
    target = "entry"
    hashes = person = ("id_hash", "phone_hash")

    def rows(self, county):
        entries = RegisterEntry.objects.filter(station__county=county)
        return entries.annotate(
            anchor_on=F("occurred_on"),
            at_station=F("station_id"),
            label=NUMBER,
            sign=Concat("version", Value(""), output_field=CharField()),
        )

    def stops(self):
        return [
            Stop(_("an application made of it is open"), Q(_OPEN_APPLICATION)),
            Stop(_("a complaint about it is open"), Q(_OPEN_COMPLAINT)),
            Stop(_("an early sign it belongs to is not settled"), Q(_OPEN_SIGN)),
            Stop(_("the monthly analysis it counts in is not sent"), Q(_UNSENT_MONTH)),
        ]

    def url(self, pk):
        return reverse("casework:entry_detail", args=[pk])


@keeps
class EntryNumbers(_OfTheRegister):
    """ID numbers and phones: readable no more, and still the same for the same person."""

    code = "entry_numbers"
    position = 1
    label = _("numbers in the register: phone, identity")
    years = 3
    law = _("Personal Information Protection Law, article 19: no longer than needed")
    act = PSEUDONYMISED
    done = PSEUDONYMISED
    within = "entries"

    def rows(self, county):
        # An empty value is stored as nothing, also in an encrypted column.
        return super().rows(county).exclude(phone="", id_number="")

    def empty(self, ids, listed, day):
        rows = RegisterEntry.objects.filter(pk__in=ids)
        people = list(rows.values_list("pk", "phone_hash", "id_hash"))
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE casework_registerentry AS entry
                SET phone = '', id_number = '',
                    phone_hash = people.phone_hash, id_hash = people.id_hash,
                    search_terms = ARRAY(
                        SELECT term FROM unnest(entry.search_terms) AS term
                        WHERE left(term, 1) <> '#'
                    )
                FROM unnest(%s::bigint[], %s::text[], %s::text[])
                     AS people (id, phone_hash, id_hash)
                WHERE entry.id = people.id
                """,
                [
                    [pk for pk, _phone, _identity in people],
                    [pseudonym(phone) for _pk, phone, _identity in people],
                    [pseudonym(identity) for _pk, _phone, identity in people],
                ],
            )
        Table(
            Correction,
            "entry",
            blank=("old_value", "new_value"),
            only=Q(field__in=["phone", "id_number"]),
        ).empty(ids, listed)


@keeps
class Entries(_OfTheRegister):
    """An entry as a whole: number, day, channel, matter, groups and disposal stay."""

    code = "entries"
    position = 2
    label = _("register of calls and visits")
    years = 10
    law = _("Personal Information Protection Law, article 19: no longer than needed")
    tables = (
        Table(
            RegisterEntry,
            "pk",
            blank=(
                *("phone", "id_number", "address", "birth_on", "id_type", "nationality"),
                *("ethnic_group", "household_place", "education", "safe_contact"),
                *("place_of_event", "event_on", "opponent", "title", "follow_up"),
            ),
            mark=("name", "statement", "answer", "void_reason"),
            unlink=("phone_hash", "id_hash"),
            also={
                "search_terms": Func(
                    Lower(NUMBER),
                    template="ARRAY[%(expressions)s]",
                    output_field=ArrayField(TextField()),
                )
            },
            keep={"receiver_name": STAFF},
        ),
        Table(
            Correction,
            "entry",
            blank=("old_value", "new_value"),
            mark=("reason",),
            keep={"field": "the name of a column"},
        ),
        Table(
            EntryPaper,
            "entry",
            blank=("content",),
            unlink=("sha256",),
            keep={"name": "a number", "media_type": "a kind of file"},
        ),
        Table(SatisfactionAnswer, "entry", mark=("suggestion", "reply")),
    )

    def empty(self, ids, listed, day):
        super().empty(ids, listed, day)
        RegisterEntry.objects.filter(pk__in=ids).update(destroyed_in=listed, destroyed_on=day)
