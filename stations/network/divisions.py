"""How a division becomes another: rename, split, merge (区划变更). One change, one transaction.

Rows are never overwritten. The old row ends on the day of the change, a new row begins, and
`continues` says which old row it carries on. What hangs on a village follows by dates: a liaison
or contact point that goes on ends the day before under the old name and begins on the day under
the new one, so that every row is true for its own days. Register entries keep the village they
were written with: earlier months keep the old name, new entries choose the new one.

A station stays one row, with its number, people and registers; it moves to the township that
carries its own on. A renamed township keeps its villages. The villages of a split or merged
township begin anew under the new one, because their codes begin with its code.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import (
    Appointment,
    ContactPoint,
    County,
    Division,
    DivisionEvent,
    Liaison,
    Station,
    User,
)
from ..particulars import keeping
from ..roles import Role
from ..terms import DivisionChange, Level


class ChangeRefused(Exception):
    """A plain sentence why the divisions cannot change in this way."""


@dataclass(frozen=True)
class NewDivision:
    """A division that begins: its code and name."""

    code: str
    name: str


@dataclass
class Effects:
    """All that one change moved; the preview and the confirmation show the same record."""

    on: date
    by: User
    paper: str
    ended: list[Division] = field(default_factory=list)
    begun: list[Division] = field(default_factory=list)
    # Villages that begin anew under another township: (old row, new row).
    villages: list[tuple[Division, Division]] = field(default_factory=list)
    stations_kept: list[Station] = field(default_factory=list)
    stations_closed: list[Station] = field(default_factory=list)
    liaisons_kept: list[Liaison] = field(default_factory=list)
    liaisons_ended: list[Liaison] = field(default_factory=list)
    points_kept: list[ContactPoint] = field(default_factory=list)
    points_closed: list[ContactPoint] = field(default_factory=list)

    @property
    def months(self):
        """First days of the months from the change to today, which count for the new rows."""
        month, months = self.on.replace(day=1), []
        while month <= timezone.localdate():
            months.append(month)
            month = (month + timedelta(days=31)).replace(day=1)
        return months


@transaction.atomic
def rename(division, *, name, on, by, paper=""):
    """Give a division a new name from a day on; its code stays. Returns the `Effects`.

    Raises ChangeRefused when it ended, when the day is not after its last change or is in the
    future, or when the name is the one it has.
    """
    (old,) = _lock([division], on)
    name = name.strip()
    if name == old.name:
        raise ChangeRefused(_("%s already has this name.") % old.name)
    effects = Effects(on, by, paper.strip())
    _end([old], effects)
    (new,) = _begin([NewDivision(old.code, name)], old.parent, effects, carries_on=old)
    old.children.filter(valid_to=None).update(parent=new)
    if old.level == Level.VILLAGE:
        _carry_posts(old, new, effects)
    elif old.level == Level.TOWNSHIP:
        _carry_station(old, new, effects)
    elif old.level == Level.COUNTY:
        for county in County.objects.filter(division=old):
            _put(county, effects, division=new)
    elif old.level == Level.CITY:
        Appointment.objects.filter(city=old).update(city=new)
    _record(DivisionChange.RENAME, effects)
    return effects


@transaction.atomic
def split(division, *, parts, on, by, villages=None, paper=""):
    """Divide a village or township into parts; the first carries on its station and liaison.

    `parts` are `NewDivision`s. For a township, `villages` gives for the id of each of its
    villages the place of its part in `parts`. Returns the `Effects`. Raises ChangeRefused.
    """
    (old,) = _lock([division], on)
    if old.level not in (Level.TOWNSHIP, Level.VILLAGE):
        raise ChangeRefused(_("Only townships and villages are split here."))
    if len(parts) < 2:
        raise ChangeRefused(_("A split needs two parts at least."))
    effects = Effects(on, by, paper.strip())
    _check_codes(parts, [old], old.parent)
    _end([old], effects)
    new = _begin(parts, old.parent, effects, carries_on=old)
    if old.level == Level.VILLAGE:
        _carry_posts(old, new[0], effects)
    else:
        children = list(old.children.filter(valid_to=None))
        villages = villages or {}
        if any(villages.get(child.pk) not in range(len(parts)) for child in children):
            raise ChangeRefused(_("Say for every village to which part it goes."))
        _carry_station(old, new[0], effects)
        _move_villages([(child, new[villages[child.pk]]) for child in children], effects)
    _record(DivisionChange.SPLIT, effects)
    return effects


@transaction.atomic
def merge(divisions, *, into, carries_on, on, by, paper=""):
    """Make several villages of a township, or townships of a county, one.

    `into` is the `NewDivision`; it may take over the code of one of them. `carries_on` is the
    one whose station, contact point and liaison go on. Returns the `Effects`.
    Raises ChangeRefused.
    """
    old = _lock(divisions, on)
    if len(old) < 2:
        raise ChangeRefused(_("A merger needs two divisions at least."))
    if old[0].level not in (Level.TOWNSHIP, Level.VILLAGE):
        raise ChangeRefused(_("Only townships and villages are merged here."))
    if len({division.county_code for division in old}) > 1:
        raise ChangeRefused(_("Divisions of different counties cannot be merged here."))
    if len({division.parent_id for division in old}) > 1:
        raise ChangeRefused(_("Villages of different townships cannot be merged here."))
    if carries_on not in old:
        raise ChangeRefused(_("Choose which of the merged divisions goes on."))
    effects = Effects(on, by, paper.strip())
    parent = old[0].parent
    _check_codes([into], old, parent)
    _end(old, effects)
    (new,) = _begin([into], parent, effects, carries_on=carries_on)
    if new.level == Level.VILLAGE:
        _carry_posts(carries_on, new, effects)
        for division in old:
            if division != carries_on:
                _end_posts(division, effects)
    else:
        _merge_stations(old, carries_on, new, effects)
        children = Division.objects.filter(parent__in=old, valid_to=None).order_by("code")
        _move_villages([(child, new) for child in children], effects)
    _record(DivisionChange.MERGE, effects)
    return effects


def _lock(divisions, on):
    """Lock the rows in order and return them fresh; refuse what cannot change on this day."""
    rows = list(
        Division.objects.select_for_update(of=("self",))
        .select_related("parent")
        .filter(pk__in=[division.pk for division in divisions])
        .order_by("code")
    )
    if on > timezone.localdate():
        raise ChangeRefused(
            _("This day has not come yet. Record the change once it is in force.")
        )
    for row in rows:
        if row.valid_to:
            raise ChangeRefused(
                _("%(name)s ended on %(day)s already.")
                % {"name": row.name, "day": date_format(row.valid_to)}
            )
        if row.valid_from and on <= row.valid_from:
            raise ChangeRefused(
                _("%(name)s last changed on %(day)s; the new change must be later.")
                % {"name": row.name, "day": date_format(row.valid_from)}
            )
    return rows


def _check_codes(new, old, parent):
    length = old[0].level
    for division in new:
        if not (
            len(division.code) == length
            and division.code.isascii()
            and division.code.isdigit()
            and division.code.startswith(parent.code)
        ):
            raise ChangeRefused(
                _("The code %(code)s should be %(length)d digits that begin with %(start)s.")
                % {"code": division.code, "length": length, "start": parent.code}
            )
        if not division.name.strip():
            raise ChangeRefused(_("Give every new division a name."))
    if len({division.code for division in new}) < len(new):
        raise ChangeRefused(_("Two new divisions have the same code."))
    if len({division.name.strip() for division in new}) < len(new):
        raise ChangeRefused(_("Two new divisions have the same name."))
    clash = (
        Division.objects.filter(code__in=[division.code for division in new])
        .exclude(code__in=[division.code for division in old])
        .first()
    )
    if clash:
        raise ChangeRefused(
            _("The code %(code)s belongs to %(name)s.")
            % {"code": clash.code, "name": clash.name}
        )


def _end(old, effects):
    for division in old:
        division.valid_to = effects.on
        division.save(update_fields=["valid_to"])
    effects.ended += old


def _begin(new, parent, effects, *, carries_on):
    """Create the new rows; the first one carries on the old row."""
    rows = [
        Division.objects.create(
            code=division.code,
            name=division.name.strip(),
            level=carries_on.level,
            parent=parent,
            county_code=carries_on.county_code,
            valid_from=effects.on,
            continues=None if n else carries_on,
        )
        for n, division in enumerate(new)
    ]
    effects.begun += rows
    return rows


def _record(change, effects):
    event = DivisionEvent.objects.create(
        change=change,
        effective_on=effects.on,
        paper=effects.paper,
        recorded_by=effects.by,
    )
    event.from_divisions.set(effects.ended)
    event.to_divisions.set(effects.begun)


def _move_villages(pairs, effects):
    """Let villages begin anew under other townships: [(village, township)]."""
    _lock([village for village, _township in pairs], effects.on)
    for village, _township in pairs:
        village.valid_to = effects.on
        village.save(update_fields=["valid_to"])
    # A code that ended with these villages may begin again with one of them; others may not.
    taken = set(
        Division.objects.filter(
            level=Level.VILLAGE,
            code__regex=f"^({'|'.join(sorted({township.code for _v, township in pairs}))})",
        )
        .exclude(pk__in=[village.pk for village, _township in pairs])
        .values_list("code", flat=True)
    )
    for village, township in pairs:
        number = int(village.code[-3:])
        while f"{township.code}{number:03d}" in taken:
            number = number % 999 + 1
        code = f"{township.code}{number:03d}"
        taken.add(code)
        new = Division.objects.create(
            code=code,
            name=village.name,
            level=Level.VILLAGE,
            parent=township,
            county_code=village.county_code,
            valid_from=effects.on,
            continues=village,
        )
        effects.villages.append((village, new))
        _carry_posts(village, new, effects)


def _carry_station(old, new, effects):
    for station in Station.objects.select_for_update(of=("self",)).filter(
        township=old, closed_on=None
    ):
        _put(station, effects, township=new)
        effects.stations_kept.append(station)


def _merge_stations(old, carries_on, new, effects):
    """Of the merged townships' stations one goes on; the others close and hand over."""
    stations = list(
        Station.objects.select_for_update(of=("self",)).filter(township__in=old, closed_on=None)
    )
    kept = next((s for s in stations if s.township_id == carries_on.pk), None)
    if stations and kept is None:
        raise ChangeRefused(
            _("%s has no station. Choose a township whose station goes on.") % carries_on.name
        )
    for station in stations:
        if station == kept:
            continue
        if station.opened_on > effects.on:
            raise ChangeRefused(
                _("%(name)s opened on %(day)s, after this change.")
                % {"name": station.name, "day": date_format(station.opened_on)}
            )
        _put(station, effects, closed_on=effects.on)
        effects.stations_closed.append(station)
        _hand_over(station, kept, effects)
    if kept:
        _carry_station(carries_on, new, effects)


