"""Writing the register: record, correct, declare void, state that nobody came.

The only code that writes `RegisterEntry`. Each function is one transaction.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stations.models import DayOff, Lead
from stations.network import places
from stations.privacy import keyed_hash
from stations.retention.standing import destroyed_sentence
from stations.terms import Sex

from ..models import Correction, Matter, NoVisitDay, RegisterEntry
from ..numbering import hold_numbers, take_numbers
from ..rules.columns import CORRECTABLE, HIDDEN_FROM_CALLS, derived_groups
from ..rules.search import search_terms
from ..terms import Channel, PeopleGroup, SamePerson

# A repeat on the same matter is looked for this far back.
REPEAT_DAYS = 365


class RegisterRefused(Exception):
    """A plain sentence why the register cannot be written this way now."""


class Clash(RegisterRefused):
    """Somebody else corrected the entry since this person opened it."""


def why_closed(entry):
    """Return the sentence why an entry is changed no more, or an empty text."""
    if entry.is_void:
        return _("This entry is void and can no longer be corrected.")
    return destroyed_sentence(entry)


def _complete(entry, calendar):
    """Fill in everything that follows from what was typed."""
    if entry.channel == Channel.CALL:
        for name in HIDDEN_FROM_CALLS:
            setattr(entry, name, None if name == "birth_on" else "")
    entry.year = timezone.localdate(entry.occurred_at).year
    entry.phone_hash = keyed_hash(entry.phone)
    entry.id_hash = keyed_hash(entry.id_number.upper())
    if entry.receiver and not entry.receiver_name:
        entry.receiver_name = entry.receiver.name
    entry.answered_at = entry.answered_at or (entry.occurred_at if entry.answer else None)
    day = timezone.localdate(entry.occurred_at)
    known = derived_groups(
        sex=entry.sex, birth_on=entry.birth_on, ethnic_group=entry.ethnic_group, on=day
    )
    typed = set(entry.people_groups)
    if entry.sex == Sex.MALE:
        typed -= {PeopleGroup.WOMEN}
    if entry.birth_on:
        typed -= {PeopleGroup.MINOR, PeopleGroup.ELDERLY}
    if entry.ethnic_group:
        typed -= {PeopleGroup.ETHNIC_MINORITY}
    chosen = typed | known
    # In the order of the returns, so that equal sets are stored equal.
    entry.people_groups = [group.value for group in PeopleGroup if group in chosen]
    entry.working_days_late = min(
        calendar.working_days_between(day, timezone.localdate(entry.recorded_at)), 9999
    )


def _index(entry):
    entry.search_terms = search_terms(
        name=entry.name,
        number=entry.number,
        phone=entry.phone,
        id_number=entry.id_number,
        texts=(entry.title, entry.statement, entry.answer, entry.opponent),
    )


def by_same_person(entry):
    """Return a Q for other entries of the same person: same phone or same identity number."""
    person = Q(pk__in=[])
    if entry.phone_hash:
        person |= Q(phone_hash=entry.phone_hash)
    if entry.id_hash:
        person |= Q(id_hash=entry.id_hash)
    return person


def _link_repeats(entry, *, earlier, same_person):
    """Set `repeat_of` and the two ordinals: as the person at the desk said, else from the numbers."""
    if same_person == SamePerson.NO:
        return
    if earlier:
        entry.visit_no = earlier.visit_no + 1
        if same_person == SamePerson.SAME_MATTER:
            entry.repeat_of = earlier
            entry.matter_visit_no = earlier.matter_visit_no + 1
        return
    if not entry.phone_hash and not entry.id_hash:
        return
    earlier = (
        RegisterEntry.objects.counted()
        .filter(
            by_same_person(entry),
            station=entry.station,
            occurred_at__lt=entry.occurred_at,
            occurred_at__gte=entry.occurred_at - timedelta(days=REPEAT_DAYS),
        )
        .only("matter_id", "matter_visit_no", "visit_no")
        .order_by("-occurred_at")
    )
    before = list(earlier[:50])
    if before:
        entry.visit_no = max(other.visit_no for other in before) + 1
    same_matter = [other for other in before if other.matter_id == entry.matter_id]
    if same_matter:
        entry.repeat_of = same_matter[0]
        entry.matter_visit_no = max(other.matter_visit_no for other in same_matter) + 1


def _take_lead(entry):
    """The lead this entry answers is taken up with it, and says where it went."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=entry.lead_id)
    if lead.taken_by_id not in {None, entry.recorded_by_id}:
        raise RegisterRefused(
            _("%(name)s has already taken up this lead.") % {"name": lead.taken_by}
        )
    lead.taken_by = entry.recorded_by
    lead.taken_at = lead.taken_at or timezone.now()
    lead.outcome = _("recorded as %(number)s") % {"number": entry.number}
    lead.save(update_fields=["taken_by", "taken_at", "outcome"])