def _hand_over(station, kept, effects):
    """Give the liaisons and contact points of a closing station, from the day, to another."""
    on = effects.on
    for liaison in _liaisons_after(on, station=station):
        _divide(liaison, on)
        _put(liaison, effects, station=kept)
    for point in _points_after(on, station=station):
        _divide_point(point, on)
        _put(point, effects, station=kept)
    for post in Appointment.objects.filter(
        Q(to_on=None) | Q(to_on__gte=on), station=station, role=Role.LIAISON
    ):
        if post.from_on < on:
            last_day, post.to_on = post.to_on, on - timedelta(days=1)
            post.save()
            post.pk, post.from_on, post.to_on = None, on, last_day
        post.station = kept
        post.save()


def _carry_posts(old, new, effects):
    """Let the liaison and the contact point of a village go on in another from the day."""
    for liaison in _liaisons_after(effects.on, village=old):
        _divide(liaison, effects.on)
        _put(liaison, effects, village=new)
        effects.liaisons_kept.append(liaison)
    for point in _points_after(effects.on, village=old):
        _divide_point(point, effects.on)
        _put(point, effects, village=new)
        effects.points_kept.append(point)


def _end_posts(old, effects):
    """End the liaison and the contact point of a village that another one takes in."""
    for liaison in _liaisons_after(effects.on, village=old):
        if liaison.appointed_from >= effects.on:
            raise ChangeRefused(
                _("%(name)s was appointed in %(village)s on %(day)s, after this change.")
                % {
                    "name": liaison.name,
                    "village": old.name,
                    "day": date_format(liaison.appointed_from),
                }
            )
        last_day = effects.on - timedelta(days=1)
        _put(liaison, effects, appointed_to=last_day, ended_reason=_("merger of villages"))
        effects.liaisons_ended.append(liaison)
    for point in _points_after(effects.on, village=old):
        if point.opened_on > effects.on:
            raise ChangeRefused(
                _("%(name)s opened on %(day)s, after this change.")
                % {"name": point.name, "day": date_format(point.opened_on)}
            )
        _put(point, effects, closed_on=effects.on)
        effects.points_closed.append(point)


def _put(record, effects, **values):
    """Set fields of a record that goes on; of one already on record the old values are kept."""
    if record.pk:
        keeping.change(record, by=effects.by, why=effects.paper, **values)
        return
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def _liaisons_after(on, **where):
    return Liaison.objects.filter(
        Q(appointed_to=None) | Q(appointed_to__gte=on), **where
    ).select_for_update(of=("self",))


def _points_after(on, **where):
    return ContactPoint.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=on), **where
    ).select_for_update(of=("self",))


def _divide(liaison, on):
    """End a liaison's row the day before, and let the object be a second, unsaved row from `on`."""
    if liaison.appointed_from >= on:
        return
    last_day, reason = liaison.appointed_to, liaison.ended_reason
    liaison.appointed_to = on - timedelta(days=1)
    liaison.ended_reason = _("division change")
    liaison.save()
    liaison.pk, liaison.appointed_from = None, on
    liaison.appointed_to, liaison.ended_reason = last_day, reason


def _divide_point(point, on):
    """The same for a contact point, whose closing day is the first one it no longer counts."""
    if point.opened_on >= on:
        return
    closed_on, point.closed_on = point.closed_on, on
    point.save()
    point.pk, point.opened_on, point.closed_on = None, on, closed_on