@transaction.atomic
def record(entry, *, by, earlier=None, same_person=SamePerson.UNASKED):
    """Save a new entry under the next number of its series (登记). Returns the saved entry.

    `entry` is an unsaved `RegisterEntry` with station, channel and what was typed. `same_person`
    is what the person at the desk answered about the `earlier` entry; unasked, the same phone or
    identity number within a year links the two.

    Raises RegisterRefused when somebody else has taken up the entry's lead, and from the day on
    which the station closed.
    """
    if sentence := places.why_closed(entry.station, timezone.localdate(entry.occurred_at)):
        raise RegisterRefused(sentence)
    entry.recorded_by = by
    _complete(entry, DayOff.objects.calendar(entry.station.county))
    _link_repeats(entry, earlier=earlier, same_person=same_person)
    entry.serial = take_numbers(entry.station, entry.channel, entry.year)
    _index(entry)
    entry.save(force_insert=True)
    if entry.lead_id:
        _take_lead(entry)
    return entry


@transaction.atomic
def record_many(entries, *, by, progress=lambda done, total: None):
    """Save many new entries of one station, in the order of their time; all or none.

    Numbers are taken once per channel and year. Repeats are linked among the new entries and to
    earlier ones of the station. Returns the entries in that order.
    """
    entries = sorted(entries, key=lambda entry: entry.occurred_at)
    if not entries:
        return entries
    calendar = DayOff.objects.calendar(entries[0].station.county)
    series = defaultdict(list)
    for entry in entries:
        entry.recorded_by = by
        _complete(entry, calendar)
        series[entry.channel, entry.year].append(entry)
    # One order of locks for everybody, so that two files cannot wait for one another.
    for (channel, year), members in sorted(series.items()):
        first = take_numbers(entries[0].station, channel, year, len(members))
        for serial, entry in enumerate(members, first):
            entry.serial = serial
            _index(entry)
    _take_ids(entries)
    _link_repeats_among(entries)
    _copy(entries, progress)
    return entries


def _take_ids(entries):
    """Give new entries their ids before they are saved, so that they can name one another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [RegisterEntry._meta.db_table, len(entries)],
        )
        for entry, (pk,) in zip(entries, cursor.fetchall(), strict=True):
            entry.pk = pk


def _copy(entries, progress):
    """Save new entries by COPY: 100,000 rows are a usual backlog, and INSERT takes minutes."""
    fields = [field for field in RegisterEntry._meta.concrete_fields if not field.generated]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(RegisterEntry._meta.db_table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for done, entry in enumerate(entries, 1):
            copy.write_row(
                [
                    field.get_db_prep_save(field.pre_save(entry, add=True), connection)
                    for field in fields
                ]
            )
            if done % 1000 == 0:
                progress(done, len(entries))
    progress(len(entries), len(entries))
    for entry in entries:
        entry._state.adding = False


def _link_repeats_among(entries):
    """Link a sorted list of new entries by person and matter, after what the station has."""
    station = entries[0].station
    since = entries[0].occurred_at - timedelta(days=REPEAT_DAYS)
    latest, latest_on_matter = {}, {}

    def remember(entry):
        for key in filter(None, (entry.phone_hash, entry.id_hash)):
            latest[key] = entry
            latest_on_matter[key, entry.matter_id] = entry

    before = iter(
        RegisterEntry.objects.counted()
        .filter(station=station, occurred_at__gte=since)
        .exclude(phone_hash="", id_hash="")
        .only(
            "phone_hash", "id_hash", "matter_id", "matter_visit_no", "visit_no", "occurred_at"
        )
        .order_by("occurred_at")
        .iterator()
    )
    earlier = next(before, None)
    for entry in entries:
        while earlier is not None and earlier.occurred_at < entry.occurred_at:
            remember(earlier)
            earlier = next(before, None)
        reach = entry.occurred_at - timedelta(days=REPEAT_DAYS)
        keys = [key for key in (entry.id_hash, entry.phone_hash) if key]
        person = next((latest[key] for key in keys if key in latest), None)
        matter = next(
            (
                latest_on_matter[key, entry.matter_id]
                for key in keys
                if (key, entry.matter_id) in latest_on_matter
            ),
            None,
        )
        if person and person.occurred_at >= reach:
            entry.visit_no = person.visit_no + 1
        if matter and matter.occurred_at >= reach:
            entry.matter_visit_no = matter.matter_visit_no + 1
            entry.repeat_of = matter
        remember(entry)


def _pseudonyms(entry):
    """{number: (column, pseudonym)} where a number is gone and only its pseudonym is left."""
    columns = {"phone": "phone_hash", "id_number": "id_hash"}
    return {
        number: (column, hashed)
        for number, column in columns.items()
        if (hashed := getattr(entry, column)) and not getattr(entry, number)
    }


def _as_text(entry, field):
    """A field as people read it; kept with the correction, so in words and in local time."""
    value = getattr(entry, field)
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if field == "also_about":
        return "、".join(Matter.objects.filter(pk__in=value).values_list("name", flat=True))
    if field == "people_groups":
        return "、".join(str(PeopleGroup(code).label) for code in value)
    display = getattr(entry, f"get_{field}_display", None)
    return str(display() if display else value)


def as_texts(entry):
    """Return {field: text} of everything correctable, in the language of the register."""
    with translation.override(settings.LANGUAGE_CODE):
        return {field: _as_text(entry, field) for field in CORRECTABLE}


@transaction.atomic
def correct(entry, *, changes, reason, by, version):
    """Change fields of an entry and keep what they were (更正). Returns the entry as it now stands.

    `changes` maps names of CORRECTABLE fields to new values; `version` is the one the person was
    looking at. Raises RegisterRefused when somebody changed it since, when it is void, or when
    the change would move it to another year (its number belongs to its year).
    """
    current = (
        RegisterEntry.objects.select_for_update(of=("self",))
        .select_related("station__county")
        # What a correction may have changed is read after the wait for it.
        .prefetch_related("matter", "village", "receiver")
        .get(pk=entry.pk)
    )
    if sentence := why_closed(current):
        raise RegisterRefused(sentence)
    if current.version != version:
        raise Clash(
            _("Somebody has just corrected this entry. Compare the two and save again.")
        )
    before = as_texts(current)
    year = current.year
    pseudonyms = _pseudonyms(current)
    for field, value in changes.items():
        if field not in CORRECTABLE:
            raise ValueError(f"{field} is never corrected")
        setattr(current, field, value)
    if current.receiver and "receiver" in changes and "receiver_name" not in changes:
        current.receiver_name = current.receiver.name
    _complete(current, DayOff.objects.calendar(current.station.county))
    for number, (hash_column, hashed) in pseudonyms.items():
        if not getattr(current, number):
            setattr(current, hash_column, hashed)
    if current.year != year:
        raise RegisterRefused(
            _("The number belongs to its year. Declare this entry void and record it anew.")
        )
    now = timezone.now()
    after = as_texts(current)
    corrections = [
        Correction(
            entry=current,
            field=field,
            old_value=before[field],
            new_value=after[field],
            reason=reason,
            corrected_by=by,
            corrected_at=now,
        )
        for field in CORRECTABLE
        if before[field] != after[field]
    ]
    if not corrections:
        return current
    Correction.objects.bulk_create(corrections)
    _index(current)
    current.version += 1
    current.save()
    return current


@transaction.atomic
def declare_void(entry, *, reason, by):
    """Declare an entry void (作废): it keeps its number and its text and counts no more."""
    current = RegisterEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if current.is_void:
        raise RegisterRefused(_("This entry is already void."))
    if sentence := destroyed_sentence(current):
        raise RegisterRefused(sentence)
    current.voided_at = timezone.now()
    current.voided_by = by
    current.void_reason = reason
    current.version += 1
    current.save(update_fields=["voided_at", "voided_by", "void_reason", "version"])
    return current


def declare_batch_void(batch, *, reason, by):
    """Declare every entry of an import void; those that are void already stay as they are."""
    entries = RegisterEntry.objects.filter(batch=batch, voided_at=None)
    # In the order in which a month that is sent holds them.
    list(entries.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    entries.update(
        voided_at=timezone.now(),
        voided_by=by,
        void_reason=reason[:200],
        version=F("version") + 1,
    )


@transaction.atomic
def state_no_visits(station, *, day, by):
    """State that nobody called or came on a day. Saying it twice is the same as once.

    Raises RegisterRefused for a day to come or a day with entries.
    """
    if day > timezone.localdate():
        raise RegisterRefused(_("That day has not come yet."))
    hold_numbers(station, day.year)
    if RegisterEntry.objects.counted().filter(station=station, occurred_on=day).exists():
        raise RegisterRefused(_("There are entries on that day, so somebody did come."))
    statement, _created = NoVisitDay.objects.get_or_create(
        station=station, day=day, defaults={"stated_by": by}
    )
    return statement
